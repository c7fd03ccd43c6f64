"""What is public of the follow-up, as plain values: what pages, files, dossiers and reviews are made from.

Official status, computed readings and independent assessments stand side by side, and are never made into one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations
from uuid import UUID

from django.utils import timezone

from torogoz.domain.commitments import MilestoneState
from torogoz.statistics.deliberation.progress import FAR_APART, MilestoneProgress, Status, apart


@dataclass(frozen=True)
class Body:
    """An institution by its code and names; `ended` if it no longer exists."""

    code: str
    name_es: str
    name_en: str
    ended: bool


@dataclass(frozen=True)
class MilestoneLine:
    """One milestone, as published."""

    key: UUID
    name_es: str
    name_en: str
    weight: Decimal
    due_on: date | None
    state: MilestoneState
    done_on: date | None
    evidence_text: str
    evidence_address: str
    overdue: bool


@dataclass(frozen=True)
class MoneyLine:
    """The money of one year from one source. None is not known, and is not zero."""

    year: int
    source: str
    currency: str
    planned: Decimal | None
    committed: Decimal | None
    executed: Decimal | None


@dataclass(frozen=True)
class MeasureLine:
    """One published measure. `progress` is None where it has no milestones: no data is no zero."""

    key: UUID
    name_es: str
    name_en: str
    summary_es: str
    summary_en: str
    lead: Body
    supporting: tuple[Body, ...]
    commitments: tuple[tuple[UUID, str], ...]
    starts_on: date | None
    ends_on: date | None
    places: tuple[str, ...]
    milestones: tuple[MilestoneLine, ...]
    money: tuple[MoneyLine, ...]
    progress: MilestoneProgress | None
    changed_at: datetime
    made_up: bool

    @property
    def overdue(self) -> int:
        """How many milestones are late."""
        return sum(each.overdue for each in self.milestones)


@dataclass(frozen=True)
class ReadingLine:
    """One frozen reading. Hidden, it has no value; without a period, the series had no figure."""

    period: str
    value: float | None
    provisional: bool
    hidden: bool
    method: str
    pace: float | None
    compound: float | None
    status: Status
    vintage: str
    release: str
    public_since: datetime
    read_at: datetime


@dataclass(frozen=True)
class SeriesLine:
    """One series that measures a commitment, with its readings: the newest first. `series` is code by dimension."""

    key: UUID
    dataflow: str
    name_es: str
    name_en: str
    unit_es: str
    unit_en: str
    decimals: int
    series: tuple[tuple[str, str], ...]
    measured: str
    direction: str
    base: float
    base_year: int
    target: float | None
    target_year: int | None
    ground: str
    readings: tuple[ReadingLine, ...]
    stale: bool
    made_up: bool

    @property
    def newest(self) -> ReadingLine | None:
        return self.readings[0] if self.readings else None

    @property
    def status(self) -> Status:
        """What the newest reading says; without a target NO_TARGET, without a reading NO_INFORMATION."""
        if self.target is None:
            return Status.NO_TARGET
        return self.readings[0].status if self.readings else Status.NO_INFORMATION


@dataclass(frozen=True)
class ReportLine:
    """One published report of an institution. `newest` if no later one of the institution corrects or follows it."""

    key: UUID
    body: Body
    cycle: str
    covers_from: date
    covers_until: date
    number: int
    status: Status
    narrative_es: str
    narrative_en: str
    evidence_text: str
    evidence_address: str
    due_on: date
    approved_at: datetime
    published_at: datetime
    made_up: bool

    @property
    def late(self) -> bool:
        """Whether the institution approved it after the day on which it was due."""
        return timezone.localdate(self.approved_at) > self.due_on


@dataclass(frozen=True)
class ReplyLine:
    """What an institution answered to an assessment."""

    body: Body
    text_es: str
    text_en: str
    at: datetime


@dataclass(frozen=True)
class AssessmentLine:
    """One published assessment of an independent body."""

    key: UUID
    body: Body
    status: Status
    reasons_es: str
    reasons_en: str
    evidence_text: str
    evidence_address: str
    published_at: datetime
    replies: tuple[ReplyLine, ...]
    made_up: bool


@dataclass(frozen=True)
class Divergence:
    """Two of the three columns that lie two steps or more apart: who says what, and how far apart they are."""

    one: str
    one_status: Status
    other: str
    other_status: Status
    steps: int


@dataclass(frozen=True)
class FollowUp:
    """All that is public about one commitment. The three columns are three; nothing adds them up.

    reports      the newest cycle first; within it those of institutions that lead
    assessments  the newest first; `independent` has the newest of each body
    """

    measures: tuple[MeasureLine, ...] = ()
    series: tuple[SeriesLine, ...] = ()
    reports: tuple[ReportLine, ...] = ()
    assessments: tuple[AssessmentLine, ...] = ()

    @property
    def official(self) -> Status:
        """What the newest report says; NO_INFORMATION while none is published."""
        return self.reports[0].status if self.reports else Status.NO_INFORMATION

    @property
    def computed(self) -> tuple[Status, ...]:
        """What each series says; NO_TARGET where no series is bound."""
        return tuple(each.status for each in self.series) or (Status.NO_TARGET,)

    @property
    def independent(self) -> tuple[AssessmentLine, ...]:
        """The newest assessment of each body."""
        newest: dict[str, AssessmentLine] = {}
        for each in self.assessments:
            newest.setdefault(each.body.code, each)
        return tuple(newest.values())

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """Which of the three lie two steps or more apart. Within a column nothing is compared."""
        columns = [("official", self.official), *(("computed", each) for each in self.computed)]
        columns += [("independent", each.status) for each in self.independent]
        found = [
            Divergence(one, status, other, against, steps)
            for (one, status), (other, against) in combinations(columns, 2)
            if one != other and (steps := apart(status, against)) is not None and steps >= FAR_APART
        ]
        return tuple(dict.fromkeys(found))

    @property
    def without_target(self) -> bool:
        """Whether no series with a target measures it."""
        return all(each.target is None for each in self.series)


@dataclass(frozen=True)
class DutyLine:
    """A report that is owed on a commitment by an institution, by a day that it was told."""

    key: UUID
    provision: UUID
    code: str
    body: Body
    cycle: str
    cycle_es: str
    cycle_en: str
    due_on: date
    told_at: datetime
    met: bool
    late: bool
