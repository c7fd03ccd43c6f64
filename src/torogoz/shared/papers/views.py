"""The page where anybody checks a sheet that somebody shows."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from torogoz.domain.printed import PREFIX, Sheet, SheetRefused
from torogoz.shared.papers import queries
from torogoz.shared.papers.forms import CheckForm
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Whether a sheet is genuine. What is typed travels in the request, never in the address, and is not kept."""
    form = CheckForm(request.POST if request.method == "POST" and not switching(request) else None)
    page: dict[str, object] = {"form": form}
    if form.is_valid():
        text = form.cleaned_data["text"].strip()
        try:
            if text.upper().startswith(PREFIX):
                page["statement"], page["code"] = queries.stated_by(text)
            else:
                page["issued"], page["asked"] = queries.issued_with(text), True
        except SheetRefused as refused:
            form.add_error("text", refused.explain(language()))
    shown = page.get("statement") or page.get("issued")
    if shown:
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
