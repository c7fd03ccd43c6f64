"""The public pages of violence, and those of the statisticians who record estimates and choose among them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.refusals import Refused
from torogoz.exchange.writers import csv_text, json_text
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.public import download, only_sound_files, public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.violence import actions, files, pages, queries
from torogoz.topics.violence.figures import NotOffered
from torogoz.topics.violence.forms import CorrectionForm, NewForm, RecommendationForm

Answer = TypeVar("Answer", bound=HttpResponseBase)

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


def only_what_is_offered(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """Refuse an address that asks for what is not published, and say what is: in plain text where a file was asked."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer | HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotOffered as refused:
            why = pages.why_not(refused)
        if "ending" in kwargs:  # whoever asked for a file may not be a person
            return HttpResponse(why + "\n", content_type="text/plain; charset=utf-8", status=400)
        return render(request, "violence/refused.html", {"why": why, "again": request.path}, status=400)

    return answer


@public_page(queries.edition, refuses=True)
@only_what_is_offered
def index(request: HttpRequest) -> HttpResponse:
    """What is known: what each institution counts, and what others estimated, side by side."""
    may_record = queries.may_record(request.user, timezone.now())
    return render(request, "violence/index.html", {**pages.overview(request.GET, language()), "may_record": may_record})


@public_page(queries.edition, refuses=True)
@only_what_is_offered
def rates(request: HttpRequest) -> HttpResponse:
    """The rates of departments or municipalities, as counted and smoothed, with their intervals."""
    return render(request, "violence/rates.html", pages.rates(request.GET, language()))


@public_page(queries.edition, refuses=True)
@only_what_is_offered
def association(request: HttpRequest) -> HttpResponse:
    """Whether more violence goes with more forced mobility, at every lag, with its interval."""
    return render(request, "violence/association.html", pages.association(request.GET, language()))


@public_page(lambda key: queries.edition())
def estimate(request: HttpRequest, key: UUID) -> HttpResponse:
    """One estimate: every version, and every choice made among those about the same."""
    found = queries.estimate_called(key)
    if found is None:
        raise Http404
    now, newest = timezone.now(), queries.newest_version(found)
    context = pages.one(newest, language()) | {
        "may_record": queries.may_record(request.user, now),
        "may_correct": queries.may_correct(request.user, newest, now),
    }
    return render(request, "violence/estimate.html", context)


@login_not_required
@require_safe
@only_sound_files
@only_what_is_offered
def file(request: HttpRequest, what: str, ending: str) -> HttpResponseBase:
    """Estimates, rates or association as CSV or JSON; the JSON carries dictionary, sources and citation."""
    table, release = pages.table_of(what, request.GET, language())
    if table is None:
        text = _("Todavía no hay cifras publicadas para esta tabla.")
        return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=404)
    address = request.build_absolute_uri(reverse("violence:file", args=[what, ending]))
    query = request.GET.urlencode()
    edition = queries.edition()
    about = files.publication(
        what, table, f"{address}?{query}" if query else address, query, release, timezone.localdate(edition.changed_at)
    )
    return download(
        request,
        edition=edition,
        pieces=lambda: csv_text.pieces(table) if ending == "csv" else json_text.pieces(about, table),
        content_type=CONTENT_TYPES[ending],
        file_name=f"{about.file_stem()}.{ending}",
    )


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Record what somebody published."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_record(officer, now):
        return not_found(request, verb=Verb.PUBLISH, what="estimate", subject="", now=now)
    form = NewForm(request.POST or None, initial={"token": uuid4()})
    if request.method == "POST" and (typed := form.read()):
        try:
            token = form.cleaned_data["token"]
            stored = actions.record_estimate(by=officer, estimate=typed, now=now, token=token)
        except Refused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó la estimación. Las demás sobre lo mismo siguen a la vista."))
            return redirect("violence:estimate", key=stored.key)
    return render(request, "violence/form.html", {"form": form, "title": _("Registrar una estimación")})


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct an estimate of the officer's own institution: the next version, beside the one before."""
    now, officer = timezone.now(), officer_of(request)
    before = queries.estimate_called(key)
    if before is None or not queries.may_correct(officer, before, now):
        return not_found(request, verb=Verb.EDIT, what="estimate", subject=key, now=now)
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=pages.typed(before))
    if request.method == "POST" and (typed := form.read()):
        change = form.cleaned_data["change"]
        try:
            stored = actions.correct_estimate(by=officer, before=before, estimate=typed, change=change, now=now)
        except Refused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó la corrección. La versión anterior queda a la vista."))
            return redirect("violence:estimate", key=stored.key)
    return render(
        request, "violence/form.html", {"form": form, "title": _("Corregir una estimación"), "before": before}
    )


@require_http_methods(["GET", "POST"])
def recommend(request: HttpRequest, key: UUID) -> HttpResponse:
    """Choose an estimate among those about the same, in the officer's own name."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.estimate_called(key)
    if found is None or not queries.may_record(officer, now):
        return not_found(request, verb=Verb.PUBLISH, what="estimate", subject=key, now=now)
    form = RecommendationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.recommend(by=officer, estimate=found, reason=form.cleaned_data["reason"], now=now)
        except Refused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Quedó recomendada en su nombre. Las demás siguen a la vista."))
            return redirect("violence:estimate", key=found.key)
    context = pages.one(found, language()) | {"form": form, "name": officer.full_name}
    return render(request, "violence/recommend.html", context)
