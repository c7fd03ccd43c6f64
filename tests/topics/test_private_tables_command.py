"""`torogoz private-tables`: what it draws, what it never does twice, what it refuses; and the real file of victims."""

import io
import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.made_up_victims import CODES, victims

TABLES = {
    "dataset": "VICTIMS",
    "budget": {"epsilon": 5},
    "columns": {name: {"codes": list(CODES[name])} for name in ("SEX", "AGE", "DURATION")},
    "tables": [["SEX", "AGE"], ["DURATION"]],
}
Asked = Callable[..., str]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """Run the command on made-up victims; `change` replaces keys of TABLES.yaml."""
    victims(3_000).with_row_index("case").write_csv(tmp_path / "in.csv")

    def run(out: str = "out", epsilon: str = "4", *more: str, file: str = "in.csv", **change: object) -> str:
        (tmp_path / "tables.yaml").write_text(yaml.safe_dump({**TABLES, **change}, sort_keys=False), encoding="utf-8")
        said = io.StringIO()
        call_command(
            "private_tables",
            str(tmp_path / file),
            f"--tables={tmp_path / 'tables.yaml'}",
            f"--epsilon={epsilon}",
            f"--ledger={tmp_path / 'ledger'}",
            f"--out={tmp_path / out}",
            *more,
            stdout=said,
        )
        return said.getvalue()

    return run


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_it_writes_each_table_with_its_totals_what_it_cost_and_words_for_readers(asked: Asked, tmp_path: Path) -> None:
    said = asked()
    assert "ε 4 (Laplace); 4 of 5 are spent" in said
    assert sorted(files(tmp_path / "out")) == ["DURATION.csv", "README.txt", "SEX-AGE.csv", "about.json"]
    table = pl.read_csv(tmp_path / "out" / "SEX-AGE.csv")
    assert table.height == (4 + 1) * (10 + 1)
    shown = table.filter(pl.col("CONF_STATUS") == "F")
    assert shown["OBS_VALUE"].min() >= 10  # type: ignore[operator]
    total = table.filter((pl.col("SEX") == "_T") & (pl.col("AGE") == "_T"))["OBS_VALUE"].item()
    assert abs(total - 3_000) < 120
    about = json.loads((tmp_path / "out" / "about.json").read_text())
    assert (about["epsilon"], about["delta"], about["noise"]) == ("4", None, "laplace")
    assert "3000" not in json.dumps(about)
    assert "ε = 4" in (tmp_path / "out" / "README.txt").read_text()
    assert len((tmp_path / "ledger").read_text().splitlines()) == 2


def test_the_same_file_and_tables_again_are_read_and_neither_drawn_nor_paid(asked: Asked, tmp_path: Path) -> None:
    asked()
    before, ledger = files(tmp_path / "out"), (tmp_path / "ledger").read_text()
    assert "holds this drawing already; nothing was drawn" in asked()
    with pytest.raises(CommandError, match="was drawn before, and is never drawn twice"):
        asked("elsewhere")
    assert files(tmp_path / "out") == before
    assert (tmp_path / "ledger").read_text() == ledger
    assert not (tmp_path / "elsewhere").exists()


def test_a_drawing_that_the_budget_does_not_hold_writes_nothing(asked: Asked, tmp_path: Path) -> None:
    asked()
    ledger = (tmp_path / "ledger").read_text()
    with pytest.raises(CommandError, match=r"ε 4 of ε 5 are spent, and this drawing would cost ε 2"):
        asked("second", "2")
    assert not (tmp_path / "second").exists()
    assert (tmp_path / "ledger").read_text() == ledger
    assert "5 of 5 are spent" in asked("second", "1")


def test_a_folder_that_holds_something_else_is_left_alone(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    with pytest.raises(CommandError, match="give an empty folder"):
        asked()
    assert files(tmp_path / "out") == {"letter.txt": b"mine"}
    assert not (tmp_path / "ledger").read_text()


def test_a_drawn_file_that_was_altered_is_found(asked: Asked, tmp_path: Path) -> None:
    asked()
    path = tmp_path / "out" / "DURATION.csv"
    path.write_text(path.read_text().replace("F", "C"))
    with pytest.raises(CommandError, match=r"DURATION\.csv .* is not the file that was drawn"):
        asked()


def test_a_ledger_with_a_line_taken_out_stops_everything(asked: Asked, tmp_path: Path) -> None:
    asked()
    lines = (tmp_path / "ledger").read_text().splitlines(keepends=True)
    (tmp_path / "ledger").write_text("".join(lines[1:]))
    with pytest.raises(CommandError, match="line 1 of the ledger"):
        asked("second", "1")


def test_a_stop_between_ledger_and_folder_wastes_budget_and_gives_nothing_away(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        asked()
    monkeypatch.undo()
    assert len((tmp_path / "ledger").read_text().splitlines()) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "ledger", "tables.yaml"]


def test_a_person_with_many_rows_counts_up_to_the_bound_and_the_noise_grows_with_it(
    asked: Asked, tmp_path: Path
) -> None:
    rows = victims(3_000).with_columns(case=pl.int_range(pl.len()) // 30)
    rows.write_csv(tmp_path / "events.csv")
    asked("two", file="events.csv", person="case", rows_of_one=2)
    table = pl.read_csv(tmp_path / "two" / "DURATION.csv").filter(pl.col("DURATION") == "_T")
    assert abs(table["OBS_VALUE"].item() - 200) < 100
    ledger = [json.loads(line) for line in (tmp_path / "ledger").read_text().splitlines()]
    assert {line["sensitivity"] for line in ledger} == {2}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"columns": {"MUNICIPALITY": {"codes": ["A", "B"]}}, "tables": [["MUNICIPALITY"]]}, "finer than a department"),
        ({"columns": {"SEX": {"codes": ["F"], "geography": "canton"}}, "tables": [["SEX"]]}, "nothing finer"),
        ({"columns": {"CHILD": {"codes": [True, False]}}, "tables": [["CHILD"]]}, "write it in quotes"),
        ({"tables": [["SEX", "HEIGHT"]]}, "column HEIGHT of a table has no list of codes"),
        ({"tables": [["SEX", "SEX"]]}, "names a column twice"),
        ({"least_shown": 5}, "at least 10"),
        ({"rows_of_one": 3}, "`person` must name"),
        ({"secret": 1}, "secret is not known"),
        ({"delta": 2, "budget": {"epsilon": 5, "delta": 3}}, "δ must lie between zero and one"),
        ({"impossible": [{"SEX": "X"}]}, "SEX has no code X"),
        ({"columns": {"SEX": {"codes": ["F", "M", "_O"]}}, "tables": [["SEX"]]}, "not on its list"),
        ({"budget": {}}, "`budget` is missing"),
        ({"tables": "SEX"}, "list of lists"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason_and_costs_nothing(
    asked: Asked, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        asked(**change)
    assert not (tmp_path / "out").exists()
    ledger = tmp_path / "ledger"
    assert not ledger.exists() or not ledger.read_text()


@pytest.mark.parametrize("epsilon", ["0", "-1", "much"])
def test_an_epsilon_that_is_no_number_above_zero_is_refused(asked: Asked, epsilon: str) -> None:
    with pytest.raises(CommandError, match="--epsilon must be a number above zero"):
        asked("out", epsilon)


def test_empty_cells_need_a_code_of_their_own(asked: Asked, tmp_path: Path) -> None:
    blank = pl.when(pl.col("AGE") == "_U").then(None).otherwise(pl.col("AGE")).alias("AGE")
    victims(2_000).with_columns(blank).write_csv(tmp_path / "gaps.csv")
    with pytest.raises(CommandError, match="cells of AGE are empty; say with `blank: CODE`"):
        asked(file="gaps.csv")
    columns = {name: {"codes": list(CODES[name])} for name in ("SEX", "AGE", "DURATION")}
    assert "are spent" in asked(file="gaps.csv", columns={**columns, "AGE": {**columns["AGE"], "blank": "_U"}})


def test_two_way_tables_of_the_real_victims_keep_their_error_below_the_target(
    tmp_path: Path, shared_data: Path
) -> None:
    path = shared_data / "06_ctdc" / "ctdc_north_america_recoded.csv.gz"
    if not path.is_file():
        pytest.skip("the file of victims is not at hand")
    rows = pl.read_csv(path, infer_schema=False)
    columns = {name: {"codes": sorted(rows[name].unique())} for name in rows.columns}
    pairs = [list(pair) for pair in combinations(rows.columns, 2)]
    budget = {"epsilon": 4, "delta": 1e-6}
    asked = {"dataset": "CTDC", "budget": budget, "delta": 1e-6, "columns": columns, "tables": pairs}
    text = yaml.safe_dump(asked, sort_keys=False)
    (tmp_path / "tables.yaml").write_text(text, encoding="utf-8")
    call_command(
        "private_tables", str(path), f"--tables={tmp_path / 'tables.yaml'}", "--epsilon=4",
        f"--ledger={tmp_path / 'ledger'}", f"--out={tmp_path / 'out'}", stdout=io.StringIO(),
    )  # fmt: skip
    wrong = 0.0
    for one, other in pairs:
        drawn = pl.read_csv(tmp_path / "out" / f"{one}-{other}.csv".replace("/", "_"), infer_schema=False)
        true = rows.group_by(one, other).len("TRUE")
        both = true.join(drawn, on=[one, other], how="left")
        wrong += float((both["OBS_VALUE"].cast(pl.Float64).fill_null(0.0) - both["TRUE"]).abs().sum())
    assert 0 < wrong / (len(pairs) * rows.height) <= 0.068
