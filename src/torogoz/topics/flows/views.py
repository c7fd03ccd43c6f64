"""The public pages of the dataflows, and their files."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from typing import IO, Any

import polars as pl
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from torogoz.exchange.writers import csv_text, json_text, package, papers, parquet, workbook
from torogoz.exchange.writers.charts.figure import ChartUnclear
from torogoz.exchange.writers.charts.png import NoFont, png
from torogoz.exchange.writers.publication import Publication
from torogoz.shared.ui.public import Edition, download, may_be_framed, only_sound_files, public_page
from torogoz.statistics.dataflows import DATAFLOWS, TIME, Dataflow, UnclearQuestion
from torogoz.statistics.indicators.publishing import indicator_flows
from torogoz.statistics.periods import UnclearPeriod
from torogoz.statistics.private_releases import RELEASED
from torogoz.topics.flows import forms, publications, queries, released
from torogoz.topics.flows import indicators as register_of_indicators
from torogoz.topics.flows.addresses import place_of
from torogoz.topics.flows.answers import CannotAddPeriods
from torogoz.topics.flows.contradictions import contradictions
from torogoz.topics.flows.drawings import Drawing
from torogoz.topics.flows.headlines import published_figures
from torogoz.topics.flows.pages import Namer, drawing_of, page_of, with_period
from torogoz.topics.flows.questions import Question, opening
from torogoz.topics.flows.revisions import method_of, triangles_of

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "zip": "application/zip",
}
PIECE = 64 * 1024
# Drawings whose figures are not those of the table of the page: their own table stands below them.
WITH_TABLE = ("pyramid", "map", "panels", "diagram", "range", "corridors", "mirror")
logger = logging.getLogger(__name__)


def _flow(name: str) -> Dataflow:
    found = DATAFLOWS.get(name) or indicator_flows().get(name)
    if found is None:
        raise Http404
    return found


def _edition_of_all() -> Edition:
    return queries.editions()


def _edition_of(dataflow: str) -> Edition:
    return queries.edition_of_page(_flow(dataflow))


def _language() -> str:
    return (get_language() or "es")[:2]


@public_page(_edition_of_all)
def index(request: HttpRequest) -> HttpResponse:
    """Every dataflow: what it says, from whom, over which years."""
    return render(request, "flows/index.html", {"flows": publications.summaries(_language())})


def _asked(request: HttpRequest, flow: Dataflow, namer: Namer) -> forms.Asked:
    present = queries.codes_present(flow)
    return forms.read(flow, request.GET, namer.names, present, opening(flow, present), namer.titles)


@public_page(_edition_of_all)
def indicators(request: HttpRequest) -> HttpResponse:
    """The register of indicators: the newest figure of those that are given, and what the others wait for."""
    found = register_of_indicators.lines()
    return render(request, "flows/indicators.html", {"lines": found, "counts": register_of_indicators.counted(found)})


@public_page(_edition_of, refuses=True)
def dataflow(request: HttpRequest, dataflow: str) -> HttpResponse:
    """One dataflow: table, drawings, choices, sources."""
    flow = _flow(dataflow)
    namer = Namer(flow, _language())
    behind = publications.provenance(flow)
    context: dict[str, Any] = {
        "flow": flow,
        "behind": behind,
        "noise": released.noise(flow),
        "place": place_of(flow),
        "released": flow.id in RELEASED,
    }
    if behind is None:
        return render(request, "flows/dataflow.html", context)
    asked = _asked(request, flow, namer)
    context |= {"choices": asked.choices, "problems": _by_their_labels(asked), "lists": _lists(asked, namer)}
    if asked.problems:
        return render(request, "flows/dataflow.html", context, status=400)
    if flow.id == queries.HEADLINES:
        return _figures_of_others(request, asked.question, namer, context)
    try:
        shown = page_of(asked.question, namer, asked.page, behind)
    except (UnclearQuestion, UnclearPeriod) as reason:
        context["problems"] = (("", "", _said(reason)),)
        return render(request, "flows/dataflow.html", context, status=400)
    embeddable = tuple(replace(one, embedding=_embedding(request, flow, one, shown.question)) for one in shown.drawings)
    shown = replace(shown, drawings=embeddable)
    about = publications.publication(shown.question, _address(request, flow, "csv", shown.question), ())
    changed = released.change(flow, namer.code)
    context |= {
        "shown": shown,
        "with_table": WITH_TABLE,
        "files": _files(flow, shown.question),
        "whole": _files(flow, Question(flow=flow)),
        "citation": papers.citation(about, "en" if namer.language == "en" else "es") if about else "",
        "about": register_of_indicators.about(flow, namer),
        "change": changed,
        "changes": sorted(changed.cells.items()) if changed else (),
        "method": method_of(flow, namer.language),
        "triangles": triangles_of(flow),
    }
    return render(request, "flows/dataflow.html", context)


def _figures_of_others(request: HttpRequest, question: Question, namer: Namer, context: dict[str, Any]) -> HttpResponse:
    """The figures that others published: a list, since each has a source, a unit and a reliability of its own."""
    asked = question.split_by()
    broken, rivals = contradictions(namer.language, asked)
    context |= {
        "broken": broken,
        "rivals": rivals,
        "groups": published_figures(asked, namer.language),
        "files": _files(question.flow, asked),
        "whole": _files(question.flow, Question(flow=question.flow)),
    }
    return render(request, "flows/published.html", context)


def _lists(asked: forms.Asked, namer: Namer) -> dict[str, list[tuple[str, str]]]:
    """The codes to choose from for controls that are typed in, each list once."""
    lists: dict[str, list[tuple[str, str]]] = {}
    for choice in asked.choices:
        if choice.list_name:
            lists[choice.list_name] = list(namer.names.get(choice.name, {}).items())
    return lists


def _address(request: HttpRequest, flow: Dataflow, ending: str, question: Question) -> str:
    address = request.build_absolute_uri(reverse(f"{place_of(flow)}:file", args=[flow.id, ending]))
    return f"{address}?{question.query()}" if question.query() else address


def _files(flow: Dataflow, question: Question) -> list[tuple[str, str]]:
    """The endings of the files of an answer, and where they are; no workbook of a table that is too long for one."""
    query = question.query()
    tail = f"?{query}" if query else ""
    endings = [
        ending for ending in CONTENT_TYPES if ending != "xlsx" or query or queries.height(flow) <= workbook.MOST_ROWS
    ]
    return [(ending.upper(), reverse(f"{place_of(flow)}:file", args=[flow.id, ending]) + tail) for ending in endings]


@login_not_required
@require_safe
@only_sound_files
def file(request: HttpRequest, dataflow: str, ending: str) -> HttpResponseBase:
    """The figures of an answer as CSV, JSON, or a package of CSV with its papers."""
    flow = _flow(dataflow)
    namer = Namer(flow, _language())
    asked = _asked(request, flow, namer)
    if asked.problems:
        return _refused(_by_their_parameters(asked, request))
    question = forms.only_what_was_asked(asked, request.GET)
    if publications.provenance(flow) is None:
        return _refused(_("Todavía no hay datos de esta tabla."), status=404)
    try:
        if question.by and flow.id in RELEASED:
            question = with_period(question)  # the rows of the page at this address
        table = publications.published_table(question)
    except (UnclearQuestion, UnclearPeriod) as reason:
        return _refused(_said(reason))
    about = publications.publication(question, _address(request, flow, ending, question), table.columns)
    if about is None:
        raise Http404
    pieces: dict[str, Callable[[], Iterator[bytes]]] = {
        "csv": lambda: csv_text.pieces(table),
        "json": lambda: json_text.pieces(about, table),
        "xlsx": lambda: _written(workbook.write, about, table),
        "parquet": lambda: _written(parquet.write, about, table),
        "zip": lambda: _written(package.write, about, table),
    }
    if ending == "xlsx" and table.height > workbook.MOST_ROWS:
        return _refused(
            _(
                "Son %(rows)s filas, y un libro de cálculo se hace con %(most)s como mucho: "
                "elija menos, o tome el CSV o el Parquet."
            )
            % {"rows": table.height, "most": workbook.MOST_ROWS},
            status=413,
        )
    return download(
        request,
        edition=queries.editions(flow),
        pieces=pieces[ending],
        content_type=CONTENT_TYPES[ending],
        file_name=f"{about.file_stem()}.{ending}",
    )


def _by_their_labels(asked: forms.Asked) -> list[tuple[str, str, str]]:
    """What is wrong, for a page: the control, what it is called, and the reason."""
    labels = {TIME: _("Período"), **{choice.name: choice.label for choice in asked.choices}}
    return [
        ("from" if name == TIME else name if name in labels else "", labels.get(name, name), text)
        for name, text in asked.problems
    ]


def _by_their_parameters(asked: forms.Asked, request: HttpRequest) -> str:
    """What is wrong, for a program, under the name that it wrote: `by` stands for rows and columns at once."""
    written = {"rows": "by", "columns": "by"} if "by" in request.GET else {}
    return "\n".join(f"{written.get(name, name)}: {text}" for name, text in asked.problems)


def _said(reason: Exception) -> str:
    """Why a question has no answer, in the reader's language."""
    if isinstance(reason, CannotAddPeriods):
        return _("Esta tabla se publica por períodos más cortos, y sus cifras no se suman en el tiempo.")
    return str(reason)


def _refused(text: str, status: int = 400) -> HttpResponse:
    """Why there is no file, as plain text: whoever asked for a file may not be a person."""
    return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=status)


Writer = Callable[[Publication, pl.DataFrame, IO[bytes]], None]


def _written(write: Writer, about: Publication, table: pl.DataFrame) -> Iterator[bytes]:
    """A file in pieces, made on disk when it is large."""
    with tempfile.TemporaryFile() as made:
        write(about, table, made)
        made.seek(0)
        while piece := made.read(PIECE):
            yield piece


@public_page(lambda dataflow, kind, ending: _edition_of(dataflow), refuses=True)
def drawing(request: HttpRequest, dataflow: str, kind: str, ending: str) -> HttpResponse:
    """One drawing of a dataflow's page alone, as SVG or PNG."""
    found = _drawing(request, dataflow, kind)
    if isinstance(found, HttpResponse):
        return found
    if ending == "svg":
        return HttpResponse(found.svg, content_type="image/svg+xml")
    try:
        return HttpResponse(png(found.svg, _scale(request)), content_type="image/png")
    except ChartUnclear:
        return _refused(_("scale: escriba 1, 2 o 3."))
    except NoFont as lack:
        logger.error("no PNG can be made: %s", lack)
        return _refused(_("Este servidor no puede hacer la imagen PNG; el dibujo SVG tiene lo mismo."), status=503)


def _scale(request: HttpRequest) -> int:
    text = request.GET.get("scale", "2")
    return int(text) if text.isascii() and text.isdigit() else 0


@may_be_framed
@public_page(lambda dataflow, kind: _edition_of(dataflow), refuses=True)
def embedded(request: HttpRequest, dataflow: str, kind: str) -> HttpResponse:
    """One drawing with its table and the way to its page, for the pages of others: nothing else, and no cookie."""
    found = _drawing(request, dataflow, kind)
    if isinstance(found, HttpResponse):
        return found
    flow = _flow(dataflow)
    return render(request, "flows/embedded.html", {"flow": flow, "drawing": found, "place": place_of(flow)})


def _embedding(request: HttpRequest, flow: Dataflow, drawing: Drawing, question: Question) -> str:
    """The line of HTML that shows a figure on another page, in the language of this one."""
    address = request.build_absolute_uri(reverse(f"{place_of(flow)}:embed", args=[flow.id, drawing.kind]))
    query = "&".join(filter(None, (question.query(), f"lang={_language()}")))
    source, title = escape(f"{address}?{query}"), escape(drawing.title)
    return f'<iframe src="{source}" title="{title}" width="660" height="620" loading="lazy"></iframe>'


def _drawing(request: HttpRequest, dataflow: str, kind: str) -> Drawing | HttpResponse:
    """The drawing that an address asks for, or why there is none."""
    flow = _flow(dataflow)
    namer, behind = Namer(flow, _language()), publications.provenance(flow)
    if behind is None:
        raise Http404
    asked = _asked(request, flow, namer)
    if asked.problems:
        return _refused(_by_their_parameters(asked, request))
    try:
        found = drawing_of(asked.question, namer, kind, behind)
    except (UnclearQuestion, UnclearPeriod) as reason:
        return _refused(_said(reason))
    if found is None:
        raise Http404
    return found
