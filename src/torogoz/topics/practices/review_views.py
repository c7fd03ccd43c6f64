"""The pages of a reviewer: what is asked, the declaration before reading, the review."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.practices import PracticeRefused, ReviewState
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of, seats
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import lists, queries, review_actions, review_queries, shown
from torogoz.topics.practices.models import Review
from torogoz.topics.practices.review_forms import DeclareForm, ReviewForm
from torogoz.topics.practices.words import REVIEWS

WHAT = "review"


@never_cache
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The reviews that the officer is asked for, and those given."""
    now, officer = timezone.now(), officer_of(request)
    if not (seats(officer, Verb.ASSESS, now) or seats(officer, Verb.REPORT, now)):
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    rows = [
        {
            "review": one,
            "title": shown.said(one.practice, "title", language()),
            "word": REVIEWS[ReviewState(one.state)],
            "opens": review_queries.review_asked_of(officer, one.key, now) is not None,
        }
        for one in queries.asked_of(officer, now)
    ]
    return render(request, "practices/reviews.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    """One review: first the declaration, then the practice and the criteria, at last what was given."""
    now, officer = timezone.now(), officer_of(request)
    found = review_queries.review_asked_of(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    state, posted = ReviewState(found.state), request.method == "POST"
    data = request.POST if posted else None
    if state is ReviewState.ASKED:
        form = DeclareForm(data)
        if posted and form.is_valid():
            try:
                kept = review_actions.declare(by=officer, review=found, conflict=form.said, now=now)
            except PracticeRefused as why:
                form.refuse(why)
            else:
                if kept.conflict:
                    messages.success(request, _("Quedó dicho. La secretaría pedirá la revisión a otra persona."))
                return redirect("practices:review", key=key)
        return _declaring(request, found, form, posted=posted)
    if state is ReviewState.READING:
        asked = ReviewForm(lists.criteria(found.practice.criteria_version or lists.newest_criteria()), data)
        if posted and asked.is_valid():
            typed = asked.cleaned_data
            try:
                review_actions.give(
                    by=officer,
                    review=found,
                    scores=asked.scores,
                    reasons=asked.reasons,
                    advice=typed["advice"],
                    named=typed["named"],
                    now=now,
                )
            except PracticeRefused as why:
                asked.refuse(why)
            else:
                messages.success(request, _("Su revisión quedó entregada y ya no cambia."))
                return redirect("practices:review", key=key)
        page = {**shown.whole(found.practice, language()), "form": asked, "wrong": asked if posted else None}
        return render(request, "practices/review.html", page, status=422 if posted else 200)
    page = {
        "title": shown.said(found.practice, "title", language()),
        "rows": shown.reviews(found.practice, [found], names=True),
        "conflict": found.conflict,
        "word": REVIEWS[state],
    }
    return render(request, "practices/review_given.html", page)


def _declaring(request: HttpRequest, found: Review, form: DeclareForm, *, posted: bool) -> HttpResponse:
    page = {
        "practice": found.practice,
        "title": shown.said(found.practice, "title", language()),
        "partners": list(found.practice.with_institutions.all()),
        "form": form,
        "wrong": form if posted else None,
    }
    return render(request, "practices/declare.html", page, status=422 if posted else 200)
