"""Looking at the record of accesses: checking the chain, signing its head, raising and answering alerts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from torogoz.domain.access import Verb
from torogoz.domain.oversight import (
    EXPLAINED_DAYS,
    HISTORY_DAYS,
    WINDOW_DAYS,
    AlertState,
    Finding,
    check_step,
    crowded_files,
    repeated_glass,
    unusual_days,
)
from torogoz.shared.audit import queries as audit
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.oversight import anchors, queries
from torogoz.shared.oversight.counting import counted, period, readers
from torogoz.shared.oversight.models import Alert, AlertOfficer, AlertStep, ChainCheck, OfficerDay


def check_chain(
    *,
    now: datetime,
    clock: Callable[[], datetime],
    head: str = "",
    file: Path | None = None,
    genuine: Callable[[bytes, bytes], bool] | None = None,
) -> ChainCheck:
    """Walk the whole chain, compare it with every head that was signed and kept, and keep what was found.

    head        one more hash that was written down elsewhere
    Nobody waits for it: the walk is one reading, outside any transaction, and only its result is written.

    file        a copy of the signed heads, kept elsewhere, instead of the site's own; `genuine` tells by which keys
    """
    before = ChainCheck.objects.order_by("-pk").first()
    kept = anchors.kept(file, genuine, at_least=before.anchors if before and file is None else 0)
    found = audit.verify(head, kept.heads)
    return ChainCheck.objects.create(
        started_at=now,
        finished_at=clock(),
        events=found.events,
        head=found.head,
        anchors=kept.lines if file is None else before.anchors if before else 0,
        faults=[*kept.faults, *found.faults],
    )


def anchor(*, now: datetime, check: ChainCheck | None = None, restored: str = "") -> anchors.Anchor:
    """Sign the head and add it to the file: of a check that found the chain whole, else of the chain as it stands.

    restored    why the record ends earlier than it did: a back-up was restored. Heads signed for later events no
                longer count; the reason stays in the file and on the page
    Raises CannotAnchor.
    """
    events, head = (check.events, check.head) if check else audit.end()
    made = anchors.signed(events, head, now, restored)
    anchors.keep(made)
    return made


class NotAllowed(Exception):
    """The policy refuses. Nothing was changed."""


def look_back(*, until: date, now: datetime) -> list[Alert]:
    """Sum up each day until `until` that was not (HISTORY_DAYS at most), and look for what is unusual on each."""
    raised = []
    for day in queries.not_summed_up(until):
        sum_up(day=day)
        raised += look_for_anomalies(day=day, now=now)
    return raised


@transaction.atomic
def sum_up(*, day: date) -> list[OfficerDay]:
    """Count what each officer did on `day`, in place of what was counted before of that day."""
    rows = counted(day)
    OfficerDay.objects.filter(day=day).delete()
    return OfficerDay.objects.bulk_create(rows)


@transaction.atomic
def look_for_anomalies(*, day: date, now: datetime) -> list[Alert]:
    """Raise an alert for each thing that is unusual on `day`, which was summed up; one that is there stays as it is."""
    past = queries.days(day - timedelta(days=HISTORY_DAYS), day)
    week = [one for one in past if one.day > day - timedelta(days=WINDOW_DAYS)]
    present = queries.days(day, day + timedelta(days=1))
    explained = queries.answered(day - timedelta(days=EXPLAINED_DAYS), day, AlertState.EXPLAINED)
    # What is counted over a week is the same thing on the days that follow: it is asked about once.
    this_week = explained | queries.answered(day - timedelta(days=WINDOW_DAYS), day)
    since, _ = period(day - timedelta(days=WINDOW_DAYS - 1))
    opened_by = {person: sorted(each) for person, each in readers(since, period(day)[1]).items()}
    found = [
        *unusual_days(present, past, explained),
        *repeated_glass([*week, *present], day, this_week),
        *crowded_files(opened_by, day, this_week),
    ]
    return [alert for finding in found if (alert := _raise(finding, now)) is not None]


@transaction.atomic
def answer(*, by: Officer, alert: Alert, state: AlertState, reason: str, now: datetime) -> AlertStep:
    """Say what was found about an alert, and why. Raises NotAllowed, AlertRefused."""
    decision = may(by, Verb.AUDIT, None, None, now)
    held = queries.alerts_seen_by(by, now).select_for_update().filter(pk=alert.pk).first()
    if not decision or held is None:
        raise NotAllowed(f"{by} may not answer this alert")
    check_step(AlertState(held.state), state, reason)
    step = AlertStep.objects.create(alert=held, state=state.value, reason=reason.strip(), by=by, at=now)
    held.state = state.value
    held.save(update_fields=["state"])
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.AUDIT,
        what="alert",
        subjects=["answer"],
        decision=decision,
        channel="page",
        now=now,
    )
    return step


def _raise(finding: Finding, now: datetime) -> Alert | None:
    alert, new = Alert.objects.get_or_create(
        kind=finding.kind.value,
        day=finding.day,
        officer=finding.officer,
        institution=finding.institution,
        person=finding.person,
        defaults={
            "measured": finding.measured,
            "limit": finding.limit,
            "own": finding.own,
            "peers": finding.peers,
            "raised_at": now,
            "state": AlertState.NEW.value,
        },
    )
    if new:
        AlertOfficer.objects.bulk_create(AlertOfficer(alert=alert, officer=officer) for officer in finding.officers)
    return alert if new else None
