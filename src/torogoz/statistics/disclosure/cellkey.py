"""Cell keys over tables: every margin of a crossing at once, each count changed by noise that its persons determine.

The noise of a cell follows from who is in it. The same cell asked for twice, in two tables or in two languages, has one
figure; two cells of different persons have unrelated noise. That is also the weakness: whoever adds up a cell's parts
gets other draws for the same true number, and their average tells it. Free tables are therefore answered from one base
cube (`strict.py`); this module measures, and serves lists of tables that are fixed beforehand.

source  Handbook on SDC, ch. 5; ONS, `cell-key-perturbation` (its rule for large counts is `ons_row`)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.statistics.disclosure.keys import Keys, as_fraction, category_keys
from torogoz.statistics.disclosure.ptable import PTable

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
TOTAL = "_T"
VALUE = "OBS_VALUE"
MOST_CELLS = 200_000_000


class TooManyCells(Exception):
    """The crossing has more cells than a table can hold."""


class UnknownCode(Exception):
    """A row has a code that its dimension does not list."""


@dataclass(frozen=True)
class Margin:
    """One margin of a crossing, over the whole grid of its dimensions; arrays have one axis per dimension.

    dimensions  their names; () is the total
    counts      true persons or events per cell; not for publication
    keys        the sum of the record keys of each cell
    perturbed   what may be shown
    """

    dimensions: tuple[str, ...]
    counts: Whole
    keys: Keys
    perturbed: Whole


@dataclass(frozen=True)
class Zeros:
    """How empty cells take part: without them every zero that is shown would be true.

    rate        the share of empty cells that become `value`
    value       what they become: js + 1 of the p-table
    secret      what the keys of codes are made with
    structural  per set of dimensions, where no person can be (a child of 40): there a zero stays
    """

    rate: float
    value: int
    secret: bytes
    structural: Mapping[tuple[str, ...], Mask]


def cell_keys(codes: Whole, cells: int, keys: Keys) -> tuple[Whole, Keys]:
    """Records per cell, and the sum of their keys modulo 2⁶⁴.

    codes  the cell of each record, from 0 up to `cells`; keys  the key of each record

    A sum in floating numbers is exact below 2⁵³: keys are added in two halves of 32 bits, each exact for two million
    records in a cell, and piece by piece where a cell has more.
    """
    counts = np.bincount(codes, minlength=cells).astype(np.int64)
    total = np.zeros(cells, dtype=np.uint64)
    for shift in (0, 32):
        part = (keys >> np.uint64(shift) if shift else keys).astype(np.uint32)
        if counts.max(initial=0) >= 2**21:
            total += _in_small_parts(codes, cells, part, shift)
        else:
            total += np.bincount(codes, part, minlength=cells).astype(np.uint64) << np.uint64(shift)
    return counts, total


def _in_small_parts(codes: Whole, cells: int, part: npt.NDArray[np.uint32], shift: int) -> Keys:
    """The sums of numbers of 32 bits, modulo 2⁶⁴, where a cell has so many records that a float would round."""
    total = np.zeros(cells, dtype=np.uint64)
    step = 2**20
    for start in range(0, codes.size, step):
        piece = np.bincount(codes[start : start + step], part[start : start + step], minlength=cells)
        total += piece.astype(np.uint64) << np.uint64(shift)
    return total


def perturb(counts: Whole, keys: Keys, ptable: PTable) -> Whole:
    """Counts with their noise, by the table's row of each count and the cell's key; zeros stay."""
    flat = counts.ravel()
    changed: Whole = (flat + ptable.changes(flat, keys.ravel())).reshape(counts.shape)
    return changed


def cube(
    frame: pl.DataFrame,
    dimensions: Mapping[str, Sequence[str]],
    keys: Keys,
    ptable: PTable,
    *,
    margins: Collection[tuple[str, ...]] | None = None,
    zeros: Zeros | None = None,
) -> dict[tuple[str, ...], Margin]:
    """The perturbed margins of a crossing.

    frame       one row per record, a column per dimension (str, Categorical or Enum)
    dimensions  the codes of each dimension, in their order
    keys        the key of each record, in the order of `frame`
    margins     which margins, each a tuple of names in the order of `dimensions`; all of them if not given
    returns     by its dimensions, each margin over its whole grid, zeros included
    raises      UnknownCode, TooManyCells, ValueError for another number of keys than rows
    """
    if len(keys) != frame.height:
        raise ValueError(f"{frame.height} rows, but {len(keys)} keys")
    names = tuple(dimensions)
    sizes = tuple(len(dimensions[name]) for name in names)
    cells = int(np.prod(sizes, dtype=np.int64)) if sizes else 1
    if cells > MOST_CELLS:
        raise TooManyCells(f"{' × '.join(names)} has {cells:,} cells; {MOST_CELLS:,} is the most that is held")
    place = np.zeros(frame.height, dtype=np.int64)
    for name, size in zip(names, sizes, strict=True):
        place *= size
        place += codes_of(frame[name], dimensions[name])
    flat_counts, flat_sums = cell_keys(place, cells, keys)
    counts, sums = flat_counts.reshape(sizes), flat_sums.reshape(sizes)
    wanted = all_margins(names) if margins is None else margins
    return {
        each: _margin(each, names, counts, sums, ptable, dimensions, zeros)
        for each in sorted(wanted, key=lambda one: (len(one), one))
    }


def codes_of(column: pl.Series, codes: Sequence[str]) -> npt.NDArray[np.integer]:
    """The place of each value in a list of codes. Raises UnknownCode."""
    if isinstance(column.dtype, pl.Enum) and column.dtype.categories.to_list() == list(codes):
        return column.to_physical().to_numpy()
    found = column.cast(pl.String).replace_strict(
        pl.Series(list(codes), dtype=pl.String), pl.Series(range(len(codes)), dtype=pl.Int64), default=None
    )
    if found.null_count():
        strange = column.filter(found.is_null())[0]
        raise UnknownCode(f"{column.name} has the code {strange!r}, which is not on its list")
    return found.to_numpy().astype(np.int64)


def all_margins(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every subset of the dimensions, the total first."""
    for size in range(len(names) + 1):
        yield from combinations(names, size)


def as_frame(margins: Mapping[tuple[str, ...], Margin], dimensions: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Perturbed margins as one long table: a column per dimension (`_T` where it is added up) and OBS_VALUE."""
    parts = []
    for names, margin in margins.items():
        grid = np.indices(margin.perturbed.shape).reshape(len(names), margin.perturbed.size)
        columns = {
            name: np.array(dimensions[name])[grid[names.index(name)]]
            if name in names
            else np.full(margin.perturbed.size, TOTAL)
            for name in dimensions
        }
        parts.append(pl.DataFrame({**columns, VALUE: margin.perturbed.ravel()}))
    return pl.concat(parts)


def ons_row(counts: Whole) -> Whole:
    """The row of the table of ONS for each count: itself to 750, then rows 501 to 750 over and over."""
    return np.where(counts <= 750, counts, (counts - 1) % 250 + 501)


def ons_perturbed(counts: Whole, key_sums: Whole, changes: Whole) -> Whole:
    """Counts with the noise of a table in the form of ONS.

    key_sums  the sum of record keys from 0 to 255 of each cell
    changes   one row per count 0 to 750, one column per cell key 0 to 255
    """
    changed: Whole = counts + changes[ons_row(counts), key_sums % changes.shape[1]]
    return changed


def _margin(
    wanted: tuple[str, ...],
    names: tuple[str, ...],
    counts: Whole,
    sums: Keys,
    ptable: PTable,
    dimensions: Mapping[str, Sequence[str]],
    zeros: Zeros | None,
) -> Margin:
    away = tuple(axis for axis, name in enumerate(names) if name not in wanted)
    own, own_keys = counts.sum(axis=away), sums.sum(axis=away, dtype=np.uint64)
    shown = perturb(np.asarray(own), np.asarray(own_keys), ptable)
    if zeros is not None and wanted:
        shown = _with_false_zeros(np.asarray(own), shown, wanted, dimensions, zeros)
    return Margin(wanted, np.asarray(own), np.asarray(own_keys), shown)


def _with_false_zeros(
    counts: Whole, shown: Whole, names: tuple[str, ...], dimensions: Mapping[str, Sequence[str]], zeros: Zeros
) -> Whole:
    """Some empty cells become small counts, by keys of their codes; structural zeros stay."""
    keys = np.zeros(counts.shape, dtype=np.uint64)
    for axis, name in enumerate(names):
        own = category_keys(name, dimensions[name], zeros.secret)
        keys = keys + own.reshape([-1 if each == axis else 1 for each in range(len(names))])
    empty = (counts == 0) & (as_fraction(keys) < zeros.rate)
    if names in zeros.structural:
        empty &= ~zeros.structural[names]
    return np.where(empty, zeros.value, shown)
