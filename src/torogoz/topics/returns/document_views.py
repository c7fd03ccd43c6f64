"""The pages on which a document of a person is corrected, or taken away after a second question."""

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
from torogoz.domain.documents import fold_number
from torogoz.domain.refusals import Refused
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.cases.notices import told_elsewhere
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed, Resembles, StalePerson
from torogoz.shared.people.document_actions import correct_document, take_document_away
from torogoz.shared.people.document_queries import DocumentKept, documents_to_correct, taken_away
from torogoz.shared.people.models import DocumentCorrection, Person
from torogoz.shared.people.queries import may_correct, person_seen_by, subject_of
from torogoz.shared.people.review_queries import pair_of
from torogoz.shared.ui.language import switching
from torogoz.topics.returns import words
from torogoz.topics.returns.alike import TOLD, none_fits_of, shown_alike
from torogoz.topics.returns.document_forms import DocumentCorrectionForm, WhyForm


@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, key: UUID, document: UUID) -> HttpResponse:
    """Correct a document. Who has the new number is looked at first; what another officer corrected stands beside."""
    now, officer = timezone.now(), officer_of(request)
    known, kept = _found(officer, key, document, now)
    if known is None or kept is None or not kept.document.number:
        return _gone(request, officer, known, document, now) or _nothing(request, key, now)
    page: dict[str, Any] = {"none_fits": request.POST.get("none_fits", ""), "told": request.POST.get(TOLD, "")}
    status = 200
    if request.method == "POST":
        form = DocumentCorrectionForm(request.POST)
        if switching(request):
            form.show_again()
        elif form.is_valid() and not _told_elsewhere(request, officer, form, kept, page, now):
            try:
                _correct(request, officer, known, kept, form, now)
            except Resembles as alike:
                page |= _owners(request, officer, known, alike, now)
            except StalePerson as stale:
                form = DocumentCorrectionForm(_with_version(request, stale.stored.version))
                page["conflict"], status = True, 409
            except NotAllowed:
                return _nothing(request, key, now)
            except Refused as why:
                form.refuse(why)
            else:
                messages.success(request, _("Se guardó el documento. Lo anterior queda en el historial."))
                return redirect("returns:correct", key=known.key)
    else:
        stored = kept.document
        begun = {"kind": stored.kind, "number": stored.number, "issuer": stored.issuer}
        form = DocumentCorrectionForm(initial=begun | {"expected_version": known.version})
    return _page(request, "returns/document.html", officer, known, kept, page | {"form": form}, now, status)


@require_http_methods(["GET", "POST"])
def take_away(request: HttpRequest, key: UUID, document: UUID) -> HttpResponse:
    """Take away a document that never was this person's: why, then a second question, then it is done."""
    now, officer = timezone.now(), officer_of(request)
    known, kept = _found(officer, key, document, now)
    if known is None or kept is None or not kept.document.number:
        return _gone(request, officer, known, document, now) or _nothing(request, key, now)
    page: dict[str, Any] = {}
    template, status = "returns/document_away.html", 200
    if request.method == "POST":
        form = WhyForm(request.POST)
        if switching(request):
            form.show_again()
        elif form.is_valid() and "sure" not in request.POST:
            template = "returns/document_sure.html"
            page["why"] = words.why_document(form.cleaned_data["why"])
        elif form.is_valid():
            try:
                _take_away(officer, known, kept, form, now)
            except StalePerson as stale:
                form = WhyForm(_with_version(request, stale.stored.version))
                page["conflict"], status = True, 409
            except NotAllowed:
                return _nothing(request, key, now)
            except Refused as why:
                form.refuse(why)
            else:
                messages.success(request, _("Se quitó el documento. Lo que decía queda en el historial, cifrado."))
                return redirect("returns:correct", key=known.key)
    else:
        form = WhyForm(initial={"expected_version": known.version})
    return _page(request, template, officer, known, kept, page | {"form": form}, now, status)


def _found(officer: Officer, key: UUID, document: UUID, now: datetime) -> tuple[Person | None, DocumentKept | None]:
    """The person and the document, when the officer may correct it."""
    known = person_seen_by(officer, key, now)
    offered = documents_to_correct(officer, known, now) if known else []
    return known, next((one for one in offered if one.key == document), None)


def _gone(
    request: HttpRequest, officer: Officer, known: Person | None, document: UUID, now: datetime
) -> HttpResponse | None:
    """Where an officer is led who wrote of a document that somebody else took away meanwhile; None for others."""
    if known is None or not may_correct(officer, known, now) or not taken_away(known, document):
        return None
    messages.warning(request, _("No se guardó: otra persona quitó ese documento. Por qué, está en el historial."))
    return redirect("returns:correct", key=known.key)


def _nothing(request: HttpRequest, key: UUID, now: datetime) -> HttpResponse:
    verb = Verb.EDIT if request.method == "POST" and not switching(request) else Verb.VIEW
    return not_found(request, verb=verb, what="identifier", subject=key, now=now, section=IDENTITY)


def _page(
    request: HttpRequest,
    template: str,
    officer: Officer,
    known: Person,
    kept: DocumentKept,
    page: dict[str, Any],
    now: datetime,
    status: int,
) -> HttpResponse:
    decision = may(officer, Verb.VIEW, subject_of(known), IDENTITY, now)
    keys, sections = [known.key], [IDENTITY]
    disclosed(request, verb=Verb.VIEW, what="person", subjects=keys, decision=decision, now=now, sections=sections)
    said = words.Words().document(kept.document)
    page |= {"person": known, "name": words.full_name(known), "document": kept, "said": said}
    return render(request, template, page, status=status)


def _correct(
    request: HttpRequest,
    officer: Officer,
    known: Person,
    kept: DocumentKept,
    form: DocumentCorrectionForm,
    now: datetime,
) -> None:
    assert form.typed is not None
    correct_document(
        by=officer,
        person=known,
        document=kept.key,
        typed=form.typed,
        expected_version=form.cleaned_data["expected_version"],
        reason=DocumentCorrection.Reason(form.cleaned_data["why"]),
        note=form.cleaned_data["note"],
        none_fits=none_fits_of(request),
        now=now,
    )


def _take_away(officer: Officer, known: Person, kept: DocumentKept, form: WhyForm, now: datetime) -> None:
    take_document_away(
        by=officer,
        person=known,
        document=kept.key,
        expected_version=form.cleaned_data["expected_version"],
        reason=DocumentCorrection.Reason(form.cleaned_data["why"]),
        note=form.cleaned_data["note"],
        now=now,
    )


def _told_elsewhere(
    request: HttpRequest,
    officer: Officer,
    form: DocumentCorrectionForm,
    kept: DocumentKept,
    page: dict[str, Any],
    now: datetime,
) -> bool:
    """Whether the officer has yet to be told that there is a record elsewhere with the number that was typed."""
    number = fold_number(form.cleaned_data["number"])
    if number in page["told"].split() or number == fold_number(kept.document.number):
        return False
    if token := told_elsewhere(request, officer, number, now):
        page |= {"elsewhere": token, "told": number}
    return bool(token)


def _owners(request: HttpRequest, officer: Officer, known: Person, alike: Resembles, now: datetime) -> dict[str, Any]:
    """Who has that number already, with the pair in which both are compared, when there is one."""
    found = shown_alike(request, officer, subject_of(known), alike.candidates, now)
    for one in found:
        pair = pair_of(officer, known, one["candidate"].key, now)
        one["pair"] = pair.key if pair else None
    return {"owners": found, "none_fits": " ".join(str(one.key) for one in alike.candidates)}


def _with_version(request: HttpRequest, version: int) -> Any:
    data = request.POST.copy()
    data["expected_version"] = str(version)
    return data
