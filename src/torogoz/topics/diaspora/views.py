"""The first page of the topic: what there is, and where to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torogoz.shared.ui.public import public_page
from torogoz.topics.diaspora import association_queries, consulate_queries, project_queries, round_queries
from torogoz.topics.diaspora.acting import consular, departments_of, own_desks
from torogoz.topics.diaspora.queries import edition


@public_page(edition)
def index(request: HttpRequest) -> HttpResponse:
    """What the diaspora finds here."""
    now = timezone.now()
    page = {
        "associations": association_queries.verified(timezone.localdate(now)).count(),
        "days": consulate_queries.held_to_come(now),
        "projects": project_queries.public_projects().count(),
        "consular": bool(consular(request.user, now)),
        "municipal": bool(departments_of(request.user, now)),
        "desk": bool(own_desks(request.user, now)),
        "convenes": round_queries.convenes(request.user, now),
    }
    return render(request, "diaspora/index.html", page)
