"""The pages on which a document is corrected or taken away: one by one, asked twice, and nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.topics.test_duplicates import as_officer, somebody
from tests.world import NOW, World
from torogoz.domain.people import DocumentTyped
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.people.document_actions import correct_document, take_document_away
from torogoz.shared.people.models import DocumentCorrection, Identifier, Pair, Person
from torogoz.shared.people.queries import search_seen_by
from torogoz.shared.vault.models import VaultKey

pytestmark = pytest.mark.django_db

WRONG, RIGHT = "22392349-9", "00016297-5"


@pytest.fixture
def jose(world: World) -> Person:
    codelists.load()
    return somebody(world, "José Luis/Guzmán Alas", document=WRONG)


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    return as_officer(client, world, "registrar_a")


def pages(person: Person) -> tuple[str, str, str]:
    """The addresses of the correction of the person, of her document, and of taking that away."""
    arguments = [person.key, person.identifiers.get().key]
    return (
        reverse("returns:correct", args=[person.key]),
        reverse("returns:document", args=arguments),
        reverse("returns:document_away", args=arguments),
    )


def typed(number: str = RIGHT, version: int = 1, **changes: str) -> dict[str, str]:
    form = {
        "kind": "DUI", "number": number, "issuer": "SLV", "why": "spelt", "note": "La tarjeta lo muestra",
        "expected_version": str(version), "save": "1",
    }  # fmt: skip
    return form | changes


def number_of(person: Person) -> list[str]:
    return [one.number for one in person.identifiers.all()]


def test_a_registrar_corrects_a_document_from_the_page_of_corrections(desk: Client, world: World, jose: Person) -> None:
    corrections, document, away = pages(jose)
    page = desk.get(corrections).content.decode()
    assert f": {WRONG}<" in page
    assert document in page
    assert away in page
    assert f'value="{WRONG}"' in desk.get(document).content.decode()
    answer = desk.post(document, typed(), follow=True).content.decode()
    assert number_of(jose) == [RIGHT]
    assert "Se guardó el documento" in answer
    assert f"{WRONG}</td><td>" in answer, "the history tells what stood before"
    assert "Se escribió mal: La tarjeta lo muestra" in answer
    assert search_seen_by(world.officers["registrar_a"], document=WRONG, now=NOW) == []


def test_in_english_the_pages_say_the_same(desk: Client, jose: Person) -> None:
    _corrections, document, away = pages(jose)
    desk.cookies["django_language"] = "en"
    assert "Correct a document of" in desk.get(document, headers={"accept-language": "en"}).content.decode()
    sure = desk.post(away, {"why": "another", "expected_version": "1"}, headers={"accept-language": "en"})
    assert "Yes, take it away" in sure.content.decode()


def test_a_document_that_never_was_hers_is_asked_about_twice(desk: Client, jose: Person) -> None:
    _corrections, _document, away = pages(jose)
    form = {"why": "other", "note": "Lo trajo otra persona", "expected_version": "1", "save": "1"}
    sure = desk.post(away, form).content.decode()
    assert "Sí, quitarlo" in sure
    assert number_of(jose) == [WRONG], "nothing is done before the second answer"
    for name, value in (("why", "other"), ("note", "Lo trajo otra persona"), ("expected_version", "1")):
        assert f'name="{name}" value="{value}"' in sure
    answer = desk.post(away, form | {"sure": "1"}, follow=True).content.decode()
    assert not Identifier.objects.exists()
    assert "Se quitó: nunca fue de esta persona" in answer
    assert "Lo trajo otra persona" in answer


@pytest.mark.parametrize(("changes", "said"), [({"why": ""}, "Elija una respuesta."), ({"why": "other"}, "otra razón")])
def test_no_reason_no_second_question(desk: Client, jose: Person, changes: dict[str, str], said: str) -> None:
    _corrections, document, away = pages(jose)
    page = desk.post(away, {"note": "", "expected_version": "1", "sure": "1"} | changes).content.decode()
    assert said in page
    assert "Sí, quitarlo" not in page
    page = desk.post(document, typed(note="") | changes).content.decode()
    assert said in page
    assert f'value="{RIGHT}"' in page
    assert number_of(jose) == [WRONG]


def test_a_check_digit_that_does_not_fit_is_doubted_once(desk: Client, jose: Person) -> None:
    _corrections, document, _away = pages(jose)
    page = desk.post(document, typed("00016297-6")).content.decode()
    assert "La última cifra de este DUI debería ser 5" in page
    assert number_of(jose) == [WRONG]
    assert desk.post(document, typed("00016297-6", confirmed="000162976")).status_code == 302
    assert number_of(jose) == ["00016297-6"]


def test_without_a_number_the_page_says_what_to_write(desk: Client, jose: Person) -> None:
    _corrections, document, _away = pages(jose)
    page = desk.post(document, typed("")).content.decode()
    assert "Escriba el número como aparece en el documento." in page
    assert "Ninguno" not in page.split("<form id=", 1)[1].split("</fieldset>")[0]


def test_whoever_has_the_number_is_shown_with_the_pair_to_compare(desk: Client, world: World, jose: Person) -> None:
    owner = somebody(world, "Rosa Elena/Quijada", document=RIGHT)
    pair = Pair.objects.create(first=jose, second=owner, score=60, reasons=[], found_at=NOW)
    _corrections, document, _away = pages(jose)
    page = desk.post(document, typed()).content.decode()
    assert "Ese documento ya es de otra persona registrada" in page
    assert reverse("returns:person", args=[owner.key]) in page
    assert reverse("people:pair", args=[pair.key]) in page
    assert number_of(jose) == [WRONG]
    assert AccessEvent.objects.filter(verb="search", subjects=[str(owner.key)]).exists()
    assert desk.post(document, typed(none_fits=str(owner.key))).status_code == 302
    assert number_of(jose) == [RIGHT]


def test_of_a_record_elsewhere_is_told_that_there_is_one_and_nothing_else(
    desk: Client, world: World, jose: Person
) -> None:
    hidden = somebody(world, "Delmira/Escondida", office="CENTRE-B", by="health_b", document=RIGHT)
    _corrections, document, _away = pages(jose)
    page = desk.post(document, typed()).content.decode()
    assert "Hay un registro con ese documento en otra institución" in page
    assert "Pedir el registro" in page
    assert not any(word in page for word in ("Delmira", "Escondida", "MINSAL", str(hidden.key)))
    assert AccessEvent.objects.filter(what="elsewhere", subjects=[str(hidden.key)]).count() == 1
    assert number_of(jose) == [WRONG]
    assert desk.post(document, typed(elsewhere_told="000162975")).status_code == 302
    assert number_of(jose) == [RIGHT]


def test_what_another_officer_corrected_meanwhile_stands_beside_what_was_typed(
    desk: Client, world: World, jose: Person
) -> None:
    _corrections, document, away = pages(jose)
    change: dict[str, Any] = {
        "by": world.officers["supervisor_a"], "person": jose, "document": jose.identifiers.get().key, "now": NOW,
        "reason": DocumentCorrection.Reason.SPELT,
    }  # fmt: skip
    kept = correct_document(**change, expected_version=1, typed=DocumentTyped("DUI", "04721938-1"))
    answer = desk.post(document, typed())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ": 04721938-1<" in page
    assert f'value="{RIGHT}"' in page
    assert desk.post(away, {"why": "another", "expected_version": "1", "sure": "1"}).status_code == 409
    names = desk.post(
        reverse("returns:correct", args=[jose.key]),
        {"given1": "Chepe", "surname1": "Guzmán", "birth": "1990-06-02", "sex": "M", "nationality": "SLV",
         "why": "spelt", "note": "", "expected_version": "1", "save": "1"},
    )  # fmt: skip
    assert names.status_code == 409
    assert "Otra persona corrigió esto" in names.content.decode()
    assert desk.post(document, typed(version=2)).status_code == 302
    assert number_of(jose) == [RIGHT]
    take_document_away(**(change | {"document": kept.key}), expected_version=3)
    answer = desk.post(document, typed("04721938-1", version=3), follow=True)
    assert "otra persona quitó ese documento" in answer.content.decode()


@pytest.mark.parametrize(
    "username", ["health_a", "health_b", "logistics_a", "police_a", "registrar_b", "data_protection"]
)
def test_who_may_not_correct_is_told_that_nothing_is_there(
    client: Client, world: World, jose: Person, username: str
) -> None:
    _corrections, document, away = pages(jose)
    browser = as_officer(client, world, username)
    for address, form in ((document, typed()), (away, {"why": "another", "expected_version": "1", "sure": "1"})):
        assert browser.get(address).status_code == 404
        assert browser.post(address, form).status_code == 404
    assert number_of(jose) == [WRONG]
    assert not DocumentCorrection.objects.exists()


def test_a_document_that_does_not_open_is_not_offered(desk: Client, jose: Person) -> None:
    corrections, document, away = pages(jose)
    VaultKey.objects.filter(purpose="seal", institution="DGME").delete()
    page = desk.get(corrections).content.decode()
    assert "Está guardado y no abre" in page
    assert document not in page
    assert desk.get(document).status_code == desk.get(away).status_code == 404
