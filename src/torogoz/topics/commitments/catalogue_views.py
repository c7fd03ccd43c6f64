"""The catalogue of an instrument as a file: CSV, JSON and a workbook."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from torogoz.exchange.writers.catalogue import as_csv, as_json, as_workbook, meanings_as_csv
from torogoz.shared.provisions.queries import instrument_called
from torogoz.shared.provisions.shipped import POSITION
from torogoz.shared.ui.public import download
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import catalogue_queries, queries

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@login_not_required
@require_safe
def file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Every provision of an instrument, with what each column holds; the CSV comes back through the import."""
    found = instrument_called(request.GET.get("instrument", "") or POSITION)
    if found is None:
        raise Http404
    tongue = language()
    rows = catalogue_queries.catalogue_rows(found.code)
    address = request.build_absolute_uri(reverse("commitments:file", args=[ending])) + f"?instrument={found.code}"
    about = catalogue_queries.about(found, address)

    def pieces() -> list[bytes]:
        if ending == "csv":
            return [as_csv(rows, tongue)]
        codes = catalogue_queries.meanings(found.code, rows)
        return [as_json(about, rows, codes) if ending == "json" else as_workbook(about, rows, codes, tongue)]

    return download(
        request,
        edition=queries.edition(),
        pieces=pieces,
        content_type=CONTENT_TYPES[ending],
        file_name=f"{found.code}.{ending}",
    )


@login_not_required
@require_safe
def codes(request: HttpRequest) -> HttpResponseBase:
    """What each column and code in the catalogue of an instrument means, in both languages: the file beside the CSV."""
    found = instrument_called(request.GET.get("instrument", "") or POSITION)
    if found is None:
        raise Http404

    def pieces() -> list[bytes]:
        rows = catalogue_queries.catalogue_rows(found.code)
        return [meanings_as_csv(catalogue_queries.meanings(found.code, rows))]

    return download(
        request,
        edition=queries.edition(),
        pieces=pieces,
        content_type=CONTENT_TYPES["csv"],
        file_name=f"{found.code}-codes.csv",
    )
