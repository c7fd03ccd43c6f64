"""What the public reads of commitments."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.provisions import shipped

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def loaded() -> None:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)


def test_the_overview_counts_the_position_and_names_the_objectives_without_one(client: Client, loaded: None) -> None:
    page = client.get("/commitments/").content.decode()
    assert "<strong>195</strong>" in page
    assert "<strong>39</strong> Sistema por construir" in page
    assert page.count("sin posición nacional") == 2
    english = client.get("/commitments/?lang=en").content.decode()
    assert english.count("without a national position") == 2


def test_before_anything_is_loaded_the_overview_says_what_will_be_there(client: Client) -> None:
    cache.clear()
    page = client.get("/commitments/").content.decode()
    assert "Todavía no se ha cargado la posición nacional" in page
    assert "se leerá aquí disposición por disposición" in page


def test_public_pages_speak_to_readers_and_not_to_who_operates_the_system(client: Client, loaded: None) -> None:
    page = page_of(client, "T1.HR.05")
    assert "La redacción impresa no se guarda aquí" in page
    assert "<dt>Líneas del texto impreso</dt>" in page
    for address in ("", "list/", "repeated/", "positions/", "treaties/", "reviews/", "follow-up/", "follow-up/duties/"):
        for tongue in ("es", "en"):
            said = client.get(f"/commitments/{address}?lang={tongue}").content.decode()
            assert not re.search(r"torogoz [a-z]", said), address
    assert not re.search(r"torogoz [a-z]", page + page_of(client, "T1.HR.05", "en"))


def page_of(client: Client, code: str, language: str = "es") -> str:
    key = shipped.key_of("position-2017", code)
    return client.get(f"/commitments/provisions/{key}/?lang={language}").content.decode()


def test_the_slip_of_line_247_is_shown_as_printed_flagged_and_not_corrected(client: Client, loaded: None) -> None:
    page = page_of(client, "C3.04")
    assert '<q lang="en">Facilitate irregular migration</q>' in page
    assert "Se muestra como está impreso y nunca se corrige" in page
    assert "It is shown as printed and never corrected" in page_of(client, "C3.04", "en")


def test_a_commitment_shows_its_words_and_its_links_both_ways_with_where_they_come_from(
    client: Client, loaded: None
) -> None:
    page = page_of(client, "T5.01")
    assert "Está en tensión con" in page
    assert str(shipped.key_of("position-2017", "T6.09")) in page
    assert "leído en el texto" in page
    assert "En tensión" in page_of(client, "T6.09") or "Está en tensión con" in page_of(client, "T6.09")
    lawyer = page_of(client, "C1.02", "en")
    assert "proposed, for a lawyer" in lawyer
    assert "article 73" in lawyer
    assert "En palabras de este registro, español" in page
    assert "No responsible institution has been recorded yet" in lawyer


@pytest.mark.parametrize("code", ["4", "14"])
def test_the_page_of_an_objective_without_a_position_says_so(client: Client, loaded: None, code: str) -> None:
    page = client.get(f"/commitments/provisions/{shipped.key_of('gcm', code)}/").content.decode()
    assert "sin posición nacional" in page
    other = client.get(f"/commitments/provisions/{shipped.key_of('gcm', '7')}/").content.decode()
    assert "sin posición nacional" not in other
    assert other.count("Se corresponde con esto") == 54


def test_a_treaty_article_has_no_words(client: Client, loaded: None) -> None:
    page = client.get(f"/commitments/provisions/{shipped.key_of('icrmw', '69')}/").content.decode()
    assert "De los tratados se guarda solo el código" in page


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 195),
        ("role=system-to-build", 39),
        ("theme=T1", 25),
        ("kind=definition", 5),
        ("objective=7", 54),
        ("target=10.7", 44),
        ("system=S2", 27),
        ("actor=media", 4),
        ("beneficiary=older-persons", 1),
        ("flag=suspected-error", 1),
        ("q=T1.HR.05", 1),
        ("objective=7&system=S2&kind=principle", None),
        ("q=ninguna-palabra-asi", 0),
    ],
)
def test_the_list_gives_what_was_chosen_and_says_how_many(
    client: Client, loaded: None, asked: str, count: int | None
) -> None:
    answer = client.get(f"/commitments/list/?{asked}")
    assert answer.status_code == 200
    page = answer.content.decode()
    if count is not None:
        assert f"{count} disposici" in page
        assert ("Ninguna disposición tiene todo" in page) is (count == 0)


def test_a_search_finds_words_without_their_accents_in_either_language(client: Client, loaded: None) -> None:
    by_spanish = client.get("/commitments/list/?q=nunez-no").content.decode()
    assert "0 disposiciones" in by_spanish
    accented, plain = (client.get(f"/commitments/list/?q={word}").content for word in ("migración", "migracion"))
    assert accented.replace("migración".encode(), b"migracion").count(b"<tr>") == plain.count(b"<tr>") > 1


@pytest.mark.parametrize("asked", ["theme=T9", "kind=nothing", "status=done", "instrument=none", "q=" + "x" * 101])
def test_what_is_not_in_the_register_is_refused_and_said(client: Client, loaded: None, asked: str) -> None:
    assert client.get(f"/commitments/list/?{asked}").status_code == 400


def test_ideas_that_are_repeated_stand_together(client: Client, loaded: None) -> None:
    page = client.get("/commitments/repeated/").content.decode()
    ideas = Counter(each["cluster"] for each in rows("torogoz.shared.codelists", "provisions"))
    assert page.count("<section aria-label=") == sum(count > 1 for count in ideas.values())
    assert "× 7" in page


def test_an_unknown_key_leads_nowhere(client: Client, loaded: None) -> None:
    assert client.get("/commitments/provisions/00000000-0000-4000-8000-000000000000/").status_code == 404
