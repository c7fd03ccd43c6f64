# ruff: noqa: F401, F811 - fixtures are asked for by their name
"""Whatever meets about one person at one moment, no two wait for one another: the people are held first, the end of the
record of accesses last. Officers and devices of several institutions."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction

from tests.at_once import LONGEST, Deed, at_once
from tests.filled_forms import care, device_of
from tests.topics.test_data_rights import DUI, WORDS, ana, decides, received
from tests.topics.test_disposal import proposed, second
from tests.topics.test_merge import decided
from tests.world import NOW, World
from torogoz.domain.contacts import Safe, Way, Whose
from torogoz.domain.data_rights import Right
from torogoz.domain.duplicates import Verdict
from torogoz.domain.families import Evidence, GroupKind, Kin
from torogoz.shared.data_rights import disposal_actions
from torogoz.shared.data_rights.actions import grant_request, take_request
from torogoz.shared.data_rights.disposal_actions import confirm_disposal
from torogoz.shared.devices.actions import decide, receive
from torogoz.shared.devices.models import FilledForm, Ruling
from torogoz.shared.households.actions import add_contact, end_contact
from torogoz.shared.households.family_actions import end_relationship, form_group, leave_group, relate
from torogoz.shared.households.models import Member
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import choose_person, record_encounter, write_section
from torogoz.shared.people.held import Disposed, hold, hold_those
from torogoz.shared.people.merge_actions import merge, unmerge
from torogoz.shared.people.models import Encounter, Merge, Person, SearchDecision
from torogoz.shared.people.review_actions import decide_pair

ONE = UUID("11111111-0000-4000-8000-000000000001")
Prepare = Callable[[World, Person], Deed]


def sends_a_form(world: World, person: Person) -> Deed:
    device, _ = device_of(world, "health_a")
    return lambda: receive(device=device, written=care(ONE, DUI), files=[], more=False, now=NOW)


def decides_about_a_form(world: World, person: Person) -> Deed:
    device, _ = device_of(world, "health_a")
    by, form = world.officers["health_a"], receive(device=device, written=care(ONE, DUI), files=[], more=False, now=NOW)
    assert form.why == FilledForm.Why.DIFFERS
    return lambda: decide(by=by, form=form, verdict=Ruling.Verdict.REPLACE, reason="Es lo de hoy", now=NOW)


def opposes(world: World, person: Person) -> Deed:
    return _is_granted(world, person, Right.OPPOSITION)


def asks_for_her_file(world: World, person: Person) -> Deed:
    return _is_granted(world, person, Right.ACCESS)


def _is_granted(world: World, person: Person, right: Right) -> Deed:
    by = world.officers["data_protection"]
    taken = take_request(by=by, request=received(world, person, right), now=NOW)
    return lambda: grant_request(by=by, request=taken, words=WORDS, now=NOW)


def is_met(world: World, person: Person) -> object:
    by, office = world.officers["registrar_a"], world.offices["CENTRE-A"]
    return record_encounter(by=by, person=person, office=office, kind="return", occurred_at=NOW, now=NOW)


def ends_a_contact(world: World, person: Person) -> Deed:
    by = world.officers["registrar_a"]
    contact, _ = add_contact(
        by=by,
        person=person,
        way=Way.PHONE,
        value="7012 3456",
        country="SLV",
        whose=Whose.OWN,
        safe=Safe.YES,
        now=NOW,
    )
    return lambda: end_contact(by=by, contact=contact, now=NOW)


def leaves_a_group(world: World, person: Person) -> Deed:
    by, other = world.officers["registrar_a"], world.people["luz"]
    form_group(by=by, person=person, others=[other], kind=GroupKind.TRAVEL, formed_on=NOW.date(), now=NOW)
    member = Member.objects.get(person=person)
    return lambda: leave_group(by=by, member=member, now=NOW)


def loses_a_relative(world: World, person: Person) -> Deed:
    by, luz = world.officers["registrar_a"], world.people["luz"]
    kin = relate(by=by, person=person, other=luz, kin=Kin.SIBLING, evidence=Evidence.STATED, now=NOW)
    return lambda: end_relationship(by=by, person=luz, relationship=kin, now=NOW)


def decides_on_a_pair(world: World, person: Person) -> Deed:
    pair, by = decided(person, world.people["luz"]), world.officers["supervisor_a"]
    return lambda: decide_pair(by=by, pair=pair, verdict=Verdict.DIFFERENT, reason="Son dos mujeres distintas", now=NOW)


def undoes_a_merge(world: World, person: Person) -> Deed:
    done = joined(world, person)
    return lambda: undone(world, done)


def joined(world: World, person: Person) -> Merge:
    luz, by = world.people["luz"], world.officers["supervisor_a"]
    return merge(by=by, pair=decided(person, luz), survivor=person, reason="Es la misma persona", now=NOW)


def undone(world: World, done: Merge) -> Merge:
    return unmerge(by=world.officers["supervisor_a"], merge=done, reason="No era la misma persona", now=NOW)


def meet(person: Person, then: Deed, other: Deed) -> list[Exception]:
    """Hold the person; once the other one waits for somebody, do what comes `then`. What either was told."""
    return at_once(lambda: hold(person), then, other)


@pytest.fixture
def there(world: World, ana: Person) -> Person:
    if connection.vendor == "sqlite":
        pytest.skip("the embedded database of a test lives in memory and has one connection")
    world.person("luz", office="CENTRE-A", by="registrar_a", given="Luz")
    return Person.objects.get(pk=ana.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "prepare",
    [sends_a_form, decides_about_a_form, opposes, asks_for_her_file],
    ids=lambda prepare: prepare.__name__,
)
def test_an_officer_who_writes_of_a_person_waits_for_nobody_who_waits_for_her(
    world: World, there: Person, prepare: Prepare
) -> None:
    other, before = prepare(world, there), there.encounters.count()
    assert meet(there, lambda: is_met(world, there), other) == []
    assert there.encounters.count() == before + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "prepare",
    [
        sends_a_form,
        decides_about_a_form,
        ends_a_contact,
        leaves_a_group,
        loses_a_relative,
        decides_on_a_pair,
        undoes_a_merge,
    ],
    ids=lambda prepare: prepare.__name__,
)
def test_nor_does_who_disposes_of_her_data(
    world: World, there: Person, decides: Officer, second: Officer, prepare: Prepare
) -> None:
    other = prepare(world, there)
    Encounter.objects.filter(person=there).update(occurred_at=NOW - timedelta(days=11 * 366))
    disposal = proposed(decides)
    told = meet(there, lambda: confirm_disposal(by=second, disposal=disposal, now=NOW), other)
    assert Person.objects.get(pk=there.pk).shell
    if prepare is sends_a_form:
        assert told == []
        assert FilledForm.objects.get().why == FilledForm.Why.PERSON
    else:
        assert [type(why) for why in told] == [Disposed]


@pytest.mark.django_db(transaction=True)
def test_who_writes_under_a_merged_record_waits_for_nobody_who_undoes_the_merge(world: World, there: Person) -> None:
    luz, (done, count) = world.people["luz"], (joined(world, there), Encounter.objects.count())
    assert meet(there, lambda: undone(world, done), lambda: is_met(world, luz)) == []
    assert luz.encounters.count() == Encounter.objects.count() - count + 1 == 2


@pytest.mark.django_db(transaction=True)
def test_nor_does_who_writes_a_section_of_an_encounter_that_was_moved(world: World, there: Person) -> None:
    luz, by = world.people["luz"], world.officers["health_a"]
    met = luz.encounters.select_related("person").get()
    done = joined(world, there)

    def write() -> object:
        answers = {"care": "TREATED"}
        return write_section(by=by, encounter=met, code="health", answers=answers, expected_version=0, now=NOW)

    assert meet(there, lambda: undone(world, done), write) == []
    assert met.sections.get().encounter.person == luz


@pytest.mark.django_db(transaction=True)
def test_who_is_merged_into_somebody_while_her_disposal_is_confirmed_is_held_with_her(
    world: World, there: Person, decides: Officer, second: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    luz, held, remove = world.people["luz"], list[bool](), disposal_actions._remove
    for person in (there, luz):
        Encounter.objects.filter(person=person).update(occurred_at=NOW - timedelta(days=11 * 366))

    def looks_first(*said: Any) -> Any:
        held.append(_is_held(luz))
        return remove(*said)

    monkeypatch.setattr(disposal_actions, "_remove", looks_first)
    disposal = proposed(decides)
    disposal.items.filter(person=luz).delete()
    told = meet(there, lambda: joined(world, there), lambda: confirm_disposal(by=second, disposal=disposal, now=NOW))
    assert (told, held) == ([], [True])
    assert Person.objects.get(pk=luz.pk).shell


def _is_held(person: Person) -> bool:
    """Whether somebody else holds the person at this moment."""
    found: list[bool] = []

    def look() -> None:
        try:
            with transaction.atomic():
                Person.objects.select_for_update(no_key=True, nowait=True).get(pk=person.pk)
            found.append(False)
        except OperationalError:
            found.append(True)
        finally:
            connection.close()

    looks = threading.Thread(target=look)
    looks.start()
    looks.join()
    return found[0]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_refers_to_a_person_is_added_while_she_is_held(world: World, there: Person) -> None:
    by, office, added = world.officers["registrar_a"], world.offices["CENTRE-A"], threading.Event()

    def choose() -> None:
        try:
            choose_person(by=by, person=there, office=office, now=NOW)
            added.set()
        finally:
            connection.close()

    chooses = threading.Thread(target=choose)
    with transaction.atomic():
        hold(there)
        chooses.start()
        in_time = added.wait(LONGEST / 4)
    chooses.join()
    assert in_time, "it waited for who holds the person"
    assert SearchDecision.objects.filter(person=there, outcome="chosen").count() == 1


@pytest.mark.django_db
def test_who_comes_to_be_of_those_held_is_held_with_them(world: World, ana: Person) -> None:
    luz = world.person("luz", office="CENTRE-A", by="registrar_a", given="Luz")
    told = iter([[ana.pk], [ana.pk, luz.pk], [ana.pk, luz.pk], [ana.pk]])
    assert set(hold_those(lambda: next(told))) == {ana.pk, luz.pk}
    assert list(told) == []
