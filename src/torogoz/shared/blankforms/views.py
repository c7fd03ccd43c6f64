"""The page where officers fetch the blank forms that they fill in, and the files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from torogoz.domain.access import Verb
from torogoz.exchange.writers.xform import xform
from torogoz.exchange.writers.xlsform import xlsform
from torogoz.shared.audit.reading import not_found
from torogoz.shared.blankforms import queries
from torogoz.shared.institutions.access import officer_of, works_with_people
from torogoz.shared.ui.templatetags.ui import language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITERS = {"xml": (xform, "text/xml; charset=utf-8"), "xlsx": (xlsform, XLSX)}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The forms of the officer's own institution and role."""
    now, officer = timezone.now(), officer_of(request)
    if not works_with_people(officer, now):
        return not_found(request, verb=Verb.VIEW, what="blank_form", subject="", now=now)
    spanish = language() == "es"
    forms = [
        {
            "form": form,
            "title": form.es if spanish else form.en,
            "parts": [part.label(language()) for part in (form.header, *form.sections) if part],
        }
        for form in queries.forms_of(officer, now)
    ]
    return render(request, "blankforms/index.html", {"forms": forms})


@require_GET
def file(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """One form, as XForm (xml) or XLSForm (xlsx)."""
    now, officer = timezone.now(), officer_of(request)
    form = queries.form_called(officer, name, now)
    if form is None:
        return not_found(request, verb=Verb.VIEW, what="blank_form", subject="", now=now)
    write, kind = WRITERS[ending]
    written = HttpResponse(write(form, queries.lists(now)), content_type=kind)
    written["Content-Disposition"] = f'attachment; filename="{form.id}.{ending}"'
    return written
