"""The page on which an institution writes its own section of the single form."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.questions import SectionForm, readable
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed, StaleSection, write_section
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import (
    IdentitySeen,
    SectionSeen,
    encounters_seen_by,
    identity_seen_by,
    person_seen_by,
    sections_seen_by,
    subject_of,
)
from torogoz.shared.ui.language import switching
from torogoz.topics.returns import queries, words
from torogoz.topics.returns.forms import language
from torogoz.topics.returns.section_forms import SectionQuestions


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    """Write the own institution's section. What is known already stands above it and is not asked."""
    now, officer = timezone.now(), officer_of(request)
    verb = Verb.EDIT if request.method == "POST" and not switching(request) else Verb.VIEW
    known = person_seen_by(officer, key, now)
    encounters = encounters_seen_by(officer, known, now) if known else []
    encounter = queries.where_to_write(officer, encounters, now)
    writable = _writable(officer, encounter, code, now) if encounter else None
    if known is None or encounter is None or writable is None:
        return not_found(request, verb=verb, what="section", subject=key, now=now, section=code)
    form, stored = writable
    version = stored.version if stored else 0
    page: dict[str, Any] = {}
    if request.method == "POST":
        asked = SectionQuestions(request.POST, form=form)
        if switching(request):
            asked.show_again()
            if stored and "compared" in request.POST:
                page = _conflict(form, StaleSection(stored.section, asked.answers))
        elif not asked.is_of(encounter):
            asked = SectionQuestions(_with(request, encounter=encounter.key, expected_version=version), form=form)
            asked.add_error(
                None, _("Mientras usted escribía se registró otra llegada. Nada se ha perdido: revise y guarde.")
            )
        elif asked.is_valid():
            try:
                write_section(
                    by=officer,
                    encounter=encounter,
                    code=code,
                    answers=asked.answers,
                    expected_version=asked.cleaned_data["expected_version"],
                    now=now,
                )
            except StaleSection as stale:
                page = _conflict(form, stale)
                asked = SectionQuestions(_with(request, expected_version=stale.stored.version), form=form)
            except NotAllowed:
                return not_found(request, verb=verb, what="section", subject=key, now=now, section=code)
            else:
                messages.success(request, _("Se guardó: %(section)s.") % {"section": form.label(language())})
                return redirect("returns:person", key=key)
    else:
        begun = {"expected_version": version, "encounter": encounter.key}
        asked = SectionQuestions(form=form, initial={**(stored.answers if stored else {}), **begun})
    identity = identity_seen_by(officer, known, now)
    arrived = queries.arrivals_of(officer, [encounter], now).get(encounter.pk)
    shown = {code, *([IDENTITY] if identity.whole else []), *_facts_above(arrived, form)}
    disclosed(
        request,
        verb=Verb.VIEW,
        what="section",
        subjects=[key],
        decision=may(officer, Verb.VIEW, subject_of(known), None, now),
        now=now,
        sections=sorted(shown),
    )
    page |= {
        "person": known,
        "name": words.full_name(known),
        "title": form.label(language()),
        "form": asked,
        "stored": stored,
        "known": _known_facts(known, identity, arrived, form, now),
        "status": 409 if page else 200,
    }
    return render(request, "returns/section.html", page, status=page["status"])


def _writable(
    officer: Officer, encounter: Encounter, code: str, now: datetime
) -> tuple[SectionForm, SectionSeen | None] | None:
    """The form to fill in and what is stored of it; None when the officer may not write it."""
    seen = sections_seen_by(officer, encounter, now)
    for form in seen.to_write:
        if form.code == code:
            return form, None
    for one in seen.shared:
        if one.form.code == code and one.may_write:
            return one.form, one
    return None


def _known_facts(
    known: Person, identity: IdentitySeen, arrived: queries.ArrivalSeen | None, form: SectionForm, now: datetime
) -> list[tuple[str, str]]:
    """What the section's institution works with and was asked by another: shown, so that nobody asks again."""
    vocabulary = words.Words()
    lines = vocabulary.of_identity(identity, known, timezone.localdate(now))
    return [*lines, *(vocabulary.of_arrival(arrived, only=form.needs) if arrived else [])]


def _facts_above(arrived: queries.ArrivalSeen | None, form: SectionForm) -> frozenset[str]:
    """What those of the arrival disclose, for the record of accesses."""
    return queries.disclosed_by(arrived.facts & form.needs) if arrived else frozenset()


def _conflict(form: SectionForm, stale: StaleSection) -> dict[str, Any]:
    """Both texts side by side, question by question."""
    theirs = readable(form, stale.stored.answers, language())
    yours = readable(form, stale.typed, language())
    return {
        "conflict": [
            {"question": question, "stored": before, "typed": after, "differs": before != after}
            for (question, before), (_question, after) in zip(theirs, yours, strict=True)
        ],
        "conflicting": stale.stored,
    }


def _with(request: HttpRequest, **changes: object) -> Any:
    """What was sent, with some values changed."""
    data = request.POST.copy()
    for field, value in changes.items():
        data[field] = str(value)
    return data
