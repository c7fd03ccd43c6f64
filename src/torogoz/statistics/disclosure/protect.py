"""Complementary suppression over all tables of a release together.

A heuristic of our own on linear programmes, one block (a year, say) at a time. What must hold at the end:

1. For whoever knows all shown cells, all sums, and that persons are not negative, every hidden cell keeps an interval
   at least as wide as the threshold.
2. For whoever also knows that a hidden cell is not zero (since zeros are shown), no small cell is known exactly.
3. For whoever also is the one person in a cell, and so knows it to be 1, no other small cell is known exactly, unless
   the sums alone make the two cells the same persons.

A set of figures that could stand in the place of the true ones is an *alternative*; a demand is met once two
alternatives differ by enough. For each demand that is not met, the cheapest alternative that meets it is sought,
where a hidden cell costs next to nothing and a shown one its worth; the shown cells that it changes are hidden. Then
each cell that was hidden for others is tried: it is shown again if every demand is met without it.

source  the idea of one cheapest change per unsafe cell: Kelly, Golden & Assad (1992); Castro (2012), A survey on
        cell suppression
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from torogoz.statistics.disclosure.attacker import SLACK, Attacker
from torogoz.statistics.disclosure.rules import Rule
from torogoz.statistics.disclosure.system import Mask, Real, System, Whole

NOT_KNOWN = 1.0  # how many persons wide a small cell must stay for an attacker who knows more

_Demand = tuple[Attacker, int, float, int | None]  # from whom, which cell, how wide, and what cell that one knows
Progress = Callable[[int, int], None]


class CannotProtect(ValueError):
    """No hiding whatever protects a cell: what is known of the others gives it away."""


@dataclass(frozen=True)
class Suppression:
    """Which cells of a system are hidden, and why."""

    small: Mask
    to_protect_others: Mask

    @property
    def hidden(self) -> Mask:
        hidden: Mask = self.small | self.to_protect_others
        return hidden


def protect(
    system: System,
    counts: Real,
    rule: Rule,
    *,
    worth: Real | None = None,
    never_shown: Mask | None = None,
    keep_hidden: Mask | None = None,
    known: Mask | None = None,
    least: Real | None = None,
    progress: Progress | None = None,
) -> Suppression:
    """Hide as little as this heuristic can so that every hidden cell keeps an interval of the rule's threshold.

    counts       persons per cell; the sums of `system` must hold
    worth        what hiding a cell costs a reader; its count (at least 1) if not given
    never_shown  cells that no table shows, but that a reader can reason about
    keep_hidden  cells that an earlier release hid, and that this one must therefore hide too
    known        cells that a reader knows from elsewhere: hiding one protects no other, so none is hidden for others
    least        what a reader knows each cell to be at least; 0 if not given, never above the count
    progress     called with (blocks done, blocks in all)
    raises       ValueError if the counts contradict the sums, CannotProtect if what is known leaves no way
    """
    _check_sums(system, counts)
    unseen = np.zeros(system.size, dtype=np.bool_) if never_shown is None else never_shown
    small = rule.is_small(counts)
    prices = np.maximum(counts if worth is None else worth, 1.0)
    hidden = small & ~unseen
    if keep_hidden is not None:
        hidden |= keep_hidden & ~unseen & ((counts > 0) | (not rule.zeros_shown))
    told = np.zeros(system.size, dtype=np.bool_) if known is None else known
    room = counts if least is None else counts - least
    kept = hidden & told  # hidden all the same, and nobody's protection
    blocks = list(system.blocks())
    for done, (cells, block) in enumerate(blocks):
        if ((small | hidden) & ~told)[cells].any():
            work = _Block(
                block,
                counts[cells],
                room[cells],
                prices[cells],
                rule,
                unseen[cells],
                small[cells],
                hidden[cells],
                told[cells],
            )
            hidden[cells] = work.protected() | kept[cells]
        if progress is not None:
            progress(done + 1, len(blocks))
    return Suppression(small & ~unseen, hidden & ~small)


class _Block:
    """One block at work. Positions are those of the cells that may change: shown zeros, and what is known from
    elsewhere, are left out from the start."""

    def __init__(
        self,
        system: System,
        counts: Real,
        room: Real,
        worth: Real,
        rule: Rule,
        unseen: Mask,
        small: Mask,
        hidden: Mask,
        known: Mask,
    ) -> None:
        zero = (counts == 0) & ~unseen & ~hidden if rule.zeros_shown else np.zeros(system.size, dtype=np.bool_)
        self.cells, rows = system.without(zero | known, counts)
        self.whole = system.size
        self.count, self.worth, self.unseen = counts[self.cells], worth[self.cells], unseen[self.cells]
        self.small, self.forced, self.hidden = small[self.cells], hidden[self.cells], hidden[self.cells].copy()
        self.threshold = float(rule.threshold)
        terms = [row for row, _ in rows]
        room = room[self.cells]
        not_zero = np.where(self.unseen, self.count, np.maximum(self.count - rule.floor, 0.0))
        knows_least = np.minimum(room, not_zero)
        self.plain = Attacker(terms, room, self.worth, self.hidden | self.unseen)
        self.clever = Attacker(terms, knows_least, self.worth, self.hidden | self.unseen)

    def protected(self) -> Mask:
        """The cells of the block that are hidden in the end."""
        self._hide_until_safe()
        self._show_what_need_not_be_hidden()
        answer = np.zeros(self.whole, dtype=np.bool_)
        answer[self.cells] = self.hidden
        return answer

    def _demands(self) -> Iterator[_Demand]:
        """What is not known to hold yet, the widest-ranging first; what is found on the way settles later ones."""
        targets = np.flatnonzero(self.hidden | (self.unseen & self.small))
        for cell in self._short(self.plain, targets, self.threshold, None):
            yield self.plain, cell, self.threshold, None
        small = np.flatnonzero(self.small & (self.count > 0))
        alone = [int(each) for each in np.flatnonzero(self.small & (self.count == 1))]
        for held in (None, *alone):
            for cell in self._short(self.clever, small[small != held], NOT_KNOWN, held):
                yield self.clever, cell, NOT_KNOWN, held

    def _short(self, attacker: Attacker, cells: Whole, wanted: float, held: int | None) -> Iterator[int]:
        """Those of `cells`, the largest first, whose alternatives do not differ by `wanted` at the moment of asking."""
        short = cells[attacker.spread(cells, held) < wanted - SLACK]
        for cell in short[np.lexsort((short, -self.count[short]))]:
            if attacker.spread(np.array([cell]), held)[0] < wanted - SLACK:
                yield int(cell)

    def _hide_until_safe(self) -> None:
        """Hide more, until every demand is met or cannot be met by any hiding."""
        settled = False
        while not settled:
            settled = True
            for attacker, cell, wanted, held in self._demands():
                more = attacker.cheapest(cell, wanted, held)
                if more is None and held is None:
                    raise CannotProtect("no alternative exists even with every cell hidden that nobody knows")
                if more is not None and more.any():
                    settled = False
                    for each in np.flatnonzero(more):
                        self._hide(int(each))

    def _show_what_need_not_be_hidden(self) -> None:
        """Show again, the dearest first, each cell hidden for others without which every demand is still met."""
        impossible = {(cell, held) for _, cell, _, held in self._unmet()}
        for cell in self._largest_first(self.hidden & ~self.small & ~self.forced, self.worth):
            before = [attacker.alternatives for attacker in (self.plain, self.clever)]
            self.hidden[cell] = False
            for attacker in (self.plain, self.clever):
                attacker.show(cell)
                attacker.forget(cell)
            if any((unmet, held) not in impossible for _, unmet, _, held in self._unmet()):
                self._hide(cell)
                self.plain.alternatives, self.clever.alternatives = before

    def _unmet(self) -> Iterator[_Demand]:
        """Demands that fail with the cells hidden now."""
        for attacker, cell, wanted, held in self._demands():
            fall, rise = attacker.stretch(cell, wanted, held)
            if rise - fall < wanted - SLACK:
                yield attacker, cell, wanted, held

    def _hide(self, cell: int) -> None:
        self.hidden[cell] = True
        self.plain.hide(cell)
        self.clever.hide(cell)

    def _largest_first(self, cells: Mask, size: Real) -> list[int]:
        return sorted((int(cell) for cell in np.flatnonzero(cells)), key=lambda cell: (-size[cell], cell))


def _check_sums(system: System, counts: Real) -> None:
    for relation in system.relations:
        parts = float(counts[list(relation.parts)].sum())
        if abs(parts - float(counts[relation.total])) > SLACK:
            raise ValueError(f"a total of {counts[relation.total]:g} has parts of {parts:g}; nothing was published")
