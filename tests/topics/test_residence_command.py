"""`torogoz residence`: a file in, files out, whole or not at all; no database is asked for."""

from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

HEADER = "personId,direction,date_crossing,note\n"
ROWS = (
    "a,entry,2020-01-01,x\n"
    "a,exit,2020-02-01,\n"
    "b,entry,2020-01-01,\n"
    "c,exit,2020-13-01,\n"
    "d,entry,2020-01-01,\n"
    "d,entry,2020-03-01,\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def run(*words: object) -> str:
    out = StringIO()
    call_command("residence", *map(str, words), stdout=out)
    return out.getvalue()


def test_each_crossing_has_its_state_and_the_columns_of_the_reference_come_first(file: Path) -> None:
    out = file.with_name("out.csv")
    run(file, "-o", out, "--cut-off", "2022-01-01")
    found = pl.read_csv(out)
    assert found.columns == [
        "personId", "journey_sequence", "is_arrival", "date_crossing", "days_to_next_crossing", "res_status_before",
        "res_status_after", "is_long_term_mig", "date_finalised_res_before", "date_finalised_res_after",
        "date_finalised_LTM", "state", "origin", "row",
    ]  # fmt: skip
    assert found.select("personId", "date_crossing", "state", "row").rows() == [
        ("a", "2020-01-01", "not", 2),
        ("a", "2020-02-01", "not", 3),
        ("b", "2020-01-01", "migrant", 4),
    ]


def test_rows_set_aside_are_in_a_file_of_their_own_with_line_and_reason(file: Path) -> None:
    run(file, "-o", file.with_name("out.csv"))
    assert pl.read_csv(file.with_name("out.rejected.csv")).rows() == [
        (5, "the date cannot be read"),
        (6, "the person has two in a row in the same direction"),
        (7, "the person has two in a row in the same direction"),
    ]


def test_the_rule_the_policy_and_the_cut_off_are_those_asked_for_and_are_said(file: Path) -> None:
    out = file.with_name("out.csv")
    said = run(file, "-o", out, "--rule", "6m+1d", "--policy", "impute", "--cut-off", "2020-06-30")
    assert "rule 6m+1d (183 of 365 days); known until 2020-06-30" in said
    assert "policy impute: 1 imputed" in said
    assert dict(pl.read_csv(out).select("personId", "state").rows())["b"] == "provisional"


def test_the_quality_figures_hold_no_word_of_a_person(file: Path) -> None:
    said = run(file, "-o", file.with_name("out.csv"))
    assert "6 rows of 4 persons" in said
    assert "set aside, the date cannot be read: 1 (16.67% of rows)" in said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("personId,date_crossing\na,2020-01-01\n", "lacks is_arrival"),
        ("who,direction,date_crossing\na,entry,2020-01-01\n", "lacks personId"),
        (HEADER + "a,entry,2020-01-01,x,too,many\n", "more fields than the header"),
        (HEADER + "a,entry,whenever,\n", "no row can take part"),
    ],
)
def test_a_file_that_is_none_of_crossings_writes_nothing(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=reason):
        run(path, "-o", tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == [path]


def test_an_earlier_result_stays_whole_when_a_later_run_fails(file: Path) -> None:
    out = file.with_name("out.csv")
    run(file, "-o", out)
    before = out.read_bytes()
    with pytest.raises(CommandError, match="a nowcast learns from at least"):
        run(file, "-o", out, "--policy", "impute", "--nowcast", file.with_name("months.csv"))
    assert out.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["in.csv", "out.csv", "out.rejected.csv"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--rule", "13/17"), "there is no residence rule"),
        (("--cut-off", "soon"), "is no day"),
        (("--triangle", "t.csv"), "give both"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(file: Path, words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run(file, "-o", file.with_name("out.csv"), *words)


def test_a_file_that_is_not_there_and_a_folder_that_is_not_there_are_named(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no file"):
        run(tmp_path / "none.csv", "-o", tmp_path / "out.csv")
    with pytest.raises(CommandError, match="there is no folder"):
        run(file, "-o", tmp_path / "nowhere" / "out.csv")


def test_a_parquet_file_gives_the_same_states_as_its_csv(file: Path) -> None:
    parquet = file.with_suffix(".parquet")
    pl.read_csv(file).write_parquet(parquet)
    run(file, "-o", file.with_name("one.csv"))
    run(parquet, "-o", file.with_name("two.csv"))
    assert file.with_name("one.csv").read_bytes() == file.with_name("two.csv").read_bytes()


def test_the_rules_are_listed_with_parameters_and_sources() -> None:
    said = run("--rules")
    assert "12/16  12 of the next 16 months: 365 of 487 days" in said
    assert "United Nations" in said
