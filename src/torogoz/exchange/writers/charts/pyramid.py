"""Population pyramids: men to the left, women to the right, one scale for both."""

from collections.abc import Sequence
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
from torogoz.exchange.writers.charts.table import Cell, Row, Table

MIDDLE = WIDTH / 2
GUTTER = 44
ROW = 24
SIDE = MIDDLE - GUTTER - 2 * MARGIN
WOMEN, MEN = COLOURS[:2]
"""As in lines and bars by sex, where women come first: a reader keeps one colour for each."""


@dataclass(frozen=True)
class Band:
    """One age group, both sexes."""

    name: str
    men: Cell
    women: Cell


@dataclass(frozen=True)
class Pyramid:
    """Age groups from the youngest to the oldest. `unknown` (age or sex) is noted, not drawn."""

    figure: Figure
    bands: Sequence[Band]
    unknown: Cell | None = None

    def __post_init__(self) -> None:
        if not self.bands:
            raise ChartUnclear("a pyramid has at least one age group")
        if any(c.value is not None and c.value < 0 for band in self.bands for c in (band.men, band.women)):
            raise ChartUnclear("a pyramid counts people; a count is not negative")


def pyramid(chart: Pyramid) -> str:
    """The pyramid as SVG, the oldest on top."""
    figure, words = chart.figure, chart.figure.words
    cells = [cell for band in chart.bands for cell in (band.men, band.women)]
    parts, top = heading(figure)
    marks = steps(max((cell.value for cell in cells if cell.value is not None), default=0.0), 3)
    scale, places = SIDE / marks[-1], digits(marks)
    left, right = MIDDLE - GUTTER, MIDDLE + GUTTER
    parts.append(words_at(left, top + 16, words.men, anchor="end", kind="b"))
    parts.append(words_at(right, top + 16, words.women, kind="b"))
    parts.append(words_at(MIDDLE, top + 16, words.age, anchor="middle", fill=QUIET))
    top += TEXT_HEIGHT
    base = top + ROW * len(chart.bands)
    for mark in marks:
        name = written(mark, figure.language, places)
        stroke = INK if mark == 0 else LINE
        for x in (left - mark * scale, right + mark * scale):
            parts.append(f'<path d="M{at(x)} {at(top)}V{at(base + 4)}" stroke="{stroke}"/>')
            if mark in (0, marks[-1]) or len(marks) <= 3 or len(name) <= 5:
                parts.append(words_at(_inside(x, len(name)), base + 22, name, anchor="middle", fill=QUIET))
    for i, band in enumerate(reversed(chart.bands)):
        y = top + i * ROW
        parts.append(words_at(MIDDLE, y + 17, band.name, anchor="middle"))
        parts.append(_half(figure, band.men, left, -scale, y, MEN, f"{words.men}, {band.name}"))
        parts.append(_half(figure, band.women, right, scale, y, WOMEN, f"{words.women}, {band.name}"))
    keys, bottom = legend(state_legend(figure, cells), base + 30)
    if chart.unknown is not None:
        text = f"{words.unknown}: {figure.said(chart.unknown)}"
        parts.append(words_at(MARGIN, bottom + 16, text, kind="cs"))
        bottom += TEXT_HEIGHT
    return sheet(figure, parts + keys, bottom)


def pyramid_table(chart: Pyramid) -> Table:
    """The same figures as a table: one row per age group, youngest first, men and women."""
    words = chart.figure.words
    rows = [Row(band.name, [band.men, band.women]) for band in chart.bands]
    head = [words.age, words.men, words.women]
    return Table(chart.figure.title, head, rows, chart.figure.unit, chart.figure.decimals)


def _inside(x: float, letters: int) -> float:
    """Where a mark's name is centred so that it stays on the sheet."""
    half = letters * 5.6
    return min(max(x, half + 2), WIDTH - half - 2)


def _half(figure: Figure, cell: Cell, base: float, scale: float, y: float, colour: str, name: str) -> str:
    """One side of one age group. What has no number is a small sign at the axis, never a bar and never nothing."""
    title = f"<title>{escape(f'{name}: {figure.said(cell)}')}</title>"
    if cell.value is None:
        x = base if scale > 0 else base - 18
        fill = special_fill(figure, cell)
        return f'<rect x="{at(x)}" y="{at(y + 4)}" width="18" height="{ROW - 8}" fill="{fill}">{title}</rect>'
    width = cell.value * abs(scale)
    x = base if scale > 0 else base - width
    return f'<rect x="{at(x)}" y="{at(y + 2)}" width="{at(width)}" height="{ROW - 4}" fill="{colour}">{title}</rect>'
