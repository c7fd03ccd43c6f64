"""Figures from tallies: what counts as known, what is divided by what, and what is never zero."""

from collections.abc import Collection

import polars as pl

from torogoz.statistics.indicators.definition import (
    Count,
    Difference,
    Distinct,
    External,
    Mean,
    Quantile,
    Ratio,
    Share,
    Stock,
    parts_of,
)
from torogoz.statistics.indicators.queries import ROWS, Counted, Names
from torogoz.statistics.indicators.tables import FactTable

VALUE, BELOW, N, UNSURE = "VALUE", "BELOW", "N", "OBS_UNKNOWN"


def figures_of(part: Counted, names: Names, table: FactTable, columns: Collection[str]) -> list[pl.Expr]:
    """VALUE, BELOW (float), N and OBS_UNKNOWN (int) of one part, from the tallies in `columns`.

    Where there are rows and it is known of none whether they belong in the figure, or with how much, VALUE is null:
    unknown is never zero.
    """
    rows = pl.col(ROWS)
    everything = names.counted not in columns  # a count without conditions has every row in it
    counted = rows if everything else pl.col(names.counted)
    unsure = pl.lit(0) if everything else pl.col(names.unknown)
    some_known = (unsure == 0) | (unsure < rows)
    value, below = counted, pl.lit(None)
    match part:
        case Count():
            value = _if(some_known, counted)
        case Distinct():
            counted = pl.col(names.different).fill_null(0)
            value = _if(some_known, counted)
        case Share():
            below = pl.col(names.below)
        case Quantile():
            value = _in_units(pl.col(names.value), table, part.column)
        case Mean():
            value, below = _in_units(pl.col(names.added), table, part.column), counted
        case _:
            value = _if((unsure == 0) | (counted > 0), _in_units(pl.col(names.added), table, part.column))
    return [
        value.cast(pl.Float64).alias(VALUE),
        below.cast(pl.Float64).alias(BELOW),
        counted.cast(pl.Int64).alias(N),
        unsure.cast(pl.Int64).alias(UNSURE),
    ]


def beside(
    first: pl.DataFrame, second: pl.DataFrame, keys: list[str], measure: Ratio | Difference | Stock
) -> pl.DataFrame:
    """The figures of `first`, with those of `second` in BELOW.

    A cell that only one table has rows of counts none in the other; one that a dataflow has not is not known.
    """
    above, below = parts_of(measure)[:2]
    other = second.select(*keys, pl.col(VALUE).alias(BELOW), pl.col(UNSURE).alias("UNSURE"), there=pl.lit(value=True))
    both = first.with_columns(here=pl.lit(value=True)).drop(BELOW).join(other, on=keys, how="full", coalesce=True)
    none_above = pl.col("here").is_null() & pl.lit(not isinstance(above, External))
    none_below = pl.col("there").is_null() & pl.lit(not isinstance(below, External))
    return both.with_columns(
        pl.when(none_above).then(0.0).otherwise(pl.col(VALUE)).alias(VALUE),
        pl.when(none_below).then(0.0).otherwise(pl.col(BELOW)).alias(BELOW),
        pl.when(none_above).then(0).otherwise(pl.col(N)).alias(N),
        (pl.col(UNSURE).fill_null(0) + pl.col("UNSURE").fill_null(0)).alias(UNSURE),
    ).drop("here", "there", "UNSURE")


def divided(cells: pl.DataFrame, times: int) -> pl.DataFrame:
    """`times` × VALUE / BELOW in OBS_VALUE; null where BELOW is zero or either is not known."""
    return cells.with_columns(
        OBS_VALUE=pl.when(pl.col(BELOW) != 0).then(pl.col(VALUE) * times / pl.col(BELOW)),
        NUMERATOR=pl.col(VALUE),
        DENOMINATOR=pl.col(BELOW),
    )


def _in_units(amount: pl.Expr, table: FactTable, column: str) -> pl.Expr:
    """An amount in smallest units, in the units of its column."""
    return amount / float(10 ** table.columns[column].decimals)


def _if(condition: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(value).otherwise(None)
