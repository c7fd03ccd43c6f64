"""The public page of treaties: who is party, since when, and who says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from torogoz.shared.ui.public import public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import queries, treaty_queries


@public_page(queries.edition)
def treaties(request: HttpRequest) -> HttpResponse:
    """Which treaties El Salvador is party to; of those that no table was imported for it is not known."""
    return render(request, "commitments/treaties.html", {"treaties": treaty_queries.treaties(language())})
