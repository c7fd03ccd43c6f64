"""What is written after the reception: a bag kept and given back, the way home, a bed given and left."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Subject, Verb
from torogoz.domain.onward import GivenTo, Nights, OnwardRefused, Way, check_alone, check_nights, check_room
from torogoz.domain.sections import ONWARD
from torogoz.shared.audit.actions import record
from torogoz.shared.households.child_queries import held_back_seen_by
from torogoz.shared.institutions.access import at, may
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Encounter
from torogoz.shared.people.queries import subject_of
from torogoz.topics.returns.models import Bag, Shelter, Stay, Trip

UNNAMED = ""


@transaction.atomic
def keep_bag(*, by: Officer, encounter: Encounter, number: str, things: str, now: datetime) -> Bag:
    """Keep a sealed bag, with the list of what is in it. Raises OnwardRefused (same_bag), Disposed, NotAllowed."""
    hold(encounter.person)
    decision = _allowed(by, subject_of(encounter.person), now)
    bag = Bag(
        encounter=encounter,
        office=encounter.office,
        institution=_institution(decision),
        number="".join(number.upper().split()),
        recorded_by=by,
        recorded_at=now,
    ).keep(things)
    try:
        with transaction.atomic():
            bag.save(force_insert=True)
    except IntegrityError:
        raise OnwardRefused("number", "same_bag") from None
    _note(by, Verb.CREATE, "bag", encounter, bag.key, decision, now)
    return bag


@transaction.atomic
def give_back(*, by: Officer, bag: Bag, to: GivenTo, now: datetime) -> None:
    """Give a bag back, once. Raises OnwardRefused (given), NotAllowed."""
    decision = _allowed(by, subject_of(bag.encounter.person), now)
    held = Bag.objects.select_for_update().get(pk=bag.pk)
    if held.given_to:
        raise OnwardRefused(UNNAMED, "given")
    held.given_to, held.given_by, held.given_at = to.value, by, now
    held.save(update_fields=["given_to", "given_by", "given_at"])
    _note(by, Verb.EDIT, "bag", bag.encounter, bag.key, decision, now)


@transaction.atomic
def plan_trip(*, by: Officer, encounter: Encounter, way: Way, leaves_at: datetime, place: str, now: datetime) -> Trip:
    """Record how, when and where to a person travels on. Raises OnwardRefused (child), NotAllowed.

    Who may be a child, and is alone as far as the officer sees, does not travel before it was decided with whom.
    """
    hold(encounter.person)
    decision = _allowed(by, subject_of(encounter.person), now)
    if held_back_seen_by(by, encounter, now):
        raise OnwardRefused("way", "child")
    trip = Trip(
        encounter=encounter,
        institution=_institution(decision),
        way=way.value,
        leaves_at=leaves_at,
        recorded_by=by,
        recorded_at=now,
    ).keep(place)
    trip.save(force_insert=True)
    _note(by, Verb.CREATE, "trip", encounter, trip.key, decision, now)
    return trip


@transaction.atomic
def add_shelter(*, by: Officer, centre: Office, name: str, capacity: int, now: datetime) -> Shelter:
    """Register a place with beds that a centre fills. Raises OnwardRefused (same_place), NotAllowed."""
    decision = _allowed(by, at(centre.pk), now)
    shelter = Shelter(office=centre, name=" ".join(name.split()), capacity=capacity, recorded_by=by, recorded_at=now)
    try:
        with transaction.atomic():
            shelter.save(force_insert=True)
    except IntegrityError:
        raise OnwardRefused("name", "same_place") from None
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.CREATE,
        what="shelter",
        subjects=[str(shelter.key)],
        decision=decision,
        channel="page",
        now=now,
        sections=[ONWARD],
    )
    return shelter


@transaction.atomic
def give_bed(
    *, by: Officer, encounter: Encounter, shelter: Shelter, first_night: date, leaves_on: date, now: datetime
) -> Stay:
    """Give a bed for some nights: none of them over the capacity, none of them in two places.

    The place and the person are held until it is stored, so that two officers never give the last bed twice.
    raises      OnwardRefused (nights, past, full, elsewhere), Disposed, NotAllowed; then nothing was stored
    """
    (person,) = hold(encounter.person)
    decision = _allowed(by, subject_of(encounter.person), now)
    _allowed(by, at(shelter.office_id), now)
    nights = Nights(first_night, leaves_on)
    check_nights(nights, met_on=timezone.localdate(encounter.occurred_at))
    held = Shelter.objects.select_for_update().get(pk=shelter.pk)
    near = Stay.objects.filter(first_night__lt=leaves_on, leaves_on__gt=first_night)
    check_alone(nights, [one.nights for one in near.filter(encounter__person=person)])
    check_room(nights, [one.nights for one in near.filter(shelter=held)], held.capacity)
    stay = Stay.objects.create(
        encounter=encounter,
        shelter=held,
        institution=_institution(decision),
        first_night=first_night,
        leaves_on=leaves_on,
        recorded_by=by,
        recorded_at=now,
    )
    _note(by, Verb.CREATE, "stay", encounter, stay.key, decision, now)
    return stay


@transaction.atomic
def leave_bed(*, by: Officer, stay: Stay, leaves_on: date, now: datetime) -> None:
    """End a stay earlier; on the first night itself it has none. Raises OnwardRefused (longer), NotAllowed."""
    decision = _allowed(by, subject_of(stay.encounter.person), now)
    held = Stay.objects.select_for_update().get(pk=stay.pk)
    if not held.first_night <= leaves_on < held.leaves_on:
        raise OnwardRefused("leaves_on", "longer")
    held.leaves_on = leaves_on
    held.save(update_fields=["leaves_on"])
    _note(by, Verb.EDIT, "stay", stay.encounter, stay.key, decision, now)


def _allowed(by: Officer, subject: Subject, now: datetime) -> Decision:
    decision = may(by, Verb.CREATE, subject, ONWARD, now)
    if not decision:
        raise NotAllowed(f"{by} may not write {ONWARD}")
    return decision


def _institution(decision: Decision) -> Institution:
    return Institution.objects.get(code=decision.institution)


def _note(
    by: Officer, verb: Verb, what: str, encounter: Encounter, key: object, decision: Decision, now: datetime
) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(encounter.person.key), str(key)],
        decision=decision,
        channel="page",
        now=now,
        sections=[ONWARD],
    )
