"""The drawings of violence, from the same cells as the tables beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from torogoz.exchange.readers.boundaries import Ring, outlines
from torogoz.exchange.writers.charts.bar import Bar, BarChart, bar, bar_table
from torogoz.exchange.writers.charts.department_map import DepartmentMap, department_map
from torogoz.exchange.writers.charts.figure import Figure
from torogoz.exchange.writers.charts.interval import IntervalChart, Point, interval
from torogoz.exchange.writers.charts.line import LineChart, line, line_table
from torogoz.exchange.writers.charts.plane import Series
from torogoz.exchange.writers.charts.table import NOT_AVAILABLE, Cell, State, Table, cell
from torogoz.shared.sources import queries as sources
from torogoz.shared.sources.files import VintageDamaged
from torogoz.shared.sources.models import UNDATED
from torogoz.statistics.association import Lag
from torogoz.topics.violence.models import Estimate

MOST_BARS = 15


@dataclass(frozen=True)
class Ground:
    """What the figures of a page share: source, date and language."""

    source: str
    released: str
    language: str

    def figure(self, key: str, title: str, description: str, unit: str, decimals: int = 0) -> Figure:
        return Figure(key, title, description, unit, self.source, self.released, self.language, decimals)


def by_institution(
    found: pl.DataFrame, title: str, names: Mapping[str, str], ground: Ground
) -> tuple[SafeString, Table] | None:
    """The counts of each institution: lines by year, or bars where there is one year; None where there is none."""
    years = sorted(found["TIME_PERIOD"].unique().to_list())
    codes = sorted(found["REPORTED_BY"].unique().to_list())
    cells = {
        (row["REPORTED_BY"], row["TIME_PERIOD"]): cell(row["OBS_VALUE"], row["OBS_STATUS"], row["CONF_STATUS"])
        for row in found.iter_rows(named=True)
    }
    if not years:
        return None
    if len(years) == 1:
        bars = [Bar(names.get(code, code), [cells[code, years[0]]]) for code in codes]
        description = _("Una barra por institución. Sus cifras no se suman.")
        figure = ground.figure("institutions", f"{title}, {years[0]}", description, _("víctimas"))
        one_year = BarChart(figure, [years[0]], bars)
        return mark_safe(bar(one_year)), bar_table(one_year)
    series = [
        Series(names.get(code, code), [cells.get((code, year), NOT_AVAILABLE) for year in years]) for code in codes
    ]
    description = _("Una línea por institución: %(names)s. Sus cifras no se suman.") % {
        "names": ", ".join(one.name for one in series)
    }
    chart = LineChart(ground.figure("institutions", title, description, _("víctimas")), years, series)
    return mark_safe(line(chart)), line_table(chart)


def estimate_cell(estimate: Estimate) -> Cell:
    """The figure of an estimate with its interval; the middle of an interval that has no best figure."""
    low, best, high = estimate.low, estimate.best, estimate.high
    if best is None:
        best = (low + high) / 2 if low is not None and high is not None else None
    if best is None:
        return NOT_AVAILABLE
    bounded = low is not None or high is not None
    return Cell(
        best,
        State.KNOWN,
        (best if low is None else low) if bounded else None,
        (best if high is None else high) if bounded else None,
    )


def of_estimates(
    key: str,
    title: str,
    unit: str,
    estimates: Sequence[Estimate],
    recommended: int | None,
    decimals: int,
    ground: Ground,
) -> SafeString:
    """The estimates about the same, each with its interval."""
    points = [Point(_short(each.source), estimate_cell(each), each.pk == recommended) for each in estimates]
    description = _("Un punto por estimación con su intervalo; la tabla que sigue dice método y fuente de cada una.")
    return mark_safe(interval(IntervalChart(ground.figure(key, title, description, unit, decimals), points)))


def of_lags(lags: Sequence[Lag], title: str, ground: Ground) -> SafeString:
    """The association at every lag with its interval, from -1 to 1."""
    points = [
        Point(
            lag_name(each.lag),
            NOT_AVAILABLE if each.coefficient is None else Cell(each.coefficient, State.KNOWN, each.low, each.high),
        )
        for each in lags
    ]
    description = _("Un punto por desfase con su intervalo del 95 %; la raya vertical es cero, ninguna asociación.")
    figure = ground.figure("lags", title, description, _("correlación de rangos, de −1 a 1"), 2)
    return mark_safe(interval(IntervalChart(figure, points, signed=True)))


def lag_name(lag: int) -> str:
    """A lag in words."""
    if lag == 0:
        return _("El mismo año")
    return _("Un año después") if lag == 1 else _("%(years)s años después") % {"years": lag}


def smoothed_cell(row: Mapping[str, object]) -> Cell:
    """The smoothed rate of a place with its interval; protected where its count is."""
    value, low, high = row["SMOOTHED"], row["SMOOTHED_LOW"], row["SMOOTHED_HIGH"]
    if isinstance(value, float) and isinstance(low, float) and isinstance(high, float):
        return Cell(value, State.PROVISIONAL if row["OBS_STATUS"] == "P" else State.KNOWN, low, high)
    return Cell(None, State.SUPPRESSED) if row["CONF_STATUS"] != "F" else NOT_AVAILABLE


def of_departments(frame: pl.DataFrame, names: Mapping[str, str], title: str, ground: Ground) -> SafeString:
    """The map of smoothed rates by department."""
    cells = {row["AREA"]: smoothed_cell(row) for row in frame.iter_rows(named=True)}
    rings, drawn_by = _outlines()
    description = _("Mapa de los 14 departamentos en cinco tonos, de menos a más; la tabla que sigue dice las cifras.")
    figure = ground.figure("map", title, description, _("por 100 000 habitantes, tasa suavizada"), 1)
    return mark_safe(department_map(DepartmentMap(figure, cells, names, rings, drawn_by=drawn_by)))


def of_municipalities(frame: pl.DataFrame, names: Mapping[str, str], title: str, ground: Ground) -> SafeString | None:
    """Bars of the highest smoothed rates with their intervals; None when no rate is known."""
    known = frame.filter(pl.col("SMOOTHED").is_not_null()).sort("SMOOTHED", descending=True).head(MOST_BARS)
    if known.is_empty():
        return None
    bars = [Bar(names.get(row["AREA"], row["AREA"]), [smoothed_cell(row)]) for row in known.iter_rows(named=True)]
    description = _("Barras de los municipios con tasa suavizada más alta; cada una con su intervalo del 95 %.")
    figure = ground.figure("bars", title, description, _("por 100 000 habitantes, tasa suavizada"), 1)
    return mark_safe(bar(BarChart(figure, [_("tasa suavizada")], bars)))


def _outlines() -> tuple[Mapping[str, Sequence[Ring]], str]:
    """The outlines of the departments and whose they are; none draws squares, with the same figures."""
    try:
        drawn = sources.outlines()
    except VintageDamaged:
        return {}, ""
    if drawn is None:
        return {}, ""
    each = drawn.vintage
    edition = "" if each.vintage == UNDATED else each.vintage
    return outlines(drawn.areas), ", ".join(filter(None, (each.publisher, edition, each.licence)))


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
