"""The pages of pledges: the public reads them, institutions make them and say how far they are."""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.pledges import Kind, PledgeRefused, Stage, Type
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.public import download, public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import call_queries, pledge_actions, pledge_queries, queries, shown
from torogoz.topics.practices.call_models import Pledge
from torogoz.topics.practices.obligation_queries import Obligations, obligations
from torogoz.topics.practices.own_forms import ReasonForm
from torogoz.topics.practices.pledge_files import csv_pieces
from torogoz.topics.practices.pledge_forms import PledgeForm, UpdateForm
from torogoz.topics.practices.words import KINDS, STAGE_BADGES, STAGES, TYPES

WHAT = "pledge"


def _row(one: Pledge) -> dict[str, Any]:
    stage = pledge_queries.stage_of(one)
    return {
        "pledge": one,
        "title": shown.said(one, "title", language()),
        "kind": KINDS[Kind(one.kind)],
        "type": TYPES[Type(one.type)],
        "stage": STAGES[stage],
        "badge": STAGE_BADGES[stage],
        "overdue": pledge_queries.is_overdue(one, timezone.localdate()),
        "target": float(one.target),
        "measure": shown.said(one, "measure", language()),
    }


@public_page(queries.edition, refuses=True)
def pledges(request: HttpRequest) -> HttpResponse:
    """Every pledge that holds, by objective, kind or stage; the one that is due first first."""
    titles = queries.objectives(language())
    chosen = _chosen(request, [code for code, _title in titles])
    if chosen is None:
        return render(request, "practices/refused.html", {"again": request.path}, status=400)
    rows = [_row(one) for one in pledge_queries.pledges_for(**chosen)]
    page = {
        "rows": rows,
        "overdue": sum(row["overdue"] for row in rows),
        "made_up": any(row["pledge"].made_up for row in rows),
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "asked": urlencode({name: value for name, value in chosen.items() if value}),
        "objectives": titles,
        "kinds": [(one.value, word) for one, word in KINDS.items()],
        "stages": [(one.value, word) for one, word in STAGES.items()],
        "offers": queries.offers_for(request.user, timezone.now()),
    }
    return render(request, "practices/pledges.html", page)


def _chosen(request: HttpRequest, objectives: Sequence[str]) -> dict[str, str] | None:
    """The filters of the address; None when it asks for one that is not there."""
    known: dict[str, Collection[str]] = {
        "objective": objectives,
        "kind": {one.value for one in Kind},
        "stage": {one.value for one in Stage},
    }
    chosen = {name: request.GET.get(name, "") for name in known}
    odd = set(request.GET) - {*chosen, "lang"}
    if odd or any(value and value not in known[name] for name, value in chosen.items()):
        return None
    return chosen


@login_not_required
@require_safe
def file(request: HttpRequest) -> HttpResponseBase:
    """The pledges as CSV, filtered as the page is, with what a matching one obliges to."""
    chosen = _chosen(request, [code for code, _title in queries.objectives(language())])
    if chosen is None:
        text = _("No hay ese filtro. Use objective, kind o stage, con un código de la lista.")
        return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=400)
    return download(
        request,
        edition=queries.edition(),
        pieces=lambda: csv_pieces(pledge_queries.pledges_for(**chosen), timezone.localdate()),
        content_type="text/csv; charset=utf-8; header=present",
        file_name="pledges.csv",
    )


@public_page(lambda key: queries.edition())
def pledge(request: HttpRequest, key: UUID) -> HttpResponse:
    """One pledge: what, by when, with whom, and every update with its day."""
    found = pledge_queries.pledge_named(key)
    if found is None:
        raise Http404
    return _page(request, found, None, None)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a pledge."""
    now, officer = timezone.now(), officer_of(request)
    held = queries.offers_for(officer, now)
    if not held:
        return not_found(request, verb=Verb.REPORT, what=WHAT, subject="", now=now)
    posted = request.method == "POST"
    form = PledgeForm(
        held,
        queries.objectives(language()),
        queries.institutions(),
        pledge_queries.pledges_for(),
        call_queries.open_calls(now),
        request.POST if posted else None,
        initial={"token": uuid4(), "matches": request.GET.get("matches", ""), "call": request.GET.get("call", "")},
    )
    if posted and form.is_valid():
        typed = form.cleaned_data
        try:
            kept = pledge_actions.make_pledge(
                by=officer,
                institution=typed["institution"],
                pledge=form.pledge(),
                matches=form.matched,
                partners=typed["partners"],
                objective_codes=typed["objectives"],
                call=call_queries.call_named(UUID(typed["call"])) if typed["call"] else None,
                now=now,
            )
        except PledgeRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("La promesa quedó registrada y es pública."))
            return redirect("practices:pledge", key=kept.key)
    page = {"form": form, "title": _("Hacer una promesa"), "button": _("Registrar la promesa")}
    return render(request, "practices/short_form.html", page, status=422 if posted else 200)


@never_cache
@require_POST
def step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Say how far a pledge is, confirm it for a partner, withdraw it."""
    now, officer = timezone.now(), officer_of(request)
    found = pledge_queries.pledge_named(key)
    held = queries.offers_for(officer, now)
    owns = found is not None and found.institution.code in held
    waiting = [one for one in _waiting(found) if one in held] if found else []
    if found is None or not {"update": owns, "withdraw": owns, "confirm": bool(waiting)}.get(step, False):
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    update, reason = UpdateForm(request.POST), ReasonForm(request.POST)
    try:
        if step == "confirm":
            pledge_actions.confirm_pledge(by=officer, pledge=found, institution=waiting[0], now=now)
        elif step == "update":
            if not update.is_valid():
                return _page(request, found, update, None)
            pledge_actions.update_pledge(by=officer, pledge=found, update=update.update(), now=now)
        else:
            if not reason.is_valid():
                return _page(request, found, None, reason)
            pledge_actions.withdraw_pledge(by=officer, pledge=found, reason=reason.cleaned_data["reason"], now=now)
    except PledgeRefused as why:
        form = reason if step == "withdraw" else update
        form.refuse(why)
        return _page(request, found, update if step == "update" else None, reason if step == "withdraw" else None)
    messages.success(request, _("Se guardó."))
    return redirect("practices:pledge", key=key)


def _waiting(found: Pledge) -> list[str]:
    """The codes of the partners that have not confirmed."""
    return [one.institution.code for one in found.partners.all() if one.confirmed_at is None]


def _obligations(found: Pledge) -> list[Obligations]:
    """Those of this pledge to the one that it matches, and of those that match this one."""
    own = [obligations(found, found.matches)] if found.matches and found.withdrawn_at is None else []
    return own + [obligations(one, found) for one in pledge_queries.matching(found)]


def _page(request: HttpRequest, found: Pledge, update: UpdateForm | None, reason: ReasonForm | None) -> HttpResponse:
    held = queries.offers_for(request.user, timezone.now())
    titles = dict(queries.objectives(language()))
    updates = [
        {
            "update": one,
            "stage": STAGES[Stage(one.stage)],
            "badge": STAGE_BADGES[Stage(one.stage)],
            "text": shown.said(one, "text", language()),
            "reached": None if one.reached is None else float(one.reached),
        }
        for one in reversed(list(found.updates.all()))
    ]
    wrong = update or reason
    live = found.withdrawn_at is None
    page = {
        **_row(found),
        "text": shown.said(found, "text", language()),
        "titles": [(one.code, titles.get(one.code, "")) for one in found.objectives.all()],
        "updates": updates,
        "matching": [_row(one) for one in pledge_queries.matching(found)],
        "owes": [shown.owed(one, language()) for one in _obligations(found)],
        "matched": shown.said(found.matches, "title", language()) if found.matches else None,
        "owns": live and found.institution.code in held,
        "confirms": live and [one for one in _waiting(found) if one in held],
        "offers": live and held,
        "update": update or UpdateForm(),
        "reason": reason or ReasonForm(),
        "wrong": wrong,
    }
    return render(request, "practices/pledge.html", page, status=422 if wrong is not None else 200)
