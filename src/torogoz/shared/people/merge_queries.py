"""What may be read of merges, and who may merge: a supervisor who writes both records."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from torogoz.domain.access import Decision, Verb
from torogoz.domain.duplicates import apart, representative
from torogoz.domain.sections import IDENTITY
from torogoz.shared.institutions.access import may, visible
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.merged import joined
from torogoz.shared.people.models import Encounter, Merge, MovedRow, Pair, Person
from torogoz.shared.people.queries import subject_of
from torogoz.shared.people.review_queries import MOST_PAIRS, called, reviewer


@dataclass(frozen=True)
class MergeSeen:
    """A merge as an officer sees it.

    since_then  encounters of the survivor that were recorded after it: they stay, unless the officer says otherwise
    left        how many rows stayed on the merged record because the survivor had the same already
    """

    merge: Merge
    survivor: str
    merged: str
    may_confirm: bool
    may_end: bool
    since_then: tuple[Encounter, ...]
    moved: int


def may_merge(officer: Officer, people: tuple[Person, Person], now: datetime) -> Decision | None:
    """The grounds on which the officer may merge both people; None when of either there is none."""
    both = [may(officer, Verb.MERGE, subject_of(person), IDENTITY, now) for person in people]
    return both[0] if all(both) else None


def owners(people: tuple[Person, Person]) -> frozenset[str]:
    """The institutions that recorded the two: where they are two, a merge takes a second person."""
    return frozenset(person.institution.code for person in people)


def kept_apart(one: Person, other: Person) -> bool:
    """Whether it was decided that the two, or two of the records merged into them, are two people."""
    into = joined()
    low, high = sorted((representative(one.pk, into), representative(other.pk, into)))
    decided = Pair.objects.filter(verdict="different").values_list("first", "second")
    return (low, high) in apart(decided, into)


def merges_seen_by(officer: Officer, now: datetime) -> QuerySet[Merge]:
    """The merges that hold or wait, of people whom the officer may list, the newest first.

    One into a record that was merged itself since is not there until that one is undone.
    """
    seen = Encounter.objects.filter(visible(officer, Verb.LIST, now, through="", section=IDENTITY)).values("person")
    holding = Q(merged_at__isnull=False, survivor__in=seen)
    waiting = Q(merged_at__isnull=True, survivor__in=seen, merged__in=seen)
    related = ("survivor__institution", "merged__institution", "asked_by", "institution", "confirmed_by")
    found = Merge.objects.filter(holding | waiting, ended_at__isnull=True).select_related(*related)
    return found.order_by("-pk") if reviewer(officer, now) else found.none()


def shown(officer: Officer, merges: QuerySet[Merge], now: datetime) -> list[MergeSeen]:
    """The first of these merges, as the officer sees them."""
    return [_seen(officer, merge, now) for merge in merges[:MOST_PAIRS]]


def merge_seen_by(officer: Officer, key: UUID | str, now: datetime) -> MergeSeen | None:
    """The merge with this key, holding or waiting; None when the officer may not know that there is one."""
    return next(iter(shown(officer, merges_seen_by(officer, now).filter(key=key), now)), None)


def recorded_since(merge: Merge) -> list[Encounter]:
    """The survivor's encounters that were recorded after the merge."""
    if merge.merged_at is None:
        return []
    brought = MovedRow.objects.filter(merge__survivor=merge.survivor, table="people.encounter").values("row")
    later = Encounter.objects.filter(person=merge.survivor, recorded_at__gte=merge.merged_at).exclude(pk__in=brought)
    return list(later.select_related("office", "institution").order_by("occurred_at", "pk"))


def _seen(officer: Officer, merge: Merge, now: datetime) -> MergeSeen:
    waiting = merge.merged_at is None
    people = (merge.survivor, merge.merged)
    if waiting:
        decision = may_merge(officer, people, now)
    else:
        decision = may(officer, Verb.MERGE, subject_of(merge.survivor), IDENTITY, now) or None
    second = decision is not None and officer.pk != merge.asked_by_id
    other = decision is not None and decision.institution in owners(people) - {merge.institution.code}
    return MergeSeen(
        merge=merge,
        survivor=called(merge.survivor),
        merged=called(merge.merged),
        may_confirm=waiting and second and other,
        may_end=decision is not None,
        since_then=tuple(recorded_since(merge)),
        moved=merge.moved.count(),
    )
