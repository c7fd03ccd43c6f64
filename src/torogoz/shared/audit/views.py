"""The page of the data-protection officer: who saw, did or tried what."""

from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from torogoz.domain.access import Basis, Verb, decide
from torogoz.shared.audit import queries
from torogoz.shared.audit.asking import asker
from torogoz.shared.audit.forms import SearchForm
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import BASES, VERBS

PAGE = 50
LAST_DAY = date(9998, 12, 31)  # the day after it can still be written


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Search the record of accesses; reading it is itself recorded. It shows keys and codes, and no person's name."""
    now = timezone.now()
    decision = decide(asker(request).postings, Verb.AUDIT, None, None, (), now)
    if not decision:
        return not_found(request, verb=Verb.AUDIT, what="audit", subject="record", now=now)
    form = SearchForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    subject = str(asked["person"]) if asked.get("person") else ""
    found = queries.events(
        subject=subject,
        officer=asked.get("officer", ""),
        institution=asked.get("institution", "").upper(),
        since=_midnight(asked.get("since")),
        until=_midnight(min(asked["until"], LAST_DAY) + timedelta(days=1)) if asked.get("until") else None,
        refused=asked.get("refused", False),
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = [
        {
            "event": event,
            "verb": VERBS.get(Verb(event.verb)),
            "basis": BASES.get(Basis(event.basis)) if event.basis else "",
        }
        for event in page
    ]
    disclosed(request, verb=Verb.AUDIT, what="audit", subjects=[subject or "record"], decision=decision, now=now)
    return render(request, "audit/events.html", {"form": form, "page": page, "rows": shown})


def _midnight(day: date | None) -> datetime | None:
    """The first moment of a day in El Salvador."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
