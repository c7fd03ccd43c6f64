"""Tables fitted to known margins: one convex problem, solved by a few proportional sweeps and then by Newton's method.

A table y = seed x exp(row + column multipliers) with given margins is the minimum of a convex function of the
multipliers. Proportional fitting (IPF, Deming & Stephan 1940; Willekens 1999) walks down it one margin at a time, in
hundreds of sweeps on migrant stocks; Newton's method takes three to five steps of the cost of one matrix product, and
meets the margins to rounding error. Both have the same fixed point, so every routine of the family is here once.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Matrix: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
SWEEPS: Final = 5
STEPS: Final = 200
MOST_SWEEPS: Final = 20_000
HALVINGS: Final = 40
# Margins agree when their sums do to nine digits; a fit is done when no margin is off by more than this share of the
# largest, and good enough when rounding keeps it from improving further.
AGREE: Final = 1e-9
DONE: Final = 1e-14
GOOD: Final = 1e-10
_RIDGE: Final = 1e-13
_FARTHEST: Final = 30.0
# Logarithms of multipliers beyond this belong to margins that no table has: they would grow for ever.
_ENDLESS: Final = 250.0


class MarginsDisagree(ValueError):
    """The margins asked for contradict each other: no table has them."""


class NoFit(ValueError):
    """No table with the zeros of the seed has these margins."""


def ratio(above: Matrix, below: Matrix) -> Matrix:
    """above / below, and 0 where `below` is not above 0."""
    found: Matrix = np.zeros(np.broadcast_shapes(above.shape, below.shape))
    np.divide(above, below, out=found, where=below > 0)
    return found


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted table and its multipliers: table = row[:, None] * seed * column[None, :]."""

    table: Matrix
    row: Matrix
    column: Matrix


def two_way(rows: Matrix, columns: Matrix, seed: Matrix | None = None) -> Fitted:
    """The table nearest to `seed` (m, n) with row sums `rows` (m) and column sums `columns` (n), all of them >= 0.

    seed    ones if absent: then the table is that of independence
    raises  MarginsDisagree if the sums of the margins differ; NoFit if the zeros of the seed forbid the margins;
            ValueError if a number is negative or not finite
    source  Willekens, Mathematical Population Studies 7 (1999) 239-278 (`cm2`); Deming & Stephan (1940) (`ipf2`)
    """
    _sound(rows=rows, columns=columns)
    _agree(rows.sum(), columns.sum())
    if seed is None:
        column = ratio(columns, rows.sum(keepdims=True))
        return Fitted(np.outer(rows, column), rows.copy(), column)
    _sound(seed=seed)
    return _newton(rows, columns, seed)


def swept(rows: Matrix, columns: Matrix, seed: Matrix, stop: float = 1e-3) -> Matrix:
    """`two_way` as the published estimates were made: sweeps until no cell moves by `stop` persons or more.

    Each sweep meets the rows, then the columns; the rows stay off by up to a few times `stop` in a small table and by
    a tenth of a person in one of a billion people. At a given number of persons this is a table of its own, so figures
    that were published with this rule come out again to the last digit.

    raises  as `two_way`; NoFit also if the sweeps do not end
    """
    _sound(rows=rows, columns=columns, seed=seed)
    _agree(rows.sum(), columns.sum())
    live = rows > 0
    _reachable(seed[live].sum(axis=1), live, rows, "row")
    column = np.ones(len(columns))
    table = seed
    for _ in range(MOST_SWEEPS):
        row = ratio(rows, seed @ column)
        column = ratio(columns, row @ seed)
        before, table = table, seed * (row[:, None] * column[None, :])
        if np.abs(table - before).max() < stop:
            break
    off = np.abs(table.sum(axis=1) - rows)
    if off.max() > 1e-6 * rows.max() + 10 * stop:
        raise NoFit(f"the zeros of the seed forbid these margins: row {off.argmax()} stays off by {off.max():.6g}")
    return table


def by_type(rows: Matrix, columns: Matrix, seed: Matrix) -> Matrix:
    """The array (types, origins, destinations) nearest to `seed` with margins known for each type.

    rows     (types, origins): sum over destinations
    columns  (types, destinations): sum over origins
    seed     (origins, destinations), the same for each type, or (types, origins, destinations)
    raises   as `two_way`, naming the type by its position
    source   Abel, Demographic Research 28 (2013) 505-546 (`ipf3`)
    """
    layers = np.broadcast_to(seed, (len(rows), *seed.shape[-2:]))
    found = np.zeros(layers.shape)
    for k, (row, column, layer) in enumerate(zip(rows, columns, layers, strict=True)):
        try:
            found[k] = two_way(row, column, layer).table
        except (MarginsDisagree, NoFit) as reason:
            raise type(reason)(f"type {k}: {reason}") from reason
    return found


def with_stayers(rows: Matrix, columns: Matrix, seed: Matrix | None = None, stayers: Matrix | None = None) -> Matrix:
    """As `by_type`, with the diagonal of each type held at `stayers` (types, regions): quasi-independence.

    stayers  absent: as many as the margins allow, min(rows, columns), which makes movers as few as possible
    source   Abel (2013) (`ipf3_qi`)
    """
    held = np.minimum(rows, columns) if stayers is None else stayers
    size = rows.shape[1]
    moves = np.ones((size, size)) if seed is None else seed.copy()
    moves[..., np.arange(size), np.arange(size)] = 0
    found = by_type(rows - held, columns - held, moves)
    found[:, np.arange(size), np.arange(size)] = held
    return found


def over_types(rows: Matrix, columns: Matrix, seed: Matrix) -> Matrix:
    """The array (types, origins, destinations) nearest to `seed` whose sums over types have the margins given.

    source   Raymer, Abel & Smith, JRSS A 170 (2007) 891-908 (`cm3`)
    """
    fit = two_way(rows, columns, seed.sum(axis=0))
    return seed * (fit.row[:, None] * fit.column[None, :])


def to_net(net: Matrix, seed: Matrix) -> Matrix:
    """The flows nearest to `seed` (n, n), diagonal left out, in which each region gains `net` (n, persons) in all.

    The table is seed_ij * a_i / a_j (as `net_matrix_ipf`, `net_matrix_entropy` of the literature): the minimum of the
    Kullback-Leibler distance to the seed.

    raises  MarginsDisagree if the net totals do not sum to 0; NoFit if the zeros of the seed forbid them
    """
    _sound(seed=seed)
    size = float(np.abs(net).max(initial=0)) or 1.0
    if abs(net.sum()) > AGREE * size * len(net):
        raise MarginsDisagree(f"net totals must sum to 0, but they sum to {net.sum():.12g}")
    moves = seed.copy()
    np.fill_diagonal(moves, 0)
    a = np.zeros(len(net))
    flows = moves
    gap = net - (flows.sum(axis=0) - flows.sum(axis=1))
    size = max(size, float(flows.sum(axis=0).max(initial=0)))
    for _ in range(STEPS):
        if np.abs(gap).max(initial=0) <= DONE * size or np.abs(a).max(initial=0) > _ENDLESS:
            break
        through = flows.sum(axis=0) + flows.sum(axis=1)
        bend = np.diag(through * (1 + _RIDGE) + 1e-300) - flows - flows.T
        step = np.clip(np.linalg.solve(bend, -gap), -_FARTHEST, _FARTHEST)
        slope = float(step @ gap)
        here = flows.sum() + net @ a
        for halving in range(HALVINGS):
            at = a + step / 2**halving
            tried = moves * np.exp(at[:, None] - at[None, :])
            if tried.sum() + net @ at <= here + 1e-4 * slope / 2**halving + 1e-14 * abs(here):
                break
        moved = net - (tried.sum(axis=0) - tried.sum(axis=1))
        if np.abs(moved).max() >= np.abs(gap).max() and np.abs(gap).max() <= GOOD * size:
            break
        a, flows, gap = at, tried, moved
    worst = int(np.abs(gap).argmax())
    if np.abs(gap[worst]) > GOOD * size:
        raise NoFit(f"the seed has no flows that could give region {worst} its net total of {net[worst]:.12g}")
    return flows


def _newton(rows: Matrix, columns: Matrix, seed: Matrix) -> Fitted:
    """`two_way` for a seed that is not constant. Rows and columns with a margin of 0 are empty."""
    live_rows, live_columns = rows > 0, columns > 0
    whole = Fitted(np.zeros(seed.shape), np.zeros(len(rows)), np.zeros(len(columns)))
    if not live_rows.any():
        return whole
    inner = seed[np.ix_(live_rows, live_columns)]
    _reachable(inner.sum(axis=1), live_rows, rows, "row")
    _reachable(inner.sum(axis=0), live_columns, columns, "column")
    wanted, across = rows[live_rows], columns[live_columns] * (rows.sum() / columns.sum())
    row, column = np.zeros(len(wanted)), np.zeros(len(across))
    for _ in range(SWEEPS):
        row = np.log(wanted) - np.log(inner @ np.exp(column))
        column = np.log(across) - np.log(np.exp(row) @ inner)
    table, row, column = _descend(wanted, across, inner, row, column)
    off_rows, off_columns = np.abs(wanted - table.sum(axis=1)), np.abs(across - table.sum(axis=0))
    if max(off_rows.max(), off_columns.max()) > GOOD * max(wanted.max(), across.max()):
        kind, live, off = "row", live_rows, off_rows
        if off_columns.max() > off_rows.max():
            kind, live, off = "column", live_columns, off_columns
        at = int(np.flatnonzero(live)[off.argmax()])
        raise NoFit(f"the zeros of the seed forbid these margins: {kind} {at} stays off by {off.max():.6g}")
    whole.table[np.ix_(live_rows, live_columns)] = table
    whole.row[live_rows], whole.column[live_columns] = np.exp(row), np.exp(column)
    return whole


def _descend(rows: Matrix, columns: Matrix, seed: Matrix, row: Matrix, column: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Newton's method, damped, on the convex function sum(table) - rows . row - columns . column."""
    size = max(rows.max(), columns.max())
    table = seed * np.exp(row[:, None] + column[None, :])
    gap = _gap(rows, columns, table)
    for _ in range(STEPS):
        if gap <= DONE * size or max(np.abs(row).max(), np.abs(column).max()) > _ENDLESS:
            break
        over, down = _step(rows, columns, table)
        here = table.sum() - rows @ row - columns @ column
        slope = -float((rows - table.sum(axis=1)) @ over + (columns - table.sum(axis=0)) @ down)
        for halving in range(HALVINGS):
            part = 0.5**halving
            at_row, at_column = row + part * over, column + part * down
            tried = seed * np.exp(at_row[:, None] + at_column[None, :])
            there = tried.sum() - rows @ at_row - columns @ at_column
            if there <= here + 1e-4 * part * slope + 1e-13 * abs(here):
                break
        reached = _gap(rows, columns, tried)
        if reached >= gap and gap <= GOOD * size:
            break
        table, row, column, gap = tried, at_row, at_column, reached
    return table, row, column


def _step(rows: Matrix, columns: Matrix, table: Matrix) -> tuple[Matrix, Matrix]:
    """Newton's step of both multipliers: the columns' from the Schur complement, the rows' from it.

    The complement is the Laplacian of a graph, singular by one constant for each of its parts; the ridge chooses.
    """
    over, down = table.sum(axis=1), table.sum(axis=0)
    short, wide = rows - over, columns - down
    shares = table / over[:, None]
    complement = -(table.T @ shares)
    at = np.arange(len(down))
    complement[at, at] += down * (1 + _RIDGE)
    column = np.clip(np.linalg.solve(complement, wide - shares.T @ short), -_FARTHEST, _FARTHEST)
    row = np.clip((short - table @ column) / over, -_FARTHEST, _FARTHEST)
    return row, column


def _gap(rows: Matrix, columns: Matrix, table: Matrix) -> float:
    """How far the farthest margin is off."""
    return float(max(np.abs(rows - table.sum(axis=1)).max(), np.abs(columns - table.sum(axis=0)).max()))


def _reachable(sums: Matrix, live: Mask, margin: Matrix, kind: str) -> None:
    """Refuse a margin above 0 where the seed leaves no cell. Raises NoFit."""
    if (sums <= 0).any():
        at = int(np.flatnonzero(live)[np.flatnonzero(sums <= 0)[0]])
        raise NoFit(f"{kind} {at} must sum to {margin[at]:.12g}, but the seed leaves it no cell")


def _agree(one: float, other: float) -> None:
    if abs(one - other) > AGREE * max(abs(one), abs(other), 1e-300):
        raise MarginsDisagree(f"the rows sum to {one:.12g} and the columns to {other:.12g}: no table has both margins")


def _sound(**given: Matrix) -> None:
    for name, values in given.items():
        if not np.isfinite(values).all() or (values < 0).any():
            raise ValueError(f"{name} must be finite and not negative")
