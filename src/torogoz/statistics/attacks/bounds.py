"""Attacks A and C, bounds: what the sums of published tables leave possible, cell by cell.

A: some cells are hidden and the others are exact. C: every cell is changed by noise that the attacker knows not to
exceed some size. Both are one pair of linear programmes per cell: the least and the most that it can be while every
total is the sum of its parts.

source  A: Fischetti & Salazar (2001), the attacker's problem. C: the same with known bounds of noise
"""

import numpy as np

from torogoz.statistics.attacks.asking import Recovery
from torogoz.statistics.disclosure.audit import CEILING, Intervals, audit
from torogoz.statistics.disclosure.programme import Programme
from torogoz.statistics.disclosure.system import Mask, Real, System

SLACK = 1e-6


def hidden_cells(system: System, shown: Mask, counts: Real, least: Real) -> Intervals:
    """Attack A: the interval of every cell when the `shown` ones are exact. See `disclosure.audit.audit`."""
    return audit(system, shown, counts, least)


def noisy_cells(system: System, lower: Real, upper: Real, aim: Mask) -> Intervals | None:
    """Attack C: the interval of each cell of `aim`, when every cell is known to lie between `lower` and `upper`.

    returns  None if no true counts lie within the bounds: the attacker was wrong about the noise
    """
    rows = [([(relation.total, -1.0), *((part, 1.0) for part in relation.parts)], 0.0) for relation in system.relations]
    low, high = np.maximum(lower, 0.0).astype(np.float64), np.minimum(upper, CEILING).astype(np.float64)
    if (low > high).any():
        return None
    programme = Programme(rows, low.copy(), high.copy())
    for cell in np.flatnonzero(aim):
        for sign, ends in ((1.0, low), (-1.0, high)):
            programme.price(int(cell), sign)
            best = programme.solve()
            if best is None:
                return None
            ends[cell] = best[cell]
        programme.price(int(cell), 0.0)
    return Intervals(np.ceil(low - SLACK), np.floor(high + SLACK))


def told(attack: str, found: Intervals | None, counts: Real, aim: Mask) -> Recovery:
    """How many of the cells of `aim` the attacker knows exactly, and rightly."""
    aimed = int(aim.sum())
    if found is None:
        return Recovery(attack, aimed, 0)
    exact = aim & (found.upper == found.lower) & (found.lower == counts)
    return Recovery(attack, aimed, int(exact.sum()))
