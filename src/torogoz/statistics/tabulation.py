"""From one row per person and event to the cells of the tables that a release publishes: counts, totals and zeros."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl

from torogoz.statistics.disclosure.system import Sum

VALUE = "OBS_VALUE"
TOTALS = {"REF_AREA": "SLV"}  # the whole country is the total of its departments


def is_total(name: str, code: str) -> bool:
    """Whether `code` is the total of the dimension called `name`."""
    return code == TOTALS.get(name, "_T")


@dataclass(frozen=True)
class Level:
    """One way to code a dimension: the frame's column that holds the code of each row, and every code that it may have.

    `column` None is the total: every row has the only code. A row without a code (null) is left out of the level.
    Levels whose codes no reader sees are `unseen`: they are tabulated so that disclosure control can reckon with what
    a reader works out by difference.
    """

    codes: tuple[str, ...]
    column: str | None = None
    unseen: bool = False


@dataclass(frozen=True)
class Dimension:
    """A dimension of the published tables: its levels by name (`total` among them), and the sums along it."""

    name: str
    levels: Mapping[str, Level]
    sums: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def total(self) -> str:
        """The code of the total."""
        return self.levels["total"].codes[0]


@dataclass(frozen=True)
class Table:
    """One published table: which levels of which dimensions it crosses. Dimensions not named are at their total."""

    name: str
    levels: Mapping[str, tuple[str, ...]]


def tabulate(frame: pl.DataFrame, dimensions: Sequence[Dimension], tables: Iterable[Table]) -> pl.DataFrame:
    """Every cell of `tables`, once, zeros included.

    frame    one row per event, with the columns that the levels name (str)
    returns  one row per cell: a column per dimension (str), OBS_VALUE (float, events), UNSEEN (bool: no table shows
             it), TABLES (list of str: the names of the tables that show it), in the order of the codes
    raises   ValueError if a row has a code that its level does not know
    """
    names = [dimension.name for dimension in dimensions]
    parts = []
    for table in tables:
        choices = [
            [dimension.levels[level] for level in table.levels.get(dimension.name, ("total",))]
            for dimension in dimensions
        ]
        for levels in product(*choices):
            parts.append(_cross(frame, names, levels).with_columns(pl.lit(table.name).alias("TABLE")))
    if not parts:
        return pl.DataFrame(schema={**dict.fromkeys(names, pl.String), VALUE: pl.Float64})
    cells = pl.concat(parts)
    return (
        cells.group_by(names, maintain_order=True)
        .agg(pl.col(VALUE).first(), pl.col("UNSEEN").first(), pl.col("TABLE").unique().sort().alias("TABLES"))
        .sort(names)
    )


def sums_of(dimensions: Sequence[Dimension]) -> list[Sum]:
    """The sums along every dimension, by the dimension's position."""
    return [Sum(position, total, parts) for position, each in enumerate(dimensions) for total, parts in each.sums]


def _cross(frame: pl.DataFrame, names: Sequence[str], levels: Sequence[Level]) -> pl.DataFrame:
    """The counts of one crossing of levels over its whole grid."""
    grid = pl.DataFrame(
        list(product(*(level.codes for level in levels))), schema=dict.fromkeys(names, pl.String), orient="row"
    )
    coded = frame.with_columns(
        (pl.lit(level.codes[0]) if level.column is None else pl.col(level.column)).alias(name)
        for name, level in zip(names, levels, strict=True)
    ).select(names)
    counts = coded.drop_nulls().group_by(names).len(VALUE)
    cells = grid.join(counts, on=names, how="left", maintain_order="left")
    if cells[VALUE].sum() != counts[VALUE].sum():
        strange = counts.join(grid, on=names, how="anti").sort(names).row(0)
        raise ValueError(f"the codes {strange} are not on the lists of this release; nothing was published")
    return cells.with_columns(
        pl.col(VALUE).fill_null(0).cast(pl.Float64), pl.lit(any(level.unseen for level in levels)).alias("UNSEEN")
    )
