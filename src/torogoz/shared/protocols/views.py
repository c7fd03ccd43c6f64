"""The pages of the versions of the protocol: what is in force, what was, what changed, who signed."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.attachments import KINDS, AttachmentRefused
from torogoz.domain.protocols import ProtocolRefused, State, compare, parties
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import section_names
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.protocols import actions, queries
from torogoz.shared.protocols.forms import SignForm
from torogoz.shared.protocols.models import ProtocolVersion
from torogoz.shared.protocols.shown import by_section, changes_shown
from torogoz.shared.protocols.words import BADGES, STATES
from torogoz.shared.ui.templatetags.ui import language as spoken

WHAT = "protocol"


@login_not_required
@require_safe
def laws(request: HttpRequest) -> HttpResponse:
    """The laws that lines of the protocol name, each with its article or that none is confirmed. Anybody reads it."""
    names = section_names(spoken())
    rows = [{"law": law, "classes": [names.get(code, code) for code in law.classes]} for law in queries.legal_grounds()]
    return render(request, "protocols/laws.html", {"rows": rows})


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The version in force, those before it, and the changes that wait."""
    now, officer = timezone.now(), officer_of(request)
    ground = may(officer, Verb.AGREE, None, None, now)
    if not ground:
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    versions, drafts = queries.versions(), queries.drafts(officer, now)
    keys = [one.key for one in (*versions, *drafts)]
    disclosed(request, verb=Verb.LIST, what=WHAT, subjects=keys, decision=ground, now=now, channel="list")
    page = {
        "versions": versions,
        "holds": queries.in_force(now),
        "drafts": [
            {"draft": one, "state": STATES[State(one.state)], "badge": BADGES[State(one.state)]} for one in drafts
        ],
        "now": now,
    }
    return render(request, "protocols/index.html", page)


@never_cache
@require_GET
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: its lines with their ground, its annex as issued, who signed."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.version_numbered(number) if queries.agrees(officer, now) else None
    if found is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=str(number), now=now)
    return _page(request, found, now)


@never_cache
@require_GET
def difference(request: HttpRequest) -> HttpResponse:
    """Two versions beside each other: lines that came, went, and became others."""
    now, officer = timezone.now(), officer_of(request)
    ground = may(officer, Verb.AGREE, None, None, now)
    if not ground:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject="", now=now)
    versions = queries.versions()
    by_number = {str(one.number): one for one in versions}
    last = versions[0] if versions else None
    before = by_number.get(request.GET.get("before", ""), versions[1] if len(versions) > 1 else last)
    after = by_number.get(request.GET.get("after", ""), last)
    page: dict[str, object] = {"versions": versions, "before": before, "after": after}
    if before is not None and after is not None:
        keys = [before.key, after.key]
        disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=keys, decision=ground, now=now)
        told = compare(before.agreed, after.agreed)
        page["changes"] = changes_shown(told, queries.grounds_by_code(), spoken())
    return render(request, "protocols/difference.html", page)


@never_cache
@require_GET
def annex(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """The annex, byte by byte as it was issued."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.version_numbered(number) if queries.agrees(officer, now) else None
    kept = queries.annex_of(found, language) if found else None
    if found is None or kept is None:
        return not_found(request, verb=Verb.PRINT, what=WHAT, subject=str(number), now=now)
    ground = may(officer, Verb.AGREE, None, None, now)
    disclosed(request, verb=Verb.PRINT, what=WHAT, subjects=[found.key], decision=ground, now=now, channel="paper")
    return _file(bytes(kept.pdf), "application/pdf", f"protocol-{number}-{language}.pdf")


@never_cache
@require_GET
def sheet(request: HttpRequest, number: int, key: UUID) -> HttpResponse:
    """The sheet that an institution signed, as it was scanned."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.version_numbered(number) if queries.agrees(officer, now) else None
    kept = queries.sheet_of(found, key) if found else None
    if kept is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    signature, scanned = kept
    ground = may(officer, Verb.AGREE, None, None, now)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[key], decision=ground, now=now, channel="attachment")
    ending = next(kind.ending for kind in KINDS if kind.media == signature.media)
    return _file(scanned, signature.media, f"protocol-{number}-{signature.institution.code}.{ending}")


@never_cache
@require_POST
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """Issue the annex of a version that came with the programme."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.version_numbered(number) if queries.agrees(officer, now) else None
    if found is None:
        return not_found(request, verb=Verb.PRINT, what=WHAT, subject=str(number), now=now)
    try:
        actions.issue_annex(by=officer, version=found, now=now)
    except NotAllowed:
        return not_found(request, verb=Verb.PRINT, what=WHAT, subject=found.key, now=now)
    messages.success(request, _("Se emitió el anexo y quedó guardado."))
    return redirect("protocols:version", number=number)


@never_cache
@require_POST
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Record that an institution signed."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.version_numbered(number) if queries.agrees(officer, now) else None
    codes = queries.acts_for(officer, found.agreed, now) if found else []
    if found is None or not codes:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=str(number), now=now)
    form = SignForm(codes, request.POST, request.FILES)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.sign(
                by=officer,
                institution=typed["institution"],
                version=found,
                signed_by=typed["signed_by"],
                signed_on=typed["signed_on"],
                sheet=typed["sheet"].read() if typed["sheet"] else None,
                now=now,
            )
        except ProtocolRefused as why:
            form.refuse(why)
        except AttachmentRefused:
            form.add_error("sheet", _("No se guardó: la hoja debe ser un PDF o una imagen de hasta 10 MB."))
        else:
            messages.success(request, _("Se guardó la firma."))
            return redirect("protocols:version", number=number)
    return _page(request, found, now, form)


def _page(request: HttpRequest, found: ProtocolVersion, now: datetime, form: SignForm | None = None) -> HttpResponse:
    officer = officer_of(request)
    ground = may(officer, Verb.AGREE, None, None, now)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[found.key], decision=ground, now=now)
    signatures = queries.signatures_of(found)
    signed = {one.institution.code for one in signatures}
    left = [code for code in queries.acts_for(officer, found.agreed, now) if code not in signed]
    annexes = queries.annexes_of(found)
    page = {
        "version": found,
        "holds": queries.in_force(now) == found,
        "sections": by_section(found.agreed, queries.grounds_by_code(), spoken()),
        "annexes": annexes,
        "may_issue": not annexes and bool(left),
        "signatures": signatures,
        "missing": sorted(parties(found.agreed) - signed),
        "form": form or (SignForm(left) if left and annexes else None),
    }
    return render(request, "protocols/version.html", page, status=422 if form is not None else 200)


def _file(content: bytes, media: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
