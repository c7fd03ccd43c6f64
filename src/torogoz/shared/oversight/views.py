"""The pages of the data-protection officer about the record as a whole."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from torogoz.domain.access import Verb
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.oversight import queries

WHAT = "oversight"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Whether the record is whole, and since when that is known."""
    now, officer = timezone.now(), officer_of(request)
    decision = may(officer, Verb.AUDIT, None, None, now)
    if not decision:
        return not_found(request, verb=Verb.AUDIT, what=WHAT, subject="index", now=now)
    shown = {"chain": queries.chain_state(now), "checks": queries.recent_checks(), "restored": queries.restored()}
    disclosed(request, verb=Verb.AUDIT, what=WHAT, subjects=["index"], decision=decision, now=now)
    return render(request, "oversight/index.html", shown)
