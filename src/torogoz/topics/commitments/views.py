"""The public pages of commitments: the position by theme, the list, one provision, ideas that are repeated."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torogoz.shared.provisions.queries import provision_called
from torogoz.shared.ui.public import Edition, public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments import pages, public_queries, queries
from torogoz.topics.commitments.choosing import choice_of, position_asked, refused
from torogoz.topics.commitments.filters import NotOffered


def _edition_of(key: UUID) -> Edition:
    return public_queries.edition(queries.edition(), timezone.now())


@public_page(queries.edition)
def index(request: HttpRequest) -> HttpResponse:
    """Every adopted position by theme, and what they say on each objective of the adopted Compact."""
    now = timezone.now()
    context = {
        "overview": queries.overview(language()),
        "may_convene": queries.may_convene(request.user, now),
        "my_duties": bool(rights.reports_for(request.user, now)),
        "my_assessments": bool(rights.assesses_for(request.user, now)),
    }
    return render(request, "commitments/index.html", context)


@public_page(queries.edition, refuses=True)
def catalogue(request: HttpRequest) -> HttpResponse:
    """The provisions of an instrument, by what the reader chooses and searches."""
    try:
        context = pages.catalogue(request.GET, language())
    except NotOffered as why:
        return refused(request, why)
    return render(request, "commitments/list.html", context)


@public_page(_edition_of)
def provision(request: HttpRequest, key: UUID) -> HttpResponse:
    """One provision: a commitment, an objective, a target, an article, a recommendation."""
    found = provision_called(key)
    if found is None:
        raise Http404
    now = timezone.now()
    if found.kind == "objective":
        return render(request, "commitments/objective.html", pages.objective(found, request.user, now, language()))
    return render(request, "commitments/provision.html", pages.one(found, request.user, now, language()))


@public_page(queries.edition, refuses=True)
def clusters(request: HttpRequest) -> HttpResponse:
    """The ideas that stand in several places of an adopted position."""
    try:
        position = position_asked(request)
    except NotOffered as why:
        return refused(request, why)
    found = pages.clusters(position.code, language()) if position else []
    return render(request, "commitments/clusters.html", {**choice_of(position), "clusters": found})
