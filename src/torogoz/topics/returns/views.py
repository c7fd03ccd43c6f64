"""The reception centre: who has arrived, who is looked for, the single form, the person, the institution's section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import GRANTED_BASES, Verb
from torogoz.domain.conditions import Values
from torogoz.domain.documents import fold_number
from torogoz.domain.refusals import FieldsRefused
from torogoz.domain.returns import ArrivalRefused, FormSentBefore
from torogoz.domain.sections import FAMILY, IDENTITY, REINTEGRATION, SESSIONS
from torogoz.shared.attachments.queries import attachments_seen_by
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.cases.notices import told_elsewhere
from torogoz.shared.data_rights.disposal_queries import disposal_of
from torogoz.shared.data_rights.queries import may_ask_at_window, to_correct
from torogoz.shared.exports.queries import may_export
from torogoz.shared.households import family_shown
from torogoz.shared.households.child_queries import child_seen_by
from torogoz.shared.households.child_shown import standing
from torogoz.shared.households.family_queries import family_seen_by
from torogoz.shared.households.queries import may_read_contacts
from torogoz.shared.institutions.access import at, limited_since, may, officer_of
from torogoz.shared.institutions.models import Office, Officer
from torogoz.shared.people import shut
from torogoz.shared.people.actions import Resembles
from torogoz.shared.people.held import Disposed
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import (
    MOST_FOUND,
    encounters_seen_by,
    identity_seen_by,
    may_correct,
    person_seen_by,
    search_seen_by,
    sections_seen_by,
    subject_of,
)
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns import attention_queries, onward_queries, plan_queries, queries, words
from torogoz.topics.returns.actions import NewPerson, record_arrival
from torogoz.topics.returns.alike import TOLD, none_fits_of, shown_alike
from torogoz.topics.returns.doubts import doubted
from torogoz.topics.returns.forms import ArrivalForm, Documents, PersonForm, SearchForm, documents_sent
from torogoz.topics.returns.models import Plan

FIRST_DAY = date(1900, 1, 1)
"""No list of arrivals begins before this day."""


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The arrivals of a day at the officer's own centres."""
    now, officer = timezone.now(), officer_of(request)
    centres = queries.centres_of(officer, now)
    today = timezone.localdate(now)
    day = _day(request.GET.get("day", ""), today)
    arrivals = queries.arrivals_of_day(officer, centres, day, now)
    if centres:
        disclosed(
            request,
            verb=Verb.LIST,
            what="arrival",
            subjects=[seen.person.key for seen in arrivals],
            decision=may(officer, Verb.LIST, at(centres[0].pk), None, now),
            now=now,
            sections=sorted({code for seen in arrivals for code in queries.disclosed_by(seen.facts)}),
            channel="list",
        )
    vocabulary = words.Words()
    page = {
        "centres": centres,
        "day": day,
        "today": today,
        "before": day - timedelta(days=1) if day > FIRST_DAY else None,
        "after": day + timedelta(days=1) if day < today else None,
        "rows": [vocabulary.row(seen) for seen in arrivals],
        "whole": all("route" in seen.facts for seen in arrivals),
        "identified": all("birth" in seen.facts for seen in arrivals),
        "stops": any(queries.MEDICAL_STOP in seen.facts for seen in arrivals),
        "may_register": bool(queries.registering_centres(officer, now)),
        "may_search": _may_search(officer, centres, now),
        "may_plan": queries.works_with(officer, REINTEGRATION, now),
        "may_attend": queries.works_with(officer, SESSIONS, now),
        "may_lodge": bool(onward_queries.lodging_centres(officer, now)),
        "may_export": may_export(officer, now) is not None,
        "search": SearchForm(),
    }
    return render(request, "returns/index.html", page)


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Look for a person before registering one. What is looked for travels in the request, never in the address."""
    now, officer = timezone.now(), officer_of(request)
    centres = queries.centres_of(officer, now)
    if not _may_search(officer, centres, now):
        return not_found(request, verb=Verb.SEARCH, what="person", subject="", now=now, section=IDENTITY)
    form = SearchForm(request.POST or None)
    page: dict[str, Any] = {"form": form, "may_register": bool(queries.registering_centres(officer, now))}
    if switching(request):
        form.show_again()
    elif form.is_valid():
        found = search_seen_by(
            officer,
            name=form.cleaned_data["text"],
            document=form.cleaned_data["document"],
            birth_year=form.cleaned_data["birth_year"],
            now=now,
            limit=MOST_FOUND + 1,
        )
        page["searched"], page["more"], found = True, len(found) > MOST_FOUND, found[:MOST_FOUND]
        page["elsewhere"] = told_elsewhere(request, officer, form.cleaned_data["document"], now)
        page["found"] = shown_alike(request, officer, at(centres[0].pk), found, now)
    return render(request, "returns/search.html", page)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The single form, for somebody whom no search found; begun from a search, it holds what was typed there."""
    now, officer = timezone.now(), officer_of(request)
    centres = queries.registering_centres(officer, now)
    if not centres:
        return not_found(request, verb=Verb.CREATE, what="arrival", subject="", now=now, section=IDENTITY)
    page: dict[str, Any] = {"none_fits": request.POST.get("none_fits", ""), "told": request.POST.get(TOLD, "")}
    if switching(request) or (request.method == "POST" and "save" in request.POST):
        forms = _Forms(
            PersonForm(request.POST, now=now),
            documents_sent(request.POST),
            ArrivalForm(request.POST, centres=centres, now=now),
        )
        if switching(request):
            forms.show_again()
        elif forms.valid() and not _told_elsewhere(request, officer, forms, page, now):
            try:
                saved = _saved(officer, forms, None, now, none_fits_of(request))
            except Resembles as alike:
                page["resembling"] = shown_alike(request, officer, at(centres[0].pk), alike.candidates, now)
                page["same_document"] = any(one["same_document"] for one in page["resembling"])
                page["none_fits"] = " ".join(str(one.key) for one in alike.candidates)
            else:
                if saved:
                    return _stored(request, saved)
    else:
        begun = SearchForm(request.POST).begun()
        forms = _Forms(
            PersonForm(now=now, initial=begun),
            Documents(prefix="documents", initial=[begun] if begun.get("number") else None),
            ArrivalForm(centres=centres, now=now),
        )
    return render(request, "returns/form.html", page | forms.page(centres))


@require_http_methods(["GET", "POST"])
def arrival(request: HttpRequest, key: UUID) -> HttpResponse:
    """The arrival of somebody who is known: only what is new is asked."""
    now, officer = timezone.now(), officer_of(request)
    centres = queries.registering_centres(officer, now)
    known = person_seen_by(officer, key, now)
    if known is None or not centres or not (decision := may(officer, Verb.VIEW, subject_of(known), IDENTITY, now)):
        return not_found(request, verb=Verb.CREATE, what="arrival", subject=key, now=now, section=IDENTITY)
    data = request.POST if request.method == "POST" else None
    facts = queries.known_facts(officer, known, None, now)
    forms = _Forms(None, None, ArrivalForm(data, centres=centres, now=now), facts)
    if switching(request):
        forms.show_again()
    elif data is not None and forms.valid() and (saved := _saved(officer, forms, known, now)):
        return _stored(request, saved)
    disclosed(request, verb=Verb.VIEW, what="person", subjects=[key], decision=decision, now=now, sections=[IDENTITY])
    identity = identity_seen_by(officer, known, now)
    page = {
        "person": known,
        "name": words.full_name(known),
        "identity": words.Words().of_identity(identity, known, timezone.localdate(now)),
    }
    return render(request, "returns/form.html", forms.page(centres) | page)


@require_GET
def person(request: HttpRequest, key: UUID) -> HttpResponse:
    """A person: who it is, once; and each encounter with the sections that may be shared."""
    now, officer = timezone.now(), officer_of(request)
    known = person_seen_by(officer, key, now, eliminated=True)
    if known is None:
        return shut.refused(request, officer, key, now)
    if known.shell:
        return _eliminated(request, officer, known, now)
    if known.key != key:  # a record that was merged leads to the one that stays
        return redirect("returns:person", key=known.key)
    encounters = encounters_seen_by(officer, known, now)
    arrivals = queries.arrivals_of(officer, encounters, now)
    target = queries.where_to_write(officer, encounters, now)
    vocabulary = words.Words()
    plans = plan_queries.plans_of(officer, encounters, now)
    shown = [_met(officer, encounter, arrivals, plans, vocabulary, target, now) for encounter in encounters]
    identity = identity_seen_by(officer, known, now)
    decision = may(officer, Verb.VIEW, subject_of(known), None, now)
    granted = decision.basis in GRANTED_BASES
    family = family_seen_by(officer, known, now)
    child = child_seen_by(officer, known, family, now)
    disclosed(
        request,
        verb=Verb.VIEW,
        what="person",
        subjects=[known.key, *family.keys],
        decision=decision,
        now=now,
        sections=sorted(
            {code for met in shown for code in met["codes"]}
            | ({IDENTITY} if identity.whole else set())
            | ({FAMILY} if family.readable else set())
        ),
    )
    page = {
        "person": known,
        "name": words.full_name(known),
        "identity": vocabulary.of_identity(identity, known, timezone.localdate(now)),
        "whole": identity.whole,
        "encounters": shown,
        "may_correct": may_correct(officer, known, now),
        "to_correct": to_correct(officer, known, now),
        "may_ask": may_ask_at_window(officer, known, now),
        "limited_since": limited_since(known.key, now),
        "eliminated_on": known.disposed_at,
        "disposal": disposal_of(officer, known, now) if known.disposed_at else None,
        "purposes": shut.named(shut.to_declare(officer, known.key, now)),
        "person_key": known.key,
        "may_share": identity.whole and not granted,
        "consents": words.consents(officer, known, now),
        "may_print": bool(may(officer, Verb.PRINT, subject_of(known), IDENTITY, now)),
        "family": family_shown.shown(family, known),
        "standing": standing(child) if child else None,
        "may_reach": may_read_contacts(officer, known, now),
        "may_read_sessions": bool(encounters) and bool(attention_queries.may_read_sessions(officer, known, now)),
        "may_read_onward": bool(encounters) and bool(onward_queries.may_read_onward(officer, known, now)),
        "may_register": identity.whole and bool(queries.registering_centres(officer, now)),
    }
    return render(request, "returns/person.html", page)


def _eliminated(request: HttpRequest, officer: Officer, known: Person, now: datetime) -> HttpResponse:
    """That the data of somebody were eliminated, and when; by which certificate, for the institution that did it."""
    decision = may(officer, Verb.VIEW, subject_of(known), None, now)
    disclosed(request, verb=Verb.VIEW, what="person", subjects=[known.key], decision=decision, now=now)
    page = {"when": known.disposed_at, "disposal": disposal_of(officer, known, now)}
    return render(request, "returns/eliminated.html", page)


@dataclass(frozen=True)
class _Forms:
    """The parts of the single form; person and documents are absent for who is known, of whom `known` tells."""

    person: PersonForm | None
    documents: Any
    arrival: ArrivalForm
    known: Values = field(default_factory=dict)

    def valid(self) -> bool:
        """Whether every part is; all are asked, so that all errors are told at once."""
        parts = [part for part in (self.person, self.documents, self.arrival) if part is not None]
        wrong = [part for part in parts if not part.is_valid()]
        return not wrong and not doubted(self.arrival, self.person or self.known)

    def show_again(self) -> None:
        for form in (self.person, *(self.documents or ()), self.arrival):
            if form is not None:
                form.show_again()

    def page(self, centres: Sequence[Office]) -> dict[str, Any]:
        return {
            "person_form": self.person,
            "documents": self.documents,
            "arrival_form": self.arrival,
            "centres": centres,
        }


def _saved(
    officer: Officer, forms: _Forms, known: Person | None, now: datetime, none_fits: frozenset[UUID] = frozenset()
) -> Person | None:
    """The person whose arrival was stored; None when it was refused, and the forms say why. Raises Resembles."""
    who: Person | NewPerson
    if known is not None:
        who = known
    elif forms.person is not None:
        kept = forms.person.cleaned_data
        who = NewPerson(
            name=forms.person.name,
            aliases=forms.person.other_names,
            sex=kept["sex"],
            birth=kept["birth"],
            nationality=kept["nationality"],
            documents=[form.typed for form in forms.documents if form.typed],
            none_fits=none_fits,
        )
    else:
        raise ValueError("neither a known person nor a form of a new one")
    try:
        stored = record_arrival(
            by=officer,
            person=who,
            centre=forms.arrival.chosen_centre,
            arrived_at=forms.arrival.cleaned_data["moment"],
            declared=forms.arrival.declared(),
            token=forms.arrival.cleaned_data["token"],
            now=now,
        )
    except (ArrivalRefused, Disposed) as why:
        forms.arrival.refuse(why)
        if isinstance(why, FormSentBefore):
            forms.arrival.begin_anew()
    except FieldsRefused as why:
        for refusal in why.errors.values():
            (forms.person or forms.arrival).refuse(refusal)
    else:
        return stored.encounter.person
    return None


def _stored(request: HttpRequest, known: Person) -> HttpResponse:
    messages.success(request, _("Se guardó la llegada. Las demás instituciones ya no tienen que preguntar esto."))
    return redirect("returns:person", key=known.key)


def _met(
    officer: Officer,
    encounter: Encounter,
    arrivals: Mapping[int, queries.ArrivalSeen],
    plans: Mapping[int, Plan],
    vocabulary: words.Words,
    target: Encounter | None,
    now: datetime,
) -> dict[str, Any]:
    """One encounter as the page shows it, with the codes of what it discloses."""
    seen = sections_seen_by(officer, encounter, now)
    arrived = arrivals.get(encounter.pk)
    attached = attachments_seen_by(officer, encounter, now)
    plan = plans.get(encounter.pk)
    return {
        "encounter": encounter,
        "lines": vocabulary.of_arrival(arrived) if arrived else [],
        "arrived": arrived is not None,
        "stop": words.stop(arrived) if arrived else None,
        "recorded": arrived is not None and "route" in arrived.facts,
        "may_print": arrived is not None
        and bool(may(officer, Verb.PRINT, subject_of(encounter.person), IDENTITY, now)),
        "sections": [
            {
                "seen": one,
                "title": one.form.label(language()),
                "lines": one.lines(language()),
                "attachments": [each for each in attached if each.attachment.code == one.form.code],
            }
            for one in seen.shared
        ],
        "to_write": [
            {"code": form.code, "title": form.label(language())} for form in seen.to_write if encounter == target
        ],
        "may_change": encounter == target,
        "plan": plan,
        "may_plan": plan is None and encounter == target and bool(plan_queries.may_open_plan(officer, encounter, now)),
        "codes": {
            *seen.codes,
            *(queries.disclosed_by(arrived.facts) if arrived else ()),
            *([REINTEGRATION] if plan else ()),
        },
    }


def _told_elsewhere(request: HttpRequest, officer: Officer, forms: _Forms, page: dict[str, Any], now: datetime) -> bool:
    """Whether the officer has yet to be told that there is a record elsewhere with a document that was typed.

    Who was told of one document has not been told of another.
    """
    told = page["told"].split()
    for each in [fold_number(form.typed.number) for form in forms.documents or () if form.typed]:
        if each not in told and (token := told_elsewhere(request, officer, each, now)):
            page |= {"elsewhere": token, "told": " ".join([*told, each])}
            return True
    return False


def _may_search(officer: Officer, centres: Sequence[Office], now: datetime) -> bool:
    return any(may(officer, Verb.SEARCH, at(centre.pk), IDENTITY, now) for centre in centres)


def _day(text: str, today: date) -> date:
    """The day that an address names; today when it names none, or one that has not come; none before all records."""
    try:
        return max(FIRST_DAY, min(date.fromisoformat(text), today))
    except ValueError:
        return today
