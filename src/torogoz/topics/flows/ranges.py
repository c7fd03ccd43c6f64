"""The range over methods: what a reader of estimates needs most, computed from the figures that are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

import polars as pl
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.bar import Bar, BarChart, bar, bar_table
from torogoz.exchange.writers.charts.line import LineChart, line, line_table
from torogoz.exchange.writers.charts.plane import Series
from torogoz.exchange.writers.charts.table import NOT_AVAILABLE, Cell
from torogoz.statistics.dataflows import TIME, Dataflow
from torogoz.topics.flows.drawings import Drawing, Ground, Label

ESTIMATES: Final = "FLOW_ESTIMATES"
METHOD: Final = "METHOD"
LOW, HIGH = "LOW", "HIGH"
# The source of a range: it belongs to none, being over all that are shown.
EVERY_SOURCE: Final = "_T"
MOST_BARS: Final = 10
VALUE: Final = "OBS_VALUE"


def with_range(flow: Dataflow, found: pl.DataFrame) -> pl.DataFrame:
    """The answer with the lowest and the highest figure over its methods and sources, beside every other dimension.

    found    an answer of `FLOW_ESTIMATES`; of any other dataflow, or of a single method, it is given back as it is
    returns  its rows, then those of METHOD `LOW` and `HIGH`, with SOURCE `_T`, in its columns
    """
    if flow.id != ESTIMATES or METHOD not in found.columns or found.is_empty():
        return found
    beside = [name for name in flow.names if name in found.columns and name != METHOD]
    if not found.group_by(beside or pl.lit(1)).agg(pl.len().alias("figures"))["figures"].gt(1).any():
        return found
    value = pl.col(VALUE)
    ends = []
    for code, end in ((LOW, value.min()), (HIGH, value.max())):
        of_all = [end.alias(VALUE), pl.lit("E").alias("OBS_STATUS")]
        reached = found.group_by(beside, maintain_order=True).agg(of_all) if beside else found.select(of_all)
        ends.append(reached.with_columns(pl.lit(code).alias(METHOD)))
    said = [pl.lit(EVERY_SOURCE).alias("SOURCE")] if "SOURCE" in found.columns else []
    unknown = [pl.lit(0, dtype=pl.Int64).alias("OBS_UNKNOWN")] if "OBS_UNKNOWN" in found.columns else []
    rows = pl.concat(ends).with_columns(*said, *unknown)
    return pl.concat([found, rows], how="diagonal").select(found.columns)


def five_years(first: str) -> str:
    """How a period of these estimates is written for people: 2015 is 2015–2020."""
    return f"{first}–{int(first) + 5}" if first.isdecimal() else first


def range_by_period(found: pl.DataFrame, periods: Sequence[str]) -> list[Cell]:
    """For each period the middle figure over methods and sources, within the lowest and the highest."""
    by_period = _figures(found, TIME)
    return [_cell(by_period.get(period, ())) for period in periods]


def range_drawing(found: pl.DataFrame, ground: Ground, name: str, kind: str = "range") -> Drawing | None:
    """A line of the middle figure of each period, within a band from the lowest to the highest. None below two."""
    periods = sorted(found[TIME].unique()) if TIME in found.columns else []
    cells = range_by_period(found, periods)
    if len(periods) < 2 or all(cell.value is None for cell in cells):
        return None
    description = _(
        "La línea es la cifra del medio entre los métodos; la banda va de la menor a la mayor. "
        "De %(first)s a %(last)s; la tabla dice la cifra de cada método."
    ) % {"first": five_years(periods[0]), "last": five_years(periods[-1])}
    figure = replace(ground.figure(kind, ground.title, description), interval=_("de la menor a la mayor cifra"))
    chart = LineChart(figure, periods, [Series(name, cells)])
    table = line_table(chart)
    rows = [replace(row, name=five_years(row.name)) for row in table.rows]
    return Drawing(kind, ground.title, mark_safe(line(chart)), replace(table, rows=rows))


def corridors_drawing(found: pl.DataFrame, dimension: str, ground: Ground, label: Label) -> Drawing | None:
    """A bar for each of the largest corridors: the middle figure, with a line from the lowest to the highest."""
    cells = {code: _cell(values) for code, values in _figures(found, dimension).items()}
    largest = sorted(
        (code for code, cell in cells.items() if cell.value is not None),
        key=lambda code: (-(cells[code].value or 0), code),
    )[:MOST_BARS]
    if not largest:
        return None
    bars = [Bar(label(dimension, code), [cells[code]]) for code in largest]
    description = _("Barras de %(count)s países: la cifra del medio entre los métodos.") % {"count": len(bars)}
    note = _("La línea sobre cada barra va de la menor a la mayor cifra.")
    figure = replace(ground.figure("corridors", ground.title, description), notes=(note,))
    chart = BarChart(figure, [ground.unit], bars)
    return Drawing("corridors", ground.title, mark_safe(bar(chart)), bar_table(chart))


def _figures(found: pl.DataFrame, by: str) -> Mapping[str, list[list[float]]]:
    """The figures of each code of `by`: a list for each method, with one for each source; the ranges left out."""
    figures: dict[str, dict[str, list[float]]] = {}
    own = found.filter(~pl.col(METHOD).is_in([LOW, HIGH]), pl.col(VALUE).is_not_null())
    for code, method, value in own.select(by, METHOD, VALUE).iter_rows():
        figures.setdefault(code, {}).setdefault(method, []).append(value)
    return {code: list(by_method.values()) for code, by_method in figures.items()}


def _cell(by_method: Sequence[Sequence[float]]) -> Cell:
    """The middle over methods, each counted once however many sources give it, within the lowest and the highest."""
    every = [value for values in by_method for value in values]
    if not every:
        return NOT_AVAILABLE
    return Cell(median(median(values) for values in by_method), low=min(every), high=max(every))
