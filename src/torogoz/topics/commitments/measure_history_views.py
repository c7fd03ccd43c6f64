"""The public page of what a measure said, version by version."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torogoz.shared.institutions.models import Officer
from torogoz.shared.ui.public import Edition, public_page
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments import public_queries, queries
from torogoz.topics.commitments.measure_history_queries import history_of
from torogoz.topics.commitments.measure_queries import published_measure
from torogoz.topics.commitments.measure_words import labelled


def _edition(key: UUID) -> Edition:
    return public_queries.edition(queries.edition(), timezone.now())


@public_page(_edition)
def history(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a published measure said from when until when, and why it was corrected."""
    now = timezone.now()
    found = published_measure(key, now)
    if found is None:
        raise Http404
    officer = request.user
    inside = isinstance(officer, Officer) and bool(
        rights.to_report(officer, found.lead, now) or rights.to_convene(officer, now)
    )
    rows = [{"told": one, "changes": labelled(one.changes)} for one in history_of(found, names=inside)]
    return render(request, "commitments/measure_history.html", {"measure": found, "rows": rows})
