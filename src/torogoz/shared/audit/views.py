"""The pages of the data-protection officer: who saw, did or tried what, on the page and as a file."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from torogoz.domain.access import Basis, Decision, Verb, decide
from torogoz.exchange.writers import csv_text
from torogoz.shared.audit import queries
from torogoz.shared.audit.asking import asker
from torogoz.shared.audit.forms import SearchForm
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.taking import MOST_ROWS, as_frame
from torogoz.shared.audit.words import BASES, CHANNELS, RECORDED_PURPOSES, VERBS, WHATS, section_names
from torogoz.shared.ui.templatetags.ui import language

PAGE: Final = 50
COUNTED: Final = 1_000
LONGEST_NUMBER: Final = 18  # digits of what the database can compare


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Search the record of accesses; reading it is itself recorded. It shows keys and codes, and no person's name."""
    now = timezone.now()
    decision = _decision(request, now)
    if not decision:
        return not_found(request, verb=Verb.AUDIT, what="audit", subject="record", now=now)
    form = SearchForm(_filters(request) or None)
    return _page(request, form, decision, now)


@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The events that were asked for, as CSV; taking them out is itself recorded. More than fit are refused whole."""
    now = timezone.now()
    decision = _decision(request, now)
    if not decision:
        return not_found(request, verb=Verb.AUDIT, what="audit", subject="record", now=now)
    form = SearchForm(_filters(request))
    if form.is_valid() and queries.counted(queries.events(form.asked()), MOST_ROWS) is None:
        form.refuse_as_too_many(MOST_ROWS)
    if not form.is_valid():
        return _page(request, form, decision, now, status=400)
    rows = list(queries.events(form.asked()))
    _record(request, form, decision, now, channel="export", found=bool(rows))
    content = b"\xef\xbb\xbf" + b"".join(csv_text.pieces(as_frame(rows)))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="accesos-{timezone.localtime(now):%Y%m%d-%H%M}.csv"'
    return answer


def _page(request: HttpRequest, form: SearchForm, decision: Decision, now: datetime, status: int = 200) -> HttpResponse:
    found = queries.events(form.asked())
    after = request.GET.get("after", "")
    rows, last = queries.some(found, PAGE, int(after) if _is_number(after) else None)
    filters = _filters(request)
    names = section_names(language())
    shown = {
        "form": form,
        "rows": [
            {
                "event": event,
                "sections": [names.get(code, code) for code in event.sections],
                "verb": VERBS.get(Verb(event.verb)),
                "what": WHATS.get(event.what, event.what),
                "channel": CHANNELS.get(event.channel, event.channel),
                "basis": BASES.get(Basis(event.basis)) if event.basis else "",
                "purpose": RECORDED_PURPOSES.get(event.purpose, event.purpose),
            }
            for event in rows
        ],
        "subject": form.asked().subject,
        "count": queries.counted(found, COUNTED),
        "counted": COUNTED,
        "older": urlencode({**filters.dict(), "after": last}) if last else "",
        "beginning": _is_number(after),
        "filters": filters.urlencode(),
    }
    _record(request, form, decision, now, channel="page", found=bool(rows))
    return render(request, "audit/events.html", shown, status=status)


def _decision(request: HttpRequest, now: datetime) -> Decision:
    return decide(asker(request).postings, Verb.AUDIT, None, None, (), now)


def _filters(request: HttpRequest) -> QueryDict:
    """What was asked, without the place in the list."""
    asked = QueryDict(mutable=True)
    for name in SearchForm.base_fields:
        if value := request.GET.get(name):
            asked[name] = value
    return asked


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _record(
    request: HttpRequest, form: SearchForm, decision: Decision, now: datetime, *, channel: str, found: bool
) -> None:
    """Reading the record is an event. What was asked is kept when it found something: else it may be a name."""
    valid = form.is_bound and form.is_valid()
    disclosed(
        request,
        verb=Verb.AUDIT,
        what="audit",
        subjects=[form.asked().subject or "record"],
        decision=decision,
        now=now,
        channel=channel,
        asked=_filters(request).urlencode() if valid and found else "",
    )
