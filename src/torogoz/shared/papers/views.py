"""The page where anybody checks a sheet that somebody shows."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from torogoz.domain.printed import PREFIX, Sheet, SheetRefused
from torogoz.shared.papers import queries
from torogoz.shared.papers.forms import CheckForm
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language

TELLS_BIRTH = (Sheet.FICHA, Sheet.OWN_FILE)
"""Sheets that print the birth, also that it is unknown. The others carry none."""
ENDS = (Sheet.CONSENT, Sheet.REFERRAL)
"""Sheets of what ends one day: the paper stays good, and what it tells does not."""


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Whether a sheet is genuine. What is typed travels in the request, never in the address, and is not kept."""
    form = CheckForm(request.POST if request.method == "POST" and not switching(request) else None)
    page: dict[str, object] = {"form": form, "ends": False}
    now = timezone.now()
    if form.is_valid():
        text = form.cleaned_data["text"].strip()
        try:
            if text.upper().startswith(PREFIX):
                statement, page["code"] = queries.stated_by(text)
                page["statement"], page["stands"] = statement, queries.standing_of(statement, now)
                page["office"] = queries.office_called(statement.office, language())
                page["tells_birth"] = bool(statement.birth) or statement.sheet in TELLS_BIRTH
            else:
                issued = queries.issued_with(text, language(), now)
                page["issued"], page["asked"], page["stands"] = issued, True, issued.stands if issued else None
        except SheetRefused as refused:
            form.add_error("text", refused.explain(language()))
    shown = page.get("statement") or page.get("issued")
    if shown:
        page["ends"] = shown.sheet in ENDS  # type: ignore[attr-defined]  # both kinds have a sheet
        page["sheet"] = _names()[shown.sheet]  # type: ignore[attr-defined]  # both kinds say which sheet they are of
    return render(request, "papers/check.html", page)


def _names() -> dict[Sheet, str]:
    return {
        Sheet.FICHA: _("Ficha única de recepción"),
        Sheet.CONSENT: _("Hoja de consentimiento"),
        Sheet.REFERRAL: _("Hoja de remisión"),
        Sheet.PLAN: _("Plan de reintegración"),
        Sheet.OWN_FILE: _("Archivo propio de una persona"),
        Sheet.DISPOSAL: _("Certificado de eliminación de datos"),
        Sheet.PROTOCOL: _("Anexo del protocolo para compartir información"),
    }
