"""The pages on which what is past its term is proposed, confirmed and certified."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.disposal import DisposalRefused, Reason, State
from torogoz.domain.retention import DataClass
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.data_rights import disposal_actions as actions
from torogoz.shared.data_rights import disposal_queries as queries
from torogoz.shared.data_rights.certificate import of_disposal
from torogoz.shared.data_rights.disposal_words import BADGES, CLASSES, REASONS, STATES, classes, counted
from torogoz.shared.data_rights.models import Disposal
from torogoz.shared.institutions.access import duty, officer_of, posted_at
from torogoz.shared.institutions.models import Officer
from torogoz.shared.papers.actions import issue
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.ui.templatetags.ui import language

WHAT = "disposal"


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What may be proposed, and the disposals of the institution."""
    return _list(request, officer_of(request), timezone.now())


@never_cache
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose to dispose of what is past its term in one class."""
    now, officer = timezone.now(), officer_of(request)
    institution, code = request.POST.get("institution", ""), request.POST.get("data_class", "")
    if code not in set(DataClass) or not duty(officer, Verb.AUDIT, institution, now):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject="", now=now)
    try:
        made = actions.propose_disposal(by=officer, institution=institution, data_class=DataClass(code), now=now)
    except DisposalRefused as why:
        return _list(request, officer, now, refused=why.explain(language()))
    messages.success(request, _("Quedó propuesta. Nada se elimina hasta que otra persona la confirme."))
    return redirect("data_rights:disposal", key=made.key)


@never_cache
@require_GET
def disposal(request: HttpRequest, key: UUID) -> HttpResponse:
    """One disposal: what goes, by which rule, who proposed it, and what was done."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.disposal_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    return _page(request, officer, seen, now)


@never_cache
@require_POST
def end(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Confirm a disposal, which does it once it was asked a second time, or withdraw it."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.disposal_seen_by(officer, key, now)
    does = {"confirm": actions.confirm_disposal, "withdraw": actions.withdraw_disposal}.get(step)
    if seen is None or does is None:
        return not_found(request, verb=Verb.DISPOSE, what=WHAT, subject=key, now=now)
    if step == "confirm" and "sure" not in request.POST and queries.may_confirm(officer, seen, now):
        return render(request, "data_rights/disposal_sure.html", {**_row(seen), "proposed": seen.items.count()})
    try:
        does(by=officer, disposal=seen, now=now)
    except DisposalRefused as why:
        fresh = queries.disposal_seen_by(officer, key, now) or seen
        return _page(request, officer, fresh, now, refused=why.explain(language()))
    except NotAllowed:
        return not_found(request, verb=Verb.DISPOSE, what=WHAT, subject=key, now=now)
    messages.success(
        request, _("Se eliminó. El certificado se imprime aquí.") if step == "confirm" else _("Se retiró.")
    )
    return redirect("data_rights:disposal", key=key)


@never_cache
@require_GET
def certificate(request: HttpRequest, key: UUID) -> HttpResponse:
    """The certificate of a disposal that was done, as PDF, in the language of the page."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.disposal_seen_by(officer, key, now)
    if seen is None or seen.state != State.DONE.value:
        return not_found(request, verb=Verb.PRINT, what=WHAT, subject=key, now=now)
    ground = duty(officer, Verb.DISPOSE, seen.institution.code, now)
    printed = issue(
        by=officer,
        person=None,
        about=str(seen.key),
        office=posted_at(officer, seen.institution.code, now),
        content=of_disposal(seen, language()),
        decision=ground,
        now=now,
    )
    name = f"{seen.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


def _list(request: HttpRequest, officer: Officer, now: datetime, refused: str = "") -> HttpResponse:
    ground = queries.takes_part(officer, now)
    if not ground:
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    seen = queries.disposals_seen_by(officer, now)
    keys = [one.key for one in seen]
    disclosed(request, verb=Verb.LIST, what=WHAT, subjects=keys, decision=ground, now=now, channel="list")
    past = [{"one": one, "name": CLASSES[one.rule.data_class]} for one in queries.past_seen_by(officer, now)]
    page = {"past": past, "rows": [_row(one) for one in seen], "refused": refused}
    return render(request, "data_rights/disposals.html", page, status=422 if refused else 200)


def _page(request: HttpRequest, officer: Officer, seen: Disposal, now: datetime, refused: str = "") -> HttpResponse:
    ground = duty(officer, Verb.DISPOSE, seen.institution.code, now)
    keys = queries.keys_of(officer, seen, now)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[*keys, seen.key], decision=ground, now=now)
    page = {
        **_row(seen),
        "keys": keys,
        "proposed": seen.items.count(),
        "counted": counted(seen.counts),
        "may_confirm": queries.may_confirm(officer, seen, now),
        "may_withdraw": seen.state == State.PROPOSED.value and seen.reason == Reason.RETENTION.value,
        "done": seen.state == State.DONE.value,
        "refused": refused,
    }
    return render(request, "data_rights/disposal.html", page, status=422 if refused else 200)


def _row(one: Disposal) -> dict[str, Any]:
    return {
        "one": one,
        "state": STATES[State(one.state)],
        "badge": BADGES[State(one.state)],
        "reason": REASONS[Reason(one.reason)],
        "classes": classes(one.classes),
    }
