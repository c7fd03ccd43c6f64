"""What may be read of reintegration plans: under the section `reintegration` of the protocol, and by grants."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from torogoz.domain.access import Decision, Tier, Verb
from torogoz.domain.printed import Sheet, SheetRefused, read_code
from torogoz.domain.reintegration import Content, Outcome
from torogoz.domain.sections import REINTEGRATION
from torogoz.shared.institutions.access import may, visible
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.papers.models import Paper
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import subject_of_section
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.returns.models import Plan, PlanAction, PlanVersion

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class VersionSeen:
    """One version of a plan; `content` is None when its key is lost, and it does not open."""

    version: PlanVersion
    content: Content | None


@dataclass(frozen=True)
class ActionSeen:
    """One action of a plan; what and who are empty when the key is lost. `late` counts the days over its day."""

    action: PlanAction
    what: str
    who: str
    late: int

    @property
    def waits(self) -> bool:
        """Whether it has no outcome yet."""
        return self.action.outcome == Outcome.PLANNED


@dataclass(frozen=True)
class PlanSeen:
    """A plan as far as the officer may read it: versions and actions, the newest version first.

    opens       whether what was written under it at a moment is open: a hand-over that nobody accepted yet opens what
                was written when it was sent
    """

    plan: Plan
    person: Person
    decision: Decision
    may_write: bool
    versions: tuple[VersionSeen, ...]
    actions: tuple[ActionSeen, ...]
    opens: Callable[[datetime], bool]

    @property
    def last(self) -> VersionSeen:
        """The newest version."""
        return self.versions[0]


@dataclass(frozen=True)
class Late:
    """An action of an open plan that has no outcome, and whose it is."""

    seen: ActionSeen
    plan: Plan
    person: Person


def may_open_plan(officer: Officer, encounter: Encounter, now: datetime) -> Decision:
    """Whether the officer may write plans for this return."""
    return may(officer, Verb.CREATE, subject_of_section(encounter, Tier.SENSITIVE), REINTEGRATION, now)


def plans_of(officer: Officer, encounters: Iterable[Encounter], now: datetime) -> dict[int, Plan]:
    """The plans of these encounters that the officer may read, by the number of the encounter."""
    found = Plan.objects.filter(encounter__in=list(encounters)).select_related("encounter__person", "institution")
    return {plan.encounter_id: plan for plan in found if _decision(officer, plan, Verb.VIEW, plan.recorded_at, now)}


def plan_seen_by(officer: Officer, key: UUID, now: datetime) -> PlanSeen | None:
    """The plan with this key; None when the officer may not know that there is one."""
    plan = Plan.objects.filter(key=key).select_related("encounter__person", "encounter__office", "institution").first()
    if plan is None or not (decision := _decision(officer, plan, Verb.VIEW, plan.recorded_at, now)):
        return None
    batch, today = Batch(), timezone.localdate(now)
    whole = bool(_decision(officer, plan, Verb.VIEW, now, now))
    written = may_open_plan(officer, plan.encounter, now)

    def opens(recorded_at: datetime) -> bool:
        return whole or bool(_decision(officer, plan, Verb.VIEW, recorded_at, now))

    versions = PlanVersion.objects.filter(plan=plan).select_related("recorded_by", "agreed_before", "sheet")
    return PlanSeen(
        plan=plan,
        person=plan.encounter.person,
        decision=decision,
        may_write=plan.closed_on is None and bool(written) and written.institution == plan.institution.code,
        versions=tuple(
            VersionSeen(one, _content(one, plan, batch))
            for one in versions.order_by("-number")
            if opens(one.recorded_at)
        ),
        actions=tuple(
            _seen(one, plan, today, batch)
            for one in PlanAction.objects.filter(plan=plan).select_related("institution").order_by("due_on", "pk")
            if opens(one.recorded_at)
        ),
        opens=opens,
    )


def owns(officer: Officer, seen: PlanSeen, now: datetime) -> bool:
    """Whether the officer writes this plan as long as it is open: of the institution that owns it, within reach."""
    decision = may_open_plan(officer, seen.plan.encounter, now)
    return bool(decision) and decision.institution == seen.plan.institution.code


def may_print_plan(officer: Officer, seen: PlanSeen, now: datetime) -> Decision:
    """Whether the officer may print this plan, whole."""
    return _decision(officer, seen.plan, Verb.PRINT, now, now)


def open_plans(officer: Officer, now: datetime) -> list[Plan]:
    """The open plans of the people whom the officer may list, the newest first."""
    reached = Encounter.objects.filter(visible(officer, Verb.LIST, now, "", REINTEGRATION)).values("person")
    found = Plan.objects.filter(encounter__person__in=reached, closed_on__isnull=True)
    return list(
        found.select_related("encounter__person", "institution")
        .prefetch_related("encounter__person__names")
        .order_by("-opened_on", "-pk")
    )


def waiting_actions(plans: Iterable[Plan], today: date) -> list[Late]:
    """The actions without an outcome of plans that the officer may list, the first due first."""
    by_key = {plan.pk: plan for plan in plans}
    found = PlanAction.objects.filter(plan__in=list(by_key), outcome=Outcome.PLANNED.value)
    batch = Batch()
    return [
        Late(_seen(one, by_key[one.plan_id], today, batch), by_key[one.plan_id], by_key[one.plan_id].encounter.person)
        for one in found.select_related("institution").order_by("due_on", "pk")
    ]


def doers(today: date) -> list[Institution]:
    """The institutions that an action may be given to: those of the protocol that exist today, by code."""
    known = (
        Institution.objects.filter(sharing_rules__isnull=False, sharing_rules__valid_until__isnull=True)
        .distinct()
        .order_by("code")
    )
    return [one for one in known if one.valid_until is None or one.valid_until > today]


def sheet_of(version: PlanVersion, code: str) -> Paper | None:
    """The sheet with this code, if it is of this person's plan and was printed after the version; else None."""
    try:
        written = read_code(code)
    except SheetRefused:
        return None
    person = version.plan.encounter.person
    return Paper.objects.filter(
        code=written, sheet=Sheet.PLAN.value, person=person, issued_at__gte=version.recorded_at
    ).first()


def _decision(officer: Officer, plan: Plan, verb: Verb, written_at: datetime, now: datetime) -> Decision:
    subject = replace(subject_of_section(plan.encounter, Tier.SENSITIVE), written_at=written_at)
    return may(officer, verb, subject, REINTEGRATION, now)


def _content(version: PlanVersion, plan: Plan, batch: Batch) -> Content | None:
    version.plan = plan
    try:
        return version.content_in(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        return None


def _seen(action: PlanAction, plan: Plan, today: date, batch: Batch) -> ActionSeen:
    action.plan = plan
    try:
        said = action.said_in(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        said = {"what": "", "who": ""}
    late = max(0, (today - action.due_on).days) if action.outcome == Outcome.PLANNED else 0
    return ActionSeen(action, said["what"], said["who"], late)
