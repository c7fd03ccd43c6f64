"""The public register of outside data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from torogoz.shared.sources.queries import register


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every vintage with its publisher, licence and day; where nothing is protected, also its checksum and counts."""
    return render(request, "sources/index.html", {"register": register()})
