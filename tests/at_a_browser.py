"""Somebody at a browser who reads what stands on the page: links, headings, questions and buttons, by their words."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests.world import PASSWORD

WAIT_SECONDS = 60
Answers = Mapping[str, str | Sequence[str]]


class AtABrowser:
    """One browser that many people sit down at; each stays signed in, as if it were the own one."""

    def __init__(self, browser: Chrome, server: LiveServer) -> None:
        self.browser = browser
        self.server = server
        self.signed_in: dict[str, list[dict[str, Any]]] = {}

    def go(self, path: str) -> None:
        self.browser.get(self.server.url + path)

    @property
    def path(self) -> str:
        return urlsplit(self.browser.current_url).path

    @property
    def text(self) -> str:
        return self.browser.find_element(By.TAG_NAME, "main").text

    @contextmanager
    def of(self, username: str) -> Iterator[None]:
        """What follows is done by this officer; before and afterwards the browser is nobody's."""
        if username in self.signed_in:
            for cookie in self.signed_in[username]:
                self.browser.add_cookie(cookie)
            self.go("/")
        else:
            self.go("/")
            self.follow("Entrar")
            self.browser.find_element(By.NAME, "username").send_keys(username)
            self.browser.find_element(By.NAME, "password").send_keys(PASSWORD)
            self._press(self.browser.find_element(By.CSS_SELECTOR, "main form button"))
        try:
            yield
        finally:
            self.signed_in[username] = self.browser.get_cookies()
            self.browser.delete_all_cookies()

    def follow(self, *words: str) -> None:
        """Follow links, one page after another, each by the words on it."""
        for each in words:
            self._press(self._one(f"//a[contains(normalize-space(.), {quoted(each)})]", self.browser))

    def follow_beside(self, words: str) -> None:
        """Follow the link of the entry of a list, or of the row of a table, in which these words stand."""
        entry = f"//main//*[self::article or self::tr][contains(., {quoted(words)})]"
        self._press(self._one(f"{entry}//a", self.browser))

    def links(self, words: str) -> list[str]:
        """The addresses of the links that say this."""
        found = self.browser.find_elements(By.XPATH, f"//main//a[contains(normalize-space(.), {quoted(words)})]")
        return [str(link.get_attribute("href")) for link in found]

    def press(self, button: str, *, within: str = "") -> None:
        """Press a button by its words; below the heading `within`, if there are several."""
        self._press(self._one(f".//button[normalize-space(.)={quoted(button)}]", self._part(within)))

    def send(self, button: str, answers: Answers | None = None, *, under: str = "", within: str = "") -> None:
        """Answer the questions of the form that has this button, by what stands beside each, and press it.

        under   what is opened first, if it is not open
        within  the heading of the part of the page that the form is in
        """
        part = self._part(within)
        if under:
            fold = self._one(f".//details[summary[contains(normalize-space(.), {quoted(under)})]]", part)
            if fold.get_attribute("open") is None:
                fold.find_element(By.TAG_NAME, "summary").click()
            around = fold.find_elements(By.XPATH, f".//button[normalize-space(.)={quoted(button)}]")
            part = fold if around else part
        form = self._one(f".//form[.//button[normalize-space(.)={quoted(button)}]]", part)
        for question, answer in (answers or {}).items():
            self._answer(form, question, answer)
        self._press(self._one(f".//button[normalize-space(.)={quoted(button)}]", form))
        refused = self.browser.find_elements(By.CSS_SELECTOR, "main .summary")
        assert not refused, f"{button}: {refused[0].text}"

    def _answer(self, form: WebElement, question: str, answer: str | Sequence[str]) -> None:
        found = form.find_elements(By.XPATH, f".//legend[starts-with(normalize-space(.), {quoted(question)})]/..")
        if found:
            for one in [answer] if isinstance(answer, str) else answer:
                self._one(f".//label[contains(normalize-space(.), {quoted(one)})]", found[0]).click()
            return
        label = self._one(f".//label[starts-with(normalize-space(.), {quoted(question)})]", form)
        field = self.browser.find_element(By.ID, str(label.get_attribute("for")))
        kind = field.get_attribute("type")
        if kind == "checkbox":
            label.click()
        elif field.tag_name == "select":
            options = Select(field).options
            Select(field).select_by_index(next(n for n, one in enumerate(options) if str(answer) in one.text))
        elif kind in ("date", "datetime-local"):
            self.browser.execute_script("arguments[0].value = arguments[1]", field, answer)
        else:
            field.clear()
            field.send_keys(str(answer))

    def _part(self, within: str) -> Any:
        if not within:
            return self.browser.find_element(By.TAG_NAME, "main")
        heading = f"*[self::h2 or self::h3][contains(normalize-space(.), {quoted(within)})]"
        return self._one(f"//main//*[self::article or self::section][{heading}]", self.browser)

    def _one(self, path: str, part: Any) -> WebElement:
        found: list[WebElement] = part.find_elements(By.XPATH, path)
        assert found, f"{self.path} has nothing like {path}:\n{self.text}"
        return found[0]

    def _press(self, element: WebElement) -> None:
        """Press a button or follow a link, and wait for the page that comes."""
        page = self.browser.find_element(By.TAG_NAME, "html")
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        WebDriverWait(self.browser, WAIT_SECONDS, poll_frequency=0.05).until(
            lambda window: (
                window.find_element(By.TAG_NAME, "html") != page
                and window.execute_script("return document.readyState") == "complete"
            )
        )


def quoted(words: str) -> str:
    """Words as a string of XPath."""
    assert "'" not in words
    return f"'{words}'"
