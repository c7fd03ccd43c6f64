"""Search before create holds whom a form describes against who is registered by the one comparison of two persons."""

import pytest

from tests.topics.test_document_first import country, hidden_with
from tests.topics.test_people_search import Register, Search, register, search
from tests.world import NOW, World
from torogoz.domain.names import PersonName
from torogoz.domain.people import DocumentTyped
from torogoz.shared.people.likeness import Reason
from torogoz.shared.people.queries import resembling
from torogoz.shared.people.search import Candidate
from torogoz.shared.people.weighing import Who
from torogoz.topics.returns import words

pytestmark = pytest.mark.django_db
__all__ = ["country", "register", "search"]  # fixtures

GUZMAN = PersonName("José", "Luis", "Guzmán", "Alas")
BIRTH = "1990-06-02"
DUI, ONE_DIGIT_OFF = "22392349-9", "27392349-9"


def alike(world: World, who: Who, by: str = "registrar_a") -> list[Candidate]:
    return resembling(world.officers[by], who, now=NOW)


def test_of_namesakes_the_one_of_that_day_comes_first_and_what_agrees_is_said(
    country: World, register: Register
) -> None:
    register("José Luis Guzmán Alas", birth="1990")
    same = register("José Luis Guzmán Alas", birth=BIRTH)
    register("José Luis Guzmán Alas", birth="1990-11-25")
    found = alike(country, Who(GUZMAN, sex="M", birth=BIRTH))
    assert found[0].key == same.key
    assert {"given.same", "family.same", "birth.same"} <= set(found[0].reasons)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert "nacimiento: igual" in words.reasons(found[0].reasons)
    assert all("nacimiento: igual" not in words.reasons(one.reasons) for one in found[1:])


def test_a_name_that_sounds_the_same_is_not_called_equal(country: World, register: Register) -> None:
    register("Cenobia - Guzmán Alas", birth=BIRTH)
    (found,) = alike(country, Who(PersonName("Zenobia", "", "Guzman", "Alas"), birth=BIRTH))
    assert {"given.sounds", "family.same"} <= set(found.reasons)
    told = words.reasons(found.reasons)
    assert ("nombres: suena igual" in told, "nombres: igual" in told, "apellidos: igual" in told) == (True, False, True)


def test_whoever_is_likely_the_same_is_asked_about_though_half_of_the_name_is_missing(
    country: World, register: Register
) -> None:
    person = register("José Luis Guzmán Alas", birth=BIRTH, identifiers=[DocumentTyped("DUI", DUI)])
    found = alike(country, Who(PersonName("Luis", "", "Guzmán"), birth=BIRTH, documents=(("DUI", ONE_DIGIT_OFF),)))
    assert [one.key for one in found] == [person.key]
    assert "document.similar" in found[0].reasons


def test_a_twin_is_not_asked_about(country: World, register: Register) -> None:
    register("Mario Ernesto Guzmán Alas", birth=BIRTH)
    assert alike(country, Who(GUZMAN, birth=BIRTH)) == []


def test_the_owner_of_the_document_comes_first_with_what_else_agrees(country: World, register: Register) -> None:
    named = register("José Luis Guzmán Alas", birth=BIRTH)
    owner = register("José Luis Guzmán Alas", birth="1991-06-02", identifiers=[DocumentTyped("DUI", DUI)])
    first, second = alike(country, Who(GUZMAN, birth=BIRTH, documents=(("DUI", DUI),)))
    assert (first.key, first.reasons[0], first.score) == (owner.key, Reason.SAME_DOCUMENT, 100)
    assert "given.same" in first.reasons
    assert second.key == named.key


def test_whom_the_officer_may_not_see_changes_no_score_no_order_and_no_reason(
    country: World, register: Register
) -> None:
    register("José Luis Guzmán Alas", birth="1990")
    register("José - Guzmán Alas", birth=BIRTH)
    who = Who(GUZMAN, birth=BIRTH, documents=(("DUI", DUI),))
    before = alike(country, who, by="health_a")
    assert len(before) == 2
    hidden_with(country, "Hidden", DUI)
    for _ in range(12):
        register("José Luis Guzmán Alas", birth=BIRTH, office="CENTRE-B", by="registrar_b")
    assert alike(country, who, by="health_a") == before


def test_of_people_whose_words_say_as_much_the_comparison_says_who_comes_first(
    register: Register, search: Search
) -> None:
    register("José Alas Guzmán -", birth="1990")
    written = register("José - Guzmán Alas", birth="1990")
    assert search("José Guzmán Alas", birth_year=1990)[0].key == written.key
