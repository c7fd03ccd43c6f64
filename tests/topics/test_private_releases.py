"""Returned children: published with noise, drawn once a year, paid for in a ledger, and the same on every page."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from tests.made_up import arrivals, children
from torogoz.shared.audit.models import RecordIsAppendOnly
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.shared.releases import queries
from torogoz.shared.releases.actions import Made, make_release
from torogoz.shared.releases.models import PrivacySpending, Release
from torogoz.statistics.coverage import coverage
from torogoz.statistics.disclosure.private.ledger import BudgetSpent, LedgerBroken
from torogoz.statistics.private_releases import CHILDREN

NAME = "RETURNED_CHILDREN"
HOME = ZoneInfo("America/El_Salvador")
pytestmark = pytest.mark.django_db


def make(
    frame: pl.DataFrame | None, code: str = "2025", now: datetime = datetime(2026, 11, 20, 16, tzinfo=UTC)
) -> Made:
    frames = {"RETURNS": arrivals(300, 2024, 2025)} | ({} if frame is None else {NAME: frame})
    return make_release(code=code, cut_off=coverage(code).cut_off(HOME), frames=frames, by="", now=now, made_up=True)


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def totals(cells: pl.DataFrame) -> dict[str, float]:
    whole = {"SEX": "_T", "AGE": "_T", "ACCOMPANIED": "_T", "REF_AREA": "SLV"}
    found = cells.filter(pl.col(name) == code for name, code in whole.items())
    return dict(found.select("TIME_PERIOD", "OBS_VALUE").iter_rows())


def test_every_figure_carries_noise_and_says_that_it_is_an_estimate() -> None:
    frame = children()
    make(frame)
    cells = queries.published(NAME)
    assert set(cells["OBS_STATUS"]) == {"E"}
    shown = cells.filter(pl.col("CONF_STATUS") == "F")
    assert (shown["OBS_VALUE"] >= CHILDREN.design.least_shown).all()
    true = frame.group_by("TIME_PERIOD", "SEX").len()
    by_sex = shown.join(true, on=["TIME_PERIOD", "SEX"]).filter(
        pl.col("AGE") == "_T", pl.col("ACCOMPANIED") == "_T", pl.col("REF_AREA") == "SLV"
    )
    departments = shown.join(frame.group_by("TIME_PERIOD", "REF_AREA").len(), on=["TIME_PERIOD", "REF_AREA"])
    away = pl.concat([by_sex, departments], how="diagonal").select((pl.col("OBS_VALUE") - pl.col("len")).abs())
    assert away.to_series().sum() > 0
    assert away.to_series().max() < 60  # type: ignore[operator]  # twelve times the scale of the noise


def test_neither_rows_nor_anything_counted_on_them_without_noise_enters_the_release(settings: LazySettings) -> None:
    release = make(children()).release
    folder = Path(settings.RELEASES) / release.folder
    assert not (folder / "microdata" / f"{NAME}.parquet").exists()
    manifest = queries.manifest(release)
    assert NAME not in manifest["rows"]
    assert manifest["parts"][NAME]["findings"] == []
    assert release.rows == 300
    assert manifest["parts"][NAME]["disclosure"]["epsilon"] == 2.0


def test_a_year_that_is_not_over_is_not_published() -> None:
    make(children(900, 2024, 2026), code="2026-Q3")
    assert set(queries.published(NAME)["TIME_PERIOD"]) == {"2024", "2025"}


def test_the_same_release_again_draws_nothing_and_changes_nothing() -> None:
    first = make(children())
    again = make(children())
    assert first.is_new
    assert not again.is_new
    assert PrivacySpending.objects.count() == 2 * len(CHILDREN.design.measured())


def test_a_later_release_carries_what_was_drawn_and_draws_the_new_year_only() -> None:
    make(children(seed=11))
    before = queries.published(NAME)
    make(children(1_200, 2024, 2026, seed=12), code="2026", now=datetime(2027, 2, 1, 16, tzinfo=UTC))
    after = queries.published(NAME)
    assert after.filter(pl.col("TIME_PERIOD") != "2026").equals(before)
    assert set(after["TIME_PERIOD"]) == {"2024", "2025", "2026"}
    drawn = PrivacySpending.objects.order_by("pk").values_list("code", "period")
    assert set(drawn) == {("2025", "2024"), ("2025", "2025"), ("2026", "2026")}


def test_a_release_without_the_data_set_does_not_stop_the_next_one_from_carrying_it() -> None:
    make(children())
    before, lines = queries.published(NAME), PrivacySpending.objects.count()
    make(None, code="2026-Q1")
    make(children(), code="2026-Q2")
    assert queries.published(NAME).equals(before)
    assert PrivacySpending.objects.count() == lines


def test_a_year_that_was_drawn_and_lost_is_not_drawn_again_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    make(children())
    releases, lines = Release.objects.count(), PrivacySpending.objects.count()
    monkeypatch.setattr(queries, "earlier_cells", lambda *_: None)
    with pytest.raises(BudgetSpent, match=r"RETURNED_CHILDREN 2024: ε 2 of ε 2 are spent"):
        make(children(), code="2026-Q2")
    assert (Release.objects.count(), PrivacySpending.objects.count()) == (releases, lines)


def test_the_ledger_prints_each_table_and_what_its_year_has_cost() -> None:
    assert "nothing has been spent" in run("privacy_ledger")
    make(children())
    said = run("privacy_ledger").splitlines()
    assert len(said) == 1 + 6
    assert "AGE × ACCOMPANIED" in said[2]
    assert said[3].split()[-1] == said[6].split()[-1] == "2.000"
    assert (
        run("privacy_ledger", "--verify")
        == "6 lines, each as it was written, and each drawing of a release is among them\n"
    )
    assert "nothing has been spent" in run("privacy_ledger", "other")


@pytest.mark.parametrize("how", ["cheaper", "gone"])
def test_a_line_of_the_ledger_that_was_changed_or_taken_out_shows(how: str) -> None:
    make(children())
    second = PrivacySpending.objects.order_by("pk")[1]
    if how == "gone":
        second.delete()
    else:
        second.epsilon = "1/1000"
        second.save()
    with pytest.raises(CommandError, match="line 2 of the ledger"):
        run("privacy_ledger")


@pytest.mark.parametrize("left", [5, 3, 0])
def test_a_ledger_that_was_cut_at_its_end_shows_and_nothing_more_is_drawn(left: int) -> None:
    make(children())
    for line in PrivacySpending.objects.order_by("pk")[left:]:
        line.delete()
    with pytest.raises(CommandError, match=r"release 2025 r0 drew RETURNED_CHILDREN 202[45] for ε 2, and the ledger"):
        run("privacy_ledger", "--verify")
    with pytest.raises(LedgerBroken, match="lines are missing"):
        make(children(1_200, 2024, 2026, seed=12), code="2026", now=datetime(2027, 2, 1, 16, tzinfo=UTC))
    assert PrivacySpending.objects.count() == left
    assert Release.objects.count() == 1


def test_lines_of_the_ledger_are_neither_changed_nor_taken_away() -> None:
    make(children())
    with pytest.raises(RecordIsAppendOnly, match="the ledger of privacy is never updated"):
        PrivacySpending.objects.update(epsilon="0")
    with pytest.raises(RecordIsAppendOnly, match="nothing is taken away from the ledger of privacy"):
        PrivacySpending.objects.all().delete()
    assert PrivacySpending.objects.count() == 6


@pytest.fixture
def site(client: Client) -> Client:
    codelists.load()
    places.load()
    cache.clear()
    make(children())
    return client


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u202f", " "))


def test_the_page_says_in_plain_words_that_there_is_noise_and_how_much(site: Client) -> None:
    spanish = text(site.get(f"/flows/{NAME}/").content.decode())
    assert "a cada cuenta se le sumó o restó un número al azar" in spanish
    assert "ε = 2 por persona y año" in spanish
    assert "número al azar" not in text(site.get("/flows/RETURNS/").content.decode())
    site.post(reverse("set_language"), {"language": "en", "next": "/"})
    english = text(site.get(f"/flows/{NAME}/").content.decode())
    assert "a random number was added to or taken from each count" in english
    assert "ε = 2 per person and year" in english


def test_page_files_and_command_give_the_same_figure(site: Client) -> None:
    total = totals(queries.published(NAME))["2025"]
    query = "?by=TIME_PERIOD&from=2025&to=2025"
    assert f"{total:.0f}" in text(site.get(f"/flows/{NAME}/{query}").content.decode())
    table = b"".join(site.get(f"/flows/{NAME}.csv{query}")).decode()  # type: ignore[call-overload]
    assert [float(row["OBS_VALUE"]) for row in csv.DictReader(io.StringIO(table))] == [total]
    said = run("data", NAME, "--where", "TIME_PERIOD=2025", "--by", "TIME_PERIOD")
    assert [float(row["OBS_VALUE"]) for row in csv.DictReader(io.StringIO(said))] == [total]
    document = json.loads(b"".join(site.get(f"/flows/{NAME}.json{query}")))  # type: ignore[call-overload]
    assert [each["OBS_VALUE"] for each in document["observations"]] == [total]


def test_the_page_of_the_release_says_what_protects_the_children(site: Client) -> None:
    page = text(site.get("/releases/2025-r0/").content.decode())
    assert "privacidad diferencial, ε = 2 por persona y año" in page
    assert "cifras se protege el" in page  # returns keep their own words
