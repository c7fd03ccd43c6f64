"""Crossings of the border through the wall: released, protected, shown with their rule, their error and their past."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.releases import queries
from torogoz.shared.releases.models import Release
from torogoz.site.demonstration.crossings import made_up_crossings

PEOPLE = 1_800
KEYS = 7_000_000_000  # so that a key of a person looks like nothing else in a file


@pytest.fixture(scope="module")
def crossings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("border") / "crossings.csv"
    frame = made_up_crossings(PEOPLE, until=datetime(2025, 7, 1, tzinfo=UTC))
    frame.with_columns(pl.col("personId") + KEYS).write_csv(path)
    return path


def release(code: str, crossings: Path | None = None, **options: str) -> str:
    out = StringIO()
    call_command("release", code, crossings=crossings, stdout=out, stderr=out, **options)
    return out.getvalue()


@dataclass(frozen=True)
class Made:
    """Two releases made once for all tests here: their folder, their records, and what the second one said."""

    folder: Path
    records: list[dict[str, Any]]
    said: str


@pytest.fixture(scope="module")
def made(
    crossings: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Made:
    folder = tmp_path_factory.mktemp("releases")
    with django_db_blocker.unblock(), override_settings(RELEASES=folder), transaction.atomic():
        codelists.load()
        release("2025-Q1", crossings)
        said = release("2025-Q2", crossings)
        records = list(Release.objects.order_by("pk").values())
        transaction.set_rollback(True)
    return Made(folder, records, said)


@pytest.fixture
def released(db: None, made: Made, settings: LazySettings) -> str:
    settings.RELEASES = made.folder
    codelists.load()
    Release.objects.bulk_create(Release(**record) for record in made.records)
    return made.said


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


@pytest.mark.usefixtures("released")
def test_no_file_of_a_release_holds_a_key_of_a_person_or_a_day(crossings: Path) -> None:
    keys = set(pl.read_csv(crossings)["personId"].cast(pl.String))
    for each in queries.releases():
        for path in queries.folder_of(each).rglob("*.parquet"):
            frame = pl.read_parquet(path)
            assert "personId" not in frame.columns
            for column in frame.columns:
                assert not keys & set(frame[column].cast(pl.String))
                assert not frame[column].cast(pl.String).str.contains(r"^\d{4}-\d{2}-\d{2}").any()
        assert not any(key in (queries.folder_of(each) / "manifest.json").read_text() for key in list(keys)[:50])


@pytest.mark.usefixtures("released")
def test_the_crossings_published_are_those_recorded(crossings: Path) -> None:
    """A plain count over the file: entries of 2024, without what was recorded twice."""
    cells = queries.published("CROSSINGS")
    total = dict.fromkeys(("SEX", "AGE", "CITIZENSHIP", "COUNTERPART_AREA", "MODE"), "_T")
    of_2024 = cells.filter(
        pl.col("TIME_PERIOD") == "2024",
        pl.col("DIRECTION") == "ENTRY",
        *(pl.col(name) == code for name, code in total.items()),
    )
    raw = pl.read_csv(crossings).with_columns(at=pl.col("date_crossing").str.to_datetime("%Y-%m-%dT%H:%M"))
    ordered = raw.sort("personId", "at", maintain_order=True).with_columns(
        again=(pl.col("direction") == pl.col("direction").shift(1).over("personId"))
        & (pl.col("at") - pl.col("at").shift(1).over("personId") < pl.duration(hours=24))
    )
    counted = ordered.filter(
        ~pl.col("again").fill_null(value=False), pl.col("direction") == "ENTRY", pl.col("at").dt.year() == 2024
    )
    assert of_2024["OBS_VALUE"].to_list() == [counted.height]


@pytest.mark.usefixtures("released")
def test_recent_months_are_estimated_with_their_error_and_never_counted_as_zero() -> None:
    cells = queries.published("MIGRATION")
    months = cells.filter(pl.col("FREQ") == "M")
    counted = months.filter(pl.col("INDICATOR") == "IMMIGRANTS")["TIME_PERIOD"]
    estimated = months.filter(pl.col("INDICATOR") == "IMMIGRANTS_NOWCAST")
    assert counted.max() == "2024-06"
    assert estimated["TIME_PERIOD"].max() == "2025-06"
    assert set(estimated["OBS_STATUS"]) == {"E"}
    assert (estimated["STD_ERROR"] > 0).all()
    assert (
        months.filter(~pl.col("INDICATOR").str.ends_with("NOWCAST"))["STD_ERROR"].null_count()
        == months.filter(~pl.col("INDICATOR").str.ends_with("NOWCAST")).height
    )


@pytest.mark.usefixtures("released")
def test_a_month_that_may_still_be_revised_is_provisional_and_so_is_its_year() -> None:
    cells = queries.published("MIGRATION").filter(pl.col("INDICATOR") == "EMIGRANTS")
    status = dict(cells.select("TIME_PERIOD", "OBS_STATUS").rows())
    assert status["2023"] == "A"
    assert status["2024"] == "P"
    assert status["2024-06"] == "P"
    assert status["2022-01"] == "A"


def test_the_rule_is_published_with_its_parameters_source_and_quality(released: str) -> None:
    newest = queries.latest()
    assert newest is not None
    method = json.loads((queries.folder_of(newest) / "manifest.json").read_text())["parts"]["MIGRATION"]["method"]
    assert method["rule"] == "12/16"
    assert (method["threshold_days"], method["window_days"]) == (365, 487)
    assert method["policy"] == "drop-impute"
    assert method["known_until"] == "2025-06-30"
    assert 0 < method["imputed"] < 0.1
    assert "crossings, rule 12/16, known until 2025-06-30" in released


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize(("flow", "words"), [("CROSSINGS", "Entradas y salidas"), ("MIGRATION", "Migración de larga")])
def test_the_page_of_each_says_how_it_is_counted_and_offers_its_files(client: Client, flow: str, words: str) -> None:
    page = text(client, f"/flows/{flow}/")
    assert words in page
    assert "Cómo se cuenta" in page
    assert f"/flows/{flow}.csv" in page
    assert "Todavía no hay" not in page


@pytest.mark.usefixtures("released")
def test_the_page_of_migration_shows_the_rule_and_what_each_release_said(client: Client) -> None:
    page = text(client, "/flows/MIGRATION/")
    assert "12 de los 16 meses siguientes: al menos 365 de 487 días" in page
    assert "Qué dijo cada publicación" in page
    assert "2025-Q1 r0" in page
    assert "2025-Q2 r0" in page
    assert "±" in page
    assert "Qué dijo cada publicación" not in text(client, "/flows/CROSSINGS/")


@pytest.mark.usefixtures("released")
def test_the_estimate_of_an_earlier_release_stays_what_it_was(client: Client) -> None:
    """June 2024 has an estimate in both releases, and the page shows each as its own file has it."""
    first, second = queries.release_called("2025-Q1"), queries.release_called("2025-Q2")
    key = (pl.col("INDICATOR") == "EMIGRANTS_NOWCAST") & (pl.col("TIME_PERIOD") == "2024-12")
    before = queries.published("MIGRATION", first).filter(key)["OBS_VALUE"].item()
    after = queries.published("MIGRATION", second).filter(key)["OBS_VALUE"].item()
    page = text(client, "/flows/MIGRATION/")
    emigrants = page[page.rindex("Emigrantes de larga duración") :]
    row = emigrants[emigrants.index('<th scope="row">2024-12</th>') :].split("</tr>")[0]
    assert [cell.split(" ±")[0].split(">")[1] for cell in row.split("<td")[1:]] == [f"{before:.0f}", f"{after:.0f}"]


@pytest.mark.usefixtures("released")
def test_the_csv_carries_estimate_status_and_standard_error(client: Client) -> None:
    lines = text(client, "/flows/MIGRATION.csv?INDICATOR=IMMIGRANTS_NOWCAST").splitlines()
    header = lines[0].split(",")
    first = dict(zip(header, lines[1].split(","), strict=False))
    assert first["OBS_STATUS"] == "E"
    assert float(first["STD_ERROR"]) > 0


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("flow", ["CROSSINGS", "MIGRATION"])
def test_programs_read_the_figures_and_their_structure(client: Client, flow: str) -> None:
    lines = b"".join(client.get(f"/sdmx/data/dataflow/TOROGOZ/{flow}?format=csv&limit=5")).decode().splitlines()
    assert len(lines) == 6
    for format_ in ("json", "xml"):
        address = f"/sdmx/structure/dataflow/TOROGOZ/{flow}/1.0.0?references=descendants&format={format_}"
        assert "IMMIGRANTS" in text(client, address) or flow == "CROSSINGS"


@pytest.mark.usefixtures("released")
def test_a_later_release_without_crossings_leaves_those_of_the_one_before(client: Client) -> None:
    release("2025-Q3")
    newest = queries.latest()
    assert newest is not None
    assert newest.code == "2025-Q3"
    assert queries.latest("MIGRATION") == queries.release_called("2025-Q2")
    assert "Edición: 2025-Q2 r0" in text(client, "/flows/MIGRATION/")
    assert "Edición: 2025-Q3 r0" in text(client, "/flows/RETURNS/") or "Todavía" in text(client, "/flows/RETURNS/")


@pytest.mark.usefixtures("released")
def test_the_same_crossings_again_make_no_new_release(crossings: Path) -> None:
    assert "nothing" in release("2025-Q2", crossings).lower()
    assert Release.objects.count() == 2


@pytest.mark.django_db
def test_before_the_first_release_the_page_says_so(client: Client) -> None:
    page = text(client, "/flows/MIGRATION/")
    assert "Todavía no se ha publicado ninguna cifra de esta tabla" in page
    assert "--crossings" in page


@pytest.mark.django_db
def test_a_file_that_is_none_of_crossings_releases_nothing(tmp_path: Path, settings: LazySettings) -> None:
    path = tmp_path / "no.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match="lacks personId"):
        release("2025-Q2", path)
    assert not Release.objects.exists()
    assert not list(Path(settings.RELEASES).glob("2025*"))


@pytest.mark.django_db
def test_too_short_a_past_releases_the_counts_and_says_that_there_is_no_estimate(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    made_up_crossings(600, until=datetime(2022, 4, 1, tzinfo=UTC)).write_csv(path)
    said = release("2022-Q1", path)
    assert "MIGRATION has no estimates" in said
    assert not queries.published("MIGRATION")["INDICATOR"].str.ends_with("NOWCAST").any()


@pytest.mark.usefixtures("released")
def test_an_incomplete_year_is_called_so_with_its_months_and_estimates_stand_within_their_errors(
    client: Client,
) -> None:
    page = text(client, "/flows/MIGRATION/")
    cells = queries.published("MIGRATION")
    yearly = cells.filter(pl.col("TIME_PERIOD").str.len_chars() == 4, pl.col("OBS_STATUS") == "P")
    year = yearly["TIME_PERIOD"].max()
    assert isinstance(year, str)
    assert f"{year} está incompleto: de enero a " in page
    assert f"{year} (incompleto)" in page
    row = cells.filter(pl.col("STD_ERROR").is_not_null(), pl.col("INDICATOR") == "IMMIGRANTS_NOWCAST").row(
        -1, named=True
    )
    drawing = text(client, "/flows/MIGRATION/estimates.svg")
    assert "la cifra más o menos dos errores estándar" in drawing
    low, high = (max(row["OBS_VALUE"] + side * 2 * row["STD_ERROR"], 0) for side in (-1, 1))
    found = re.search(rf"{row['TIME_PERIOD']}: [^<]*\((\d+) a (\d+)\)", drawing)
    assert found is not None
    assert (int(found[1]), int(found[2])) == (pytest.approx(low, abs=0.51), pytest.approx(high, abs=0.51))
