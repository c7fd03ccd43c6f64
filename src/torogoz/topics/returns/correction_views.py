"""The page on which it is set right who a person is, with what stood before."""

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
from torogoz.domain.refusals import FieldsRefused
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed, StalePerson, correct_person
from torogoz.shared.people.document_queries import document_changes_seen_by, documents_to_correct
from torogoz.shared.people.models import Correction, Person
from torogoz.shared.people.queries import corrections_seen_by, details_of, may_correct, person_seen_by, subject_of
from torogoz.shared.ui.language import switching
from torogoz.topics.returns import words
from torogoz.topics.returns.correction_forms import CorrectionForm
from torogoz.topics.returns.words import difference


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct who a person is. What another officer corrected meanwhile stands beside what was typed."""
    now, officer = timezone.now(), officer_of(request)
    verb = Verb.EDIT if request.method == "POST" and not switching(request) else Verb.VIEW
    known = person_seen_by(officer, key, now)
    if known is None or not may_correct(officer, known, now):
        return not_found(request, verb=verb, what="person", subject=key, now=now, section=IDENTITY)
    page: dict[str, Any] = {"status": 200}
    if request.method == "POST":
        form = CorrectionForm(request.POST, now=now)
        if switching(request):
            form.show_again()
        elif form.is_valid():
            try:
                _save(officer, known, form, now)
            except StalePerson as stale:
                form = CorrectionForm(_with_version(request, stale.stored.version), now=now)
                page = {"status": 409, "stale": True, "conflict": difference(details_of(stale.stored), _typed(form))}
            except FieldsRefused as why:
                for refusal in why.errors.values():
                    form.refuse(refusal)
            except NotAllowed:
                return not_found(request, verb=verb, what="person", subject=key, now=now, section=IDENTITY)
            else:
                messages.success(request, _("Se guardó la corrección. Lo anterior queda en el historial."))
                return redirect("returns:person", key=key)
    else:
        stored = details_of(known)
        begun = {**stored, "aliases": "\n".join(stored["aliases"]), "expected_version": known.version}
        form = CorrectionForm(now=now, initial=begun)
    decision = may(officer, Verb.VIEW, subject_of(known), IDENTITY, now)
    disclosed(request, verb=Verb.VIEW, what="person", subjects=[key], decision=decision, now=now, sections=[IDENTITY])
    vocabulary = words.Words()
    page |= {
        "person": known,
        "name": words.full_name(known),
        "person_form": form,
        "documents": [
            {"kept": one, "said": vocabulary.document(one.document)}
            for one in documents_to_correct(officer, known, now)
        ],
        "history": _history(officer, known, vocabulary, now),
    }
    return render(request, "returns/correct.html", page, status=page["status"])


def _history(officer: Officer, known: Person, vocabulary: words.Words, now: datetime) -> list[dict[str, Any]]:
    """What was corrected before, of the details and of the documents, the newest first."""
    details = [
        {"seen": seen, "why": words.why_corrected(seen.reason), "lines": difference(seen.before, seen.after)}
        for seen in corrections_seen_by(officer, known, now)
    ]
    documents = []
    for change in document_changes_seen_by(officer, known, now):
        before, after = vocabulary.of_change(change)
        line = {"label": _("Documento"), "before": before, "after": after}
        documents.append({"seen": change, "why": words.why_document(change.reason), "lines": [line]})
    return sorted([*documents, *details], key=lambda one: one["seen"].corrected_at, reverse=True)


def _save(officer: Officer, known: Person, form: CorrectionForm, now: datetime) -> None:
    kept = form.cleaned_data
    typed = _typed(form)
    correct_person(
        by=officer,
        person=known,
        expected_version=kept["expected_version"],
        reason=Correction.Reason(kept["why"]),
        note=kept["note"],
        now=now,
        **typed,
    )


def _typed(form: CorrectionForm) -> dict[str, Any]:
    """What was typed, under the names of `details_of`."""
    form.is_valid()
    kept = form.cleaned_data
    parts = ("given1", "given2", "surname1", "surname2", "married", "sex", "birth", "nationality")
    aliases = [alias for line in form.other_names if (alias := line.strip())]
    return {**{part: kept.get(part, "") for part in parts}, "aliases": aliases}


def _with_version(request: HttpRequest, version: int) -> Any:
    data = request.POST.copy()
    data["expected_version"] = str(version)
    return data
