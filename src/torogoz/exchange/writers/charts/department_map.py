"""Maps of the 14 departments: five steps of teal, light to dark; protected, not available and zero look different.

Without outlines the departments are squares, set by us where each lies: west to the left, the coast below.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise

from torogoz.exchange.writers.charts.figure import (
    INK,
    MARGIN,
    SMALL_HEIGHT,
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
from torogoz.exchange.writers.charts.numbers import printed
from torogoz.exchange.writers.charts.outlines import Ring, area, fitted, place_for
from torogoz.exchange.writers.charts.table import NOT_AVAILABLE, Cell, Row, Table

TEALS = ("#D3ECEA", "#97CFCE", "#55A5AA", "#25757F", "#0B4F5C")
# On the darker steps a name is written in white.
DARK = 3

# Column and row of each department's square (ISO 3166-2:SV). Neighbours touch, at a side or a corner.
TILES = {
    "SV-SA": (1, 0),
    "SV-CH": (3, 0),
    "SV-CA": (4, 0),
    "SV-MO": (6, 0),
    "SV-AH": (0, 1),
    "SV-SO": (1, 1),
    "SV-LI": (2, 1),
    "SV-SS": (3, 1),
    "SV-CU": (4, 1),
    "SV-SV": (5, 1),
    "SV-SM": (6, 1),
    "SV-UN": (7, 1),
    "SV-PA": (4, 2),
    "SV-US": (5, 2),
}
TILE = (WIDTH - 2 * MARGIN) / 8
# The room of two letters on a phone, with a little air: how wide and how high.
LETTERS = (42.0, 22.0)
EDGE = f'stroke="{WHITE}" stroke-width="6" stroke-linejoin="round" paint-order="stroke"'


@dataclass(frozen=True)
class DepartmentMap:
    """A value per department.

    cells     by code (SV-AH …); a department that is absent is not available
    names     by code, in the language of the figure
    outlines  rings of (longitude, latitude) by code; empty draws the squares
    drawn_by  whose the outlines are and under which licence, said below the map
    breaks    upper ends of the steps but the last, if the caller fixes them (to compare two maps)
    """

    figure: Figure
    cells: Mapping[str, Cell]
    names: Mapping[str, str]
    outlines: Mapping[str, Sequence[Ring]] | None = None
    breaks: Sequence[float] | None = None
    drawn_by: str = ""

    def __post_init__(self) -> None:
        strange = set(self.cells) - set(TILES)
        if strange:
            raise ChartUnclear(f"not departments of ISO 3166-2:SV: {', '.join(sorted(strange))}")
        if any(cell.value is not None and cell.value < 0 for cell in self.cells.values()):
            raise ChartUnclear("a map in five steps from light to dark has no negative values")

    def cell(self, code: str) -> Cell:
        """What is known of a department."""
        return self.cells.get(code, NOT_AVAILABLE)

    def name(self, code: str) -> str:
        """Its name, or its code when no name is given."""
        return self.names.get(code, code)


def department_map(chart: DepartmentMap) -> str:
    """The map as SVG."""
    figure = chart.figure
    if chart.outlines and chart.drawn_by:
        figure = replace(figure, notes=(*figure.notes, f"{figure.words.outlines}: {chart.drawn_by}"))
    values = [printed(cell.value, figure.decimals) for cell in (chart.cell(code) for code in TILES) if cell.value]
    given = [printed(end, figure.decimals) for end in chart.breaks or ()]
    ends = given if chart.breaks is not None else breaks(values, figure.decimals)
    if len(ends) >= len(TEALS) or ends != sorted(set(ends)):
        raise ChartUnclear(f"breaks grow, and are at most {len(TEALS) - 1}: {ends}")
    parts, top = heading(figure)
    drawn, bottom = _outlined(chart, ends, top) if chart.outlines else _tiled(chart, ends, top)
    keys, bottom = legend(_legend(chart, ends, values), bottom + 10)
    said, bottom = _names(chart, bottom)
    return sheet(figure, parts + drawn + keys + said, bottom)


def department_table(chart: DepartmentMap) -> Table:
    """The same figures as a table, departments in alphabetical order."""
    codes = sorted(TILES, key=chart.name)
    rows = [Row(chart.name(code), [chart.cell(code)]) for code in codes]
    head = [chart.figure.words.place, chart.figure.unit]
    return Table(chart.figure.title, head, rows, "", chart.figure.decimals)


def breaks(values: Sequence[float], decimals: int = 0) -> list[float]:
    """The upper ends of the first four of five steps that hold about as many places each, rounded to be read."""
    ordered, ends = sorted(values), list[float]()
    for i in range(1, len(TEALS)):
        if not ordered:
            break
        value = ordered[max(math.ceil(len(ordered) * i / len(TEALS)) - 1, 0)]
        rounded = round(value, max(decimals, 0) if value < 100 else 1 - math.floor(math.log10(value)))
        if rounded > (ends[-1] if ends else 0) and rounded < ordered[-1]:
            ends.append(rounded)
    return ends


def step_of(value: float, ends: Sequence[float]) -> int:
    """Which step a value falls in: the first whose upper end it does not pass. Fewer steps keep to the middle."""
    step = next((i for i, end in enumerate(ends) if value <= end), len(ends))
    return step if len(ends) >= len(TEALS) - 1 else step + (len(TEALS) - 1 - len(ends)) // 2


def _paint(figure: Figure, cell: Cell, ends: Sequence[float]) -> tuple[str, str]:
    """The fill of a department and the colour that is read on it."""
    if cell.value is None:
        return special_fill(figure, cell), INK
    if cell.value == 0:
        return WHITE, INK
    step = step_of(printed(cell.value, figure.decimals), ends)  # by what is read: the legend prints the same decimals
    return TEALS[step], WHITE if step >= DARK else INK


def _tiled(chart: DepartmentMap, ends: Sequence[float], top: float) -> tuple[list[str], float]:
    """The departments as squares, each with its letters and, where it fits, its figure."""
    parts = list[str]()
    for code, (column, row) in TILES.items():
        x, y, cell = MARGIN + column * TILE, top + row * TILE, chart.cell(code)
        fill, ink = _paint(chart.figure, cell, ends)
        title = escape(f"{chart.name(code)}: {chart.figure.said(cell)}")
        parts.append(
            f'<rect x="{at(x + 1)}" y="{at(y + 1)}" width="{at(TILE - 2)}" height="{at(TILE - 2)}" fill="{fill}" '
            f'stroke="{INK}" stroke-width=".8"><title>{title}</title></rect>'
        )
        middle = x + TILE / 2
        if cell.value is None:
            parts.append(f'<circle cx="{at(middle)}" cy="{at(y + TILE / 2)}" r="19" fill="{WHITE}"/>')
            parts.append(words_at(middle, y + TILE / 2 + 6, code[3:], anchor="middle", kind="b"))
            continue
        figure = chart.figure.number(cell.value)
        fits = len(figure) <= 7
        parts.append(
            words_at(middle, y + TILE / 2 - (6 if fits else -6), code[3:], anchor="middle", kind="b", fill=ink)
        )
        if fits:
            parts.append(words_at(middle, y + TILE / 2 + 18, figure, anchor="middle", kind="cs", fill=ink))
    return parts, top + 3 * TILE


def _outlined(chart: DepartmentMap, ends: Sequence[float], top: float) -> tuple[list[str], float]:
    """The departments in their own shapes, each with its letters where it has most room for them."""
    shapes, height = fitted(chart.outlines or {}, WIDTH - 2 * MARGIN)
    parts, letters = list[str](), list[str]()
    for code in sorted(shapes):
        cell = chart.cell(code)
        fill, ink = _paint(chart.figure, cell, ends)
        rings = [[(x + MARGIN, y + top) for x, y in ring] for ring in shapes[code] if len(ring) > 2]
        if not rings:
            continue
        path = "".join(_path(ring) for ring in rings)
        title = escape(f"{chart.name(code)}: {chart.figure.said(cell)}")
        paint = f'fill="{fill}" fill-rule="evenodd" stroke="{INK}" stroke-width=".8"'
        parts.append(f'<path d="{path}" {paint}><title>{title}</title></path>')
        x, y = place_for(max(rings, key=lambda ring: abs(area(ring))), *LETTERS)
        word = words_at(x, y + 6, code[3:], anchor="middle", kind="b", fill=ink)
        # Over hatching or dots the letters have a white edge: as much of the pattern as possible stays in sight.
        letters.append(word.replace("<text ", f"<text {EDGE} ", 1) if cell.value is None else word)
    return parts + letters, top + height


def _path(ring: Sequence[tuple[float, float]]) -> str:
    """A closed ring as a path: where it begins, then steps, which are short to write."""
    (x, y), steps = ring[0], list[str]()
    for (x1, y1), (x2, y2) in pairwise(ring):
        down = at(y2 - y1)
        steps.append(f"l{at(x2 - x1)}{'' if down.startswith('-') else ' '}{down}")
    return f"M{at(x)} {at(y)}{''.join(steps)}z"


def _names(chart: DepartmentMap, top: float) -> tuple[list[str], float]:
    """What the letters stand for, with the figure of each: two columns, downwards, and where they end."""
    parts, codes, width = list[str](), sorted(TILES), (WIDTH - 2 * MARGIN) / 2
    rows = math.ceil(len(codes) / 2)
    for i, code in enumerate(codes):
        x, y, cell = MARGIN + i // rows * width, top + SMALL_HEIGHT * (i % rows + 1) - 5, chart.cell(code)
        end = x + width - (28 if i < rows else 0)
        parts.append(words_at(x, y, f"{code[3:]} {chart.name(code)}", kind="cs"))
        if cell.value is None:  # the sign of the legend: its words would run into the name on a phone
            box = f'x="{at(end - 22)}" y="{at(y - 12)}" width="22" height="14"'
            parts.append(f'<rect {box} fill="{special_fill(chart.figure, cell)}" stroke="{INK}" stroke-width=".7"/>')
        else:
            parts.append(words_at(end, y, chart.figure.number(cell.value), anchor="end", kind="cs"))
    return parts, top + SMALL_HEIGHT * rows


def _legend(chart: DepartmentMap, ends: Sequence[float], values: Sequence[float]) -> list[tuple[str, str]]:
    """The steps with their breaks, then zero and the states without number that the map has."""
    figure, items = chart.figure, list[tuple[str, str]]()
    if values:
        smallest = 10**-figure.decimals
        edges = [min(min(values), ends[0] if ends else math.inf), *ends, max(*values, ends[-1] if ends else 0)]
        for i, (low, high) in enumerate(pairwise(edges)):
            start = low if i == 0 else low + smallest
            name = figure.number(high) if start >= high else f"{figure.number(start)}–{figure.number(high)}"
            items.append((TEALS[step_of(high, ends)], name))
    cells = [chart.cell(code) for code in TILES]
    if any(cell.value == 0 for cell in cells):
        items.append((WHITE, figure.words.zero))
    return items + state_legend(figure, cells)
