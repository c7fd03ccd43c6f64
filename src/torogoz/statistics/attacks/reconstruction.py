"""Attack D, reconstruction: which records could have given the published statistics of a small place.

The unknown is how many persons there are of each kind (an age, a sex, …). Counts, means and medians of groups are
linear in that, so the whole of what was published is one programme in whole numbers. It tells a possible set of
records; whether it is the only one; and, where it is not, which claims hold in every possible set: generate, then
verify.

source  Garfinkel, Abowd & Martindale (2019), Understanding Database Reconstruction Attacks on Public Data, CACM 62(3);
        claims that hold in all solutions: Liu et al. (2025), Generate-then-Verify (arXiv:2504.21199)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from torogoz.statistics.attacks.asking import Real

Kind = tuple[str | int, ...]
Group = Callable[[Kind], bool]
SECONDS = 60.0
OPTIMAL, STOPPED, INFEASIBLE = 0, 1, 2


class TooSlow(Exception):
    """The solver was stopped before it could tell."""


@dataclass
class Statistics:
    """What was published of one place, as a programme over the numbers of persons of each kind.

    kinds  every kind of person that there can be; who cannot be (a married child of three) is left out
    most   more persons than can live there
    """

    kinds: Sequence[Kind]
    most: int
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    extra: int = 0

    def count(self, group: Group, least: float, most: float) -> None:
        """The group has between `least` and `most` persons: both ends the same if the count is exact."""
        self.rows.append((self._of(group), least, most))

    def total(self, group: Group, of: int, least: float, most: float) -> None:
        """The numbers at place `of` of a kind add up to between `least` and `most` in the group: mean times persons."""
        weighed = {place: float(self.kinds[place][of]) for place in self._of(group)}
        self.rows.append((weighed, least, most))

    def median(self, group: Group, of: int, persons: int, median: float) -> None:
        """The middle number at place `of` in a group of so many persons (the mean of the middle two) is this."""
        numbers = {place: float(self.kinds[place][of]) for place in self._of(group)}

        def less(number: float) -> dict[int, float]:
            return {place: 1.0 for place, own in numbers.items() if own < number}

        def up_to(number: float) -> dict[int, float]:
            return {place: 1.0 for place, own in numbers.items() if own <= number}

        middle = (persons + 1) // 2
        if persons % 2:
            self.rows.append((less(median), 0, middle - 1))
            self.rows.append((up_to(median), middle, persons))
            return
        low_ends = sorted({own for own in numbers.values() if own <= median})
        chosen = {}
        for low in low_ends:  # which number is the lower of the middle two; the upper one follows
            switch = len(self.kinds) + self.extra
            self.extra += 1
            chosen[switch] = 1.0
            high = 2 * median - low
            for counted, at_least, bound in (
                (less(low), False, middle - 1),
                (up_to(low), True, middle),
                (less(high), False, middle),
                (up_to(high), True, middle + 1),
            ):
                if at_least:
                    self.rows.append(({**counted, switch: -float(self.most)}, bound - self.most, np.inf))
                else:
                    self.rows.append(({**counted, switch: float(self.most)}, -np.inf, bound + self.most))
        self.rows.append((chosen, 1, 1))

    def _of(self, group: Group) -> dict[int, float]:
        return {place: 1.0 for place, kind in enumerate(self.kinds) if group(kind)}


@dataclass(frozen=True)
class Reconstruction:
    """What the attacker worked out.

    records   one set of records that fits, or None if nothing does (what was published contradicts itself)
    unique    whether no other set fits
    """

    records: tuple[Kind, ...] | None
    unique: bool


def reconstructed(published: Statistics, seconds: float = SECONDS) -> Reconstruction:
    """A set of records that fits, and whether it is the only one. Raises TooSlow."""
    found = _solved(published, None, (), seconds)
    if found is None:
        return Reconstruction(None, False)
    another = _another(published, found, seconds)
    return Reconstruction(_listed(published, found), another is None)


def certain_claims(
    published: Statistics, claims: Mapping[str, Group], seconds: float = SECONDS
) -> dict[str, tuple[int, int]]:
    """Of each claimed group, how many persons it has at least and at most over every set of records that fits.

    claims  groups by what is claimed of them ("a girl of Morazán came alone"); generate these from solutions
    returns empty if nothing fits. A claim "there is one" is proved if the least is above zero; "nobody" if the most is
            zero; "exactly so many" if both are equal.
    """
    found: dict[str, tuple[int, int]] = {}
    for name, group in claims.items():
        inside = {place: 1.0 for place, kind in enumerate(published.kinds) if group(kind)}
        ends = []
        for sign in (1.0, -1.0):
            solution = _solved(published, dict.fromkeys(inside, sign), (), seconds)
            if solution is None:
                return {}
            ends.append(round(float(sum(solution[place] for place in inside))))
        found[name] = (ends[0], ends[1])
    return found


def solutions(published: Statistics, some: int, seconds: float = SECONDS) -> list[tuple[Kind, ...]]:
    """Up to so many sets of records that fit, each another: what claims are generated from."""
    chance = np.random.default_rng(some)
    found: dict[tuple[Kind, ...], None] = {}
    for _ in range(some):
        prices = {place: float(price) for place, price in enumerate(chance.random(len(published.kinds)))}
        solution = _solved(published, prices, (), seconds)
        if solution is None:
            return []
        found[_listed(published, solution)] = None
    return list(found)


def _another(published: Statistics, found: Real, seconds: float) -> Real | None:
    """A set of records that differs from `found`; None if there is none.

    Two sets differ if some kind has fewer persons in the other, or if the other has more persons in all.
    """
    switches = [(place, count) for place, count in enumerate(found) if count > 0]
    begin = len(published.kinds) + published.extra
    rows: list[tuple[dict[int, float], float, float]] = []
    for number, (place, count) in enumerate(switches):  # switch on → this kind has fewer
        rows.append(({place: 1.0, begin + number: float(published.most)}, -np.inf, count - 1 + published.most))
    more = begin + len(switches)
    everybody = dict.fromkeys(range(len(published.kinds)), 1.0)
    total = float(found.sum())
    rows.append(({**everybody, more: -(total + 1)}, 0.0, np.inf))
    rows.append((dict.fromkeys(range(begin, more + 1), 1.0), 1.0, np.inf))
    return _solved(published, None, rows, seconds, switches=len(switches) + 1)


def _solved(
    published: Statistics,
    prices: Mapping[int, float] | None,
    more: Iterable[tuple[dict[int, float], float, float]],
    seconds: float,
    switches: int = 0,
) -> Real | None:
    """The numbers of persons of each kind, whole; None if none fit. Raises TooSlow."""
    rows = [*published.rows, *more]
    kinds, width = len(published.kinds), len(published.kinds) + published.extra + switches
    entries = [(row, place, value) for row, (terms, _, _) in enumerate(rows) for place, value in terms.items()]
    costs = np.zeros(width)
    for place, price in (prices or {}).items():
        costs[place] = price
    upper = np.ones(width)
    upper[:kinds] = published.most
    lines, places, values = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = csr_array((values, (lines, places)), shape=(len(rows), width))
    limits = LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows])
    result = milp(
        costs,
        constraints=limits,
        bounds=Bounds(np.zeros(width), upper),
        integrality=np.ones(width),
        options={"time_limit": seconds},
    )
    if result.status == INFEASIBLE:
        return None
    if result.status != OPTIMAL:
        raise TooSlow(f"no answer within {seconds:g} seconds: {result.message}")
    solution: Real = np.round(result.x[:kinds])
    return solution


def _listed(published: Statistics, numbers: Real) -> tuple[Kind, ...]:
    """Numbers of persons per kind as records, in the order of the kinds."""
    return tuple(kind for kind, number in zip(published.kinds, numbers, strict=True) for _ in range(int(number)))
