"""Officers at the reception centre, in a real browser: one registers, another adds, a third finds nothing.

With TOROGOZ_SHOTS=FOLDER every page is also kept there as a picture, wide and narrow.
"""

import base64
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests.world import PASSWORD, World, make_world
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.people.models import Person, Section
from torogoz.shared.places import actions as places
from torogoz.topics.returns.models import Arrival

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def country(transactional_db: None) -> World:
    """The small country, with code lists and territory, and officers who have a password."""
    world = make_world()
    codelists.load()
    places.load()
    for officer in world.officers.values():
        officer.set_password(PASSWORD)
        officer.save()
    return world


class Visitor:
    """Somebody at a browser who goes to addresses, reads and types."""

    def __init__(self, browser: Chrome, server: LiveServer) -> None:
        self.browser = browser
        self.server = server

    def go(self, path: str) -> None:
        self.browser.get(self.server.url + path)

    @property
    def path(self) -> str:
        return urlsplit(self.browser.current_url).path

    @property
    def text(self) -> str:
        return self.browser.find_element(By.TAG_NAME, "body").text

    def sign_in(self, username: str) -> None:
        self.browser.delete_all_cookies()
        self.go("/returns/")
        self.type("username", username)
        self.type("password", PASSWORD)
        self.press("main form button")

    def type(self, name: str, text: str) -> None:
        field = self.browser.find_element(By.CSS_SELECTOR, f"main [name='{name}']")
        field.clear()
        field.send_keys(text)

    def choose(self, name: str, value: str) -> None:
        Select(self.browser.find_element(By.NAME, name)).select_by_value(value)

    def mark(self, name: str, value: str) -> None:
        self.browser.find_element(By.CSS_SELECTOR, f"[name='{name}'][value='{value}']").click()

    def press(self, selector: str) -> None:
        """Press a button or follow a link, and wait for the page that comes."""
        page = self.browser.find_element(By.TAG_NAME, "html")
        element = self.browser.find_element(By.CSS_SELECTOR, selector)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        self.wait_for_another(page)

    def wait_for_another(self, page: object) -> None:
        WebDriverWait(self.browser, 20).until(lambda window: window.find_element(By.TAG_NAME, "html") != page)

    def keep(self, name: str) -> None:
        """Keep a picture of the whole page, when a folder for pictures is named."""
        folder = os.environ.get("TOROGOZ_SHOTS")
        if not folder:
            return
        size = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        whole = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": whole})
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))

    def fits(self) -> bool:
        """Whether the page is no wider than the window."""
        script = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        return bool(self.browser.execute_script(script))


def register_rosa(visitor: Visitor) -> None:
    """From the search that finds nobody to the arrival that is stored."""
    visitor.type("text", "Rosa Elena Quijada Portillo")
    visitor.type("birth_year", "1991")
    visitor.press("main form[role=search] button")
    visitor.keep("search")
    visitor.press("form[action='/returns/new/'] button")
    visitor.type("birth", "1991-05")
    visitor.mark("sex", "F")
    visitor.choose("documents-0-kind", "DUI")
    visitor.type("documents-0-number", "00016297-4")
    visitor.choose("returned_from", "USA")
    visitor.mark("route", "AIR")
    visitor.choose("origin_district", "SV-AH-203")
    visitor.mark("reason", "ECONOMIC")
    visitor.mark("needs", "FOOD")
    visitor.mark("pregnant", "Y")
    visitor.press("main button[name=save]")


def test_one_registers_another_adds_its_section_and_the_police_find_nothing(
    browser: Chrome, live_server: LiveServer, country: World
) -> None:
    visitor = Visitor(browser, live_server)

    visitor.sign_in("registrar_a")
    assert visitor.path == "/returns/"
    assert "Llegadas de hoy" in visitor.text
    register_rosa(visitor)
    visitor.keep("form-doubt")
    assert "La última cifra de este DUI debería ser 5" in visitor.text
    assert browser.find_element(By.NAME, "surname2").get_attribute("value") == "Portillo"
    visitor.mark("documents-0-confirmed", "000162974")
    visitor.press("main button[name=save]")
    assert "Se guardó la llegada." in visitor.text
    assert "Parada médica obligatoria" in visitor.text
    visitor.keep("person-registrar")
    address = visitor.path
    person = Person.objects.get()
    assert address == f"/returns/people/{person.key}/"
    assert (Arrival.objects.get().origin_department, Arrival.objects.get().origin_district) == ("SV-AH", "SV-AH-203")
    visitor.go("/returns/")
    assert "1 llegada" in visitor.text
    visitor.keep("list")

    visitor.sign_in("health_a")
    visitor.press("table a")
    assert visitor.path == address
    visitor.press(f"a[href='{address}sections/health/']")
    assert "no lo pregunte otra vez" in visitor.text
    assert not browser.find_elements(By.CSS_SELECTOR, "[name=birth], [name=sex], [name=pregnant]")
    visitor.keep("section")
    visitor.mark("symptoms", "FEVER")
    visitor.mark("care", "TREATED")
    visitor.press("main form button")
    assert "Fiebre" in visitor.text
    assert "Personal inventado (health_a)" in visitor.text
    visitor.keep("person-health")
    assert Section.objects.get().answers == {"symptoms": ["FEVER"], "care": "TREATED"}

    visitor.sign_in("police_a")
    visitor.go(address)
    assert "Fiebre" not in visitor.text
    visitor.keep("person-police")
    visitor.go(f"{address}sections/health/")
    assert "Fiebre" not in visitor.text
    visitor.keep("not-found")
    refusal = AccessEvent.objects.filter(officer="police_a", allowed=False).get()
    assert (refusal.what, refusal.subjects, refusal.sections) == ("section", [str(person.key)], ["health"])


def test_every_page_fits_on_360_pixels(narrow: Chrome, live_server: LiveServer, country: World) -> None:
    visitor = Visitor(narrow, live_server)
    visitor.sign_in("registrar_a")
    visitor.keep("narrow-list-empty")
    assert visitor.fits()
    register_rosa(visitor)
    visitor.keep("narrow-form-doubt")
    assert visitor.fits()
    visitor.mark("documents-0-confirmed", "000162974")
    visitor.press("main button[name=save]")
    address = visitor.path
    visitor.keep("narrow-person")
    assert visitor.fits()
    visitor.go("/returns/")
    visitor.keep("narrow-list")
    assert visitor.fits()
    visitor.type("text", "quijada rosa")
    visitor.press("main form[role=search] button")
    visitor.keep("narrow-search")
    assert visitor.fits()
    visitor.press("ol.found a.button")
    visitor.keep("narrow-arrival")
    assert visitor.fits()
    visitor.sign_in("health_a")
    visitor.go(f"{address}sections/health/")
    visitor.keep("narrow-section")
    assert visitor.fits()


def test_the_switch_of_language_keeps_the_form_and_enter_does_not_press_it(
    reader: Chrome, live_server: LiveServer, country: World
) -> None:
    visitor = Visitor(reader, live_server)
    visitor.sign_in("registrar_a")
    visitor.go("/returns/new/")
    visitor.type("given1", "Rosa")
    visitor.mark("route", "LAND")
    visitor.press("button[name=switch_language]")
    assert reader.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    assert reader.find_element(By.NAME, "given1").get_attribute("value") == "Rosa"
    assert reader.find_element(By.CSS_SELECTOR, "[name=route][value=LAND]").is_selected()
    assert not reader.find_elements(By.CLASS_NAME, "summary")
    page = reader.find_element(By.TAG_NAME, "html")
    reader.find_element(By.NAME, "given1").send_keys(Keys.ENTER)
    visitor.wait_for_another(page)
    assert reader.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    assert reader.find_elements(By.CLASS_NAME, "summary")
    assert not Person.objects.exists()


def test_a_search_and_a_registration_need_no_mouse(browser: Chrome, live_server: LiveServer, country: World) -> None:
    visitor = Visitor(browser, live_server)
    visitor.sign_in("registrar_a")

    def keys(*pressed: str) -> None:
        ActionChains(browser).send_keys(*pressed).perform()

    def reach(name: str, value: str | None = None) -> None:
        """Press Tab until the field, or the button, has the focus."""
        for _ in range(80):
            focused = browser.switch_to.active_element
            if focused.get_attribute("name") == name and value in (None, focused.get_attribute("value")):
                return
            keys(Keys.TAB)
        pytest.fail(f"no number of tabs reaches {name}")

    reach("text")
    keys("Ana Cea Rubio")
    page = browser.find_element(By.TAG_NAME, "html")
    keys(Keys.ENTER)
    visitor.wait_for_another(page)
    carried = browser.find_element(By.CSS_SELECTOR, "form[action='/returns/new/'] button")
    for _ in range(80):
        if browser.switch_to.active_element == carried:
            break
        keys(Keys.TAB)
    keys(Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda window: visitor.path == "/returns/new/")
    reach("sex")
    keys(Keys.SPACE)
    reach("returned_from")
    keys("Estados Unidos")
    reach("route")
    keys(Keys.SPACE)
    reach("origin_district")
    keys("San Lorenzo")
    reach("pregnant", "_U")
    keys(Keys.ARROW_UP)
    reach("save")
    keys(Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda window: "/people/" in visitor.path)
    arrival = Arrival.objects.get()
    assert (arrival.returned_from, arrival.route, arrival.origin_department) == ("USA", "AIR", "SV-AH")
    assert (arrival.pregnant, arrival.medical_stop) == ("N", "_U")
