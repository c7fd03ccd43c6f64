"""The pages of indicators: the register, one indicator, its files; the same number in each of them."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.made_up import arrivals, release_of_made_up_rows
from tests.publishers import published_stock
from tests.topics.test_flows import body, plain, text
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.shared.releases.actions import make_release
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.indicators.register import register
from torogoz.statistics.measured_releases import RETURN_MEASURES

pytestmark = pytest.mark.django_db
EMIGRANTS = "/indicators/SV_07_EMIGRANT_STOCK"


@pytest.fixture(autouse=True)
def lists() -> None:
    """The code lists and places that pages name codes with; and no page kept from another test."""
    codelists.load()
    places.load()
    cache.clear()


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published_stock(tmp_path, monkeypatch)


def test_the_register_has_every_indicator_and_says_what_each_waits_for(client: Client) -> None:
    page = plain(text(client.get("/indicators/")))
    for entry in register():
        if entry.given:
            assert all(shipped()[name].name_es in page for name in entry.definitions)
        else:
            assert f"{entry.name_es} – Espera: {entry.waits_for_es}" in page
    assert "Hoy 0 tienen cifra" in page


@pytest.mark.usefixtures("stock")
def test_the_register_shows_the_newest_figure_of_the_whole_country(client: Client) -> None:
    page = plain(text(client.get("/indicators/?lang=en")))
    assert "Emigrant stock of El Salvador by country 1,410,659 persons, 2020" in page
    assert "Women in the emigrant stock 49.6 per cent, 2020" in page


@pytest.mark.usefixtures("stock")
def test_every_file_of_an_indicator_has_the_number_of_its_page(client: Client) -> None:
    query = "?REF_AREA=USA&SEX=F&TIME_PERIOD=2020&by=REF_AREA,TIME_PERIOD"
    assert "699 667" in plain(text(client.get(f"{EMIGRANTS}/{query}")))
    lines = list(csv.DictReader(io.StringIO(text(client.get(f"{EMIGRANTS}.csv{query}")), newline="")))
    assert [line["OBS_VALUE"] for line in lines] == ["699667"]
    document = json.loads(body(client.get(f"{EMIGRANTS}.json{query}")))
    assert [each["OBS_VALUE"] for each in document["observations"]] == [699667]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body(client.get(f"{EMIGRANTS}.xlsx{query}"))))
    head, row = sheet.get_sheet_by_name("data").to_python()
    assert row[head.index("OBS_VALUE")] == 699667
    frame = pl.read_parquet(io.BytesIO(body(client.get(f"{EMIGRANTS}.parquet{query}"))))
    assert frame["OBS_VALUE"].to_list() == [699667]
    with zipfile.ZipFile(io.BytesIO(body(client.get(f"{EMIGRANTS}.zip{query}")))) as package:
        names = {name.split("/")[-1] for name in package.namelist()}
    assert names == {"data.csv", "dictionary.csv", "LICENCE.txt", "CITATION.txt", "README.txt"}


@pytest.mark.usefixtures("stock")
def test_the_page_of_an_indicator_says_how_it_is_measured_and_what_it_serves(client: Client) -> None:
    page = plain(text(client.get("/indicators/SV_07_WOMEN/")))
    assert "100 × [Población migrante internacional (" in page
    assert "Sexo: Mujeres" in page
    assert "7. Población emigrante por país" in page
    assert "Hay una sola edición de sus fuentes" in page


def test_an_indicator_without_its_source_says_so_and_offers_no_file(client: Client) -> None:
    page = client.get(f"{EMIGRANTS}/")
    assert page.status_code == 200
    assert "torogoz import" in text(page)
    assert client.get(f"{EMIGRANTS}.csv").status_code == 404


def test_what_is_no_indicator_is_not_found(client: Client) -> None:
    for address in ("/indicators/SV_99_NOTHING/", "/indicators/SV_99_NOTHING.csv", "/indicators/NOPE/line.svg"):
        assert client.get(address).status_code == 404


def test_a_release_gives_its_indicators_and_a_second_one_their_revisions(client: Client) -> None:
    release_of_made_up_rows(arrivals(600, 2024, 2024), "2024", datetime(2025, 1, 20, 16, tzinfo=UTC))
    first = plain(text(client.get("/indicators/SV_11_RETURNS/")))
    assert "Personas inventadas." in first
    assert "Revisiones Hay una sola edición" in first
    release_of_made_up_rows(arrivals(610, 2024, 2024, seed=8), "2024", datetime(2025, 2, 20, 16, tzinfo=UTC))
    second = plain(text(client.get("/indicators/SV_11_RETURNS/")))
    assert "Alguna cifra total cambió de una edición a otra." in second
    assert "2024 600 610" in second


def test_a_figure_that_a_release_hides_is_hidden_in_every_indicator_made_from_it(client: Client) -> None:
    release_of_made_up_rows(arrivals(60, 2024, 2024), "2024", datetime(2025, 1, 20, 16, tzinfo=UTC))
    published = list(csv.DictReader(io.StringIO(text(client.get("/flows/RETURNS.csv")), newline="")))
    counts = list(csv.DictReader(io.StringIO(text(client.get("/indicators/SV_11_RETURNS.csv")), newline="")))
    keys = ("SEX", "AGE", "COUNTERPART_AREA", "MODE", "REF_AREA", "TIME_PERIOD")
    shown = {
        tuple(line[key] for key in keys): (line["OBS_VALUE"], line["CONF_STATUS"])
        for line in published
        if line["ORIGIN"] == line["REASON"] == "_T"
    }
    assert {line["CONF_STATUS"] for line in counts} == {"F", "C"}
    for line in counts:
        assert shown[tuple(line[key] for key in keys)] == (line["OBS_VALUE"], line["CONF_STATUS"])


def test_an_indicator_over_persons_is_computed_when_a_release_is_made_and_read_from_it(client: Client) -> None:
    make_release(
        code="2025",
        cut_off=datetime(2026, 1, 1, 6, tzinfo=UTC),
        frames={},
        persons={RETURN_MEASURES: MEASURED_ROWS},
        by="",
        now=datetime(2026, 1, 15, tzinfo=UTC),
        made_up=True,
        secret=b"a secret of tests that is long enough",
    )
    page = plain(text(client.get("/indicators/SV_13_REPEAT/?by=SEX,TIME_PERIOD")))
    assert "de las que se sabe, aquellas en que «retornos de la persona" in page
    assert "Cada cuenta lleva un pequeño cambio al azar" in page
    lines = list(csv.DictReader(io.StringIO(text(client.get("/indicators/SV_13_REPEAT.csv")), newline="")))
    shown = {(line["SEX"], line["AGE"]): (line["OBS_VALUE"], line["CONF_STATUS"]) for line in lines}
    assert shown["_T", "_T"][1] == "F"
    assert 15 < float(shown["_T", "_T"][0]) < 30
    assert shown["M", "_T"] == ("", "C")  # eight men
    register_page = plain(text(client.get("/indicators/")))
    assert "Retornos repetidos en doce meses" in register_page
    everything = text(client.get("/flows/RETURN_MEASURES.csv?INDICATOR=SV_13_REPEAT&by=SEX,TIME_PERIOD"))
    assert "as INDICATOR says" not in everything, "each line says its own unit"
    assert shown["_T", "_T"][0] in everything


def test_without_a_secret_nothing_of_persons_is_measured(client: Client) -> None:
    make_release(
        code="2025",
        cut_off=datetime(2026, 1, 1, 6, tzinfo=UTC),
        frames={},
        persons={RETURN_MEASURES: MEASURED_ROWS},
        by="",
        now=datetime(2026, 1, 15, tzinfo=UTC),
    )
    assert client.get("/indicators/SV_13_REPEAT.csv").status_code == 404


MEASURED_ROWS = {
    "returns": pl.DataFrame(
        {
            "TIME_PERIOD": ["2025-05"] * 408,
            "person": [str(number) for number in range(408)],
            "SEX": ["F"] * 400 + ["M"] * 8,
            "AGE": ["Y30T34"] * 408,
            "AGE_GROUP": ["Y_GE18"] * 408,
            "age_years": [30] * 408,
            "CHILD_STATUS": ["ADULT"] * 408,
            "returns_12_months": [2] * 90 + [1] * 318,
        }
    )
}
