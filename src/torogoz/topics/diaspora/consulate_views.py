"""The calendar of mobile consulates: public pages and feed, and the pages of the officers who announce them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.mobile_consulates import State
from torogoz.domain.refusals import Refused
from torogoz.exchange.readers import mobile_consulates as reader
from torogoz.exchange.writers import icalendar
from torogoz.shared.audit.reading import not_found
from torogoz.shared.codelists.queries import countries
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.public import download, public_page
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.diaspora import consulate_actions as actions
from torogoz.topics.diaspora import consulate_queries as queries
from torogoz.topics.diaspora.abroad_models import MobileConsulate
from torogoz.topics.diaspora.acting import consular
from torogoz.topics.diaspora.consulate_forms import DayForm, FileForm, OffForm, typed_before
from torogoz.topics.diaspora.consulate_queries import DayShown
from torogoz.topics.diaspora.queries import edition
from torogoz.topics.diaspora.words import DAY_BADGES, DAYS, SERVICES

WHAT = "mobile_consulate"
PAST = 200


@public_page(edition)
def calendar(request: HttpRequest) -> HttpResponse:
    """The days to come, by country."""
    groups = [
        {"group": each, "days": [_shown(day) for day in each.days]}
        for each in queries.by_country(timezone.now(), language())
    ]
    return render(request, "diaspora/calendar.html", {"groups": groups})


@public_page(lambda country: edition())
def calendar_of(request: HttpRequest, country: str) -> HttpResponse:
    """The days of one country: those to come, and those that were."""
    now = timezone.now()
    page = {
        "country": country,
        "name": dict(countries(language())).get(country, country),
        "days": [_shown(queries.shown(day)) for day in queries.to_come(now, country)],
        "past": [_shown(queries.shown(day)) for day in queries.past(now, country)[:PAST]],
    }
    return render(request, "diaspora/country.html", page)


@login_not_required
@require_safe
def feed(request: HttpRequest, country: str = "") -> HttpResponseBase:
    """The days to come, and the last that were, as a calendar that a telephone subscribes to."""
    now = timezone.now()
    found = [*queries.to_come(now, country), *queries.past(now, country)[:PAST]]
    address = request.build_absolute_uri(reverse("diaspora:calendar_of", args=[country]) if country else _calendar())
    written = icalendar.written(_("Consulados móviles de El Salvador"), [_event(day, address) for day in found])
    name = f"consulados-moviles{f'-{country}' if country else ''}.ics"
    return download(request, edition=edition(), pieces=lambda: [written], content_type=icalendar.TYPE, file_name=name)


@never_cache
@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest) -> HttpResponse:
    """Announce one day; and the days to come, each to be called off or moved."""
    now, officer = timezone.now(), officer_of(request)
    if not consular(officer, now):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject="", now=now)
    posted = request.method == "POST"
    form = DayForm(request.POST if posted else None)
    day = form.read() if posted else None
    if day is not None:
        try:
            stored = actions.announce_day(by=officer, day=day, now=now)
        except Refused as why:
            form.refuse(why)
        else:
            messages.success(request, _("La jornada está anunciada y se lee en la página pública."))
            return redirect("diaspora:day", key=stored.key)
    days = [_shown(queries.shown(one)) for one in queries.to_come(now)]
    return render(request, "diaspora/announce.html", {"form": form, "days": days}, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, key: UUID) -> HttpResponse:
    """One day: call it off, saying why."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.day_called(key) if consular(officer, now) else None
    if found is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    posted = request.method == "POST"
    form = OffForm(request.POST if posted else None, initial={"version": found.version})
    if posted and form.is_valid():
        try:
            actions.cancel_day(by=officer, day=found, now=now, **form.cleaned_data)
        except Refused as why:
            form.refuse(why)
        else:
            messages.success(request, _("La jornada está cancelada. La página pública dice por qué."))
            return redirect("diaspora:day", key=key)
    page = {"form": form, "shown": _shown(queries.shown(found)), "live": _live(found, now)}
    return render(request, "diaspora/day.html", page, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a day elsewhere or on another date, saying why."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.day_called(key) if consular(officer, now) else None
    if found is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    posted, before = request.method == "POST", typed_before(queries.shown(found))
    form = DayForm(request.POST if posted else None, initial=before)
    why_form = OffForm(request.POST if posted else None, initial={"version": found.version})
    to = form.read() if posted else None
    if to is not None and why_form.is_valid():
        try:
            moved = actions.move_day(by=officer, day=found, to=to, now=now, **why_form.cleaned_data)
        except Refused as why:
            (why_form if why.field in why_form.fields else form).refuse(why)
        else:
            messages.success(request, _("La jornada está trasladada. La anterior lleva a la nueva."))
            return redirect("diaspora:day", key=moved.key)
    page = {"form": form, "why_form": why_form, "shown": _shown(queries.shown(found))}
    return render(request, "diaspora/move.html", page, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def from_file(request: HttpRequest) -> HttpResponse:
    """Announce many days from a file: first what it would do is shown, then all of it is stored, or nothing."""
    now, officer = timezone.now(), officer_of(request)
    if not consular(officer, now):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject="", now=now)
    posted = request.method == "POST"
    form = FileForm(request.POST if posted else None, request.FILES if posted else None)
    text = form.content() if posted else ""
    page: dict[str, Any] = {"form": form, "columns": reader.COLUMNS}
    if text:
        found = reader.read(text, frozenset(code for code, _name in countries("es")))
        page |= {"days": found.days, "wrong": found.wrong, "text": text, "spanish": language() == "es"}
        if not found.wrong and request.POST.get("store"):
            try:
                stored = actions.announce_days(by=officer, days=[day for _line, day in found.days], now=now)
            except Refused as why:
                form.refuse(why, "file")
            else:
                messages.success(request, _("Jornadas anunciadas: %(count)s.") % {"count": len(stored)})
                return redirect("diaspora:announce")
    wrong = posted and (not form.is_valid() or bool(form.errors) or bool(page.get("wrong")))
    return render(request, "diaspora/from_file.html", page, status=422 if wrong else 200)


@never_cache
@require_GET
def template_file(request: HttpRequest) -> HttpResponse:
    """An empty file with the heading."""
    now = timezone.now()
    if not consular(officer_of(request), now):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject="", now=now)
    heading = ",".join(reader.COLUMNS) + "\r\n"
    named = {"Content-Disposition": 'attachment; filename="consulados-moviles.csv"'}
    return HttpResponse(heading, content_type="text/csv; charset=utf-8", headers=named)


def _calendar() -> str:
    return reverse("diaspora:calendar")


def _live(found: MobileConsulate, now: Any) -> bool:
    return found.state == State.PLANNED.value and found.ends_at > now


def _shown(shown: DayShown) -> dict[str, Any]:
    """A day in words."""
    state = State(shown.day.state)
    return {
        "day": shown.day,
        "on": f"{shown.opens:%Y-%m-%d}",
        "weekday": shown.opens,
        "opens": f"{shown.opens:%H:%M}",
        "closes": f"{shown.closes:%H:%M}",
        "zone": shown.day.zone.replace("_", " "),
        "offset": f"{shown.opens:%z}",
        "services": [SERVICES_SAID.get(code, code) for code in shown.day.services],
        "state": DAYS[state],
        "badge": DAY_BADGES[state],
        "off": state is not State.PLANNED,
        "to": queries.shown(shown.day.moved_to) if shown.day.moved_to else None,
    }


def _event(day: MobileConsulate, address: str) -> icalendar.Event:
    shown = _shown(queries.shown(day))
    words = [
        f"{shown['on']} {shown['opens']}-{shown['closes']} ({shown['zone']})",
        "; ".join(str(word) for word in shown["services"]),
        f"{_('Qué llevar')}: {localised(day, 'bring')}",
    ]
    if shown["off"]:
        words.insert(0, f"{shown['state']}: {localised(day, 'reason')}")
    off = f"{shown['state']}: ".upper() if shown["off"] else ""
    return icalendar.Event(
        uid=f"{day.key}@torogoz",
        changed=day.changed_at,
        begins=day.begins_at,
        ends=day.ends_at,
        summary=f"{off}{_('Consulado móvil')}: {day.consulate}, {day.city}",
        location=f"{day.address}, {day.city}",
        description="\n".join(words),
        address=address,
        cancelled=shown["off"],
        sequence=day.version - 1,
    )


SERVICES_SAID = {service.value: word for service, word in SERVICES.items()}
