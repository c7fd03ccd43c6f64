"""The public pages of the follow-up: themes by status, what is missing, what diverges, the calendar, institutions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torogoz.shared.ui.public import Edition, public_page
from torogoz.topics.commitments import follow_up_pages as pages
from torogoz.topics.commitments import public_queries, queries
from torogoz.topics.commitments.measure_queries import institution_called
from torogoz.topics.commitments.public_queries import public_bodies
from torogoz.topics.commitments.review_content import Missing


def _edition() -> Edition:
    return public_queries.edition(queries.edition(), timezone.now())


def _edition_what(what: str) -> Edition:
    return _edition()


def _edition_code(code: str) -> Edition:
    return _edition()


def _edition_tongue(tongue: str) -> Edition:
    return _edition()


@public_page(_edition)
def follow_up(request: HttpRequest) -> HttpResponse:
    """Three tables of themes by status, one for each column, and the lists of what is missing."""
    return render(request, "commitments/follow_up.html", pages.overview(timezone.now()))


@public_page(_edition_what)
def missing(request: HttpRequest, what: str) -> HttpResponse:
    """The commitments of which something is missing."""
    if what not in list(Missing):
        raise Http404
    return render(request, "commitments/missing.html", pages.missing(Missing(what), timezone.now()))


@public_page(_edition)
def divergences(request: HttpRequest) -> HttpResponse:
    """The commitments of which two columns lie two steps or more apart."""
    return render(request, "commitments/divergences.html", pages.divergences(timezone.now()))


@public_page(_edition)
def duties(request: HttpRequest) -> HttpResponse:
    """Which reports are owed by when: the late ones first."""
    return render(request, "commitments/duties.html", pages.duties(timezone.now()))


@public_page(_edition)
def institutions(request: HttpRequest) -> HttpResponse:
    """The institutions that answer for commitments, or did."""
    return render(request, "commitments/institutions.html", {"bodies": public_bodies(timezone.now())})


@public_page(_edition_code)
def institution(request: HttpRequest, code: str) -> HttpResponse:
    """One institution: what it does, what it owes, what it reported."""
    body = institution_called(code)
    if body is None:
        raise Http404
    return render(request, "commitments/institution.html", pages.institution(body, timezone.now()))


@public_page(_edition_tongue)
def calendar(request: HttpRequest, tongue: str) -> HttpResponse:
    """The days by which reports are due, as iCalendar."""
    body = pages.ical(timezone.now(), tongue, f"{request.scheme}://{request.get_host()}")
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="torogoz-{tongue}.ics"'
    return response
