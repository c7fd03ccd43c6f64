"""The page of the legal bases of hand-overs: what was entered, entering one, and approving what another entered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.protocols import ProtocolRefused
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import section_names
from torogoz.shared.cases.models import LegalBasis
from torogoz.shared.institutions.access import PROTECTED_SECTIONS, may, officer_of, seats
from torogoz.shared.institutions.grounds import grounds_in_force, named
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.protocols import queries
from torogoz.shared.protocols.basis_actions import WHAT, approve_basis, end_basis, propose_basis
from torogoz.shared.protocols.basis_forms import BasisForm
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language


@never_cache
@require_http_methods(["GET", "POST"])
def bases(request: HttpRequest) -> HttpResponse:
    """The legal bases, the newest first; and entering one."""
    now, officer = timezone.now(), officer_of(request)
    ground = may(officer, Verb.AGREE, None, None, now)
    posted = request.method == "POST"
    if not ground:
        return not_found(request, verb=Verb.CREATE if posted else Verb.LIST, what=WHAT, subject="", now=now)
    form = _form(officer, now, request.POST if posted else None)
    if switching(request):
        form.show_again()
    elif posted and form.is_valid():
        try:
            propose_basis(by=officer, institution=form.cleaned_data["institution"], typed=form.read(), now=now)
        except ProtocolRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó. No abre nada hasta que alguien de otra institución lo apruebe."))
            return redirect("protocols:bases")
    found, names = queries.legal_bases(), section_names(language())
    disclosed(
        request,
        verb=Verb.LIST,
        what=WHAT,
        subjects=[one.key for one in found],
        decision=ground,
        now=now,
        channel="list",
    )
    rows = [
        {
            "basis": one,
            "named": one.named(language()),
            "sections": [names.get(code, code) for code in one.sections],
            "ended": queries.has_ended(one, now),
            "approves_for": _approves_for(officer, one, now),
            "ends_for": _ends_for(officer, one, now),
        }
        for one in found
    ]
    wrong = posted and not switching(request)
    return render(request, "protocols/bases.html", {"rows": rows, "form": form}, status=422 if wrong else 200)


@never_cache
@require_POST
def approve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve what somebody of another institution entered."""
    return _step(request, key, approve_basis, _("Se aprobó. Desde hoy una derivación puede apoyarse en él."))


@never_cache
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End what the own institution entered."""
    return _step(request, key, end_basis, _("Se terminó. Ninguna derivación nueva puede apoyarse en él."))


def _step(request: HttpRequest, key: UUID, act: Callable[..., LegalBasis], done: str) -> HttpResponse:
    now, officer = timezone.now(), officer_of(request)
    found = queries.legal_basis_with(key) if queries.agrees(officer, now) else None
    if found is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    try:
        act(by=officer, institution=request.POST.get("institution", ""), basis=found, now=now)
    except NotAllowed:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    except ProtocolRefused as why:
        messages.error(request, why.explain(language()))
    else:
        messages.success(request, done)
    return redirect("protocols:bases")


def _form(officer: Officer, now: datetime, typed: Any) -> BasisForm:
    laws = grounds_in_force(timezone.localdate(now))
    names = section_names(language())
    last = queries.latest()
    open_to_bases = sorted(set(queries.tiers(last.agreed if last else ())) - PROTECTED_SECTIONS)
    return BasisForm(
        seats(officer, Verb.AGREE, now),
        {one.code: one for one in queries.known_institutions()},
        [(code, names.get(code, code)) for code in open_to_bases],
        {one.code: one for one in laws},
        [(one.code, named(one, language())) for one in laws],
        typed,
    )


def _approves_for(officer: Officer, basis: LegalBasis, now: datetime) -> str:
    """The institution for which the officer may approve this basis; nothing where none."""
    if basis.approved_at is not None or basis.proposed_by_id == officer.pk or queries.has_ended(basis, now):
        return ""
    return next((code for code in seats(officer, Verb.AGREE, now) if code != basis.institution.code), "")


def _ends_for(officer: Officer, basis: LegalBasis, now: datetime) -> str:
    """The institution for which the officer may end this basis; nothing where none."""
    own = basis.institution.code
    return own if own in seats(officer, Verb.AGREE, now) and not queries.has_ended(basis, now) else ""
