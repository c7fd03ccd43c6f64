"""Search before create: who is found, why, and who never is."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.world import NOW, World
from tests.world import registered as registered_in_tests
from torogoz.domain.people import DocumentTyped
from torogoz.shared.people import index
from torogoz.shared.people import search as people_search
from torogoz.shared.people.actions import correct_person, record_encounter
from torogoz.shared.people.likeness import Reason
from torogoz.shared.people.models import Correction, Person, Posting
from torogoz.shared.people.queries import search_seen_by
from torogoz.shared.people.search import Candidate

pytestmark = pytest.mark.django_db
SPELT = Correction.Reason.SPELT


@pytest.fixture
def register(world: World) -> Callable[..., Person]:
    def registered(
        name: str, *, birth: str = "1990", by: str = "registrar_a", office: str = "CENTRE-A", **more: Any
    ) -> Person:
        """A made-up person of four names «given given surname surname»; a hyphen stands for a name that is missing."""
        parts = ["" if part == "-" else part.replace("_", " ") for part in name.split()]
        person = registered_in_tests(
            by=world.officers[by],
            office=world.offices[office],
            now=NOW,
            **dict(zip(("given1", "given2", "surname1", "surname2"), parts, strict=True)),
            birth=birth,
            made_up=True,
            **more,
        )
        record_encounter(
            by=world.officers[by], person=person, office=world.offices[office], kind="return", occurred_at=NOW, now=NOW
        )
        return person

    return registered


@pytest.fixture
def search(world: World) -> Callable[..., list[Candidate]]:
    def searched(name: str = "", by: str = "registrar_a", **more: Any) -> list[Candidate]:
        return search_seen_by(world.officers[by], name=name, now=NOW, **more)

    return searched


Register = Callable[..., Person]
Search = Callable[..., list[Candidate]]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("José Antonio Hernández Quinteros", Reason.SAME_NAMES),
        ("quinteros HERNANDEZ antonio jose", Reason.SAME_NAMES),
        ("Hernandez Quinteros, José", Reason.SAME_NAMES),
        ("Chepe Toño Hernández Quinteros", Reason.SHORT_NAME),
        ("Jose Antonio Ernandes Kinteros", Reason.SOUNDS_ALIKE),
        ("Jose Antonio Hernadez Quinteros", Reason.MISSPELT),
        ("Jose Antonoi Hernandez Quinteros", Reason.MISSPELT),
        ("Toño Hernandez Quintero", Reason.SHORT_NAME),
        ("José Hernández", Reason.SAME_NAMES),
        ("Quinteros", Reason.SOME_NAMES),
        ("José Antonio Hernández Lovo", Reason.SOME_NAMES),
        ("J Antonio Hernández Quinteros", Reason.SHORT_NAME),
    ],
)
def test_a_person_is_found_however_the_name_is_said(
    register: Register, search: Search, said: str, reason: Reason
) -> None:
    person = register("José Antonio Hernández Quinteros")
    register("María Elena Cruz Paz")
    found = search(said)
    assert [candidate.key for candidate in found] == [person.key]
    assert reason in found[0].reasons


@pytest.mark.parametrize("number", ["00016297-5", "000162975", "0001 6297 5"])
def test_a_document_finds_its_person_with_or_without_hyphen(register: Register, search: Search, number: str) -> None:
    person = register("José - Hernández -", identifiers=[DocumentTyped("DUI", "00016297-5")])
    register("José - Hernández -", identifiers=[DocumentTyped("DUI", "00016298-3")])
    found = search(document=number)
    assert [(candidate.key, candidate.reasons) for candidate in found] == [(person.key, (Reason.SAME_DOCUMENT,))]
    assert found[0].score == 100


def test_a_document_with_one_digit_wrong_still_speaks_for_the_person_of_that_name(
    register: Register, search: Search
) -> None:
    person = register("José - Hernández -", identifiers=[DocumentTyped("DUI", "00016297-5")])
    register("José - Hernández -", identifiers=[DocumentTyped("DUI", "04721938-1")])
    first = search("Jose Hernandez", document="00016397-5")[0]
    assert first.key == person.key
    assert first.reasons[0] == Reason.NEAR_DOCUMENT


def test_the_year_of_birth_tells_namesakes_apart_and_may_be_two_years_off(register: Register, search: Search) -> None:
    father = register("José Luis Mejía Paz", birth="1965-03-02")
    son = register("José Luis Mejía Paz", birth="1990")
    unknown = register("José Luis Mejía Paz", birth="")
    found = search("Jose Luis Mejia Paz", birth_year=1991)
    assert [candidate.key for candidate in found] == [son.key, unknown.key, father.key]
    assert Reason.NEAR_BIRTH_YEAR in found[0].reasons
    assert Reason.SAME_BIRTH_YEAR in search("Jose Luis Mejia Paz", birth_year=1965)[0].reasons


def test_two_names_and_the_year_find_a_person_whose_other_names_differ(register: Register, search: Search) -> None:
    person = register("Xiomara - Quinteros -", birth="1987")
    assert search("Siomara Elizabeth Quinteros Lovo", birth_year=1987)[0].key == person.key
    assert search("Siomara Elizabeth Quinteros Lovo")[0].key == person.key


@pytest.mark.parametrize("said", ["María de la O", "Maria O", "MARIA DELAO"])
def test_particles_neither_hide_nor_find(register: Register, search: Search, said: str) -> None:
    person = register("María - de_la_O -")
    register("Ana - de_la_Cruz -")
    assert [candidate.key for candidate in search(said)] == [person.key]


def test_a_person_is_found_by_a_name_that_others_use(register: Register, search: Search) -> None:
    person = register("José - Hernández -", aliases=["El Profe Tacuazín"])
    found = search("Profe Tacuazin")
    assert found[0].key == person.key
    assert Reason.KNOWN_AS in found[0].reasons
    assert found[0].aliases == ("El Profe Tacuazín",)


def test_whoever_has_nothing_in_common_is_not_found(register: Register, search: Search) -> None:
    register("José Antonio Hernández Quinteros")
    assert search("Rosa Amelia Guzmán Lovo") == []
    assert search("") == []
    assert search("  ", document="--") == []


def test_nobody_is_found_by_who_may_not_see_identities(register: Register, search: Search) -> None:
    register("José - Hernández -", identifiers=[DocumentTyped("DUI", "00016297-5")])
    for username in ("health_b", "logistics_a", "statistician", "data_protection"):
        assert search("Jose Hernandez", by=username) == []
        assert search(document="000162975", by=username) == []
    assert len(search("Jose Hernandez", by="health_a")) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"name": "Jose Antonio Hernandez Quinteros"},
        {"name": "Hernandes"},
        {"name": "Jose Hernandez", "birth_year": 1990},
        {"name": "Hernandez", "document": "000162975", "limit": 1},
    ],
)
def test_people_who_may_not_be_seen_change_nothing_of_what_is_found(
    register: Register, search: Search, query: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_search, "COMPARED", 2)  # so few that hidden people would crowd the others out
    register("José Antonio Hernández Lovo")
    register("Ana - Hernández Quinteros", birth="1991")
    before = search(by="health_a", **query)
    assert before
    for place in range(8):
        register("José Antonio Hernández Quinteros", office="CENTRE-B", by="registrar_b")
        register(f"Jose - Hernandes{'abcdefgh'[place]} -", office="CENTRE-B", by="registrar_b")
    register(
        "José - Hernández -",
        office="CENTRE-B",
        by="registrar_b",
        identifiers=[DocumentTyped("DUI", "00016297-5")],
    )
    assert search(by="health_a", **query) == before


def test_the_index_is_asked_for_pairs_only_when_nobody_bears_nearly_every_word(
    register: Register, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    register("José Antonio Hernández Lovo", birth="1990")
    asked = []
    real = people_search._keys
    monkeypatch.setattr(people_search, "_keys", lambda sought, size: asked.append(size) or real(sought, size))
    assert search(name="José Antonio Hernández", birth_year=1990)
    assert asked == [3]
    asked.clear()
    assert search(name="José Hernández Quinteros", birth_year=1990)
    assert asked == [3, 2]


def test_no_more_are_shown_than_asked_for_and_the_likeliest_come_first(register: Register, search: Search) -> None:
    for surname in ("Paz", "Lovo", "Cruz", "Mejía"):
        register(f"José Antonio Hernández {surname}")
    found = search("Jose Antonio Hernandez Lovo", limit=2)
    assert len(found) == 2
    assert found[0].name.surname2 == "Lovo"
    assert found[0].score > found[1].score


def test_a_corrected_name_is_found_and_the_wrong_one_no_longer(
    world: World, register: Register, search: Search
) -> None:
    person = register("José - Hernández -")
    correct_person(
        by=world.officers["registrar_a"],
        person=person,
        expected_version=1,
        reason=SPELT,
        now=NOW,
        given1="Josué",
        surname1="Villalta",
        birth="1991",
    )
    assert search("Jose Hernandez") == []
    assert search("Josue Villalta", birth_year=1991)[0].key == person.key


def test_the_index_written_in_bulk_is_the_one_written_person_by_person(register: Register) -> None:
    register("José Antonio Hernández Quinteros", aliases=["Chepe"])
    register("María Elena de_la_O Ñáñez", birth="")
    register("Ana - San_Martín -", birth="1975-02")
    one_by_one = set(Posting.objects.values_list("key", "year", "person_id"))
    told: list[tuple[int, int]] = []
    assert index.rebuild(progress=lambda done, total: told.append((done, total))) == 3
    assert set(Posting.objects.values_list("key", "year", "person_id")) == one_by_one
    assert told == [(3, 3)]
