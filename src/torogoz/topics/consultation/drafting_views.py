"""Drafting: texts of a consultation, their versions with what changed, amendments, points, positions and outcomes."""

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
from torogoz.domain.consultations import AmendmentState, DraftState, Part, ProcessState, Reply
from torogoz.domain.deliberation import Stance
from torogoz.shared.audit.reading import not_found
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.consultation import drafting_actions, drafting_queries, queries, words
from torogoz.topics.consultation.drafting_forms import (
    AmendmentForm,
    AnswerForm,
    DraftForm,
    NoAgreementForm,
    PaperPositionForm,
    PointForm,
    PositionForm,
    SettleForm,
    VersionForm,
)
from torogoz.topics.consultation.forms import DeedForm
from torogoz.topics.consultation.queries import Standing
from torogoz.topics.consultation.shown import body_name, outcome_shown
from torogoz.topics.consultation.working import Deed, Work, by_key, seen, stands


@require_http_methods(["GET", "POST"])
def drafts(request: HttpRequest, key: UUID) -> HttpResponse:
    """The texts of a consultation, and a new one."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not (here.convenes or here.invitations):
        return not_found(request, verb=Verb.VIEW, what="draft", subject=key, now=now)
    process = here.process
    themes = list(process.themes.order_by("position", "pk"))
    deeds = {}
    if here.convenes and process.state == ProcessState.AT_WORK:
        deeds["draft"] = Deed(
            partial(DraftForm, themes=themes),
            lambda form, _row: drafting_actions.open_draft(
                by=officer,
                process=process,
                theme=by_key(themes).get(form.cleaned_data["theme"]),
                now=now,
                token=form.cleaned_data["token"],
                **{
                    name: form.cleaned_data[name]
                    for name in ("code", "kind", "title_es", "title_en", "text_es", "text_en")
                },
            ),
            _("Se guardó el texto."),
        )
    work = Work(request, deeds)
    if work.missing:
        return not_found(request, verb=Verb.CONVENE, what="draft", subject=key, now=now)
    if work.done:
        return redirect("consultation:draft", key=work.result.key)  # type: ignore[attr-defined]
    seen(request, here, now)
    page = {
        "process": process,
        "here": here,
        "rows": [
            {
                "draft": one,
                "state": words.DRAFT_STATES[one.state],
                "result": words.RESULTS[one.outcome.result] if hasattr(one, "outcome") else "",
            }
            for one in drafting_queries.drafts_of(process)
        ],
        "form": work.form("draft"),
    }
    return render(request, "consultation/drafts.html", page, status=work.status)


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """One text: its versions with what changed, amendments, points, where each body stands, and its outcome."""
    now, officer = timezone.now(), officer_of(request)
    of = drafting_queries.draft_key(key)
    here = queries.standing(officer, of, now) if of else None
    if here is None or not (here.convenes or here.invitations):
        return not_found(request, verb=Verb.VIEW, what="draft", subject=key, now=now)
    text = drafting_queries.draft_called(here.process, key)
    assert text is not None
    versions = drafting_queries.versions_of(text)
    newest = versions[0].version if versions else None
    amendments = drafting_queries.amendments_of(text)
    bodies = [one for one in queries.convened(here.process) if one.part == Part.DECIDES]
    points = list(text.points.order_by("position", "pk"))
    deeds: dict[str, Deed] = {}
    if text.state != DraftState.DECIDED and here.process.state == ProcessState.AT_WORK:
        if here.convenes:
            deeds |= _of_the_secretariat(text, newest, officer, now, amendments, bodies, points)
        if here.seat is not None and newest is not None:
            deeds |= _of_a_seat(text, newest, here, officer, now, amendments)
    work = Work(request, deeds)
    if work.missing:
        return not_found(request, verb=Verb.EDIT, what="draft", subject=key, now=now)
    if work.done:
        return redirect("consultation:draft", key=key)
    seen(request, here, now)
    held = drafting_queries.standing_positions(newest) if newest else {}
    decided = drafting_queries.as_it_stands(text)
    outcome = getattr(text, "outcome", None)
    page = {
        "process": here.process,
        "here": here,
        "draft": text,
        "state": words.DRAFT_STATES[text.state],
        "badge": words.DRAFT_BADGES[text.state],
        "kind": names("PROVISION_KIND", language()).get(text.kind, text.kind),
        "versions": versions,
        "newest": newest,
        "rule": words.rule_in_words(here.process),
        "quorum": words.quorum_in_words(here.process),
        "positions": [_standing_row(one, held.get(one.pk), work) for one in bodies],
        "own": held.get(here.seat.pk) if here.seat else None,
        "so_far": {
            "result": words.RESULTS[decided.result],
            "badge": words.RESULT_BADGES[decided.result],
            "reasons": [words.reason_in_words({**vars(reason), "why": reason.why.value}) for reason in decided.reasons],
            "silent": words.seats(decided.silent) if decided.silent else "",
        }
        if decided is not None and text.state == DraftState.DECIDING
        else None,
        "amendments": [
            {
                "amendment": one,
                "body": body_name(one.invitation),
                "state": words.AMENDMENT_STATES[one.state],
                "answer": work.form("answer", one),
                "withdraw": work.form("withdraw", one),
            }
            for one in amendments
        ],
        "points": [{"point": one, "settle": work.form("settle", one)} for one in points],
        "outcome": outcome_shown(outcome) if outcome else None,
        "position": work.form("position", None),
        "amend": work.form("amend", None, text_es=newest.text_es, text_en=newest.text_en) if newest else None,
        "version_form": work.form(
            "version", None, version=newest.number, text_es=newest.text_es, text_en=newest.text_en
        )
        if newest
        else None,
        "point_form": work.form("point", None),
        "decide": work.form("decide", None, version=text.version),
        "record": work.form("record", None, version=text.version),
        "no_agreement": work.form("no_agreement", None, version=text.version),
        "bound": {name for name, _row in work.bound},
        "wrong": list(work.bound.values()),
    }
    return render(request, "consultation/draft.html", page, status=work.status)


def _standing_row(invitation: Any, position: Any, work: Work) -> dict[str, Any]:
    return {
        "name": body_name(invitation),
        "invitation": invitation,
        "reply": words.REPLIES[invitation.reply],
        "position": position,
        "stance": words.STANCES[position.stance] if position else "",
        "paper": work.form("paper", invitation, version=None),
    }


def _of_a_seat(
    text: Any, newest: Any, here: Standing, officer: Officer, now: datetime, amendments: list[Any]
) -> dict[str, Deed]:
    """What a focal point does for the own body: ask for other words, take a position."""
    seat = here.seat
    assert seat is not None
    mine = [one for one in amendments if one.invitation_id == seat.pk and one.state == AmendmentState.PROPOSED]
    deeds = {
        "amend": Deed(
            AmendmentForm,
            lambda form, _row: drafting_actions.propose_amendment(
                by=officer,
                version=newest,
                invitation=seat,
                text_es=form.cleaned_data["text_es"],
                text_en=form.cleaned_data["text_en"],
                reason=form.cleaned_data["reason"],
                now=now,
                token=form.cleaned_data["token"],
            ),
            _("Se guardó la enmienda. La secretaría la responde con su razón."),
        ),
        "withdraw": Deed(
            DeedForm,
            lambda _form, row: drafting_actions.withdraw_amendment(by=officer, amendment=row, now=now),
            _("Se retiró la enmienda."),
            by_key(mine),
        ),
    }
    if text.state == DraftState.DECIDING:
        deeds["position"] = Deed(
            PositionForm,
            lambda form, _row: drafting_actions.take_position(
                by=officer,
                version=newest,
                invitation=seat,
                stance=Stance(form.cleaned_data["stance"]),
                reason=form.cleaned_data["reason"],
                now=now,
            ),
            _("Se guardó la posición. Puede cambiarla hasta que se registre el resultado."),
        )
    return deeds


def _of_the_secretariat(
    text: Any,
    newest: Any,
    officer: Officer,
    now: datetime,
    amendments: list[Any],
    bodies: list[Any],
    points: list[Any],
) -> dict[str, Deed]:
    """What the secretariat does with a text that has no outcome yet."""
    deeds = {
        "version": Deed(
            VersionForm,
            lambda form, _row: drafting_actions.write_version(
                by=officer,
                draft=text,
                text_es=form.cleaned_data["text_es"],
                text_en=form.cleaned_data["text_en"],
                why=form.cleaned_data["why"],
                expected=form.at,
                now=now,
            ),
            _("Se guardó otra versión. Las posiciones sobre la anterior quedan con ella."),
            stands=lambda: newest_number(text),
        ),
        "answer": Deed(
            AnswerForm,
            lambda form, row: drafting_actions.answer_amendment(
                by=officer,
                amendment=row,
                taken=form.cleaned_data["taken"] == "yes",
                answer=form.cleaned_data["answer"],
                now=now,
            ),
            _("Se guardó la respuesta. Lo aceptado se escribe en la versión que sigue."),
            by_key(one for one in amendments if one.state == AmendmentState.PROPOSED),
        ),
        "point": Deed(
            PointForm,
            lambda form, _row: drafting_actions.add_point(
                by=officer,
                draft=text,
                now=now,
                **{name: form.cleaned_data[name] for name in ("code", "kind", "text_es", "text_en")},
            ),
            _("Se guardó el punto."),
        ),
        "settle": Deed(
            SettleForm,
            lambda form, row: drafting_actions.settle_point(
                by=officer, point=row, agreed=form.cleaned_data["agreed"] == "yes", now=now
            ),
            _("Se guardó."),
            by_key(points),
        ),
        "no_agreement": Deed(
            NoAgreementForm,
            lambda form, _row: drafting_actions.record_no_agreement(
                by=officer,
                draft=text,
                note_es=form.cleaned_data["note_es"],
                note_en=form.cleaned_data["note_en"],
                version=form.at,
                now=now,
            ),
            _("Quedó registrado que no hubo acuerdo. Los puntos acordados se conservan."),
            stands=partial(stands, text),
        ),
    }
    if text.state == DraftState.WRITING:
        deeds["decide"] = Deed(
            DeedForm,
            lambda form, _row: drafting_actions.open_decision(by=officer, draft=text, version=form.at, now=now),
            _("Las instancias ya pueden tomar posición."),
            stands=partial(stands, text),
        )
    if text.state == DraftState.DECIDING and newest is not None:
        deeds["record"] = Deed(
            DeedForm,
            lambda form, _row: drafting_actions.record_outcome(by=officer, draft=text, version=form.at, now=now),
            _("Quedó registrado el resultado, con sus razones y sus disensos."),
            stands=partial(stands, text),
        )
        deeds["paper"] = Deed(
            PaperPositionForm,
            lambda form, row: drafting_actions.take_position(
                by=officer,
                version=newest,
                invitation=row,
                stance=Stance(form.cleaned_data["stance"]),
                reason=form.cleaned_data["reason"],
                sheet=form.cleaned_data["sheet"],
                now=now,
            ),
            _("Se guardó la posición que venía en papel."),
            by_key(one for one in bodies if one.reply == Reply.YES and not _spoke(newest, one)),
        )
    return deeds


def _spoke(version: Any, invitation: Any) -> bool:
    """Whether the body has spoken through its own officer; then nobody types for it."""
    held = drafting_queries.standing_positions(version).get(invitation.pk)
    return held is not None and not held.sheet


def newest_number(text: Any) -> int:
    """The number of the version that is stored by now."""
    newest = drafting_queries.newest_version(text)
    return newest.number if newest else 0
