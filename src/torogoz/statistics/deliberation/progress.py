"""How far a commitment has come: milestones, pace towards a target, and three statuses that are never merged.

"No target set" and "no information" are answers of their own: neither is zero, and neither is a step of the scale.
There is no score over several commitments.

source  the compound ratio and its thresholds as in Open SDG's own program (open-sdg/sdg-build, ProgressMeasure.py)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from types import MappingProxyType
from typing import Final

ON_COURSE: Final = 0.95  # of the pace or the compound ratio, Open SDG's "substantial"
MODERATE: Final = 0.6
NEAR_ZERO: Final = 10.0  # a count whose base is below it grows by leaps
FAR_APART: Final = 2
STALE_AFTER: Final = 18  # months


class Status(StrEnum):
    """Where a commitment stands. The first four and `REGRESSED` are steps; the others are no step."""

    NOT_STARTED = "not_started"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    PARTIALLY = "partially"
    FULFILLED = "fulfilled"
    REGRESSED = "regressed"
    NO_INFORMATION = "no_information"
    NO_TARGET = "no_target"


STEPS: Final[Mapping[Status, int]] = MappingProxyType(
    {
        Status.REGRESSED: -1,
        Status.NOT_STARTED: 0,
        Status.PLANNED: 1,
        Status.IN_PROGRESS: 2,
        Status.PARTIALLY: 3,
        Status.FULFILLED: 4,
    }
)


class Vocabulary(StrEnum):
    """Whose words for progress."""

    GRF = "grf"  # pledges of the Global Refugee Forum
    UPR_INFO = "upr_info"  # recommendations of the Universal Periodic Review, as UPR Info rates them
    MGI = "mgi"  # Migration Governance Indicators: of a policy that exists, not of what it does
    OPEN_SDG = "open_sdg"  # of an indicator on its way to a target


# What each word of another vocabulary is here. Several of ours may be one of theirs. The words of MGI rate that a
# policy exists, and are taken as no more than that.
CROSSWALK: Final[Mapping[Vocabulary, Mapping[str, Status]]] = MappingProxyType(
    {
        Vocabulary.GRF: MappingProxyType(
            {"planning": Status.PLANNED, "in progress": Status.IN_PROGRESS, "fulfilled": Status.FULFILLED}
        ),
        Vocabulary.UPR_INFO: MappingProxyType(
            {
                "not implemented": Status.NOT_STARTED,
                "partially implemented": Status.PARTIALLY,
                "fully implemented": Status.FULFILLED,
            }
        ),
        Vocabulary.MGI: MappingProxyType(
            {"absent": Status.NOT_STARTED, "partial": Status.PARTIALLY, "present": Status.FULFILLED}
        ),
        Vocabulary.OPEN_SDG: MappingProxyType(
            {
                "deterioration": Status.REGRESSED,
                "limited": Status.IN_PROGRESS,
                "moderate": Status.IN_PROGRESS,
                "substantial": Status.PARTIALLY,
                "achieved": Status.FULFILLED,
            }
        ),
    }
)
# The other way: the word of theirs that says least too much; None where they have no word for ours.
TOLD_AS: Final[Mapping[Vocabulary, Mapping[Status, str | None]]] = MappingProxyType(
    {
        Vocabulary.GRF: MappingProxyType(
            {
                Status.NOT_STARTED: None,
                Status.PLANNED: "planning",
                Status.IN_PROGRESS: "in progress",
                Status.PARTIALLY: "in progress",
                Status.FULFILLED: "fulfilled",
                Status.REGRESSED: None,
            }
        ),
        Vocabulary.UPR_INFO: MappingProxyType(
            {
                Status.NOT_STARTED: "not implemented",
                Status.PLANNED: "not implemented",
                Status.IN_PROGRESS: "partially implemented",
                Status.PARTIALLY: "partially implemented",
                Status.FULFILLED: "fully implemented",
                Status.REGRESSED: "not implemented",
            }
        ),
        Vocabulary.MGI: MappingProxyType(
            {
                Status.NOT_STARTED: "absent",
                Status.PLANNED: "absent",
                Status.IN_PROGRESS: "partial",
                Status.PARTIALLY: "partial",
                Status.FULFILLED: "present",
                Status.REGRESSED: None,
            }
        ),
        Vocabulary.OPEN_SDG: MappingProxyType(
            {
                Status.NOT_STARTED: None,
                Status.PLANNED: None,
                Status.IN_PROGRESS: "limited",
                Status.PARTIALLY: "substantial",
                Status.FULFILLED: "achieved",
                Status.REGRESSED: "deterioration",
            }
        ),
    }
)


def status_of(vocabulary: Vocabulary, word: str) -> Status:
    """Our status for a word of another vocabulary; NO_INFORMATION if it is empty. Raises KeyError if it is unknown."""
    plain = " ".join(word.split()).lower()
    return CROSSWALK[vocabulary][plain] if plain else Status.NO_INFORMATION


def told_as(vocabulary: Vocabulary, status: Status) -> str | None:
    """Their word for our status; None where they have none, as for no target and no information."""
    return TOLD_AS[vocabulary].get(status)


def apart(one: Status, other: Status) -> int | None:
    """How many steps two statuses lie apart; None if one of them is no step."""
    if one not in STEPS or other not in STEPS:
        return None
    return abs(STEPS[one] - STEPS[other])


def diverge(official: Status, computed: Status, independent: Status) -> tuple[tuple[str, str, int], ...]:
    """The pairs of the three columns that lie two steps or more apart, with how far: what the badge says."""
    columns = {"official": official, "computed": computed, "independent": independent}
    names = list(columns)
    found = []
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            steps = apart(columns[one], columns[other])
            if steps is not None and steps >= FAR_APART:
                found.append((one, other, steps))
    return tuple(found)


@dataclass(frozen=True)
class MilestoneProgress:
    """Share of the weight that is done, 0 to 1. Where milestones are unknown, it lies between `low` and `high`.

    known  share of the weight of which it is known whether it is done
    """

    low: float
    high: float
    known: float

    @property
    def share(self) -> float | None:
        """The share, if nothing is unknown; else None."""
        return self.low if self.low == self.high else None


def milestone_progress(milestones: Sequence[tuple[float, bool | None]]) -> MilestoneProgress | None:
    """Σ weights done / Σ weights.

    milestones  weight (more than 0) and whether it is done, None if that is not known
    returns     None without milestones: no data is not zero
    raises      ValueError for a weight that is not more than 0
    """
    if any(not (isfinite(weight) and weight > 0) for weight, _ in milestones):
        raise ValueError("the weight of a milestone is more than 0")
    total = sum(weight for weight, _ in milestones)
    if not milestones:
        return None
    done, unknown = (sum(weight for weight, told in milestones if told is what) for what in (True, None))
    return MilestoneProgress(done / total, (done + unknown) / total, (total - unknown) / total)


class Method(StrEnum):
    """How a reading is compared with its target."""

    PACE = "pace"  # share of the distance covered over share of the time elapsed
    COMPOUND = "compound"  # observed over required yearly growth


class Measured(StrEnum):
    """What kind of quantity an indicator is, which decides the method."""

    SHARE = "share"  # bounded, as a percentage
    COUNT = "count"
    QUANTITY = "quantity"  # positive and without upper bound, as money


@dataclass(frozen=True)
class Path:
    """A reading on its way: value and year of base, of the latest reading, and of the target. To be printed with it."""

    base: float
    base_year: float
    current: float
    current_year: float
    target: float
    target_year: float


def method_for(measured: Measured, path: Path) -> Method:
    """Pace for shares, counts near zero (base below 10) and wherever growth has no sense; else the compound ratio."""
    if measured is Measured.SHARE or min(path.base, path.current, path.target) <= 0:
        return Method.PACE
    if measured is Measured.COUNT and path.base < NEAR_ZERO:
        return Method.PACE
    return Method.COMPOUND


def linear_pace(path: Path) -> float | None:
    """Share of the distance to the target that is covered, over the share of the time that has passed. 1 is on time.

    returns  None if there is no distance, or no time has passed
    raises   ValueError if the target is not after the base
    """
    passed, whole = _times(path)
    distance = path.target - path.base
    if distance == 0 or passed <= 0:
        return None
    return ((path.current - path.base) / distance) / (passed / whole)


def compound_ratio(path: Path) -> float | None:
    """Observed yearly growth over the one that the target requires, as Open SDG measures. 1 is on time.

    It flatters what begins small: 2 % that became 5 % in three of ten years on the way to 90 % is 0.77 of what is
    required, though 0.11 of the pace.

    returns  None if a value is not positive, no growth is required, or no time has passed
    raises   ValueError if the target is not after the base
    """
    passed, whole = _times(path)
    if min(path.base, path.current, path.target) <= 0 or path.target == path.base or passed <= 0:
        return None
    required = (path.target / path.base) ** (1 / whole) - 1
    return float(((path.current / path.base) ** (1 / passed) - 1) / required)


def open_sdg(ratio: float | None) -> str | None:
    """Open SDG's word for a ratio: substantial from 0.95, moderate from 0.6, limited from 0, else deterioration.

    "Achieved" is for a target that is reached, whatever the ratio. None if the ratio is not known.
    """
    if ratio is None:
        return None
    if ratio >= ON_COURSE:
        return "substantial"
    if ratio >= MODERATE:
        return "moderate"
    return "limited" if ratio >= 0 else "deterioration"


def is_stale(of: date, on: date) -> bool:
    """Whether a reading of the day `of` is older than 18 months on the day `on`: a badge beside it, no penalty."""
    months = (on.year - of.year) * 12 + on.month - of.month
    return months > STALE_AFTER or (months == STALE_AFTER and on.day > of.day)


def _times(path: Path) -> tuple[float, float]:
    if path.target_year <= path.base_year:
        raise ValueError("the year of a target lies after that of its base")
    return path.current_year - path.base_year, path.target_year - path.base_year


@dataclass(frozen=True)
class Computed:
    """The computed column: status, how it was found, and what both methods would say. None is not known."""

    status: Status
    method: Method | None
    pace: float | None
    compound: float | None


def computed_status(measured: Measured, path: Path | None, *, target_set: bool = True) -> Computed:
    """The status that the figures alone give.

    Fulfilled if the target is reached; otherwise by the ratio of the method: 0.95 and more partially (on course), more
    than 0 in progress, 0 not started, below 0 regressed. Without a target NO_TARGET, without a reading NO_INFORMATION.
    """
    if not target_set:
        return Computed(Status.NO_TARGET, None, None, None)
    if path is None:
        return Computed(Status.NO_INFORMATION, None, None, None)
    method = method_for(measured, path)
    pace, compound = linear_pace(path), compound_ratio(path)
    ratio = pace if method is Method.PACE else compound
    rising = path.target >= path.base
    if path.current >= path.target if rising else path.current <= path.target:
        status = Status.FULFILLED
    elif ratio is None:
        status = Status.NO_INFORMATION
    elif ratio < 0:
        status = Status.REGRESSED
    elif ratio == 0:
        status = Status.NOT_STARTED
    else:
        status = Status.PARTIALLY if ratio >= ON_COURSE else Status.IN_PROGRESS
    return Computed(status, method, pace, compound)
