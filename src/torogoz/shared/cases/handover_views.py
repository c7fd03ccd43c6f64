"""The pages of hand-overs: what waits, sending one, asking for a record, and one hand-over with its steps."""

import math
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import GRANTED_BASES, Decision, Verb
from torogoz.domain.handovers import HandoverRefused, Kind, State, Step
from torogoz.domain.sections import BESIDE_THE_FORM, IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import section_names
from torogoz.shared.cases import handover_actions as actions
from torogoz.shared.cases import handover_queries as queries
from torogoz.shared.cases import papers
from torogoz.shared.cases.handover_forms import AskForm, SendForm, ShareForm, StepForm
from torogoz.shared.cases.handover_queries import HandoverSeen
from torogoz.shared.cases.models import Handover
from torogoz.shared.cases.queries import behind, breaker, never_of, shareable
from torogoz.shared.cases.words import BADGES, GROUNDS, KINDS, STATES, WHYS
from torogoz.shared.institutions.access import PROTECTED_SECTIONS, may, officer_of, posted_at
from torogoz.shared.institutions.models import Officer
from torogoz.shared.papers.actions import issue
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import Disposed
from torogoz.shared.people.queries import names_of, person_seen_by, subject_of
from torogoz.shared.ui.templatetags.ui import language
from torogoz.statistics.forms.shipped import current

IN_HOURS = 72
"""Up to so many hours, what is left is told in hours."""


@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, what goes on, what came back: of the officer's side."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.takes_part(officer, now):
        return not_found(request, verb=Verb.LIST, what="handover", subject="", now=now)
    seen = queries.handovers_seen_by(officer, now)
    if seen:
        _disclosed(request, officer, Verb.LIST, seen, now)
    groups = (
        (_("Esperan su respuesta"), [one for one in seen if one.mine_to_answer]),
        (_("Volvieron: busque otro camino"), [one for one in seen if one.came_back]),
        (_("En curso"), [one for one in seen if one.live and not one.mine_to_answer]),
        (_("Terminadas"), [one for one in seen if not one.live and not one.came_back]),
    )
    shown = [(title, [_row(one, now) for one in rows]) for title, rows in groups if rows]
    return render(request, "cases/handovers.html", {"groups": shown})


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, key: UUID) -> HttpResponse:
    """Hand a person over to another office."""
    now, officer = timezone.now(), officer_of(request)
    person = person_seen_by(officer, key, now)
    decision = may(officer, Verb.VIEW, subject_of(person), IDENTITY, now) if person else None
    if person is None or not decision or decision.basis in GRANTED_BASES:
        return not_found(request, verb=Verb.CREATE, what="handover", subject=key, now=now, section=IDENTITY)
    form = SendForm(
        request.POST if request.method == "POST" else None,
        shareable=shareable(officer, person, now),
        receivers=queries.receivers(officer, now),
        now=now,
    )
    if form.is_valid():
        try:
            sent = actions.send(by=officer, person=person, now=now, **form.read())
        except (HandoverRefused, Disposed) as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se envió. Quien recibe lee desde ahora lo que eligió, y tiene que responder."))
            return redirect("cases:handover", key=sent.key)
    disclosed(request, verb=Verb.VIEW, what="person", subjects=[key], decision=decision, now=now, sections=[IDENTITY])
    name, aliases = names_of(person)
    page = {"person": person, "name": str(name) or next(iter(aliases), ""), "form": form}
    return render(request, "cases/send.html", page)


@never_cache
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a record that is elsewhere. The token comes from a search and says nothing of whom it stands for."""
    now, officer = timezone.now(), officer_of(request)
    person, seat = behind(officer, request.POST.get("token", "")), breaker(officer, now)
    if person is None or not seat:
        return not_found(request, verb=Verb.CREATE, what="handover", subject="", now=now)
    closed = PROTECTED_SECTIONS | never_of(seat)
    codes = [code for code in (IDENTITY, *(form.code for form in current()), *BESIDE_THE_FORM) if code not in closed]
    form = AskForm(request.POST if "reason" in request.POST else None, codes=codes, initial=request.POST)
    if form.is_valid():
        try:
            asked = actions.ask(by=officer, person=person, now=now, **form.read())
        except (HandoverRefused, Disposed) as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se pidió. Verá aquí la respuesta; hasta entonces no se abre nada."))
            return redirect("cases:handover", key=asked.key)
    return render(request, "cases/ask.html", {"form": form})


@require_GET
def handover(request: HttpRequest, key: UUID) -> HttpResponse:
    """One hand-over: what it is for, what is disclosed, its clock, what was done, and what can be done."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.handover_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.VIEW, what="handover", subject=key, now=now)
    return _shown(request, officer, seen, now, {})


@never_cache
@require_POST
def sheet(request: HttpRequest, key: UUID) -> HttpResponse:
    """Print the sheet that the person carries, in the language of the button that was pressed."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.handover_seen_by(officer, key, now)
    decision = queries.may_print_sheet(officer, seen, now) if seen else None
    if not (seen and decision):
        return not_found(request, verb=Verb.PRINT, what="handover", subject=key, now=now)
    wanted = "en" if request.POST.get("sheet_language") == "en" else "es"
    content = papers.of_referral(seen.handover, seen.name, wanted)
    person, office = seen.handover.person, posted_at(officer, decision.institution, now, prefer=seen.handover.to_office)
    printed = issue(by=officer, person=person, office=office, content=content, decision=decision, now=now)
    return HttpResponse(
        printed,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="remision-{timezone.localtime(now):%Y%m%d-%H%M%S}.pdf"'},
    )


@require_POST
def step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Take a step: what cannot be done is said beside it, and nothing typed is lost."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.handover_seen_by(officer, key, now)
    if seen is None or step not in set(Step):
        return not_found(request, verb=Verb.EDIT, what="handover", subject=key, now=now)
    taken = Step(step)
    form = _form_of(officer, seen, taken, now, request)
    if form.is_valid():
        try:
            if isinstance(form, ShareForm):
                actions.share(by=officer, handover=seen.handover, now=now, **form.read())
            else:
                actions.advance(by=officer, handover=seen.handover, now=now, **form.read())
        except (HandoverRefused, Disposed) as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.EDIT, what="handover", subject=key, now=now)
        else:
            messages.success(request, _("Se guardó."))
            return redirect("cases:handover", key=key)
    answer = _shown(request, officer, seen, now, {taken: form})
    answer.status_code = 422
    return answer


def _shown(
    request: HttpRequest, officer: Officer, seen: HandoverSeen, now: datetime, typed: dict[Step, Any]
) -> HttpResponse:
    _disclosed(request, officer, Verb.VIEW, [seen], now)
    forms = [typed.get(one) or _form_of(officer, seen, one, now, None) for one in seen.steps]
    stray = [form for one, form in typed.items() if one not in seen.steps]
    page = {
        "one": _row(seen, now),
        "share": next((form for form in forms if isinstance(form, ShareForm)), None),
        "forms": [form for form in forms if isinstance(form, StepForm)],
        "wrong": [*typed.values()],
        "stray": stray,
        "steps": [
            {
                "step": taken,
                "state": _state(seen.handover, State(taken.state)),
                "why": WHYS.get(taken.why),  # type: ignore[call-overload]  # a StrEnum equals its text
                "words": taken.words,
            }
            for taken in queries.steps_seen(seen)
        ],
    }
    return render(request, "cases/handover.html", page)


def _form_of(
    officer: Officer, seen: HandoverSeen, step: Step, now: datetime, request: HttpRequest | None
) -> ShareForm | StepForm:
    data = request.POST if request else None
    if step is Step.SHARE:
        offered = shareable(officer, seen.handover.person, now)
        asked = [code for code in seen.handover.sections if code in offered]
        return ShareForm(data, shareable=offered, now=now, initial={"sections": asked}, prefix=Step.SHARE.value)
    return StepForm(data, step=step)


def _row(seen: HandoverSeen, now: datetime) -> dict[str, Any]:
    """A hand-over in words."""
    names = section_names(language())
    return {
        "seen": seen,
        "kind": KINDS[Kind(seen.handover.kind)],
        "state": _state(seen.handover, seen.state),
        "badge": BADGES[seen.state],
        "sections": [names.get(code, code) for code in seen.handover.sections],
        "ground": GROUNDS.get(seen.handover.ground),  # type: ignore[call-overload]  # a StrEnum equals its text
        "law": seen.handover.law.named(language()) if seen.handover.law else "",
        "left": _left(seen, now) if seen.live else "",
    }


def _state(handover: Handover, state: State) -> str:
    """The state in words; of one that ended because its consent was withdrawn, that it did."""
    consent = handover.consent
    if state is State.CANCELLED and consent and consent.withdrawn_at and consent.withdrawn_at == handover.ended_at:
        return _("Terminada: se retiró el consentimiento")
    return str(STATES[state])


def _left(seen: HandoverSeen, now: datetime) -> str:
    """How long until the clock runs out: «quedan 72 horas»; in days only beyond that, where hours say little."""
    hours = math.ceil((seen.handover.expires_at - now) / timedelta(hours=1))
    if hours > IN_HOURS:
        return ngettext("queda %(n)s día", "quedan %(n)s días", hours // 24) % {"n": hours // 24}
    return ngettext("queda %(n)s hora", "quedan %(n)s horas", hours) % {"n": hours}


def _disclosed(request: HttpRequest, officer: Officer, verb: Verb, seen: list[HandoverSeen], now: datetime) -> None:
    """Record what is shown: keys of hand-overs, and of the people whose names stand beside them."""
    institution = queries.institution_of(officer, seen[0], now)
    decision: Decision = queries.ground_of(seen[0], institution)
    named = [str(one.handover.person.key) for one in seen if one.name]
    disclosed(
        request,
        verb=verb,
        what="handover",
        subjects=[*(str(one.key) for one in seen), *named],
        decision=decision,
        now=now,
        channel="list" if verb is Verb.LIST else "page",
    )
