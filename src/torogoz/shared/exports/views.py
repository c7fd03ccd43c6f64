"""The page where a supervisor exports people, and the archive."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Verb
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.exports import queries
from torogoz.shared.exports.actions import export_people
from torogoz.shared.exports.forms import ExportForm
from torogoz.shared.exports.models import Export
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language


@never_cache
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Ask for an export; the answer shows the password, once."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_export(officer, now):
        return not_found(request, verb=Verb.EXPORT, what="people", subject="", now=now)
    form = ExportForm(request.POST if request.method == "POST" and not switching(request) else None)
    page: dict[str, object] = {"form": form}
    if form.is_valid():
        asked = form.cleaned_data
        try:
            page["made"], page["password"] = export_people(
                by=officer,
                since=asked["since"],
                until=asked["until"],
                purpose=Export.Purpose(asked["purpose"]),
                reason=asked["reason"],
                language=language(),
                htcds=asked["htcds"],
                now=now,
            )
        except queries.TooManyRows:
            form.add_error(
                "until",
                _("No se exportó nada: hay más de %(most)s encuentros en esos días. Pida menos días a la vez.")
                % {"most": queries.MOST_ROWS},
            )
    return render(request, "exports/index.html", page)


@never_cache
@require_GET
def file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The archive, for an hour, for the officer who made it."""
    now, officer = timezone.now(), officer_of(request)
    made = queries.export_made_by(officer, key, now)
    decision = queries.may_export(officer, now)
    if made is None or decision is None:
        return not_found(request, verb=Verb.EXPORT, what="export", subject=key, now=now)
    disclosed(request, verb=Verb.EXPORT, what="export", subjects=[key], decision=decision, now=now, channel="export")
    return FileResponse(
        made.path.open("rb"), as_attachment=True, filename=f"{made.key.hex[:8]}.zip", content_type="application/zip"
    )
