"""The design of perturbation tables: for each count, which changes are drawn with which probability.

Row i holds a distribution of changes v. Among all that meet the conditions below, the one of the greatest entropy is
taken, since it tells an attacker least beyond them:

    the probabilities add to 1 · no bias: Σ v·p = 0 · spread: Σ v²·p ≤ V · |v| ≤ D · i + v is not negative
    i + v is none of 1 … js, so that no small count is ever shown · p(0) ≥ pstay · p grows towards 0 for v < 0 (mono)

Rows differ up to i = D + js + 1; every larger count uses the last one. A count of zero stays zero.

source  Marley & Leaver (2011); Giessing (2016); figures checked against the table of the R package `cellKey`
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from torogoz.statistics.disclosure.keys import Keys, as_fraction

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
STEP_OF_PSTAY = 0.05
EXACT = 1e-7
STEPS = 200


class NoSuchDesign(Exception):
    """No distribution meets the conditions of a row."""


@dataclass(frozen=True)
class PTable:
    """A perturbation table: `chances[i, v + D]` is the probability that a count of i changes by v."""

    chances: Real

    @property
    def largest_change(self) -> int:
        """D."""
        return int(self.chances.shape[1]) // 2

    @property
    def last_row(self) -> int:
        """The count from which on every count has the same distribution."""
        return int(self.chances.shape[0]) - 1

    def row(self, count: int) -> dict[int, float]:
        """The distribution of results of a count: result → probability, results that cannot be left out."""
        used = self.chances[min(count, self.last_row)]
        return {count + v - self.largest_change: float(p) for v, p in enumerate(used) if p > 0}

    def variance(self, count: int) -> float:
        """The variance of the change of a count, in persons²."""
        changes = np.arange(-self.largest_change, self.largest_change + 1)
        return float((self.chances[min(count, self.last_row)] * changes**2).sum())

    def changes(self, counts: Whole, keys: Keys) -> Whole:
        """The change of each count under its cell key: the v whose step of the cumulated probabilities holds the key.

        counts  true counts, not negative; keys  the sums of the keys of each cell's records, of the same length
        """
        cumulated = np.cumsum(self.chances, axis=1)[:, :-1]
        below = cumulated[np.minimum(counts, self.last_row)] < as_fraction(keys)[:, None]
        found: Whole = below.sum(axis=1).astype(np.int64) - self.largest_change
        return np.where(counts == 0, 0, found)


# N803: D and V are capitals in every text on cell keys; other letters would not be found there.
def design(D: int, V: float, js: int = 0, pstay: float = 0.0, mono: bool = True) -> PTable:  # noqa: N803
    """The perturbation table of greatest entropy, in the letters of the literature.

    D      the largest change, in persons, at least 1
    V      the largest variance of the change, in persons²
    js     counts from 1 to this are never a result
    pstay  the least probability of no change; lowered by steps of 0.05 in rows where it cannot be had
    mono   whether a larger loss is never likelier than a smaller one
    raises NoSuchDesign if a row cannot be met
    """
    if D < 1 or V <= 0 or js < 0 or not 0 <= pstay < 1:
        raise NoSuchDesign(f"D={D}, V={V}, js={js}, pstay={pstay} is no design: D ≥ 1, V > 0, js ≥ 0, 0 ≤ pstay < 1")
    rows = [np.eye(1, 2 * D + 1, D)[0]]
    for count in range(1, D + js + 2):
        allowed = [v for v in range(-D, D + 1) if count + v == 0 or count + v > js]
        spread = np.zeros(2 * D + 1)
        spread[np.array(allowed) + D] = _distribution(allowed, V, pstay if 0 in allowed else 0.0, mono, count)
        rows.append(spread)
    return PTable(np.array(rows))


def _distribution(allowed: Sequence[int], variance: float, pstay: float, mono: bool, count: int) -> Real:
    """The distribution over `allowed` of greatest entropy; pstay is lowered until there is one."""
    stay = pstay
    while stay > -STEP_OF_PSTAY / 2:
        changes = np.array(allowed, dtype=np.float64)
        found = _of_one_family(changes, variance, max(stay, 0.0), mono)
        if found is None:
            found = _greatest_entropy(changes, variance, max(stay, 0.0), mono)
        if found is not None:
            return found
        stay -= STEP_OF_PSTAY
    raise NoSuchDesign(f"no distribution for a count of {count} has a variance of {variance:g} or less")


def _of_one_family(changes: Real, variance: float, stay: float, mono: bool) -> Real | None:
    """Solve one row where only mean, variance and pstay bind: p(v) then goes as exp(b·v + c·v²) where v is not fixed.

    returns  None if that is not the case, or Newton's method does not find b and c: then the general way is taken
    """
    for held in (0.0, stay):
        free = changes != 0 if held else np.ones(changes.size, dtype=np.bool_)
        if held and free.all():
            return None
        found = _exponential(changes[free], variance / (1 - held))
        if found is None:
            return None
        chances = np.full(changes.size, held)
        chances[free] = found * (1 - held)
        if not (changes == 0).any() or float(chances[changes == 0][0]) >= stay - EXACT:
            losses = chances[changes < 0]
            return None if mono and (np.diff(losses) < -EXACT).any() else chances
    return None


def _exponential(changes: Real, variance: float) -> Real | None:
    """The distribution of greatest entropy over some changes with mean 0 and at most a variance; None if none is found.

    b and c are where the logarithm of the sum of exp(b·v + c·v²), less c·V, is least; c is 0 if V does not bind.
    """
    powers = np.stack([changes, changes**2])
    for bound in (1, 2):
        used, goal, slope = powers[:bound], np.array([0.0, variance])[:bound], np.zeros(bound)
        for _ in range(STEPS):
            exponent = slope @ used
            chances: Real = np.exp(exponent - exponent.max())
            chances /= chances.sum()
            off = used @ chances - goal
            if np.abs(off).max() < EXACT / 100:
                break
            spread = (used * chances) @ used.T - np.outer(used @ chances, used @ chances)
            if np.linalg.cond(spread) > 1e12:
                return None
            step = np.linalg.solve(spread, off)
            slope = slope - step / max(1.0, float(np.abs(step).max()))
        else:
            return None
        if float(changes**2 @ chances) <= variance + EXACT / 10:
            return chances
    return None


def _greatest_entropy(changes: Real, variance: float, stay: float, mono: bool) -> Real | None:
    """Solve one row by sequential quadratic programming; None if its conditions contradict each other."""
    size = changes.size
    at_zero = changes == 0
    losses = np.flatnonzero(changes < 0)
    conditions = [
        {"type": "eq", "fun": lambda p: p.sum() - 1, "jac": lambda _: np.ones(size)},
        {"type": "eq", "fun": lambda p: changes @ p, "jac": lambda _: changes},
        {"type": "ineq", "fun": lambda p: variance - changes**2 @ p, "jac": lambda _: -(changes**2)},
    ]
    if mono and losses.size > 1:
        steps = np.zeros((losses.size - 1, size))
        steps[np.arange(losses.size - 1), losses[1:]] = 1
        steps[np.arange(losses.size - 1), losses[:-1]] = -1
        conditions.append({"type": "ineq", "fun": lambda p: steps @ p, "jac": lambda _: steps})
    lower = np.where(at_zero, max(stay, 1e-12), 1e-12)
    start = np.maximum(np.exp(-(changes**2) / (2 * variance)), 1e-3)
    solved = minimize(
        lambda p: float(p @ np.log(p)),
        start / start.sum(),
        jac=lambda p: np.log(p) + 1,
        bounds=list(zip(lower, np.ones(size), strict=True)),
        constraints=conditions,
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    chances: Real = np.asarray(solved.x, dtype=np.float64)
    broken = (
        abs(chances.sum() - 1) > EXACT
        or abs(float(changes @ chances)) > EXACT
        or float(changes**2 @ chances) > variance + EXACT
    )
    if not solved.success or broken:
        return None
    chances[chances < 1e-9] = 0.0
    chances /= chances.sum()
    return chances
