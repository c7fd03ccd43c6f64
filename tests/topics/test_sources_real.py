"""Real files of real publishers through the commands: the figures that the project answers for, and the traps."""

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from django.core.management import call_command

from torogoz.shared.sources import queries
from torogoz.shared.sources.actions import Outcome, import_file
from torogoz.shared.sources.models import Vintage

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
STOCK = "02_undesa_stock/undesa_ims2020_bilateral_by_sex_long.csv.gz"
WORKBOOK = "02_undesa_stock/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx"
INCIDENTS = "01_iom_missing_migrants/missing_migrants_global_2014_to_2022-02.csv.gz"
INCIDENTS_2026 = "01_iom_missing_migrants/MissingMigrants-Global-2026-05-06--19_42_11.csv"
POPULATION = "04_unhcr/population.csv.gz"
APPLICATIONS = "04_unhcr/asylum_applications.csv.gz"
DEMOGRAPHICS = "04_unhcr/demographics_2001-2025.csv.gz"
CORRIDORS = "07_remittances/rpw_corridors_databank_2011Q1-2020Q3.csv"
IDMC = "05_idmc/IDMC_Internal_Displacement_Conflict-Violence_Disasters.xlsx"
IDPS = "04_unhcr/idmc.csv"
APPREHENDED = "08_us_dhs_yearbook/table34_apprehended_by_country_FY2004-2013.xls"


def imported(folder: Path, *names: str) -> None:
    """Import files of the folder of real data."""
    call_command("import", *(str(folder / name) for name in names), stdout=io.StringIO(), stderr=io.StringIO())


def asked(*words: str) -> list[dict[str, str]]:
    """The rows that `torogoz data` prints."""
    out = io.StringIO()
    call_command("data", *words, stdout=out, stderr=io.StringIO())
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def by(rows: list[dict[str, str]], dimension: str) -> dict[str, str]:
    """The values by one dimension."""
    return {row[dimension]: row["OBS_VALUE"] for row in rows}


def test_salvadorans_in_the_united_states_in_2020(shared_data: Path) -> None:
    imported(shared_data, STOCK, WORKBOOK)
    where = ("--where", "REF_AREA=USA,COUNTERPART_AREA=SLV,TIME_PERIOD=2020")
    assert by(asked("MIGRANT_STOCK", *where, "--by", "SEX"), "SEX") == {"_T": "1410659", "F": "699667", "M": "710992"}
    abroad = ("--where", "COUNTERPART_AREA=SLV", "TIME_PERIOD=2020", "--by", "SEX")
    assert by(asked("MIGRANT_STOCK", *abroad), "SEX")["_T"] == "1599058"


def test_a_question_that_has_no_answer_is_told_what_to_change(shared_data: Path) -> None:
    imported(shared_data, STOCK)
    words = {
        ("REF_AREA=PRK,COUNTERPART_AREA=SLV", None): "REF_AREA could be",
        ("REF_AREA=USA,COUNTERPART_AREA=PRK", None): "with REF_AREA and COUNTERPART_AREA swapped there is an answer",
        ("REF_AREA=USA", "TIME_PERIOD"): "no total over COUNTERPART_AREA",
    }
    for (where, by_dimension), hint in words.items():
        err = io.StringIO()
        more = ("--by", by_dimension) if by_dimension else ()
        call_command("data", "MIGRANT_STOCK", "--where", where, *more, stdout=io.StringIO(), stderr=err)
        assert hint in err.getvalue()


def test_the_workbook_and_the_bilateral_table_are_never_added(shared_data: Path) -> None:
    imported(shared_data, STOCK, WORKBOOK)
    here = asked("MIGRANT_STOCK", "--where", "REF_AREA=SLV,TIME_PERIOD=2020", "--by", "TIME_PERIOD")
    assert [row["OBS_VALUE"] for row in here] == ["42767"]
    world = asked("MIGRANT_STOCK", "--where", "COUNTERPART_AREA=_T,TIME_PERIOD=2020,SEX=_T", "--by", "TIME_PERIOD")
    assert [row["OBS_VALUE"] for row in world] == ["280598105"]


def test_dead_and_missing_in_their_incidents(shared_data: Path) -> None:
    imported(shared_data, INCIDENTS, INCIDENTS_2026)
    rows = asked("MISSING_MIGRANTS", "--where", "TIME_PERIOD=2014-01:2022-02", "--by", "INDICATOR")
    figures = by(rows, "INDICATOR")
    assert (figures["DEAD_MISSING"], figures["INCIDENTS"]) == ("47360", "10274")
    unknown = {row["INDICATOR"]: row["OBS_UNKNOWN"] for row in rows}
    assert unknown["FEMALES"] == "8344"
    both = asked("MISSING_MIGRANTS", "--where", "INDICATOR=DEAD", "--by", "INDICATOR")
    assert [row["OBS_VALUE"] for row in both] == [str(26054 + 642)]
    assert " + " in both[0]["SOURCE"]


def test_refugees_and_asylum_seekers_from_el_salvador_in_2025(shared_data: Path) -> None:
    imported(shared_data, POPULATION)
    rows = by(
        asked("REFUGEES", "--where", "COUNTERPART_AREA=SLV", "TIME_PERIOD=2025", "--by", "INDICATOR"), "INDICATOR"
    )
    assert (rows["REFUGEES"], rows["ASYLUM_SEEKERS"], rows["IDPS"]) == ("68182", "108289", "71500")


def test_persons_and_cases_of_real_applications_stay_apart(shared_data: Path) -> None:
    imported(shared_data, APPLICATIONS)
    rows = asked("ASYLUM_APPLICATIONS", "--where", "COUNTERPART_AREA=SLV,TIME_PERIOD=2025", "--by", "TIME_PERIOD")
    assert by(rows, "UNIT") == {"P": "25092", "C": "7"}


def test_sending_200_dollars_home(shared_data: Path) -> None:
    imported(shared_data, CORRIDORS)
    for quarter in ("2020-Q3", "2020Q3"):
        (row,) = asked("REMITTANCE_COST", "--where", f"REF_AREA=USA,COUNTERPART_AREA=SLV,TIME_PERIOD={quarter}")
        assert row["OBS_VALUE"] == "2.855"


def test_two_publishers_of_displacement_both_stay(shared_data: Path) -> None:
    imported(shared_data, IDMC, IDPS)
    where = ("--where", "REF_AREA=SLV,TIME_PERIOD=2022,INDICATOR=CONFLICT_STOCK", "--by", "INDICATOR")
    assert sorted(row["OBS_VALUE"] for row in asked("DISPLACEMENT", *where)) == ["51970", "52000"]


def test_nationalities_are_added_without_the_regions_of_the_same_table(shared_data: Path) -> None:
    imported(shared_data, APPREHENDED)
    where = ("--where", "COUNTERPART_AREA=SLV", "TIME_PERIOD=2004,2006,2013", "--by", "TIME_PERIOD")
    assert by(asked("ENFORCEMENT", *where), "TIME_PERIOD") == {"2004": "19180", "2006": "46314", "2013": "51226"}


def test_a_newest_vintage_that_lost_its_years_is_held_back(shared_data: Path, tmp_path: Path) -> None:
    with gzip.open(shared_data / DEMOGRAPHICS, "rt", encoding="utf-8") as stream:
        header, *lines = stream.readlines()
    some, cut = tmp_path / "full.csv", tmp_path / "cut.csv"
    some.write_text(header + "".join(lines[::40]))
    cut.write_text(header + "".join(line for line in lines[::40] if line.startswith("2025")))
    assert [each.outcome for each in import_file(path=some, now=NOW)] == [Outcome.STORED]
    assert [each.outcome for each in import_file(path=cut, now=NOW)] == [Outcome.HELD_BACK]
    used = queries.observations("REFUGEE_DEMOGRAPHICS").select(pl.col("TIME_PERIOD").min()).collect().item()
    assert used == "2001"
    assert Vintage.objects.filter(held_back=True).count() == 1
