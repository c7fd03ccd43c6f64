"""From noisy tables to tables that agree: whole persons, none negative, every total the sum of its parts.

Nothing here looks at the data again, so it costs no privacy: whatever is computed from noisy tables promises what they
promise. Each margin is first estimated from every noisy table that holds it, then made to agree with the margins
that it holds itself, then rounded to whole numbers that still agree.

source  Hay, Rastogi, Miklau & Suciu (2010), on consistency as averaging; Qardaji, Yang & Li (2014), on marginals that
        agree; Causey, Cox & Ernst (1985), on controlled rounding
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from torogoz.statistics.disclosure.private.design import Columns, Counts, Design
from torogoz.statistics.disclosure.programme import Programme
from torogoz.statistics.disclosure.system import Mask, Real

ROUNDS = 60
CLOSE = 1e-9
HALF = 1e-6


@dataclass(frozen=True)
class Noisy:
    """One measured table: its true counts with noise, and the variance of the noise of a cell."""

    columns: Columns
    values: Counts
    variance: float


def agreed(design: Design, measured: Sequence[Noisy]) -> dict[Columns, Counts]:
    """Every table of the design and each of its margins, as whole numbers ≥ 0 that agree with one another.

    A table of three or more columns keeps its total, and its margins to within rounding where no whole numbers keep
    them all; tables of one and two columns always keep them.
    """
    done: dict[Columns, Counts] = {}
    for columns in design.margins():
        possible = design.possible(columns)
        if not columns:
            total = max(float(_estimate(design, columns, measured)), 0.0)
            done[columns] = np.array(round(total), dtype=np.int64)
            continue
        parts = {part: counts for part, counts in done.items() if set(part) < set(columns)}
        fitted = _fitted(_estimate(design, columns, measured), possible, _largest(parts, columns), columns)
        done[columns] = _rounded(fitted, possible, _largest(parts, columns), columns)
    return done


def _estimate(design: Design, columns: Columns, measured: Sequence[Noisy]) -> Real:
    """The margin as every measured table that holds it gives it, the more precise ones weighing more."""
    values = np.zeros(design.shape(columns))
    weight = 0.0
    for table in measured:
        if set(columns) <= set(table.columns):
            over = tuple(place for place, column in enumerate(table.columns) if column not in columns)
            cells = table.values.size / max(values.size, 1)
            own = 1.0 / (table.variance * cells)
            values = values + own * table.values.sum(axis=over)
            weight += own
    return values / weight


def _largest(parts: Mapping[Columns, Counts], columns: Columns) -> dict[Columns, Counts]:
    """The margins that lie in no other margin: keeping them keeps all."""
    return {part: counts for part, counts in parts.items() if len(part) == len(columns) - 1}


def _along(columns: Columns, part: Columns) -> tuple[int, ...]:
    """The axes that are summed over to get a margin."""
    return tuple(place for place, column in enumerate(columns) if column not in part)


def _fitted(values: Real, possible: Mask, parts: Mapping[Columns, Counts], columns: Columns) -> Real:
    """The nearest table ≥ 0 that has the given margins: differences spread evenly, what is negative taken from the
    others, and at the end each margin met in proportion."""
    table = np.where(possible, values, 0.0)
    for _ in range(ROUNDS):
        for part, counts in parts.items():
            over = _along(columns, part)
            room = np.maximum(possible.sum(axis=over, keepdims=True), 1)
            gap = _expanded(counts.astype(np.float64), over) - table.sum(axis=over, keepdims=True)
            table = np.where(possible, table + gap / room, 0.0)
        if (table >= -CLOSE).all():
            break
        table = _not_negative(table, float(table.sum()))
    table = np.maximum(table, 0.0)
    for _ in range(10 * ROUNDS):
        worst = 0.0
        for part, counts in parts.items():
            over = _along(columns, part)
            wanted, sums = _expanded(counts.astype(np.float64), over), table.sum(axis=over, keepdims=True)
            empty = (sums <= 0) & (wanted > 0)
            if empty.any():  # nothing left to stretch: start such a margin from an even spread
                table = np.where(empty & possible, 1e-3, table)
                sums = table.sum(axis=over, keepdims=True)
            worst = max(worst, float(np.abs(wanted - sums).max()))
            table = table * np.divide(wanted, sums, out=np.zeros_like(sums), where=sums > 0)
        if worst < CLOSE:
            break
    return table


def _expanded(counts: Real, over: tuple[int, ...]) -> Real:
    """A margin with an axis of length one wherever it was summed."""
    expanded: Real = np.expand_dims(counts, over)
    return expanded


def _not_negative(table: Real, total: float) -> Real:
    """The nearest table ≥ 0 with this sum: the same is taken from every cell that stays above zero."""
    if total < HALF:
        return np.zeros_like(table)
    falling = np.sort(table.ravel())[::-1]
    excess = (np.cumsum(falling) - total) / np.arange(1, falling.size + 1)
    kept = np.flatnonzero(falling > excess)
    nearest: Real = np.maximum(table - excess[kept[-1]], 0.0)
    return nearest


def _rounded(table: Real, possible: Mask, parts: Mapping[Columns, Counts], columns: Columns) -> Counts:
    """Each cell rounded up or down so that the margins are kept, cells nearer to the next person going up first."""
    low = np.floor(table + HALF)
    rest = np.where(possible, np.maximum(table - low, 0.0), 0.0)
    rest[rest < HALF] = 0.0
    open_cells = np.flatnonzero(rest.ravel() > 0)
    missing = round(float(next(iter(parts.values())).sum() - low.sum()))
    up = np.zeros(table.size)
    if open_cells.size and missing > 0:
        kept = _kept_by_a_programme(rest, low, open_cells, parts, columns) if len(columns) > 1 else None
        if kept is None:  # one column, or no whole numbers keep all margins: the total is kept
            order = open_cells[np.argsort(-rest.ravel()[open_cells], kind="stable")]
            kept = np.zeros(open_cells.size)
            kept[np.isin(open_cells, order[:missing])] = 1.0
        up[open_cells] = kept
    rounded: Counts = (low + up.reshape(table.shape)).astype(np.int64)
    return rounded


def _kept_by_a_programme(
    rest: Real, low: Real, open_cells: np.ndarray, parts: Mapping[Columns, Counts], columns: Columns
) -> Real | None:
    """Which open cells go up so that every margin is met; None if only fractions could."""
    place = np.full(rest.size, -1, dtype=np.int64)
    place[open_cells] = np.arange(open_cells.size)
    rows: list[tuple[list[tuple[int, float]], float]] = []
    for part, counts in parts.items():
        over = _along(columns, part)
        side = (counts - low.sum(axis=over)).ravel()
        moved = np.moveaxis(place.reshape(rest.shape), over, range(-len(over), 0)).reshape(side.size, -1)
        for line, wanted in zip(moved, side, strict=True):
            terms = [(int(cell), 1.0) for cell in line[line >= 0]]
            if terms:
                rows.append((terms, float(round(float(wanted)))))
    programme = Programme(rows, np.zeros(open_cells.size), np.ones(open_cells.size))
    for cell, share in enumerate(rest.ravel()[open_cells]):
        programme.price(cell, 1.0 - 2.0 * float(share))
    found = programme.solve()
    if found is None or (np.abs(found - np.round(found)) > HALF).any():
        return None
    whole: Real = np.round(found)
    return whole
