"""What one attacker cannot tell apart: the *alternatives* to the true figures of a block, found one by one.

An alternative is a change of the hidden cells that leaves every sum true, every shown cell as it is, and every cell
at or above what the attacker knows it to be at least. A cell is safe from this attacker once two alternatives differ
there by as much as is asked for.
"""

from collections.abc import Sequence

import numpy as np

from torogoz.statistics.disclosure.programme import Programme
from torogoz.statistics.disclosure.system import Mask, Real, Whole

FREE = 1e-3  # the cost of changing a hidden cell by one person: not nothing, so that alternatives stay short
SLACK = 1e-6


class Attacker:
    """Searches alternatives among the cells of one block, all of which may change unless shown.

    rows      the sums: terms (cell, sign) over the cells that are not shown zeros
    room      by how much each cell can fall in the eyes of this attacker
    worth     what hiding each cell costs a reader
    hidden    cells that are hidden now (unseen ones included)
    """

    def __init__(self, rows: Sequence[Sequence[tuple[int, float]]], room: Real, worth: Real, hidden: Mask) -> None:
        self.size, self.room, self.worth, self.hidden = len(room), room, worth, hidden.copy()
        # A change is split into its rise (columns 0 …) and its fall (columns size …), both at least zero.
        split = [([*terms, *((cell + self.size, -sign) for cell, sign in terms)], 0.0) for terms in rows]
        nothing, endless = np.zeros(2 * self.size), np.full(self.size, np.inf)
        self._any_cell = Programme(split, nothing, np.concatenate([endless, room]))
        self._hidden_only = Programme(split, nothing, nothing)
        for cell in range(self.size):
            (self.hide if hidden[cell] else self.show)(cell)
        self.found: Real = np.zeros((1, self.size))  # room for alternatives; `count` rows of it are in use
        self.count = 1

    def hide(self, cell: int) -> None:
        """From now on `cell` is hidden, and may change at hardly any cost."""
        self.hidden[cell] = True
        self._price(self._any_cell, cell, FREE, FREE)
        self._bound(self._hidden_only, cell, np.inf)

    def show(self, cell: int) -> None:
        """From now on `cell` is shown, and changing it costs its worth."""
        self.hidden[cell] = False
        self._price(self._any_cell, cell, float(self.worth[cell]), float(self.worth[cell]))
        self._bound(self._hidden_only, cell, 0.0)

    @property
    def alternatives(self) -> Real:
        """Every alternative found so far, one row each; the first changes nothing."""
        return self.found[: self.count]

    @alternatives.setter
    def alternatives(self, rows: Real) -> None:
        self.found, self.count = rows, len(rows)

    def forget(self, cell: int) -> None:
        """Drop the alternatives that change `cell`, which is now shown."""
        self.alternatives = self.alternatives[np.abs(self.alternatives[:, cell]) <= SLACK]

    def spread(self, cells: Whole, held: int | None = None) -> Real:
        """How far apart the alternatives found so far are in each of `cells`; only those that leave `held` as it is."""
        found = self.alternatives
        found = found[:, cells] if held is None else found[np.ix_(np.abs(found[:, held]) <= SLACK, cells)]
        apart: Real = found.max(axis=0) - found.min(axis=0)
        return apart

    def stretch(self, cell: int, wanted: float, held: int | None = None) -> tuple[float, float]:
        """The furthest fall (not above 0) and rise of `cell` with nothing more hidden; no further than `wanted`."""
        if held is not None:
            self._bound(self._hidden_only, held, 0.0)
        ends = [0.0, 0.0]
        self._bound(self._hidden_only, cell, wanted)
        for side, sign in enumerate((1.0, -1.0)):
            self._price(self._hidden_only, cell, sign, -sign)
            change = self._keep(self._hidden_only)
            if change is not None:
                ends[side] = float(change[cell])
            if ends[1] - ends[0] >= wanted - SLACK:
                break
        self._price(self._hidden_only, cell, 0.0, 0.0)
        self._bound(self._hidden_only, cell, np.inf)
        if held is not None:
            self._bound(self._hidden_only, held, np.inf)
        return ends[0], ends[1]

    def cheapest(self, cell: int, wanted: float, held: int | None = None) -> Mask | None:
        """Which further cells to hide, at the least cost found, so that `cell` stretches over `wanted`.

        None if no hiding whatever helps, which is possible only with a cell `held`.
        """
        fall, rise = self.stretch(cell, wanted, held)
        if rise - fall >= wanted - SLACK:
            return np.zeros(self.size, dtype=np.bool_)
        choices = (self._forced(cell, wanted + fall, held), self._forced(cell, rise - wanted, held))
        newly = [(np.abs(change) > SLACK) & ~self.hidden for change in choices if change is not None]
        return min(newly, key=lambda cells: float(self.worth[cells].sum()), default=None)

    def _forced(self, cell: int, change: float, held: int | None) -> Real | None:
        """The cheapest alternative in which `cell` rises (or falls) by exactly `change`."""
        if -change > self.room[cell] + SLACK:
            return None
        programme = self._any_cell
        programme.bound(cell, max(change, 0.0), max(change, 0.0))
        programme.bound(cell + self.size, max(-change, 0.0), max(-change, 0.0))
        if held is not None:
            self._bound(programme, held, 0.0)
        found = self._keep(programme)
        for each in (cell, held):
            if each is not None:
                self._bound(programme, each, np.inf)
        return found

    def _keep(self, programme: Programme) -> Real | None:
        """Solve, and remember the alternative if only hidden cells change in it."""
        solution = programme.solve()
        if solution is None:
            return None
        change: Real = solution[: self.size] - solution[self.size :]
        if not (np.abs(change) > SLACK)[~self.hidden].any():
            if self.count == len(self.found):
                self.found = np.vstack([self.found, np.zeros_like(self.found)])
            self.found[self.count] = change
            self.count += 1
        return change

    def _price(self, programme: Programme, cell: int, rise: float, fall: float) -> None:
        programme.price(cell, rise)
        programme.price(cell + self.size, fall)

    def _bound(self, programme: Programme, cell: int, most: float) -> None:
        programme.bound(cell, 0.0, most)
        programme.bound(cell + self.size, 0.0, min(most, float(self.room[cell])))
