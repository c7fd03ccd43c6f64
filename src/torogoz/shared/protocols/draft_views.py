"""The pages of a change of the protocol: written, proposed, approved or refused."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from torogoz.domain.access import Role, Verb
from torogoz.domain.protocols import ProtocolRefused, State, approvers, compare, parties
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import section_names
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.protocols import actions, queries
from torogoz.shared.protocols.forms import ApproveForm, DraftForm, LineForm, RefuseForm
from torogoz.shared.protocols.models import ProtocolVersion
from torogoz.shared.protocols.shown import by_section, changes_shown
from torogoz.shared.protocols.words import BADGES, STATES
from torogoz.shared.ui.forms import Questions
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language as spoken
from torogoz.shared.ui.templatetags.ui import localised

WHAT = "protocol"


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a change."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.agrees(officer, now):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject="", now=now)
    last = queries.latest()
    codes = queries.acts_for(officer, last.agreed, now) if last else []
    posted = request.method == "POST" and not switching(request)
    form = DraftForm(codes, request.POST if posted else None)
    if posted and form.is_valid():
        typed = form.cleaned_data
        try:
            kept = actions.start_draft(
                by=officer,
                institution=typed["institution"],
                reason=typed["reason"],
                since=typed["since"],
                from_shipped=typed["start"] == "shipped",
                now=now,
            )
        except ProtocolRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó el borrador. Agregue, cambie o termine renglones y propóngalo."))
            return redirect("protocols:draft", key=kept.key)
    return render(request, "protocols/new.html", {"form": form, "codes": codes}, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """One change: what it adds, removes and alters; who wrote it adds lines here."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.draft_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    form = _line_form(request, seen) if request.method == "POST" else None
    if form is not None and form.is_valid():
        typed = form.read()
        institutions = {one.code: one for one in queries.known_institutions()}
        try:
            actions.set_line(
                by=officer,
                draft=seen,
                now=now,
                **{
                    **typed,
                    "institution": institutions[typed["institution"]],
                    "ground": queries.grounds_by_code().get(typed["ground"]),
                },
            )
        except ProtocolRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
        else:
            messages.success(request, _("Se guardó el renglón en el borrador."))
            return redirect("protocols:draft", key=key)
    return _page(request, officer, seen, now, line=form, wrong=form)


@never_cache
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a line out of the draft."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.draft_seen_by(officer, key, now)
    section, institution, role = (*request.POST.get("place", "").split("|"), "", "", "")[:3]
    if seen is None or role not in set(Role):
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    try:
        actions.end_line(by=officer, draft=seen, section=section, institution=institution, role=Role(role), now=now)
    except ProtocolRefused as why:
        messages.error(request, why.explain(spoken()))
    except NotAllowed:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    else:
        messages.success(request, _("El renglón ya no está en el borrador."))
    return redirect("protocols:draft", key=key)


@never_cache
@require_POST
def step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Propose a draft, take it back, approve or refuse it."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.draft_seen_by(officer, key, now)
    if seen is None or step not in ("propose", "withdraw", "approve", "refuse"):
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    codes = _codes(officer, seen, now)
    form = {"approve": ApproveForm, "refuse": RefuseForm}.get(step)
    asked = form(codes, request.POST, prefix=step) if form else Questions(request.POST)
    if asked.is_valid():
        typed = asked.cleaned_data
        try:
            if step == "propose":
                actions.propose(by=officer, draft=seen, now=now)
                messages.success(request, _("Se propuso. Lo revisa alguien de otra institución."))
            elif step == "withdraw":
                actions.withdraw(by=officer, draft=seen, now=now)
                messages.success(request, _("Se retiró. Nada cambió."))
                return redirect("protocols:index")
            elif step == "refuse":
                actions.refuse(by=officer, draft=seen, now=now, **typed)
                messages.success(request, _("Se rechazó. Nada cambió."))
            else:
                kept = actions.approve(by=officer, draft=seen, now=now, **typed)
                messages.success(request, _("Se aprobó. El anexo quedó emitido y guardado."))
                return redirect("protocols:version", number=kept.number)
        except ProtocolRefused as why:
            asked.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
        else:
            return redirect("protocols:draft", key=key)
    return _page(request, officer, queries.draft_seen_by(officer, key, now) or seen, now, wrong=asked, step=step)


def _page(
    request: HttpRequest,
    officer: Officer,
    seen: ProtocolVersion,
    now: datetime,
    *,
    line: LineForm | None = None,
    wrong: Questions | None = None,
    step: str = "",
) -> HttpResponse:
    ground = may(officer, Verb.AGREE, None, None, now)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[seen.key], decision=ground, now=now)
    before = seen.base.agreed if seen.base else ()
    codes, laws, state = _codes(officer, seen, now), queries.grounds_by_code(), State(seen.state)
    proposing = seen.proposed_for.code if seen.proposed_for else ""
    own, others = proposing in codes, [code for code in codes if code != proposing]
    decides = state is State.PROPOSED and bool(others) and seen.proposed_by != officer
    writes = state is State.DRAFT and own
    page = {
        "draft": seen,
        "state": STATES[state],
        "badge": BADGES[state],
        "changes": changes_shown(compare(before, seen.agreed), laws, spoken()),
        "approvers": approvers(proposing, before, seen.agreed) if state is State.PROPOSED else (),
        "line": (line or _line_form(request, seen)) if writes else None,
        "sections": by_section(seen.agreed, laws, spoken()) if writes else [],
        "withdraws": own and state in (State.DRAFT, State.PROPOSED),
        "waits": state is State.PROPOSED,
        "approve": _or(
            wrong, step == "approve", ApproveForm(others, prefix="approve", initial={"reviewed": seen.version})
        )
        if decides
        else None,
        "refuse": _or(wrong, step == "refuse", RefuseForm(others, prefix="refuse")) if decides else None,
        "wrong": wrong,
    }
    return render(request, "protocols/draft.html", page, status=422 if wrong is not None else 200)


def _or(typed: Questions | None, asked: bool, fresh: Questions) -> Questions:
    return typed if typed is not None and asked else fresh


def _codes(officer: Officer, seen: ProtocolVersion, now: datetime) -> list[str]:
    """The parties, before or after the change, for which the officer agrees."""
    before = seen.base.agreed if seen.base else ()
    return queries.acts_for(officer, (*before, *seen.agreed), now)


def _line_form(request: HttpRequest, seen: ProtocolVersion) -> LineForm:
    """The form of a line; asked with `?place=`, of that line as the draft has it."""
    names = section_names(spoken())
    known = queries.tiers(seen.agreed)
    own = parties(seen.agreed)
    institutions = sorted(queries.known_institutions(), key=lambda one: (one.code not in own, one.code))
    place = request.GET.get("place", "")
    found = next((line for line in seen.agreed if "|".join(line.place) == place), None)
    initial = (
        {
            "section": found.rule.section,
            "institution": found.rule.institution,
            "role": found.rule.role.value,
            "right": "write" if found.rule.write else "read",
            "basis_es": found.basis_es,
            "basis_en": found.basis_en,
            "ground": found.ground,
        }
        if found
        else {}
    )
    return LineForm(
        sorted(((code, names.get(code, code)) for code in known), key=lambda pair: pair[1]),
        [(one.code, f"{one.code} · {localised(one, 'name')}") for one in institutions],
        [(law.code, f"{law.code} · {localised(law, 'name')}") for law in queries.legal_grounds()],
        request.POST if request.method == "POST" and "section" in request.POST else None,
        initial=initial,
    )
