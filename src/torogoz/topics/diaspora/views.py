"""The first page of the topic: what there is, and where to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torogoz.shared.ui.public import public_page
from torogoz.topics.diaspora import association_queries, consulate_queries
from torogoz.topics.diaspora.acting import consular
from torogoz.topics.diaspora.queries import edition


@public_page(edition)
def index(request: HttpRequest) -> HttpResponse:
    """What the diaspora finds here."""
    now = timezone.now()
    page = {
        "associations": association_queries.verified(timezone.localdate(now)).count(),
        "days": consulate_queries.to_come(now).count(),
        "consular": bool(consular(request.user, now)),
    }
    return render(request, "diaspora/index.html", page)
