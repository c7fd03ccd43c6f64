"""The attack: what anyone can work out of hidden cells from the ones that are shown.

Written apart from the protector and sharing only the equations with it, so that a mistake in one is seen by the
other. The attacker knows every shown figure, every sum, that persons are not negative, and the rule itself: where
zeros are shown, that a hidden cell is at least 1. The attacker does not know which hidden cells are small and which
were hidden to protect others, since a release does not say. That persons are whole is used at the ends of the
intervals only.
"""

from dataclasses import dataclass

import numpy as np

from torogoz.statistics.disclosure.programme import Programme
from torogoz.statistics.disclosure.system import Mask, Real, Relation, System

CEILING = 1e7  # more persons than the country has: stands for "no upper end"
SLACK = 1e-6


@dataclass(frozen=True)
class Intervals:
    """For every cell of a system, between what and what the attacker knows it to lie (equal where it is known)."""

    lower: Real
    upper: Real

    @property
    def width(self) -> Real:
        return self.upper - self.lower

    def narrower_than(self, width: float) -> Mask:
        """Which cells the attacker knows more closely than `width`; known cells included."""
        closer: Mask = self.width < width
        return closer


def audit(system: System, shown: Mask, counts: Real, least: Real) -> Intervals:
    """The tightest interval of every cell, by two linear programmes for each hidden one.

    shown   which cells the attacker sees
    counts  what they are; read where `shown` only
    least   what the attacker knows each hidden cell to be at least (0, or 1 where zeros are shown)
    raises  ValueError if no figures at all fit what is shown: the tables contradict themselves
    """
    counts = np.where(shown, counts, 0.0)
    lower = np.where(shown, counts, least)
    upper = np.where(shown, counts, CEILING)
    open_cells, rows = system.without(shown, counts)
    joined = (tuple(cell for cell, _ in terms) for terms, _ in rows)
    ties = System(len(open_cells), tuple(Relation(cells[0], cells[1:]) for cells in joined))
    for cells, _ in ties.blocks():
        own = {int(cell): position for position, cell in enumerate(cells)}
        own_rows = [([(own[cell], sign) for cell, sign in terms], side) for terms, side in rows if terms[0][0] in own]
        places = open_cells[cells]
        programme = Programme(own_rows, least[places].astype(np.float64), np.full(len(places), CEILING))
        for position, place in enumerate(places):
            for sign, ends in ((1.0, lower), (-1.0, upper)):
                programme.price(position, sign)
                best = programme.solve()
                if best is None:
                    raise ValueError("the shown cells contradict their own sums; the tables are not additive")
                ends[place] = best[position]
            programme.price(position, 0.0)
    return Intervals(np.ceil(lower - SLACK), np.floor(upper + SLACK))
