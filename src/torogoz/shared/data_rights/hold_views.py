"""The pages of legal holds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.disposal import DisposalRefused, Ground
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.data_rights import disposal_actions as actions
from torogoz.shared.data_rights import disposal_queries as queries
from torogoz.shared.data_rights.disposal_forms import HoldForm, LiftHoldForm
from torogoz.shared.data_rights.disposal_words import GROUNDS
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.ui.language import switching

WHAT = "hold"
Lifting = tuple[UUID, LiftHoldForm]


@never_cache
@require_http_methods(["GET", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """The holds of the own institution, and a new one."""
    now, officer = timezone.now(), officer_of(request)
    ground = may(officer, Verb.AUDIT, None, None, now)
    if not ground:
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    posted = request.method == "POST" and not switching(request)
    form = HoldForm(request.POST if posted else None, initial={"valid_from": timezone.localdate(now)})
    if posted and form.is_valid():
        try:
            actions.place_hold(by=officer, institution=ground.institution, now=now, **form.read())
        except DisposalRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Quedó retenido: nada de ese registro se elimina mientras dure."))
            return redirect("data_rights:holds")
    return _page(request, officer, now, form)


@never_cache
@require_POST
def lift(request: HttpRequest, key: UUID) -> HttpResponse:
    """Lift a hold of the own institution."""
    now, officer = timezone.now(), officer_of(request)
    hold, form = queries.hold_seen_by(officer, key, now), _lifting(key, request.POST)
    if hold is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    if form.is_valid():
        try:
            actions.lift_hold(by=officer, hold=hold, now=now, **form.cleaned_data)
        except DisposalRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
        else:
            messages.success(request, _("Se levantó la retención."))
            return redirect("data_rights:holds")
    return _page(request, officer, now, HoldForm(), lifting=(key, form))


def _page(
    request: HttpRequest,
    officer: Officer,
    now: datetime,
    form: HoldForm,
    lifting: Lifting | None = None,
) -> HttpResponse:
    ground = may(officer, Verb.AUDIT, None, None, now)
    seen = queries.holds_seen_by(officer, now)
    keys = [key for one in seen for key in (one.hold.person.key, one.hold.key)]
    disclosed(request, verb=Verb.LIST, what=WHAT, subjects=keys, decision=ground, now=now, channel="list")
    rows = [
        {
            "seen": one,
            "ground": GROUNDS[Ground(one.hold.ground)],
            "lift": lifting[1] if lifting and lifting[0] == one.hold.key else _lifting(one.hold.key),
        }
        for one in seen
    ]
    wrong = [each for each in (form, lifting[1] if lifting else None) if each is not None and each.errors]
    page = {"form": form, "rows": rows, "wrong": wrong}
    return render(request, "data_rights/holds.html", page, status=422 if wrong else 200)


def _lifting(key: UUID, typed: Any = None) -> LiftHoldForm:
    """The form of one hold; several stand on the page, each with names of its own."""
    return LiftHoldForm(typed, auto_id=f"{key}_%s")
