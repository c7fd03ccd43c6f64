"""The page of the retention rules."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from torogoz.domain.access import Verb
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.data_rights import retention_queries as queries
from torogoz.shared.data_rights.disposal_words import CLASSES
from torogoz.shared.institutions.access import may, officer_of


@never_cache
@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """How long each class of data is kept, on what basis, and how many people's is past that."""
    now, officer = timezone.now(), officer_of(request)
    ground = may(officer, Verb.AUDIT, None, None, now)
    if not ground:
        return not_found(request, verb=Verb.LIST, what="retention", subject="", now=now)
    disclosed(request, verb=Verb.LIST, what="retention", subjects=["report"], decision=ground, now=now, channel="list")
    shown = [{"one": one, "name": CLASSES[one.rule.data_class]} for one in queries.due_seen_by(officer, now)]
    return render(request, "data_rights/retention.html", {"rows": shown})
