"""What is written at the reception centre: that a person has arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.names import PARTS, PersonName
from torogoz.domain.people import DocumentTyped, read_details
from torogoz.domain.returns import (
    AlreadyArrived,
    Declaration,
    FormSentBefore,
    MedicalStop,
    check_arrival,
    medical_stop,
)
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import at, may
from torogoz.shared.institutions.models import Office, Officer
from torogoz.shared.people.actions import choose_person, record_encounter, register_person
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import names_of
from torogoz.topics.returns.models import Arrival
from torogoz.topics.returns.queries import RETURN, ages_on, arrived_between, bounds_of, declaration_of

UNNAMED = ""  # a refusal of the form as a whole, of no field


@dataclass(frozen=True)
class NewPerson:
    """Somebody whom no search found, each value as it was typed.

    none_fits   keys of those alike, of whom the officer said that none fits
    """

    name: PersonName
    aliases: Sequence[str] = ()
    sex: str = "_U"
    birth: str = ""
    nationality: str = "_U"
    documents: Sequence[DocumentTyped] = ()
    none_fits: frozenset[UUID] = frozenset()


@transaction.atomic
def record_arrival(
    *,
    by: Officer,
    person: Person | NewPerson,
    centre: Office,
    arrived_at: datetime,
    declared: Declaration,
    token: UUID,
    now: datetime,
) -> Arrival:
    """Record that a person has arrived at a centre, registering her first when she is new.

    token    of the form; sent twice with the same answers, it gives the arrival that it gave the first time
    raises   ArrivalInTheFuture, ArrivalLongAgo, ArrivalBeforeBirth, AlreadyArrived, FormSentBefore; FieldsRefused
             for a new person's details; Resembles (somebody is alike); NotAllowed. Nothing is stored then.
    """
    if sent := _sent_before(token, by):
        return _repeated(sent, person, arrived_at, declared, now)
    try:
        with transaction.atomic():
            return _record(by, person, centre, arrived_at, declared, token, now)
    except IntegrityError:
        # The same form was sent twice at the same moment, and the other one came first.
        if sent := _sent_before(token, by):
            return _repeated(sent, person, arrived_at, declared, now)
        if Arrival.objects.filter(token=token).exists():  # sent by another officer, on the same machine
            raise FormSentBefore(UNNAMED, "other_answers") from None
        raise


def _record(
    by: Officer,
    person: Person | NewPerson,
    centre: Office,
    arrived_at: datetime,
    declared: Declaration,
    token: UUID,
    now: datetime,
) -> Arrival:
    arrived_at = timezone.localtime(arrived_at)
    known = _registered(by, person, centre, now) if isinstance(person, NewPerson) else _held(person)
    check_arrival(arrived_at=arrived_at, now=now, born_from=known.birth_min)
    _refuse_a_second_arrival(by, known, arrived_at.date(), now)
    if isinstance(person, Person):
        choose_person(by=by, person=known, office=centre, now=now)
    encounter = record_encounter(by=by, person=known, office=centre, kind=RETURN, occurred_at=arrived_at, now=now)
    arrival = Arrival(
        encounter=encounter,
        returned_from=declared.returned_from,
        route=declared.route,
        accompanied=declared.accompanied.value,
        origin_department=declared.origin_department,
        origin_district=declared.origin_district,
        destination_department=declared.destination_department,
        destination_district=declared.destination_district,
        reason=declared.reason,
        needs=list(declared.needs),
        pregnant=declared.pregnant.value,
        disabled=declared.disabled.value,
        injured=declared.injured.value,
        medical_stop=stop_of(known, declared, arrived_at.date()).compulsory.value,
        token=token,
    )
    arrival.save(force_insert=True)
    decision = may(by, Verb.CREATE, at(centre.pk), IDENTITY, now)
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.CREATE,
        what="arrival",
        subjects=[str(known.key), str(encounter.key)],
        decision=decision,
        channel="page",
        now=now,
    )
    return arrival


def stop_of(person: Person, declared: Declaration, on: date) -> MedicalStop:
    """Whether the medical stop is compulsory for this person on this day."""
    return medical_stop(
        ages=ages_on(person, on),
        sex=person.sex,
        pregnant=declared.pregnant,
        disabled=declared.disabled,
        injured=declared.injured,
    )


def _registered(by: Officer, person: NewPerson, centre: Office, now: datetime) -> Person:
    return register_person(
        by=by,
        office=centre,
        now=now,
        given1=person.name.given1,
        given2=person.name.given2,
        surname1=person.name.surname1,
        surname2=person.name.surname2,
        married=person.name.married,
        aliases=person.aliases,
        sex=person.sex,
        birth=person.birth,
        nationality=person.nationality,
        identifiers=person.documents,
        none_fits=person.none_fits,
    )


def _held(person: Person) -> Person:
    """The person, held until the end of the transaction, so that two officers do not record one arrival twice. Raises
    Disposed."""
    return hold(person)[0]


def _sent_before(token: UUID, by: Officer) -> Arrival | None:
    return Arrival.objects.filter(token=token, encounter__recorded_by=by).select_related("encounter__person").first()


def _repeated(
    sent: Arrival, person: Person | NewPerson, arrived_at: datetime, declared: Declaration, now: datetime
) -> Arrival:
    """The arrival that this form gave before, when it says the same again.

    Raises FormSentBefore when it says something else: whoever goes back in the browser and types the next person over
    the last one must not believe that it was stored. Raises FieldsRefused when it cannot be read.
    """
    same = (
        _same_person(sent.encounter.person, person, now)
        and sent.encounter.occurred_at == arrived_at
        and declaration_of(sent) == declared
    )
    if not same:
        raise FormSentBefore(UNNAMED, "other_answers")
    return sent


def _same_person(stored: Person, person: Person | NewPerson, now: datetime) -> bool:
    if isinstance(person, Person):
        return stored == person
    typed = read_details(
        today=timezone.localdate(now),
        names={part: getattr(person.name, part) for part in PARTS},
        aliases=person.aliases,
        sex=person.sex,
        birth=person.birth,
        nationality=person.nationality,
        documents=person.documents,
    )
    documents = {(document.kind, issuer, document.folded) for document, issuer in typed.documents}
    kept = stored.identifiers.select_related("institution")
    return (
        names_of(stored) == (typed.name, typed.aliases)
        and (stored.sex, stored.nationality) == (typed.sex, typed.nationality)
        and stored.birth == (typed.birth.text if typed.birth else "")
        and documents == {(each.kind, each.issuer, each.folded) for each in kept}
    )


def _refuse_a_second_arrival(by: Officer, person: Person, day: date, now: datetime) -> None:
    if arrived_between(by, person, *bounds_of(day), now):
        raise AlreadyArrived("arrived_on", "same_day", day=f"{day:%F}")
