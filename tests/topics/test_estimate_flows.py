"""The command estimate-flows, its stored estimates, and the public page: what is written, shown and refused."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from tests.publishers import NOW, published_stock
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.sources.actions import Outcome
from torogoz.shared.sources.models import Vintage
from torogoz.topics.flows import estimating

pytestmark = pytest.mark.django_db
START = {"A": (1000, 100, 10, 0), "B": (55, 555, 50, 5), "C": (80, 40, 800, 40), "D": (20, 25, 20, 200)}
END = {"A": (1060, 60, 10, 10), "B": (45, 540, 40, 0), "C": (70, 75, 770, 70), "D": (30, 30, 20, 230)}
VITAL = "region,births,deaths\nA,80,70\nB,20,30\nC,60,50\nD,60,10\n"
# The migrant stock of a made-up publisher: people born in El Salvador and Honduras, abroad and here.
PEOPLE = [
    *((place, "SLV", sex, year, people) for sex, share in (("_T", 1.0), ("F", 0.5), ("M", 0.5)) for place, year, people
      in (("USA", "2010", 1000 * share), ("USA", "2015", 1400 * share), ("USA", "2020", 1300 * share),
          ("MEX", "2010", 90 * share), ("MEX", "2015", 60 * share), ("MEX", "2020", 100 * share))),
    *(("SLV", birth, "_T", year, people) for birth, year, people in
      (("USA", "2010", 10.0), ("USA", "2015", 12.0), ("USA", "2020", 30.0), ("MEX", "2015", 4.0))),
    *(("SLV", "USA", sex, year, people / 2) for sex in ("F", "M") for year, people in
      (("2010", 10.0), ("2015", 12.0), ("2020", 30.0))),
]  # fmt: skip


def run(*words: object) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("estimate_flows", *map(str, words), stdout=out)
    return out.getvalue()


def written(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def long(table: dict[str, tuple[int, ...]]) -> str:
    lines = [f"{birth},{dest},{value}" for birth, row in table.items() for dest, value in zip("ABCD", row, strict=True)]
    return "\n".join(["birth,dest,value", *lines]) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two stocks and the vital events between them: Abel & Sander (2014), supplement."""
    (tmp_path / "start.csv").write_text(long(START))
    (tmp_path / "end.csv").write_text(long(END))
    (tmp_path / "vital.csv").write_text(VITAL)
    return tmp_path


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        published_stock(tmp_path, patch, lines=PEOPLE)
    codelists.load()
    cache.clear()


def test_two_files_and_vital_events_give_the_published_flows_and_say_what_was_decided(files: Path) -> None:
    out = files / "out.csv"
    said = run(
        files / "start.csv", files / "end.csv", "--vital", files / "vital.csv", "--method", "da_min_closed", "-o", out
    )
    rows = written(out)
    assert list(rows[0]) == ["orig", "dest", "value"]
    assert len(rows) == 16
    values = {row["orig"] + row["dest"]: float(row["value"]) for row in rows}
    assert values["BA"] == pytest.approx(34.120952437, abs=1e-6)
    assert values["CD"] == pytest.approx(25.711331, abs=1e-6)
    assert "start.csv: 16 pairs of 4 places" in said
    assert "closed account balanced before births and deaths" in said
    assert "movers by da_min_closed 127.6932" in said
    assert [path.name for path in files.iterdir() if path.suffix == ".part"] == []


def test_every_method_has_a_column_and_the_range_holds_each_of_them(files: Path) -> None:
    out = files / "out.csv"
    run(files / "start.csv", files / "end.csv", "--vital", files / "vital.csv", "--method", "all", "-o", out)
    rows = written(out)
    methods = list(rows[0])[2:-2]
    assert len(methods) == 7
    assert list(rows[0])[-2:] == ["low", "high"]
    for row in rows:
        figures = [float(row[method]) for method in methods]
        assert float(row["low"]) == min(figures)
        assert float(row["high"]) == max(figures)


def test_methods_of_accounting_refuse_to_take_missing_births_and_deaths_for_zero(files: Path) -> None:
    out, both = files / "out.csv", (files / "start.csv", files / "end.csv")
    with pytest.raises(CommandError, match="da_min_open needs births and deaths"):
        run(*both, "--method", "da_min_open", "-o", out)
    assert not out.exists()
    assert "counted as zero at your word" in run(*both, "--method", "da_min_open", "--no-vital", "-o", out)
    said = run(*both, "--method", "all", "-o", out)
    assert "not estimated: da_min_open" in said
    assert list(written(out)[0]) == ["orig", "dest", "sd_drop_neg", "sd_rev_neg", "mig_rate", "low", "high"]


def test_the_array_by_birthplace_adds_up_to_both_stocks(files: Path) -> None:
    out = files / "out.csv"
    # Nobody is born or dies, and each birthplace has as many people at both ends.
    (files / "end.csv").write_text(
        long({**START, "A": (950, 100, 60, 0), "B": (80, 505, 75, 5), "D": (40, 45, 0, 180)})
    )
    run(files / "start.csv", files / "end.csv", "--no-vital", "--method", "da_min_closed", "--array", "-o", out)
    frame = pl.DataFrame([{**row, "value": float(row["value"])} for row in written(out)])
    assert frame.columns == ["orig", "dest", "pob", "value"]
    at_start = frame.group_by("pob", "orig").agg(pl.col("value").sum())
    for birth, place, people in at_start.iter_rows():
        assert people == pytest.approx(START[birth]["ABCD".index(place)])


@pytest.mark.parametrize(
    ("file", "before", "after", "reason"),
    [
        ("start.csv", "A,B,100", "A,B,many", "row 3, column value: 'many' is not a number"),
        ("start.csv", "A,B,100", "A,B,", "row 3, column value: it is blank"),
        ("start.csv", "A,B,100", "A,B,-1", "-1 people born in A who live in B"),
        ("start.csv", "A,B,100", "A,B,100,7", "row 3: it does not have the 3 fields"),
        ("start.csv", "A,B,100\n", "", "says nothing of 1 pairs, such as people born in A in B"),
        ("end.csv", "A,C,10", "A,B,10", "birth=A dest=B"),
        ("end.csv", "birth,", "born,", "lacks the column birth; it has born, dest, value"),
        ("vital.csv", "C,60,50\n", "", "no row for C"),
        ("vital.csv", "C,60,50", "C,60,5000", "C has 5000 deaths but 880 people at the start"),
    ],
)
def test_a_wrong_table_is_refused_by_row_and_column_and_nothing_is_written(
    files: Path, file: str, before: str, after: str, reason: str
) -> None:
    path = files / file
    path.write_text(path.read_text().replace(before, after, 1))
    words = (files / "start.csv", files / "end.csv", "--vital", files / "vital.csv", "--method", "da_min_closed")
    (files / "out.csv").write_text("what was there before")
    with pytest.raises(CommandError) as refused:
        run(*words, "-o", files / "out.csv")
    assert reason in str(refused.value)
    assert (files / "out.csv").read_text() == "what was there before"


def test_places_of_one_stock_only_are_named_and_left_out_only_when_that_is_asked(files: Path) -> None:
    (files / "end.csv").write_text(long(END) + "E,E,50\nE,A,3\n")
    words = (files / "start.csv", files / "end.csv", "--method", "sd_drop_neg", "-o", files / "out.csv")
    with pytest.raises(CommandError, match=r"do not have the same places \(only in the end: E\)"):
        run(*words)
    assert "2 pairs with 53 persons were set aside" in run(*words, "--only-common")
    assert len(written(files / "out.csv")) == 16


def test_women_and_men_are_estimated_apart_and_their_sum_is_the_total(files: Path) -> None:
    for name, table in (("start.csv", START), ("end.csv", END)):
        lines = long(table).splitlines()[1:]
        both = [f"{line},{sex}" for sex in ("female", "M") for line in lines]
        (files / name).write_text("\n".join(["birth,dest,value,sex", *both]) + "\n")
    said = run(files / "start.csv", files / "end.csv", "--method", "sd_drop_neg", "-o", files / "out.csv")
    assert "the total is the sum of the estimates for women and men" in said
    rows = {(row["sex"], row["orig"], row["dest"]): float(row["value"]) for row in written(files / "out.csv")}
    assert rows["_T", "C", "B"] == 2 * rows["F", "C", "B"] == 70


def test_a_seed_is_used_and_one_that_leaves_no_way_is_refused_by_birthplace(files: Path) -> None:
    pairs = [(a, b) for a in "ABCD" for b in "ABCD" if a != b]
    near = "orig,dest,value\n" + "".join(f"{a},{b},{9 if a + b == 'BA' else 1}\n" for a, b in pairs)
    none = "orig,dest,value\n" + "".join(f"{a},{b},1\n" for a, b in pairs if b != "A")
    # Table 4 of Abel & Cohen (2019): people born in C came to A from B and from C, and to D from both.
    start = {"A": (100, 10, 10, 0), "B": (80, 180, 10, 90), "C": (30, 10, 140, 40), "D": (60, 70, 10, 160)}
    end = {"A": (95, 5, 15, 5), "B": (75, 225, 5, 55), "C": (55, 0, 115, 50), "D": (35, 25, 25, 215)}
    (files / "start.csv").write_text(long(start))
    (files / "end.csv").write_text(long(end))
    words = (files / "start.csv", files / "end.csv", "--no-vital", "--method", "da_min_closed")
    figures = []
    for seed in (None, near):
        (files / "seed.csv").write_text(seed or "")
        run(*words, *(("--seed", files / "seed.csv") if seed else ()), "-o", files / "out.csv")
        figures.append({row["orig"] + row["dest"]: float(row["value"]) for row in written(files / "out.csv")})
    assert figures[0]["BA"] == pytest.approx(7.142857, abs=1e-6)
    assert figures[1]["BA"] > 9
    (files / "seed.csv").write_text(none)
    with pytest.raises(CommandError, match="leaves the people born in C no way"):
        run(*words, "--seed", files / "seed.csv", "-o", files / "out.csv")


def test_population_gives_residents_and_vital_events_then_allow_accounting_on_stocks_without_them(files: Path) -> None:
    for name, table in (("start.csv", START), ("end.csv", END)):
        lines = [line for line in long(table).splitlines() if line.split(",")[0] != line.split(",")[1]]
        (files / name).write_text("\n".join(lines) + "\n")
    words = (files / "start.csv", files / "end.csv", "--vital", files / "vital.csv", "--method", "da_min_closed")
    with pytest.raises(CommandError, match="residents at their birthplace"):
        run(*words, "-o", files / "out.csv")
    people = [(sum(row[i] for row in START.values()), sum(row[i] for row in END.values())) for i in range(4)]
    lines = [f"{place},{start},{end}" for place, (start, end) in zip("ABCD", people, strict=True)]
    (files / "people.csv").write_text("\n".join(["region,start,end", *lines]) + "\n")
    said = run(*words, "--population", files / "people.csv", "-o", files / "out.csv")
    assert "movers by da_min_closed 127.6932" in said


def test_the_imported_stock_gives_flows_of_a_period_by_sex(stock: None, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    said = run("--from-source", "MIGRANT_STOCK", "--year", 2010, "--by-sex", "--method", "all", "-o", out)
    assert "period: middle of 2010 to middle of 2015" in said
    assert "SHA-256" in said
    rows = {(row["sex"], row["orig"], row["dest"]): row for row in written(out)}
    assert float(rows["_T", "SLV", "USA"]["sd_drop_neg"]) == 400
    assert float(rows["F", "SLV", "USA"]["sd_drop_neg"]) == 200
    assert float(rows["_T", "MEX", "SLV"]["sd_rev_neg"]) == 34  # 4 came, and 30 born in El Salvador went back
    with pytest.raises(CommandError, match="no stock after 2020"):
        run("--from-source", "MIGRANT_STOCK", "--year", 2020, "--method", "sd_drop_neg", "-o", out)
    with pytest.raises(CommandError, match="no bilateral stock of 1950; it has 2010, 2015, 2020"):
        run("--from-source", "MIGRANT_STOCK", "--year", 1950, "--method", "sd_drop_neg", "-o", out)


def test_nothing_is_estimated_from_a_source_that_was_not_imported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no stock by country of birth and of residence is in use"):
        run("--from-source", "MIGRANT_STOCK", "--year", 2015, "--method", "sd_drop_neg", "-o", tmp_path / "out.csv")


def test_stored_estimates_are_a_vintage_of_ours_that_names_what_it_was_made_from(
    stock: None, settings: LazySettings
) -> None:
    source = Vintage.objects.get(dataflow="MIGRANT_STOCK")
    said = run("--from-source", "MIGRANT_STOCK", "--store")
    ours = Vintage.objects.get(dataflow="FLOW_ESTIMATES")
    assert (ours.publisher, ours.dataset, ours.period_first, ours.period_last) == (
        "Torogoz", "torogoz-estimates", "2010", "2015",
    )  # fmt: skip
    assert source.sha256 in ours.note
    assert "torogoz 0." in ours.note
    assert "stored: FLOW_ESTIMATES" in said
    assert len(list((Path(settings.VAR) / "estimates").iterdir())) == 1


def test_what_cannot_be_stored_is_named_and_nothing_is_stored(stock: None, tmp_path: Path) -> None:
    (tmp_path / "vital.csv").write_text(VITAL)
    with pytest.raises(CommandError, match="leave out --method, --vital, or write a file"):
        run("--from-source", "MIGRANT_STOCK", "--store", "--method", "all", "--vital", tmp_path / "vital.csv")
    with pytest.raises(CommandError, match="add --from-source MIGRANT_STOCK"):
        run("--store")
    assert not Vintage.objects.filter(dataflow="FLOW_ESTIMATES").exists()


def test_the_same_stock_and_code_give_the_same_file_which_is_stored_once(stock: None) -> None:
    estimating.store(vintage="", now=datetime(2026, 11, 25, tzinfo=UTC))
    _, again = estimating.store(vintage="", now=datetime(2026, 12, 1, tzinfo=UTC))
    assert [each.outcome for each in again] == [Outcome.ALREADY]
    assert Vintage.objects.filter(dataflow="FLOW_ESTIMATES").count() == 1


def test_the_page_shows_each_method_and_the_range_over_them_and_says_they_are_estimates(
    stock: None, client: Client
) -> None:
    estimating.store(vintage="", now=NOW)
    page = client.get("/flows/FLOW_ESTIMATES/").content.decode()
    assert "Son estimaciones, no conteos" in page
    assert "La menor de las cifras" in page
    assert "2010–2015" in page
    assert "Los que restan nacimientos y muertes no están entre los suyos" in page
    assert Vintage.objects.get(dataflow="MIGRANT_STOCK").sha256 in page
    english = client.get("/flows/FLOW_ESTIMATES/", headers={"accept-language": "en"}, query_params={"lang": "en"})
    assert "de la menor a la mayor" in page
    assert english.status_code == 200
    for kind in ("range", "corridors", "mirror"):
        drawn = client.get(f"/flows/FLOW_ESTIMATES/{kind}.svg")
        assert drawn.status_code == 200
        assert b"suma de" not in drawn.content
        assert ("2015–2020" if kind == "corridors" else "2010–2015 a 2015–2020") in drawn.content.decode()


def test_the_files_hold_the_range_of_the_methods_beside_them_marked_as_estimated(stock: None, client: Client) -> None:
    estimating.store(vintage="", now=NOW)
    asked = "/flows/FLOW_ESTIMATES.json?COUNTERPART_AREA=SLV&REF_AREA=USA&by=METHOD,TIME_PERIOD"
    rows = json.loads(b"".join(client.get(asked)))["observations"]  # type: ignore[call-overload]
    first = {row["METHOD"]: row for row in rows if row["TIME_PERIOD"] == "2010"}
    figures = [row["OBS_VALUE"] for name, row in first.items() if name not in ("LOW", "HIGH")]
    assert len(figures) == 3
    assert first["LOW"]["OBS_VALUE"] == min(figures)
    assert first["HIGH"]["OBS_VALUE"] == max(figures)
    assert {row["OBS_STATUS"] for row in rows} == {"E"}


def test_published_estimates_are_imported_and_stand_beside_ours(stock: None, tmp_path: Path, client: Client) -> None:
    estimating.store(vintage="", now=NOW)
    path = tmp_path / "published.csv"
    path.write_text(
        "year0,sex,orig,orig_name,dest,dest_name,sd_drop_neg,sd_rev_neg,mig_rate,da_min_open,da_min_closed,da_pb_closed\n"
        "2010,b,SLV,El Salvador,USA,USA,400,400,500,650,700,900\n"
        "2010,b,XQX,Nowhere,USA,USA,1,1,1,1,1,1\n"
    )
    out = io.StringIO()
    call_command("import", str(path), stdout=out)
    assert "abel-cohen" in out.getvalue()
    assert "1 set aside" not in out.getvalue().split(";")[0]
    kept = Vintage.objects.get(dataset="abel-cohen")
    assert (kept.licence, kept.rows_stored, kept.rows_set_aside) == ("CC BY 4.0", 6, 1)
    asked = "/flows/FLOW_ESTIMATES.csv?COUNTERPART_AREA=SLV&REF_AREA=USA&TIME_PERIOD=2010&by=METHOD,TIME_PERIOD"
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get(asked)).decode())))  # type: ignore[call-overload]
    assert {row["SOURCE"] for row in rows if row["METHOD"] == "SD_DROP_NEG"} == {
        "abel-cohen 2010",
        f"torogoz-estimates {NOW:%Y-%m-%d}",
    }
    assert {row["METHOD"]: row["OBS_VALUE"] for row in rows}["HIGH"] in ("900", "900.0")


@pytest.mark.parametrize(("year", "people"), [(1990, 184_537), (2005, 194_565), (2015, 58_302)])
def test_salvadorans_to_the_united_states_by_growth_of_the_real_stock_are_as_published(
    shared_data: Path, tmp_path: Path, year: int, people: int
) -> None:
    stock = shared_data / "02_undesa_stock" / "undesa_ims2020_bilateral_by_sex_long.csv.gz"
    call_command("import", str(stock), stdout=io.StringIO())
    run("--from-source", "MIGRANT_STOCK", "--year", year, "--method", "sd_drop_neg", "-o", tmp_path / "out.csv")
    rows = {(row["orig"], row["dest"]): float(row["value"]) for row in written(tmp_path / "out.csv")}
    assert rows["SLV", "USA"] == people
