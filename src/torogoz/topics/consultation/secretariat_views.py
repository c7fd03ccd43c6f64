"""The desk of a consultation: steps, phases, gates; the bodies convened and their answers; meetings, attendance."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.consultations import STEPS, TAKES_MORE, PhaseKind, ProcessState, Reply
from torogoz.domain.polls import moment
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.polls.queries import statement_poll
from torogoz.topics.consultation import actions, drafting_queries, queries, table_queries, vote_queries, words
from torogoz.topics.consultation.adoption_queries import adoption_of
from torogoz.topics.consultation.forms import (
    EventForm,
    PhaseForm,
    ProcessForm,
    PublishForm,
    StepForm,
)
from torogoz.topics.consultation.online_words import MOMENTS
from torogoz.topics.consultation.process_models import Process
from torogoz.topics.consultation.vote_views import rows_of
from torogoz.topics.consultation.working import Deed, Work, by_key, seen, stands

WHAT = "consultation"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a consultation of the officer's institution."""
    now, officer = timezone.now(), officer_of(request)
    institutions = queries.convening_seats(officer, now)
    if not institutions:
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject="", now=now)
    work = Work(
        request,
        {
            "create": Deed(
                ProcessForm,
                lambda form, _row: actions.create_process(
                    by=officer,
                    institution=institutions[0],
                    code=form.cleaned_data["code"],
                    typed=form.typed(),
                    now=now,
                    token=form.cleaned_data["token"],
                ),
                _("Se guardó. Nadie más la ve hasta que la convoque o la publique."),
            )
        },
    )
    if work.missing:
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject="", now=now)
    if work.done:
        return redirect("consultation:desk", key=work.result.key)  # type: ignore[attr-defined]
    page = {"form": work.form("create"), "do": "create"}
    return render(request, "consultation/process_form.html", page, status=work.status)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change the words of a consultation and its rules, until it is at work."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    open_states = (ProcessState.PREPARED, ProcessState.CONVENED)
    if here is None or not here.convenes or here.process.state not in open_states:
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject=key, now=now)
    process = here.process
    work = Work(
        request,
        {
            "edit": Deed(
                partial(ProcessForm, stored=process),
                lambda form, _row: actions.change_process(
                    by=officer, process=process, typed=form.typed(), version=form.at, now=now
                ),
                _("Se guardó."),
                stands=lambda: stands(process),
            )
        },
    )
    if work.done:
        return redirect("consultation:desk", key=key)
    page = {"form": work.form("edit", version=process.version), "do": "edit", "process": process}
    return render(request, "consultation/process_form.html", page, status=work.status)


@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where a consultation stands, and what the officer may do in it."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if not here:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    process = here.process
    deeds: dict[str, Deed] = {}
    if here.convenes:
        deeds["step"] = Deed(
            StepForm,
            lambda form, _row: actions.take_step(by=officer, process=process, step=form.cleaned_data["step"], now=now),
            _("Hecho."),
        )
        deeds["publish"] = Deed(
            PublishForm,
            lambda form, _row: actions.publish(
                by=officer,
                process=process,
                results=form.cleaned_data["what"] == "results",
                shown=form.cleaned_data["shown"] == "yes",
                now=now,
            ),
            _("Hecho."),
        )
        deeds["phase"] = Deed(
            PhaseForm,
            lambda form, phase: actions.set_phase(
                by=officer,
                process=process,
                kind=PhaseKind(phase.kind),
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                now=now,
            ),
            _("Se guardaron las fechas."),
            by_key(process.phases.order_by("pk")),
        )
    work = Work(request, deeds)
    if work.missing:
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject=key, now=now)
    if work.done:
        return redirect("consultation:desk", key=key)
    seen(request, here, now)
    page = _desk(here, work, now) | {"wrong": list(work.bound.values())}
    return render(request, "consultation/desk.html", page, status=work.status)


def _online(process: Process, now: datetime) -> dict[str, Any]:
    """The on-line consultation for its secretariat: none yet, or where it stands."""
    poll = statement_poll(process.key)
    if poll is None:
        return {"poll": None}
    stands = moment(poll.standing, now)
    badge, word = MOMENTS[stands]
    return {"poll": poll, "moment": stands, "badge": badge, "word": word}


def _desk(here: queries.Standing, work: Work, now: datetime) -> dict[str, Any]:
    process = here.process
    phases = [
        {
            "phase": phase,
            "word": words.PHASES[phase.kind],
            "form": work.form("phase", phase, starts_on=phase.starts_on, ends_on=phase.ends_on),
        }
        for phase in process.phases.order_by("pk")
    ]
    steps = [step for step, (begins, _leads) in STEPS.items() if process.state == begins] if here.convenes else []
    invited = queries.convened(process)
    states = table_queries.counts(process) if here.convenes else {}
    return {
        "process": process,
        "here": here,
        "state": words.PROCESS_STATES[process.state],
        "badge": words.PROCESS_BADGES[process.state],
        "rule": words.rule_in_words(process),
        "quorum": words.quorum_in_words(process),
        "gate": queries.gate(process),
        "steps": steps,
        "phases": phases,
        "counts": {
            "invited": len(invited),
            "yes": sum(one.reply == Reply.YES for one in invited),
            "no": sum(one.reply == Reply.NO for one in invited),
            "none": sum(one.reply == Reply.NONE for one in invited),
        },
        "contributions": [(words.CONTRIBUTION_STATES[state], count) for state, count in states.items() if count],
        "own": [{"invitation": one, "reply": words.REPLIES[one.reply]} for one in here.invitations],
        "tables": table_queries.tables_of(process) if here.convenes else list(here.tables),
        "drafts": [
            {
                "draft": one,
                "state": words.DRAFT_STATES[one.state],
                "result": words.RESULTS[one.outcome.result] if hasattr(one, "outcome") else "",
            }
            for one in drafting_queries.drafts_of(process)
        ]
        if here.convenes or here.invitations
        else [],
        "events": queries.events_of(process),
        "votes": rows_of(vote_queries.votes_in(process, now)) if here.convenes or here.invitations else [],
        "online": _online(process, now) if here.convenes else None,
        "takes_more": process.state in TAKES_MORE,
        "adoption": adoption_of(process),
        "may_edit": here.convenes and process.state in (ProcessState.PREPARED, ProcessState.CONVENED),
    }


@require_http_methods(["GET", "POST"])
def events(request: HttpRequest, key: UUID) -> HttpResponse:
    """The meetings, and a new one."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not here.convenes:
        return not_found(request, verb=Verb.CONVENE, what="event", subject=key, now=now)
    deed = Deed(
        EventForm,
        lambda form, _row: actions.add_event(
            by=officer,
            process=here.process,
            now=now,
            **{name: form.cleaned_data[name] for name in ("name_es", "name_en", "starts_on", "ends_on", "place")},
        ),
        _("Se guardó la reunión."),
    )
    work = Work(request, {"event": deed})
    if work.missing:
        return not_found(request, verb=Verb.CONVENE, what="event", subject=key, now=now)
    if work.done:
        return redirect("consultation:events", key=key)
    seen(request, here, now)
    more = here.process.state in TAKES_MORE or work.bound
    page = {
        "process": here.process,
        "events": queries.events_of(here.process),
        "form": work.form("event") if more else None,
    }
    return render(request, "consultation/events.html", page, status=work.status)
