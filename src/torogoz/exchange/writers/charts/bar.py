"""Bars: lengths from zero, one group per category, the figure written at the end of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from torogoz.exchange.writers.charts.figure import (
    COLOURS,
    INK,
    LINE,
    MARGIN,
    TEXT_HEIGHT,
    TEXT_LETTER,
    WHITE,
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
from torogoz.exchange.writers.charts.table import Cell, Row, State, Table, bound

THICK = 17


@dataclass(frozen=True)
class Bar:
    """One category: its name and one cell per series."""

    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class BarChart:
    """Bars in the order given. `series` names what each category's cells are; with one series its name is not drawn."""

    figure: Figure
    series: Sequence[str]
    bars: Sequence[Bar]
    categories: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= len(COLOURS):
            raise ChartUnclear(f"a chart of bars shows 1 to {len(COLOURS)} series, not {len(self.series)}")
        if any(len(one.cells) != len(self.series) for one in self.bars):
            raise ChartUnclear("each category has one cell per series; what is not known is a cell not available")
        if any(cell.value is not None and cell.value < 0 for one in self.bars for cell in one.cells):
            raise ChartUnclear("a chart of bars begins at zero and has no negative values")


def bar(chart: BarChart) -> str:
    """The chart as SVG. The name stands above its bars, so that it is never cut on a phone."""
    figure, cells = chart.figure, [cell for one in chart.bars for cell in one.cells]
    parts, y = heading(figure)
    if len(chart.series) > 1:
        keys, y = legend([(_key(i), name) for i, name in enumerate(chart.series)], y)
        parts += keys
    bounds = [v for cell in cells for v in (cell.value, cell.high) if v is not None]
    longest = max((len(_written(figure, cell)) for cell in cells), default=1) * TEXT_LETTER
    scale = (WIDTH - 2 * MARGIN - longest - 10) / (max(bounds, default=0) or 1)
    top = y
    for one in chart.bars:
        parts.append(words_at(MARGIN, y + 19, one.name))
        y += TEXT_HEIGHT
        for order, cell in enumerate(one.cells):
            label = f"{one.name}, {chart.series[order]}" if len(chart.series) > 1 else one.name
            words = f"<title>{escape(f'{label}: {figure.said(cell)}')}</title>"
            parts += _one(figure, cell, order, y, scale, words)
            y += THICK + 3
        y += 8
    parts.append(f'<path d="M{MARGIN} {at(top)}V{at(y - 4)}" stroke="{INK}"/>')
    keys, bottom = legend(state_legend(figure, cells), y)
    return sheet(figure, parts + keys, bottom)


def bar_table(chart: BarChart) -> Table:
    """The same figures as a table: one row per category, one column per series, bounds where there are any."""
    words, head = chart.figure.words, [chart.categories or chart.figure.words.category]
    columns: list[list[Cell]] = []
    for at_series, name in enumerate(chart.series):
        cells = [one.cells[at_series] for one in chart.bars]
        head.append(name)
        columns.append(cells)
        if any(cell.low is not None for cell in cells):
            head += [f"{name}, {words.low}", f"{name}, {words.high}"]
            columns += [[bound(cell, cell.low) for cell in cells], [bound(cell, cell.high) for cell in cells]]
    rows = [Row(one.name, [column[place] for column in columns]) for place, one in enumerate(chart.bars)]
    return Table(chart.figure.title, head, rows, chart.figure.unit, chart.figure.decimals)


def _written(figure: Figure, cell: Cell) -> str:
    """What stands at the end of a bar."""
    if cell.value is not None:
        return figure.number(cell.value) + (" p" if cell.state is State.PROVISIONAL else "")
    return figure.said(cell)


def _one(figure: Figure, cell: Cell, order: int, y: float, scale: float, words: str) -> list[str]:
    """One bar with its figure; a sign of its own where there is no number."""
    if cell.value is None:
        fill = special_fill(figure, cell)
        box = f'<rect x="{MARGIN}" y="{at(y)}" width="26" height="{THICK}" fill="{fill}" stroke="{LINE}">{words}</rect>'
        return [box, words_at(MARGIN + 32, y + 14, _written(figure, cell))]
    length = cell.value * scale
    paint = f'fill="{COLOURS[order]}"'
    if cell.state is State.PROVISIONAL:
        paint += ' fill-opacity=".45" stroke-dasharray="5 4" stroke="' + COLOURS[order] + '"'
    parts = [f'<rect x="{MARGIN}" y="{at(y)}" width="{at(length)}" height="{THICK}" {paint}>{words}</rect>']
    parts += _texture(order, MARGIN, y, length)
    end = length
    if cell.low is not None and cell.high is not None:
        end, middle = cell.high * scale, at(y + THICK / 2)
        parts.append(
            f'<path d="M{at(MARGIN + cell.low * scale)} {middle}H{at(MARGIN + end)}" stroke="{INK}" stroke-width="2"/>'
        )
    parts.append(words_at(MARGIN + max(end, length) + 6, y + 14, _written(figure, cell)))
    return parts


def _texture(order: int, x: float, y: float, length: float) -> list[str]:
    """White lines along the bar, one more per series, so that series are told apart without colour."""
    if order == 0 or length < 2:
        return []
    gap = THICK / (order + 1)
    path = "".join(f"M{at(x)} {at(y + gap * (i + 1))}h{at(length)}" for i in range(order))
    return [f'<path d="{path}" stroke="{WHITE}" stroke-width="1.2"/>']


def _key(order: int) -> str:
    """The swatch of a series in the legend."""
    texture = "".join(_texture(order, 0, 0, 22))
    return f'<rect width="22" height="{THICK}" fill="{COLOURS[order]}"/>{texture}'
