"""The minutes of a meeting: written, opened to amendments, answered, final."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.consultations import AmendmentState, MinutesState
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.topics.consultation import minutes_actions, queries, words
from torogoz.topics.consultation.drafting_forms import AnswerForm, MinutesForm, RequestForm, WindowForm
from torogoz.topics.consultation.forms import DeedForm
from torogoz.topics.consultation.shown import body_name
from torogoz.topics.consultation.working import Deed, Work, by_key, seen, stands


@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, key: UUID, event: UUID) -> HttpResponse:
    """The minutes of one meeting, for the secretariat and for the institutions that were convened."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    meeting = queries.event_called(here.process, event) if here else None
    stored = getattr(meeting, "minutes", None)
    if here is None or meeting is None or not (here.convenes or (here.invitations and stored is not None)):
        return not_found(request, verb=Verb.VIEW, what="minutes", subject=event, now=now)
    asked = (
        list(
            stored.amendments.select_related("invitation__institution", "minutes__event__process__convener").order_by(
                "pk"
            )
        )
        if stored
        else []
    )
    work = Work(request, _deeds(here, meeting, stored, officer, now, asked))
    if work.missing:
        return not_found(request, verb=Verb.EDIT, what="minutes", subject=event, now=now)
    if work.done:
        return redirect("consultation:minutes", key=key, event=event)
    seen(request, here, now)
    is_over = stored is not None and stored.open_until is not None and stored.open_until <= now
    held = {"version": stored.version, "text_es": stored.text_es, "text_en": stored.text_en} if stored else {}
    page = {
        "process": here.process,
        "here": here,
        "event": meeting,
        "minutes": stored,
        "state": words.minutes_state(stored.state, is_over=is_over) if stored else "",
        "badge": words.MINUTES_BADGES[stored.state] if stored else "",
        "is_over": is_over,
        "write": work.form("write", None, **held),
        "window": work.form("window", None, version=stored.version if stored else None),
        "ask": work.form("request", None) if not is_over or work.bound else None,
        "final": work.form("final", None, version=stored.version if stored else None),
        "asked": [
            {
                "amendment": one,
                "body": body_name(one.invitation),
                "state": words.AMENDMENT_STATES[one.state],
                "answer": work.form("answer", one),
            }
            for one in asked
        ],
        "wrong": list(work.bound.values()),
    }
    return render(request, "consultation/minutes.html", page, status=work.status)


def _deeds(
    here: queries.Standing, event: Any, stored: Any, officer: Any, now: Any, asked: list[Any]
) -> dict[str, Deed]:
    deeds: dict[str, Deed] = {}
    if stored is not None and stored.state == MinutesState.FINAL:
        return deeds
    if here.convenes:
        deeds["write"] = Deed(
            MinutesForm,
            lambda form, _row: minutes_actions.write_minutes(
                by=officer,
                event=event,
                text_es=form.cleaned_data["text_es"],
                text_en=form.cleaned_data["text_en"],
                version=form.cleaned_data["version"],
                now=now,
            ),
            _("Se guardó el acta."),
            stands=partial(stands, stored) if stored is not None else None,
        )
    if stored is None:
        return deeds
    if here.convenes:
        deeds["window"] = Deed(
            WindowForm,
            lambda form, _row: minutes_actions.open_amendments(
                by=officer, minutes=stored, until=form.cleaned_data["open_until"], version=form.at, now=now
            ),
            _("Quienes asistieron ya pueden pedir enmiendas."),
            stands=partial(stands, stored),
        )
        deeds["answer"] = Deed(
            AnswerForm,
            lambda form, row: minutes_actions.answer_request(
                by=officer,
                amendment=row,
                taken=form.cleaned_data["taken"] == "yes",
                answer=form.cleaned_data["answer"],
                now=now,
            ),
            _("Se guardó la respuesta. Lo aceptado se escribe en el acta."),
            by_key(one for one in asked if one.state == AmendmentState.PROPOSED),
        )
    if here.convenes and stored.state == MinutesState.AMENDMENTS:
        deeds["final"] = Deed(
            DeedForm,
            lambda form, _row: minutes_actions.make_final(by=officer, minutes=stored, version=form.at, now=now),
            _("El acta es definitiva. Ya no cambia."),
            stands=partial(stands, stored),
        )
    if here.invitations and stored.state == MinutesState.AMENDMENTS:
        deeds["request"] = Deed(
            RequestForm,
            lambda form, _row: minutes_actions.ask_amendment(
                by=officer,
                minutes=stored,
                invitation=here.invitations[0],
                text=form.cleaned_data["text"],
                now=now,
                token=form.cleaned_data["token"],
            ),
            _("Se guardó lo que pide. La secretaría lo responde con su razón."),
        )
    return deeds
