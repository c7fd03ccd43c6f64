"""What may be read of the day of reception: transports, their lists, who is still missing, how far each person is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from torogoz.domain.access import Subject, Tier, Verb
from torogoz.domain.names import tokens, tokens_of
from torogoz.domain.reception import CIRCUIT, CircuitStop
from torogoz.domain.sections import IDENTITY
from torogoz.shared.institutions.access import at, may
from torogoz.shared.institutions.models import Office, Officer
from torogoz.shared.people.models import Encounter
from torogoz.shared.people.queries import names_of, subject_of_section
from torogoz.shared.vault.sealing import Batch
from torogoz.statistics.forms.shipped import current
from torogoz.topics.returns.models import ManifestAside, ManifestLine, StopMade, Transport
from torogoz.topics.returns.queries import ArrivalSeen, arrivals_of_day, centres_of

LEAST_ALIKE = 2
"""How many words two names must share for an arrival to be proposed first."""


@dataclass(frozen=True)
class LineSeen:
    """Somebody on a list, as far as the officer may know it: document and birth are empty for logistics.

    arrived     the arrival that it was ticked off with, if the officer may see that one
    """

    line: ManifestLine
    name: str
    document: str
    birth: str
    arrived: ArrivalSeen | None


@dataclass(frozen=True)
class TransportSeen:
    """A transport with its list, those who came without being on it, and what was set aside."""

    transport: Transport
    lines: tuple[LineSeen, ...]
    off_list: tuple[ArrivalSeen, ...]
    aside: tuple[ManifestAside, ...]
    identified: bool

    @property
    def missing(self) -> tuple[LineSeen, ...]:
        """On the list, but not ticked off."""
        return tuple(one for one in self.lines if one.line.arrival_id is None)

    @property
    def ticked(self) -> tuple[LineSeen, ...]:
        """On the list and ticked off."""
        return tuple(one for one in self.lines if one.line.arrival_id is not None)


@dataclass(frozen=True)
class StopSeen:
    """A stop that the officer may know of; how it went (None: nothing is recorded); whether the officer records it."""

    stop: CircuitStop
    made: StopMade | None
    may_record: bool


def reception_centres(officer: Officer, now: datetime) -> list[Office]:
    """The officer's own centres that receive arrivals and whose people the officer may list."""
    return [
        centre
        for centre in centres_of(officer, now)
        if centre.receives_arrivals and may(officer, Verb.LIST, at(centre.pk), None, now)
    ]


def transports_seen_by(officer: Officer, now: datetime) -> QuerySet[Transport]:
    """The transports of the officer's own centres, the newest day first."""
    seen = Transport.objects.filter(office__in=reception_centres(officer, now))
    return seen.select_related("office", "institution").order_by("-arrives_on", "number", "pk")


def transport_seen_by(officer: Officer, key: UUID, now: datetime) -> Transport | None:
    """The transport with this key; None when the officer may not know that there is one."""
    return transports_seen_by(officer, now).filter(key=key).first()


def list_seen_by(officer: Officer, transport: Transport, now: datetime) -> TransportSeen:
    """The list of a visible transport, by row, with those who arrived that day by the same way and are on no list."""
    identified = bool(may(officer, Verb.VIEW, at(transport.office_id), IDENTITY, now))
    arrivals = arrivals_of_day(officer, [transport.office], transport.arrives_on, now)
    by_key = {seen.arrival.pk: seen for seen in arrivals}
    batch = Batch()
    lines = []
    for line in (
        ManifestLine.objects.filter(transport=transport).select_related("transport__institution").order_by("row")
    ):
        said = line.said_in(batch)
        lines.append(
            LineSeen(
                line,
                said["name"],
                said["document"] if identified else "",
                said["birth"] if identified else "",
                by_key.get(line.arrival_id) if line.arrival_id else None,
            )
        )
    listed = set(
        ManifestLine.objects.filter(arrival__in=[seen.arrival for seen in arrivals]).values_list("arrival", flat=True)
    )
    off_list = [s for s in arrivals if s.arrival.pk not in listed and s.arrival.route == transport.route]
    aside = ManifestAside.objects.filter(transport=transport).order_by("row")
    return TransportSeen(transport, tuple(lines), tuple(off_list), tuple(aside), identified)


def alike_first(line: LineSeen, arrivals: Sequence[ArrivalSeen]) -> list[tuple[ArrivalSeen, bool]]:
    """The arrivals that a line may be, those whose names share most words with it first; and whether each is alike."""
    words = set(tokens(line.name))
    shared = {seen.arrival.pk: len(words & set(tokens_of(*names_of(seen.person)))) for seen in arrivals}
    ordered = sorted(arrivals, key=lambda seen: -shared[seen.arrival.pk])
    return [(seen, shared[seen.arrival.pk] >= min(LEAST_ALIKE, len(words))) for seen in ordered]


def stops_seen_by(officer: Officer, encounter: Encounter, now: datetime) -> list[StopSeen]:
    """The stops of the circuit of which the officer may know, in their order."""
    made = {one.stop: one for one in StopMade.objects.filter(encounter=encounter).select_related("institution")}
    seen = []
    for stop in CIRCUIT:
        subject = subject_of_stop(encounter, stop)
        writes = bool(may(officer, Verb.CREATE, subject, stop.section, now))
        if writes or may(officer, Verb.VIEW, subject, stop.section, now):
            seen.append(StopSeen(stop, made.get(stop.code), writes))
    return seen


def subject_of_stop(encounter: Encounter, stop: CircuitStop) -> Subject:
    """What the policy knows of a stop: the same as of the section that is written there."""
    tiers = {form.code: form.tier for form in current()}
    return subject_of_section(encounter, tiers.get(stop.section, Tier.LOGISTICS))


def numbers_of(seen: TransportSeen) -> dict[str, int | None]:
    """The day in numbers, without anybody's name. What was not announced is None, never zero."""
    return {
        "expected": seen.transport.expected,
        "listed": len(seen.lines),
        "ticked": len(seen.ticked),
        "missing": len(seen.missing),
        "off_list": len(seen.off_list),
        "aside": len(seen.aside),
    }
