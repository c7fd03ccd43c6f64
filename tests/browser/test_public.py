"""What the public does in a browser without JavaScript: from the front page to a figure, its table and its file."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests.made_up import arrivals, release_of_made_up_rows
from tests.publishers import published_stock
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.shared.sources.reading import HEADLINES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (360, 1200)


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that the public reads: shipped figures, a publisher's file, a release of made-up people."""
    cache.clear()
    codelists.load()
    places.load()
    call_command("import", str(HEADLINES), verbosity=0)
    published_stock(tmp_path, monkeypatch)
    release_of_made_up_rows(arrivals(1_500, 2024, 2025))


def press(reader: webdriver.Chrome, how: str, what: str) -> None:
    """Click, and wait until another page is there.

    While one page gives way to the next the driver may answer with any error of its own, not only that the page is
    stale; so what is waited for is the next page, and an error is asked again.
    """
    page = reader.find_element(By.TAG_NAME, "html")
    reader.find_element(how, what).click()
    WebDriverWait(reader, 20, ignored_exceptions=[WebDriverException]).until(
        lambda window: window.find_element(By.TAG_NAME, "html") != page
    )


def is_wider_than_the_screen(reader: webdriver.Chrome) -> bool:
    """Whether the page would have to be moved sideways; a table in its own frame may be."""
    page = reader.find_element(By.TAG_NAME, "main").size["width"]
    return bool(page > reader.get_window_size()["width"])


@pytest.mark.usefixtures("country")
def test_a_reader_goes_from_the_front_page_to_a_figure_by_sex_and_its_file(
    reader: webdriver.Chrome, live_server: LiveServer
) -> None:
    reader.get(live_server.url + "/")
    assert "cifras" in reader.find_element(By.TAG_NAME, "h1").text
    assert reader.find_elements(By.CSS_SELECTOR, "#figure-months-title")
    press(reader, By.LINK_TEXT, "Ver y descargar los datos")
    press(reader, By.LINK_TEXT, "Población migrante internacional")
    assert "1 410 659" in reader.find_element(By.TAG_NAME, "main").text.replace("\u202f", " ")
    Select(reader.find_element(By.ID, "choice-SEX")).select_by_value("F")
    reader.find_element(By.ID, "choice-REF_AREA").send_keys("Estados Unidos")
    press(reader, By.XPATH, "//button[normalize-space()='Mostrar estas cifras']")
    assert "SEX=F" in reader.current_url
    assert "699 667" in reader.find_element(By.TAG_NAME, "main").text.replace("\u202f", " ")
    address = reader.find_element(By.LINK_TEXT, "CSV").get_attribute("href")
    assert address is not None
    assert "SEX=F" in address
    assert reader.get_cookies() == []


@pytest.mark.usefixtures("country")
def test_returns_have_their_drawings_and_mark_made_up_people_and_protected_figures(
    reader: webdriver.Chrome, live_server: LiveServer
) -> None:
    reader.get(live_server.url + "/flows/RETURNS/")
    for kind in ("line", "months", "pyramid", "map"):
        drawing = reader.find_element(By.CSS_SELECTOR, f"svg[aria-labelledby~='figure-{kind}-title']")
        assert drawing.is_displayed()
        assert drawing.size["width"] > 200
    assert "Personas inventadas" in reader.find_element(By.CSS_SELECTOR, "p.warning").text
    reader.get(live_server.url + "/flows/RETURNS/?by=AGE,SEX&freq=A&from=2025&to=2025")
    hidden = reader.find_elements(By.CSS_SELECTOR, "td.cell.suppressed")
    assert hidden
    assert "repeating-linear-gradient" in hidden[0].value_of_css_property("background-image")
    assert "dato protegido" in reader.find_element(By.CSS_SELECTOR, "ul.legend").text


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("width", WIDTHS)
def test_no_public_page_must_be_moved_sideways(reader: webdriver.Chrome, live_server: LiveServer, width: int) -> None:
    reader.set_window_size(width, 900)
    for address in ("/", "/flows/", "/flows/RETURNS/", "/flows/MIGRANT_STOCK/", "/flows/HEADLINES/"):
        reader.get(live_server.url + address)
        assert not is_wider_than_the_screen(reader), address
        for part in reader.find_elements(By.CSS_SELECTOR, "main > *, main section > *, footer p"):
            assert part.rect["x"] + part.rect["width"] <= max(width, 500) + 1, (address, part.tag_name)


@pytest.mark.usefixtures("country")
def test_an_unclear_question_is_answered_in_words_and_keeps_what_was_typed(
    reader: webdriver.Chrome, live_server: LiveServer
) -> None:
    reader.get(live_server.url + "/flows/MIGRANT_STOCK/?REF_AREA=Atlantis")
    assert "No existe el código «Atlantis»" in reader.find_element(By.CSS_SELECTOR, "div.summary").text
    assert reader.find_element(By.ID, "choice-REF_AREA").get_attribute("value") == "Atlantis"


@pytest.mark.usefixtures("country")
def test_the_reader_chooses_the_language_without_javascript(reader: webdriver.Chrome, live_server: LiveServer) -> None:
    reader.get(live_server.url + "/flows/MIGRANT_STOCK/")
    press(reader, By.CSS_SELECTOR, "form.language button")
    assert reader.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    assert "International migrant stock" in reader.find_element(By.TAG_NAME, "h1").text
    reader.delete_all_cookies()
