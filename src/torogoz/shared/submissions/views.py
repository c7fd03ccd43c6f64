"""The pages of what an institution hands in: hand in, the report, what a schema asks. Its own officers only."""

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.exchange.writers import csv_text
from torogoz.shared.audit.asking import asker
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import duty, officer_of
from torogoz.shared.submissions import actions, queries
from torogoz.shared.submissions.forms import SubmitForm
from torogoz.shared.submissions.models import RowState, Submission
from torogoz.shared.submissions.schemas import shipped
from torogoz.shared.submissions.words import fields_said, rules_said

PAGE = 20
LINES = 50
WHAT = "submission"


def _language() -> str:
    return (get_language() or "es")[:2]


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Hand in a file; and what the officer's institution has handed in, the newest first."""
    now, officer = timezone.now(), officer_of(request)
    assignments = queries.assignments(officer, now)
    decision = duty(officer, Verb.SUBMIT, assignments[0].institution, now) if assignments else None
    if decision is None:
        return not_found(request, verb=Verb.SUBMIT, what=WHAT, subject="index", now=now)
    posted = request.method == "POST"
    form = SubmitForm(assignments, _language(), request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        return _taken_in(request, form)
    page = Paginator(queries.submissions_seen_by(officer, now), PAGE).get_page(request.GET.get("page"))
    still_open = queries.still_open(page)
    shown = [{"submission": each, "title": _title(each), "open": still_open.get(each.pk, 0)} for each in page]
    disclosed(request, verb=Verb.LIST, what=WHAT, subjects=[each.key for each in page], decision=decision, now=now)
    context = {"form": form, "page": page, "rows": shown, "assignments": assignments, "corrects": _corrected(request)}
    return render(request, "submissions/index.html", context, status=422 if posted else 200)


def _corrected(request: HttpRequest) -> Submission | None:
    """The file that the one handed in corrects, if it is one that the officer may see."""
    try:
        key = UUID(request.POST.get("corrects") or request.GET.get("corrects") or "")
    except ValueError:
        return None
    return queries.submission_seen_by(officer_of(request), key, timezone.now())


def _taken_in(request: HttpRequest, form: SubmitForm) -> HttpResponse:
    """Take in the file, and go on to its report."""
    now, officer, chosen = timezone.now(), officer_of(request), form.assignment_chosen
    institution = queries.institution_called(chosen.institution)
    decision = duty(officer, Verb.SUBMIT, chosen.institution, now)
    if institution is None or not decision:
        return not_found(request, verb=Verb.SUBMIT, what=WHAT, subject="index", now=now)
    file: UploadedFile = form.cleaned_data["file"]
    corrects = _corrected(request)
    if corrects is not None and (corrects.institution_id, corrects.schema) != (institution.pk, chosen.schema.name):
        corrects = None
    with tempfile.NamedTemporaryFile() as kept:
        for piece in file.chunks():
            kept.write(piece)
        kept.flush()
        handed = actions.submit(
            path=Path(kept.name),
            file_name=file.name or "",
            schema=chosen.schema,
            institution=institution,
            by=actions.By(officer, decision, asker(request).request_id, request.path),
            today=timezone.localdate(),
            now=now,
            corrects=corrects,
        )
    if not handed.is_new:
        messages.info(request, _("Este archivo ya se había entregado. Nada cambió; este es su informe."))
    return redirect("submissions:report", key=handed.submission.key)


@require_GET
def report(request: HttpRequest, key: UUID) -> HttpResponse:
    """The report of one file: by rule, its first lines, and what to do."""
    now, officer = timezone.now(), officer_of(request)
    submission = queries.submission_seen_by(officer, key, now)
    if submission is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    decision = duty(officer, Verb.SUBMIT, submission.institution.code, now)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[key], decision=decision, now=now)
    still_open = queries.open_in(submission)
    page = Paginator(queries.findings(submission), LINES).get_page(request.GET.get("page"))
    schema = shipped().get(submission.schema)
    context = {
        "submission": submission,
        "title": _title(submission),
        "not_known": schema.not_known if schema else (),
        "rules": queries.broken_rules(submission),
        "page": page,
        "waiting": still_open.get(RowState.SET_ASIDE, 0),
        "conflicts": still_open.get(RowState.CONFLICT, 0),
    }
    return render(request, "submissions/report.html", context)


@require_GET
def report_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """The whole report as CSV."""
    now, officer = timezone.now(), officer_of(request)
    submission = queries.submission_seen_by(officer, key, now)
    if submission is None:
        return not_found(request, verb=Verb.EXPORT, what=WHAT, subject=key, now=now)
    decision = duty(officer, Verb.SUBMIT, submission.institution.code, now)
    disclosed(request, verb=Verb.EXPORT, what=WHAT, subjects=[key], decision=decision, now=now, channel="export")
    body = b"".join(csv_text.pieces(queries.report(submission)))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="report-{submission.schema}-{submission.key.hex[:8]}.csv"'
    return response


@require_POST
def adopt(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let the new version of the rows in conflict take the place of the accepted ones."""
    now, officer = timezone.now(), officer_of(request)
    submission = queries.submission_seen_by(officer, key, now)
    if submission is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    decision = duty(officer, Verb.SUBMIT, submission.institution.code, now)
    by = actions.By(officer, decision, asker(request).request_id, request.path)
    changed = actions.adopt_conflicts(submission=submission, by=by, now=now)
    said = ngettext(
        "Se aceptó la versión nueva de %(count)s fila.", "Se aceptó la versión nueva de %(count)s filas.", changed
    )
    messages.success(request, said % {"count": changed})
    return redirect("submissions:report", key=key)


@require_GET
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """What a schema asks: its columns and rules, for the institutions to which it is assigned."""
    now, officer = timezone.now(), officer_of(request)
    found = next((each for each in queries.assignments(officer, now) if each.schema.name == name), None)
    if found is None:
        return not_found(request, verb=Verb.VIEW, what="schema", subject=name, now=now)
    context = {
        "schema": found.schema,
        "fields": fields_said(found.schema, _language()),
        "rules": rules_said(found.schema, _language()),
    }
    return render(request, "submissions/schema.html", context)


def _title(submission: Submission) -> str:
    found = shipped().get(submission.schema)
    if found is None:
        return submission.schema
    return found.title_en if _language() == "en" else found.title_es
