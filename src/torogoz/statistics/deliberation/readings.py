"""What one series says last: its newest period that is over, protected where it was published protected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from torogoz.statistics.dataflows import TIME, Dataflow
from torogoz.statistics.periods import UnclearPeriod, bounds

HIDDEN: Final = ("C", "D", "N", "S")
PUBLISHER: Final = "DATASET"
"""Where several publishers give one dataflow, the series says which of them is meant."""

Series = Mapping[str, str]


class UnclearSeries(ValueError):
    """A series that does not exist, or that is more than one. The message says which codes there are."""


@dataclass(frozen=True)
class Newest:
    """The newest figure of a series. A hidden one has no value; there is none to fall back on."""

    period: str
    value: float | None
    provisional: bool = False
    hidden: bool = False


def newest(frame: pl.DataFrame, flow: Dataflow, series: Series, known_on: date) -> Newest | None:
    """The newest figure of a series among the periods that were over on a day; None if it has none. No data is no zero.

    frame    the dimensions of `flow`, OBS_VALUE (float), OBS_STATUS, optionally CONF_STATUS and DATASET
    series   code by dimension; a dimension that is left out stands at its total
    returns  of years, where the series has any; else of its own periods
    raises   UnclearSeries for a dimension that there is not, or where a period has several figures
    """
    rows = history(frame, flow, series, known_on)
    return rows[-1] if rows else None


def history(frame: pl.DataFrame, flow: Dataflow, series: Series, known_on: date) -> list[Newest]:
    """Every figure of a series, oldest first; as `newest`."""
    check_series(flow, series)
    own = frame.filter(pl.all_horizontal(pl.lit(value=True), *_codes(flow, series)))
    if "CONF_STATUS" not in own.columns:
        own = own.with_columns(CONF_STATUS=pl.lit("F"))
    over = [
        Newest(period, None if conf in HIDDEN else float(value), status == "P", conf in HIDDEN)
        for period, value, status, conf in own.select(TIME, "OBS_VALUE", "OBS_STATUS", "CONF_STATUS").iter_rows()
        if (value is not None or conf in HIDDEN) and _is_over(period, known_on)
    ]
    years = [each for each in over if len(each.period) == 4]
    found = sorted(years or over, key=lambda each: bounds(each.period)[1])
    periods = [each.period for each in found]
    if len(periods) != len(set(periods)):
        raise UnclearSeries(_several(own))
    return found


def check_series(flow: Dataflow, series: Series) -> None:
    """Refuse dimensions that the dataflow has not. Raises UnclearSeries."""
    names = [each.id for each in flow.dimensions if each.id != TIME]
    unknown = sorted(set(series) - {*names, PUBLISHER})
    if unknown:
        raise UnclearSeries(f"{flow.id} has no dimension {', '.join(unknown)}; it has {', '.join(names) or 'none'}")


def year_of(period: str) -> float:
    """Where a period lies on the scale of years, by its middle: a year is itself, 2026-Q3 is 2026.125.

    raises  UnclearPeriod
    """
    first, last = bounds(period)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return first.year + (first.month - 1 + months / 2) / 12 - 0.5


def _codes(flow: Dataflow, series: Series) -> list[pl.Expr]:
    wanted = [
        pl.col(each.id) == series.get(each.id, each.total) for each in flow.dimensions if each.id not in (TIME, "FREQ")
    ]
    return [*wanted, pl.col(PUBLISHER) == series[PUBLISHER]] if PUBLISHER in series else wanted


def _several(rows: pl.DataFrame) -> str:
    if PUBLISHER not in rows.columns:
        return "the series has several figures for one period"
    names = ", ".join(sorted(set(rows[PUBLISHER].to_list())))
    return f"several publishers give one period; add {PUBLISHER}= one of {names}"


def _is_over(period: str, known_on: date) -> bool:
    try:
        return bounds(period)[1] < known_on
    except UnclearPeriod:
        return False
