"""Small multiples: the same axes again and again, one line in each panel, so that shapes compare without colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from torogoz.exchange.writers.charts.figure import (
    INK,
    LINE,
    MARGIN,
    QUIET,
    SMALL_HEIGHT,
    SMALL_LETTER,
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
    wrapped,
)
from torogoz.exchange.writers.charts.numbers import written
from torogoz.exchange.writers.charts.plane import Plane, Series, drawn
from torogoz.exchange.writers.charts.scale import digits, steps, year_of
from torogoz.exchange.writers.charts.table import Cell, Row, State, Table

ACROSS = 2
HEIGHT = 96
GAP = 16
MOST = 24


@dataclass(frozen=True)
class SmallMultiples:
    """One panel per series, over the same periods, in the order given.

    own_scale  each panel has an axis of its own, which the figure then says; else one axis for all
    """

    figure: Figure
    periods: Sequence[str]
    panels: Sequence[Series]
    own_scale: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.panels) <= MOST:
            raise ChartUnclear(f"small multiples show 1 to {MOST} panels, not {len(self.panels)}")
        if any(len(one.cells) != len(self.periods) for one in self.panels):
            raise ChartUnclear("each panel has one cell per period; a period without data is a cell not available")
        if list(self.periods) != sorted(set(self.periods)) or not self.periods:
            raise ChartUnclear("periods are given once each, in order of time")
        if any(cell.value is not None and cell.value < 0 for one in self.panels for cell in one.cells):
            raise ChartUnclear("small multiples begin at zero and have no negative values")


def small_multiples(chart: SmallMultiples) -> str:
    """The panels as SVG, two across: on a phone each is still wide enough to read."""
    figure, cells = chart.figure, [cell for one in chart.panels for cell in one.cells]
    parts, top = heading(figure)
    parts.append(words_at(MARGIN, top + 16, _scale_said(chart), kind="cs", fill=QUIET))
    top += SMALL_HEIGHT
    width = (WIDTH - 2 * MARGIN - GAP) / ACROSS
    for row in range(ceil(len(chart.panels) / ACROSS)):
        shown = chart.panels[row * ACROSS : (row + 1) * ACROSS]
        names = [wrapped(one.name, TEXT_LETTER, width) for one in shown]
        lines = max(len(name) for name in names)
        for column, (one, name) in enumerate(zip(shown, names, strict=True)):
            left = MARGIN + column * (width + GAP)
            for i, text in enumerate(name):
                parts.append(words_at(left, top + 20 + i * 23, text, kind="b"))
            parts += _panel(chart, one, left, top + lines * 23 + 14, width)
        top += lines * 23 + 14 + HEIGHT + 44
    items = state_legend(figure, cells)
    if any(cell.state is State.PROVISIONAL for cell in cells):
        dashes = f'<path d="M0 7H22" stroke="{INK}" stroke-width="2.5" stroke-dasharray="5 4"/>'
        items.append((dashes, figure.words.provisional))
    keys, bottom = legend(items, top)
    return sheet(figure, parts + keys, bottom)


def small_multiples_table(chart: SmallMultiples) -> Table:
    """The same figures as a table: one row per period, one column per panel."""
    rows = [Row(period, [one.cells[i] for one in chart.panels]) for i, period in enumerate(chart.periods)]
    head = [chart.figure.words.period, *(one.name for one in chart.panels)]
    return Table(chart.figure.title, head, rows, chart.figure.unit, chart.figure.decimals)


def _scale_said(chart: SmallMultiples) -> str:
    words = chart.figure.words
    return words.own_scales if chart.own_scale else words.one_scale


def _panel(chart: SmallMultiples, one: Series, left: float, top: float, width: float) -> list[str]:
    """One panel: its axis at zero and at the top, its years at both ends, its line."""
    cells = one.cells if chart.own_scale else [cell for each in chart.panels for cell in each.cells]
    highest = steps(_highest(cells), 3)[-1]
    years = [year_of(period) for period in chart.periods]
    plane = Plane(left - 8, top, years[0], years[-1], highest, left + width + 16, HEIGHT)
    base, right = top + HEIGHT, left + width
    parts = [
        f'<path d="M{at(left)} {at(top)}H{at(right)}" stroke="{LINE}"/>',
        f'<path d="M{at(left)} {at(base)}H{at(right)}" stroke="{INK}"/>',
        words_at(right, top - 4, _written(chart.figure, highest), anchor="end", kind="cs", fill=QUIET),
    ]
    first, last = chart.periods[0], chart.periods[-1]
    parts.append(words_at(left, base + 26, first, kind="cs", fill=QUIET))
    if first != last and (len(first) + len(last) + 1) * SMALL_LETTER <= width:
        parts.append(words_at(right, base + 26, last, anchor="end", kind="cs", fill=QUIET))
    return parts + drawn(chart.figure, one, 0, chart.periods, plane, named=True, small=True)


def _highest(cells: Sequence[Cell]) -> float:
    return max((value for cell in cells for value in (cell.value, cell.high) if value is not None), default=0.0)


def _written(figure: Figure, value: float) -> str:
    return written(value, figure.language, digits([value]))
