"""Strict mode: every question about a release is answered by adding up one noisy cube of whole persons.

What is published exactly holds exactly. The crossings of up to three variables are measured once, with cell-key noise,
while the release is made. Made-up records are then fitted to both (`swaps.py`), and only their counts are kept: the
base cube. A question adds up cells of the cube, so a further question, however it is cut, brings no further draw of
noise: the parts of a number always add up to that number, and averaging them gives it back and nothing else.

A cell that the fixed tables of the release hide is answered as hidden, and so is whatever is cut out of it, unless a
finer fixed table shows the cell that it is cut out of.

source  post-processing of noisy tables: Hay et al. (2010); one consistent object for all answers: Abowd et al. (2022),
        the TopDown algorithm; noise by cell keys and the fit by exchanges are our own combination
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.statistics.disclosure.cellkey import VALUE, codes_of
from torogoz.statistics.disclosure.keys import Keys
from torogoz.statistics.disclosure.measured import compressed, counted, measured_crossing, noisy_anchors
from torogoz.statistics.disclosure.ptable import PTable
from torogoz.statistics.disclosure.swaps import (
    Anchor,
    Mask,
    Records,
    Target,
    View,
    Whole,
    fitted,
    started,
)

Real = npt.NDArray[np.float64]
Number = TypeVar("Number", bound=np.generic)
MOST_CELLS_OF_AN_ANSWER = 50_000
WEIGHTS = {0: 32.0, 1: 16.0, 2: 8.0}  # by how many variables a measured table crosses; 1 beyond
SWEEPS = 60
NUMBER = "N"


class UnclearQuestion(Exception):
    """A question names what the cube does not have, or asks for more than it answers at once."""


@dataclass(frozen=True, eq=False)
class Hidden:
    """The cells of one fixed table that are hidden: one axis per view."""

    views: tuple[str, ...]
    cells: Mask


@dataclass(frozen=True)
class BaseCube:
    """The cells of a cube that are not zero, and what may be asked of it.

    variables  the codes of each variable; `codes` the place of each cell's code; `counts` its made-up persons
    views      what may be asked, by name: a variable's own codes, or coarser ones
    hidden     the fixed tables with what they hide
    apart      variables over which hidden cells are never added away: the year
    """

    variables: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Whole]
    counts: Whole
    views: Mapping[str, View]
    hidden: tuple[Hidden, ...] = ()
    apart: tuple[str, ...] = ()
    structural: Mapping[tuple[str, ...], Mask] = field(default_factory=dict)

    def answer(self, by: Sequence[str] = (), where: Mapping[str, Collection[str]] | None = None) -> pl.DataFrame:
        """The figures of a question over the whole grid of `by`, zeros included.

        by       views, at most one of each variable, in the order of the answer
        where    codes by view; a cell has one of them. All codes of a view are the same as none.
        returns  the columns of `by` (str), OBS_VALUE (float, null when hidden), CONF_STATUS (F shown, C hidden)
        raises   UnclearQuestion for a view or a code that the cube does not have, or too large an answer
        """
        question = _Question(self, tuple(by), {name: tuple(codes) for name, codes in (where or {}).items()})
        values, hidden = question.values(), question.hidden()
        grid = np.indices(values.shape).reshape(len(by), values.size)
        columns = {name: np.array(question.listed[name], dtype=object)[grid[axis]] for axis, name in enumerate(by)}
        return pl.DataFrame(
            {**columns, VALUE: values.ravel().astype(np.float64), "CONF_STATUS": np.where(hidden.ravel(), "C", "F")},
            schema_overrides=dict.fromkeys([*by, "CONF_STATUS"], pl.String),
        ).with_columns(pl.when(pl.col("CONF_STATUS") == "F").then(pl.col(VALUE)).alias(VALUE))

    def possible(self, by: Sequence[str]) -> Mask:
        """Which cells of the grid of `by` persons can be in: all but structural zeros."""
        found = np.ones(tuple(len(self.views[name].codes) for name in by), dtype=np.bool_)
        for names, impossible in self.structural.items():
            if set(names) <= set(by):
                order = sorted(names, key=list(by).index)
                turned = impossible.transpose([names.index(name) for name in order])
                found &= ~turned.reshape([len(self.views[name].codes) if name in names else 1 for name in by])
        return found

    def frame(self) -> pl.DataFrame:
        """The cells as a table: a column per variable (str) and N."""
        columns = {
            name: pl.Series(np.array(codes, dtype=object)[self.codes[name]], dtype=pl.String)
            for name, codes in self.variables.items()
        }
        return pl.DataFrame({**columns, NUMBER: self.counts})


def from_frame(
    frame: pl.DataFrame,
    variables: Mapping[str, tuple[str, ...]],
    views: Mapping[str, View],
    hidden: tuple[Hidden, ...] = (),
    apart: tuple[str, ...] = (),
    structural: Mapping[tuple[str, ...], Mask] | None = None,
) -> BaseCube:
    """A cube from the table that `BaseCube.frame` gave."""
    codes = {name: codes_of(frame[name], listed).astype(np.int64) for name, listed in variables.items()}
    return BaseCube(variables, codes, frame[NUMBER].to_numpy().astype(np.int64), views, hidden, apart, structural or {})


def base_cube(
    frame: pl.DataFrame,
    variables: Mapping[str, Sequence[str]],
    keys: Keys,
    ptable: PTable,
    *,
    seed: int,
    views: Mapping[str, View] | None = None,
    anchors: Sequence[Anchor] | None = None,
    measured: Collection[tuple[str, ...]] | None = None,
    hidden: tuple[Hidden, ...] = (),
    apart: tuple[str, ...] = (),
    structural: Mapping[tuple[str, ...], Mask] | None = None,
    sweeps: int = SWEEPS,
) -> BaseCube:
    """Measure, fit, and keep the counts of the made-up records.

    frame       one row per record: a column per variable (str)
    variables   the codes of each variable
    keys        the key of each record (`keys.person_keys`); they are not kept
    ptable      the noise of the measurements
    seed        where the chain of random numbers starts, from the secret (`keys.seed_of`): same in, same cube
    views       coarser views, and what the plain ones are called; each variable under its own name if not given
    anchors     tables that hold exactly; if not given, noisy counts of each variable within `apart`
    apart       variables whose codes are fitted each on its own: a year that did not change keeps its cube
    measured    which crossings are measured; all of up to three variables, within `apart`, if not given
    structural  cells where nobody can be, by the variables of a measured crossing
    """
    listed = {name: tuple(codes) for name, codes in variables.items()}
    kept_views = dict(views) if views is not None else {name: own_view(name, codes) for name, codes in listed.items()}
    columns = {name: codes_of(frame[name], codes).astype(np.int64) for name, codes in listed.items()}
    cells, counts, sums = compressed(columns, listed, keys)
    free = [name for name in listed if name not in apart]
    wanted = measured or [(*apart, *some) for size in range(1, 4) for some in combinations(free, size)]
    tables = {names: measured_crossing(names, listed, cells, counts, sums, ptable) for names in wanted}
    targets = [
        Target(names, table.astype(np.float64), WEIGHTS.get(len(set(names) - set(apart)), 1.0))
        for names, table in tables.items()
    ]
    held = list(anchors) if anchors is not None else noisy_anchors(free, apart, listed, cells, counts, sums, ptable)
    parts = []
    for block in product(*(range(len(listed[name])) for name in apart)):
        at = dict(zip(apart, block, strict=True))
        words = [int.from_bytes(listed[name][place].encode(), "big") for name, place in at.items()]
        chance = np.random.default_rng([seed, *words])
        records = _made_up(
            [_anchor_at(anchor, at) for anchor in held if set(anchor.new) - set(apart)],
            kept_views,
            [_target_at(target, at) for target in targets],
            {_without(names, at): _at(names, mask, at) for names, mask in (structural or {}).items()},
            chance,
            sweeps=sweeps,
            may_drop=anchors is None,
        )
        size = len(next(iter(records.values())))
        parts.append({**{name: np.full(size, place) for name, place in at.items()}, **records})
    codes, numbers = counted({name: np.concatenate([part[name] for part in parts]) for name in listed}, listed)
    return BaseCube(listed, codes, numbers, kept_views, hidden, apart, structural or {})


def own_view(variable: str, codes: Sequence[str]) -> View:
    """A variable asked for by its own codes."""
    return View(variable, tuple(codes), np.arange(len(codes)))


def coarser_view(variable: str, codes: Sequence[str], groups: Mapping[str, Sequence[str]]) -> View:
    """A variable asked for by groups of its codes; each code is in one group."""
    group_of = {code: place for place, members in enumerate(groups.values()) for code in members}
    return View(variable, tuple(groups), np.array([group_of[code] for code in codes], dtype=np.int64))


def _made_up(
    anchors: Sequence[Anchor],
    views: Mapping[str, View],
    targets: Sequence[Target],
    impossible: Mapping[tuple[str, ...], Mask],
    chance: np.random.Generator,
    *,
    sweeps: int,
    may_drop: bool,
) -> Records:
    """The made-up records of one block, a year say; whatever happens in another block leaves them as they are."""
    records = started(anchors, views, chance)
    if not len(next(iter(records.values()))):
        return records
    return fitted(records, anchors, views, targets, chance, sweeps=sweeps, impossible=impossible, may_drop=may_drop)


def _anchor_at(anchor: Anchor, at: Mapping[str, int]) -> Anchor:
    """An anchor within one block."""
    counts = _at((*anchor.given, *anchor.new), anchor.counts, at)
    return Anchor(_without(anchor.given, at), _without(anchor.new, at), counts)


def _target_at(target: Target, at: Mapping[str, int]) -> Target:
    """A measured table within one block."""
    return Target(_without(target.variables, at), _at(target.variables, target.measured, at), target.weight)


def _at(names: Sequence[str], table: npt.NDArray[Number], at: Mapping[str, int]) -> npt.NDArray[Number]:
    """The part of a table that belongs to one block. Raises ValueError if the table is not cut by blocks."""
    if not set(at) <= set(names):
        raise ValueError(f"a table of {names} does not say to which of {tuple(at)} it belongs")
    return np.asarray(table[tuple(at.get(name, slice(None)) for name in names)])


def _without(names: Sequence[str], at: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in at)


class _Question:
    """One question at work."""

    def __init__(self, cube: BaseCube, by: tuple[str, ...], where: Mapping[str, tuple[str, ...]]) -> None:
        self.cube, self.by = cube, by
        for name in (*by, *where):
            if name not in cube.views:
                raise UnclearQuestion(f"{name} cannot be asked for; there are {', '.join(cube.views)}")
        variables = [cube.views[name].variable for name in by]
        if len(set(variables)) < len(variables):
            raise UnclearQuestion(f"{' and '.join(by)} cut the same variable twice")
        self.where = {name: self._places(name, codes) for name, codes in where.items()}
        self.where = {name: each for name, each in self.where.items() if each.size < len(cube.views[name].codes)}
        self.positions = {name: self._positions(name) for name in by}
        self.listed = {name: [cube.views[name].codes[place] for place in self.positions[name]] for name in by}
        self.shape = tuple(len(self.listed[name]) for name in by)
        if np.prod(self.shape, dtype=np.int64) > MOST_CELLS_OF_AN_ANSWER:
            raise UnclearQuestion(f"the answer would have more than {MOST_CELLS_OF_AN_ANSWER:,} cells")

    def _places(self, name: str, codes: Sequence[str]) -> Whole:
        known = {code: place for place, code in enumerate(self.cube.views[name].codes)}
        for code in codes:
            if code not in known:
                raise UnclearQuestion(f"{name} has no code {code}")
        return np.array(sorted({known[code] for code in codes}), dtype=np.int64)

    def _positions(self, name: str) -> Whole:
        """The codes of a view that the answer has: those chosen, without those that other choices make impossible."""
        view = self.cube.views[name]
        possible = np.ones(len(self.cube.variables[view.variable]), dtype=np.bool_)
        for other, places in self.where.items():
            if self.cube.views[other].variable == view.variable:
                possible &= np.isin(self.cube.views[other].of, places)
        return np.unique(view.of[possible])

    def values(self) -> Whole:
        """The sums of the cube's cells."""
        cube = self.cube
        inside = np.ones(cube.counts.size, dtype=np.bool_)
        for name, places in self.where.items():
            chosen = np.zeros(len(cube.views[name].codes), dtype=np.bool_)
            chosen[places] = True
            view = cube.views[name]
            inside &= chosen[view.of[cube.codes[view.variable]]]
        place = np.zeros(int(inside.sum()), dtype=np.int64)
        for name in self.by:
            view = cube.views[name]
            rank = np.zeros(len(view.codes), dtype=np.int64)
            rank[self.positions[name]] = np.arange(self.positions[name].size)
            place = place * self.positions[name].size + rank[view.of[cube.codes[view.variable][inside]]]
        cells = int(np.prod(self.shape, dtype=np.int64))
        found = np.bincount(place, cube.counts[inside].astype(np.float64), minlength=cells)
        return np.rint(found).astype(np.int64).reshape(self.shape)

    def hidden(self) -> Mask:
        """Which cells of the answer hold, or lie inside, a cell that a fixed table hides.

        Only the finest of the fixed tables that the question cuts as finely decide: what they show may be shown.
        """
        reached = {table: [self._reached(name) for name in table.views] for table in self.cube.hidden}
        cut = [table for table, each in reached.items() if all(one is not None for one in each)]
        found = np.zeros(self.shape, dtype=np.bool_)
        for table in cut:
            if any(other is not table and self._refines(other, table) for other in cut) or not table.cells.any():
                continue
            part = table.cells.astype(np.float64)
            for one in reached[table]:
                # The first axis is used up, the answer's comes last: after all of them the order is that of the views.
                part = np.tensordot(part, np.asarray(one, dtype=np.float64), axes=(0, 1))
            found |= self._spread(part > 0, [self._axis(name) for name in table.views])
        return found

    def _refines(self, fine: Hidden, coarse: Hidden) -> bool:
        """Whether one table cuts whatever another does, as finely or finer."""
        return all(any(each == name or self._is_finer(each, name) for each in fine.views) for name in coarse.views)

    def _is_finer(self, fine: str, coarse: str) -> bool:
        one, other = self.cube.views[fine], self.cube.views[coarse]
        return one.variable == other.variable and len(one.codes) > len(other.codes)

    def _axis(self, name: str) -> int | None:
        """The axis of the answer that cuts the variable of a view; None if it is only chosen from."""
        variable = self.cube.views[name].variable
        return next((axis for axis, each in enumerate(self.by) if self.cube.views[each].variable == variable), None)

    def _reached(self, name: str) -> Mask | None:
        """For each position of the answer's axis (one, if there is none), which codes of a view it holds or lies in.

        None if the question does not cut the view's variable as finely as that: then its cells are added away.
        """
        view, axis = self.cube.views[name], self._axis(name)
        asked = [each for each in {*self.by, *self.where} if self.cube.views[each].variable == view.variable]
        finer = [each for each in asked if each == name or self._is_finer(each, name)]
        if not finer:
            return (
                np.ones((1, len(view.codes)), dtype=np.bool_)
                if view.variable in self.cube.apart and not asked
                else None
            )
        size = self.shape[axis] if axis is not None else 1
        found = np.zeros((size, len(view.codes)), dtype=np.bool_)
        for each in finer:
            inside = self._inside(each, name)
            if axis is not None and each == self.by[axis]:
                rows, codes = np.arange(size), self.positions[each]
            else:
                rows, codes = self._pairs(each, axis)
            kept = inside[codes] >= 0
            found[rows[kept], inside[codes][kept]] = True
        return found

    def _pairs(self, name: str, axis: int | None) -> tuple[Whole, Whole]:
        """The chosen codes of a view beside each position of the axis that shares a code of the variable with them."""
        places = self.where[name]
        if axis is None:
            return np.zeros(places.size, dtype=np.int64), places
        cut, chosen = self.cube.views[self.by[axis]], self.cube.views[name]
        shared = np.zeros((len(cut.codes), len(chosen.codes)), dtype=np.bool_)
        shared[cut.of, chosen.of] = True
        rows, columns = np.nonzero(shared[np.ix_(self.positions[self.by[axis]], places)])
        return rows.astype(np.int64), places[columns]

    def _inside(self, fine: str, coarse: str) -> Whole:
        """For each code of one view, the code of another view that holds all of it; -1 if none does."""
        one, other = self.cube.views[fine], self.cube.views[coarse]
        low = np.full(len(one.codes), len(other.codes), dtype=np.int64)
        high = np.full(len(one.codes), -1, dtype=np.int64)
        np.minimum.at(low, one.of, other.of)
        np.maximum.at(high, one.of, other.of)
        return np.where(low == high, low, -1)

    def _spread(self, part: Mask, axes: Sequence[int | None]) -> Mask:
        """A table over some axes of the answer, over all of them."""
        kept = [axis for axis in axes if axis is not None]
        squeezed = part.reshape([length for length, axis in zip(part.shape, axes, strict=True) if axis is not None])
        turned = squeezed.transpose(np.argsort(kept)) if kept else squeezed
        return turned.reshape([self.shape[axis] if axis in kept else 1 for axis in range(len(self.shape))])
