"""The day of reception: transports, the list ticked off, the stops of each person, the end of the day."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import LOGISTICS, Verb
from torogoz.domain.reception import Progress, StopRefused, TransportRefused
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import at, may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.queries import encounters_seen_by, person_seen_by, subject_of
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns import queries, reception_actions, reception_queries, words
from torogoz.topics.returns.forms import ROUTES
from torogoz.topics.returns.models import ManifestLine, Transport
from torogoz.topics.returns.reception_forms import ASIDE, PROGRESS, STOPS, ManifestForm, StopForm, TransportForm

MOST_TRANSPORTS = 60
TRANSPORT = "transport"


@require_http_methods(["GET", "POST"])
def transports(request: HttpRequest) -> HttpResponse:
    """The flights and buses of the officer's own centres, the newest first; and a new one."""
    now, officer = timezone.now(), officer_of(request)
    centres = reception_queries.reception_centres(officer, now)
    registering = queries.registering_centres(officer, now)
    if not centres or (request.method == "POST" and not registering):
        return not_found(request, verb=Verb.LIST, what=TRANSPORT, subject="index", now=now)
    form = TransportForm(
        request.POST if request.method == "POST" else None,
        centres=registering,
        initial={"arrives_on": timezone.localdate(now)},
    )
    if form.is_valid():
        try:
            kept = form.cleaned_data
            made = reception_actions.announce_transport(
                by=officer,
                centre=form.chosen_centre,
                route=kept["route"],
                arrives_on=kept["arrives_on"],
                number=kept["number"],
                returned_from=kept["returned_from"],
                expected=kept["expected"],
                now=now,
            )
        except TransportRefused as why:
            form.refuse(why)
        else:
            return redirect("returns:transport", key=made.key)
    shown = list(reception_queries.transports_seen_by(officer, now)[:MOST_TRANSPORTS])
    disclosed(
        request,
        verb=Verb.LIST,
        what=TRANSPORT,
        subjects=[one.key for one in shown],
        decision=may(officer, Verb.LIST, at(centres[0].pk), None, now),
        now=now,
        channel="list",
    )
    vocabulary = words.Words()
    rows = [{"transport": one, "origin": vocabulary.country(one.returned_from), "route": _route(one)} for one in shown]
    page = {"rows": rows, "form": form if registering else None, "most": MOST_TRANSPORTS}
    return render(request, "returns/transports.html", page)


@require_http_methods(["GET", "POST"])
def transport(request: HttpRequest, key: UUID) -> HttpResponse:
    """One transport: its list, who came, who is missing, who came without being on it; and its list handed in."""
    now, officer = timezone.now(), officer_of(request)
    found = reception_queries.transport_seen_by(officer, key, now)
    writes = found is not None and _writes(officer, found, now)
    if found is None or (request.method == "POST" and not writes):
        return not_found(request, verb=Verb.VIEW, what=TRANSPORT, subject=key, now=now)
    form = ManifestForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and found.closed_at is not None:  # from a page that was open before
        messages.error(request, TransportRefused("", "closed").explain(language()))
        return redirect("returns:transport", key=key)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(reception_actions.LARGEST + 1)
            taken = reception_actions.take_manifest(by=officer, transport=found, content=content, now=now)
        except TransportRefused as why:
            form.refuse(why)
        else:
            messages.success(
                request,
                _("Lista recibida. Personas nuevas: %(added)s; ya estaban: %(known)s; filas apartadas: %(aside)s.")
                % vars(taken),
            )
            return redirect("returns:transport", key=key)
    page = _whole(request, officer, found, now) | {"form": form if writes and not found.closed_at else None}
    return render(request, "returns/transport.html", page)


@require_http_methods(["GET", "POST"])
def tick(request: HttpRequest, key: UUID, line: UUID) -> HttpResponse:
    """Which of the day's arrivals somebody on the list is; who is not among them is searched and registered first."""
    now, officer = timezone.now(), officer_of(request)
    found = reception_queries.transport_seen_by(officer, key, now)
    seen = reception_queries.list_seen_by(officer, found, now) if found and _writes(officer, found, now) else None
    one = next((each for each in seen.lines if each.line.key == line), None) if seen else None
    if found is None or seen is None or one is None:
        return not_found(request, verb=Verb.EDIT, what=TRANSPORT, subject=line, now=now)
    if request.method == "POST":
        chosen = {str(each.arrival.encounter.key): each.arrival for each in seen.off_list}
        arrival = chosen.get(request.POST.get("arrival", ""))
        try:
            if arrival is None:
                messages.error(request, _("Esa llegada ya no está entre las que se pueden marcar. No se guardó nada."))
            else:
                reception_actions.tick_off(by=officer, line=one.line, arrival=arrival, now=now)
        except TransportRefused as why:
            messages.error(request, why.explain(language()))
        return redirect("returns:transport", key=key)
    disclosed(
        request,
        verb=Verb.VIEW,
        what="manifest",
        subjects=[one.line.key, *(each.person.key for each in seen.off_list)],
        decision=may(officer, Verb.VIEW, at(found.office_id), IDENTITY, now),
        now=now,
        sections=[IDENTITY],
    )
    proposed = reception_queries.alike_first(one, seen.off_list)
    page = {
        "transport": found,
        "line": one,
        "proposed": [
            {"key": each.arrival.encounter.key, "name": words.full_name(each.person), "alike": alike}
            for each, alike in proposed
        ],
    }
    return render(request, "returns/tick.html", page)


@require_POST
def untick(request: HttpRequest, key: UUID, line: UUID) -> HttpResponse:
    """Take away the tick of somebody on the list, who is then to come again."""
    now, officer = timezone.now(), officer_of(request)
    one = _line_to_change(officer, key, line, now)
    if one is None:
        return not_found(request, verb=Verb.EDIT, what=TRANSPORT, subject=line, now=now)
    done = _("Se quitó la marca. La ficha no cambió; la persona de la lista está otra vez sin llegar.")
    return _changed(request, key, done, partial(reception_actions.take_tick_away, by=officer, line=one, now=now))


@require_POST
def take_off(request: HttpRequest, key: UUID, line: UUID) -> HttpResponse:
    """Take somebody off the list who should not be on it."""
    now, officer = timezone.now(), officer_of(request)
    one = _line_to_change(officer, key, line, now)
    if one is None:
        return not_found(request, verb=Verb.EDIT, what=TRANSPORT, subject=line, now=now)
    done = _("Se quitó de la lista. Si el archivo la trae otra vez, vuelve a entrar.")
    return _changed(request, key, done, partial(reception_actions.take_off_list, by=officer, line=one, now=now))


@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take out a transport that was announced by mistake, while it has no list."""
    now, officer = timezone.now(), officer_of(request)
    found = reception_queries.transport_seen_by(officer, key, now)
    if found is None or not _writes(officer, found, now):
        return not_found(request, verb=Verb.EDIT, what=TRANSPORT, subject=key, now=now)
    try:
        reception_actions.withdraw_transport(by=officer, transport=found, now=now)
    except TransportRefused as why:
        messages.error(request, why.explain(language()))
        return redirect("returns:transport", key=key)
    messages.success(request, _("Se quitó el transporte. Puede anunciarlo otra vez con el día y el número correctos."))
    return redirect("returns:transports")


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close the day of a transport, after saying what closing leaves as it is."""
    now, officer = timezone.now(), officer_of(request)
    found = reception_queries.transport_seen_by(officer, key, now)
    if found is None or not _writes(officer, found, now):
        return not_found(request, verb=Verb.EDIT, what=TRANSPORT, subject=key, now=now)
    if request.method != "POST" and found.closed_at is None:
        page = _whole(request, officer, found, now)
        return render(request, "returns/transport_close.html", page)
    done = _("El día quedó cerrado. La lista ya no cambia; imprima su resumen.")
    return _changed(request, key, done, partial(reception_actions.close_day, by=officer, transport=found, now=now))


@require_GET
def summary(request: HttpRequest, key: UUID) -> HttpResponse:
    """The day in numbers, without anybody's name, to be printed."""
    now, officer = timezone.now(), officer_of(request)
    found = reception_queries.transport_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.VIEW, what=TRANSPORT, subject=key, now=now)
    seen = reception_queries.list_seen_by(officer, found, now)
    disclosed(
        request,
        verb=Verb.VIEW,
        what=TRANSPORT,
        subjects=[key],
        decision=may(officer, Verb.VIEW, at(found.office_id), None, now),
        now=now,
    )
    page = _heading(found) | {"numbers": reception_queries.numbers_of(seen)}
    return render(request, "returns/transport_summary.html", page)


@require_http_methods(["GET", "POST"])
def stops(request: HttpRequest, key: UUID) -> HttpResponse:
    """The stops of a person's newest encounter: those that the officer may know of, and may record."""
    now, officer = timezone.now(), officer_of(request)
    known = person_seen_by(officer, key, now)
    encounters = encounters_seen_by(officer, known, now) if known else []
    encounter = queries.where_to_write(officer, encounters, now)
    seen = reception_queries.stops_seen_by(officer, encounter, now) if encounter else []
    if known is None or encounter is None:
        return not_found(request, verb=Verb.VIEW, what="stop", subject=key, now=now)
    if request.method == "POST":
        form = StopForm(request.POST)
        writable = {one.stop.code: one.stop for one in seen if one.may_record}
        chosen = writable.get(request.POST.get("stop", ""))
        if chosen is None or not form.is_valid():
            return not_found(request, verb=Verb.EDIT, what="stop", subject=key, now=now)
        progress = Progress(form.cleaned_data["progress"])
        try:
            reception_actions.record_stop(by=officer, encounter=encounter, stop=chosen, progress=progress, now=now)
        except StopRefused as why:
            messages.error(request, why.explain(language()))
        return redirect("returns:stops", key=key)
    arrived = queries.arrivals_of(officer, [encounter], now).get(encounter.pk)
    disclosed(
        request,
        verb=Verb.VIEW,
        what="stop",
        subjects=[key],
        decision=may(officer, Verb.VIEW, subject_of(known), None, now),
        now=now,
        sections=sorted({one.stop.section for one in seen} - {LOGISTICS}),
    )
    page = {
        "person": known,
        "name": words.full_name(known),
        "stop": words.stop(arrived) if arrived else None,
        "rows": [
            {
                "code": one.stop.code,
                "label": STOPS[one.stop.code],
                "made": one.made,
                "word": dict(PROGRESS)[one.made.progress] if one.made else "",
                "may_record": one.may_record,
            }
            for one in seen
        ],
        "progress": PROGRESS,
    }
    return render(request, "returns/stops.html", page)


def _whole(request: HttpRequest, officer: Officer, found: Transport, now: datetime) -> dict[str, Any]:
    """The page of one transport; what it shows is recorded."""
    seen = reception_queries.list_seen_by(officer, found, now)
    arrived = [one.arrived for one in seen.lines if one.arrived is not None]
    disclosed(
        request,
        verb=Verb.LIST,
        what="manifest",
        subjects=[
            key
            for group in (
                [found.key],
                [one.line.key for one in seen.lines],
                [each.person.key for each in (*arrived, *seen.off_list)],
            )
            for key in group
        ],
        decision=may(officer, Verb.LIST, at(found.office_id), None, now),
        now=now,
        sections=[IDENTITY] if seen.identified else [],
        channel="list",
    )
    return _heading(found) | {
        "seen": seen,
        "numbers": reception_queries.numbers_of(seen),
        "ticked": [
            {
                "name": one.name,
                "line": one.line.key,
                "key": one.arrived.person.key if one.arrived else None,
                "stop": words.stop(one.arrived) if one.arrived else None,
            }
            for one in seen.ticked
        ],
        "off_list": [
            {"name": words.full_name(one.person), "key": one.person.key, "stop": words.stop(one)}
            for one in seen.off_list
        ],
        "aside": [{"row": one.row, "why": ASIDE[one.reason]} for one in seen.aside],
        "may_write": _writes(officer, found, now) and found.closed_at is None,
    }


def _changed(request: HttpRequest, key: UUID, done: str, change: Callable[[], object]) -> HttpResponse:
    """Change it, and on the page of its transport say that it is `done`, or why it was refused."""
    try:
        change()
    except TransportRefused as why:
        messages.error(request, why.explain(language()))
    else:
        messages.success(request, done)
    return redirect("returns:transport", key=key)


def _line_to_change(officer: Officer, key: UUID, line: UUID, now: datetime) -> ManifestLine | None:
    """A row of a list that this officer hands in and ticks off."""
    found = reception_queries.transport_seen_by(officer, key, now)
    if found is None or not _writes(officer, found, now):
        return None
    return found.lines.filter(key=line).first()


def _heading(found: Transport) -> dict[str, Any]:
    return {
        "transport": found,
        "origin": words.Words().country(found.returned_from),
        "route": _route(found),
    }


def _route(found: Transport) -> str:
    return str(dict(ROUTES)[found.route])


def _writes(officer: Officer, found: Transport, now: datetime) -> bool:
    return bool(may(officer, Verb.CREATE, at(found.office_id), IDENTITY, now))
