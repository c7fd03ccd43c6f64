"""What is written on the day of reception: a transport, its list, who came, the stops, the end of the day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Subject, Verb
from torogoz.domain.reception import CircuitStop, Progress, TransportRefused, check_day, check_stop
from torogoz.domain.sections import IDENTITY
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.manifests import Passenger, read_manifest
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import at, may
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Encounter
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.returns.actions import stop_of
from torogoz.topics.returns.models import Arrival, ManifestAside, ManifestLine, StopMade, Transport
from torogoz.topics.returns.queries import declaration_of
from torogoz.topics.returns.reception_queries import subject_of_stop

UNNAMED = ""
FILE = "file"
LARGEST = 5 * 1024 * 1024


@dataclass(frozen=True)
class Taken:
    """What became of a list: rows added, rows that were there already, rows set aside."""

    added: int
    known: int
    aside: int


@transaction.atomic
def announce_transport(
    *,
    by: Officer,
    centre: Office,
    route: str,
    arrives_on: date,
    number: str,
    returned_from: str,
    expected: int | None,
    now: datetime,
) -> Transport:
    """Register a flight or bus that a centre is to receive. Raises TransportRefused (no_day, same), NotAllowed."""
    decision = _allowed(by, at(centre.pk), IDENTITY, now)
    check_day(arrives_on, timezone.localdate(now))
    transport = Transport(
        office=centre,
        institution=Institution.objects.get(code=decision.institution),
        route=route,
        arrives_on=arrives_on,
        number=" ".join(number.upper().split()),
        returned_from=returned_from,
        expected=expected,
        recorded_by=by,
        recorded_at=now,
    )
    try:
        with transaction.atomic():
            transport.save(force_insert=True)
    except IntegrityError:
        raise TransportRefused("number", "same") from None
    _note(by, Verb.CREATE, "transport", [transport.key], decision, now)
    return transport


@transaction.atomic
def withdraw_transport(*, by: Officer, transport: Transport, now: datetime) -> None:
    """Take out a transport that was announced by mistake and has no list. Raises TransportRefused, NotAllowed."""
    decision = _allowed(by, at(transport.office_id), IDENTITY, now)
    held = _open(transport)
    if held.lines.exists():
        raise TransportRefused(UNNAMED, "listed")
    key = held.key
    held.aside.all().delete()
    held.delete()
    _note(by, Verb.DISPOSE, "transport", [key], decision, now)


@transaction.atomic
def take_manifest(*, by: Officer, transport: Transport, content: bytes, now: datetime) -> Taken:
    """Take in the list of a transport, whole or not at all; handed in again, only what was set aside is replaced.

    A row that was taken stays as it is, also when the file now says something else in it: who was ticked off is not
    renamed by a file. Such a row is set aside with the reason `changed`, or with what is wrong in it. A row set aside
    before stays so until a file has that row.
    raises  TransportRefused (closed, large, unreadable), NotAllowed. Nothing is stored then.
    """
    decision = _allowed(by, at(transport.office_id), IDENTITY, now)
    if len(content) > LARGEST:
        raise TransportRefused(FILE, "large")
    held = _open(transport)
    try:
        manifest = read_manifest(content, today=timezone.localdate(now))
    except Unreadable:
        raise TransportRefused(FILE, "unreadable") from None
    batch = Batch()
    stored = ManifestLine.objects.filter(transport=held).select_related("transport__institution")
    rows = {line.row: line.said_in(batch)["compared"] for line in stored}
    known, added, aside = 0, [], [(one.row, one.reason) for one in manifest.aside]
    for passenger in manifest.passengers:
        if _compared(passenger) in rows.values():
            known += 1
        elif passenger.row in rows:
            aside.append((passenger.row, "changed"))
        else:
            line = ManifestLine(transport=held, row=passenger.row)
            added.append(line.keep(_said(passenger), batch))
    ManifestLine.objects.bulk_create(added)
    read = [*(one.row for one in manifest.passengers), *(one.row for one in manifest.aside)]
    ManifestAside.objects.filter(transport=held, row__in=read).delete()
    ManifestAside.objects.bulk_create(ManifestAside(transport=held, row=row, reason=why) for row, why in aside)
    _note(by, Verb.CREATE, "manifest", [held.key, *(line.key for line in added)], decision, now)
    return Taken(len(added), known, len(aside))


@transaction.atomic
def tick_off(*, by: Officer, line: ManifestLine, arrival: Arrival, now: datetime) -> None:
    """Say which arrival somebody on the list became. Raises TransportRefused (closed, taken, ticked), NotAllowed."""
    decision = _allowed(by, at(line.transport.office_id), IDENTITY, now)
    _open(line.transport)
    held = ManifestLine.objects.select_for_update().get(pk=line.pk)
    if held.arrival_id == arrival.pk:
        return
    if held.arrival_id is not None:
        raise TransportRefused(UNNAMED, "ticked")
    held.arrival = arrival
    try:
        with transaction.atomic():
            held.save(update_fields=["arrival"])
    except IntegrityError:  # another line has it, perhaps since a moment ago: only the database can know
        raise TransportRefused(UNNAMED, "taken") from None
    _note(by, Verb.EDIT, "manifest", [held.key, arrival.encounter.person.key], decision, now)


@transaction.atomic
def take_tick_away(*, by: Officer, line: ManifestLine, now: datetime) -> None:
    """Say that somebody on the list did not become the arrival that was chosen.

    raises  TransportRefused (closed), NotAllowed
    """
    decision = _allowed(by, at(line.transport.office_id), IDENTITY, now)
    _open(line.transport)
    held = ManifestLine.objects.select_for_update().get(pk=line.pk)
    if held.arrival is None:
        return
    person = held.arrival.encounter.person
    held.arrival = None
    held.save(update_fields=["arrival"])
    _note(by, Verb.EDIT, "manifest", [held.key, person.key], decision, now)


@transaction.atomic
def take_off_list(*, by: Officer, line: ManifestLine, now: datetime) -> None:
    """Take somebody off a list who should not be on it: what the row says is deleted, and a file may bring it again.

    raises  TransportRefused (closed, arrived), NotAllowed
    """
    decision = _allowed(by, at(line.transport.office_id), IDENTITY, now)
    _open(line.transport)
    held = ManifestLine.objects.select_for_update().get(pk=line.pk)
    if held.arrival_id is not None:
        raise TransportRefused(UNNAMED, "arrived")
    key = held.key
    held.delete()
    _note(by, Verb.DISPOSE, "manifest", [key], decision, now)


@transaction.atomic
def record_stop(*, by: Officer, encounter: Encounter, stop: CircuitStop, progress: Progress, now: datetime) -> StopMade:
    """Say how a stop went for a person; said again, the last one stays. Raises StopRefused, NotAllowed."""
    decision = _allowed(by, subject_of_stop(encounter, stop), stop.section, now)
    arrival = Arrival.objects.filter(encounter=encounter).first()
    if arrival is not None:
        day = timezone.localdate(encounter.occurred_at)
        check_stop(stop, progress, stop_of(encounter.person, declaration_of(arrival), day).compulsory)
    made, _new = StopMade.objects.update_or_create(
        encounter=encounter,
        stop=stop.code,
        defaults={
            "progress": progress.value,
            "recorded_by": by,
            "institution": Institution.objects.get(code=decision.institution),
            "recorded_at": now,
        },
    )
    _note(by, Verb.EDIT, "stop", [encounter.person.key, encounter.key], decision, now, stop.section)
    return made


@transaction.atomic
def close_day(*, by: Officer, transport: Transport, now: datetime) -> None:
    """Close the day of a transport: its list changes no more. Raises TransportRefused (closed), NotAllowed."""
    decision = _allowed(by, at(transport.office_id), IDENTITY, now)
    held = _open(transport)
    held.closed_at, held.closed_by = now, by
    held.save(update_fields=["closed_at", "closed_by"])
    _note(by, Verb.EDIT, "transport", [held.key], decision, now)


def _open(transport: Transport) -> Transport:
    """The transport, held until the end of the transaction, so that two officers do not take in one list twice."""
    held = Transport.objects.select_for_update().get(pk=transport.pk)
    if held.closed_at is not None:
        raise TransportRefused(UNNAMED, "closed")
    return held


def _said(passenger: Passenger) -> dict[str, str]:
    return {
        "name": str(passenger.name),
        "document": passenger.document,
        "birth": passenger.birth,
        "compared": _compared(passenger),
    }


def _compared(passenger: Passenger) -> str:
    return "|".join(passenger.compared)


def _allowed(by: Officer, subject: Subject, section: str, now: datetime) -> Decision:
    decision = may(by, Verb.CREATE, subject, section, now)
    if not decision:
        raise NotAllowed(f"{by} may not write {section}")
    return decision


def _note(
    by: Officer, verb: Verb, what: str, keys: list[object], decision: Decision, now: datetime, section: str = IDENTITY
) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(key) for key in keys],
        decision=decision,
        channel="page",
        now=now,
        sections=[section],
    )
