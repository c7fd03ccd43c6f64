# ruff: noqa: F401, F811 - fixtures are asked for by their name
"""A disposal that is confirmed while somebody writes of the person: one comes after the other, and nothing is hung on a
record that is just disposed of. What was typed is on the page that refuses it. Officers of several institutions."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.topics.test_data_rights import BACKEND, ana, decides, posted
from tests.topics.test_disposal import attached, long_gone, proposed, second, stored
from tests.topics.test_merge import decided
from tests.topics.test_returns import at_centre
from tests.world import NOW, World
from torogoz.domain.access import Role
from torogoz.domain.contacts import Safe, Way, Whose
from torogoz.domain.disposal import DisposalRefused
from torogoz.domain.families import Evidence, GroupKind, Kin
from torogoz.domain.people import DocumentTyped
from torogoz.domain.refusals import Refused
from torogoz.domain.retention import DataClass
from torogoz.domain.returns import Declaration
from torogoz.shared.cases import views as case_views
from torogoz.shared.cases.actions import break_glass
from torogoz.shared.data_rights.disposal_actions import confirm_disposal
from torogoz.shared.data_rights.registry import holdings
from torogoz.shared.households import family_actions
from torogoz.shared.households.actions import add_contact
from torogoz.shared.households.family_actions import form_group, relate
from torogoz.shared.households.models import Relationship
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import add_identifier, record_encounter, write_section
from torogoz.shared.people.document_actions import correct_document
from torogoz.shared.people.held import Disposed
from torogoz.shared.people.merge_actions import merge
from torogoz.shared.people.models import DocumentCorrection, Encounter, Merge, Person, Section
from torogoz.shared.people.queries import encounter_seen_by, person_seen_by
from torogoz.topics.returns import section_views, views
from torogoz.topics.returns.actions import record_arrival

pytestmark = pytest.mark.django_db
Write = Callable[[World, Person, Encounter], object]


def arrives(world: World, person: Person, met: Encounter) -> object:
    return record_arrival(
        by=world.officers["registrar_a"],
        person=person,
        centre=world.offices["CENTRE-A"],
        arrived_at=NOW - timedelta(minutes=10),
        declared=Declaration("USA", "AIR"),
        token=uuid4(),
        now=NOW,
    )


def is_met(world: World, person: Person, met: Encounter) -> object:
    by, office = world.officers["registrar_a"], world.offices["CENTRE-A"]
    return record_encounter(by=by, person=person, office=office, kind="return", occurred_at=NOW, now=NOW)


def tells(world: World, person: Person, met: Encounter) -> object:
    by = world.officers["psychosocial_a"]
    return write_section(by=by, encounter=met, code="psychosocial", answers={}, expected_version=0, now=NOW)


def tells_again(world: World, person: Person, met: Encounter) -> object:
    by, answers = world.officers["health_a"], {"care": "TREATED"}
    return write_section(by=by, encounter=met, code="health", answers=answers, expected_version=1, now=NOW)


def has_a_brother(world: World, person: Person, met: Encounter) -> object:
    by, kin = world.officers["registrar_a"], Kin.SIBLING
    return relate(by=by, person=person, other=None, name="Beto", kin=kin, evidence=Evidence.STATED, now=NOW)


def is_in_a_group(world: World, person: Person, met: Encounter) -> object:
    by, other = world.officers["registrar_a"], world.people["luz"]
    return form_group(by=by, person=other, others=[person], kind=GroupKind.TRAVEL, formed_on=NOW.date(), now=NOW)


def is_called(world: World, person: Person, met: Encounter) -> object:
    return add_contact(
        by=world.officers["registrar_a"],
        person=person,
        way=Way.PHONE,
        value="7012 3456",
        country="SLV",
        whose=Whose.OWN,
        safe=Safe.YES,
        now=NOW,
    )


def has_a_document(world: World, person: Person, met: Encounter) -> object:
    document = DocumentTyped("PASSPORT", "A01234567", "SLV")
    return add_identifier(by=world.officers["registrar_a"], person=person, document=document, now=NOW)


def has_a_document_corrected(world: World, person: Person, met: Encounter) -> object:
    document = person.identifiers.order_by("pk").first()
    return correct_document(
        by=world.officers["registrar_a"],
        person=person,
        document=document.key if document else uuid4(),
        typed=DocumentTyped("PASSPORT", "A01234567"),
        expected_version=person.version,
        reason=DocumentCorrection.Reason.SPELT,
        now=NOW,
    )


def sends_a_scan(world: World, person: Person, met: Encounter) -> object:
    return attached(world, person)


def is_opened(world: World, person: Person, met: Encounter) -> object:
    return break_glass(by=world.officers["health_a"], person=person, reason="Llegó herida al hospital", now=NOW)


def kept() -> dict[str, Any]:
    """How many rows each table has that says something of people."""
    return {each.label: each.model._base_manager.count() for each in holdings(frozenset(DataClass))}


WRITES: tuple[Write, ...] = (
    arrives,
    is_met,
    tells,
    tells_again,
    has_a_brother,
    is_in_a_group,
    is_called,
    has_a_document,
    has_a_document_corrected,
    sends_a_scan,
    is_opened,
)


@pytest.fixture
def read(world: World, ana: Person) -> tuple[Person, Encounter]:
    """The person and the encounter as a page read them, before the disposal."""
    world.person("luz", office="CENTRE-A", by="registrar_a", given="Luz")
    Encounter.objects.filter(person=ana).update(occurred_at=NOW - timedelta(days=11 * 366))
    seen = person_seen_by(world.officers["registrar_a"], ana.key, NOW)
    assert seen is not None
    met = encounter_seen_by(world.officers["registrar_a"], ana.encounters.get().key, NOW)
    assert met is not None
    return seen, met


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_nothing_is_written_of_a_person_who_is_just_disposed_of(
    world: World, read: tuple[Person, Encounter], decides: Officer, second: Officer, write: Write
) -> None:
    confirm_disposal(by=second, disposal=proposed(decides), now=NOW)
    before = stored() | kept()
    with pytest.raises(Disposed):
        write(world, *read)
    assert stored() | kept() == before


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_nor_when_only_part_of_her_data_went_in_that_moment(
    world: World, read: tuple[Person, Encounter], decides: Officer, second: Officer, write: Write
) -> None:
    confirm_disposal(by=second, disposal=proposed(decides, DataClass.SENSITIVE), now=NOW)
    if write is sends_a_scan:
        pytest.skip("it reads the person itself, after the disposal")
    before = stored() | kept()
    with pytest.raises(Disposed):
        write(world, *read)
    assert stored() | kept() == before
    person = person_seen_by(world.officers["registrar_a"], read[0].key, NOW)
    assert person is not None
    assert arrives(world, person, read[1]), "who returns later is received as anybody is"


def test_a_merge_with_who_is_just_disposed_of_is_refused(
    world: World, read: tuple[Person, Encounter], decides: Officer, second: Officer
) -> None:
    luz = world.people["luz"]
    pair = decided(read[0], luz)
    confirm_disposal(by=second, disposal=proposed(decides), now=NOW)
    before = stored()
    with pytest.raises(Disposed):
        merge(by=world.officers["supervisor_a"], pair=pair, survivor=luz, reason="Es la misma persona", now=NOW)
    assert stored() == before
    assert not Merge.objects.exists()


def test_who_came_back_before_it_was_confirmed_is_left_out(
    world: World, read: tuple[Person, Encounter], decides: Officer, second: Officer
) -> None:
    disposal = proposed(decides)
    arrives(world, *read)
    with pytest.raises(DisposalRefused):
        confirm_disposal(by=second, disposal=disposal, now=NOW)
    assert Section.objects.filter(encounter__person=read[0]).count() == 3


@pytest.fixture
def at_that_moment(
    decides: Officer, second: Officer, read: tuple[Person, Encounter], monkeypatch: pytest.MonkeyPatch
) -> Callable[[object, str], None]:
    """Has the disposal confirmed when a view, which has read the person, calls the action of this name."""
    disposal = proposed(decides)

    def interrupt(module: object, name: str) -> None:
        action = getattr(module, name)

        def confirmed_first(**options: Any) -> object:
            confirm_disposal(by=second, disposal=disposal, now=timezone.now())
            return action(**options)

        monkeypatch.setattr(module, name, confirmed_first)

    return interrupt


def page(world: World, username: str, address: str, typed: dict[str, object]) -> tuple[int, str]:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    answer = client.post(address, typed)
    return answer.status_code, answer.content.decode()


def test_the_form_of_a_relative_says_so_and_keeps_what_was_typed(
    world: World, read: tuple[Person, Encounter], at_that_moment: Callable[[object, str], None]
) -> None:
    at_that_moment(family_actions, "relate")
    typed = {"save": "1", "name": "Beto Inventado", "kin": "sibling", "evidence": "stated"}
    status, said = page(world, "registrar_a", reverse("households:relate", args=[read[0].key]), typed)
    assert status == 200
    assert "se eliminaron datos de esta persona" in said
    assert "Beto Inventado" in said


def test_the_form_of_a_section_says_so_and_keeps_what_was_typed(
    world: World, read: tuple[Person, Encounter], at_that_moment: Callable[[object, str], None]
) -> None:
    at_that_moment(section_views, "write_section")
    typed = {"expected_version": "1", "encounter": str(read[1].key), "care": "TREATED"}
    status, said = page(world, "health_a", reverse("returns:section", args=[read[0].key, "health"]), typed)
    assert status == 200
    assert "se eliminaron datos de esta persona" in said
    assert re.search(r'value="TREATED"[^>]*(selected|checked)', said)


def test_the_form_of_an_arrival_says_so_and_keeps_what_was_typed(
    world: World, read: tuple[Person, Encounter], at_that_moment: Callable[[object, str], None]
) -> None:
    at_that_moment(views, "record_arrival")
    address = reverse("returns:arrival", args=[read[0].key])
    status, said = page(world, "registrar_a", address, at_centre(world, returned_from="MEX"))
    assert status == 200
    assert "se eliminaron datos de esta persona" in said
    assert re.search(r'value="MEX"[^>]*selected', said)


def test_where_the_form_does_not_say_it_a_page_does_with_what_was_typed(
    world: World, read: tuple[Person, Encounter], at_that_moment: Callable[[object, str], None]
) -> None:
    at_that_moment(case_views.actions, "give_consent")
    options = {
        "recipient": "MTPS",
        "purpose": "attention",
        "sections": ["identity"],
        "given": "signed",
        "given_by": "person",
        "explained_in": "español",
        "witness": "Testigo Inventado",
        "valid_until": f"{timezone.localdate() + timedelta(days=30)}",
    }
    status, said = page(world, "registrar_a", reverse("cases:consent", args=[read[0].key]), options)
    assert status == 409, said
    assert "Se eliminaron datos de esta persona" in said
    assert "Testigo Inventado" in said
    typed_again = said.split('id="typed"')[1]
    assert "csrf" not in typed_again
    assert 'class="typed">MTPS' in typed_again


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_first_no_record_that_was_disposed_of_has_anything_new(
    world: World, read: tuple[Person, Encounter], decides: Officer, second: Officer
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the embedded database of a test lives in memory and has one connection")
    disposal = proposed(decides)
    start, told = threading.Barrier(4), []

    def run(do: Callable[[], object]) -> None:
        try:
            start.wait()
            do()
        except Refused as why:
            told.append(why.code)
        finally:
            connection.close()

    deeds: list[Callable[[], object]] = [
        lambda: confirm_disposal(by=second, disposal=disposal, now=NOW),
        lambda: arrives(world, *read),
        lambda: tells_again(world, *read),
        lambda: has_a_brother(world, *read),
    ]
    threads = [threading.Thread(target=run, args=(do,)) for do in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    person = Person.objects.get(pk=read[0].pk)
    if person.shell:
        assert not Section.objects.filter(encounter__person=person).exists()
        assert not Relationship.objects.filter(person=person).exists()
        assert person.encounters.count() == 1
        assert "disposed" in told
    else:
        assert told == ["left"]
