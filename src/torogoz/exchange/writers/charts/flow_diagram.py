"""Flow diagrams: bands from where people leave to where they arrive, as wide as they are many (a Sankey diagram)."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from torogoz.exchange.writers.charts.figure import (
    COLOURS,
    INK,
    MARGIN,
    QUIET,
    TEXT_HEIGHT,
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
from torogoz.exchange.writers.charts.table import NOT_APPLICABLE, Cell, Row, State, Table

HEIGHT = 320
NODE = 12
AIR = 8
# Thinner than this a band cannot be seen: it is drawn so, and says its figure.
THINNEST = 1.0
# A place needs this much height for its name; smaller ones are drawn, and named in the table and in their words.
NAMED = 20
MOST_PLACES = 15


@dataclass(frozen=True)
class Flow:
    """How many went from one place to another."""

    origin: str
    destination: str
    cell: Cell


@dataclass(frozen=True)
class FlowDiagram:
    """Flows between places, by name. The order of places is that in which the flows first name them.

    left, right  what stands above the places of origin and of destination
    """

    figure: Figure
    flows: Sequence[Flow]
    left: str
    right: str

    def __post_init__(self) -> None:
        pairs = [(one.origin, one.destination) for one in self.flows]
        if not pairs:
            raise ChartUnclear("a flow diagram has at least one flow")
        if len(set(pairs)) != len(pairs):
            raise ChartUnclear("each pair of places is given once")
        if any(one.cell.value is not None and one.cell.value < 0 for one in self.flows):
            raise ChartUnclear("a flow counts people; a count is not negative")
        if max(len(self.origins), len(self.destinations)) > MOST_PLACES:
            raise ChartUnclear(f"more than {MOST_PLACES} places on a side cannot be read; group the smallest")

    @property
    def origins(self) -> list[str]:
        """The places that people leave, in order."""
        return list(dict.fromkeys(one.origin for one in self.flows))

    @property
    def destinations(self) -> list[str]:
        """The places where people arrive, in order."""
        return list(dict.fromkeys(one.destination for one in self.flows))

    def cell(self, origin: str, destination: str) -> Cell:
        """What is known of a pair."""
        found = (one.cell for one in self.flows if (one.origin, one.destination) == (origin, destination))
        return next(found, NOT_APPLICABLE)


def flow_diagram(chart: FlowDiagram) -> str:
    """The diagram as SVG. Bands are drawn from the largest to the smallest, so that small ones stay in sight."""
    figure = chart.figure
    parts, top = heading(figure)
    names = [TEXT_LETTER * max(len(name) for name in side) for side in (chart.origins, chart.destinations)]
    room = (WIDTH - 2 * MARGIN) * 0.3
    left, right = MARGIN + min(names[0], room) + 8, WIDTH - MARGIN - min(names[1], room) - 8
    parts.append(words_at(MARGIN, top + 16, chart.left, kind="b"))
    parts.append(words_at(WIDTH - MARGIN, top + 16, chart.right, anchor="end", kind="b"))
    top += TEXT_HEIGHT + 4
    largest = max(len(chart.origins), len(chart.destinations))
    total = sum(one.cell.value or 0.0 for one in chart.flows)
    scale = (HEIGHT - AIR * (largest - 1)) / total if total else 0.0
    starts = _places(chart, chart.origins, 0, scale)
    ends = _places(chart, chart.destinations, 1, scale)
    parts += _bands(chart, starts, ends, (left + NODE, right - NODE), top, scale)
    deepest = 0.0
    for side, (places, x) in enumerate(((starts, left), (ends, right - NODE))):
        for name, (y, height, value) in places.items():
            words = escape(f"{name}: {figure.number(value)} {figure.unit}")
            box = f'x="{at(x)}" y="{at(top + y)}" width="{NODE}" height="{at(max(height, THINNEST))}"'
            parts.append(f'<rect {box} fill="{INK}"><title>{words}</title></rect>')
            if height + AIR >= NAMED:
                end = x - 6 if side == 0 else x + NODE + 6
                said = _short(name, room)
                anchor = "end" if side == 0 else "start"
                parts.append(words_at(end, top + y + height / 2 + 5, said, anchor=anchor))
            deepest = max(deepest, y + height)
    keys, bottom = legend(state_legend(figure, [one.cell for one in chart.flows]), top + deepest + 14)
    hidden = [one for one in chart.flows if one.cell.value is None and one.cell.state is not State.NOT_APPLICABLE]
    for one in hidden[:MOST_PLACES]:
        text = f"{one.origin} → {one.destination}: {figure.said(one.cell)}"
        parts.append(words_at(MARGIN, bottom + 16, text, kind="cs", fill=QUIET))
        bottom += TEXT_HEIGHT
    return sheet(figure, parts + keys, bottom)


def flow_table(chart: FlowDiagram) -> Table:
    """The same figures as a table: origins down, destinations across."""
    head = [f"{chart.left} \\ {chart.right}", *chart.destinations]
    rows = [Row(origin, [chart.cell(origin, each) for each in chart.destinations]) for origin in chart.origins]
    return Table(chart.figure.title, head, rows, chart.figure.unit, chart.figure.decimals)


Places = dict[str, tuple[float, float, float]]


def _places(chart: FlowDiagram, names: Sequence[str], side: int, scale: float) -> Places:
    """Where each place of a side begins, how high it is, and how many it has."""
    places, y = Places(), 0.0
    for name in names:
        value = sum(one.cell.value or 0.0 for one in chart.flows if (one.origin, one.destination)[side] == name)
        places[name] = (y, value * scale, value)
        y += value * scale + AIR
    return places


def _bands(
    chart: FlowDiagram, starts: Places, ends: Places, between: tuple[float, float], top: float, scale: float
) -> list[str]:
    """One band per flow: its two edges are curves that leave and arrive level."""
    used = {name: y for name, (y, _, _) in starts.items()}
    taken = {name: y for name, (y, _, _) in ends.items()}
    order = {name: place for place, name in enumerate(chart.destinations)}
    colour = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(chart.origins)}
    x0, x1 = between
    middle = (x0 + x1) / 2
    drawn = list[tuple[float, str]]()
    for one in sorted(chart.flows, key=lambda flow: (chart.origins.index(flow.origin), order[flow.destination])):
        if not one.cell.value:
            continue
        wide = one.cell.value * scale
        a, b = top + used[one.origin], top + taken[one.destination]
        used[one.origin] += wide
        taken[one.destination] += wide
        deep = max(wide, THINNEST)
        path = (
            f"M{at(x0)} {at(a)}C{at(middle)} {at(a)} {at(middle)} {at(b)} {at(x1)} {at(b)}V{at(b + deep)}"
            f"C{at(middle)} {at(b + deep)} {at(middle)} {at(a + deep)} {at(x0)} {at(a + deep)}Z"
        )
        words = escape(f"{one.origin} → {one.destination}: {chart.figure.said(one.cell)}")
        dashed = f' stroke="{INK}" stroke-dasharray="5 4"' if one.cell.state is State.PROVISIONAL else ""
        paint = f'fill="{colour[one.origin]}" fill-opacity=".45"{dashed}'
        drawn.append((wide, f'<path d="{path}" {paint}><title>{words}</title></path>'))
    return [path for _, path in sorted(drawn, key=lambda band: -band[0])]


def _short(name: str, room: float) -> str:
    """The name, cut where it would leave its side; its words and the table say it whole."""
    most = int(room / TEXT_LETTER)
    return name if len(name) <= most else f"{name[: most - 1]}…"
