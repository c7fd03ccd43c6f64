"""The pages of the site itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from torogoz.shared.ui.public import public_page
from torogoz.topics.flows.headlines import front_page, returns_by_month
from torogoz.topics.flows.queries import editions


@public_page(lambda: editions())
def home(request: HttpRequest) -> HttpResponse:
    """The front door: the figures that people ask for first, and the ways in."""
    language = (get_language() or "es")[:2]
    return render(
        request,
        "site/home.html",
        {"headlines": front_page(language), "drawing": returns_by_month(language)},
    )
