"""Figures with their intervals: a point for the figure, a line from low to high, one row each, on one axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from torogoz.exchange.writers.charts.figure import (
    COLOURS,
    INK,
    LINE,
    MARGIN,
    QUIET,
    TEXT_HEIGHT,
    WIDTH,
    ChartUnclear,
    Figure,
    at,
    heading,
    legend,
    sheet,
    special_fill,
    state_legend,
    words_at,
)
from torogoz.exchange.writers.charts.numbers import written
from torogoz.exchange.writers.charts.scale import digits, steps
from torogoz.exchange.writers.charts.table import Cell

ROW_HEIGHT = 20
RADIUS = 6


@dataclass(frozen=True)
class Point:
    """One row: what it is, its figure with low and high, and whether somebody recommends it."""

    name: str
    cell: Cell
    chosen: bool = False


@dataclass(frozen=True)
class IntervalChart:
    """Points in the order given. The axis begins at zero, or, `signed`, runs from -1 to 1 with zero marked."""

    figure: Figure
    points: Sequence[Point]
    signed: bool = False
    categories: str = ""

    def __post_init__(self) -> None:
        values = [value for point in self.points for value in _ends(point.cell)]
        least, most = (-1.0, 1.0) if self.signed else (0.0, float("inf"))
        if any(not least <= value <= most for value in values):
            raise ChartUnclear(f"a figure lies outside of the axis, which runs from {least:g} to {most:g}")


def interval(chart: IntervalChart) -> str:
    """The chart as SVG. Each name stands above its line, so that it is never cut on a phone."""
    figure = chart.figure
    parts, y = heading(figure)
    ends = [value for point in chart.points for value in _ends(point.cell)]
    marks = [-1.0, -0.5, 0.0, 0.5, 1.0] if chart.signed else steps(max(ends, default=0))
    left, width = MARGIN + 10, WIDTH - 2 * MARGIN - 40
    span = marks[-1] - marks[0]

    def place(value: float) -> float:
        return left + (value - marks[0]) / span * width

    top = y
    rows: list[str] = []
    for point in chart.points:
        said = figure.said(point.cell)
        name = f"{point.name}: {_short(figure, point.cell)}"
        rows.append(words_at(MARGIN, y + 19, f"★ {name}" if point.chosen else name, kind="b" if point.chosen else ""))
        y += TEXT_HEIGHT
        rows += _one(figure, point, y + ROW_HEIGHT / 2, place, f"<title>{escape(f'{point.name}: {said}')}</title>")
        y += ROW_HEIGHT + 4
    decimals = digits(marks)
    for mark in marks:
        strong = chart.signed and mark == 0
        colour, thick = (INK, 1.6) if strong else (LINE, 1)
        parts.append(f'<path d="M{at(place(mark))} {at(top)}V{at(y)}" stroke="{colour}" stroke-width="{thick}"/>')
        rows.append(
            words_at(place(mark), y + 18, written(mark, figure.language, decimals), anchor="middle", fill=QUIET)
        )
    keys, bottom = legend(state_legend(figure, [point.cell for point in chart.points]), y + 26)
    return sheet(figure, parts + rows + keys, bottom)


def _one(figure: Figure, point: Point, middle: float, place: Callable[[float], float], words: str) -> list[str]:
    """The line and the point of one row; a sign of its own where there is no number."""
    cell = point.cell
    if cell.value is None:
        fill = special_fill(figure, cell)
        box = f'x="{MARGIN + 10}" y="{at(middle - 8)}" width="26" height="16"'
        return [f'<rect {box} fill="{fill}" stroke="{LINE}">{words}</rect>']
    parts = []
    if cell.low is not None and cell.high is not None:
        low, high = place(cell.low), place(cell.high)
        ends = f"M{at(low)} {at(middle - 5)}v10M{at(low)} {at(middle)}H{at(high)}M{at(high)} {at(middle - 5)}v10"
        parts.append(f'<path d="{ends}" stroke="{INK}" stroke-width="2" fill="none"/>')
    x = place(cell.value)
    colour = COLOURS[1] if point.chosen else COLOURS[0]
    parts.append(f'<circle cx="{at(x)}" cy="{at(middle)}" r="{RADIUS}" fill="{colour}">{words}</circle>')
    return parts


def _short(figure: Figure, cell: Cell) -> str:
    """The figure with its interval, without the unit."""
    if cell.value is None:
        return figure.said(cell)
    text = figure.number(cell.value)
    if cell.low is not None and cell.high is not None:
        text += f" ({figure.number(cell.low)} {figure.words.up_to} {figure.number(cell.high)})"
    return text


def _ends(cell: Cell) -> list[float]:
    return [value for value in (cell.low, cell.value, cell.high) if value is not None]
