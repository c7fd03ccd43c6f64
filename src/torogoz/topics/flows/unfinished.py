"""What is not finished: years of which only some months are known, and estimates of what recent months will be."""

from dataclasses import replace

import polars as pl
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.table import State
from torogoz.statistics.border import STD_ERROR
from torogoz.statistics.dataflows import TIME, Dataflow
from torogoz.topics.flows import queries
from torogoz.topics.flows.answers import HIDDEN, periods_of
from torogoz.topics.flows.grids import Grid
from torogoz.topics.flows.questions import Question


def incomplete_years(question: Question, shown: Grid) -> dict[str, str]:
    """The years of a grid of which only some months are known, and which: "2025: de enero a septiembre"."""
    at = shown.row_dimensions.index(TIME) if TIME in shown.row_dimensions else -1
    if shown.column_dimension != TIME and at < 0:
        return {}
    years = sorted(
        {
            period
            for (key, column), cell in shown.cells.items()
            if cell.state is State.PROVISIONAL and len(period := key[at] if at >= 0 else column) == 4
        }
    )
    if not years:
        return {}
    by_month = replace(question.split_by(TIME), first=years[0], last=years[-1], frequency="M", ages="")
    found = queries.figures(by_month)
    known = pl.col("OBS_VALUE").is_not_null()
    if "CONF_STATUS" in found.columns:  # a protected month is known: it is not what the year lacks
        known = known | pl.col("CONF_STATUS").is_in(list(HIDDEN))
    present = periods_of(found.filter(known))
    said = {}
    for year in years:
        months = [int(period[5:7]) for period in present if len(period) == 7 and period[:4] == year]
        if months and (months[0], months[-1]) != (1, 12):
            told = {"year": year, "first": MONTHS[months[0]], "last": MONTHS[months[-1]]}
            several = _("%(year)s está incompleto: de %(first)s a %(last)s.")
            said[year] = (several if months[0] < months[-1] else _("%(year)s está incompleto: solo %(first)s.")) % told
    return said


def with_errors(laid: Grid, flow: Dataflow) -> Grid:
    """A grid of estimates by INDICATOR and month, each figure within two standard errors where the release has one."""
    frame = queries.frame_of(flow)
    if STD_ERROR not in frame.collect_schema() or laid.row_dimensions != ("INDICATOR",):
        return laid
    estimated = frame.filter(pl.col(STD_ERROR).is_not_null()).select("INDICATOR", TIME, STD_ERROR).collect()
    errors = {(indicator, period): error for indicator, period, error in estimated.iter_rows()}
    cells = dict(laid.cells)
    for (key, period), cell in laid.cells.items():
        error = errors.get((key[0], period))
        if cell.value is not None and error is not None:
            cells[key, period] = replace(cell, low=max(cell.value - 2 * error, 0.0), high=cell.value + 2 * error)
    return replace(laid, cells=cells)


def period_head(name: str, *, incomplete: bool) -> str:
    """What a period is called in a table, an incomplete one as incomplete."""
    return _("%(period)s (incompleto)") % {"period": name} if incomplete else name
