"""The front door: what it shows with nothing, with the figures that are shipped, and with a release."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tests.made_up import release_of_made_up_rows
from tests.publishers import published_stock
from tests.topics.test_flows import plain, text
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.sources.reading import HEADLINES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists() -> None:
    codelists.load()
    cache.clear()


def test_without_anything_it_says_what_to_do(client: Client) -> None:
    page = text(client.get("/"))
    assert "torogoz import" in page
    assert "torogoz release" in page
    assert "<data" not in page


def test_without_a_data_folder_the_shipped_figures_are_shown_with_source_date_and_reliability(client: Client) -> None:
    call_command("import", str(HEADLINES), verbosity=0)
    page = plain(text(client.get("/")))
    assert "14 986 personas Personas retornadas , 2024" in page
    assert "1 599 058" in page
    assert "9 987.9 millones de dólares" in page
    assert page.count("Fiabilidad:") == 3
    assert "Dirección General de Migración y Extranjería" in page
    assert "todavía no ha publicado retornos propios" in page


def test_with_a_release_the_returns_are_its_own_by_month_and_marked_as_made_up(client: Client) -> None:
    call_command("import", str(HEADLINES), verbosity=0)
    release_of_made_up_rows()
    page = text(client.get("/"))
    assert 'id="figure-months-title"' in page
    assert "personas inventadas" in page
    assert '<data value="14986">' not in page
    assert 'href="/flows/RETURNS/?by=TIME_PERIOD&amp;freq=A"' in page


def test_a_publishers_own_file_comes_before_the_shipped_figure(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("import", str(HEADLINES), verbosity=0)
    published_stock(tmp_path, monkeypatch)
    page = text(client.get("/"))
    assert '<data value="1410659">' in page
    assert '<data value="1599058">' not in page
    assert "Made-up publisher" in page


def test_it_is_small_sets_no_cookie_and_needs_no_script(client: Client) -> None:
    call_command("import", str(HEADLINES), verbosity=0)
    release_of_made_up_rows()
    answer = client.get("/")
    assert not answer.cookies
    assert len(answer.content) < 60_000
    assert b"<script" not in answer.content
    assert client.get("/", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_it_leads_to_the_data_the_sign_in_and_what_the_system_does(client: Client) -> None:
    page = text(client.get("/"))
    assert 'href="/flows/"' in page
    assert 'href="/about/"' in page


@pytest.mark.parametrize(
    "address", ["/", "/flows/", "/flows/RETURNS/", "/flows/RETURNS.csv", "/flows/RETURNS/line.svg"]
)
def test_figures_of_a_damaged_release_are_not_shown_and_the_page_says_so(
    client: Client, settings: LazySettings, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    release = release_of_made_up_rows()
    table = Path(settings.RELEASES) / release.folder / "tables" / "RETURNS.parquet"
    table.chmod(0o640)
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    answer = client.get(address)
    assert answer.status_code == 503
    assert "no-store" in answer["Cache-Control"]
    assert "no se muestra ninguna cifra" in text(answer)
    assert "is not the file that was released" in caplog.text
