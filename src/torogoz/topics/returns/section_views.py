"""The page on which an institution writes its own section of the single form."""

from dataclasses import dataclass
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
from torogoz.domain.conditions import Values
from torogoz.domain.questions import SectionForm, readable
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.codelists.queries import with_lists
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.people.actions import NotAllowed, StaleSection, write_section
from torogoz.shared.people.held import Disposed
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import (
    IdentitySeen,
    SectionSeen,
    SectionsSeen,
    encounters_seen_by,
    identity_seen_by,
    person_seen_by,
    sections_seen_by,
    subject_of,
)
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns import queries, words
from torogoz.topics.returns.section_forms import SectionQuestions


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    """Write the own institution's section. What is known already stands above it and is not asked."""
    now, officer = timezone.now(), officer_of(request)
    verb = Verb.EDIT if request.method == "POST" and not switching(request) else Verb.VIEW
    known = person_seen_by(officer, key, now)
    encounters = encounters_seen_by(officer, known, now) if known else []
    encounter = queries.where_to_write(officer, encounters, now)
    seen = sections_seen_by(officer, encounter, now) if encounter else None
    writable = _writable(seen, code) if seen else None
    if known is None or encounter is None or seen is None or writable is None:
        return not_found(request, verb=verb, what="section", subject=key, now=now, section=code)
    form, stored = writable
    version = stored.version if stored else 0
    arrived = queries.arrivals_of(officer, [encounter], now).get(encounter.pk)
    told = _told_elsewhere(seen, form)
    facts = queries.known_facts(officer, known, arrived, now) | told.values
    page: dict[str, Any] = {}
    if request.method == "POST":
        asked = SectionQuestions(request.POST, form=form, known=facts)
        if switching(request):
            asked.show_again()
            if stored and "compared" in request.POST:
                page = _conflict(form, facts, StaleSection(stored.section, asked.typed))
        elif not asked.is_of(encounter):
            renewed = _with(request, encounter=encounter.key, expected_version=version)
            asked = SectionQuestions(renewed, form=form, known=facts)
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
                    known=facts,
                )
            except StaleSection as stale:
                page = _conflict(form, facts, stale)
                renewed = _with(request, expected_version=stale.stored.version)
                asked = SectionQuestions(renewed, form=form, known=facts)
            except Disposed as why:
                asked.refuse(why)
            except NotAllowed:
                return not_found(request, verb=verb, what="section", subject=key, now=now, section=code)
            else:
                messages.success(request, _("Se guardó: %(section)s.") % {"section": form.label(language())})
                if asked.left_out:
                    named = {"questions": " ".join(asked.left_out)}
                    messages.info(request, _("No se guardó la respuesta, pues no corresponde: %(questions)s") % named)
                return redirect("returns:person", key=key)
    else:
        begun = {"expected_version": version, "encounter": encounter.key}
        initial = {**(stored.answers if stored else {}), **begun}
        asked = SectionQuestions(form=form, known=facts, initial=initial)
    identity = identity_seen_by(officer, known, now)
    shown = {code, *([IDENTITY] if identity.whole else []), *_facts_above(arrived, form), *told.codes}
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
        "not_asked": [question.label(language()) for question in asked.not_asked],
        "stored": stored,
        "known": [*_known_facts(known, identity, arrived, form, now), *told.lines],
        "status": 409 if page else 200,
    }
    return render(request, "returns/section.html", page, status=page["status"])


@dataclass(frozen=True)
class _Told:
    """What other sections say that this one works with, as far as the officer may read it."""

    lines: list[tuple[str, str]]
    values: dict[str, object]
    codes: set[str]


def _told_elsewhere(seen: SectionsSeen, form: SectionForm) -> _Told:
    told = _Told([], {}, set())
    for one in seen.shared:
        answers = {fact: answer for fact, answer in one.answers.items() if fact in form.needs}
        if one.form.code == form.code or not answers:
            continue
        labels = {question.label(language()) for question in one.form.questions if question.code in answers}
        told.lines.extend(line for line in one.lines(language()) if line[0] in labels)
        told.values.update(answers)
        told.codes.add(one.form.code)
    return told


def _writable(seen: SectionsSeen, code: str) -> tuple[SectionForm, SectionSeen | None] | None:
    """The form to fill in and what is stored of it; None when the officer may not write it."""
    for form in seen.to_write:
        if form.code == code:
            return with_lists(form), None
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


def _conflict(form: SectionForm, facts: Values, stale: StaleSection) -> dict[str, Any]:
    """Both texts side by side, question by question."""
    theirs = readable(form, stale.stored.answers, language(), facts)
    yours = readable(form, stale.typed, language(), facts)
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
