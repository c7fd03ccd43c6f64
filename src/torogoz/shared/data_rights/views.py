"""The pages of requests of persons about their own data."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import Decision, Verb
from torogoz.domain.children import minority
from torogoz.domain.consents import Purpose
from torogoz.domain.data_rights import FILES, AnswerBy, Asker, Proof, RequestRefused, Right, Side, State, Step, Why
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import PURPOSES
from torogoz.shared.data_rights import actions, queries
from torogoz.shared.data_rights.forms import LiftForm, RequestForm, StepForm
from torogoz.shared.data_rights.models import Request
from torogoz.shared.data_rights.queries import RequestSeen
from torogoz.shared.data_rights.words import ANSWERS, ASKERS, BADGES, PROOFS, RIGHTS, SHORT, STATES, WHYS
from torogoz.shared.institutions.access import duty, may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.queries import birth_of, subject_of
from torogoz.shared.ui.language import switching

WHAT = "rights_request"


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The requests of the window, and those that the officer decides, those that end first on top."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.takes_part(officer, now):
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    seen = queries.requests_seen_by(officer, now)
    shown = [key for one in seen for key in _subjects(one)]
    ground = _ground(officer, now, seen)
    disclosed(request, verb=Verb.LIST, what=WHAT, subjects=shown, decision=ground, now=now, channel="list")
    live = [_row(one) for one in seen if one.live]
    groups = [
        (_("Vencidas: respóndalas hoy"), [row for row in live if row["seen"].overdue]),
        (_("Abiertas"), [row for row in live if not row["seen"].overdue]),
        (_("Terminadas"), [_row(one) for one in seen if not one.live]),
    ]
    page = {"groups": [pair for pair in groups if pair[1]], "disposes": may(officer, Verb.DISPOSE, None, None, now)}
    return render(request, "data_rights/index.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Receive a request of somebody whose record the window does not have open."""
    return _receive(request, None)


@never_cache
@require_http_methods(["GET", "POST"])
def new_of(request: HttpRequest, key: UUID) -> HttpResponse:
    """Receive a request of a person whose record the window has open."""
    return _receive(request, key)


@never_cache
@require_GET
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One request: who asks what, until when, what was done, and what comes next."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.request_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    return _page(request, officer, seen, now)


@never_cache
@require_POST
def step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Take one step of a request."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.request_seen_by(officer, key, now)
    taken = Step(step) if step in set(Step) else None
    if seen is None or taken is None or (Side.WINDOW not in seen.sides and Side.DECIDES not in seen.sides):
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    form = StepForm(request.POST, step=taken, gives_file=Right(seen.request.right) in FILES)
    if not form.is_valid():
        return _page(request, officer, seen, now, wrong=form)
    try:
        password = _take(officer, seen, taken, form.read(), now)
    except RequestRefused as why:
        form.refuse(why)
        fresh = queries.request_seen_by(officer, key, now)
        return _page(request, officer, fresh or seen, now, wrong=form)
    except NotAllowed:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    if password:
        fresh = queries.request_seen_by(officer, key, now)
        return _page(request, officer, fresh or seen, now, password=password)
    messages.success(request, _("Se guardó."))
    return redirect("data_rights:request", key=key)


@never_cache
@require_POST
def lift(request: HttpRequest, key: UUID) -> HttpResponse:
    """End the limit that a request brought."""
    now, officer = timezone.now(), officer_of(request)
    seen, form = queries.request_seen_by(officer, key, now), LiftForm(request.POST)
    if seen is None or not _limited(seen):
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    if form.is_valid():
        try:
            actions.lift_limit(by=officer, request=seen.request, now=now, **form.cleaned_data)
        except RequestRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
        else:
            messages.success(request, _("Terminó la limitación: el protocolo vale de nuevo para esta persona."))
            return redirect("data_rights:request", key=key)
    return _page(request, officer, seen, now, lifting=form)


@never_cache
@require_GET
def file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The archive of a request, for the window, which does not have its password."""
    now, officer = timezone.now(), officer_of(request)
    made = queries.file_seen_by(officer, key, now)
    if made is None:
        return not_found(request, verb=Verb.EXPORT, what="own_file", subject=key, now=now)
    person = made.request.person
    disclosed(
        request,
        verb=Verb.EXPORT,
        what="own_file",
        subjects=[*([person.key] if person else []), key],
        decision=queries.as_window(officer, now),
        now=now,
        sections=made.sections,
        channel="export",
    )
    name = f"{made.request.number}.zip"
    return FileResponse(made.path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


def _receive(request: HttpRequest, key: UUID | None) -> HttpResponse:
    now, officer = timezone.now(), officer_of(request)
    person = queries.person_at_window(officer, key, now) if key else None
    if not queries.takes_part(officer, now) or (key and person is None):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject=key or "", now=now)
    posted = request.method == "POST" and not switching(request)
    called = queries.called(person) if person else ""
    of = minority(birth_of(person), timezone.localdate(now)) if person else None
    form = RequestForm(request.POST if posted else None, of=of, initial={"name": called})
    if posted and form.is_valid():
        try:
            kept = actions.receive_request(by=officer, person=person, now=now, **form.read())
        except RequestRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.CREATE, what=WHAT, subject=key or "", now=now)
        else:
            told = {"number": kept.number, "due": f"{kept.due:%Y-%m-%d}"}
            messages.success(
                request, _("Se recibió. Dé a la persona este número, %(number)s, y esta fecha: %(due)s.") % told
            )
            return redirect("data_rights:request", key=kept.key)
    if person:
        ground = may(officer, Verb.VIEW, subject_of(person), IDENTITY, now)
        disclosed(request, verb=Verb.VIEW, what="person", subjects=[key], decision=ground, now=now, sections=[IDENTITY])
    return render(request, "data_rights/new.html", {"form": form, "person": person, "name": called})


def _take(officer: Officer, seen: RequestSeen, step: Step, typed: dict[str, Any], now: datetime) -> str:
    """Take the step; the password of the file that it made, when it made one."""
    common: dict[str, Any] = {"by": officer, "request": seen.request, "now": now, **typed}
    if step in (Step.GRANT, Step.GRANT_PARTLY):
        _request, password = actions.grant_request(partly=step is Step.GRANT_PARTLY, **common)
        return password
    steps: Mapping[Step, Callable[..., Request]] = {
        Step.PROVE: actions.prove_identity,
        Step.TAKE: actions.take_request,
        Step.EXTEND: actions.extend_term,
        Step.DENY: actions.deny_request,
        Step.DELIVER: actions.deliver_answer,
        Step.WITHDRAW: actions.withdraw_request,
    }
    steps[step](**common)
    return ""


def _page(
    request: HttpRequest,
    officer: Officer,
    seen: RequestSeen,
    now: datetime,
    *,
    wrong: StepForm | None = None,
    lifting: LiftForm | None = None,
    password: str = "",
) -> HttpResponse:
    """The page of a request, with what was typed in a step that could not be taken."""
    held = seen.request
    disclosed(
        request,
        verb=Verb.VIEW,
        what=WHAT,
        subjects=_subjects(seen),
        decision=_ground(officer, now, [seen]),
        now=now,
    )
    gives_file = Right(held.right) in FILES
    forms = [
        wrong if wrong is not None and wrong.step is step else StepForm(step=step, gives_file=gives_file)
        for step in seen.steps
    ]
    decides = Side.DECIDES in seen.sides
    limiting = decides and held.right == Right.LIMITATION.value and Step.GRANT in seen.steps and held.person is not None
    page = {
        **_row(seen),
        "right": RIGHTS[Right(held.right)],
        "purpose": PURPOSES[Purpose(held.purpose)] if held.purpose else "",
        "asker": ASKERS[Asker(held.asker)],
        "proof": PROOFS[Proof(held.proof)],
        "answer_by": ANSWERS[AnswerBy(held.answer_by)],
        "why": WHYS[Why(held.why)] if held.why else "",
        "decides": decides,
        "nobody": seen.live and not queries.has_who_decides(held, now),
        "taken": [{"step": each, "state": STATES[State(each.state)]} for each in queries.steps_seen(seen)],
        "forms": forms,
        "wrong": [form for form in (wrong, lifting) if form is not None],
        "password": password,
        "file": queries.file_seen_by(officer, held.key, now),
        "lift": (lifting or LiftForm()) if decides and _limited(seen) else None,
        "uncorrected": _uncorrected(seen),
        "shut_out": queries.shut_out(held.person, now) if limiting and held.person else [],
        "protecting": queries.protecting(held.person, now) if limiting and held.person else [],
        "limiting": limiting,
    }
    return render(request, "data_rights/request.html", page)


def _row(seen: RequestSeen) -> dict[str, Any]:
    return {
        "seen": seen,
        "short": SHORT[Right(seen.request.right)],
        "state": STATES[seen.state],
        "badge": BADGES[seen.state],
        "name": seen.details.get("name", ""),
    }


def _uncorrected(seen: RequestSeen) -> bool:
    granted = seen.state in (State.GRANTED, State.PARTLY) and seen.request.right == Right.RECTIFICATION.value
    return granted and not queries.corrected_since(seen.request)


def _limited(seen: RequestSeen) -> bool:
    return seen.request.limit is not None and seen.request.limit.until is None


def _subjects(seen: RequestSeen) -> list[object]:
    person = seen.request.person
    return [*([person.key] if person else []), seen.request.key]


def _ground(officer: Officer, now: datetime, shown: list[RequestSeen]) -> Decision:
    """As what the officer reads: who decides, or the window."""
    for one in shown:
        if Side.DECIDES in one.sides:
            return duty(officer, Verb.AUDIT, one.request.responsible.code, now)
    return queries.as_window(officer, now)
