"""Records as cells, and what is measured of them: crossings with cell-key noise, and noisy tables to anchor a fit."""

from collections.abc import Mapping, Sequence

import numpy as np

from torogoz.statistics.disclosure.cellkey import perturb
from torogoz.statistics.disclosure.keys import Keys
from torogoz.statistics.disclosure.ptable import PTable
from torogoz.statistics.disclosure.swaps import Anchor, Records, Whole, flat


def compressed(
    columns: Mapping[str, Whole], variables: Mapping[str, tuple[str, ...]], keys: Keys
) -> tuple[dict[str, Whole], Whole, Keys]:
    """Records of the same codes as one: the codes, how many there are, and the sum of their keys."""
    shape = [len(codes) for codes in variables.values()]
    place = flat(list(columns.values()), shape, keys.size)
    first, inverse, counts = np.unique(place, return_inverse=True, return_counts=True)
    sums = np.zeros(first.size, dtype=np.uint64)
    np.add.at(sums, inverse, keys)
    codes = dict(zip(columns, np.unravel_index(first, shape), strict=True))
    return {name: np.asarray(each, dtype=np.int64) for name, each in codes.items()}, counts.astype(np.int64), sums


def measured_crossing(
    names: Sequence[str],
    variables: Mapping[str, tuple[str, ...]],
    cells: Mapping[str, Whole],
    counts: Whole,
    sums: Keys,
    ptable: PTable,
) -> Whole:
    """One crossing with its noise."""
    shape = tuple(len(variables[name]) for name in names)
    size = int(np.prod(shape, dtype=np.int64))
    place = flat([cells[name] for name in names], shape, counts.size)
    true = np.bincount(place, counts, minlength=size).astype(np.int64)
    keys = np.zeros(size, dtype=np.uint64)
    np.add.at(keys, place, sums)
    return perturb(true, keys, ptable).reshape(shape)


def noisy_anchors(
    free: Sequence[str],
    apart: Sequence[str],
    variables: Mapping[str, tuple[str, ...]],
    cells: Mapping[str, Whole],
    counts: Whole,
    sums: Keys,
    ptable: PTable,
) -> list[Anchor]:
    """Without fixed tables, what holds are noisy counts too: of `apart`, and of each variable within it."""
    whole = measured_crossing(apart, variables, cells, counts, sums, ptable)
    anchors = [Anchor((), tuple(apart), np.asarray(whole))] if apart else []
    for name in free:
        table = measured_crossing((*apart, name), variables, cells, counts, sums, ptable)
        rows = table.reshape(-1, table.shape[-1])
        fixed = np.array([_adding_up_to(row, total) for row, total in zip(rows, np.ravel(whole), strict=True)])
        anchors.append(Anchor(tuple(apart), (name,), fixed.reshape(table.shape)))
    return anchors


def _adding_up_to(parts: Whole, total: np.int64) -> Whole:
    """Whole numbers in nearly the proportions of `parts` that add up to `total`, by the largest remainders."""
    if not parts.sum():
        parts = np.ones_like(parts)
    exact = parts * (total / parts.sum())
    found: Whole = np.floor(exact).astype(np.int64)
    most = np.argsort(-(exact - found), kind="stable")[: int(total - found.sum())]
    found[most] += 1
    return found


def counted(records: Records, variables: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, Whole], Whole]:
    """Records as cells with their numbers, in the order of the codes."""
    shape = [len(codes) for codes in variables.values()]
    size = len(next(iter(records.values())))
    place, counts = np.unique(flat([records[name] for name in variables], shape, size), return_counts=True)
    codes = zip(variables, np.unravel_index(place, shape), strict=True)
    return {name: np.asarray(each, dtype=np.int64) for name, each in codes}, counts.astype(np.int64)
