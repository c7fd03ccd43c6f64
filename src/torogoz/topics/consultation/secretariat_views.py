"""The desk of a consultation: steps, phases, gates; the bodies convened and their answers; meetings, attendance."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.consultations import GOING_ON, STEPS, PhaseKind, Presence, ProcessState, Reply
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.consultation import actions, drafting_queries, queries, table_queries, words
from torogoz.topics.consultation.adoption_queries import adoption_of
from torogoz.topics.consultation.forms import (
    AttendanceForm,
    DeedForm,
    EventForm,
    InviteForm,
    PhaseForm,
    ProcessForm,
    PublishForm,
    ReplyForm,
    StepForm,
)
from torogoz.topics.consultation.shown import body_name
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
    page = _desk(here, work) | {"wrong": list(work.bound.values())}
    return render(request, "consultation/desk.html", page, status=work.status)


def _desk(here: queries.Standing, work: Work) -> dict[str, Any]:
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
        "adoption": adoption_of(process),
        "may_edit": here.convenes and process.state in (ProcessState.PREPARED, ProcessState.CONVENED),
    }


@require_http_methods(["GET", "POST"])
def convening(request: HttpRequest, key: UUID) -> HttpResponse:
    """The bodies convened and what they answered; the secretariat adds to them, each institution answers for itself."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not (here.convenes or here.invitations):
        return not_found(request, verb=Verb.VIEW, what="invitation", subject=key, now=now)
    process = here.process
    work = Work(request, _convening_deeds(here, officer, now))
    if work.missing:
        return not_found(request, verb=Verb.CONVENE, what="invitation", subject=key, now=now)
    if work.done:
        return redirect("consultation:convening", key=key)
    seen(request, here, now)
    rows = [
        {
            "invitation": one,
            "name": body_name(one),
            "group": names("BODY_GROUP", language()).get(one.group, one.group),
            "part": words.PARTS[one.part],
            "reply": words.REPLIES[one.reply],
            "answer": work.form("answer", one),
            "change": work.form("change", one, **_stored(one)),
        }
        for one in queries.convened(process)
    ]
    page = {
        "process": process,
        "here": here,
        "rows": rows,
        "invite": work.form("invite"),
        "council": work.form("council"),
        "wrong": list(work.bound.values()),
    }
    return render(request, "consultation/convening.html", page, status=work.status)


def _stored(invitation: Any) -> dict[str, Any]:
    """What is stored of a body, to start the form that changes it."""
    code = invitation.institution.code if invitation.institution else ""
    fields = ("name_es", "name_en", "group", "part", "seats")
    return {"institution": code, **{name: getattr(invitation, name) for name in fields}}


def _convening_deeds(here: queries.Standing, officer: Any, now: Any) -> dict[str, Deed]:
    process = here.process
    own = [*here.invitations] if not here.convenes else queries.convened(process)
    deeds: dict[str, Deed] = {}
    if process.state in GOING_ON:
        deeds["answer"] = Deed(
            ReplyForm,
            lambda form, row: actions.answer_invitation(
                by=officer,
                invitation=row,
                reply=Reply(form.cleaned_data["reply"]),
                note=form.cleaned_data["note"],
                version=form.at,
                now=now,
            ),
            _("Se guardó la respuesta."),
            by_key(own),
        )
    if here.convenes and process.state in (ProcessState.PREPARED, *GOING_ON):
        deeds["invite"] = Deed(
            InviteForm,
            lambda form, _row: actions.invite(by=officer, process=process, bodies=[form.body()], now=now),
            _("Se agregó a la lista."),
        )
        deeds["change"] = Deed(
            InviteForm,
            lambda form, row: actions.change_invitation(
                by=officer, invitation=row, body=form.body(), version=form.at, now=now
            ),
            _("Se guardó."),
            by_key(one for one in own if one.reply == Reply.NONE),
        )
    if here.convenes and process.state == ProcessState.PREPARED and not own:
        deeds["council"] = Deed(
            DeedForm,
            lambda _form, _row: actions.invite(by=officer, process=process, bodies=actions.COUNCIL, now=now),
            _("Se agregaron 18 escaños sin nombre. Diga quién ocupa cada uno."),
        )
    return deeds


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
    page = {"process": here.process, "events": queries.events_of(here.process), "form": work.form("event")}
    return render(request, "consultation/events.html", page, status=work.status)


@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, key: UUID, event: UUID) -> HttpResponse:
    """Which bodies came to a meeting. Names are shown to the secretariat and to the body itself, and to nobody else."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    meeting = queries.event_called(here.process, event) if here else None
    if here is None or meeting is None or not (here.convenes or here.invitations):
        return not_found(request, verb=Verb.VIEW, what="attendance", subject=event, now=now)
    own = queries.convened(here.process) if here.convenes else list(here.invitations)
    deed = Deed(
        AttendanceForm,
        lambda form, row: actions.record_attendance(
            by=officer,
            event=meeting,
            invitation=row,
            presence=Presence(form.cleaned_data["presence"]),
            people=form.cleaned_data["people"],
            names=form.cleaned_data["names"],
            now=now,
            version=form.cleaned_data["version"],
        ),
        _("Se guardó la asistencia."),
        by_key(own),
    )
    work = Work(request, {"attendance": deed})
    if work.missing:
        return not_found(request, verb=Verb.EDIT, what="attendance", subject=event, now=now)
    if work.done:
        return redirect("consultation:attendance", key=key, event=event)
    held = queries.attendance_of(meeting)
    people = queries.names_of(held.values(), here)
    if people:
        disclosed(
            request,
            verb=Verb.VIEW,
            what="attendance_names",
            subjects=[row.key for row in held.values() if row.pk in people],
            decision=Decision(True, Basis.DUTY, here.process.convener.code if here.convenes else ""),
            now=now,
        )
    rows = [
        {
            "name": body_name(one),
            "held": held.get(one.pk),
            "presence": words.PRESENCES[held[one.pk].presence] if one.pk in held else "",
            "names": people.get(held[one.pk].pk, []) if one.pk in held else [],
            "form": work.form("attendance", one, **_attended(held.get(one.pk))),
        }
        for one in own
    ]
    page = {"process": here.process, "event": meeting, "rows": rows, "wrong": list(work.bound.values())}
    return render(request, "consultation/attendance.html", page, status=work.status)


def _attended(held: Any) -> dict[str, Any]:
    """What was noted; the version is that of the attendance, and not of the body that the form is about."""
    if held is None:
        return {"version": None}
    return {"presence": held.presence, "people": held.people, "version": held.version}
