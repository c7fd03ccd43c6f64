"""Who is convened and what they answer, and who came to a meeting: each one form with a row for every body."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.consultations import GOING_ON, ConsultationRefused, MinutesState, Presence, ProcessState, Reply
from torogoz.domain.refusals import FieldsRefused
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.consultation import actions, queries, words
from torogoz.topics.consultation.acting import together
from torogoz.topics.consultation.forms import DeedForm, InviteForm, OrganisationForm, institutions_to_convene
from torogoz.topics.consultation.process_models import Event, Invitation
from torogoz.topics.consultation.roll_forms import AttendanceRow, InstitutionRow, ReplyRow
from torogoz.topics.consultation.rolls import Roll, Row
from torogoz.topics.consultation.shown import body_name
from torogoz.topics.consultation.working import Deed, Work, by_key, seen

ANSWERS, CONVENE, ATTENDANCE = "answers", "convene", "attendance"
OPEN = (ProcessState.PREPARED, *GOING_ON)


@require_http_methods(["GET", "POST"])
def convening(request: HttpRequest, key: UUID) -> HttpResponse:
    """The bodies convened and what they answered; the secretariat adds to them, each institution answers for itself."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not (here.convenes or here.invitations):
        return not_found(request, verb=Verb.VIEW, what="invitation", subject=key, now=now)
    process = here.process
    invited = queries.convened(process)
    answers = _answers(request, here, invited, officer, now)
    choice = _institutions(request, here, invited, officer, now)
    work = Work(request, _convening_deeds(here, invited, officer, now), elsewhere=(ANSWERS, CONVENE))
    if work.missing or answers.missing:
        return not_found(request, verb=Verb.CONVENE, what="invitation", subject=key, now=now)
    if work.done or answers.done or choice.done:
        return redirect("consultation:convening", key=key)
    seen(request, here, now)
    groups = names("BODY_GROUP", language())
    rows = [
        {
            "invitation": one,
            "name": body_name(one),
            "group": groups.get(one.group, one.group),
            "part": words.PARTS[one.part],
            "reply": words.REPLIES[one.reply],
            "form": answers.form(str(one.key)),
            "change": work.form("change", one, **_stored(one)),
        }
        for one in invited
    ]
    page = {
        "process": process,
        "here": here,
        "rows": rows,
        "answers": any(row["form"] for row in rows),
        "changes": any(row["change"] for row in rows),
        "institutions": [choice.form(row.key) for row in choice.rows],
        "invite": work.form("invite"),
        "council": work.form("council"),
        "wrong": [*answers.wrong, *choice.wrong, *work.bound.values()],
    }
    status = max(work.status, answers.status, choice.status)
    return render(request, "consultation/convening.html", page, status=status)


def _answers(
    request: HttpRequest, here: queries.Standing, invited: list[Invitation], officer: Officer, now: Any
) -> Roll:
    """What the bodies answered: the secretariat writes for all of them, a focal point for the own one."""
    open_to = invited if here.convenes else list(here.invitations)
    held = by_key(open_to if here.process.state in GOING_ON else [])
    rows = [
        Row(
            key,
            partial(
                ReplyRow,
                key=key,
                body=body_name(one),
                initial={"reply": one.reply, "note": one.reply_note, "version": one.version},
            ),
            one.version,
        )
        for key, one in held.items()
    ]

    def store(changed: Any) -> None:
        deeds = {
            key: partial(
                actions.answer_invitation,
                by=officer,
                invitation=held[key],
                reply=Reply(form.cleaned_data["reply"]),
                note=form.cleaned_data["note"],
                version=-1 if form.at is None else form.at,
                now=now,
            )
            for key, form in changed.items()
        }
        together(deeds)

    return Roll(request, ANSWERS, rows, store, _("Se guardaron las respuestas."))


def _institutions(
    request: HttpRequest, here: queries.Standing, invited: list[Invitation], officer: Officer, now: Any
) -> Roll:
    """The institutions of the State that are not convened yet."""
    convened = {one.institution.code for one in invited if one.institution}
    may = here.convenes and here.process.state in OPEN
    offered = [(code, name) for code, name in institutions_to_convene() if may and code not in convened]
    rows = [Row(code, partial(InstitutionRow, key=code, body=name), None) for code, name in offered]

    def store(chosen: Any) -> None:
        try:
            actions.invite(
                by=officer, process=here.process, bodies=[form.invited() for form in chosen.values()], now=now
            )
        except ConsultationRefused as why:
            raise FieldsRefused({next(iter(chosen)): why}) from None

    return Roll(request, CONVENE, rows, store, _("Se agregaron a la lista."))


def _stored(invitation: Invitation) -> dict[str, Any]:
    """What is stored of a body, to start the form that changes it."""
    code = invitation.institution.code if invitation.institution else ""
    fields = ("name_es", "name_en", "group", "part", "seats")
    return {"institution": code, **{name: getattr(invitation, name) for name in fields}}


def _convening_deeds(here: queries.Standing, invited: list[Invitation], officer: Officer, now: Any) -> dict[str, Deed]:
    process = here.process
    deeds: dict[str, Deed] = {}
    if here.convenes and process.state in OPEN:
        deeds["invite"] = Deed(
            OrganisationForm,
            lambda form, _row: actions.invite(by=officer, process=process, bodies=[form.body()], now=now),
            _("Se agregó a la lista."),
        )
        deeds["change"] = Deed(
            InviteForm,
            lambda form, row: actions.change_invitation(
                by=officer, invitation=row, body=form.body(), version=form.at, now=now
            ),
            _("Se guardó."),
            by_key(one for one in invited if one.reply == Reply.NONE),
        )
    if here.convenes and process.state == ProcessState.PREPARED and not invited:
        deeds["council"] = Deed(
            DeedForm,
            lambda _form, _row: actions.invite(by=officer, process=process, bodies=actions.COUNCIL, now=now),
            _("Se agregaron 18 escaños sin nombre. Diga quién ocupa cada uno."),
        )
    return deeds


@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, key: UUID, event: UUID) -> HttpResponse:
    """Which bodies came to a meeting. Names are shown to the secretariat and to the body itself, and to nobody else."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    meeting = queries.event_called(here.process, event) if here else None
    if here is None or meeting is None or not (here.convenes or here.invitations):
        return not_found(request, verb=Verb.VIEW, what="attendance", subject=event, now=now)
    own = queries.convened(here.process) if here.convenes else list(here.invitations)
    held = queries.attendance_of(meeting)
    roll = _attendance(request, meeting, own, held, officer, now)
    if roll.missing:
        return not_found(request, verb=Verb.EDIT, what="attendance", subject=event, now=now)
    if roll.done:
        return redirect("consultation:attendance", key=key, event=event)
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
            "form": roll.form(str(one.key)),
        }
        for one in own
    ]
    page = {
        "process": here.process,
        "event": meeting,
        "rows": rows,
        "open": any(row["form"] for row in rows),
        "wrong": roll.wrong,
    }
    return render(request, "consultation/attendance.html", page, status=roll.status)


def _attendance(
    request: HttpRequest, meeting: Event, own: list[Invitation], held: Any, officer: Officer, now: Any
) -> Roll:
    """Who came, until the minutes are final. The version of a row is that of the attendance, and not of the body."""
    minutes = getattr(meeting, "minutes", None)
    final = minutes is not None and minutes.state == MinutesState.FINAL
    invited = by_key([] if final else own)
    rows = [
        Row(
            key,
            partial(AttendanceRow, key=key, body=body_name(one), initial=_noted(held.get(one.pk))),
            held[one.pk].version if one.pk in held else None,
        )
        for key, one in invited.items()
    ]

    def store(changed: Any) -> None:
        deeds = {
            key: partial(
                actions.record_attendance,
                by=officer,
                event=meeting,
                invitation=invited[key],
                presence=Presence(form.cleaned_data["presence"]),
                people=form.cleaned_data["people"],
                names=form.cleaned_data["names"],
                now=now,
                version=form.at,
            )
            for key, form in changed.items()
        }
        together(deeds)

    return Roll(request, ATTENDANCE, rows, store, _("Se guardó la asistencia."))


def _noted(held: Any) -> dict[str, Any]:
    if held is None:
        return {}
    return {"presence": held.presence, "people": held.people, "version": held.version}
