"""Reading the record of accesses: is it whole, and who saw whom."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db.models import Q, QuerySet

from torogoz.domain.chain import GENESIS, link
from torogoz.shared.audit.models import AccessEvent, AccessSubject
from torogoz.shared.audit.sealed import content

MOST_FAULTS = 20
AT_ONCE = 1_000


@dataclass
class Verification:
    """What a check of the chain found: how many events, the last hash, and what is wrong, in words."""

    events: int = 0
    head: str = GENESIS
    faults: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was altered, removed or put in."""
        return not self.faults


def verify(kept_head: str = "", kept: Mapping[int, str] | None = None) -> Verification:
    """Walk the chain from its first event.

    kept_head   a last hash that was written down elsewhere: events removed from the end leave an unbroken chain, and
                only a head that is no longer in it tells
    kept        heads that were written down elsewhere, each by the number of events that the chain had then
    """
    kept = kept or {}
    found = Verification()
    seen_kept_head = kept_head in ("", GENESIS)
    for event, indexed in _with_their_index():
        found.events += 1
        for fault in _faults(event, indexed, found.events, found.head):
            if len(found.faults) < MOST_FAULTS:
                found.faults.append(fault)
        found.head = event.hash
        seen_kept_head = seen_kept_head or event.hash == kept_head
        if kept.get(found.events, event.hash) != event.hash:
            found.faults.append(f"event {found.events} is not the one whose hash was signed and kept: it was rewritten")
    if not seen_kept_head:
        found.faults.append(f"the head {kept_head} is not in the chain: events were removed from its end or rewritten")
    if (most := max(kept, default=0)) > found.events:
        found.faults.append(f"there are {found.events} events and there were {most}: events were removed from the end")
    return found


def end() -> tuple[int, str]:
    """The number of the last event and its hash; 0 and the hash before the first when there is none."""
    return AccessEvent.objects.order_by("-sequence").values_list("sequence", "hash").first() or (0, GENESIS)


def head() -> str:
    """The hash of the last event: keep it where whoever runs the database cannot change it."""
    return end()[1]


@dataclass(frozen=True)
class Asked:
    """What is asked of the record. What is left empty does not matter.

    subject     key of a person, or of another thing: also finds the lists that showed it among others
    since       the first moment of the period; `until` is the first one after it
    """

    subject: str = ""
    officer: str = ""
    institution: str = ""
    verb: str = ""
    basis: str = ""
    purpose: str = ""
    since: datetime | None = None
    until: datetime | None = None
    refused: bool = False


def events(asked: Asked) -> QuerySet[AccessEvent]:
    """The events that were asked for, newest first."""
    found = AccessEvent.objects.order_by("-at", "-sequence")
    if asked.subject:
        found = found.filter(pk__in=AccessSubject.objects.filter(subject=asked.subject).values("event"))
    for field_name in ("officer", "institution", "verb", "basis", "purpose"):
        if value := getattr(asked, field_name):
            found = found.filter(**{field_name: value})
    if asked.since:
        found = found.filter(at__gte=asked.since)
    if asked.until:
        found = found.filter(at__lt=asked.until)
    if asked.refused:
        found = found.filter(allowed=False)
    return found


def some(found: QuerySet[AccessEvent], number: int, after: int | None = None) -> tuple[list[AccessEvent], int | None]:
    """The next `number` events that follow event `after` in the list, and the last of them if there are more.

    The next events are looked up by where the list stopped, never by counting from its top: the thousandth page takes
    as long as the first, and what is recorded meanwhile moves nothing. An `after` that does not exist gives the top.
    """
    last = AccessEvent.objects.filter(sequence=after).only("at", "sequence").first() if after else None
    if last is not None:
        found = found.filter(at__lte=last.at).filter(Q(at__lt=last.at) | Q(sequence__lt=last.sequence))
    rows = list(found[: number + 1])
    return rows[:number], rows[number - 1].sequence if len(rows) > number else None


def counted(found: QuerySet[AccessEvent], most: int) -> int | None:
    """How many they are; None if they are more than `most`, which are not counted."""
    number = found.order_by()[: most + 1].count()
    return number if number <= most else None


def _with_their_index() -> Iterator[tuple[AccessEvent, list[str]]]:
    """Each event in order, with the keys by which it is found."""
    events = AccessEvent.objects.order_by("sequence").iterator(chunk_size=AT_ONCE)
    while some := list(islice(events, AT_ONCE)):
        indexed: dict[int, list[str]] = defaultdict(list)
        rows = AccessSubject.objects.filter(event__in=[event.pk for event in some]).values_list("event", "subject")
        for event_pk, subject in rows:
            indexed[event_pk].append(subject)
        for event in some:
            yield event, indexed[event.pk]


def _faults(event: AccessEvent, indexed: list[str], expected_sequence: int, expected_previous: str) -> list[str]:
    faults = []
    if event.previous_hash != expected_previous:
        faults.append(f"event {event.sequence} does not follow the one before it: a row was removed, put in or altered")
    if event.sequence != expected_sequence:
        faults.append(f"event {event.sequence} stands in place {expected_sequence}: a row was removed or put in")
    if event.hash != link(event.previous_hash, content(event)):
        faults.append(f"event {event.sequence} was altered: its content does not give its hash")
    if sorted(indexed) != sorted(set(event.subjects)):
        faults.append(f"event {event.sequence} cannot be found by all its persons: its index was altered")
    return faults
