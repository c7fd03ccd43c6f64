"""Where lines are drawn: a plane of time by value, its series with their gaps and intervals, its axis of years."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from statistics import median

from torogoz.exchange.writers.charts.figure import COLOURS, QUIET, WHITE, WIDTH, Figure, at, special_fill, words_at
from torogoz.exchange.writers.charts.scale import year_of
from torogoz.exchange.writers.charts.table import Cell, State

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
class Plane:
    """Where values fall on the sheet: from `left` to `right`, from `top` down by `height`; years across, values up."""

    left: float
    top: float
    first: float
    last: float
    highest: float
    right: float = WIDTH
    height: float = HEIGHT

    def x(self, year: float) -> float:
        span = self.last - self.first
        return self.left + 8 + (self.right - 32 - self.left) * ((year - self.first) / span if span else 0.5)

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.highest)


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


def drawn(
    figure: Figure, one: Series, order: int, periods: Sequence[str], plane: Plane, *, named: bool, small: bool = False
) -> list[str]:
    """One series: bands of intervals, runs of line, a mark at each point, a sign where there is no number.

    small  in a panel: marks only where a point stands alone and at the last one; the table says each figure
    """
    colour, parts, years = COLOURS[order], list[str](), [year_of(period) for period in periods]
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
    many = small or len(periods) > MOST_SHAPES
    marked = _alone_or_last(one.cells, years) if small else range(len(periods))
    for i, (period, year, cell) in enumerate(zip(periods, years, one.cells, strict=True)):
        prefix = f"{one.name}, {period}" if named else period
        words = f"<title>{escape(f'{prefix}: {figure.said(cell)}')}</title>"
        if cell.value is None:
            if cell.state is not State.NOT_APPLICABLE:
                fill = special_fill(figure, cell)
                box = f'x="{at(plane.x(year) - 4)}" y="{at(plane.top + plane.height + 2)}" width="8" height="9"'
                parts.append(f'<rect {box} fill="{fill}" stroke="{QUIET}" stroke-width=".6">{words}</rect>')
            continue
        if i in marked:
            parts.append(point_mark(order, plane.x(year), plane.y(cell.value), colour, words, small=many))
    return parts


def _alone_or_last(cells: Sequence[Cell], years: Sequence[float]) -> set[int]:
    """The positions of the points that no line joins, and of the last known one."""
    runs = list(_runs(cells, years))
    return {run[0] for run in runs if len(run) == 1} | {run[-1] for run in runs[-1:]}


def _band(points: Sequence[tuple[float, Cell]], colour: str, plane: Plane) -> list[str]:
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


def point_mark(order: int, x: float, y: float, colour: str, words: str, *, small: bool = False) -> str:
    """The mark of a point: a shape per series, so that series are told apart without colour."""
    r = 2.0 if small else 4.5
    paint = f'fill="{colour}"' if order % 2 == 0 else f'fill="{WHITE}" stroke="{colour}" stroke-width="2"'
    if order in (0, 3):
        return f'<circle cx="{at(x)}" cy="{at(y)}" r="{at(r)}" {paint}>{words}</circle>'
    if order in (1, 4):
        return f'<rect x="{at(x - r)}" y="{at(y - r)}" width="{at(2 * r)}" height="{at(2 * r)}" {paint}>{words}</rect>'
    return f'<path d="M{at(x)} {at(y - r * 1.3)}l{at(r * 1.3)} {at(r * 2.2)}h{at(-r * 2.6)}z" {paint}>{words}</path>'


def year_axis(years: Sequence[float], plane: Plane, top: float, ends: tuple[str, str] | None = None) -> list[str]:
    """The axis of time: at most seven whole years, evenly apart; with `ends`, these where all is in two years.

    Where hardly a year begins within the axis, years alone would not say when it begins and ends.
    """
    if ends is not None and int(years[-1]) - int(years[0]) <= 1:
        sides = ((plane.x(years[0]), ends[0], "start"), (plane.x(years[-1]), ends[1], "end"))
        ticks = [f'<path d="M{at(x)} {at(top - STRIP)}v{STRIP + 4}" stroke="{QUIET}"/>' for x, _, _ in sides]
        return ticks + [words_at(x, top + 22, text, anchor=side, fill=QUIET) for x, text, side in sides]
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
        parts.append(words_at(min(x, plane.right - HALF_YEAR), top + 22, str(year), anchor="middle", fill=QUIET))
    return parts
