"""The pages of the data-protection officer about the record as a whole: is it whole, and what in it is unusual."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from torogoz.domain.access import Basis, Verb
from torogoz.domain.oversight import FLOORS, AlertRefused, AlertState, Kind
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import BASES
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.oversight import actions, queries
from torogoz.shared.oversight.forms import AnswerForm, SummaryForm, last_week
from torogoz.shared.oversight.models import Alert
from torogoz.shared.oversight.words import BADGES, KINDS, STATES, UNITS

WHAT: Final = "oversight"
PAGE: Final = 25


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Whether the record is whole, since when that is known, and the alerts, those that wait first."""
    now, officer = timezone.now(), officer_of(request)
    decision = may(officer, Verb.AUDIT, None, None, now)
    if not decision:
        return not_found(request, verb=Verb.AUDIT, what=WHAT, subject="index", now=now)
    page = Paginator(queries.in_order(queries.alerts_seen_by(officer, now)), PAGE).get_page(request.GET.get("page"))
    shown = {
        "chain": queries.chain_state(now),
        "checks": queries.recent_checks(),
        "restored": queries.restored(),
        "page": page,
        "rows": [_said(each) for each in page],
        "waiting": queries.open_alerts(officer, now),
    }
    disclosed(request, verb=Verb.AUDIT, what=WHAT, subjects=["index"], decision=decision, now=now)
    return render(request, "oversight/index.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, key: UUID) -> HttpResponse:
    """One alert: what was measured, against what, the events behind it, and what was found about it."""
    now, officer = timezone.now(), officer_of(request)
    decision = may(officer, Verb.AUDIT, None, None, now)
    found = queries.alerts_seen_by(officer, now).filter(key=key).first()
    if not decision or found is None:
        return not_found(request, verb=Verb.AUDIT, what=WHAT, subject="alert", now=now)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            state = AlertState(form.cleaned_data["state"])
            actions.answer(by=officer, alert=found, state=state, reason=form.cleaned_data["reason"], now=now)
        except AlertRefused:
            form.refuse_as_the_same()
        else:
            messages.success(request, _("Se guardó lo que usted encontró."))
            return redirect("oversight:alert", key=key)
    disclosed(request, verb=Verb.AUDIT, what=WHAT, subjects=["alert"], decision=decision, now=now)
    since, until = queries.evidence_period(found)
    steps = [(STATES[AlertState(step.state)], step) for step in queries.steps_of(found)]
    shown = {**_said(found), "form": form, "since": since, "until": until, "steps": steps}
    return render(request, "oversight/alert.html", shown)


@require_safe
def summaries(request: HttpRequest) -> HttpResponse:
    """What officers did, added up by officer, institution or day."""
    now, officer = timezone.now(), officer_of(request)
    decision = may(officer, Verb.AUDIT, None, None, now)
    if not decision:
        return not_found(request, verb=Verb.AUDIT, what=WHAT, subject="summaries", now=now)
    form = SummaryForm(request.GET if "by" in request.GET else last_week(timezone.localdate(now)))
    lines: list[queries.Line] = []
    if form.is_valid():
        asked = form.cleaned_data
        lines = queries.summary(asked["by"], asked["since"], asked["until"], asked["institution"].upper())
    rows = [
        {
            "line": line,
            "bases": [(BASES[Basis(code)] if code else "–", number) for code, number in sorted(line.bases.items())],
        }
        for line in lines
    ]
    disclosed(request, verb=Verb.AUDIT, what=WHAT, subjects=["summaries"], decision=decision, now=now)
    return render(request, "oversight/summaries.html", {"form": form, "rows": rows})


def _said(each: Alert) -> dict[str, Any]:
    state, kind = AlertState(each.state), Kind(each.kind)
    return {
        "alert": each,
        "kind": KINDS[kind],
        "unit": UNITS[kind],
        "compared": kind in FLOORS,
        "state": STATES[state],
        "badge": BADGES[state],
    }
