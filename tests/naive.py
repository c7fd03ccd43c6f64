"""The naive methods that the attacks must first break, and ours beside them, as ways to ask for figures.

Naive: exact counts with small ones blanked (primary suppression), conventional rounding, random rounding to base 3, and
cell keys drawn for each cell of each table. Made for tests and measurements; nothing here is ever published.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import product
from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.statistics.attacks.asking import VALUE, Ask, Where
from torogoz.statistics.disclosure.keys import Keys, person_keys
from torogoz.statistics.disclosure.ptable import PTable, design
from torogoz.statistics.disclosure.strict import BaseCube

Codes = Mapping[str, Sequence[str]]
Whole = npt.NDArray[np.int64]
SECRET = b"a made-up secret of the attacks, long enough"
TABLES: dict[str, tuple[int, float, int]] = {"D2 V1 js0": (2, 1, 0), "D3 V2 js0": (3, 2, 0), "D5 V3 js2": (5, 3, 2)}


@cache
def noise_table(name: str) -> PTable:
    """A table of noise by its name."""
    return design(*TABLES[name])


class Register:
    """Made-up records, coded once, with a key per record; true cells and the sums of their keys."""

    def __init__(self, frame: pl.DataFrame, codes: Codes) -> None:
        self.codes, self.rows = codes, frame.height
        self.columns = {
            name: frame[name]
            .replace_strict(list(listed), list(range(len(listed))), return_dtype=pl.Int64)
            .to_numpy()
            .astype(np.int64)
            for name, listed in codes.items()
        }
        self.keys = person_keys([str(place) for place in range(frame.height)], SECRET)

    def cells(self, by: Sequence[str], where: Where) -> tuple[Whole, Keys]:
        """True counts over the grid of `by`, and the sum of the keys of each cell."""
        inside = np.ones(self.rows, dtype=np.bool_)
        for name, wanted in where.items():
            chosen = [self.codes[name].index(code) for code in wanted]
            inside &= np.isin(self.columns[name], chosen)
        place = np.zeros(int(inside.sum()), dtype=np.int64)
        for name in by:
            place = place * len(self.codes[name]) + self.columns[name][inside]
        size = int(np.prod([len(self.codes[name]) for name in by], dtype=np.int64))
        keys = np.zeros(size, dtype=np.uint64)
        own = self.keys[inside]
        for shift in (0, 32):
            half = ((own >> np.uint64(shift)) & np.uint64(0xFFFFFFFF)).astype(np.float64)
            keys += np.bincount(place, half, minlength=size).astype(np.uint64) << np.uint64(shift)
        return np.bincount(place, minlength=size).astype(np.int64), keys

    def asked(self, shown: Callable[[Whole, Keys], npt.NDArray[np.float64]]) -> Ask:
        """A table builder that shows `shown(true counts, keys)`; NaN is not shown."""

        def ask(by: Sequence[str], where: Where) -> pl.DataFrame:
            values = shown(*self.cells(by, where))
            grid = np.indices([len(self.codes[name]) for name in by]).reshape(len(by), values.size)
            columns = {name: np.array(self.codes[name])[grid[axis]] for axis, name in enumerate(by)}
            frame = pl.DataFrame({**columns, VALUE: values}, schema_overrides={VALUE: pl.Float64})
            return frame.with_columns(pl.col(VALUE).fill_nan(None))

        return ask


def exact(counts: Whole, keys: Keys) -> npt.NDArray[np.float64]:
    """No protection at all: the truth, to compare with."""
    return counts.astype(np.float64)


def blanked(threshold: int) -> Callable[[Whole, Keys], npt.NDArray[np.float64]]:
    """Primary suppression alone: small counts are blanked, zeros and totals shown."""
    return lambda counts, keys: np.where((counts > 0) & (counts < threshold), np.nan, counts.astype(np.float64))


def rounded(base: int) -> Callable[[Whole, Keys], npt.NDArray[np.float64]]:
    """Conventional rounding to the nearest multiple."""
    return lambda counts, keys: np.floor(counts / base + 0.5) * base


def randomly_rounded(counts: Whole, keys: Keys) -> npt.NDArray[np.float64]:
    """Random rounding to base 3, each cell by a chance of its own: 1 falls two times in three, 2 rises two in three."""
    rest = counts % 3
    # A chance that follows from the sum of keys would tie a total to its parts, which happens to save them.
    chance = np.random.default_rng(crc32(counts.tobytes())).random(counts.size)
    rises = chance < np.where(rest == 1, 1 / 3, 2 / 3)
    return np.where(rest == 0, counts, np.where(rises, counts + 3 - rest, counts - rest)).astype(np.float64)


def keyed(name: str) -> Callable[[Whole, Keys], npt.NDArray[np.float64]]:
    """Cell-key noise drawn for each cell of each table."""
    table = noise_table(name)
    return lambda counts, keys: (counts + table.changes(counts, keys)).astype(np.float64)


def of_cube(cube: BaseCube) -> Ask:
    """Ours: the strict cube, which adds up one noisy object."""
    return lambda by, where: cube.answer(by, where).select(*by, VALUE)


def grid_of(codes: Codes, by: Sequence[str]) -> list[tuple[str, ...]]:
    """Every cell of a table."""
    return list(product(*(codes[name] for name in by)))
