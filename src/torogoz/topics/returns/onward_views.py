"""After the reception: belongings, the way home and lodging of a person; the beds of a centre by night."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import Decision, Verb
from torogoz.domain.onward import GivenTo, OnwardRefused, Way
from torogoz.domain.sections import ONWARD
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import at, may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import encounters_seen_by, person_seen_by
from torogoz.shared.ui.forms import Questions
from torogoz.topics.returns import onward_actions, onward_queries, queries, words
from torogoz.topics.returns.onward_forms import (
    GIVEN_TO,
    WAYS,
    BackForm,
    BagForm,
    LeaveForm,
    ShelterForm,
    StayForm,
    TripForm,
)
from torogoz.topics.returns.onward_queries import NIGHTS_SHOWN, OnwardSeen

REFUSED = 422


@dataclass(frozen=True)
class _Known:
    """A person of whom the officer may know what follows, the encounter to add to, and what there is."""

    officer: Officer
    person: Person
    encounter: Encounter
    decision: Decision
    writes: bool
    seen: OnwardSeen
    now: datetime


@require_GET
def onward(request: HttpRequest, key: UUID) -> HttpResponse:
    """Belongings, the way home and lodging of one person."""
    known = _known(request, key)
    if known is None:
        return not_found(request, verb=Verb.VIEW, what="onward", subject=key, now=timezone.now(), section=ONWARD)
    return _shown(request, known)


@require_POST
def bag(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep a bag."""
    form = BagForm(request.POST)

    def store(known: _Known) -> None:
        kept = form.cleaned_data
        onward_actions.keep_bag(
            by=known.officer, encounter=known.encounter, number=kept["number"], things=kept["things"], now=known.now
        )

    return _taken(request, key, {"bag": form}, store)


@require_POST
def bag_back(request: HttpRequest, key: UUID, bag: UUID) -> HttpResponse:
    """Give a bag back."""
    form = BackForm(request.POST)

    def store(known: _Known) -> None:
        held = next((one.bag for one in known.seen.bags if one.bag.key == bag), None)
        if held is None:
            raise NotAllowed("no such bag of this person")
        onward_actions.give_back(by=known.officer, bag=held, to=GivenTo(form.cleaned_data["to"]), now=known.now)

    return _taken(request, key, {"back": form}, store)


@require_POST
def trip(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record the way home."""
    form = TripForm(request.POST)

    def store(known: _Known) -> None:
        kept = form.cleaned_data
        onward_actions.plan_trip(
            by=known.officer,
            encounter=known.encounter,
            way=Way(kept["way"]),
            leaves_at=form.moment,
            place=kept["place"],
            now=known.now,
        )

    return _taken(request, key, {"trip": form}, store)


@require_POST
def stay(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give a bed."""
    now = timezone.now()
    form = StayForm(request.POST, shelters=onward_queries.shelters_of(officer_of(request), now))

    def store(known: _Known) -> None:
        kept = form.cleaned_data
        onward_actions.give_bed(
            by=known.officer,
            encounter=known.encounter,
            shelter=form.chosen,
            first_night=kept["first_night"],
            leaves_on=kept["leaves_on"],
            now=known.now,
        )

    return _taken(request, key, {"stay": form}, store)


@require_POST
def stay_left(request: HttpRequest, key: UUID, stay: UUID) -> HttpResponse:
    """End a stay earlier."""
    form = LeaveForm(request.POST, auto_id=f"id_{stay}_%s")

    def store(known: _Known) -> None:
        held = next((one for one in known.seen.stays if one.key == stay), None)
        if held is None:
            raise NotAllowed("no such stay of this person")
        onward_actions.leave_bed(by=known.officer, stay=held, leaves_on=form.cleaned_data["leaves_on"], now=known.now)

    return _taken(request, key, {"leave": form}, store)


@require_http_methods(["GET", "POST"])
def lodging(request: HttpRequest) -> HttpResponse:
    """The beds of the officer's own centres, night by night; who sleeps there; and a new place."""
    now, officer = timezone.now(), officer_of(request)
    centres = onward_queries.lodging_centres(officer, now)
    filling = onward_queries.filling_centres(officer, now)
    if not centres or (request.method == "POST" and not filling):
        return not_found(request, verb=Verb.LIST, what="shelter", subject="index", now=now, section=ONWARD)
    form = ShelterForm(request.POST if request.method == "POST" else None, centres=filling)
    if form.is_valid():
        kept = form.cleaned_data
        try:
            onward_actions.add_shelter(
                by=officer, centre=form.chosen, name=kept["name"], capacity=kept["capacity"], now=now
            )
        except OnwardRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó el albergue."))
            return redirect("returns:lodging")
    night = _night(request.GET.get("night", ""), timezone.localdate(now))
    found = onward_queries.shelters_seen_by(officer, night, now)
    disclosed(
        request,
        verb=Verb.LIST,
        what="stay",
        subjects=[one.encounter.person.key for each in found for one in each.sleepers],
        decision=may(officer, Verb.LIST, at(centres[0].pk), ONWARD, now),
        now=now,
        sections=[ONWARD],
        channel="list",
    )
    nights = [night + timedelta(days=count) for count in range(NIGHTS_SHOWN)]
    page = {
        "night": night,
        "nights": nights,
        "before": night - timedelta(days=NIGHTS_SHOWN),
        "after": night + timedelta(days=NIGHTS_SHOWN),
        "rows": [
            {
                "shelter": one.shelter,
                "free": [{"night": each, "free": one.free(each)} for each in nights],
                "names": [
                    {"name": words.full_name(each.encounter.person), "key": each.encounter.person.key, "stay": each}
                    for each in one.sleepers
                ],
            }
            for one in found
        ],
        "form": form if filling else None,
    }
    return render(request, "returns/lodging.html", page, status=REFUSED if form.is_bound else 200)


def _known(request: HttpRequest, key: UUID) -> _Known | None:
    now, officer = timezone.now(), officer_of(request)
    person = person_seen_by(officer, key, now)
    encounter = queries.where_to_write(officer, encounters_seen_by(officer, person, now), now) if person else None
    if person is None or encounter is None:
        return None
    decision = onward_queries.may_read_onward(officer, person, now)
    if not decision:
        return None
    writes = bool(onward_queries.may_arrange(officer, encounter, now))
    return _Known(officer, person, encounter, decision, writes, onward_queries.onward_of(person), now)


def _taken(
    request: HttpRequest, key: UUID, forms: dict[str, Questions], store: Callable[[_Known], None]
) -> HttpResponse:
    """Do what one of the forms asks. What cannot be done is said beside it, and nothing that was typed is lost."""
    known = _known(request, key)
    (form,) = forms.values()
    nowhere = partial(not_found, request, verb=Verb.EDIT, what="onward", subject=key, section=ONWARD)
    if known is None or not known.writes:
        return nowhere(now=timezone.now())
    if form.is_valid():
        try:
            store(known)
        except OnwardRefused as why:
            form.refuse(why)
        except NotAllowed:
            return nowhere(now=known.now)
        else:
            messages.success(request, _("Se guardó."))
            return redirect("returns:onward", key=key)
    return _shown(request, known, forms)


def _shown(request: HttpRequest, known: _Known, typed: dict[str, Questions] | None = None) -> HttpResponse:
    typed, today = typed or {}, timezone.localdate(known.now)
    seen = known.seen
    disclosed(
        request,
        verb=Verb.VIEW,
        what="onward",
        subjects=[known.person.key],
        decision=known.decision,
        now=known.now,
        sections=[ONWARD],
    )
    page: dict[str, Any] = {
        "person": known.person,
        "name": words.full_name(known.person),
        "bags": [
            {"seen": one, "to": GIVEN_TO[GivenTo(one.bag.given_to)] if one.bag.given_to else ""} for one in seen.bags
        ],
        "trips": [{"seen": one, "way": WAYS[Way(one.trip.way)]} for one in seen.trips],
        "stays": [_stay(one, today) for one in seen.stays],
        "given_to": [(one.value, word) for one, word in GIVEN_TO.items()],
        "may_write": known.writes,
        "wrong": list(typed.values()),
    }
    if known.writes:
        shelters = onward_queries.shelters_of(known.officer, known.now)
        page["bag_form"] = typed.get("bag") or BagForm()
        page["trip_form"] = typed.get("trip") or TripForm(auto_id="id_trip_%s", initial={"leaves_on": today})
        page["stay_form"] = typed.get("stay") or StayForm(shelters=shelters, initial={"first_night": today})
        page["has_shelters"] = bool(shelters)
    return render(request, "returns/onward.html", page, status=REFUSED if typed else 200)


def _stay(one: Any, today: date) -> dict[str, Any]:
    """A stay in words, with the form that ends it while it lasts."""
    form = LeaveForm(initial={"leaves_on": max(today, one.first_night)}, auto_id=f"id_{one.key}_%s")
    return {
        "stay": one,
        "nights": len(list(one.nights)),
        "form": form if one.leaves_on > max(today, one.first_night) else None,
    }


def _night(text: str, today: date) -> date:
    """The night that an address names; tonight when it names none that is near."""
    try:
        night = date.fromisoformat(text)
    except ValueError:
        return today
    return night if abs((night - today).days) <= 366 else today
