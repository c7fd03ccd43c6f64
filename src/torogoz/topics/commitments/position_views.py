"""The pages of positions side by side: the matrix, one objective, the table that comes in and goes out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.exchange.readers.filled_tables import LARGEST, MOST_FAULTS, Fault
from torogoz.exchange.readers.positions import read, table
from torogoz.shared.audit.reading import not_found
from torogoz.shared.codelists.queries import countries
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.provisions.queries import objectives
from torogoz.shared.ui.public import public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import position_actions, position_queries, queries
from torogoz.topics.commitments.choosing import choice_of, position_asked, refused
from torogoz.topics.commitments.filters import NotOffered
from torogoz.topics.commitments.position_forms import PositionForm


@public_page(queries.edition, refuses=True)
def positions(request: HttpRequest) -> HttpResponse:
    """Every objective of the Compact, with what each country said of it, beside one position of El Salvador."""
    try:
        own = position_asked(request)
    except NotOffered as why:
        return refused(request, why)
    lines, sources = position_queries.matrix(own.code if own else "", language()), position_queries.instruments()
    page = {
        **choice_of(own),
        "lines": lines,
        "countries": lines[0].cells if lines else (),
        "sources": sources,
        "made_up": any(one.made_up for one in sources),
        "may_convene": queries.may_convene(request.user, timezone.now()),
    }
    return render(request, "commitments/positions.html", page)


@public_page(lambda number: queries.edition(), refuses=True)
def position(request: HttpRequest, number: int) -> HttpResponse:
    """One objective: the positions imported, beside what one position of El Salvador says."""
    found = position_queries.objective_named(str(number))
    if found is None:
        raise Http404
    try:
        own = position_asked(request)
    except NotOffered as why:
        return refused(request, why)
    code = own.code if own else ""
    line = next(one for one in position_queries.matrix(code, language()) if one.objective == found)
    held = position_queries.positions_on(found, code, language())
    page = {
        **choice_of(own),
        "line": line,
        "own": position_queries.own_on(found, code, language()),
        "positions": held,
        "without": [one.name for one in line.cells if not one.count],
        "made_up": any(one.instrument.made_up for one in held),
        "before": number - 1 if position_queries.objective_named(str(number - 1)) else None,
        "after": number + 1 if position_queries.objective_named(str(number + 1)) else None,
    }
    return render(request, "commitments/position.html", page)


@public_page(queries.edition)
def position_file(request: HttpRequest) -> HttpResponse:
    """Everything that was imported, as the table that brings it in."""
    content = b"".join(table(position_queries.statements()))
    named = {"Content-Disposition": 'attachment; filename="positions.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8; header=present", headers=named)


def _countries(*, made_up: bool) -> set[str]:
    """The codes that a table may have: of countries, and in an example those of made-up countries kept already."""
    known = {code for code, _name in countries("es")}
    return known | position_queries.made_up_countries() if made_up else known


@never_cache
@require_http_methods(["GET", "POST"])
def position_import(request: HttpRequest) -> HttpResponse:
    """Try a table of positions, or keep all of it; a wrong row is named, and then nothing is kept."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="position", subject="", now=now)
    posted = request.method == "POST"
    form = PositionForm(request.POST, request.FILES) if posted else PositionForm()
    faults: list[Fault] = []
    tried: tuple[int, int] | None = None
    if posted and form.is_valid():
        found, faults = read(
            form.cleaned_data["table"].read(LARGEST + 1),
            countries=_countries(made_up=form.cleaned_data["made_up"]),
            objectives={one.code for one in objectives()},
            today=timezone.localdate(now),
        )
        if not faults and form.cleaned_data["dry"]:
            new = len(position_actions.not_kept(found))
            tried = (new, len(found) - new)
        elif not faults:
            count = position_actions.import_positions(
                by=officer, found=found, made_up=form.cleaned_data["made_up"], now=now
            )
            said = ngettext("Se guardó %(n)s declaración nueva.", "Se guardaron %(n)s declaraciones nuevas.", count)
            messages.success(request, said % {"n": count})
            return redirect("commitments:positions")
    page = {
        "form": form,
        "faults": [(one, one.explain(language())) for one in faults[:MOST_FAULTS]],
        "tried": tried,
        "wrong": posted and not form.is_valid(),
    }
    bad = posted and (faults or not form.is_valid())
    return render(request, "commitments/position_import.html", page, status=422 if bad else 200)
