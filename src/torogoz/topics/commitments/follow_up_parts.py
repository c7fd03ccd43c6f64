"""The block of the follow-up on the page of a commitment, and on the screen where an institution reports."""

from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.figure import ChartUnclear, Figure
from torogoz.exchange.writers.charts.line import LineChart, line, line_table
from torogoz.exchange.writers.charts.plane import Series
from torogoz.exchange.writers.charts.table import NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, Cell, State, Table
from torogoz.shared.places.queries import departments
from torogoz.shared.provisions.models import Provision
from torogoz.shared.releases.files import ReleaseDamaged
from torogoz.shared.sources.files import VintageDamaged
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.statistics.deliberation.progress import Method
from torogoz.statistics.deliberation.readings import Newest
from torogoz.topics.commitments import follow_up_pages, public_queries
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.duty_queries import answers_for
from torogoz.topics.commitments.follow_up_words import DIRECTIONS, METHODS, MILESTONES
from torogoz.topics.commitments.published import MeasureLine, ReadingLine, SeriesLine
from torogoz.topics.commitments.reading_queries import binding_called, drawn

TEMPLATE = "commitments/follow_up_part.html"


def of_provision(provision: Provision, asker: object, now: datetime) -> dict[str, Any]:
    """Three columns, measures, series, reports and assessments of a commitment, and what who asks may do."""
    found = public_queries.public_follow_up([provision], now)[provision.pk]
    return {
        "provision": provision,
        "columns": follow_up_pages.columns(found),
        "measures": [measure(each) for each in found.measures],
        "series": [series(each, number) for number, each in enumerate(found.series, start=1)],
        "reports": [(each, follow_up_pages.shown(each.status)) for each in found.reports],
        "assessments": [(each, follow_up_pages.shown(each.status)) for each in found.assessments],
        "may_reply": bool(answers_for(asker, provision, now)),
        "may_assess": bool(rights.assesses_for(asker, now)),
        "may_convene": bool(rights.to_convene(asker, now)),
        "may_report": bool(rights.reports_for(asker, now)),
        "made_up": any(
            (
                *(each.made_up for each in found.measures),
                *(each.made_up for each in found.series),
                *(each.made_up for each in found.reports),
                *(each.made_up for each in found.assessments),
            )
        ),
    }


def measure(found: MeasureLine) -> dict[str, Any]:
    """A measure with its places by name and its milestones in words."""
    names = dict(departments())
    progress = found.progress
    return {
        "line": found,
        "places": ", ".join(names.get(code, code) for code in found.places),
        "milestones": [(each, str(MILESTONES[each.state])) for each in found.milestones],
        "share": None if progress is None or progress.share is None else progress.share * 100,
        "range": None if progress is None or progress.share is not None else (progress.low * 100, progress.high * 100),
    }


def series(found: SeriesLine, number: int) -> dict[str, Any]:
    """A series with its chart, the table beside it, and its readings release by release."""
    drawing = _drawing(found, number)
    return {
        "line": found,
        "status": follow_up_pages.shown(found.status),
        "direction": str(next(word for way, word in DIRECTIONS.items() if way.value == found.direction)),
        "of": ", ".join(f"{dimension}={code}" for dimension, code in found.series),
        "drawing": drawing[0] if drawing else None,
        "table": drawing[1] if drawing else None,
        "newest": _read(found.newest) if found.newest else None,
        "readings": [_read(each) for each in found.readings],
    }


def _read(reading: ReadingLine) -> dict[str, Any]:
    method = next((str(word) for way, word in METHODS.items() if way.value == reading.method), "")
    ratio = reading.pace if reading.method == Method.PACE else reading.compound
    cell = SUPPRESSED if reading.hidden else NOT_AVAILABLE
    if reading.value is not None:
        cell = Cell(reading.value, State.PROVISIONAL if reading.provisional else State.KNOWN)
    return {
        "line": reading,
        "status": follow_up_pages.shown(reading.status),
        "method": method,
        "ratio": ratio,
        "cell": cell,
    }


def _drawing(found: SeriesLine, number: int) -> tuple[SafeString, Table] | None:
    """The figures of a series over time with its target, from two figures up; None where none can be drawn honestly."""
    binding = binding_called(found.key)
    try:
        figures = drawn(binding) if binding is not None and found.readings else []
    except (ReleaseDamaged, VintageDamaged):
        return None
    if sum(each.value is not None for each in figures) < 2:
        return None
    try:
        chart = _chart(found, figures, number)
        return mark_safe(line(chart)), line_table(chart)
    except ChartUnclear:
        return None


def _chart(found: SeriesLine, figures: list[Newest], number: int) -> LineChart:
    periods = [each.period for each in figures]
    cells = [_cell(each) for each in figures]
    target = str(found.target_year) if found.target_year is not None else ""
    across = sorted({*periods, *([target] if target else [])})
    drawn_series = [
        Series(_("Cifra"), [dict(zip(periods, cells, strict=True)).get(each, NOT_APPLICABLE) for each in across])
    ]
    if target and found.target is not None:
        drawn_series.append(
            Series(_("Meta"), [Cell(found.target) if each == target else NOT_APPLICABLE for each in across])
        )
    name = localised(found, "name")
    newest = found.readings[0]
    figure = Figure(
        f"series-{number}",
        _("Figura %(number)s. %(name)s") % {"number": number, "name": name},
        _("%(name)s, de %(first)s a %(last)s; la meta, si la hay, es un punto aparte.")
        % {"name": name, "first": periods[0], "last": periods[-1]},
        localised(found, "unit"),
        newest.vintage,
        f"{newest.public_since:%Y-%m-%d}",
        language(),
        found.decimals,
    )
    return LineChart(figure, across, drawn_series)


def _cell(figure: Newest) -> Cell:
    if figure.hidden or figure.value is None:
        return SUPPRESSED
    return Cell(figure.value, State.PROVISIONAL if figure.provisional else State.KNOWN)
