"""Made-up figures of a demonstration beside real ones: each is marked, on the page and in every file."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.http import StreamingHttpResponse
from django.test import Client

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.shared.sources.actions import import_file

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
BANNER = "Cifras en parte inventadas."


@pytest.fixture(autouse=True)
def population(tmp_path: Path) -> None:
    """Departments of a population file, and municipalities that are made up, in one table."""
    codelists.load()
    places.load()
    cache.clear()
    real = tmp_path / "population.csv"
    real.write_text("area,year,population\nSV-SS,2024,1000\nSV-SM,2024,600\n", encoding="utf-8")
    invented = tmp_path / "made-up.csv"
    rows = ["area,year,population,inventado", "SV-SS-1,2015,900,yes", "SV-SS-2,2015,50,yes"]
    invented.write_text("\n".join(rows) + "\n", encoding="utf-8")
    for path in (real, invented):
        import_file(path=path, now=NOW)


def notes(client: Client, address: str) -> dict[str, str]:
    """The NOTE of each place in a file, whose name says demo."""
    answer = client.get(address)
    assert isinstance(answer, StreamingHttpResponse)
    assert "-demo." in answer["Content-Disposition"]
    lines = csv.DictReader(io.StringIO(b"".join(answer).decode()))  # type: ignore[arg-type]
    return {line["REF_AREA"]: line["NOTE"] for line in lines}


@pytest.mark.parametrize("query", ["", "?by=REF_AREA,TIME_PERIOD", "?SEX=_T"])
def test_the_made_up_lines_of_a_file_say_so_and_the_real_ones_do_not(client: Client, query: str) -> None:
    marked = "MADE UP / INVENTADO"
    assert notes(client, f"/flows/POPULATION.csv{query}") == {
        "SV-SM": "",
        "SV-SS": "",
        "SV-SS-1": marked,
        "SV-SS-2": marked,
    }


def test_the_page_says_which_source_is_made_up(client: Client) -> None:
    page = client.get("/flows/POPULATION/").content.decode()
    assert BANNER in page
    assert "Es inventado: made-up-population" in page
    assert "en parte inventado" in client.get("/flows/").content.decode()


def test_the_opening_page_holds_places_of_one_level_and_the_json_says_what_is_made_up(client: Client) -> None:
    page = client.get("/flows/POPULATION/").content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "San Salvador" in table
    assert "San Salvador Centro" not in table
    answer = client.get("/flows/POPULATION.json")
    assert isinstance(answer, StreamingHttpResponse)
    assert "Some of these figures are made up" in b"".join(answer).decode()  # type: ignore[arg-type]
