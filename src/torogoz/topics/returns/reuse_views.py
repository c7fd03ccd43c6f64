"""The page where supervisors see how many facts were not asked again."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from torogoz.domain.access import Verb
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.templatetags.ui import language
from torogoz.statistics.forms.shipped import HEADER, SINGLE_FORM
from torogoz.topics.returns.queries import bounds_of
from torogoz.topics.returns.reuse import Reused, reuse_seen_by, supervises
from torogoz.topics.returns.reuse_forms import DaysForm

USUAL_DAYS = 30


@require_GET
def reuse(request: HttpRequest) -> HttpResponse:
    """By section of the own institution: the facts that it works with, those that stood there, those that lacked."""
    now, officer = timezone.now(), officer_of(request)
    decision = supervises(officer, now)
    if not decision:
        return not_found(request, verb=Verb.LIST, what="reuse", subject="", now=now)
    form = DaysForm(request.GET if "since" in request.GET else _usual(now))
    page: dict[str, Any] = {"form": form}
    if form.is_valid():
        first, _end = bounds_of(form.cleaned_data["since"])
        _first, end = bounds_of(form.cleaned_data["until"])
        found = reuse_seen_by(officer, first, end, now)
        needed, known = (sum(getattr(each, part) for each in found) for part in ("needed", "known"))
        page |= {
            "sections": [_in_words(each) for each in found],
            "needed": needed,
            "known": known,
            "lacked": needed - known,
            "percent": _percent(known, needed),
        }
        codes = [each.form.code for each in found]
        disclosed(request, verb=Verb.LIST, what="reuse", subjects=[], decision=decision, now=now, sections=codes)
    return render(request, "returns/reuse.html", page)


def _usual(now: datetime) -> dict[str, str]:
    today = timezone.localdate(now)
    return {"since": f"{today - timedelta(days=USUAL_DAYS - 1):%Y-%m-%d}", "until": f"{today:%Y-%m-%d}"}


def _in_words(one: Reused) -> dict[str, Any]:
    names = {code: question.label(language()) for code, question in SINGLE_FORM.questions(one.form).items()}
    names |= {fact.code: fact.label(language()) for fact in HEADER.facts}
    return {
        "title": one.form.label(language()),
        "written": one.written,
        "needed": one.needed,
        "known": one.known,
        "percent": _percent(one.known, one.needed),
        "missing": [(names[fact], times) for fact, times in one.missing],
    }


def _percent(part: int, whole: int) -> float | None:
    """Of every hundred; None of nothing."""
    return 100 * part / whole if whole else None
