"""Two records of one person become one, and two again: asked for, confirmed where two institutions answer, undone."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from torogoz.domain.access import REFUSED, Decision, Verb
from torogoz.domain.duplicates import DecisionRefused, Verdict, check_reason
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people import index
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.merge_queries import kept_apart, may_merge, merge_seen_by, owners, recorded_since
from torogoz.shared.people.models import Encounter, Merge, Pair, Person
from torogoz.shared.people.moving import move_all, take_back
from torogoz.shared.people.queries import subject_of
from torogoz.shared.people.review_queries import pair_seen_by


@transaction.atomic
def merge(*, by: Officer, pair: Pair, survivor: Person, reason: str, now: datetime) -> Merge:
    """Merge the two records of a pair that was decided to be one person; `survivor` is the one that stays.

    Everything that hangs on the other is hung on the survivor; nothing is written over. Where another institution
    recorded one of the two, the merge waits until a supervisor there confirms it.
    Raises DecisionRefused (too_short, undecided, apart, merged), Disposed, NotAllowed.
    """
    first, second = hold(pair.first, pair.second)
    held = Pair.objects.select_for_update().get(pk=pair.pk)
    decision = may_merge(by, (first, second), now)
    if decision is None or pair_seen_by(by, held.key, now) is None or survivor.pk not in (first.pk, second.pk):
        raise NotAllowed(f"{by} may not merge these records")
    kept = check_reason(reason)
    if held.verdict != Verdict.SAME:
        raise DecisionRefused("reason", "undecided")
    if Merge.objects.filter(merged__in=(first, second), ended_at__isnull=True).exists():
        raise DecisionRefused("reason", "merged")
    if kept_apart(first, second):
        raise DecisionRefused("reason", "apart")
    stays, goes = (first, second) if survivor.pk == first.pk else (second, first)
    begun = Merge.objects.create(
        survivor=stays,
        merged=goes,
        reason=kept,
        asked_by=by,
        institution=Institution.objects.get(code=decision.institution),
        asked_at=now,
    )
    if len(owners((first, second))) == 1:
        _carry_out(begun, now)
    _note(by, begun, decision, now)
    return begun


@transaction.atomic
def confirm_merge(*, by: Officer, merge: Merge, now: datetime) -> Merge:
    """Confirm, as a supervisor of the other institution, that the two are one person. Raises DecisionRefused,
    Disposed, NotAllowed."""
    hold(merge.survivor, merge.merged)
    waiting = Merge.objects.select_for_update().get(pk=merge.pk)
    seen = merge_seen_by(by, waiting.key, now)
    if seen is None or not seen.may_confirm:
        raise NotAllowed(f"{by} may not confirm this merge")
    if kept_apart(waiting.survivor, waiting.merged):
        raise DecisionRefused("reason", "apart")
    decision = may_merge(by, (waiting.survivor, waiting.merged), now) or REFUSED
    waiting.confirmed_by = by
    _carry_out(waiting, now)
    _note(by, waiting, decision, now)
    return waiting


@transaction.atomic
def unmerge(*, by: Officer, merge: Merge, reason: str, now: datetime, take: Collection[UUID] = ()) -> Merge:
    """Undo a merge: every row that it moved goes back, and both records are as they were. One that waits is refused.

    take    keys of encounters recorded since that belong to the record that goes; the others stay with the survivor
    A merge into a record that was merged itself is undone after that one.
    Raises DecisionRefused (too_short), Disposed, NotAllowed.
    """
    survivor, merged = hold(merge.survivor, merge.merged)
    held = Merge.objects.select_for_update().get(pk=merge.pk)
    seen = merge_seen_by(by, held.key, now)
    if seen is None or held.ended_at is not None:
        raise NotAllowed(f"{by} may not undo this merge")
    kept = check_reason(reason)
    if not seen.may_end:
        raise NotAllowed(f"{by} may not undo this merge")
    decision = may(by, Verb.MERGE, subject_of(held.survivor), IDENTITY, now)
    if held.merged_at is not None:
        later = [met.pk for met in recorded_since(held) if met.key in take]
        index.erase(survivor)
        take_back(held)
        Encounter.objects.filter(pk__in=later).update(person=merged)
    held.ended_by, held.ended_at, held.ended_because = by, now, kept
    held.save(update_fields=["ended_by", "ended_at", "ended_because"])
    if held.merged_at is not None:
        index.write(survivor)
        index.write(merged)
    _note(by, held, decision, now)
    return held


def _carry_out(merge: Merge, now: datetime) -> None:
    """Move what hangs on the merged record, and let the survivor be found by the names of both."""
    index.erase(merge.survivor)
    index.erase(merge.merged)
    move_all(merge)
    merge.merged_at = now
    merge.save(update_fields=["merged_at", "confirmed_by"])
    index.write(merge.survivor)


def _note(by: Officer, merge: Merge, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.MERGE,
        what="merge",
        subjects=[str(merge.survivor.key), str(merge.merged.key), str(merge.key)],
        decision=decision,
        channel="page",
        now=now,
        sections=[IDENTITY],
    )
