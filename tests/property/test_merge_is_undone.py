"""Merge then undo is the identity, for whatever hangs on two people; and nobody reads more for a merge."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.world import NOW, OFFICERS, World
from torogoz.domain.access import Verb
from torogoz.domain.documents import DocumentNotCorrected
from torogoz.domain.people import DocumentTyped
from torogoz.shared.cases.models import Consent
from torogoz.shared.households.models import Contact
from torogoz.shared.institutions.access import visible, visible_sections
from torogoz.shared.institutions.models import Institution, PersonGrant
from torogoz.shared.people import index
from torogoz.shared.people.document_actions import correct_document, take_document_away
from torogoz.shared.people.merge_actions import merge, unmerge
from torogoz.shared.people.models import DocumentCorrection, Encounter, Identifier, Merge, Name, Pair, Person, Section
from torogoz.topics.returns.models import Arrival

APART = {"people.merge", "people.movedrow", "audit.accessevent", "audit.accesssubject"}
"""What a merge and its undoing add to: their own record, and that of accesses."""

CHANGES = {"name", "corrected"}
"""What does not add to what there is, but writes it anew."""

BY = {"CENTRE-A": ("registrar_a", "health_a", "women_a"), "CENTRE-B": ("registrar_b", "health_b", "children_b")}
things = st.tuples(
    st.sampled_from(
        ["encounter", "section", "document", "own document", "grant", "contact", "name", "arrival", "corrected"]
    ),
    st.integers(0, 2),
    st.sampled_from(sorted(BY)),
    st.integers(0, 2),
)
histories = st.lists(things, max_size=10)


def everything() -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row of every table, by table and number of the row."""
    rows = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if label not in APART:
            for row in model._base_manager.values():
                kept = {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
                number = kept.get("id") or (kept.get("key"), kept.get("year"), kept.get("person_id"))
                rows[label, number] = kept
    return rows


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def write(world: World, people: list[Person], history: list[tuple[str, int, str, int]], minutes: int = 0) -> None:
    """Let these things happen to people."""
    for what, whose, office, place in history:
        person = people[whose]
        by = BY[office][place]
        if what == "encounter":
            met = world.encounter(person, office=office, by=by)
            Encounter.objects.filter(pk=met.pk).update(recorded_at=NOW + timedelta(minutes=minutes))
        elif what == "section":
            encounter = person.encounters.order_by("-pk")[0]
            if not encounter.sections.filter(code="health").exists():
                world.section(person, "health", by=by, answers={})
        elif what == "arrival":
            encounter = person.encounters.order_by("-pk")[0]
            Arrival.objects.get_or_create(encounter=encounter, defaults=ARRIVAL)
        elif "document" in what:
            number = "A01234567" if what == "document" else f"B{whose}{place}{minutes:05}"
            new = Identifier(person=person, kind="PASSPORT", issuer="SLV", institution=institution("DGME")).keep(number)
            if not Identifier.objects.filter(person=person, hashed=new.hashed).exists():
                new.save()
        elif what == "corrected":
            correct_a_document(world, person, place, f"C{whose}{place}{minutes:05}")
        elif what == "grant":
            opened = PersonGrant.objects.create(
                person=person.key, institution=institution(OFFICERS[by][0]), basis="consent", purpose="attention",
                sections=["identity", "health", "migration"], valid_from=NOW - timedelta(hours=1),
                valid_until=NOW + timedelta(days=9),
            )  # fmt: skip
            Consent.objects.create(
                person=person, recipient=opened.institution, purpose="attention", sections=opened.sections,
                given="signed", given_by="person", recorded_by=world.officers[by], institution=institution("DGME"),
                recorded_at=NOW, valid_until=NOW + timedelta(days=9), grant=opened,
            )  # fmt: skip
        elif what == "contact":
            Contact(
                person=person, way="phone", whose="own", safe="Y", valid_from="2026-11-01",
                recorded_by=world.officers[by], institution=institution("DGME"), recorded_at=NOW,
            ).keep("2222-2222", "", "").save()  # fmt: skip
        else:
            index.erase(person)
            Name.objects.create(person=person, kind="alias", alias=f"Chepe {place}")
            index.write(person)


def correct_a_document(world: World, person: Person, place: int, number: str) -> None:
    """Correct the document in this place among a person's, or take it away when there is no number; if there is one."""
    person.refresh_from_db()
    documents = list(person.identifiers.order_by("pk"))
    if not documents:
        return
    asked: dict[str, Any] = {
        "by": world.officers["supervisor_a"], "person": person, "document": documents[place % len(documents)].key,
        "expected_version": person.version, "reason": DocumentCorrection.Reason.ANOTHER, "now": NOW,
    }  # fmt: skip
    if not number:
        take_document_away(**asked)
        return
    everybody = Person.objects.values_list("key", flat=True)
    with suppress(DocumentNotCorrected):  # the person has that one already
        correct_document(**asked, typed=DocumentTyped("PASSPORT", number), none_fits=everybody)


ARRIVAL = {"returned_from": "MEX", "route": "LAND", "accompanied": "N", "reason": "_U", "needs": [], "pregnant": "N",
           "disabled": "N", "injured": "N", "medical_stop": "N"}  # fmt: skip


def institution(code: str) -> Institution:
    return Institution.objects.get(code=code)


def people_of(world: World) -> list[Person]:
    """Three people, of whom DGME met each."""
    people = []
    for number, (office, by) in enumerate((("CENTRE-A", "registrar_a"), ("CENTRE-B", "registrar_b")) * 2):
        if number < 3:
            people.append(world.person(f"p{number}", office=office, by=by, given=f"José {number}"))
            index.write(people[-1])
    for number, one in enumerate(people):
        for other in people[number + 1 :]:
            Pair.objects.create(first=one, second=other, score=90, reasons=[], found_at=NOW, verdict="same")
    return people


def joined(world: World, people: list[Person], survivor: int, goes: int, minutes: int) -> Merge:
    low, high = sorted((survivor, goes))
    pair = Pair.objects.get(first=people[low], second=people[high])
    return merge(
        by=world.officers["supervisor_a"], pair=pair, survivor=people[survivor], reason="La misma persona.",
        now=NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def undone(world: World, made: Merge) -> None:
    unmerge(
        by=world.officers["supervisor_a"], merge=made, reason="No eran la misma persona.", now=NOW + timedelta(hours=9)
    )


ROUNDS = settings(max_examples=tries(24), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ROUNDS
@given(before=histories, order=st.permutations([0, 1, 2]))
def test_merged_and_undone_every_row_is_as_it_was(
    world: World, before: list[tuple[str, int, str, int]], order: list[int]
) -> None:
    with taken_back():
        people = people_of(world)
        write(world, people, before)
        first, second, third = order
        stood = [everything()]
        made = [joined(world, people, first, second, minutes=1)]
        stood.append(everything())
        made.append(joined(world, people, third, first, minutes=2))
        undone(world, made[1])
        assert everything() == stood[1]
        undone(world, made[0])
        assert everything() == stood[0]


@ROUNDS
@given(before=histories, since=histories, order=st.permutations([0, 1, 2]))
def test_what_was_added_since_stays_with_the_survivor_and_what_was_there_is_as_it_was(
    world: World, before: list[tuple[str, int, str, int]], since: list[tuple[str, int, str, int]], order: list[int]
) -> None:
    with taken_back():
        people = people_of(world)
        write(world, people, before)
        survivor, goes, _ = order
        stood = everything()
        made = joined(world, people, survivor, goes, minutes=1)
        standing = [*people]
        standing[goes] = people[survivor]
        write(world, standing, [thing for thing in since if thing[0] not in CHANGES], minutes=5)
        undone(world, made)
        now = everything()
        assert {number: row for number, row in now.items() if number in stood} == stood
        added = [row for number, row in now.items() if number not in stood]
        assert people[goes].pk not in [row.get("person_id") for row in added]
        assert people[goes].key not in [row.get("person") for row in added]


corrections = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["", "A01234567", "B0000000", "B1100000", "D7654321"])), max_size=5
)


@ROUNDS
@given(before=histories, made=corrections, order=st.permutations([0, 1, 2]))
def test_what_was_corrected_of_a_document_while_merged_goes_where_the_document_goes(
    world: World, before: list[tuple[str, int, str, int]], made: list[tuple[int, str]], order: list[int]
) -> None:
    with taken_back():
        people = people_of(world)
        write(world, people, [*before, ("document", 0, "CENTRE-A", 0), ("own document", 1, "CENTRE-A", 0)])
        survivor, goes, _ = order
        stood = everything()
        whose = {one.key: one.person_id for one in Identifier.objects.all()}
        undo = joined(world, people, survivor, goes, minutes=1)
        for place, number in made:
            correct_a_document(world, people[survivor], place, number)
        undone(world, undo)
        for document in Identifier.objects.all():
            assert document.person_id == whose[document.key]
        for one in DocumentCorrection.objects.all():
            assert one.person_id == whose[one.document]
        changed = {"people.identifier", "people.person"}
        now = everything()
        assert {row: now.get(row) for row in stood if row[0] not in changed} == {
            row: stood[row] for row in stood if row[0] not in changed
        }
        touched = set(DocumentCorrection.objects.filter(corrected_by=world.officers["supervisor_a"]).values_list(
            "document", flat=True
        ))  # fmt: skip
        for row in (row for row in stood if row[0] == "people.identifier" and stood[row]["key"] not in touched):
            assert now[row] == stood[row]


@ROUNDS
@given(before=histories, order=st.permutations([0, 1, 2]))
def test_nobody_reads_more_for_a_merge_than_who_may_see_one_person_met_in_all_those_places(
    world: World, before: list[tuple[str, int, str, int]], order: list[int]
) -> None:
    with taken_back():
        people = people_of(world)
        write(world, people, before)
        survivor, goes, _ = order
        read_before = {name: read(world, name) for name in OFFICERS}
        arrivals = Arrival.objects.count()
        with taken_back():  # as if the two had been registered as one: the protocol alone, no leave given to anybody
            PersonGrant.objects.update(valid_until=NOW)
            Encounter.objects.filter(person=people[goes]).update(person=people[survivor])
            as_one = {name: read(world, name) for name in OFFICERS}
        joined(world, people, survivor, goes, minutes=0)
        for name in OFFICERS:
            assert read(world, name) <= as_one[name] | read_before[name], name
            if not read_before[name]:
                assert not read(world, name), name
        assert Arrival.objects.count() == arrivals


def read(world: World, username: str) -> frozenset[tuple[str, int]]:
    """The encounters and sections that an officer may read."""
    officer = world.officers[username]
    met = Encounter.objects.filter(visible(officer, Verb.VIEW, NOW, through="", section="migration"))
    written = Section.objects.filter(visible_sections(officer, Verb.VIEW, NOW))
    return frozenset(
        [*(("encounter", row) for row in met.values_list("pk", flat=True)),
         *(("section", row) for row in written.values_list("pk", flat=True))]
    )  # fmt: skip
