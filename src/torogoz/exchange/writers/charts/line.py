"""Lines over time: a gap is a gap, what is provisional is dashed, and an interval is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from statistics import median

from torogoz.exchange.writers.charts.figure import (
    COLOURS,
    INK,
    LINE,
    MARGIN,
    QUIET,
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
from torogoz.exchange.writers.charts.numbers import written
from torogoz.exchange.writers.charts.scale import digits, steps, year_of
from torogoz.exchange.writers.charts.table import Cell, Row, State, Table

HEIGHT = 250
STRIP = 12
# Half of four digits when the text is at its largest: the last year is not cut at the edge.
HALF_YEAR = 30
# A pause longer than this many usual steps is a gap, and no line crosses it.
LONGEST_STEP = 1.6
# With more points than this, marks would hide the line: only a small dot is left, to carry its words.
MOST_SHAPES = 40


@dataclass(frozen=True)
class Series:
    """One line: its name and one cell per period of the chart."""

    name: str
    cells: Sequence[Cell]


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


@dataclass(frozen=True)
class _Plane:
    """Where values fall on the sheet."""

    left: float
    top: float
    first: float
    last: float
    highest: float

    def x(self, year: float) -> float:
        span = self.last - self.first
        return self.left + 8 + (WIDTH - 32 - self.left) * ((year - self.first) / span if span else 0.5)

    def y(self, value: float) -> float:
        return self.top + HEIGHT * (1 - value / self.highest)


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
    plane = _Plane(left, top + 14, years[0], years[-1], marks[-1])
    for mark, name in zip(marks, names, strict=True):
        y = plane.y(mark)
        stroke = INK if mark == 0 else LINE
        parts.append(f'<path d="M{at(left)} {at(y)}H{WIDTH - 14}" stroke="{stroke}"/>')
        parts.append(words_at(left - 6, y + 5, name, anchor="end", fill=QUIET))
    for i, one in enumerate(chart.series):
        parts += _drawn(chart, one, i, years, plane, named=several)
    base = top + 14 + HEIGHT
    parts += _years(years, plane, base + STRIP)
    items = state_legend(figure, cells)
    if any(cell.state is State.PROVISIONAL for cell in cells):
        items.append(
            (f'<path d="M0 7H22" stroke="{INK}" stroke-width="2.5" stroke-dasharray="5 4"/>', figure.words.provisional)
        )
    if any(cell.low is not None for cell in cells):
        items.append((f'<rect width="22" height="14" fill="{COLOURS[0]}" fill-opacity=".2"/>', figure.words.interval))
    keys, bottom = legend(items, base + STRIP + 30)
    return sheet(figure, parts + keys, bottom)


def line_table(chart: LineChart) -> Table:
    """The same figures as a table: one row per period, one column per series, bounds where there are any."""
    words, columns = chart.figure.words, list[tuple[str, list[Cell]]]()
    for one in chart.series:
        columns.append((one.name, list(one.cells)))
        if any(cell.low is not None for cell in one.cells):
            columns.append((f"{one.name}, {words.low}", [_bound(cell, cell.low) for cell in one.cells]))
            columns.append((f"{one.name}, {words.high}", [_bound(cell, cell.high) for cell in one.cells]))
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


def _bound(cell: Cell, bound: float | None) -> Cell:
    """The cell of one bound of an interval."""
    if bound is None:
        return Cell(None, State.NOT_AVAILABLE if cell.value is not None else cell.state)
    return Cell(bound, cell.state)


def _runs(cells: Sequence[Cell], years: Sequence[float]) -> Iterator[list[int]]:
    """The positions of points that a line may join: known, and no gap between them."""
    usual = median(b - a for a, b in pairwise(years)) if len(years) > 1 else 1.0
    run: list[int] = []
    for i, cell in enumerate(cells):
        if cell.value is None:
            if run:
                yield run
            run = []
            continue
        if run and years[i] - years[run[-1]] > LONGEST_STEP * usual:
            yield run
            run = []
        run.append(i)
    if run:
        yield run


def _drawn(
    chart: LineChart, one: Series, order: int, years: Sequence[float], plane: _Plane, *, named: bool
) -> list[str]:
    """One series: bands of intervals, runs of line, a mark at each point, a sign where there is no number."""
    colour, parts = COLOURS[order], list[str]()
    for run in _runs(one.cells, years):
        parts += _band([(plane.x(years[i]), one.cells[i]) for i in run], colour, plane)
        solid, dashed = list[str](), list[str]()
        for a, b in pairwise(run):
            provisional = State.PROVISIONAL in (one.cells[a].state, one.cells[b].state)
            ends = [(plane.x(years[i]), plane.y(one.cells[i].value or 0)) for i in (a, b)]
            path = dashed if provisional else solid
            begins = (
                ""
                if path and path[-1].endswith(f"{at(ends[0][0])} {at(ends[0][1])}")
                else (f"M{at(ends[0][0])} {at(ends[0][1])}")
            )
            path.append(f"{begins}L{at(ends[1][0])} {at(ends[1][1])}")
        for path, dash in ((solid, ""), (dashed, ' stroke-dasharray="5 4"')):
            if path:
                parts.append(
                    f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="2.5" '
                    f'stroke-linejoin="round"{dash}/>'
                )
    many = len(chart.periods) > MOST_SHAPES
    for period, year, cell in zip(chart.periods, years, one.cells, strict=True):
        prefix = f"{one.name}, {period}" if named else period
        words = f"<title>{escape(f'{prefix}: {chart.figure.said(cell)}')}</title>"
        if cell.value is None:
            if cell.state is not State.NOT_APPLICABLE:
                fill = special_fill(chart.figure, cell)
                box = f'x="{at(plane.x(year) - 4)}" y="{at(plane.top + HEIGHT + 2)}" width="8" height="9"'
                parts.append(f'<rect {box} fill="{fill}" stroke="{QUIET}" stroke-width=".6">{words}</rect>')
            continue
        parts.append(_mark(order, plane.x(year), plane.y(cell.value), colour, words, small=many))
    return parts


def _band(points: Sequence[tuple[float, Cell]], colour: str, plane: _Plane) -> list[str]:
    """The intervals of a run: a band between neighbours that both have one, a bar where one stands alone."""
    bounded = [(x, cell.low, cell.high) for x, cell in points if cell.low is not None and cell.high is not None]
    if len(bounded) == len(points) > 1:
        over = [f"{at(x)} {at(plane.y(high))}" for x, _, high in bounded]
        under = [f"{at(x)} {at(plane.y(low))}" for x, low, _ in reversed(bounded)]
        return [f'<path d="M{"L".join(over + under)}Z" fill="{colour}" fill-opacity=".2"/>']
    return [
        f'<path d="M{at(x)} {at(plane.y(low))}V{at(plane.y(high))}" stroke="{colour}" '
        f'stroke-width="6" stroke-opacity=".35"/>'
        for x, low, high in bounded
    ]


def _mark(order: int, x: float, y: float, colour: str, words: str, *, small: bool = False) -> str:
    """The mark of a point: a shape per series, so that series are told apart without colour."""
    r = 2.0 if small else 4.5
    paint = f'fill="{colour}"' if order % 2 == 0 else f'fill="{WHITE}" stroke="{colour}" stroke-width="2"'
    if order in (0, 3):
        return f'<circle cx="{at(x)}" cy="{at(y)}" r="{at(r)}" {paint}>{words}</circle>'
    if order in (1, 4):
        return f'<rect x="{at(x - r)}" y="{at(y - r)}" width="{at(2 * r)}" height="{at(2 * r)}" {paint}>{words}</rect>'
    return f'<path d="M{at(x)} {at(y - r * 1.3)}l{at(r * 1.3)} {at(r * 2.2)}h{at(-r * 2.6)}z" {paint}>{words}</path>'


def _key(order: int) -> str:
    """The swatch of a series in the legend: its line with its mark."""
    return f'<path d="M0 7H22" stroke="{COLOURS[order]}" stroke-width="2.5"/>{_mark(order, 11, 7, COLOURS[order], "")}'


def _years(years: Sequence[float], plane: _Plane, top: float) -> list[str]:
    """The axis of time: at most seven whole years, evenly apart."""
    first, last = int(years[0]), int(years[-1])
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step <= 6)
    parts = []
    for year in range(first + (-first % step if step > 1 else 0), last + 1, step):
        if year < plane.first - 1e-9:
            if last > first:
                continue
            x = plane.x(years[0])
        else:
            x = plane.x(year)
        parts.append(f'<path d="M{at(x)} {at(top - STRIP)}v{STRIP + 4}" stroke="{QUIET}"/>')
        parts.append(words_at(min(x, WIDTH - HALF_YEAR), top + 22, str(year), anchor="middle", fill=QUIET))
    return parts
