"""The public pages of commitments: the whole position by theme, lists, one commitment, one objective."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torogoz.shared.ui.public import public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import queries


@public_page(queries.edition)
def index(request: HttpRequest) -> HttpResponse:
    """The position of 2017 by theme, and what it says on each objective of the adopted Compact."""
    context = {
        "overview": queries.overview(language()),
        "may_convene": queries.may_convene(request.user, timezone.now()),
    }
    return render(request, "commitments/index.html", context)
