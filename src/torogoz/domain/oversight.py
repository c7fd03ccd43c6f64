"""What is unusual in how officers read, and what becomes of an alert. Each threshold stands here, with its reason.

An alert is a question to data protection, never a judgement: most have an innocent answer (a busy night, a new post).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Final

HISTORY_DAYS: Final = 56
"""How far back an officer is compared with himself and with peers: eight weeks hold every weekday eight times."""

OWN_DAYS: Final = 10
"""So many days of work are needed before somebody is compared with his own past."""

PEER_OFFICERS, PEER_DAYS = 3, 20
"""So many other officers of the same institution and role, and days of theirs, are needed to be peers."""

SPREADS: Final = 6.0
"""Own bar: the median of the own days and so many spreads (1.4826 × median deviation, at least one) above it."""

TIMES_PEERS: Final = 3.0
"""Peers' bar: so many times what nine of ten of their days stay below."""

WITHOUT_COMPARISON: Final = 4.0
"""Who can be compared with nobody is asked about at so many times the floor."""

OFTEN: Final = 1.5
"""What was explained is asked about again only when it is so many times as much."""

EXPLAINED_DAYS: Final = 90
"""How long an explanation holds: posts and shifts change."""

WINDOW_DAYS: Final = 7
"""Broken glass and the readers of one person are counted over a week."""

GLASS: Final = 3
"""Broken glass in a week: each may be right, three are looked at together."""

READERS: Final = 15
"""Officers who opened one person in a week: ten institutions in the circuit, and some of them twice."""

READERS_TIMES: Final = 2.0
"""… and so many times what 99 of 100 people opened that week stay below."""

OTHER_FILES: Final = 200
"""In a week with fewer people opened, what is usual is not known, and READERS alone counts."""

NIGHT: Final = (22, 5)
"""Hours of El Salvador, from and until, in which offices are closed."""


class Kind(StrEnum):
    """What was unusual."""

    ELSEWHERE = "elsewhere"
    NIGHT = "night"
    REFUSED = "refused"
    GLASS = "glass"
    READERS = "readers"


FLOORS: Final = {Kind.ELSEWHERE: 15, Kind.NIGHT: 10, Kind.REFUSED: 10}
"""Up to this in one day nobody is asked about, whatever is usual: people opened, or attempts refused."""


class AlertState(StrEnum):
    """Where an alert stands."""

    NEW = "new"
    LOOKED_INTO = "looked_into"
    EXPLAINED = "explained"
    BREACH = "breach"


SHORTEST_REASON: Final = 10


class AlertRefused(Exception):
    """An alert cannot take this step: it is there already, or no reason says why. Nothing was changed."""


@dataclass(frozen=True)
class Day:
    """What one officer did on one day for one institution.

    opened      people opened one by one (seen or printed), each once; `elsewhere` those never met at an office of the
                officer by then; `night` those opened between 22:00 and 5:00
    refused     attempts that the policy denied
    glass       times that glass was broken
    """

    officer: str
    institution: str
    role: str
    day: date
    opened: int = 0
    elsewhere: int = 0
    night: int = 0
    refused: int = 0
    glass: int = 0

    def measure(self, kind: Kind) -> int:
        """The figure that an alert of this kind looks at."""
        return int(getattr(self, kind.value))


@dataclass(frozen=True)
class Finding:
    """Something unusual.

    officer, person     whom it is about: one of them
    measured            how many; `limit`: above how many it is unusual
    own, peers          what is usual: the own median, what nine of ten days of peers stay below; None if not known
    """

    kind: Kind
    day: date
    measured: int
    limit: float
    officer: str = ""
    institution: str = ""
    person: str = ""
    own: float | None = None
    peers: float | None = None
    officers: tuple[str, ...] = field(default=())


def is_night(hour: int) -> bool:
    """Whether this hour of El Salvador is one in which offices are closed."""
    return hour >= NIGHT[0] or hour < NIGHT[1]


def unusual_days(
    today: Iterable[Day], history: Iterable[Day], answered: Mapping[tuple[Kind, str], int]
) -> list[Finding]:
    """The officers whose day stands out from their own days and from those of their peers.

    today       one row per officer and institution, all of the same day
    history     days before it (HISTORY_DAYS at most); days without work are not in it
    answered    what was explained in the last EXPLAINED_DAYS: the most that was measured, by kind and officer

    A figure is unusual above the floor and above every bar that is known: the own one and the peers'. Who does every
    day what no peer does is not excused by the habit: three times the peers' bar is unusual whatever the own days say.
    """
    by_officer, by_role = defaultdict(list), defaultdict(list)
    for day in history:
        by_officer[day.officer, day.institution].append(day)
        by_role[day.institution, day.role].append(day)
    found = []
    for day in today:
        peers_days = [one for one in by_role[day.institution, day.role] if one.officer != day.officer]
        for kind, floor in FLOORS.items():
            measured = day.measure(kind)
            if measured <= floor or measured <= OFTEN * answered.get((kind, day.officer), 0):
                continue
            own = _own([one.measure(kind) for one in by_officer[day.officer, day.institution]])
            peers = _peers(peers_days, kind)
            limit = _limit(floor, own, peers)
            if measured > limit:
                usual = own[0] if own else None
                found.append(
                    Finding(
                        kind, day.day, measured, limit, day.officer, day.institution, own=usual, peers=peers,
                        officers=(day.officer,),
                    )
                )  # fmt: skip
    return found


def repeated_glass(week: Iterable[Day], day: date, answered: Mapping[tuple[Kind, str], int]) -> list[Finding]:
    """The officers who broke glass GLASS times or more in the week that ends with `day`."""
    times: dict[tuple[str, str], int] = defaultdict(int)
    for one in week:
        times[one.officer, one.institution] += one.glass
    return [
        Finding(Kind.GLASS, day, number, GLASS - 1, officer, institution, officers=(officer,))
        for (officer, institution), number in sorted(times.items())
        if number >= GLASS and number > OFTEN * answered.get((Kind.GLASS, officer), 0)
    ]


def crowded_files(
    readers: Mapping[str, Sequence[str]], day: date, answered: Mapping[tuple[Kind, str], int]
) -> list[Finding]:
    """The people whom so many officers opened in the week that ends with `day` that it needs an answer.

    readers     officers who opened each person that week, each officer once, by the key of the person
    """
    usual = quantile([len(each) for each in readers.values()], 0.99) if len(readers) >= OTHER_FILES else None
    limit = max(float(READERS), READERS_TIMES * (usual or 0))
    return [
        Finding(Kind.READERS, day, len(each), limit, person=person, peers=usual, officers=tuple(sorted(each)))
        for person, each in sorted(readers.items())
        if len(each) > limit and len(each) > OFTEN * answered.get((Kind.READERS, person), 0)
    ]


def check_step(state: AlertState, following: AlertState, reason: str) -> None:
    """Refuse a step without a reason, to where the alert stands already, or back to new."""
    if following is AlertState.NEW or following is state:
        raise AlertRefused(f"an alert that is {state} cannot become {following}")
    if len(reason.strip()) < SHORTEST_REASON:
        raise AlertRefused(f"a reason of at least {SHORTEST_REASON} letters is needed")


def quantile(values: Sequence[int], share: float) -> float:
    """The smallest of `values` below or at which this share of them lies."""
    ordered = sorted(values)
    return float(ordered[max(0, ceil(share * len(ordered)) - 1)])


def _own(days: Sequence[int]) -> tuple[float, float] | None:
    """The median of the own days, and the bar above it; None with too few days."""
    if len(days) < OWN_DAYS:
        return None
    usual = float(median(days))
    spread = max(1.0, 1.4826 * median(abs(value - usual) for value in days))
    return usual, usual + SPREADS * spread


def _peers(days: Sequence[Day], kind: Kind) -> float | None:
    """What nine of ten days of the peers stay at or below; None with too few."""
    if len(days) < PEER_DAYS or len({day.officer for day in days}) < PEER_OFFICERS:
        return None
    return quantile([day.measure(kind) for day in days], 0.9)


def _limit(floor: int, own: tuple[float, float] | None, peers: float | None) -> float:
    if own is None and peers is None:
        return floor * WITHOUT_COMPARISON
    bars = [float(floor)]
    if own is not None:
        bars.append(own[1])
    if peers is None:
        return max(bars)
    bars.append(TIMES_PEERS * peers)
    # Habit does not excuse: three times the peers' bar is the most that the own days can raise the limit to.
    return min(max(bars), max(float(floor), TIMES_PEERS * TIMES_PEERS * peers, floor * WITHOUT_COMPARISON))
