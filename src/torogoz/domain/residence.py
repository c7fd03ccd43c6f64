"""Who moved and who only travelled: the residence rule, as published parameter sets and as plain Python.

A crossing is an arrival or a departure. Whoever changes side and then spends `threshold_days` of the next
`window_days` there, not necessarily without a break, is a long-term migrant. `resolve` is the specification, for one
person and to be read; `statistics/residence/rule.py` does the same for millions of crossings, and tests hold the two
together.

source  Stats NZ, Outcomes-based migration (the 12/16-month rule); the R package migrbc 2.0.9, whose dates of
        certainty are kept but where they come too early (see `_settled_at_once`)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """What a crossing is, given what is known at a cut-off. Not known yet is a state of its own, never a "not"."""

    MIGRANT = "migrant"
    NOT = "not"
    PROVISIONAL = "provisional"


class Policy(StrEnum):
    """What is done with a person who arrives, or departs, twice in a row."""

    REJECT = "reject"  # every crossing of the person is set aside
    DROP = "drop"  # the second of two within 24 hours is the first recorded twice; other persons are set aside
    IMPUTE = "impute"  # the crossing that was missed is put halfway between the two
    DROP_IMPUTE = "drop-impute"  # within 24 hours as `drop`, otherwise as `impute`


class Origin(StrEnum):
    """Where a crossing comes from."""

    RECORDED = "recorded"
    IMPUTED = "imputed"
    DECLARED = "declared"


class SetAside(StrEnum):
    """Why a row takes no part. No reason holds a word about the person."""

    NO_PERSON = "no person"
    BAD_DATE = "the date cannot be read"
    UNKNOWN_DIRECTION = "unknown direction"
    IN_THE_FUTURE = "in the future"
    AFTER_CUT_OFF = "after the cut-off"
    REPEATED = "the row before, repeated"
    DUPLICATE = "within 24 hours of another in the same direction"
    TWO_IN_A_ROW = "the person has two in a row in the same direction"


class UnknownRule(ValueError):
    """No residence rule has this code."""


class NotAlternating(ValueError):
    """Two crossings in the same direction follow each other, or a crossing lies before the one that precedes it."""


@dataclass(frozen=True)
class Rule:
    """One residence rule, as it is published with every figure that it made.

    window_days     how long a crossing is watched
    threshold_days  how many of those days, at least, must be spent on the new side
    adopted         since when the source has it, as exactly as that is known
    """

    code: str
    window_days: int
    threshold_days: int
    name_es: str
    name_en: str
    adopted: str
    source: str

    def __post_init__(self) -> None:
        if not 0 < self.threshold_days <= self.window_days:
            raise ValueError(
                f"the threshold of {self.code} must lie between 1 and its window of {self.window_days} days"
            )

    @property
    def allowance_days(self) -> int:
        """How many days may be spent on the old side; one more, and nobody has moved."""
        return self.window_days - self.threshold_days

    @property
    def return_days(self) -> int:
        """How soon after the status is certain a crossing back may be settled at once: the reference's eight months."""
        return 2 * self.allowance_days


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            Rule(
                "12/16",
                487,
                365,
                "12 de los 16 meses siguientes",
                "12 of the next 16 months",
                "2006-09",
                "Australian Bureau of Statistics, net overseas migration (from September 2006); Stats NZ, "
                "outcomes-based measure of migration",
            ),
            Rule(
                "12/12",
                365,
                365,
                "12 meses seguidos",
                "12 months without a break",
                "1998",
                "United Nations, Recommendations on Statistics of International Migration, Revision 1 (1998)",
            ),
            Rule(
                "6m+1d",
                365,
                183,
                "la mayor parte de 12 meses (6 meses y 1 día)",
                "most of 12 months (6 months and 1 day)",
                "2021-04-27",
                "United Nations Expert Group on Migration Statistics, revised conceptual framework (27 April 2021)",
            ),
        )
    }
)
DEFAULT_RULE: Final = RULES["12/16"]


def rule_called(code: str) -> Rule:
    """The rule of this code. Raises UnknownRule, naming those that there are."""
    try:
        return RULES[code]
    except KeyError:
        raise UnknownRule(f"there is no residence rule {code!r}; there are {', '.join(RULES)}") from None


@dataclass(frozen=True)
class Crossing:
    """One crossing of one person: in or out, and on what day (local)."""

    arrival: bool
    day: date


@dataclass(frozen=True)
class Recorded:
    """One crossing as the border recorded it, with its moment (local), or as a policy put it in."""

    arrival: bool
    at: datetime
    origin: Origin = Origin.RECORDED


def by_turns(records: Sequence[Recorded], policy: Policy) -> list[Recorded]:
    """The records of one person, in the order of their moments, as crossings by turns in and out.

    returns  none if the policy sets the person aside. A record that repeats the one before it, moment and direction,
             is left out by every policy
    """
    kept: list[Recorded] = []
    for record in records:
        if not kept or (record.arrival, record.at) != (kept[-1].arrival, kept[-1].at):
            kept.append(record)
    found: list[Recorded] = []
    for record in kept:
        if not found or found[-1].arrival != record.arrival:
            found.append(record)
            continue
        apart = record.at - found[-1].at
        if policy in (Policy.DROP, Policy.DROP_IMPUTE) and apart < timedelta(hours=24):
            continue
        if policy in (Policy.REJECT, Policy.DROP):
            return []
        found += [Recorded(not record.arrival, found[-1].at + apart // 2, Origin.IMPUTED), record]
    return found


@dataclass(frozen=True)
class Resolved:
    """What the rule makes of one crossing, if the person does not cross again after the last one.

    days_to_next    days until the next crossing; the window, after the last
    *_known         the first day at whose close the value can no longer change, whatever the person does next
    """

    days_to_next: int
    resident_before: bool
    resident_after: bool
    migrant: bool
    before_known: date
    after_known: date
    migrant_known: date

    def state(self, cut_off: date) -> State:
        """What may be said of the crossing by one who knows everything until the close of `cut_off`."""
        if self.migrant_known > cut_off:
            return State.PROVISIONAL
        return State.MIGRANT if self.migrant else State.NOT


def resolve(crossings: Sequence[Crossing], rule: Rule = DEFAULT_RULE, resident: bool | None = None) -> list[Resolved]:
    """What `rule` makes of the crossings of one person, in their order.

    resident  whether the person lived here before the first crossing; None: the opposite of what it leads to (who
              arrives lived abroad, who departs lived here)
    raises    NotAlternating
    """
    if not crossings:
        return []
    stays = _stays(crossings, rule)
    status = (not crossings[0].arrival) if resident is None else resident
    known = crossings[0].day
    settled: dict[int, date] = {}
    found = []
    for place, crossing in enumerate(crossings):
        before, before_known = status, max(crossing.day, known)
        migrant = False
        if crossing.arrival == before:
            known = before_known
            migrant_known = settled.get(place, before_known)
        else:
            migrant, days = outcome(stays[place:], rule)
            known = max(crossing.day + timedelta(days), before_known)
            migrant_known = known if migrant else settled.get(place, known)
            status = crossing.arrival if migrant else before
            for back in _settled_at_once(stays[place:], rule):
                day = crossings[place + back].day
                if day < before_known + timedelta(rule.return_days):
                    settled.setdefault(place + back, max(day, before_known))
        found.append(Resolved(stays[place], before, status, migrant, before_known, known, migrant_known))
    return found


def outcome(stays: Sequence[int], rule: Rule) -> tuple[bool, int]:
    """Whether the crossing that begins the first of `stays` is a move, and after how many days that is certain.

    stays  days of the stays that follow, by turns on the new side and on the old one; the last lasts a whole window

    More than the allowance on the old side: no move. Exactly the allowance keeps the migrant, as in the reference's
    code and against its manual.
    """
    new_side = old_side = 0
    for turn, days in enumerate(stays):
        if turn % 2 == 0:
            new_side += days
            if new_side >= rule.threshold_days:
                return True, rule.threshold_days + old_side
        else:
            old_side += days
            if old_side > rule.allowance_days:
                return False, rule.allowance_days + new_side
    raise ValueError("the last stay must last at least a window")


def _settled_at_once(stays: Sequence[int], rule: Rule) -> Iterator[int]:
    """Which crossings back, counted from the crossing that begins `stays`, cannot be moves if that one was.

    For both to be moves, the first needs threshold less allowance days on its side before the other: after it, its
    side is the other's old side, where the other may spend no more than the allowance. The reference measures calendar
    days instead, from the day on which the status was certain; where that is longer, its dates come too early.
    """
    new_side = old_side = 0
    for turn, days in enumerate(stays[:-1]):
        if turn % 2 == 0:
            new_side += days
            if new_side >= rule.threshold_days - rule.allowance_days or new_side >= rule.threshold_days:
                return
            yield turn + 1
        else:
            old_side += days
            if old_side > rule.allowance_days:
                return


def _stays(crossings: Sequence[Crossing], rule: Rule) -> list[int]:
    """Days from each crossing to the next, and a whole window after the last. Raises NotAlternating."""
    stays = []
    for one, following in pairwise(crossings):
        if one.arrival == following.arrival:
            raise NotAlternating(
                f"two {'arrivals' if one.arrival else 'departures'} in a row: {one.day}, {following.day}"
            )
        if following.day < one.day:
            raise NotAlternating(f"the crossing of {following.day} follows that of {one.day}")
        stays.append((following.day - one.day).days)
    return [*stays, rule.window_days]
