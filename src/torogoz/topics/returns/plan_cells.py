"""The door to statistics of plans and follow-ups: what was recorded before a moment, without a word of any plan."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from torogoz.domain.instruments import Instrument
from torogoz.domain.reintegration import Closed, Moment, window_of
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.returns.instrument_queries import REINTEGRATION, instrument_versions
from torogoz.topics.returns.models import Assessment, Plan, PlanVersion

logger = logging.getLogger(__name__)

WITHIN = timedelta(days=30)
"""So soon after the arrival a plan is to be agreed."""

YES, NO = "Y", "N"
Line = tuple[object, ...]


@dataclass(frozen=True)
class PlanCells:
    """Lines by fact table, in the columns of `statistics.reintegration`; `encounter` joins them to the arrival."""

    plans: list[Line]
    goals: list[Line]
    follow_ups: list[Line]
    scores: list[Line]


def plan_cells(cut_off: datetime) -> PlanCells:
    """What plans and follow-ups were at `cut_off`. What was recorded later is as if it had not happened."""
    instruments = instrument_versions()
    last = timezone.localdate(cut_off - timedelta(microseconds=1))
    batch = Batch()
    plans = list(Plan.objects.filter(recorded_at__lt=cut_off).select_related("encounter", "institution").order_by("pk"))
    versions: dict[int, list[PlanVersion]] = defaultdict(list)
    for version in PlanVersion.objects.filter(plan__in=plans, recorded_at__lt=cut_off).order_by("number"):
        versions[version.plan_id].append(version)
    made: dict[int, list[Assessment]] = defaultdict(list)
    for one in Assessment.objects.filter(plan__in=plans, instrument=REINTEGRATION, recorded_at__lt=cut_off).order_by(
        "pk"
    ):
        made[one.plan_id].append(one)
    found = PlanCells([], [], [], [])
    for plan in plans:
        found.plans.append((plan.encounter_id, _agreed_soon(plan, versions[plan.pk], cut_off, last)))
        found.goals.extend(_goals(plan, versions[plan.pk], cut_off, last, batch))
        found.follow_ups.extend(_follow_ups(plan, made[plan.pk], last))
        found.scores.extend(_scores(plan, made[plan.pk], instruments, batch))
    return found


def _agreed_soon(plan: Plan, versions: list[PlanVersion], cut_off: datetime, last: date) -> str | None:
    """Whether any version was agreed in time; None while there is time left."""
    until = timezone.localdate(plan.encounter.occurred_at) + WITHIN
    agreed = [one.agreed_on for one in versions if one.agreed_on is not None and _before(one, cut_off)]
    if any(day <= until for day in agreed):
        return YES
    return NO if agreed or last > until else None


def _goals(plan: Plan, versions: list[PlanVersion], cut_off: datetime, last: date, batch: Batch) -> Iterator[Line]:
    """One line per goal of the newest version. A plan whose key is lost has none: how many there were is not known."""
    if not versions:
        return
    newest = versions[-1]
    newest.plan = plan
    try:
        goals = newest.content_in(batch).goals
    except CannotOpen as why:
        logger.error("%s", why)
        return
    agreed = newest.agreed_on is not None and _before(newest, cut_off)
    state = "AGREED" if agreed else "WRITTEN"
    if plan.closed_on is not None and plan.closed_on <= last:
        state = "REACHED" if plan.closed_because == Closed.REACHED else "ENDED"
    for _goal in goals:
        yield plan.encounter_id, state


def _follow_ups(plan: Plan, made: list[Assessment], last: date) -> Iterator[Line]:
    """One line per follow-up whose day has come, while the plan was open: made, missed for ever, or not known yet."""
    done = {one.moment for one in made}
    for moment in Moment:
        window = window_of(plan.opened_on, moment)
        ended_before = plan.closed_on is not None and plan.closed_on < window.due and moment.value not in done
        if window.due > last or ended_before:
            continue
        said = YES if moment.value in done else NO if last > window.last else None
        yield plan.encounter_id, f"{window.due:%Y-%m}", moment.name, said


def _scores(plan: Plan, made: list[Assessment], instruments: dict[int, Instrument], batch: Batch) -> Iterator[Line]:
    """One line per dimension of what was asked; without a score it is null, which is unknown and not zero."""
    for one in made:
        instrument = instruments[one.version]
        one.plan = plan
        try:
            _answers, result = one.said_in(batch)
        except CannotOpen as why:
            logger.error("%s", why)
            continue
        for code, part in result.dimensions.items():
            score = None if part.score is None else round(100 * part.score)
            provisional = YES if instrument.provisional else NO
            month = f"{one.made_on:%Y-%m}"
            yield plan.encounter_id, month, Moment(one.moment).name, code, provisional, one.version, score


def _before(version: PlanVersion, cut_off: datetime) -> bool:
    return version.agreed_recorded_at is not None and version.agreed_recorded_at < cut_off
