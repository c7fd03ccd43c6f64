"""From the record to what each officer did on each day, and from there to what is unusual."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.oversight import is_night
from torogoz.shared.audit.models import AccessEvent, AccessSubject
from torogoz.shared.institutions.models import Membership
from torogoz.shared.oversight.models import OfficerDay
from torogoz.shared.people.models import Encounter, Person

OPENING: Final = (Verb.VIEW.value, Verb.PRINT.value)
"""Verbs by which one person is opened."""

AT_ONCE: Final = 500
KEY_LENGTH: Final = 36


@dataclass
class Tally:
    """What is counted of one officer's day for one institution: people by key, so that each counts once."""

    own: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    unplaced: set[str] = field(default_factory=set)
    night: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    exported: set[str] = field(default_factory=set)
    refused: int = 0
    glass: int = 0
    bases: Counter[str] = field(default_factory=Counter)


def period(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day of El Salvador, and that of the next."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def counted(day: date) -> list[OfficerDay]:
    """One row, not stored, for each officer and institution with events on `day`. Commands have no officer."""
    since, until = period(day)
    events = list(
        AccessEvent.objects.filter(at__gte=since, at__lt=until)
        .exclude(officer="")
        .exclude(verb__in=(Verb.AUDIT.value, Verb.SIGN_IN.value, Verb.SIGN_OUT.value))
        .order_by("sequence")
    )
    met = _met({subject for event in events for subject in event.subjects if len(subject) == KEY_LENGTH})
    posted = _posted({event.officer for event in events}, since, until)
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for event in events:
        _count(event, tallies[event.officer, event.institution], met, posted)
    return [
        _row(day, officer, institution, tally, posted)
        for (officer, institution), tally in sorted(tallies.items())
    ]  # fmt: skip


def readers(since: datetime, until: datetime) -> dict[str, set[str]]:
    """The officers who opened each person, by the key of the person, from `since` until before `until`."""
    found: dict[str, set[str]] = defaultdict(set)
    shown = (
        AccessSubject.objects.filter(
            event__at__gte=since, event__at__lt=until, event__verb__in=OPENING, event__allowed=True
        )
        .exclude(event__officer="")
        .values_list("subject", "event__officer")
        .distinct()
    )
    for subject, officer in shown.iterator(chunk_size=5_000):
        if len(subject) == KEY_LENGTH:
            found[subject].add(officer)
    people = _people(found)
    return {person: officers for person, officers in found.items() if person in people}


@dataclass(frozen=True)
class Post:
    """Where an officer was posted, for whom and when."""

    institution: str
    office: int
    role: str
    since: datetime
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it was in force."""
        return self.since <= at and (self.until is None or at < self.until)


def _posted(officers: Collection[str], since: datetime, until: datetime) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = defaultdict(list)
    stored = Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=since), officer__username__in=officers, valid_from__lt=until
    ).order_by("pk")
    for one in stored.select_related("officer", "institution"):
        post = Post(one.institution.code, one.office_id, one.role, one.valid_from, one.valid_until)
        found[one.officer.username].append(post)
    return found


def _met(keys: Iterable[str]) -> dict[str, list[tuple[int, datetime]]]:
    """Of each key that is a person's: the offices where the person was met, and when that was recorded."""
    found: dict[str, list[tuple[int, datetime]]] = {key: [] for key in _people(keys)}
    for some in _in_batches(found):
        rows = Encounter.objects.filter(person__key__in=some).values_list("person__key", "office", "recorded_at")
        for key, office, recorded_at in rows:
            found[str(key)].append((office, recorded_at))
    return found


def _people(keys: Iterable[str]) -> set[str]:
    """Those of the keys that are of people."""
    found: set[str] = set()
    for some in _in_batches(keys):
        found.update(str(key) for key in Person.objects.filter(key__in=some).values_list("key", flat=True))
    return found


def _in_batches(keys: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _count(
    event: AccessEvent, tally: Tally, met: dict[str, list[tuple[int, datetime]]], posted: dict[str, list[Post]]
) -> None:
    if not event.allowed:
        tally.refused += 1
        return
    people = [subject for subject in event.subjects if subject in met]
    if event.verb == Verb.CREATE.value and event.what == "glass":
        tally.glass += 1
    elif event.verb in OPENING:
        here = {post.office for post in posted[event.officer] if post.holds(event.at)}
        for person in people:
            offices = {office for office, recorded_at in met[person] if recorded_at <= event.at}
            kind = tally.unplaced if not offices else tally.own if offices & here else tally.elsewhere
            kind.add(person)
            if is_night(timezone.localtime(event.at).hour):
                tally.night.add(person)
        if people:
            tally.bases[event.basis] += 1
    elif event.verb == Verb.EXPORT.value:
        tally.exported.update(people)
    elif event.verb in (Verb.LIST.value, Verb.SEARCH.value):
        tally.listed.update(people)


def _row(day: date, officer: str, institution: str, tally: Tally, posted: dict[str, list[Post]]) -> OfficerDay:
    roles = [post.role for post in posted[officer] if post.institution == institution]
    own = tally.own
    elsewhere = tally.elsewhere - own
    return OfficerDay(
        officer=officer,
        institution=institution,
        role=roles[0] if roles else "",
        day=day,
        opened=len(own | elsewhere | tally.unplaced),
        own=len(own),
        elsewhere=len(elsewhere),
        night=len(tally.night),
        listed=len(tally.listed),
        exported=len(tally.exported),
        refused=tally.refused,
        glass=tally.glass,
        bases=dict(sorted(tally.bases.items())),
    )
