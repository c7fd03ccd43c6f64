"""Lines over time: a gap is a gap, what is provisional is dashed, and an interval is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from torogoz.exchange.writers.charts.figure import (
    COLOURS,
    INK,
    LINE,
    MARGIN,
    QUIET,
    TEXT_LETTER,
    WIDTH,
    ChartUnclear,
    Figure,
    at,
    heading,
    legend,
    sheet,
    state_legend,
    words_at,
)
from torogoz.exchange.writers.charts.numbers import written
from torogoz.exchange.writers.charts.plane import HEIGHT, STRIP, Plane, Series, drawn, point_mark, year_axis
from torogoz.exchange.writers.charts.scale import digits, steps, year_of
from torogoz.exchange.writers.charts.table import Cell, Row, State, Table, bound


@dataclass(frozen=True)
class LineChart:
    """Lines over the same periods (2020, 2020-Q3 or 2020-07), in order of time."""

    figure: Figure
    periods: Sequence[str]
    series: Sequence[Series]

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= len(COLOURS):
            raise ChartUnclear(f"a chart of lines shows 1 to {len(COLOURS)} series, not {len(self.series)}")
        if any(len(one.cells) != len(self.periods) for one in self.series):
            raise ChartUnclear("each series has one cell per period; a period without data is a cell not available")
        if list(self.periods) != sorted(set(self.periods)) or not self.periods:
            raise ChartUnclear("periods are given once each, in order of time")


def line(chart: LineChart) -> str:
    """The chart as SVG."""
    several, chart = len(chart.series) > 1, _without_zeros(chart)
    figure, cells = chart.figure, [cell for one in chart.series for cell in one.cells]
    parts, top = heading(figure)
    if several:
        keys, top = legend([(_key(i), one.name) for i, one in enumerate(chart.series)], top)
        parts += keys
    if any(cell.value is not None and cell.value < 0 for cell in cells):
        raise ChartUnclear("a chart of lines begins at zero and has no negative values")
    highest = max((v for cell in cells for v in (cell.value, cell.high) if v is not None), default=0.0)
    marks = steps(highest)
    places = digits(marks)
    names = [written(mark, figure.language, places) for mark in marks]
    years = [year_of(period) for period in chart.periods]
    left = MARGIN + max(len(name) for name in names) * TEXT_LETTER + 6
    plane = Plane(left, top + 14, years[0], years[-1], marks[-1])
    for mark, name in zip(marks, names, strict=True):
        y = plane.y(mark)
        stroke = INK if mark == 0 else LINE
        parts.append(f'<path d="M{at(left)} {at(y)}H{WIDTH - 14}" stroke="{stroke}"/>')
        parts.append(words_at(left - 6, y + 5, name, anchor="end", fill=QUIET))
    for i, one in enumerate(chart.series):
        parts += drawn(figure, one, i, chart.periods, plane, named=several)
    base = top + 14 + HEIGHT
    of_months = any("-" in period for period in chart.periods)
    ends = (chart.periods[0], chart.periods[-1]) if of_months and len(years) > 1 else None
    parts += year_axis(years, plane, base + STRIP, ends)
    items = state_legend(figure, cells)
    bounded = any(cell.low is not None for cell in cells)
    if bounded and not several:  # the band has a name, so the line within it has one too
        items.insert(0, (_key(0), chart.series[0].name))
    if any(cell.state is State.PROVISIONAL for cell in cells):
        items.append(
            (f'<path d="M0 7H22" stroke="{INK}" stroke-width="2.5" stroke-dasharray="5 4"/>', figure.words.provisional)
        )
    if bounded:
        items.append(
            (
                f'<rect width="22" height="14" fill="{COLOURS[0]}" fill-opacity=".2"/>',
                figure.interval or figure.words.interval,
            )
        )
    keys, bottom = legend(items, base + STRIP + 30)
    return sheet(figure, parts + keys, bottom)


def line_table(chart: LineChart) -> Table:
    """The same figures as a table: one row per period, one column per series, bounds where there are any."""
    words, columns = chart.figure.words, list[tuple[str, list[Cell]]]()
    for one in chart.series:
        columns.append((one.name, list(one.cells)))
        if any(cell.low is not None for cell in one.cells):
            columns.append((f"{one.name}, {words.low}", [bound(cell, cell.low) for cell in one.cells]))
            columns.append((f"{one.name}, {words.high}", [bound(cell, cell.high) for cell in one.cells]))
    rows = [Row(period, [cells[i] for _, cells in columns]) for i, period in enumerate(chart.periods)]
    head = [words.period, *(name for name, _ in columns)]
    return Table(chart.figure.title, head, rows, chart.figure.unit, chart.figure.decimals)


def _without_zeros(chart: LineChart) -> LineChart:
    """The chart without the series that are zero in every period, named below it; all of them if all are zero.

    They would lie on the axis and on each other, and say nothing there that the note does not.
    """
    zero = [one for one in chart.series if all(cell.value == 0 and not cell.high for cell in one.cells)]
    if not zero or len(zero) == len(chart.series):
        return chart
    note = f"{chart.figure.words.all_zero}: {', '.join(one.name for one in zero)}"
    figure = replace(chart.figure, notes=(*chart.figure.notes, note))
    return replace(chart, figure=figure, series=[one for one in chart.series if one not in zero])


def _key(order: int) -> str:
    """The swatch of a series in the legend: its line with its mark."""
    mark = point_mark(order, 11, 7, COLOURS[order], "")
    return f'<path d="M0 7H22" stroke="{COLOURS[order]}" stroke-width="2.5"/>{mark}'
