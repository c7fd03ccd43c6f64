"""The public pages of consultations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torogoz.shared.ui.public import public_page
from torogoz.topics.consultation import queries


@public_page(lambda: queries.edition())
def index(request: HttpRequest) -> HttpResponse:
    """The consultations that are published; for officers, also those that they work in."""
    found = queries.processes_seen_by(request.user, timezone.now())
    return render(request, "consultation/index.html", {"processes": found})
