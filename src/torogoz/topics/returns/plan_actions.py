"""What is written of a reintegration plan: opened, changed, agreed, its actions, closed."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.reintegration import (
    Agreed,
    Closed,
    Content,
    Outcome,
    PlanRefused,
    check_closing,
    check_day,
)
from torogoz.domain.sections import REINTEGRATION
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import Disposed, hold
from torogoz.shared.people.models import Encounter
from torogoz.topics.returns.models import Plan, PlanAction, PlanVersion
from torogoz.topics.returns.plan_queries import may_open_plan, sheet_of

UNNAMED = ""


class StaleVersion(Exception):
    """Somebody stored another version meanwhile; nothing was stored, and `stored` says what stands now."""

    def __init__(self, stored: PlanVersion) -> None:
        self.stored = stored
        super().__init__(f"version {stored.number} was stored meanwhile")


@transaction.atomic
def open_plan(*, by: Officer, encounter: Encounter, content: Content, now: datetime) -> Plan:
    """Open the plan of a person who returned, once per return. Raises PlanRefused (exists, empty), Disposed,
    NotAllowed."""
    hold(encounter.person)
    decision = _allowed(by, encounter, now)
    content.check()
    plan = Plan(
        encounter=encounter,
        institution=Institution.objects.get(code=decision.institution),
        opened_on=timezone.localdate(now),
        recorded_by=by,
        recorded_at=now,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise PlanRefused(UNNAMED, "exists") from None
    PlanVersion(plan=plan, number=1, recorded_by=by, recorded_at=now).keep(content).save(force_insert=True)
    note(by, Verb.CREATE, "plan", plan, decision, now)
    return plan


@transaction.atomic
def change_plan(*, by: Officer, plan: Plan, content: Content, expected: int, now: datetime) -> PlanVersion:
    """Write the next version, which is not agreed yet. Raises StaleVersion, PlanRefused (closed, empty), NotAllowed."""
    decision, held = held_open(by, plan, now)
    content.check()
    last = _last(held)
    if last.number != expected:
        raise StaleVersion(last)
    version = PlanVersion(plan=held, number=last.number + 1, recorded_by=by, recorded_at=now).keep(content)
    version.save(force_insert=True)
    note(by, Verb.EDIT, "plan", held, decision, now)
    return version


@transaction.atomic
def agree(*, by: Officer, plan: Plan, number: int, how: Agreed, day: date, code: str, now: datetime) -> None:
    """Record that the person agreed to the last version.

    code        of the sheet that was signed; of no account when the person agreed in words before the officer
    raises      PlanRefused (changed, agreed, sheet, future, before, closed), NotAllowed
    """
    decision, held = held_open(by, plan, now)
    last = _last(held)
    if last.number != number:
        raise PlanRefused(UNNAMED, "changed", number=last.number)
    if last.agreed_on is not None:
        raise PlanRefused(UNNAMED, "agreed")
    check_day("day", day, begun=timezone.localdate(last.recorded_at), today=timezone.localdate(now))
    if how is not Agreed.SPOKEN:
        last.plan = held
        last.sheet = sheet_of(last, code)
        if last.sheet is None:
            raise PlanRefused("code", "sheet")
    last.agreed_on, last.agreed_how = day, how.value
    last.agreed_before, last.agreed_recorded_at = by, now
    last.save(update_fields=["sheet", "agreed_on", "agreed_how", "agreed_before", "agreed_recorded_at"])
    note(by, Verb.EDIT, "plan", held, decision, now)


@transaction.atomic
def plan_action(
    *, by: Officer, plan: Plan, what: str, who: str, institution: Institution, due: date, now: datetime
) -> PlanAction:
    """Add something to be done. Raises PlanRefused (closed, before), NotAllowed."""
    decision, held = held_open(by, plan, now)
    if due < held.opened_on:
        raise PlanRefused("due", "before", day=due.isoformat(), opened=held.opened_on.isoformat())
    action = PlanAction(plan=held, institution=institution, due_on=due, recorded_by=by, recorded_at=now)
    action.keep(what=what, who=who).save(force_insert=True)
    note(by, Verb.EDIT, "plan", held, decision, now)
    return action


@transaction.atomic
def end_action(*, by: Officer, action: PlanAction, outcome: Outcome, day: date, now: datetime) -> None:
    """Say how an action ended, once. Raises PlanRefused (closed, ended, future, before), NotAllowed."""
    decision, plan = held_open(by, action.plan, now)
    held = PlanAction.objects.select_for_update().get(pk=action.pk)
    if held.outcome != Outcome.PLANNED:
        raise PlanRefused(UNNAMED, "ended")
    check_day("day", day, begun=plan.opened_on, today=timezone.localdate(now))
    held.outcome, held.ended_on, held.ended_by, held.ended_at = outcome.value, day, by, now
    held.save(update_fields=["outcome", "ended_on", "ended_by", "ended_at"])
    note(by, Verb.EDIT, "plan", plan, decision, now)


@transaction.atomic
def close_plan(*, by: Officer, plan: Plan, because: Closed, now: datetime) -> None:
    """Close a plan, once every action has an outcome. Raises PlanRefused (closed, open_actions), NotAllowed."""
    decision, held = held_open(by, plan, now)
    check_closing(Outcome(one) for one in PlanAction.objects.filter(plan=held).values_list("outcome", flat=True))
    held.closed_on, held.closed_because = timezone.localdate(now), because.value
    held.save(update_fields=["closed_on", "closed_because"])
    note(by, Verb.EDIT, "plan", held, decision, now)


def held_open(by: Officer, plan: Plan, now: datetime) -> tuple[Decision, Plan]:
    """The plan, held until the end of the transaction, for an officer who may write it while it is open. Its person
    is held before it. Raises PlanRefused, Disposed, NotAllowed."""
    hold(plan.encounter.person)
    decision = _allowed(by, plan.encounter, now)
    held = Plan.objects.select_for_update(of=("self",)).select_related("encounter__person", "institution")
    found = held.filter(pk=plan.pk).first()
    if found is None:
        raise Disposed
    if found.institution.code != decision.institution:
        raise NotAllowed(f"{by} may not write the plan of another institution")
    if found.closed_on is not None:
        raise PlanRefused(UNNAMED, "closed")
    return decision, found


def _last(plan: Plan) -> PlanVersion:
    return PlanVersion.objects.filter(plan=plan).order_by("-number")[0]


def _allowed(by: Officer, encounter: Encounter, now: datetime) -> Decision:
    decision = may_open_plan(by, encounter, now)
    if not decision:
        raise NotAllowed(f"{by} may not write {REINTEGRATION}")
    return decision


def note(by: Officer, verb: Verb, what: str, plan: Plan, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(plan.encounter.person.key), str(plan.key)],
        decision=decision,
        channel="page",
        now=now,
        sections=[REINTEGRATION],
    )
