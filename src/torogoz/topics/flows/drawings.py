"""Which drawings belong beside an answer, and how they are made from the same cells as its table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.bar import Bar, BarChart, bar, bar_table
from torogoz.exchange.writers.charts.department_map import TILES, DepartmentMap, department_map, department_table
from torogoz.exchange.writers.charts.figure import ChartUnclear, Figure
from torogoz.exchange.writers.charts.flow_diagram import MOST_PLACES, Flow, FlowDiagram, flow_diagram, flow_table
from torogoz.exchange.writers.charts.line import LineChart, line, line_table
from torogoz.exchange.writers.charts.numbers import written
from torogoz.exchange.writers.charts.outlines import Ring
from torogoz.exchange.writers.charts.plane import Series
from torogoz.exchange.writers.charts.pyramid import Band, Pyramid, pyramid, pyramid_table
from torogoz.exchange.writers.charts.small_multiples import SmallMultiples, small_multiples, small_multiples_table
from torogoz.exchange.writers.charts.table import Cell, State, Table
from torogoz.statistics.dataflows import TIME
from torogoz.topics.flows.grids import Grid, Key

MOST_LINES = 5
MOST_BARS = 15
MOST_PANELS = 8
Label = Callable[[str, str], str]
CHILD_OR_ADULT = ("Y_LT18", "Y_GE18", "_T", "_U")


@dataclass(frozen=True)
class Drawing:
    """One figure: its SVG, the same numbers as a table, the question that it answers, the line that embeds it."""

    kind: str
    title: str
    svg: SafeString
    table: Table
    query: str = ""
    embedding: str = ""


@dataclass(frozen=True)
class Ground:
    """What every figure of a page shares.

    outlines  rings of each department by code, for the map; empty draws the squares
    drawn_by  whose outlines these are, and under which licence
    notes     what stands below each figure: which periods are incomplete
    """

    title: str
    unit: str
    source: str
    released: str
    language: str
    decimals: int
    outlines: Mapping[str, Sequence[Ring]] = field(default_factory=dict)
    drawn_by: str = ""
    notes: tuple[str, ...] = ()

    def figure(self, kind: str, title: str, description: str) -> Figure:
        return Figure(
            f"figure-{kind}",
            title,
            description,
            self.unit,
            self.source,
            self.released,
            self.language,
            self.decimals,
            self.notes,
        )

    def titled(self, title: str) -> "Ground":
        return replace(self, title=title)


def main_drawing(shown: Grid, ground: Ground, label: Label) -> Drawing | None:
    """Lines when time is in the answer, bars when it is not; nothing when there is nothing to draw."""
    if not shown.rows or any((cell.value or 0) < 0 for cell in shown.cells.values()):
        return None
    try:
        one_period = shown.column_dimension == TIME and len(shown.columns) == 1 and len(shown.widest()) > 1
        if not one_period and TIME in (shown.column_dimension, *shown.row_dimensions[:1]):
            return _lines(shown, ground, label)
        return _bars(shown, ground, label)
    except ChartUnclear:
        return None  # periods of different lengths, say, which no axis can carry: the table says it all


def months_drawing(shown: Grid, ground: Ground, label: Label) -> Drawing | None:
    """Lines by month, beside a main drawing by year."""
    return _lines(shown, ground, label, "months")


def estimates_drawing(shown: Grid, ground: Ground, label: Label) -> Drawing | None:
    """Lines by month of estimates that are still revised, apart from what was counted, within two standard errors."""
    return _lines(shown, ground, label, "estimates", interval=_("la cifra más o menos dos errores estándar"))


def _lines(shown: Grid, ground: Ground, label: Label, kind: str = "line", interval: str = "") -> Drawing | None:
    """One line per row (the largest ones), or per column when periods go down the page."""
    if shown.column_dimension == TIME:
        keys: Sequence[Key] = _largest(shown, MOST_LINES) or shown.rows[:1]
        series = [
            Series(row_name(shown, key, label), [shown.at(key, period) for period in shown.columns]) for key in keys
        ]
        across = list(shown.columns)
    elif len(shown.row_dimensions) == 1:
        ordered = sorted(shown.parts())
        across = [key[0] for key in ordered]
        series = [
            Series(label(shown.column_dimension, column) or ground.title, [shown.at(key, column) for key in ordered])
            for column in shown.columns[: MOST_LINES + 1]
        ]
    else:
        return None
    if len(across) < 2:
        return None
    left_out = len(shown.widest()) - len(series) if shown.column_dimension == TIME else 0
    description = _("Líneas de %(first)s a %(last)s: %(names)s.") % {
        "first": across[0],
        "last": across[-1],
        "names": "; ".join(_named(one, across, ground) for one in series),
    }
    title = ground.title
    if left_out > 0:
        title = _("%(title)s: las %(count)s mayores") % {"title": title, "count": len(series)}
    figure = replace(ground.figure(kind, title, description), interval=interval)
    chart = LineChart(figure, across, series)
    return Drawing(kind, title, mark_safe(line(chart)), line_table(chart))


def panels_drawing(shown: Grid, ground: Ground, label: Label) -> Drawing | None:
    """One panel per row over time, when there are more rows than lines can tell apart."""
    parts = shown.widest()
    if shown.column_dimension != TIME or len(parts) <= MOST_LINES or len(shown.columns) < 2:
        return None
    keys = _largest(shown, MOST_PANELS)
    panels = [Series(row_name(shown, key, label), [shown.at(key, period) for period in shown.columns]) for key in keys]
    title = ground.title
    if len(parts) > len(keys):
        title = _("%(title)s: las %(count)s mayores") % {"title": title, "count": len(keys)}
    description = _("%(count)s cuadros con una línea cada uno, de %(first)s a %(last)s.") % {
        "count": len(keys),
        "first": shown.columns[0],
        "last": shown.columns[-1],
    }
    try:
        figure = ground.figure("panels", title, description)
        chart = SmallMultiples(figure, shown.columns, panels, own_scale=_too_far_apart(panels))
        return Drawing("panels", title, mark_safe(small_multiples(chart)), small_multiples_table(chart))
    except ChartUnclear:
        return None


def _too_far_apart(panels: Sequence[Series]) -> bool:
    """Whether on one scale the usual panel would lie flat on its axis: its peak is under a tenth of the highest."""
    peaks = sorted(max((cell.value or 0 for cell in one.cells), default=0) for one in panels)
    return peaks[len(peaks) // 2] * 10 < peaks[-1]


def diagram_drawing(shown: Grid, ground: Ground, label: Label) -> Drawing | None:
    """Bands from places of origin to places of destination, when the grid is one of countries by countries.

    Where there are more places than can be read, the largest are drawn, and the title says so.
    """
    if {*shown.row_dimensions, shown.column_dimension} != {"COUNTERPART_AREA", "REF_AREA"}:
        return None
    rows, columns = shown.parts(), [column for column in shown.columns if column != "_T"]
    if len(rows) < 2 and len(columns) < 2:
        return None
    kept_rows = _most(rows, lambda row: sum(shown.at(row, column).value or 0 for column in columns))
    kept_columns = _most(columns, lambda column: sum(shown.at(row, column).value or 0 for row in rows))
    leaving_first = shown.row_dimensions == ("COUNTERPART_AREA",)
    flows = []
    for row in kept_rows:
        for column in kept_columns:
            cell = shown.at(row, column)
            here, there = label(shown.row_dimensions[0], row[0]), label(shown.column_dimension, column)
            if cell.value or cell.state is State.SUPPRESSED:
                flows.append(Flow(here, there, cell) if leaving_first else Flow(there, here, cell))
    if not flows:
        return None
    title = ground.title
    if (len(kept_rows), len(kept_columns)) != (len(rows), len(columns)):
        title = _("%(title)s: los %(count)s lugares mayores") % {"title": title, "count": MOST_PLACES}
    description = _("Bandas de cada lugar de origen a cada lugar de destino, tan anchas como son las personas.")
    chart = FlowDiagram(ground.figure("diagram", title, description), flows, _("Origen"), _("Destino"))
    return Drawing("diagram", title, mark_safe(flow_diagram(chart)), flow_table(chart))


def _most(names: Sequence[Any], size: Callable[[Any], float]) -> list[Any]:
    """The largest of the names that one side of a diagram can show, in their own order."""
    kept = sorted(names, key=size, reverse=True)[:MOST_PLACES]
    return [name for name in names if name in kept]


def _largest(shown: Grid, most: int) -> Sequence[Key]:
    """The largest rows among those of one level of places, in the order of the table."""
    comparable = shown.widest()
    kept = set(sorted(comparable, key=shown.size, reverse=True)[:most])
    return [key for key in comparable if key in kept]


def _named(one: Series, periods: Sequence[str], ground: Ground) -> str:
    """A series in words: its name, unless it is the only one and has the title's, and its ends."""
    ends = _ends(one, periods, ground)
    return ends if one.name == ground.title else f"{one.name}, {ends}"


def _ends(one: Series, periods: Sequence[str], ground: Ground) -> str:
    """The first and the last known figure of a series, each with its period, in words."""
    known = [(period, cell.value) for period, cell in zip(periods, one.cells, strict=True) if cell.value is not None]
    if not known:
        return _("sin cifras")
    (begins, first), (ends, last) = known[0], known[-1]
    said = {
        "begins": begins,
        "ends": ends,
        "first": written(first, ground.language, ground.decimals),
        "last": written(last, ground.language, ground.decimals),
    }
    if begins == ends:
        return _("solo %(begins)s: %(first)s") % said
    return _("de %(first)s (%(begins)s) a %(last)s (%(ends)s)") % said


def _bars(shown: Grid, ground: Ground, label: Label) -> Drawing | None:
    parts = _largest(shown, MOST_BARS)
    columns = shown.columns[:MOST_LINES]
    if not parts:
        return None
    bars = [Bar(row_name(shown, key, label), [shown.at(key, column) for column in columns]) for key in parts]
    series = [label(shown.column_dimension, column) if column else ground.unit for column in columns]
    title = ground.title
    if len(shown.widest()) > len(parts):
        title = _("%(title)s: las %(count)s mayores") % {"title": title, "count": len(parts)}
    description = _("Barras de %(count)s categorías; la tabla que sigue dice las mismas cifras.") % {"count": len(bars)}
    chart = BarChart(ground.figure("bar", title, description), series, bars)
    return Drawing("bar", title, mark_safe(bar(chart)), bar_table(chart))


def pyramid_drawing(shown: Grid, ground: Ground, label: Label) -> Drawing | None:
    """The pyramid of a grid of AGE by SEX, from the age groups that do not overlap."""
    bands = [key for key in shown.rows if key[0] not in CHILD_OR_ADULT]
    if shown.row_dimensions != ("AGE",) or not bands or not {"F", "M"} <= set(shown.columns):
        return None
    ordered = sorted(bands, key=lambda key: _age(key[0]))
    drawn = [Band(_short_age(key[0]), men=shown.at(key, "M"), women=shown.at(key, "F")) for key in ordered]
    unknown = _not_drawn(shown, ordered)
    description = _(
        "Pirámide por edad y sexo, de %(first)s a %(last)s; hombres a la izquierda, mujeres a la derecha."
    ) % {
        "first": label("AGE", ordered[0][0]),
        "last": label("AGE", ordered[-1][0]),
    }
    chart = Pyramid(ground.figure("pyramid", ground.title, description), drawn, unknown)
    return Drawing("pyramid", ground.title, mark_safe(pyramid(chart)), pyramid_table(chart))


def _not_drawn(shown: Grid, drawn: Sequence[Key]) -> Cell | None:
    """How many the total has beyond those drawn: of unknown age or sex. None when a protected figure hides it."""
    total = shown.at(("_T",), "_T").value
    parts = [shown.at(key, sex).value for key in drawn for sex in ("F", "M")]
    if total is None or None in parts:
        return None
    left = total - sum(value for value in parts if value is not None)
    return Cell(left) if left > 0 else None


def map_drawing(shown: Grid, ground: Ground, label: Label) -> Drawing | None:
    """The map of departments of a grid by REF_AREA, from its last column."""
    column = shown.columns[-1] if shown.columns else ""
    cells = {key[0]: shown.at(key, column) for key in shown.rows if key[0] in TILES}
    if not cells:
        return None
    names: Mapping[str, str] = {code: label("REF_AREA", code) for code in TILES}
    description = _("Mapa de los 14 departamentos en cinco tonos, de menos a más; la tabla que sigue dice las cifras.")
    figure = ground.figure("map", ground.title, description)
    chart = DepartmentMap(figure, cells, names, ground.outlines, drawn_by=ground.drawn_by)
    return Drawing("map", ground.title, mark_safe(department_map(chart)), department_table(chart))


def row_name(shown: Grid, key: Key, label: Label) -> str:
    """What a row is called: the names of its codes."""
    if not shown.row_dimensions:
        return _("Total")
    return " · ".join(label(name, code) for name, code in zip(shown.row_dimensions, key, strict=False))


def _age(code: str) -> int:
    digits = "".join(sign for sign in code.split("T")[0] if sign.isdigit())
    return int(digits or 0)


def _short_age(code: str) -> str:
    """An age group short enough for the middle of a pyramid: 0–4, 85+."""
    if code.startswith("Y_GE"):
        return f"{code[4:]}+"
    first, dash, last = code.removeprefix("Y").partition("T")
    return f"{first}–{last}" if dash else code
