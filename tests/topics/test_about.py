"""/about/ says plainly what works and what does not, from the one table of topics and the 195 provisions."""

import re
from html import unescape

import pytest
from django.test import Client

from torogoz.shared.codelists import actions
from torogoz.shared.codelists.queries import provisions
from torogoz.site.topics import TOPICS, WORKING_TOPICS


@pytest.fixture
def page(client: Client, db: None) -> str:
    actions.load()
    answer = client.get("/about/")
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.content.decode()


@pytest.fixture
def english_page(client: Client, db: None) -> str:
    actions.load()
    client.cookies["django_language"] = "en"
    return client.get("/about/").content.decode()


def sections(page: str) -> dict[str, str]:
    """The part of the page of each demand, by its anchor."""
    return dict(re.findall(r'<section class="demand" id="(S\d+)">(.*?)</section>', page, re.DOTALL))


def test_the_17_demands_are_there_each_with_an_anchor_and_a_disclosure(page: str) -> None:
    found = sections(page)
    assert set(found) == {topic.code for topic in TOPICS}
    assert len(found) == 17
    assert all("<details>" in part for part in found.values())
    assert page.count("<h1>") == 1


def test_the_working_ones_are_marked_and_the_others_say_that_they_do_not_work_yet(page: str) -> None:
    for topic in TOPICS:
        part = sections(page)[topic.code]
        assert ("aún no funciona" in part) == (topic not in WORKING_TOPICS), topic.code
        assert topic.name_es in unescape(part)


def test_every_provision_stands_once_under_the_demand_that_answers_it(page: str) -> None:
    assert len(provisions()) == 195
    found = sections(page)
    for provision in provisions():
        part = unescape(found[provision.system])
        assert page.count(f'<li id="{provision.code}">') == 1
        assert provision.text_es in part
    assert ">195<" in page


def test_a_demand_says_how_many_provisions_it_has(page: str) -> None:
    for code, part in sections(page).items():
        stated = re.search(r"<summary>(\d+) disposici", part)
        assert stated is not None
        assert int(stated.group(1)) == part.count("<li id=")
        assert int(stated.group(1)) == sum(provision.system == code for provision in provisions())


def test_what_is_doubtful_in_the_text_is_said_beside_it(page: str) -> None:
    text = unescape(page)
    assert "probable error" in text
    assert "No se acordó una definición" in text


def test_the_page_in_english_has_the_provisions_in_english(english_page: str) -> None:
    text = unescape(english_page)
    assert all(provision.text_en in text for provision in provisions())
    assert provisions()[0].text_es not in text


def test_the_page_weighs_little(page: str) -> None:
    assert len(page.encode()) <= 60_000
