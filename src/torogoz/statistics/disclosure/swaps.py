"""Made-up records that agree with measured tables: exactly with some, as nearly as can be with all others.

The start are made-up records whose *anchors* (tables that must hold exactly) are right and which are otherwise at
random. Two records that are alike in what the anchors tie together then exchange part of their codes: no anchor
changes, no count becomes negative or broken, and the exchange is kept if it brings the other tables nearer to what was
measured. The work uses nothing but the tables, so it tells no more of any person than they do.

source  records changed until tables fit: Voas & Williamson (2000), combinatorial optimisation; ours exchanges
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Records = dict[str, Whole]

FIRST_SHARE, SMALLEST_BATCH, LARGEST_BATCH = 16, 64, 20_000
MOST_OFFERS = 400_000  # exchanges that one sweep weighs of one part
MOST_WORK = 8_000_000  # exchanges of one part in all: millions of records are fitted a little less closely
ENOUGH = 0.01  # when a sweep mends less than this share of what is left, fewer exchanges are weighed at once
WALL = 1e7  # what a record in an impossible cell costs
BLOCK = 200_000


@dataclass(frozen=True)
class View:
    """A way to ask for a variable: its own codes, or coarser ones that follow from them (child or adult, of an age).

    of  for each code of the variable, the place of the view's code
    """

    variable: str
    codes: tuple[str, ...]
    of: Whole


@dataclass(frozen=True)
class Anchor:
    """A table of whole numbers that must hold: it gives the variables `new` to records that have `given` already.

    given   views of variables that earlier anchors gave
    counts  one axis per name, those of `given` first
    """

    given: tuple[str, ...]
    new: tuple[str, ...]
    counts: Whole


@dataclass(frozen=True)
class Target:
    """A table that was measured with noise; how far it counts follows from `weight`."""

    variables: tuple[str, ...]
    measured: Real
    weight: float


class AnchorsContradict(Exception):
    """Two anchors count the same persons differently."""


class StructuralZeroFilled(Exception):
    """No exchange was found that takes the last made-up record out of a cell where nobody can be."""


def started(anchors: Sequence[Anchor], views: Mapping[str, View], chance: np.random.Generator) -> Records:
    """Records that agree with every anchor, otherwise at random. Raises AnchorsContradict."""
    records: Records = {}
    size = int(anchors[0].counts.sum())
    for anchor in anchors:
        width = len(anchor.given)
        cells = np.repeat(np.arange(anchor.counts.size), anchor.counts.ravel())
        if cells.size != size:
            raise AnchorsContradict(f"one table has {size} records, that of {anchor.given + anchor.new} {cells.size}")
        places = np.unravel_index(cells, anchor.counts.shape)
        shape = anchor.counts.shape[:width]
        held = flat([column_of(records, name, views) for name in anchor.given], shape, size)
        wanted = flat([np.asarray(each, dtype=np.int64) for each in places[:width]], shape, size)
        mixed = chance.permutation(size)
        receive = mixed[np.argsort(held[mixed], kind="stable")]
        if (held[receive] != wanted).any():
            raise AnchorsContradict(f"the table of {anchor.given + anchor.new} does not fit the tables before it")
        for name, codes in zip(anchor.new, places[width:], strict=True):
            records[name] = np.empty(size, dtype=np.int64)
            records[name][receive] = codes
    return records


def fitted(
    records: Records,
    anchors: Sequence[Anchor],
    views: Mapping[str, View],
    targets: Sequence[Target],
    chance: np.random.Generator,
    *,
    sweeps: int,
    impossible: Mapping[tuple[str, ...], Mask] | None = None,
    may_drop: bool = False,
) -> Records:
    """The records after exchanges that bring `targets` nearer; every anchor holds as before.

    sweeps      how often, at most, records are offered an exchange of each of their parts
    impossible  cells where nobody can be, by the variables of one of `targets`; no record stays there
    may_drop    whether a record that no exchange takes out of there is left out, against its anchors (noisy ones)
    raises      StructuralZeroFilled if there is such a record and it may not be left out
    """
    work = _Work(records, targets, impossible or {})
    pools = [_Pool(_class_of(place, anchors, records, views)) for place in range(len(anchors))]
    batch = min(max(work.size // FIRST_SHARE, SMALLEST_BATCH), LARGEST_BATCH)
    for _ in range(min(sweeps, 1 + MOST_WORK // max(min(work.size, MOST_OFFERS), 1))):
        before = work.misfit()
        for anchor, pool in zip(anchors, pools, strict=True):
            work.sweep(anchor.new, pool, chance, batch)
        if before - work.misfit() < ENOUGH * before:
            if batch == SMALLEST_BATCH:
                break
            batch = max(batch // 2, SMALLEST_BATCH)
    barred = work.where_nobody_can_be()
    if barred.any() and not may_drop:
        raise StructuralZeroFilled(f"{int(barred.sum())} made-up records are left where nobody can be")
    return {name: work.codes[~barred, place].astype(np.int64) for place, name in enumerate(work.names)}


def column_of(records: Mapping[str, Whole], name: str, views: Mapping[str, View]) -> Whole:
    """The codes of records under a view, or under a variable of their own."""
    if name in records:
        return records[name]
    column: Whole = views[name].of[records[views[name].variable]]
    return column


def flat(columns: Sequence[Whole], shape: Sequence[int], size: int) -> Whole:
    """One number per record from the codes of several columns."""
    place = np.zeros(size, dtype=np.int64)
    for column, length in zip(columns, shape, strict=True):
        place = place * length + column
    return place


class _Pool:
    """Records in groups of alike ones, so that a partner is found at once."""

    def __init__(self, alike: Whole) -> None:
        self.order = np.argsort(alike, kind="stable")
        ordered = alike[self.order]
        first = np.flatnonzero(np.diff(ordered, prepend=-1))
        sizes = np.diff(first, append=ordered.size)
        self.start, self.size = np.repeat(first, sizes), np.repeat(sizes, sizes)

    def partners(self, places: Whole, chance: np.random.Generator) -> tuple[Whole, Whole]:
        """For places in the order of the groups: the records there, and a partner of each from its own group."""
        other = self.start[places] + (chance.random(places.size) * self.size[places]).astype(np.int64)
        return self.order[places], self.order[other]


class _Work:
    """The records at work, and how many too many (above zero) or too few each measured cell has.

    All measured cells stand in one row of numbers, `left`; the cells of a record are its codes times `steps`.
    """

    def __init__(self, records: Records, targets: Sequence[Target], impossible: Mapping[tuple[str, ...], Mask]) -> None:
        self.names = list(records)
        self.codes = np.stack([records[name] for name in self.names], axis=1).astype(np.float64)
        self.size = self.codes.shape[0]
        self.steps = np.zeros((len(self.names), len(targets)))
        self.offsets = np.cumsum([0, *(target.measured.size for target in targets)])[:-1].astype(np.float64)
        self.weights = np.array([target.weight for target in targets])
        for place, target in enumerate(targets):
            step = 1
            for name, length in zip(target.variables[::-1], target.measured.shape[::-1], strict=True):
                self.steps[self.names.index(name), place] = step
                step *= length
        self.weight_of = np.repeat(self.weights, [target.measured.size for target in targets])
        self.barred = np.concatenate(
            [
                impossible.get(target.variables, np.zeros(target.measured.shape, dtype=np.bool_)).ravel()
                for target in targets
            ]
        )
        self.any_barred = bool(self.barred.any())
        held = np.zeros(self.barred.size)
        self.measured = np.concatenate([target.measured.ravel() for target in targets])
        for block in range(0, self.size, BLOCK):
            cells = (self.codes[block : block + BLOCK] @ self.steps + self.offsets).astype(np.int64)
            held += np.bincount(cells.ravel(), minlength=held.size)
        self.left = held - self.measured
        self.owner = np.zeros(self.size, dtype=np.int64)

    def misfit(self) -> float:
        """How far the records are from what was measured."""
        off = self.left * self.left
        off *= self.weight_of
        return float(off.sum()) + WALL * self.barred_records()

    def barred_records(self) -> int:
        """How many records, once per table, are where nobody can be."""
        return int((self.left[self.barred] + self.measured[self.barred]).sum()) if self.any_barred else 0

    def where_nobody_can_be(self) -> Mask:
        """Which records are in an impossible cell."""
        found = np.zeros(self.size, dtype=np.bool_)
        if self.barred.any():
            for block in range(0, self.size, BLOCK):
                cells = (self.codes[block : block + BLOCK] @ self.steps + self.offsets).astype(np.int64)
                found[block : block + BLOCK] = self.barred[cells].any(axis=1)
        return found

    def sweep(self, part: tuple[str, ...], pool: _Pool, chance: np.random.Generator, batch: int) -> None:
        """Offer records one exchange of `part` with a record like them."""
        own = np.array([self.names.index(name) for name in part])
        rest = np.setdiff1d(np.arange(len(self.names)), own)
        touched = np.flatnonzero(self.steps[own].any(axis=0) & self.steps[rest].any(axis=0))
        places = chance.permutation(self.size)[:MOST_OFFERS]
        for begin in range(0, places.size, batch):
            one, other = pool.partners(places[begin : begin + batch], chance)
            self._exchange(own, rest, touched, one, other)

    def _exchange(self, own: Whole, rest: Whole, touched: Whole, one: Whole, other: Whole) -> None:
        """Exchange the columns `own` of those pairs that gain by it, each record at most once."""
        steps, offsets = self.steps[:, touched], self.offsets[touched]
        mine, theirs = self.codes[one], self.codes[other]
        part_mine, part_theirs = mine[:, own] @ steps[own], theirs[:, own] @ steps[own]
        rest_mine = mine[:, rest] @ steps[rest] + offsets
        rest_theirs = theirs[:, rest] @ steps[rest] + offsets
        leave = ((rest_mine + part_mine).astype(np.int64), (rest_theirs + part_theirs).astype(np.int64))
        enter = ((rest_mine + part_theirs).astype(np.int64), (rest_theirs + part_mine).astype(np.int64))
        cost = 2 * (self.left[enter[0]] + self.left[enter[1]] - self.left[leave[0]] - self.left[leave[1]]) + 4
        cost *= self.weights[touched]
        if self.any_barred:
            barred = [self.barred[each].astype(np.float64) for each in (*enter, *leave)]
            cost += WALL * (barred[0] + barred[1] - barred[2] - barred[3])
        changes = (part_mine != part_theirs) & (rest_mine != rest_theirs)
        cost *= changes
        pairs = np.flatnonzero(cost.sum(axis=1) < 0)
        if not pairs.size:
            return
        self.owner[one[pairs]] = pairs
        self.owner[other[pairs]] = pairs
        pairs = pairs[(self.owner[one[pairs]] == pairs) & (self.owner[other[pairs]] == pairs)]
        for cells in leave:
            np.add.at(self.left, cells[pairs].ravel(), -1.0)
        for cells in enter:
            np.add.at(self.left, cells[pairs].ravel(), 1.0)
        rows_one, rows_other, columns = one[pairs][:, None], other[pairs][:, None], own[None, :]
        kept = self.codes[rows_one, columns].copy()
        self.codes[rows_one, columns] = self.codes[rows_other, columns]
        self.codes[rows_other, columns] = kept


def _class_of(position: int, anchors: Sequence[Anchor], records: Records, views: Mapping[str, View]) -> Whole:
    """A number per record; two records of one number may exchange what an anchor gave without breaking any anchor.

    They are alike in what the anchor was given, and in whatever later anchors are given of its own variables.
    """
    anchor = anchors[position]
    tied = set(anchor.given)
    for later in anchors[position + 1 :]:
        tied |= {
            name for name in later.given if name in anchor.new or (name in views and views[name].variable in anchor.new)
        }
    columns = [column_of(records, name, views) for name in sorted(tied)]
    shape = [int(column.max(initial=0)) + 1 for column in columns]
    return flat(columns, shape, len(next(iter(records.values()))))
