"""The pages of the register of breaches."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.breaches import BreachRefused, Category, Clock, Told
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.data_rights import breach_actions as actions
from torogoz.shared.data_rights import breach_queries as queries
from torogoz.shared.data_rights.breach_forms import BreachForm, EntryForm, NoticeForm
from torogoz.shared.data_rights.breach_queries import BreachSeen
from torogoz.shared.data_rights.breach_words import BADGES, CATEGORIES, CLOCKS, TOLD, letter
from torogoz.shared.institutions.access import duty, may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import localised

WHAT = "breach"


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The breaches of the institution; those of which somebody has to be told stand first."""
    now, officer = timezone.now(), officer_of(request)
    ground = may(officer, Verb.AUDIT, None, None, now)
    if not ground:
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    seen = sorted(queries.breaches_seen_by(officer, now), key=lambda one: (not one.overdue, not one.running))
    keys = [one.breach.key for one in seen]
    disclosed(request, verb=Verb.LIST, what=WHAT, subjects=keys, decision=ground, now=now, channel="list")
    return render(request, "data_rights/breaches.html", {"rows": [_row(one, now) for one in seen]})


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Record a breach."""
    now, officer = timezone.now(), officer_of(request)
    if not may(officer, Verb.AUDIT, None, None, now):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject="", now=now)
    posted = request.method == "POST" and not switching(request)
    form = BreachForm(request.POST if posted else None, initial={"discovered_at": timezone.localtime(now)})
    if posted and form.is_valid():
        try:
            kept = actions.record_breach(by=officer, now=now, **form.read())
        except BreachRefused as why:
            form.refuse(why)
        else:
            messages.warning(request, _("Se guardó la brecha. Avise a los tres antes de 72 horas del descubrimiento."))
            return redirect("data_rights:breach", key=kept.key)
    return render(request, "data_rights/breach_new.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def breach(request: HttpRequest, key: UUID) -> HttpResponse:
    """One breach: its clocks, what is known, and what was done; more is added here."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.breach_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    posted = request.method == "POST" and not switching(request)
    form = EntryForm(request.POST if posted else None, initial={"people": seen.breach.people})
    if posted and form.is_valid():
        try:
            actions.add_to_breach(by=officer, breach=seen.breach, now=now, **form.cleaned_data)
        except BreachRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
        else:
            messages.success(request, _("Se agregó."))
            return redirect("data_rights:breach", key=key)
    return _page(request, officer, seen, now, entry=form)


@never_cache
@require_POST
def notice(request: HttpRequest, key: UUID, told: str) -> HttpResponse:
    """Record that one of the three was told."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.breach_seen_by(officer, key, now)
    if seen is None or told not in set(Told):
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    form = NoticeForm(request.POST, prefix=told)
    if form.is_valid():
        try:
            actions.note_notice(by=officer, breach=seen.breach, told=Told(told), now=now, **form.cleaned_data)
        except BreachRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
        else:
            messages.success(request, _("Se guardó el aviso."))
            return redirect("data_rights:breach", key=key)
    return _page(request, officer, seen, now, wrong={Told(told): form})


@never_cache
@require_GET
def breach_letter(request: HttpRequest, key: UUID, told: str) -> HttpResponse:
    """The text of the letter to one of the three, to print or to copy."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.breach_seen_by(officer, key, now)
    if seen is None or told not in set(Told):
        return not_found(request, verb=Verb.PRINT, what=WHAT, subject=key, now=now)
    ground = duty(officer, Verb.AUDIT, seen.breach.institution.code, now)
    disclosed(request, verb=Verb.PRINT, what=WHAT, subjects=[key], decision=ground, now=now)
    institution = localised(seen.breach.institution, "name")
    entries = queries.entries_of(seen)
    page = {
        "breach": seen.breach,
        "to": TOLD[Told(told)],
        "institution": institution,
        "paragraphs": letter(seen.breach, Told(told), institution),
        "annex": [] if told == Told.PERSONS.value else [seen.breach.told, *(one.said for one in entries)],
        "now": now,
    }
    return render(request, "data_rights/breach_letter.html", page)


def _page(
    request: HttpRequest,
    officer: Officer,
    seen: BreachSeen,
    now: datetime,
    *,
    entry: EntryForm | None = None,
    wrong: dict[Told, NoticeForm] | None = None,
) -> HttpResponse:
    ground = duty(officer, Verb.AUDIT, seen.breach.institution.code, now)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[seen.breach.key], decision=ground, now=now)
    done, typed = queries.done_notices(seen), wrong or {}
    initial = {"done_at": timezone.localtime(now)}
    page = {
        **_row(seen, now),
        "notices": [
            {
                **each,
                "done": done.get(each["told"]),
                "form": typed.get(each["told"]) or NoticeForm(prefix=each["told"].value, initial=initial),
            }
            for each in _clocks(seen, now)
        ],
        "entries": queries.entries_of(seen),
        "entry": entry or EntryForm(initial={"people": seen.breach.people}),
        "wrong": [form for form in (entry, *typed.values()) if form is not None],
    }
    return render(request, "data_rights/breach.html", page)


def _row(seen: BreachSeen, now: datetime) -> dict[str, Any]:
    return {
        "seen": seen,
        "categories": [CATEGORIES[Category(one)] for one in seen.breach.categories],
        "clocks": _clocks(seen, now),
    }


def _clocks(seen: BreachSeen, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "told": one.told,
            "who": TOLD[one.told],
            "word": CLOCKS[seen.clocks[one.told]],
            "badge": BADGES[seen.clocks[one.told]],
            "due": one.due,
            "left": one.hours_left(now) if seen.clocks[one.told] is Clock.RUNNING else None,
        }
        for one in seen.notices
    ]
