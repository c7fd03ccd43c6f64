"""The words of a search in the list of commitments: forms of a word, words that say the same, and what is not found."""

import re
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import shipped
from torogoz.topics.commitments.searching import SAME, stem, terms

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def loaded(db: None) -> None:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)


def listed(client: Client, query: str, language: str = "es") -> str:
    return client.get(f"/commitments/list/?lang={language}&{query}").content.decode()


def found(client: Client, query: str, language: str = "es") -> int:
    many = re.search(r"<p>(\d+) (?:disposici|provision)", listed(client, query, language))
    assert many
    return int(many[1])


@pytest.mark.parametrize(
    "forms",
    [
        "niño niños niña niñas",
        "menor menores",
        "retornado retornados retornada retornadas",
        "interés intereses",
        "país países",
        "voz voces",
        "trabajador trabajadoras",
        "familia familias family families",
        "woman women",
        "returnee returnees returned",
        "policy policies",
        "crisis crisis",
    ],
)
def test_the_forms_of_a_word_come_to_the_same(forms: str) -> None:
    assert len({stem(each) for each in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["trata tratan", "trata trato", "casa caso", "trata tratados", "menor minor"])
def test_different_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_no_word_says_the_same_as_two_others() -> None:
    for group in SAME:
        for other in SAME:
            assert group is other or not {stem(each) for each in group} & {stem(each) for each in other}


def test_codes_and_what_is_in_quotation_marks_are_searched_as_they_stand() -> None:
    assert [(each.typed, bool(each.stems)) for each in terms('T1.HR.05 "los niños" niñas de')] == [
        ("T1.HR.05", False),
        ("los niños", False),
        ("niñas", True),
    ]
    assert [each.typed for each in terms("de la")] == ["de", "la"]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("niños niño niñas menores niñez adolescentes", "es"),
        ("retornado retornados deportados retorno", "es"),
        ("woman women mujeres", "en"),
        ("returnees deported return", "en"),
    ],
)
def test_ordinary_words_find_what_is_said_with_others(client: Client, loaded: None, words: str, language: str) -> None:
    counts = {found(client, f"q={word}", language) for word in words.split()}
    assert len(counts) == 1
    assert counts.pop() > 3


def test_a_noun_is_not_a_verb_and_the_page_says_which_words_were_searched_too(client: Client, loaded: None) -> None:
    assert "También se buscó: trafficking." in listed(client, "q=trata")
    assert found(client, "q=tratan") < found(client, "q=trata")
    page = listed(client, "q=niños&theme=T1")
    assert "menor, adolescente" in page
    exact = re.search(r'<a href="\?([^"]*)">Buscar solo lo que escribió', page)
    assert exact
    assert "theme=T1" in exact[1]
    assert "%22ni%C3%B1os%22" in exact[1]
    assert found(client, "q=%22ni%C3%B1os%22") == 0


def test_where_nothing_is_found_near_words_and_other_places_are_offered(client: Client, loaded: None) -> None:
    page = listed(client, "q=remessas")
    assert "Palabras parecidas que sí están:" in page
    assert '?q=remesas&amp;instrument=all">remesas</a>' in page
    assert "Tampoco se encuentra «remessas»" in page
    narrowed = listed(client, "q=remesas&kind=definition")
    many = found(client, "q=remesas")
    assert "0 disposiciones" in narrowed
    assert re.search(rf'instrument=position-2017">[^<]+</a> \({many}\)', narrowed)


def test_every_instrument_is_searched_from_the_overview_at_once(client: Client, loaded: None) -> None:
    page = client.get("/commitments/").content.decode()
    assert re.search(r'<form[^>]*action="/commitments/list/".*name="q".*name="instrument" value="all"', page)
    everywhere = listed(client, "instrument=all&q=niños")
    assert found(client, "instrument=all&q=niños") >= found(client, "q=niños") > 0
    assert '<option value="all" selected>Todos</option>' in everywhere
    assert "catalogue.csv" not in everywhere


@pytest.mark.parametrize(
    ("query", "opened"),
    [("", False), ("q=trata", False), ("instrument=position-2017&kind=", False), ("objective=5", True)],
)
def test_what_is_seldom_chosen_waits_folded_and_is_open_where_it_was_chosen(
    client: Client, loaded: None, query: str, opened: bool
) -> None:
    page = listed(client, query)
    folded = re.search(r"<details( open)?><summary>Más filtros</summary>(.*?)</details>", page, re.DOTALL)
    assert folded
    assert bool(folded[1]) is opened
    assert re.findall(r'<select id="c_(\w+)"', page.replace(folded[0], "")) == ["instrument", "theme"]
    assert {"kind", "objective", "flag"} <= set(re.findall(r'<select id="c_(\w+)"', folded[2]))
