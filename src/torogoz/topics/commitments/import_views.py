"""The page on which the secretariat imports a file: looked at first, and stored only if it is that very file."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.refusals import Refused
from torogoz.exchange.readers.commitments import read_catalogue
from torogoz.exchange.readers.recommendations import read_recommendations
from torogoz.exchange.readers.rows import RowRefused
from torogoz.exchange.readers.treaty_bodies import read_observations
from torogoz.exchange.readers.treaty_status import read_statuses
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.body_imports import import_observations
from torogoz.shared.provisions.imports import Outcome, checksum, import_recommendations, import_statuses
from torogoz.shared.provisions.queries import instrument_called
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import queries
from torogoz.topics.commitments.import_actions import import_catalogue
from torogoz.topics.commitments.import_forms import ImportForm

COUNTRY, COUNTRY_NAME = "SLV", "El Salvador"
LOOKED_AT = "commitments_file_looked_at"


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Look at what a file would change; then store it, all or nothing."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="register", subject="", now=now)
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    status, outcome, refusal = 422 if posted else 200, None, ""
    if posted and form.is_valid():
        content = form.cleaned_data["file"].read()
        store = request.POST.get("step") == "store"
        this = checksum(content) + form.cleaned_data["kind"] + form.cleaned_data["instrument"]
        if store and request.session.get(LOOKED_AT) != this:
            refusal = _("Revise primero este mismo archivo: no es el que se revisó. No se guardó nada.")
        else:
            try:
                outcome = _outcome(officer, content, form.cleaned_data, store=store, now=now)
            except RowRefused as why:
                refusal = _("%(why)s. No se guardó nada del archivo.") % {"why": why.explain(language())}
            except Refused as why:
                form.refuse(why)
            else:
                status = 200
                request.session[LOOKED_AT] = this
                if store:
                    messages.success(request, _("Se guardó el archivo entero, a su nombre."))
    context = {"form": form, "outcome": outcome, "refusal": refusal}
    return render(request, "commitments/imports.html", context, status=status)


def _outcome(officer: Officer, content: bytes, typed: dict[str, Any], *, store: bool, now: datetime) -> Outcome:
    """What the file comes to. Raises RowRefused, Refused."""
    name = str(typed["file"].name)
    if typed["kind"] == "recommendations":
        recommended = read_recommendations(content, COUNTRY_NAME)
        return import_recommendations(by=officer, rows=recommended, country=COUNTRY, name=name, store=store, now=now)
    if typed["kind"] == "bodies":
        read = read_observations(content, COUNTRY_NAME)
        return import_observations(by=officer, read=read, country=COUNTRY, name=name, store=store, now=now)
    instrument = instrument_called(typed["instrument"])
    assert instrument is not None, "the form offers stored instruments only"
    if typed["kind"] == "treaty":
        rows = read_statuses(content, last_year=now.year)
        return import_statuses(by=officer, instrument=instrument, rows=rows, name=name, store=store, now=now)
    catalogue = read_catalogue(content)
    return import_catalogue(by=officer, instrument=instrument, rows=catalogue, why=typed["why"], store=store, now=now)
