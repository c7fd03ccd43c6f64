"""Figures alone: as SVG, as PNG, and in a frame on the pages of others; the same figures and no more rights."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from tests.publishers import Line, published_stock
from torogoz.shared.codelists import actions as codelists
from torogoz.topics.flows import views

pytestmark = pytest.mark.django_db
PAIRS = "?COUNTERPART_AREA=SLV,HND&REF_AREA=USA,MEX&TIME_PERIOD=2020&by=COUNTERPART_AREA,REF_AREA"


@pytest.fixture(autouse=True)
def lists() -> None:
    """The code lists that figures name codes with; and no page kept from another test."""
    codelists.load()
    cache.clear()


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    countries = ("USA", "CAN", "MEX", "GTM", "CRI", "ESP", "ITA")
    lines: Sequence[Line] = [
        (country, birth, "_T", year, float(100 * place + int(year) % 7))
        for place, country in enumerate(countries, start=1)
        for birth in ("SLV", "HND")
        for year in ("2010", "2015", "2020")
    ]
    published_stock(tmp_path, monkeypatch, lines=lines)


@pytest.mark.usefixtures("stock")
def test_many_countries_over_time_are_drawn_in_panels(client: Client) -> None:
    page = client.get("/flows/MIGRANT_STOCK/").content.decode()
    assert "7 cuadros con una línea cada uno, de 2010 a 2020." in page
    assert client.get("/flows/MIGRANT_STOCK/panels.svg").status_code == 200


@pytest.mark.usefixtures("stock")
def test_countries_by_countries_are_drawn_as_a_diagram_with_its_table(client: Client) -> None:
    page = client.get("/flows/MIGRANT_STOCK/" + PAIRS).content.decode()
    drawing = client.get("/flows/MIGRANT_STOCK/diagram.svg" + PAIRS).content.decode()
    assert "<title>El Salvador → México: 304 personas</title>" in drawing
    assert drawing in page
    assert "Las mismas cifras en una tabla" in page


@pytest.mark.usefixtures("stock")
def test_a_figure_is_had_as_a_picture_at_three_sizes(client: Client) -> None:
    if views.png.__globals__["_family"]() is None:
        assert client.get("/flows/MIGRANT_STOCK/line.png").status_code == 503
        return
    answer = client.get("/flows/MIGRANT_STOCK/line.png?scale=1")
    assert answer["Content-Type"] == "image/png"
    assert int.from_bytes(answer.content[16:20], "big") == 640
    refused = client.get("/flows/MIGRANT_STOCK/line.png?scale=7")
    assert (refused.status_code, refused.content.decode()) == (400, "scale: escriba 1, 2 o 3.\n")


@pytest.mark.usefixtures("stock")
def test_an_embedded_figure_may_stand_in_the_pages_of_others_and_the_page_itself_may_not(client: Client) -> None:
    for _ in range(2):  # made, then kept
        answer = client.get("/flows/MIGRANT_STOCK/line/embed/")
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert not answer.has_header("X-Frame-Options")
        assert not answer.cookies
    whole = client.get("/flows/MIGRANT_STOCK/")
    assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]
    assert whole["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("stock")
def test_the_line_to_copy_leads_to_the_same_figure_in_the_language_of_the_page(client: Client) -> None:
    page = client.get("/flows/MIGRANT_STOCK/" + PAIRS + "&lang=en").content.decode()
    address = page.split("/flows/MIGRANT_STOCK/diagram/embed/")[1].split("&quot;")[0].replace("&amp;amp;", "&")
    assert address.endswith("&lang=en")
    embedded = client.get("/flows/MIGRANT_STOCK/diagram/embed/" + address).content.decode()
    assert '<html lang="en">' in embedded
    assert "<title>El Salvador → Mexico: 304 persons</title>" in embedded


@pytest.mark.usefixtures("stock")
def test_a_figure_that_a_table_does_not_have_is_not_found(client: Client) -> None:
    for address in ("/flows/MIGRANT_STOCK/map/embed/", "/flows/MIGRANT_STOCK/bar.png", "/flows/RETURNS/line/embed/"):
        assert client.get(address).status_code == 404


def test_an_address_speaks_the_language_that_it_names_and_nothing_is_kept_of_it(client: Client) -> None:
    answer = client.get("/flows/?lang=en")
    assert '<html lang="en">' in answer.content.decode()
    assert not answer.cookies
    assert '<html lang="es">' in client.get("/flows/").content.decode()
    assert '<html lang="es">' in client.get("/flows/?lang=de").content.decode()
