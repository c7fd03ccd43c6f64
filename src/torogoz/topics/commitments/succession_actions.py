"""An institution that ended: all that it has open lives on in its successor's, and what it did keeps the old name."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.commitments import Reminder
from torogoz.domain.provisions import ResponsibilityRefused, check_reason, check_years
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.actions import allowed, note
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments import measure_actions
from torogoz.topics.commitments.actions import institution_of
from torogoz.topics.commitments.duty_actions import tell
from torogoz.topics.commitments.duty_queries import is_met, open_duties
from torogoz.topics.commitments.models import Responsibility
from torogoz.topics.commitments.report_models import Duty


@dataclass(frozen=True)
class PassedOn:
    """How many responsibilities, and how many reports still owed, went from one institution to its successor."""

    institution: Institution
    successor: Institution
    count: int
    duties: int


@transaction.atomic
def pass_on(*, by: Officer, institution: str, ground: str, on: date | None, now: datetime) -> PassedOn:
    """Pass every open responsibility of an institution, and every report that it owes, on to its successor; or nothing.

    The old rows end and keep the old name; each says in which row of the successor it lives on. Where the successor
    supported already what it now leads, its own row ends too, and the new one leads. A duty keeps the day by which it
    is due; what was published, and a draft, stay with the old one.

    on      the day of the change; None for the day on which the institution ended, or today where none is recorded
    raises  ResponsibilityRefused, ReasonRefused, NotAllowed
    """
    decision = allowed(by, now)
    said = check_reason(ground, "ground")
    body = institution_of(institution)
    successor = _last_successor(body)
    day = on or body.valid_until or timezone.localdate(now)
    open_rows = list(_open().filter(institution=body).select_related("provision"))
    owed = [each for each in open_duties().filter(institution=body).prefetch_related("reports") if not is_met(each)]
    if not open_rows and not owed:
        raise ResponsibilityRefused("institution", "nothing", name=body.code)
    check_years(successor.code, day, successor.valid_from, successor.valid_until)
    for row in open_rows:
        _pass_responsibility(row, successor, day, said, by, now)
    if open_rows:
        note(by, Verb.EDIT, "responsibility", [row.provision for row in open_rows], decision, now)
    _pass_duties(owed, successor, by, decision, now)
    return PassedOn(body, successor, len(open_rows), len(owed))


def _pass_responsibility(
    row: Responsibility, successor: Institution, day: date, ground: str, by: Officer, now: datetime
) -> None:
    """End one row and let it live on in the successor's: its own if that says as much, or else a new one."""
    if day <= row.valid_from:
        raise ResponsibilityRefused("on", "order", day=row.valid_from.isoformat())
    there = _open().filter(provision=row.provision, institution=successor).first()
    row.valid_until = day
    row.save(update_fields=["valid_until"])
    if there is None or (row.role == Responsibility.Role.LEAD and there.role == Responsibility.Role.SUPPORT):
        if there is not None:
            if day <= there.valid_from:
                raise ResponsibilityRefused("on", "order", day=there.valid_from.isoformat())
            there.valid_until = day
            there.save(update_fields=["valid_until"])
        new = Responsibility.objects.create(
            provision=row.provision,
            institution=successor,
            role=row.role,
            valid_from=day,
            ground=ground,
            recorded_by=by,
            recorded_at=now,
        )
        if there is not None:
            there.passed_to = new
            there.save(update_fields=["passed_to"])
        there = new
    row.passed_to = there
    row.save(update_fields=["passed_to"])


def _pass_duties(owed: list[Duty], successor: Institution, by: Officer, decision: Decision, now: datetime) -> None:
    """Let each duty live on in one of the successor, which must exist today: it is the one that is told."""
    if not owed:
        return
    if not rights.exists(successor, timezone.localdate(now)):
        raise ResponsibilityRefused("institution", "no_successor", name=owed[0].institution.code)
    for duty in owed:
        _pass_duty(duty, successor, by, now)
    measure_actions.note(by, Verb.EDIT, "duty", [str(each.key) for each in owed], decision, now)


def _pass_duty(duty: Duty, successor: Institution, by: Officer, now: datetime) -> None:
    """Let a duty live on in the successor's, which keeps the day and has been told what the old one was told."""
    new, made = Duty.objects.get_or_create(
        cycle=duty.cycle,
        provision=duty.provision,
        institution=successor,
        defaults={
            "due_on": duty.due_on,
            "notified_at": now if duty.notified_at else None,
            "recorded_by": by,
            "recorded_at": now,
        },
    )
    if made and duty.notified_at:
        tell(new, Reminder.ANNOUNCED, now)
    duty.ended_at, duty.passed_to = now, new
    duty.save(update_fields=["ended_at", "passed_to"])


def _open() -> QuerySet[Responsibility]:
    return Responsibility.objects.select_for_update(of=("self",)).filter(valid_until__isnull=True)


def _last_successor(body: Institution) -> Institution:
    """Who has the functions now: the successor, or its own if that ended too. Raises ResponsibilityRefused."""
    seen, found = {body.pk}, body.successor
    if found is None:
        raise ResponsibilityRefused("institution", "no_successor", name=body.code)
    while found.valid_until is not None and found.successor is not None and found.pk not in seen:
        seen.add(found.pk)
        found = found.successor
    return found
