"""The fixed list of private tables of a data set: columns with every code they may have, tables, what cannot be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import polars as pl

TOTAL = "_T"
Columns = tuple[str, ...]
Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class NotInDesign(ValueError):
    """Rows, or a question, that the design of the private tables does not know."""


@dataclass(frozen=True)
class Design:
    """What is published of a data set under differential privacy, decided before anybody looks at the data.

    codes        every code of every column, in order: public knowledge, never read from the data
    tables       which columns each published table crosses; their totals are published with them
    rows_of_one  the most rows that one person has (in each period, where each period is a drawing of its own)
    least_shown  a count below this, after noise, is not shown
    impossible   combinations of codes that cannot be: they are zero, get no noise, and say so
    totals       the code of the total of a column, where it is not `_T`
    """

    dataset: str
    codes: Mapping[str, tuple[str, ...]]
    tables: tuple[Columns, ...]
    rows_of_one: int = 1
    least_shown: int = 10
    impossible: tuple[Mapping[str, str], ...] = ()
    totals: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        known = {column for table in self.tables for column in table}
        for column in sorted(known | {each for cell in self.impossible for each in cell}):
            if not self.codes.get(column):
                raise NotInDesign(f"{self.dataset}: column {column} of a table has no list of codes")
        for cell in self.impossible:
            for column, code in cell.items():
                if code not in self.codes[column]:
                    raise NotInDesign(f"{self.dataset}: {column} has no code {code}, which is said to be impossible")
        if len(set(map(frozenset, self.tables))) != len(self.tables) or not self.tables:
            raise NotInDesign(f"{self.dataset}: there must be tables, and no table twice")

    @property
    def columns(self) -> Columns:
        """The columns that any table uses, in the order of `codes`."""
        used = {column for table in self.tables for column in table}
        return tuple(column for column in self.codes if column in used)

    def total(self, column: str) -> str:
        """The code of the total of a column."""
        return (self.totals or {}).get(column, TOTAL)

    def ordered(self, columns: Iterable[str]) -> Columns:
        """The same columns in the order of `codes`."""
        wanted = set(columns)
        return tuple(column for column in self.codes if column in wanted)

    def shape(self, columns: Columns) -> tuple[int, ...]:
        """How many codes each of the columns has."""
        return tuple(len(self.codes[column]) for column in columns)

    def measured(self) -> tuple[Columns, ...]:
        """The tables that noise is drawn for: those that lie in no other table, the others being their sums."""
        ordered = [self.ordered(table) for table in self.tables]
        return tuple(each for each in ordered if not any(set(each) < set(other) for other in ordered))

    def margins(self) -> tuple[Columns, ...]:
        """Every table and each of its margins, the smallest first; the first is the grand total."""
        found = {
            self.ordered(part)
            for table in self.tables
            for size in range(len(table) + 1)
            for part in combinations(table, size)
        }
        return tuple(sorted(found, key=lambda columns: (len(columns), [list(self.codes).index(c) for c in columns])))

    def possible(self, columns: Columns) -> Mask:
        """Which cells of a table can be other than zero."""
        mask = np.ones(self.shape(columns), dtype=np.bool_)
        for cell in self.impossible:
            if set(cell) <= set(columns):
                mask[tuple(self.codes[c].index(cell[c]) if c in cell else slice(None) for c in columns)] = False
        return mask

    def weights(self) -> list[Fraction]:
        """How the budget is shared among the measured tables: by their numbers of cells, which are public, to the
        power of two thirds, which makes the sum of all errors least."""
        cells = [int(np.prod(self.shape(columns), dtype=np.int64)) for columns in self.measured()]
        return [Fraction(max(round(1000 * each ** (2 / 3)), 1), 1000) for each in cells]

    def counted(self, rows: pl.DataFrame, columns: Columns) -> Counts:
        """The true counts of one table, zeros included; never for publication.

        rows    one row per person (or up to `rows_of_one`), the columns as str
        raises  NotInDesign if a row has a code that its column does not know, or an impossible combination
        """
        flat = np.zeros(rows.height, dtype=np.int64)
        for column in columns:
            flat = flat * len(self.codes[column]) + self.numbered(rows, column)
        shape = self.shape(columns)
        counts: Counts = np.bincount(flat, minlength=int(np.prod(shape, dtype=np.int64))).reshape(shape)
        strange = int(counts[~self.possible(columns)].sum())
        if strange:
            raise NotInDesign(
                f"{strange} rows have a combination of {', '.join(columns)} that is said to be impossible"
            )
        return counts

    def numbered(self, rows: pl.DataFrame, column: str) -> npt.NDArray[np.int64]:
        """The place of each row's code in its column's list. Raises NotInDesign, naming the column but no row."""
        codes = self.codes[column]
        places = rows[column].replace_strict(list(codes), list(range(len(codes))), default=None, return_dtype=pl.Int64)
        if places.null_count():
            raise NotInDesign(
                f"{places.null_count()} rows have a code of {column} that is not on its list; nothing was drawn"
            )
        return places.to_numpy()

    def keys(self, columns: Columns) -> Iterator[tuple[str, ...]]:
        """The cells of a table in its order, each over all columns of the design, totals where it does not cross."""
        choices: Sequence[Sequence[str]] = [
            self.codes[column] if column in columns else (self.total(column),) for column in self.columns
        ]
        yield from product(*choices)


def bounded(rows: pl.DataFrame, person: str, most: int, *, within: Sequence[str] = ()) -> pl.DataFrame:
    """At most `most` rows of each person (within each value of `within`), the first ones; the person's column goes.

    A person who is not known (null) could be anybody: each such row counts as a person of its own.
    """
    place = pl.int_range(pl.len()).over([person, *within])
    kept = rows.filter(pl.col(person).is_null() | (place < most))
    return kept.drop(person)
