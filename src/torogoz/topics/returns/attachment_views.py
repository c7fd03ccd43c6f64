"""A file is attached to a section, from the page of the person; the sheet that was signed, to a plan, from its own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torogoz.domain.access import Verb
from torogoz.domain.attachments import MOST_BYTES, SCANS, AttachmentRefused, Fault
from torogoz.domain.sections import REINTEGRATION
from torogoz.shared.attachments.actions import attach
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.queries import encounter_seen_by
from torogoz.topics.returns.plan_queries import plan_seen_by


@require_POST
def attachment(request: HttpRequest, key: UUID, encounter: UUID, code: str) -> HttpResponse:
    """Take a file from who may write the section. What is refused says why, and nothing of it is kept."""
    now, officer = timezone.now(), officer_of(request)
    met = encounter_seen_by(officer, encounter, now)
    sent = request.FILES.get("file")
    try:
        if met is None or met.person.key != key:
            raise NotAllowed("no such encounter")
        attach(
            by=officer,
            encounter=met,
            code=code,
            name=(sent.name or "") if sent else "",
            chunks=sent.chunks() if sent else (),
            now=now,
        )
    except NotAllowed:
        return not_found(request, verb=Verb.EDIT, what="attachment", subject=key, now=now, section=code)
    except AttachmentRefused as refused:
        messages.error(request, _why(refused.fault))
    else:
        messages.success(request, _("Se guardó el archivo, cifrado."))
    return redirect("returns:person", key=key)


@require_POST
def plan_sheet(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take the scan of a signed sheet from who writes the plan; who reads the plan reads it."""
    now, officer = timezone.now(), officer_of(request)
    seen = plan_seen_by(officer, key, now)
    if seen is None or not seen.may_write:
        return not_found(request, verb=Verb.EDIT, what="attachment", subject=key, now=now, section=REINTEGRATION)
    sent = request.FILES.get("file")
    try:
        attach(
            by=officer,
            encounter=seen.plan.encounter,
            code=REINTEGRATION,
            name=(sent.name or "") if sent else "",
            chunks=sent.chunks() if sent else (),
            now=now,
            kinds=SCANS,
        )
    except AttachmentRefused as refused:
        messages.error(request, _scans_only() if refused.fault is Fault.UNKNOWN_KIND else _why(refused.fault))
    else:
        messages.success(request, _("Se guardó el archivo, cifrado."))
    return redirect("returns:plan", key=key)


def _scans_only() -> str:
    return _(
        "No se guardó el archivo: la hoja firmada va como PDF o foto (JPEG, PNG, WebP). "
        "Se mira lo que contiene, no su nombre."
    )


def _why(fault: Fault) -> str:
    most = MOST_BYTES // 1024**2
    return {
        Fault.EMPTY: _("No se guardó nada: no se eligió un archivo, o está vacío. Elija uno y envíelo otra vez."),
        Fault.TOO_LARGE: _("No se guardó el archivo: pasa de %(most)s MB. Envíe uno más pequeño, o por partes.")
        % {"most": most},
        Fault.UNKNOWN_KIND: _(
            "No se guardó el archivo: se aceptan PDF, fotos (JPEG, PNG, WebP) y grabaciones (M4A). "
            "Se mira lo que contiene, no su nombre."
        ),
    }[fault]
