"""What may be read of follow-ups: of plans that the officer reads; and the instruments, those before included."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import polars as pl

from torogoz.domain.access import Decision, Verb
from torogoz.domain.instruments import Instrument, NotComparable, Part, Result, change
from torogoz.domain.reintegration import Moment, Window, to_make, window_of
from torogoz.domain.sections import REINTEGRATION as SECTION
from torogoz.shared.institutions.access import at, may, postings, visible
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.returns.instrument_queries import REINTEGRATION, instrument_versions
from torogoz.topics.returns.models import Assessment, Plan
from torogoz.topics.returns.plan_queries import PlanSeen

logger = logging.getLogger(__name__)

WHOLE = "WHOLE"
SCORES = pl.Schema(
    {
        "person": pl.String,
        "plan": pl.String,
        "institution": pl.String,
        "moment": pl.String,
        "made_on": pl.String,
        "instrument": pl.String,
        "version": pl.Int64,
        "dimension": pl.String,
        "score": pl.Float64,
        "answered": pl.Int64,
        "asked": pl.Int64,
        "notice": pl.String,
    }
)
"""The columns of the file of scores: no name, no answer; the notice stands in every row of a provisional instrument."""

Rose = dict[str | None, Fraction | None]


@dataclass(frozen=True)
class FollowUp:
    """One moment of a plan: when it is due and, if it was made, what came out.

    answers, result     None when it was not made, or when its key is lost (`shut`)
    rose                how much each dimension, and the whole (None), rose since `since`, the first that was made;
                        None of the first itself, and of results under different versions
    """

    moment: Moment
    window: Window
    made: Assessment | None = None
    instrument: Instrument | None = None
    answers: dict[str, str] | None = None
    result: Result | None = None
    rose: Rose | None = None
    since: Moment | None = None
    shut: bool = False

    def missed(self, today: date) -> bool:
        """Whether it was not made, and cannot be any more."""
        return self.made is None and today > self.window.last

    def may_be_made(self, today: date) -> bool:
        """Whether today is a day on which it may be made."""
        return self.made is None and self.window.first <= today <= self.window.last


@dataclass(frozen=True)
class Scores:
    """What a file of scores holds, and of whom: the keys of people and plans, for the record of accesses."""

    frame: pl.DataFrame
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Due:
    """A follow-up to make: of which plan, and how many days it is past its day."""

    plan: Plan
    person: Person
    moment: Moment
    due: date
    late: int


def instrument_to_ask(plan: Plan) -> Instrument:
    """The version that is asked of this person: that of the plan's first follow-up, else the newest.

    A change can be told only within one version.
    """
    held = instrument_versions()
    first = Assessment.objects.filter(plan=plan, instrument=REINTEGRATION).order_by("recorded_at", "pk").first()
    return held[first.version if first else max(held)]


def follow_ups_of(seen: PlanSeen) -> list[FollowUp]:
    """The moments of a plan that the officer reads, in order."""
    batch, held = Batch(), instrument_versions()
    stored = Assessment.objects.filter(plan=seen.plan).select_related("recorded_by")
    made = {Moment(one.moment): one for one in stored if seen.opens(one.recorded_at)}
    found: list[FollowUp] = []
    first: FollowUp | None = None
    for moment in Moment:
        window = window_of(seen.plan.opened_on, moment)
        if moment not in made:
            found.append(FollowUp(moment, window))
            continue
        one = _opened(made[moment], seen.plan, window, held, batch, first)
        first = first or (one if one.result else None)
        found.append(one)
    return found


def may_export_scores(officer: Officer, now: datetime) -> Decision | None:
    """On what ground the officer may take scores out at all: as a supervisor who reads plans."""
    for posting in postings(officer, now):
        if decision := may(officer, Verb.EXPORT, at(posting.office), SECTION, now):
            return decision
    return None


def scores_exported(officer: Officer, now: datetime, language: str) -> Scores:
    """The scores of every follow-up that the officer may export, the oldest first, each dimension and the whole.

    What a consent or a hand-over alone opens is not in it. A score that is not known is empty, which is no zero; a
    follow-up whose key is lost has rows without a score.
    """
    reached = Encounter.objects.filter(visible(officer, Verb.EXPORT, now, "", SECTION, granted=False))
    stored = Assessment.objects.filter(plan__encounter__in=reached, instrument=REINTEGRATION)
    batch, held = Batch(), instrument_versions()
    rows, subjects = [], []
    for made in stored.select_related("plan__encounter__person", "plan__institution").order_by("made_on", "pk"):
        rows.extend(_lines(made, held[made.version], batch, language))
        subjects += [str(made.plan.encounter.person.key), str(made.plan.key)]
    return Scores(pl.DataFrame(rows, schema=SCORES, orient="row"), tuple(dict.fromkeys(subjects)))


def _lines(made: Assessment, instrument: Instrument, batch: Batch, language: str) -> list[tuple[object, ...]]:
    try:
        _answers, result = made.said_in(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        parts: dict[str, Part | None] = dict.fromkeys([*(one.code for one in instrument.dimensions), WHOLE])
    else:
        parts = {**result.dimensions, WHOLE: result.whole}
    plan, notice = made.plan, instrument.notice.label(language) if instrument.provisional else ""
    return [
        (
            str(plan.encounter.person.key),
            str(plan.key),
            plan.institution.code,
            made.moment,
            made.made_on.isoformat(),
            made.instrument,
            made.version,
            code,
            None if part is None or part.score is None else round(float(part.score), 4),
            part.answered if part else None,
            part.asked if part else None,
            notice,
        )
        for code, part in parts.items()
    ]


def moments_made(plan: Plan) -> list[Moment]:
    """The moments of a plan that were made."""
    return [Moment(one) for one in Assessment.objects.filter(plan=plan).values_list("moment", flat=True)]


def due_of(plans: Iterable[Plan], today: date) -> list[Due]:
    """The follow-ups of plans that the officer may list due by `today` or within thirty days, by day."""
    held = list(plans)
    made: dict[int, list[Moment]] = {}
    for number, moment in Assessment.objects.filter(plan__in=held).values_list("plan_id", "moment"):
        made.setdefault(number, []).append(Moment(moment))
    found = []
    for plan in held:
        for moment in to_make(plan.opened_on, made.get(plan.pk, ()), today):
            due = window_of(plan.opened_on, moment).due
            found.append(Due(plan, plan.encounter.person, moment, due, max(0, (today - due).days)))
    return sorted(found, key=lambda one: (one.due, one.plan.pk))


def _opened(
    made: Assessment,
    plan: Plan,
    window: Window,
    held: dict[int, Instrument],
    batch: Batch,
    first: FollowUp | None,
) -> FollowUp:
    moment, instrument = Moment(made.moment), held[made.version]
    made.plan = plan
    try:
        answers, result = made.said_in(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        return FollowUp(moment, window, made, instrument, shut=True)
    rose = _rose(first.result, result) if first and first.result else None
    return FollowUp(moment, window, made, instrument, answers, result, rose, first.moment if first else None)


def _rose(before: Result, after: Result) -> Rose | None:
    try:
        return change(before, after)
    except NotComparable:
        return None
