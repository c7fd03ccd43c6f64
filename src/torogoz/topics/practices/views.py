"""The public pages of practices: the catalogue, one practice, the criteria, the files."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from torogoz.domain.practices import Result, State
from torogoz.shared.codelists.queries import provisions_of
from torogoz.shared.ui.public import download, public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import call_queries, files, lists, queries, shown
from torogoz.topics.practices.words import RESULTS

FILTERS = ("objective", "principle", "institution", "result")
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


def _filters(asked: QueryDict) -> dict[str, str] | None:
    """What the address filters by; None when it names what there is not."""
    if set(asked) - {*FILTERS, "lang"}:
        return None
    chosen = {name: asked.get(name, "") for name in FILTERS}
    known = {
        "objective": {code for code, _title in queries.objectives("es")},
        "principle": {one.code for one in lists.principles()},
        "institution": {one.code for one in queries.institutions()},
        "result": {one.value for one in Result},
    }
    return chosen if all(not value or value in known[name] for name, value in chosen.items()) else None


@public_page(queries.edition, refuses=True)
def index(request: HttpRequest) -> HttpResponse:
    """The published practices, by objective, principle, institution or result of a repetition."""
    chosen = _filters(request.GET)
    if chosen is None:
        return render(request, "practices/refused.html", {"again": request.path}, status=400)
    now, found, everything = timezone.now(), queries.published(**chosen), queries.published()
    offered = sorted({one.institution.code for one in everything})
    context = {
        "rows": [shown.row(one, language()) for one in found],
        "all": len(everything),
        "open_calls": len(call_queries.open_calls(now)),
        "made_up": any(one.made_up for one in everything),
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "query": "&".join(f"{name}={value}" for name, value in chosen.items() if value),
        "objectives": queries.objectives(language()),
        "principles": lists.principles(),
        "institutions": offered,
        "results": [(one.value, word) for one, word in RESULTS.items()],
        "provisions": provisions_of("S16"),
        "speaks": language(),
        "offers": queries.offers_for(request.user, now),
        "convenes": queries.convenes_for(request.user, now),
        "reviews": queries.is_asked(request.user, now),
    }
    return render(request, "practices/index.html", context)


@public_page(lambda key: queries.edition())
def practice(request: HttpRequest, key: UUID) -> HttpResponse:
    """One practice: what was done, who reviewed it by which criteria, and where it was repeated."""
    found, now = queries.was_published(key), timezone.now()
    if found is None:
        raise Http404
    if found.state == State.WITHDRAWN.value:
        context = {"practice": found, "title": shown.said(found, "title", language()), "log": queries.log_of(found)}
        return render(request, "practices/withdrawn.html", context)
    reviews = queries.reviews_published_of(found)
    context = {
        **shown.whole(found, language()),
        "reviews": shown.reviews(found, reviews, names=False),
        "replications": shown.replications(found, language()),
        "repeats": queries.offers_for(request.user, now) or queries.convenes_for(request.user, now),
        "owns": found.institution.code in queries.offers_for(request.user, now),
    }
    return render(request, "practices/practice.html", context)


@public_page(queries.edition)
def criteria(request: HttpRequest) -> HttpResponse:
    """By which criteria practices are reviewed, in every version, and how reviews become a verdict."""
    versions: dict[int, list[lists.Criterion]] = {}
    for one in lists.all_criteria():
        versions.setdefault(one.version, []).append(one)
    context = {"versions": sorted(versions.items(), reverse=True), "principles": lists.principles()}
    return render(request, "practices/criteria.html", context)


@login_not_required
@require_safe
def file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The published practices as CSV or JSON, filtered as the page is."""
    chosen = _filters(request.GET)
    if chosen is None:
        text = _("No hay ese filtro. Use objective, principle, institution o result, con un código de la lista.")
        return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=400)
    found = queries.published(**chosen)
    pieces = files.csv_pieces if ending == "csv" else files.json_pieces
    return download(
        request,
        edition=queries.edition(),
        pieces=lambda: pieces(found),
        content_type=CONTENT_TYPES[ending],
        file_name=f"practices.{ending}",
    )
