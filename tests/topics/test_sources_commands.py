"""The commands import, sources, dataflows and data: what they print, and how they refuse."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.made_up import arrivals, release_of_made_up_rows
from torogoz.shared.sources.models import Vintage
from torogoz.shared.sources.reading import HEADLINES
from torogoz.statistics.dataflows import DATAFLOWS

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[str, str]:
    """What a command writes on its two streams."""
    out, err = io.StringIO(), io.StringIO()
    call_command(*words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def table(text: str) -> list[dict[str, str]]:
    """CSV as rows."""
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def headlines() -> Vintage:
    """The shipped table of headline figures, imported."""
    run("import", str(HEADLINES))
    return Vintage.objects.get()


def test_a_file_that_is_imported_twice_changes_nothing(headlines: Vintage) -> None:
    out, _ = run("import", str(HEADLINES))
    assert out.startswith("already imported: HEADLINES")
    assert Vintage.objects.count() == 1


def test_a_folder_is_imported_as_far_as_it_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADLINES.read_bytes())
    (tmp_path / "b.csv").write_text("colour,taste\nred,sweet\n")
    (tmp_path / ".hidden.csv").write_text("x\n")
    out, err = run("import", str(tmp_path))
    assert out.startswith("stored: HEADLINES from a.csv")
    assert "1 other file, of no layout that a reader knows (b.csv)" in err
    assert "hidden" not in err


def test_a_named_file_that_no_reader_knows_is_a_mistake_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("colour,taste\nred,sweet\n")
    with pytest.raises(CommandError, match="1 of 1 files could not be imported"):
        run("import", str(tmp_path / "b.csv"))
    with pytest.raises(CommandError, match="1 of 1"):
        run("import", str(tmp_path / "absent.csv"))


def test_the_register_is_listed_in_three_forms(headlines: Vintage) -> None:
    assert headlines.key.hex[:8] in run("sources")[0]
    (row,) = table(run("sources", "--format", "csv")[0])
    assert (row["sha256"], row["state"], row["read"]) == (headlines.sha256, "in use", str(headlines.rows_read))
    assert json.loads(run("sources", "--format", "json")[0])[0]["licence"] == headlines.licence


def test_the_rows_set_aside_are_printed_as_csv(headlines: Vintage) -> None:
    headlines.set_aside.create(row=7, column="OBS_VALUE", value="many", reason="not a number")
    rows = table(run("sources", "--set-aside", headlines.key.hex[:8])[0])
    assert rows == [{"row": "7", "column": "OBS_VALUE", "value": "many", "reason": "not a number"}]
    with pytest.raises(CommandError, match="no vintage has the key ffffffff"):
        run("sources", "--set-aside", "ffffffff")


def test_what_the_guard_held_back_is_accepted_by_its_key(headlines: Vintage) -> None:
    headlines.held_back = True
    headlines.save()
    with pytest.raises(CommandError, match="no data of HEADLINES is in use"):
        run("data", "HEADLINES")
    run("sources", "--accept", headlines.key.hex[:8])
    assert table(run("data", "HEADLINES")[0])


def test_both_series_of_2017_are_printed_each_with_its_source(headlines: Vintage) -> None:
    out, _ = run("data", "HEADLINES", "--where", "INDICATOR=RETURNS,BREAKDOWN=_T", "TIME_PERIOD=2017")
    values = {row["SERIES"]: (row["OBS_VALUE"], row["SOURCE"]) for row in table(out)}
    assert values["DGME"][0] == "26837"
    assert values["EL_MUNDO"] == ("15809", "DGME series 2013 to September 2025 as printed by El Mundo")


def test_whole_numbers_are_printed_whole_and_others_as_they_are(headlines: Vintage) -> None:
    words = ("data", "HEADLINES", "--where", "INDICATOR=REMITTANCES,SERIES=BCR,BREAKDOWN=_T", "--format")
    assert [row["OBS_VALUE"] for row in table(run(*words, "csv")[0])] == ["8181.8", "8479.7", "9987.9"]
    stock = ("data", "HEADLINES", "--where", "SERIES=UN_DESA,BREAKDOWN=IN_USA", "--format", "json")
    assert '"OBS_VALUE": 1410659,' in run(*stock)[0]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("HEADLINE",), "there is no dataflow HEADLINE; did you mean HEADLINES"),
        (("HEADLINES", "--where", "TIME=2017"), "has no dimension TIME; did you mean TIME_PERIOD"),
        (("HEADLINES", "--where", "SERIES=DGMA"), "SERIES has no code DGMA; did you mean DGME"),
        (("HEADLINES", "--where", "TIME_PERIOD=last"), "'last' is not a period"),
        (("HEADLINES", "--where", "SERIES"), "write DIMENSION=CODE"),
        (("HEADLINES", "--by", "SEX"), "has no dimension SEX"),
        (("HEADLINES", "--vintage", "1999"), "HEADLINES has no vintage 1999; it has 2026-11"),
        (("REFUGEES",), "no data of REFUGEES is in use"),
        (("RETURNS",), "nothing of RETURNS is published yet"),
        (("RETURNS", "--vintage", "2026-Q3"), "there is no release 2026-Q3"),
    ],
)
def test_a_mistake_is_answered_in_one_line(headlines: Vintage, words: tuple[str, ...], answer: str) -> None:
    with pytest.raises(CommandError, match=answer) as mistake:
        run("data", *words)
    assert "\n" not in str(mistake.value)


def test_an_empty_answer_comes_with_a_hint(headlines: Vintage) -> None:
    out, err = run("data", "HEADLINES", "--where", "SERIES=BCR,TIME_PERIOD=1999")
    assert table(out) == []
    assert "without TIME_PERIOD=1999 there is an answer; TIME_PERIOD could be 2023, 2024, 2025" in err


def test_the_returns_of_the_country_come_from_the_newest_release(settings: LazySettings) -> None:
    release = release_of_made_up_rows(arrivals(600, 2025, 2025), "2025")
    rows = table(run("data", "RETURNS", "--where", "TIME_PERIOD=2025", "--by", "TIME_PERIOD")[0])
    assert [(row["OBS_VALUE"], row["CONF_STATUS"]) for row in rows] == [("600", "F")]
    assert rows[0]["SOURCE"].startswith(f"torogoz_returns {release}")
    months = table(run("data", "RETURNS", "--where", "TIME_PERIOD=2025-01:2025-12", "--by", "SEX")[0])
    assert by_sex(months)["_T"] == 600
    assert run("data", "RETURNS", "--vintage", "2025")[0] == run("data", "RETURNS")[0]


def by_sex(rows: list[dict[str, str]]) -> dict[str, int]:
    """The values by sex."""
    return {row["SEX"]: int(row["OBS_VALUE"]) for row in rows if row["OBS_VALUE"]}


def test_every_dataflow_is_listed_with_its_dimensions() -> None:
    text = run("dataflows")[0]
    listed = json.loads(run("dataflows", "--format", "json")[0])
    assert [flow["id"] for flow in listed] == list(DATAFLOWS)
    assert all(f"{flow}: " in text for flow in DATAFLOWS)


@pytest.mark.django_db
def test_files_of_a_folder_that_no_reader_knows_are_counted_and_explained_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.csv").write_text("colour,size\nblue,1\n")
    call_command("import", str(tmp_path))
    said = capsys.readouterr().err
    assert "4 other files" in said
    assert "a.csv, b.csv, c.csv …" in said
    call_command("import", str(tmp_path), verbosity=2)
    assert "no reader knows this header" in capsys.readouterr().err


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    out, err = run("import", str(tmp_path))
    assert out == ""
    assert f"no file was found in {tmp_path}: nothing was imported" in err
