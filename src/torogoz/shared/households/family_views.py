"""The pages of who belongs to a person: relatives, and groups that arrived or live together."""

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

from torogoz.domain.access import Decision, Verb
from torogoz.domain.families import Evidence, FamilyRefused
from torogoz.domain.sections import FAMILY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.households import family_actions, family_queries
from torogoz.shared.households.family_forms import GroupForm, JoinForm, RelativeForm
from torogoz.shared.households.family_shown import shown
from torogoz.shared.households.words import called
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import Disposed
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import person_seen_by, subject_of


@never_cache
@require_GET
def family(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who belongs to a person, as far as the officer may see both."""
    now, officer = timezone.now(), officer_of(request)
    person, decision = _asked(officer, key, Verb.VIEW, now)
    if person is None:
        return not_found(request, verb=Verb.VIEW, what="family", subject=key, now=now, section=FAMILY)
    seen = family_queries.family_seen_by(officer, person, now)
    _disclosed(request, [key, *seen.keys], decision, now)
    page = {"person": person, "name": called(person), "family": shown(seen, person), "may_write": seen.may_write}
    return render(request, "households/family.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def relate(request: HttpRequest, key: UUID) -> HttpResponse:
    """Note a relative: somebody who may be seen, found by name or met the same day, or somebody without a record."""
    now, officer = timezone.now(), officer_of(request)
    person, decision = _asked(officer, key, Verb.CREATE, now)
    if person is None:
        return not_found(request, verb=Verb.CREATE, what="relationship", subject=key, now=now, section=FAMILY)
    people = _people(request, officer, person, now)
    saving = "save" in request.POST
    form = RelativeForm(request.POST if saving else None, people=people, initial=_typed(request))
    if saving and form.is_valid():
        try:
            family_actions.relate(by=officer, person=person, now=now, **form.read())
        except (FamilyRefused, Disposed) as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.CREATE, what="relationship", subject=key, now=now, section=FAMILY)
        else:
            messages.success(request, _("Se guardó la relación. Se lee igual desde las dos personas."))
            return redirect("households:family", key=key)
    _disclosed(request, [key, *(one.key for one in people)], decision, now)
    return render(request, "households/relate.html", {"person": person, "name": called(person), "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record that a person and others arrived, or live, together."""
    now, officer = timezone.now(), officer_of(request)
    person, decision = _asked(officer, key, Verb.CREATE, now)
    if person is None:
        return not_found(request, verb=Verb.CREATE, what="group", subject=key, now=now, section=FAMILY)
    people = _people(request, officer, person, now)
    saving = "save" in request.POST
    form = GroupForm(
        request.POST if saving else None, person=person, people=people, now=now, initial=_typed(request, "members")
    )
    if saving and form.is_valid():
        try:
            family_actions.form_group(by=officer, person=person, now=now, **form.read())
        except (FamilyRefused, Disposed) as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.CREATE, what="group", subject=key, now=now, section=FAMILY)
        else:
            messages.success(request, _("Se guardó el grupo. Aparece en la página de cada quien."))
            return redirect("households:family", key=key)
    _disclosed(request, [key, *(one.key for one in people)], decision, now)
    page = {"person": person, "name": called(person), "form": form, "people": people}
    return render(request, "households/group.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, key: UUID, group: UUID) -> HttpResponse:
    """Record that somebody else belongs to a group too."""
    now, officer = timezone.now(), officer_of(request)
    person, decision = _asked(officer, key, Verb.CREATE, now)
    groups = family_queries.family_seen_by(officer, person, now).groups if person else ()
    found = next((one for one in groups if one.group.key == group), None)
    if person is None or found is None:
        return not_found(request, verb=Verb.EDIT, what="group", subject=key, now=now, section=FAMILY)
    present = {member.person.pk for member in found.present}
    people = [one for one in _people(request, officer, person, now) if one.pk not in present]
    saving = "save" in request.POST
    form = JoinForm(request.POST if saving else None, people=people, initial=_typed(request, "members"))
    if saving and form.is_valid():
        try:
            family_actions.join_group(by=officer, person=person, group=found.group, now=now, **form.read())
        except (FamilyRefused, Disposed) as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.EDIT, what="group", subject=key, now=now, section=FAMILY)
        else:
            messages.success(request, _("Se guardó el grupo. Aparece en la página de cada quien."))
            return redirect("households:family", key=key)
    _disclosed(request, [key, *(one.key for one in people)], decision, now)
    page = {"person": person, "name": called(person), "form": form, "people": people, "joined": found.group}
    return render(request, "households/group.html", page)


@require_POST
def family_step(request: HttpRequest, key: UUID, what: UUID, step: str) -> HttpResponse:
    """End a relationship, say what shows it, or record that somebody left a group."""
    now, officer = timezone.now(), officer_of(request)
    person, _decision = _asked(officer, key, Verb.EDIT, now)
    seen = family_queries.family_seen_by(officer, person, now) if person else family_queries.FamilySeen()
    relative = next((one for one in seen.relatives if one.relationship.key == what and not one.hidden), None)
    member = next((one for group in seen.groups for one in group.present if one.key == what), None)
    try:
        if person and relative and step == "end":
            family_actions.end_relationship(by=officer, person=person, relationship=relative.relationship, now=now)
        elif person and relative and step in (Evidence.DOCUMENT, Evidence.STATED):
            family_actions.show_evidence(
                by=officer, person=person, relationship=relative.relationship, evidence=Evidence(step), now=now
            )
        elif person and member and step == "leave":
            family_actions.leave_group(by=officer, member=member, now=now)
        else:
            return not_found(request, verb=Verb.EDIT, what="family", subject=key, now=now, section=FAMILY)
    except NotAllowed:
        return not_found(request, verb=Verb.EDIT, what="family", subject=key, now=now, section=FAMILY)
    messages.success(request, _("Se guardó el cambio."))
    return redirect("households:family", key=key)


def _asked(officer: Officer, key: UUID, verb: Verb, now: datetime) -> tuple[Person | None, Decision]:
    """The person, if the officer may do this to who belongs to it; None, as for a key of nobody."""
    person = person_seen_by(officer, key, now)
    decision = may(officer, verb, subject_of(person) if person else None, FAMILY, now)
    return (person if decision else None), decision


def _people(request: HttpRequest, officer: Officer, person: Person, now: datetime) -> list[Person]:
    """Who is proposed for what was typed; who was chosen before stays among them."""
    text = request.POST.get("text", "")
    people = family_queries.suggested(officer, person, text, now)
    chosen = {*request.POST.getlist("members"), request.POST.get("other", "")} - {str(one.key) for one in people}
    kept = [family_queries.open_person(officer, one, now) for one in sorted(chosen) if _is_key(one)]
    return [*people, *(one for one in kept if one is not None and one != person)]


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _typed(request: HttpRequest, *several: str) -> dict[str, Any] | None:
    """What was typed before a search or a change of language, to be shown again."""
    if request.method != "POST":
        return None
    return request.POST.dict() | {name: request.POST.getlist(name) for name in several}


def _disclosed(request: HttpRequest, keys: list[UUID], decision: Decision, now: datetime) -> None:
    disclosed(request, verb=Verb.VIEW, what="family", subjects=keys, decision=decision, now=now, sections=[FAMILY])
