"""The pages of calls."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.pledges import Kind
from torogoz.domain.practices import PracticeRefused
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.public import public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import call_actions, call_queries, pledge_queries, queries, shown
from torogoz.topics.practices.call_forms import CallForm
from torogoz.topics.practices.call_models import Pledge
from torogoz.topics.practices.obligation_queries import obligations, reached
from torogoz.topics.practices.words import KINDS, STAGES


@public_page(queries.edition)
def calls(request: HttpRequest) -> HttpResponse:
    """Every call: those that are open say until when."""
    today = timezone.localdate()
    rows = [{"call": one, "open": one.opens_on <= today <= one.open_until} for one in call_queries.calls()]
    page = {"rows": rows, "today": today, "convenes": queries.convenes_for(request.user, timezone.now())}
    return render(request, "practices/calls.html", page)


def _pledge(one: Pledge) -> dict[str, Any]:
    """A pledge on the page of its call, with what it obliges to when it matches another."""
    told = reached(one)
    return {
        "pledge": one,
        "title": shown.said(one, "title", language()),
        "kind": KINDS[Kind(one.kind)],
        "stage": STAGES[pledge_queries.stage_of(one)],
        "target": float(one.target),
        "reached": None if told is None else float(told),
        "owed": shown.owed(obligations(one, one.matches), language()) if one.matches else None,
    }


@public_page(lambda key: queries.edition())
def call(request: HttpRequest, key: UUID) -> HttpResponse:
    """One call, and the practices published that answered it."""
    found, today = call_queries.call_named(key), timezone.localdate()
    if found is None:
        raise Http404
    titles = dict(queries.objectives(language()))
    page = {
        "call": found,
        "open": found.opens_on <= today <= found.open_until,
        "closed": today > found.open_until,
        "titles": [(one.code, titles.get(one.code, "")) for one in found.objectives.all()],
        "rows": [shown.row(one, language()) for one in queries.answered(found)],
        "pledges": [_pledge(one) for one in pledge_queries.pledges_of(found)],
        "offers": queries.offers_for(request.user, timezone.now()),
    }
    return render(request, "practices/call.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a call."""
    now, officer = timezone.now(), officer_of(request)
    held = queries.convenes_for(officer, now)
    if not held:
        return not_found(request, verb=Verb.CONVENE, what="call", subject="", now=now)
    posted = request.method == "POST"
    form = CallForm(held, queries.objectives(language()), request.POST if posted else None)
    if posted and form.is_valid():
        typed = form.cleaned_data
        try:
            kept = call_actions.open_call(
                by=officer,
                institution=typed["institution"],
                call=form.call(),
                objective_codes=typed["objectives"],
                now=now,
            )
        except PracticeRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó la convocatoria. Es pública."))
            return redirect("practices:call", key=kept.key)
    page = {"form": form, "title": _("Abrir una convocatoria"), "button": _("Guardar la convocatoria")}
    return render(request, "practices/short_form.html", page, status=422 if posted else 200)
