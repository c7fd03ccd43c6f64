"""From the answers of an engine to the cells of every grouping set: exact, in Polars, whatever the engine was."""

from collections.abc import Mapping, Sequence

import narwhals.stable.v2 as nw
import polars as pl

from torogoz.statistics.indicators.definition import UNKNOWN
from torogoz.statistics.indicators.expressions import period
from torogoz.statistics.indicators.queries import FREQ, TIME, TIMES, Grouping, Names
from torogoz.statistics.indicators.tables import FactTable, UnfitTable

_WRITTEN = {"M": r"^\d{4}-(0[1-9]|1[0-2])$", "Q": r"^\d{4}-Q[1-4]$", "A": r"^\d{4}$"}


def plain(answer: pl.DataFrame, text: Sequence[str]) -> pl.DataFrame:
    """An answer with the columns `text` as text, and all others as 64-bit whole numbers.

    Engines differ in the width of their numbers; DuckDB adds in decimals.
    """
    return answer.with_columns(
        pl.col(name).cast(pl.String) if name in text else pl.col(name).cast(pl.Int64) for name in answer.columns
    )


def check_periods(answer: pl.DataFrame, table: FactTable) -> int:
    """How many rows have no period. Raises UnfitTable if a period is not written as the table's are."""
    written = pl.col(table.period)
    missing = written.is_null() | written.is_in(["", UNKNOWN])
    strange = answer.filter(~missing & ~written.str.contains(_WRITTEN[table.finest]))
    if strange.height:
        word = strange[table.period].sort()[0]
        example = {"M": "2026-09", "Q": "2026-Q3", "A": "2026"}[table.finest]
        raise UnfitTable(f"{table.id}: {table.period} holds {word}; periods are written like {example}")
    return int(answer.filter(missing)["rows"].sum())


def added(answer: pl.DataFrame, table: FactTable, grouping: Grouping, dimensions: Mapping[str, str]) -> pl.DataFrame:
    """The cells of a grouping set: FREQ, all dimensions, TIME_PERIOD, and every other column added up.

    answer      grouped by the columns of the table that the grouping set needs, and perhaps others
    dimensions  of the result, with the code of each total
    """
    coded = _coded(answer, table, grouping, dimensions)
    return coded.group_by(FREQ, *dimensions, TIME).agg(pl.exclude(FREQ, *dimensions, TIME).sum())


def quantiles(
    answer: pl.DataFrame, table: FactTable, grouping: Grouping, dimensions: Mapping[str, str], names: Names, at: float
) -> pl.DataFrame:
    """The quantile of the values of each cell, in smallest units (float), from how often each value occurs."""
    keys = [FREQ, *dimensions, TIME]
    coded = _coded(answer, table, grouping, dimensions, keep=(names.value, TIMES))
    counted = coded.group_by(*keys, names.value).agg(pl.col(TIMES).sum()).sort(*keys, names.value)
    value, upto = pl.col(names.value).cast(pl.Float64), pl.col(TIMES).cum_sum()
    place = (pl.col(TIMES).sum() - 1) * at  # counted from nought, between the values in their order
    lower = value.filter(upto > place.floor()).first()
    upper = value.filter(upto > place.ceil()).first()
    between = lower + (upper - lower) * (place - place.floor())
    return counted.group_by(keys, maintain_order=True).agg(between.alias(names.value))


def _coded(
    answer: pl.DataFrame,
    table: FactTable,
    grouping: Grouping,
    dimensions: Mapping[str, str],
    keep: Sequence[str] = (),
) -> pl.DataFrame:
    """The rows of an answer that have a period, coded, with the columns `keep`, or all that hold no code."""
    raw = {table.period, *(column for column in table.columns if column in answer.columns)}
    counted = keep or [name for name in answer.columns if name not in raw]
    codes = grouping.codes
    written = pl.col(table.period)
    dated = answer.filter(~(written.is_null() | written.is_in(["", UNKNOWN])))
    coded: pl.DataFrame = (
        nw.from_native(dated)
        .select(
            nw.lit(grouping.frequency).alias(FREQ),
            *(codes.get(name, nw.lit(total)).alias(name) for name, total in dimensions.items()),
            period(table.period, table.finest, grouping.frequency).alias(TIME),
            *counted,
        )
        .to_native()
    )
    return coded
