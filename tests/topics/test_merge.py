"""Two records become one and two again: by whom, what is moved, who is not let in, where old addresses lead."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.topics.test_duplicates import as_officer, posted, somebody
from tests.world import NOW, World
from torogoz.domain.access import Role
from torogoz.domain.duplicates import DecisionRefused
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, PersonGrant
from torogoz.shared.people import index
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.merge_actions import confirm_merge, merge, unmerge
from torogoz.shared.people.models import Encounter, Identifier, Merge, Pair, Person
from torogoz.shared.people.moving import STAYS, columns
from torogoz.shared.people.queries import (
    encounters_seen_by,
    identity_seen_by,
    person_seen_by,
    search_seen_by,
    sections_seen_by,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_attends")]

DUI = "22392349-9"
WHY = "El mismo DUI y la misma madre."


@pytest.fixture(autouse=True)
def lists(world: World) -> None:
    codelists.load()


def decided(one: Person, other: Person, verdict: str = "same") -> Pair:
    first, second = sorted((one, other), key=lambda person: person.pk)
    for person in (one, other):
        index.erase(person)
        index.write(person)
    return Pair.objects.create(first=first, second=second, score=90, reasons=[], found_at=NOW, verdict=verdict)


@pytest.fixture
def two(world: World) -> tuple[Person, Person]:
    """One man twice: as José at centre A, as Chepe at centre B, where a section on health was written."""
    jose = somebody(world, "José Luis/Guzmán Alas", document=DUI)
    chepe = somebody(world, "Chepe/Gusmán", office="CENTRE-B", by="registrar_b", birth="1990", document=DUI)
    world.section(chepe, "health", by="health_b", answers={})
    return jose, chepe


def joined(world: World, two: tuple[Person, Person]) -> Merge:
    jose, chepe = two
    pair = decided(jose, chepe)
    return merge(by=world.officers["supervisor_a"], pair=pair, survivor=jose, reason=WHY, now=NOW)


def test_everything_that_hangs_on_one_hangs_on_the_other_and_nothing_is_written_over(
    world: World, two: tuple[Person, Person]
) -> None:
    jose, chepe = two
    Identifier(person=chepe, institution=Institution.objects.get(code="DGME"), kind="PASSPORT", issuer="SLV").keep(
        "A01234567"
    ).save()
    made = joined(world, two)
    assert made.merged_at == NOW
    assert Encounter.objects.filter(person=jose).count() == 2
    assert not Encounter.objects.filter(person=chepe).exists()
    assert sorted(each.number for each in jose.identifiers.all()) == [DUI, "A01234567"]
    seen = identity_seen_by(world.officers["supervisor_a"], jose, NOW)
    assert str(seen.name) == "José Luis Guzmán Alas"
    assert "Chepe Gusmán" in seen.aliases
    assert chepe.names.get().given1 == "Chepe"


def test_the_survivor_is_found_by_the_names_of_both_and_the_other_no_more(
    world: World, two: tuple[Person, Person]
) -> None:
    jose, chepe = two
    made = joined(world, two)
    officer = world.officers["supervisor_a"]
    for name in ("Chepe Gusmán", "José Luis Guzmán Alas"):
        assert [found.key for found in search_seen_by(officer, name=name, now=NOW)] == [jose.key], name
    unmerge(by=officer, merge=made, reason="Eran dos primos.", now=NOW)
    found = {found.key for found in search_seen_by(officer, name="Chepe Gusmán", now=NOW)}
    assert chepe.key in found


def test_the_old_address_leads_to_the_survivor_for_who_may_see_it_and_nowhere_for_others(
    client: Client, world: World, two: tuple[Person, Person]
) -> None:
    jose, chepe = two
    joined(world, two)
    old = reverse("returns:person", args=[chepe.key])
    answer = as_officer(client, world, "registrar_b").get(old)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("returns:person", args=[jose.key]))
    posted(world, "nobody_here", "RREE", "CENTRE-A", Role.STATISTICIAN)
    assert as_officer(client, world, "nobody_here").get(old).status_code == 404


def test_a_survivor_who_is_neither_of_the_two_is_refused_in_our_words(
    client: Client, world: World, two: tuple[Person, Person]
) -> None:
    pair = decided(*two)
    typed = {"survivor": "nadie", "reason": WHY}
    answer = as_officer(client, world, "supervisor_a").post(
        reverse("people:merge", args=[pair.key]), typed, follow=True
    )
    shown = answer.content.decode()
    assert "La opción «nadie» no es una de las que se ofrecen. No se guardó nada; elija otra vez." in shown
    assert not Merge.objects.exists()


def test_undone_the_two_are_as_before_and_what_was_recorded_since_stays_unless_it_is_said_otherwise(
    client: Client, world: World, two: tuple[Person, Person]
) -> None:
    jose, chepe = two
    made = joined(world, two)
    stays, goes = (
        Encounter.objects.create(
            person=jose, office=world.offices["CENTRE-A"], institution=Institution.objects.get(code="DGME"),
            kind="return", occurred_at=NOW + timedelta(days=day), recorded_by=world.officers["registrar_a"],
            recorded_at=NOW + timedelta(days=day),
        )
        for day in (1, 2)
    )  # fmt: skip
    browser = as_officer(client, world, "supervisor_a")
    page = browser.get(reverse("people:merged", args=[made.key])).content.decode()
    assert page.count('name="take"') == 2
    answer = browser.post(
        reverse("people:unmerge", args=[made.key]), {"reason": "Eran dos primos.", "take": [str(goes.key)]}
    )
    assert answer.status_code == 302
    assert set(jose.encounters.filter(recorded_at__gte=NOW)) == {stays}
    assert goes in Encounter.objects.filter(person=chepe)
    assert chepe.encounters.count() == 2
    assert AccessEvent.objects.filter(verb="merge", what="merge", allowed=True).count() == 2


@pytest.mark.parametrize("username", ["registrar_a", "health_a", "police_supervisor_a", "children_supervisor_a"])
def test_only_a_supervisor_who_writes_both_merges(world: World, two: tuple[Person, Person], username: str) -> None:
    pair = decided(*two)
    with pytest.raises(NotAllowed):
        merge(by=world.officers[username], pair=pair, survivor=two[0], reason=WHY, now=NOW)
    assert not Merge.objects.exists()


def test_what_was_not_decided_or_was_decided_to_be_two_people_is_not_merged(
    world: World, two: tuple[Person, Person]
) -> None:
    officer, pair = world.officers["supervisor_a"], decided(*two, verdict="unsure")
    with pytest.raises(DecisionRefused, match="Decide first"):
        merge(by=officer, pair=pair, survivor=two[0], reason=WHY, now=NOW)
    third = somebody(world, "José/Guzmán Ruiz")
    decided(two[0], third, verdict="different")
    made = merge(by=officer, pair=decided(two[1], third), survivor=third, reason=WHY, now=NOW)
    Pair.objects.filter(pk=pair.pk).update(verdict="same")
    assert made.merged_at
    with pytest.raises(NotAllowed):  # of the pair one record was merged: it is not there any more
        merge(by=officer, pair=pair, survivor=two[0], reason=WHY, now=NOW)
    other = decided(third, somebody(world, "José Luis/Guzmán Alas"))
    Pair.objects.filter(pk=other.pk).update(verdict="same")
    Pair.objects.filter(first=two[0], second=third).update(first=two[1] if two[1].pk < other.second_id else third,
                                                            second=other.second)  # fmt: skip
    with pytest.raises(DecisionRefused, match="they are two people"):
        merge(by=officer, pair=other, survivor=third, reason=WHY, now=NOW)


def test_two_institutions_answer_for_their_records_so_two_people_merge(
    client: Client, world: World, two: tuple[Person, Person]
) -> None:
    jose, chepe = two
    posted(world, "gami_supervisor", "GAMI", "CENTRE-A", Role.SUPERVISOR)
    Person.objects.filter(pk=chepe.pk).update(institution=Institution.objects.get(code="GAMI"))
    world.encounter(chepe, office="CENTRE-A", by="registrar_a")
    pair = decided(jose, chepe)
    browser = as_officer(client, world, "supervisor_a")
    browser.post(reverse("people:merge", args=[pair.key]), {"survivor": str(jose.key), "reason": WHY})
    waiting = Merge.objects.get()
    assert waiting.merged_at is None
    assert Encounter.objects.filter(person=chepe).count() == 2
    with pytest.raises(NotAllowed):
        confirm_merge(by=world.officers["supervisor_a"], merge=waiting, now=NOW)
    other = as_officer(client, world, "gami_supervisor")
    assert "Confirmar que son" in other.get(reverse("people:merged", args=[waiting.key])).content.decode()
    other.post(reverse("people:confirm", args=[waiting.key]))
    waiting.refresh_from_db()
    assert waiting.confirmed_by == world.officers["gami_supervisor"]
    assert not Encounter.objects.filter(person=chepe).exists()


def test_a_later_merge_is_undone_first(world: World, two: tuple[Person, Person]) -> None:
    officer = world.officers["supervisor_a"]
    first = joined(world, two)
    third = somebody(world, "José L/Guzmán Alas")
    second = merge(by=officer, pair=decided(two[0], third), survivor=third, reason=WHY, now=NOW)
    assert person_seen_by(officer, two[1].key, NOW) == third
    with pytest.raises(NotAllowed):
        unmerge(by=officer, merge=first, reason="Eran dos primos.", now=NOW)
    unmerge(by=officer, merge=second, reason="Eran dos primos.", now=NOW)
    unmerge(by=officer, merge=first, reason="Eran dos primos.", now=NOW)
    assert person_seen_by(officer, two[1].key, NOW) == two[1]


def test_leave_to_read_one_record_reads_nothing_that_the_merge_brought(
    world: World, two: tuple[Person, Person]
) -> None:
    _, chepe = two
    reader = world.officers["psychosocial_a"]
    elsewhere = somebody(world, "José Luis/Guzmán Alas", office="CENTRE-B", by="registrar_b")
    world.section(elsewhere, "health", by="health_b", answers={})
    grant = PersonGrant.objects.create(
        person=elsewhere.key, institution=Institution.objects.get(code="GAMI"), basis="consent", purpose="attention",
        sections=["identity", "health", "migration"], valid_from=NOW - timedelta(hours=1),
        valid_until=NOW + timedelta(days=9),
    )  # fmt: skip
    before = encounters_seen_by(reader, elsewhere, NOW)
    assert len(before) == 1
    made = merge(by=world.officers["supervisor_a"], pair=decided(elsewhere, chepe), survivor=chepe, reason=WHY, now=NOW)
    survivor = person_seen_by(reader, elsewhere.key, NOW)
    assert survivor == chepe
    after = encounters_seen_by(reader, chepe, NOW)
    assert after == before
    assert [len(sections_seen_by(reader, each, NOW).shared) for each in after] == [1]
    grant.refresh_from_db()
    assert grant.person == chepe.key
    unmerge(by=world.officers["supervisor_a"], merge=made, reason="Eran dos primos.", now=NOW)
    grant.refresh_from_db()
    assert (grant.person, grant.closed) == (elsewhere.key, [])


def test_every_column_that_says_whose_a_row_is_is_moved_or_said_to_stay() -> None:
    moved = {f"{model._meta.label_lower}.{column.name}" for model, column, _ in columns()}
    assert moved >= {
        "people.encounter.person",
        "people.identifier.person",
        "cases.consent.person",
        "cases.glassbreak.person",
        "cases.handover.person",
        "households.contact.person",
        "papers.paper.person",
        "institutions.persongrant.person",
    }
    assert not {name.rpartition(".")[0] for name in moved} & STAYS
