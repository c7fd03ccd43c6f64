"""The page on which an institution hands in a table of practices."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.exchange.readers.filled_tables import LARGEST, MOST_FAULTS, Fault
from torogoz.exchange.readers.practices import Known, read
from torogoz.shared.audit.reading import not_found
from torogoz.shared.codelists.queries import countries
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.forms import Questions
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import import_actions, lists, queries


class TableForm(Questions):
    """A table, to be tried or kept."""

    table = forms.FileField(
        label=gettext_lazy("Tabla de prácticas (CSV)"),
        help_text=gettext_lazy("Con las columnas del catálogo; hasta 5 MB."),
        error_messages={
            "required": gettext_lazy("Elija un archivo."),
            "empty": gettext_lazy("El archivo está vacío."),
        },
    )
    dry = forms.BooleanField(label=gettext_lazy("Solo probar: no guardar nada"), required=False, initial=True)


@never_cache
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest) -> HttpResponse:
    """Try a table, or keep all of it as drafts; a wrong row is named, and then nothing is kept."""
    now, officer = timezone.now(), officer_of(request)
    own = queries.offers_for(officer, now)
    if not own:
        return not_found(request, verb=Verb.REPORT, what="practice", subject="", now=now)
    posted = request.method == "POST"
    form = TableForm(request.POST if posted else None, request.FILES if posted else None)
    faults: list[Fault] = []
    count = 0
    if posted and form.is_valid():
        known = Known(
            institutions={one.code for one in queries.institutions()},
            own=own,
            countries={code for code, _name in countries("es")},
            objectives={code for code, _title in queries.objectives("es")},
            principles={one.code for one in lists.principles()},
        )
        rows, faults = read(form.cleaned_data["table"].read(LARGEST + 1), known)
        if not faults:
            dry = form.cleaned_data["dry"]
            try:
                count = import_actions.import_practices(by=officer, rows=rows, dry=dry, now=now)
            except import_actions.NothingImported as wrong:
                faults = list(wrong.faults)
            else:
                if not dry:
                    said = ngettext("Se guardó %(n)s borrador.", "Se guardaron %(n)s borradores.", count)
                    messages.success(request, said % {"n": count})
                    return redirect("practices:mine")
    page = {
        "form": form,
        "faults": [(one, one.explain(language())) for one in faults[:MOST_FAULTS]],
        "more": max(0, len(faults) - MOST_FAULTS),
        "tried": count,
        "wrong": posted and not form.is_valid(),
    }
    bad = posted and (faults or not form.is_valid())
    return render(request, "practices/table.html", page, status=422 if bad else 200)
