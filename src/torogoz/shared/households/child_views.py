"""The pages of a child who may have arrived alone: how the child stands, what was studied, what is done."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Tier, Verb
from torogoz.domain.children import ChildRefused, Move, refused
from torogoz.domain.sections import FAMILY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.households import child_actions, child_queries
from torogoz.shared.households.child_forms import MoveForm, StudyForm
from torogoz.shared.households.child_queries import CHILD_PROTECTION, ChildSeen
from torogoz.shared.households.child_shown import standing
from torogoz.shared.households.child_words import MOVES
from torogoz.shared.households.family_queries import FamilySeen, family_seen_by, may_write_family
from torogoz.shared.institutions.access import at, may, officer_of, postings
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import person_seen_by, subject_of, subject_of_section
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language


@never_cache
@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """The children met lately who need child protection, within reach of the officer."""
    now, officer = timezone.now(), officer_of(request)
    if not child_queries.lists_children(officer, now):
        return not_found(request, verb=Verb.LIST, what="children", subject="", now=now, section=FAMILY)
    seen, more = child_queries.children_seen_by(officer, now)
    decision = next(
        found for held in postings(officer, now) if (found := may(officer, Verb.LIST, at(held.office), FAMILY, now))
    )
    disclosed(
        request,
        verb=Verb.LIST,
        what="children",
        subjects=[one.person.key for one in seen],
        decision=decision,
        now=now,
        sections=[FAMILY],
        channel="list",
    )
    return render(request, "households/children.html", {"lines": [standing(one) for one in seen], "more": more})


@never_cache
@require_GET
def child(request: HttpRequest, key: UUID) -> HttpResponse:
    """How a child stands: with whom, what was studied, what is still missing for each move."""
    now, officer = timezone.now(), officer_of(request)
    person, family, seen = _asked(officer, key, now)
    if person is None or seen is None:
        return not_found(request, verb=Verb.VIEW, what="child", subject=key, now=now, section=FAMILY)
    read = any(one.said is not None for one in seen.studies)
    decision = may(officer, Verb.VIEW, subject_of(person), FAMILY, now)
    disclosed(
        request,
        verb=Verb.VIEW,
        what="child",
        subjects=[key, *family.keys],
        decision=decision,
        now=now,
        sections=[FAMILY, CHILD_PROTECTION] if read else [FAMILY],
    )
    page = standing(seen) | {
        "person": person,
        "checks": _checks(seen, timezone.localdate(now)),
        "may_assess": child_queries.assessable(officer, person, now) is not None,
        "may_write": may_write_family(officer, person, now),
    }
    return render(request, "households/child.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def study(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record a best-interests study."""
    now, officer = timezone.now(), officer_of(request)
    person, _family, seen = _asked(officer, key, now)
    met = child_queries.assessable(officer, person, now) if person else None
    if person is None or seen is None or met is None:
        return not_found(request, verb=Verb.CREATE, what="child", subject=key, now=now, section=CHILD_PROTECTION)
    saving = request.method == "POST" and not switching(request)
    typed = request.POST.dict() | {"permits": request.POST.getlist("permits")} if switching(request) else None
    form = StudyForm(request.POST if saving else None, now=now, initial=typed)
    if saving and form.is_valid():
        try:
            child_actions.record_study(by=officer, person=person, now=now, **form.read())
        except ChildRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.CREATE, what="child", subject=key, now=now, section=CHILD_PROTECTION)
        else:
            messages.success(request, _("Se guardó. Quienes atienden a la familia ven desde ahora qué permite."))
            return redirect("households:child", key=key)
    decision = may(officer, Verb.VIEW, subject_of_section(met, Tier.PROTECTED), CHILD_PROTECTION, now)
    disclosed(request, verb=Verb.VIEW, what="child", subjects=[key], decision=decision, now=now, sections=[FAMILY])
    return render(request, "households/study.html", standing(seen) | {"person": person, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record what is done with a child; refused while anything is missing, and all of it is said."""
    now, officer = timezone.now(), officer_of(request)
    person, family, seen = _asked(officer, key, now)
    if person is None or seen is None or not may_write_family(officer, person, now):
        return not_found(request, verb=Verb.CREATE, what="child", subject=key, now=now, section=FAMILY)
    saving = request.method == "POST" and not switching(request)
    form = MoveForm(
        request.POST if saving else None,
        relatives=family.relatives,
        initial=request.POST.dict() if switching(request) else None,
    )
    if saving and form.is_valid():
        try:
            child_actions.record_move(by=officer, person=person, now=now, **form.read())
        except child_actions.MoveRefused as why:
            form.tell(why.lacks)
        except ChildRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.CREATE, what="child", subject=key, now=now, section=FAMILY)
        else:
            messages.success(request, _("Se guardó lo que se hizo."))
            return redirect("households:child", key=key)
    decision = may(officer, Verb.VIEW, subject_of(person), FAMILY, now)
    subjects = [key, *family.keys]
    disclosed(request, verb=Verb.VIEW, what="child", subjects=subjects, decision=decision, now=now, sections=[FAMILY])
    return render(request, "households/move.html", standing(seen) | {"person": person, "form": form})


def _asked(officer: Officer, key: UUID, now: datetime) -> tuple[Person | None, FamilySeen, ChildSeen | None]:
    person = person_seen_by(officer, key, now)
    if person is None:
        return None, FamilySeen(), None
    family = family_seen_by(officer, person, now)
    return person, family, child_queries.child_seen_by(officer, person, family, now)


def _checks(seen: ChildSeen, today: date) -> list[dict[str, Any]]:
    """Each move, and what is missing for it before anybody is named."""
    missing = {each: seen.lacks(each, None, today) for each in Move}
    return [
        {"move": MOVES[each], "lacks": [refused(one, "move").explain(language()) for one in lacks]}
        for each, lacks in missing.items()
    ]
