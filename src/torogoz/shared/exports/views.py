"""The pages where a supervisor exports people, where a second officer approves the large ones; and the archive."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.exports import ALONE, ExportRefused, State
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.exports import queries
from torogoz.shared.exports.actions import REQUEST, NeedsSecond, ask_export, decide_export, export_people, make_approved
from torogoz.shared.exports.forms import PURPOSES, ExportForm
from torogoz.shared.exports.models import Export
from torogoz.shared.institutions.access import duty, officer_of, seats
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language

STATES = {
    State.ASKED: gettext_lazy("Espera a otra persona"),
    State.APPROVED: gettext_lazy("Aprobada, sin hacer"),
    State.REFUSED: gettext_lazy("Rechazada"),
    State.MADE: gettext_lazy("Elaborada"),
    State.LAPSED: gettext_lazy("Caducó"),
}
BADGES = {
    State.ASKED: "more",
    State.APPROVED: "may",
    State.REFUSED: "not",
    State.MADE: "may",
    State.LAPSED: "not",
}


@never_cache
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Ask for an export; the answer shows the password, once."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_export(officer, now):
        return not_found(request, verb=Verb.EXPORT, what="people", subject="", now=now)
    form = ExportForm(request.POST if request.method == "POST" and not switching(request) else None)
    page: dict[str, object] = {"form": form, "alone": ALONE}
    if form.is_valid():
        asked = {**form.cleaned_data, "purpose": Export.Purpose(form.cleaned_data["purpose"])}
        try:
            page["made"], page["password"] = export_people(by=officer, **asked, language=language(), now=now)
        except NeedsSecond as many:
            ask_export(by=officer, **asked, people=many.people, now=now)
            messages.success(
                request,
                _(
                    "Son %(people)s personas: tantas no las saca nadie a solas. Se pidió a otra persona de su"
                    " institución que lo apruebe; todavía no se exportó nada."
                )
                % {"people": many.people},
            )
            return redirect("exports:requests")
        except ExportRefused as why:
            form.refuse(why)
        except queries.TooManyRows:
            form.add_error("until", _too_many())
    return render(request, "exports/index.html", page)


@never_cache
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The exports of many people that were asked for in the officer's institutions."""
    return _requests(request, timezone.now())


@never_cache
@require_POST
def decide(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Approve or refuse an export that another officer asked for."""
    now, officer = timezone.now(), officer_of(request)
    asked = queries.request_seen_by(officer, key, now)
    if asked is None or step not in ("approve", "refuse"):
        return not_found(request, verb=Verb.AGREE, what=REQUEST, subject=key, now=now)
    try:
        decide_export(by=officer, request=asked, approve=step == "approve", now=now)
    except ExportRefused as why:
        return _requests(request, now, refused=why.explain(language()))
    messages.success(request, _("Se aprobó.") if step == "approve" else _("Se rechazó."))
    return redirect("exports:requests")


@never_cache
@require_POST
def make(request: HttpRequest, key: UUID) -> HttpResponse:
    """Make the archive that was approved; the answer shows the password, once."""
    now, officer = timezone.now(), officer_of(request)
    asked = queries.request_seen_by(officer, key, now)
    if asked is None:
        return not_found(request, verb=Verb.EXPORT, what=REQUEST, subject=key, now=now)
    try:
        made, password = make_approved(by=officer, request=asked, language=language(), now=now)
    except NotAllowed:
        return not_found(request, verb=Verb.EXPORT, what=REQUEST, subject=key, now=now)
    except ExportRefused as why:
        return _requests(request, now, refused=why.explain(language()))
    except queries.TooManyRows:
        return _requests(request, now, refused=_too_many())
    return render(request, "exports/index.html", {"made": made, "password": password})


def _requests(request: HttpRequest, now: datetime, refused: str = "") -> HttpResponse:
    officer = officer_of(request)
    served = seats(officer, Verb.AGREE, now)
    if not served:
        return not_found(request, verb=Verb.LIST, what=REQUEST, subject="", now=now)
    seen = queries.requests_seen_by(officer, now)
    ground = duty(officer, Verb.AGREE, served[0], now)
    keys = [one.key for one, _state in seen]
    disclosed(request, verb=Verb.LIST, what=REQUEST, subjects=keys, decision=ground, now=now, channel="list")
    rows = [
        {
            "one": one,
            "badge": BADGES[state],
            "state": STATES[state],
            "purpose": PURPOSES[Export.Purpose(one.purpose)],
            "may_decide": state is State.ASKED and one.officer_id != officer.pk,
            "may_make": state is State.APPROVED and one.officer_id == officer.pk,
        }
        for one, state in seen
    ]
    page = {"rows": rows, "refused": refused}
    return render(request, "exports/requests.html", page, status=422 if refused else 200)


def _too_many() -> str:
    return _("No se exportó nada: hay más de %(most)s encuentros en esos días. Pida menos días a la vez.") % {
        "most": queries.MOST_ROWS
    }


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
