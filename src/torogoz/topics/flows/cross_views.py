"""The public cross table of returns: the page, its files, its map."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from torogoz.exchange.writers import csv_text, json_text
from torogoz.exchange.writers.publication import NOTE_MADE_UP
from torogoz.shared.releases import queries as releases
from torogoz.shared.ui.public import Edition, download, only_sound_files, public_page
from torogoz.statistics.crosstables import AREA
from torogoz.statistics.disclosure.strict import BaseCube, UnclearQuestion
from torogoz.topics.flows import crossing, publications, queries
from torogoz.topics.flows.cross_pages import (
    CrossNamer,
    area_map,
    caption_of,
    controls,
    cross_table,
    exported,
    refusals_said,
)

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


def _edition() -> Edition:
    return queries.edition_of_page(queries.flow_of_returns())


def _language() -> str:
    return (get_language() or "es")[:2]


@public_page(_edition, refuses=True)
def cross(request: HttpRequest) -> HttpResponse:
    """The cross table that the address asks for, and the form to ask for another."""
    flow, behind, cube = queries.flow_of_returns(), publications.provenance(queries.flow_of_returns()), _cube()
    context: dict[str, Any] = {"flow": flow, "behind": behind, "cube": cube, "released": True}
    if behind is None or cube is None:
        return render(request, "flows/cross.html", context)
    namer = CrossNamer(_language())
    asked = crossing.read(request.GET, cube, namer.names)
    context |= {"controls": controls(asked, cube, namer)}
    if asked.problems:
        labels = {control.name: control.label for control in context["controls"]}
        context["problems"] = [(name, labels.get(name, name), text) for name, text in asked.problems.items()]
        return render(request, "flows/cross.html", context, status=400)
    question = asked.question
    try:
        answer = crossing.answered(question, cube)
    except UnclearQuestion:
        context["problems"] = [("", "", _("La tabla sería demasiado grande. Quite una característica."))]
        return render(request, "flows/cross.html", context, status=400)
    context |= {
        "table": None if "" in answer.refused else cross_table(question, cube, answer, namer),
        "refused": refusals_said(answer, namer),
        "drawing": area_map(question, cube, namer, behind)
        if AREA in question.by and "" not in answer.refused
        else None,
        "caption": caption_of(question, namer),
        "query": question.query(),
        "files": [
            (ending.upper(), f"{reverse('flows:cross_file', args=[ending])}?{question.query()}")
            for ending in CONTENT_TYPES
        ],
    }
    return render(request, "flows/cross.html", context, status=400 if crossing.crosses_too_much(answer) else 200)


@login_not_required
@require_safe
@only_sound_files
def cross_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The same figures as CSV or JSON."""
    flow, cube = queries.flow_of_returns(), _cube()
    behind = publications.provenance(flow)
    if cube is None or behind is None:
        return _refused(_("La publicación vigente no tiene una base para tablas cruzadas."), status=404)
    asked = crossing.read(request.GET, cube, CrossNamer(_language()).names)
    if asked.problems:
        return _refused("\n".join(f"{name}: {text}" for name, text in asked.problems.items()))
    try:
        answer = crossing.answered(asked.question, cube)
    except UnclearQuestion as reason:
        return _refused(str(reason))
    if crossing.crosses_too_much(answer):
        return _refused(f"rows, columns: {crossing.reason_said(answer.refused[''])}.")
    table = exported(asked.question, answer, NOTE_MADE_UP if behind.made_up else None)
    address = request.build_absolute_uri(reverse("flows:cross_file", args=[ending])) + f"?{asked.question.query()}"
    about = publications.publication_of_cross(behind, address, asked.question.query(), table.columns)
    pieces: dict[str, Callable[[], Iterator[bytes]]] = {
        "csv": lambda: csv_text.pieces(table),
        "json": lambda: json_text.pieces(about, table),
    }
    return download(
        request,
        edition=queries.editions(flow),
        pieces=pieces[ending],
        content_type=CONTENT_TYPES[ending],
        file_name=f"{about.file_stem()}.{ending}",
    )


@public_page(_edition, refuses=True)
def cross_map(request: HttpRequest) -> HttpResponse:
    """The map of the same persons by department, as SVG."""
    behind, cube = publications.provenance(queries.flow_of_returns()), _cube()
    if behind is None or cube is None:
        raise Http404
    namer = CrossNamer(_language())
    asked = crossing.read(request.GET, cube, namer.names)
    if asked.problems:
        return _refused("\n".join(f"{name}: {text}" for name, text in asked.problems.items()))
    drawing = area_map(asked.question, cube, namer, behind)
    if drawing is None:
        raise Http404
    return HttpResponse(drawing.svg, content_type="image/svg+xml")


def _cube() -> BaseCube | None:
    return releases.base_cube(queries.NATIONAL)


def _refused(text: str, status: int = 400) -> HttpResponse:
    return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=status)
