"""National reviews: the public list, each one with its files; made and published by the secretariat. Dossiers too."""

from functools import cache, partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.refusals import Refused
from torogoz.exchange.documents.content import Document
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.documents import CONTENT_TYPES, document_file
from torogoz.shared.ui.public import Edition, download, public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import queries, review_actions, review_queries
from torogoz.topics.commitments.dossier_document import dossier_document
from torogoz.topics.commitments.review_content import canonical
from torogoz.topics.commitments.review_forms import DecisionForm, ReviewForm
from torogoz.topics.commitments.review_models import ReportRun


def _edition_of(key: UUID) -> Edition:
    return review_queries.edition()


@public_page(review_queries.edition)
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews that were published, the newest first; for the secretariat those that wait too."""
    now = timezone.now()
    context = {
        "runs": review_queries.runs_seen_by(request.user, now),
        "may_convene": queries.may_convene(request.user, now),
    }
    return render(request, "commitments/reviews.html", context)


@public_page(_edition_of)
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    """One review: what it was made from, its files with their hashes, and how anybody checks them."""
    now = timezone.now()
    run = review_queries.run_seen_by(request.user, key, now)
    if run is None:
        raise Http404
    context = {
        "run": run,
        "others": review_queries.runs_made_with(run, request.user, now),
        "may_convene": queries.may_convene(request.user, now),
    }
    return render(request, "commitments/review.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Freeze what is public and make the review from it, in both languages. It waits until somebody publishes it."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="national_review", subject="", now=now)
    form, status = ReviewForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = review_actions.make_review(
                    by=officer, address=partial(_address, request), now=now, **form.cleaned_data
                )
            except Refused as why:
                form.refuse(why)
            else:
                messages.success(request, _("Se hizo el examen en los dos idiomas. Mírelo antes de publicarlo."))
                return redirect("commitments:review", key=made[0].key)
    return render(request, "commitments/review_new.html", {"form": form}, status=status)


@require_POST
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish a review that waits, or throw it away: that is asked a second time."""
    now, officer = timezone.now(), officer_of(request)
    run = review_queries.run_seen_by(officer, key, now)
    if run is None or not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.PUBLISH, what="national_review", subject=key, now=now)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("No se entendió qué hacer con el examen. No se cambió nada."))
        return redirect("commitments:review", key=key)
    if form.cleaned_data["step"] == "discard" and not form.cleaned_data["sure"] and run.published_at is None:
        return render(request, "commitments/review_discard.html", {"run": run})
    try:
        if form.cleaned_data["step"] == "publish":
            review_actions.publish_review(by=officer, run=run, expected=form.cleaned_data["version"], now=now)
            messages.success(request, _("El examen quedó publicado, tal como está."))
            return redirect("commitments:review", key=key)
        review_actions.discard_review(by=officer, run=run, now=now)
        messages.success(request, _("Se desechó el examen que esperaba. Nada se había publicado."))
    except Refused as why:
        messages.error(request, why.explain(language()))
        return redirect("commitments:review", key=key)
    return redirect("commitments:reviews")


@login_not_required
@require_safe
def file(request: HttpRequest, key: UUID, ending: str) -> HttpResponseBase:
    """A file of a review, byte for byte as it was made."""
    run = review_queries.run_seen_by(request.user, key, timezone.now())
    if run is None or ending not in CONTENT_TYPES:
        raise Http404
    stored = review_queries.files_of(run)
    content = {"docx": stored.docx, "pdf": stored.pdf, "json": stored.content.encode()}[ending]
    name = f"{run.file_name}.{ending}"
    if run.published_at is None:
        response = HttpResponse(bytes(content), content_type=CONTENT_TYPES[ending])
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        patch_cache_control(response, private=True, no_store=True)
        return response
    return download(
        request,
        edition=Edition(_checksum(stored, ending), run.published_at),
        pieces=lambda: [bytes(content)],
        content_type=CONTENT_TYPES[ending],
        file_name=name,
    )


def _checksum(run: ReportRun, ending: str) -> str:
    return {"docx": run.docx_sha256, "pdf": run.pdf_sha256, "json": run.content_sha256}[ending]


@login_not_required
@require_safe
def dossier(request: HttpRequest, key: UUID, ending: str) -> HttpResponseBase:
    """The dossier of a commitment, made from what is public today."""
    provision = review_queries.commitment_called(key)
    if provision is None or ending not in CONTENT_TYPES:
        raise Http404
    edition = Edition(review_queries.edition_of_dossiers(timezone.now()), None)
    tongue = language()

    found = cache(partial(review_queries.dossier_content, provision, timezone.now()))

    def content() -> bytes:
        return canonical(found()).encode()

    def document(made_from: str) -> Document:
        address = request.build_absolute_uri(reverse("commitments:dossier", args=[provision.key, "json"]))
        return dossier_document(found(), tongue, made_from=made_from, address=address)

    return document_file(
        request,
        edition=edition,
        ending=ending,
        content=content,
        document=document,
        file_name=f"{provision.code}-{tongue}.{ending}",
    )


def _address(request: HttpRequest, key: str) -> str:
    return request.build_absolute_uri(reverse("commitments:review", args=[key]))
