"""Cycles and duties: opened by the secretariat, told to institutions, reminded by night."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.commitments import FollowUpRefused, Reminder, check_due, check_order, reminder_to_give
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.duty_queries import is_met, open_duties, responsible_for, responsible_now
from torogoz.topics.commitments.measure_actions import note
from torogoz.topics.commitments.report_models import Cycle, Duty, Notice

BY_DUTY = Decision(allowed=True, basis=Basis.DUTY)


@transaction.atomic
def open_cycle(
    *,
    by: Officer,
    code: str,
    name_es: str,
    name_en: str,
    covers_from: date,
    covers_until: date,
    now: datetime,
    made_up: bool = False,
) -> Cycle:
    """Open a time of reporting. Raises FollowUpRefused (there, order), NotAllowed."""
    decision = _secretariat(by, now)
    check_order(covers_from, covers_until, "covers_until")
    cycle = Cycle(code=code, name_es=name_es, name_en=name_en, covers_from=covers_from, covers_until=covers_until)
    cycle.opened_by, cycle.opened_at, cycle.made_up = by, now, made_up
    try:
        with transaction.atomic():
            cycle.save(force_insert=True)
    except IntegrityError:
        raise FollowUpRefused("code", "there") from None
    note(by, Verb.CREATE, "cycle", [str(cycle.key)], decision, now)
    return cycle


@transaction.atomic
def add_duties(*, by: Officer, cycle: Cycle, due_on: date, now: datetime) -> list[Duty]:
    """Have each institution that leads a commitment today report on it by a day; what it owes already stays.

    raises  FollowUpRefused (past, no_commitments), NotAllowed
    """
    decision = _secretariat(by, now)
    today = timezone.localdate(now)
    check_due(due_on, today)
    leading = responsible_now(today, leads=True)
    if not leading:
        raise FollowUpRefused("", "no_commitments")
    there = set(Duty.objects.filter(cycle=cycle).values_list("provision", "institution"))
    made = [
        Duty.objects.create(
            cycle=cycle, provision=provision, institution=body, due_on=due_on, recorded_by=by, recorded_at=now
        )
        for provision, body in leading
        if (provision.pk, body.pk) not in there
    ]
    note(by, Verb.CREATE, "duty", [str(cycle.key), *(str(each.key) for each in made)], decision, now)
    return made


@transaction.atomic
def add_duty(
    *, by: Officer, cycle: Cycle, provision: Provision, institution: Institution, due_on: date, now: datetime
) -> Duty:
    """Have an institution report on a commitment by a day.

    raises  FollowUpRefused (past, ended, not_responsible, there), NotAllowed
    """
    decision = _secretariat(by, now)
    today = timezone.localdate(now)
    check_due(due_on, today)
    if not rights.exists(institution, today):
        raise FollowUpRefused("institution", "ended", body=institution.code)
    if institution not in responsible_for(provision, today):
        raise FollowUpRefused("institution", "not_responsible", body=institution.code)
    duty = Duty(cycle=cycle, provision=provision, institution=institution, due_on=due_on)
    duty.recorded_by, duty.recorded_at = by, now
    try:
        with transaction.atomic():
            duty.save(force_insert=True)
    except IntegrityError:
        raise FollowUpRefused("institution", "there") from None
    note(by, Verb.CREATE, "duty", [str(duty.key)], decision, now)
    return duty


@transaction.atomic
def move_due(*, by: Officer, duty: Duty, due_on: date, now: datetime) -> Duty:
    """Set another day, as long as the institution was not told of the first. Raises FollowUpRefused, NotAllowed."""
    decision = _secretariat(by, now)
    held = Duty.objects.select_for_update().get(pk=duty.pk)
    if held.notified_at is not None:
        raise FollowUpRefused("due_on", "notified")
    check_due(due_on, timezone.localdate(now))
    held.due_on = due_on
    held.save(update_fields=["due_on"])
    note(by, Verb.EDIT, "duty", [str(held.key)], decision, now)
    return held


@transaction.atomic
def announce(*, by: Officer, cycle: Cycle, now: datetime) -> int:
    """Tell institutions of the days of a cycle that they have not been told of; from now on those days stay.

    returns  how many duties were told
    raises   FollowUpRefused (past) if a day has passed meanwhile, NotAllowed
    """
    decision = _secretariat(by, now)
    told = list(Duty.objects.select_for_update().filter(cycle=cycle, notified_at__isnull=True, ended_at__isnull=True))
    for duty in told:
        check_due(duty.due_on, timezone.localdate(now))
        tell(duty, Reminder.ANNOUNCED, now)
        duty.notified_at = now
        duty.save(update_fields=["notified_at"])
    note(by, Verb.PUBLISH, "duty", [str(cycle.key), *(str(each.key) for each in told)], decision, now)
    return len(told)


@transaction.atomic
def remind(*, now: datetime) -> list[Notice]:
    """Give the reminders that are reached today, each step of a duty once, and none of a duty that is met.

    A step that was missed is not made up for. Running it again the same day gives nothing more.
    """
    today = timezone.localdate(now)
    waiting = open_duties().filter(notified_at__isnull=False).select_for_update(of=("self",))
    given = [
        tell(duty, step, now)
        for duty in waiting.prefetch_related("notices", "reports")
        if not is_met(duty)
        and (step := reminder_to_give(duty.due_on, today, {Reminder(one.step) for one in duty.notices.all()}))
    ]
    if given:
        record(
            officer="",
            institution="",
            verb=Verb.CREATE,
            what="notice",
            subjects=[str(each.duty.key) for each in given],
            decision=BY_DUTY,
            channel="command",
            now=now,
        )
    return given


def tell(duty: Duty, step: Reminder, now: datetime) -> Notice:
    """Give an institution the notice of a step of a duty."""
    return Notice.objects.create(duty=duty, step=step.value, due_on=duty.due_on, given_at=now)


def _secretariat(by: Officer, now: datetime) -> Decision:
    decision = rights.to_convene(by, now)
    if not decision:
        raise NotAllowed("only the secretariat keeps cycles and duties")
    return decision
