"""Outlines of the departments: in the register like every file, and drawn by the map of returns once imported."""

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tests.made_up import release_of_made_up_rows
from tests.publishers import made_up_departments
from torogoz.exchange.readers.contract import UnknownLayout, Unreadable
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.shared.releases.models import Release
from torogoz.shared.sources import queries
from torogoz.shared.sources.actions import Outcome, import_file
from torogoz.shared.sources.models import Vintage

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
PAGE, ALONE = "/flows/RETURNS/", "/flows/RETURNS/map.svg"
REAL = "11_boundaries/slv_departments_geoboundaries.geojson"


@pytest.fixture(autouse=True)
def no_page_kept() -> None:
    cache.clear()


@pytest.fixture
def release() -> Release:
    codelists.load()
    places.load()
    return release_of_made_up_rows()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return made_up_departments(tmp_path / "map.geojson", "Atlántida")


def shapes(client: Client, address: str = ALONE) -> int:
    """How many departments the map draws as paths."""
    drawing = client.get(address).content.decode()
    drawing = drawing[drawing.index('"figure-map-title"') :]
    return len(re.findall(r"<path [^>]*fill-rule", drawing))


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


def test_a_file_of_boundaries_is_registered_once_with_what_was_set_aside(file: Path) -> None:
    (first,) = import_file(path=file, now=NOW)
    (again,) = import_file(path=file, now=NOW + timedelta(days=1))
    assert (first.outcome, again.outcome) == (Outcome.STORED, Outcome.ALREADY)
    each = Vintage.objects.get()
    assert (each.dataflow, each.dataset, each.vintage) == ("BOUNDARIES", "geoboundaries-slv-adm1", "undated")
    assert (each.publisher, each.licence) == ("geoBoundaries", "CC BY 4.0")
    assert (each.rows_read, each.rows_stored, each.rows_set_aside) == (15, 14, 1)
    assert not each.held_back


def test_a_dry_run_stores_nothing(file: Path) -> None:
    (each,) = import_file(path=file, now=NOW, dry_run=True)
    assert each.outcome is Outcome.WOULD_STORE
    assert queries.outlines() is None


def test_the_newest_outlines_in_use_are_drawn_and_the_earlier_ones_stay(tmp_path: Path, file: Path) -> None:
    assert queries.outlines() is None
    import_file(path=file, now=NOW)
    moved = made_up_departments(tmp_path / "moved.geojson", shift=0.1)
    (newer,) = import_file(path=moved, now=NOW + timedelta(days=1))
    drawn = queries.outlines()
    assert drawn is not None
    assert drawn.vintage == newer.vintage
    assert min(x for area in drawn.areas for x, _ in area.polygons[0][0]) == pytest.approx(-89.9)
    assert Vintage.objects.count() == 2
    assert queries.outlines("municipality") is None


def test_a_dated_edition_is_newer_than_one_without_date(tmp_path: Path, file: Path) -> None:
    moved = made_up_departments(tmp_path / "moved.geojson", shift=0.1)
    (dated,) = import_file(path=moved, now=NOW, vintage="2024")
    import_file(path=file, now=NOW + timedelta(days=1))
    drawn = queries.outlines()
    assert drawn is not None
    assert drawn.vintage == dated.vintage


def test_outlines_are_in_the_register_and_are_no_dataflow(client: Client, file: Path) -> None:
    said = run("import", str(file.parent))
    assert said.startswith("stored: BOUNDARIES from map.geojson: geoboundaries-slv-adm1 undated; 15 rows read, 14 out")
    assert "BOUNDARIES" in run("sources")
    assert "BOUNDARIES" not in run("dataflows")
    register = client.get("/sources/").content.decode()
    for words in ("Contornos de los mapas", "geoBoundaries, sin fecha", "Contornos guardados", "CC BY 4.0"):
        assert words in register
    assert "de  a" not in register
    assert "BOUNDARIES" not in client.get("/flows/").content.decode()
    assert client.get("/flows/BOUNDARIES/").status_code == 404


def test_the_map_is_of_squares_before_and_of_outlines_after_although_the_page_was_kept(
    client: Client, release: Release, file: Path
) -> None:
    assert (shapes(client), shapes(client, PAGE)) == (0, 0)
    assert "Contornos" not in client.get(PAGE).content.decode()
    import_file(path=file, now=NOW)
    assert (shapes(client), shapes(client, PAGE)) == (14, 14)
    for address in (PAGE, ALONE):
        assert "Contornos (simplificados): geoBoundaries, CC BY 4.0" in client.get(address).content.decode()
    page = client.get(PAGE).content.decode()
    assert "contornos del mapa, simplificados" in page
    assert Vintage.objects.get().sha256 in page
    client.cookies["django_language"] = "en"
    assert "Outlines (simplified): geoBoundaries, CC BY 4.0" in client.get(PAGE).content.decode()


def test_damaged_outlines_leave_the_page_with_squares_and_the_file_restores_them(
    client: Client, release: Release, file: Path, settings: LazySettings
) -> None:
    import_file(path=file, now=NOW)
    stored = next(Path(settings.VINTAGES).rglob("*.parquet"))
    stored.write_bytes(b"not what was stored")
    assert shapes(client) == 0
    (again,) = import_file(path=file, now=NOW)
    assert again.outcome is Outcome.RESTORED
    cache.clear()
    assert shapes(client) == 14


@pytest.mark.parametrize("content", ["{}", '{"features": [1]}', '{"features": []}'])
def test_what_is_no_map_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.geojson"
    path.write_text(content)
    with pytest.raises((UnknownLayout, Unreadable)):
        import_file(path=path, now=NOW)
    assert not Vintage.objects.exists()


def test_a_table_with_a_column_of_departments_is_no_map(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("department,code\nCabañas,09\n")
    with pytest.raises(UnknownLayout, match="no reader knows this header"):
        import_file(path=path, now=NOW)


def test_the_real_outlines_are_drawn_on_a_page_below_100_kb(
    client: Client, release: Release, shared_data: Path
) -> None:
    import_file(path=shared_data / REAL, now=NOW)
    assert shapes(client) == 14
    assert len(client.get(PAGE).content) <= 100_000
    assert len(client.get(ALONE).content) <= 20_000


def test_the_44_municipalities_are_kept_beside_the_departments(shared_data: Path) -> None:
    import_file(path=shared_data / "11_boundaries/slv_municipios44_2024_hdx.geojson", now=NOW)
    assert queries.outlines() is None
    drawn = queries.outlines("municipality")
    assert drawn is not None
    assert len(drawn.areas) == 44
