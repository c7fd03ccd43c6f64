"""Round tables: set up by the secretariat, led and written at by who was named, on a screen; and what was said."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.consultations import LIVE, TAKES_MORE, ContributionState, Duty, ProcessState, TableState
from torogoz.domain.moderation import Ground
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.topics.consultation import (
    contribution_actions,
    drafting_queries,
    queries,
    table_actions,
    table_queries,
    words,
)
from torogoz.topics.consultation.forms import DeedForm
from torogoz.topics.consultation.shown import (
    REFRESH_SECONDS,
    contribution_shown,
    lineage_shown,
    log_shown,
    minutes_left,
)
from torogoz.topics.consultation.table_forms import (
    AdoptForm,
    CaptureForm,
    DutyForm,
    JudgeForm,
    MergeForm,
    PromptForm,
    RewordForm,
    SplitForm,
    TableForm,
    ThemeForm,
)
from torogoz.topics.consultation.working import Deed, Work, by_key, seen, stands


@require_http_methods(["GET", "POST"])
def tables(request: HttpRequest, key: UUID) -> HttpResponse:
    """Themes and tables, and who was named for each."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not here.convenes:
        return not_found(request, verb=Verb.CONVENE, what="table", subject=key, now=now)
    process = here.process
    themes = list(process.themes.order_by("position", "pk"))
    found = table_queries.tables_of(process)
    by_theme, by_event = by_key(themes), by_key(queries.events_of(process))
    duties = [duty for table in found for duty in table_queries.duties_of(table)]
    deeds = {
        "theme": Deed(
            partial(ThemeForm, themes=themes),
            lambda form, _row: table_actions.add_theme(
                by=officer,
                process=process,
                code=form.cleaned_data["code"],
                name_es=form.cleaned_data["name_es"],
                name_en=form.cleaned_data["name_en"],
                parent=by_theme.get(form.cleaned_data["parent"]),
                now=now,
            ),
            _("Se guardó el tema."),
        ),
        "table": Deed(
            partial(TableForm, themes=themes, events=list(by_event.values())),
            lambda form, _row: table_actions.add_table(
                by=officer,
                process=process,
                theme=by_theme[form.cleaned_data["theme"]],
                event=by_event.get(form.cleaned_data["event"]),
                name_es=form.cleaned_data["name_es"],
                name_en=form.cleaned_data["name_en"],
                now=now,
            ),
            _("Se guardó la mesa. Diga quién la facilita y quién relata."),
        ),
        "duty": Deed(
            DutyForm,
            lambda form, table: table_actions.name_for_table(
                by=officer,
                table=table,
                username=form.cleaned_data["username"],
                duty=Duty(form.cleaned_data["duty"]),
                now=now,
            ),
            _("Se guardó. Desde ahora ve la mesa al entrar."),
            by_key(found),
        ),
        "end": Deed(
            DeedForm,
            lambda _form, duty: table_actions.end_duty(by=officer, duty=duty, now=now),
            _("Ya no trabaja en la mesa. Lo que escribió se conserva."),
            by_key(duties),
        ),
    }
    work = Work(request, deeds)
    if work.missing:
        return not_found(request, verb=Verb.CONVENE, what="table", subject=key, now=now)
    if work.done:
        return redirect("consultation:tables", key=key)
    seen(request, here, now)
    more = process.state in TAKES_MORE or work.bound
    page = {
        "process": process,
        "themes": themes,
        "tables": [
            {
                "table": table,
                "state": words.TABLE_STATES[table.state],
                "form": work.form("duty", table),
                "duties": [
                    {"duty": duty, "word": words.DUTIES[duty.duty], "form": work.form("end", duty)}
                    for duty in duties
                    if duty.table_id == table.pk
                ],
            }
            for table in found
        ],
        "theme": work.form("theme") if more else None,
        "new": work.form("table") if themes and more else None,
        "wrong": list(work.bound.values()),
    }
    return render(request, "consultation/tables.html", page, status=work.status)


@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, key: UUID) -> HttpResponse:
    """The screen of who leads a table and of who writes there: the prompt, its time, quick capture, what was said."""
    now, officer = timezone.now(), officer_of(request)
    found = table_queries.table_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.VIEW, what="table", subject=key, now=now)
    here, duties = found
    invitations = queries.convened(here.process)
    prompts = list(here.prompts.order_by("position", "pk"))
    work = Work(request, _table_deeds(here, duties, officer, now, invitations, prompts))
    if work.missing:
        return not_found(request, verb=Verb.EDIT, what="table", subject=key, now=now)
    if work.done:
        return redirect("consultation:table", key=key)
    page = {
        "table": here,
        "process": here.process,
        "leads": Duty.FACILITATOR in duties,
        "state": words.TABLE_STATES[here.state],
        "prompts": [{"prompt": one, "ask": work.form("ask", one, version=here.version)} for one in prompts],
        "left": minutes_left(here, now),
        "capture": work.form("capture", None),
        "opened": work.form("open", None, version=here.version),
        "closed": work.form("close", None, version=here.version),
        "share": work.form("share", None, version=here.version),
        "unshare": work.form("unshare", None, version=here.version),
        "prompt_form": work.form("prompt", None),
        "said": [contribution_shown(one) for one in table_queries.said_at(here)],
        "wrong": list(work.bound.values()),
    }
    return render(request, "consultation/table.html", page, status=work.status)


def _table_deeds(
    here: Any, duties: frozenset[Duty], officer: Any, now: Any, invitations: list[Any], prompts: list[Any]
) -> dict[str, Deed]:
    is_open, at_work = here.state == TableState.OPEN, here.process.state == ProcessState.AT_WORK
    bodies = by_key(invitations)
    deeds: dict[str, Deed] = {}
    if at_work:
        deeds["capture"] = Deed(
            partial(CaptureForm, invitations=invitations),
            lambda form, _row: table_actions.capture(
                by=officer,
                table=here,
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                invitation=bodies.get(form.cleaned_data["invitation"]),
                sheet=form.cleaned_data["sheet"],
                from_paper=form.cleaned_data["from_paper"],
                now=now,
                token=form.cleaned_data["token"],
            ),
            _("Se guardó el aporte. Entregue el código de su recibo a quien lo hizo."),
        )
    if Duty.FACILITATOR not in duties:
        return deeds
    if at_work and not is_open:
        deeds["open"] = _deed(table_actions.open_table, officer, here, now, _("La mesa está abierta."), opened=True)
    if is_open:
        deeds["close"] = _deed(table_actions.open_table, officer, here, now, _("La mesa está cerrada."), opened=False)
    if is_open and at_work:
        deeds["ask"] = Deed(
            DeedForm,
            lambda form, row: table_actions.ask(by=officer, table=here, prompt=row, version=form.at, now=now),
            _("La pregunta está en la pantalla y corre el tiempo."),
            by_key(prompts),
            stands=partial(stands, here),
        )
        if here.screen is None:
            deeds["share"] = _deed(
                table_actions.share_screen, officer, here, now, _("La pantalla tiene su enlace."), shared=True
            )
        else:
            deeds["unshare"] = _deed(
                table_actions.share_screen, officer, here, now, _("El enlace de la pantalla terminó."), shared=False
            )
    if here.process.state not in (ProcessState.CLOSED, ProcessState.ADOPTED):
        deeds["prompt"] = Deed(
            PromptForm,
            lambda form, _row: table_actions.add_prompt(
                by=officer,
                table=here,
                text_es=form.cleaned_data["text_es"],
                text_en=form.cleaned_data["text_en"],
                minutes=form.cleaned_data["minutes"],
                now=now,
            ),
            _("Se guardó la pregunta."),
        )
    return deeds


def _deed(action: Any, officer: Any, here: Any, now: Any, said: str, **how: bool) -> Deed:
    """A button of the facilitator."""
    return Deed(
        DeedForm,
        lambda form, _row: action(by=officer, table=here, version=form.at, now=now, **how),
        said,
        stands=partial(stands, here),
    )


@require_GET
def table_screen(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is projected: the prompt in large letters, until when, and what was captured last. No controls."""
    now, officer = timezone.now(), officer_of(request)
    found = table_queries.table_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.VIEW, what="table", subject=key, now=now)
    here, _duties = found
    said = [one for one in table_queries.said_at(here) if one.state in LIVE][:6]
    page = {"table": here, "left": minutes_left(here, now), "said": said, "every": REFRESH_SECONDS}
    return render(request, "consultation/screen.html", page)


@require_GET
def contributions(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything that was said in a consultation, for its secretariat; of one state, if asked."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not here.convenes:
        return not_found(request, verb=Verb.CONVENE, what="contribution", subject=key, now=now)
    asked = request.GET.get("state", "")
    state = asked if asked in list(ContributionState) else ""
    seen(request, here, now)
    page = {
        "process": here.process,
        "rows": [contribution_shown(one) for one in table_queries.contributions_of(here.process, state)],
        "states": [
            {"code": one, "word": words.CONTRIBUTION_STATES[one], "count": count, "current": one == state}
            for one, count in table_queries.counts(here.process).items()
        ],
        "asked": state,
    }
    return render(request, "consultation/contributions.html", page)


@require_http_methods(["GET", "POST"])
def contribution(request: HttpRequest, key: UUID) -> HttpResponse:
    """One contribution: its words, its log, what it became, and what may be made of it."""
    now, officer = timezone.now(), officer_of(request)
    found = table_queries.contribution_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.VIEW, what="contribution", subject=key, now=now)
    here, convenes = found
    others = table_queries.mergeable(here, everywhere=convenes)
    drafts = drafting_queries.drafts_of(here.process)
    work = Work(request, _contribution_deeds(here, convenes, officer, now, others, drafts))
    if work.missing:
        return not_found(request, verb=Verb.EDIT, what="contribution", subject=key, now=now)
    if work.done:
        return redirect("consultation:contribution", key=key)
    page = {
        **contribution_shown(here),
        "process": here.process,
        "convenes": convenes,
        "log": log_shown(here.log.select_related("by").order_by("at", "pk")),
        "became": lineage_shown(here, queries.lineage_of(here)),
        "came_from": list(here.came_from.select_related("source").order_by("pk")),
        "forms": [
            (name, title, work.form(name, None, version=here.version, text=here.text, language=here.language))
            for name, title in (
                ("judge", _("Decir qué se hace con él")),
                ("adopt", _("Recogerlo en un texto")),
                ("merge", _("Unirlo con otros")),
                ("split", _("Dividirlo")),
                ("reword", _("Decirlo con otras palabras")),
            )
            if name in work.deeds
        ],
        "bound": {name for name, _row in work.bound},
        "wrong": list(work.bound.values()),
    }
    return render(request, "consultation/contribution.html", page, status=work.status)


def _contribution_deeds(
    here: Any, convenes: bool, officer: Any, now: Any, others: list[Any], drafts: list[Any]
) -> dict[str, Deed]:
    by_other, by_draft = by_key(others), by_key(drafts)
    deeds: dict[str, Deed] = {}
    live = here.state in LIVE
    judged = live or here.state in (ContributionState.SET_ASIDE, ContributionState.NOT_ADOPTED)
    if convenes and judged:
        deeds["judge"] = Deed(
            JudgeForm,
            lambda form, _row: contribution_actions.judge(
                by=officer,
                contribution=here,
                said=ContributionState(form.cleaned_data["said"]),
                ground=Ground(form.cleaned_data["ground"]) if form.cleaned_data["ground"] else None,
                reason_es=form.cleaned_data["reason_es"],
                reason_en=form.cleaned_data["reason_en"],
                version=form.at,
                now=now,
            ),
            _("Se guardó, con su razón, en el registro de este aporte."),
            stands=partial(stands, here),
        )
    if convenes and drafts and (live or here.state == ContributionState.ADOPTED):
        deeds["adopt"] = Deed(
            partial(AdoptForm, drafts=drafts),
            lambda form, _row: contribution_actions.adopt_in(
                by=officer, contribution=here, draft=by_draft[form.cleaned_data["draft"]], now=now
            ),
            _("Se guardó. Quien tiene el recibo verá en cuál texto se recogió."),
        )
    if live and others:
        deeds["merge"] = Deed(
            partial(MergeForm, others=others),
            lambda form, _row: contribution_actions.merge(
                by=officer,
                contributions=[here, *(by_other[key] for key in form.cleaned_data["others"])],
                text=form.cleaned_data["text"],
                language=here.language,
                now=now,
            ),
            _("Se unieron. Cada uno se conserva y lleva al que resultó."),
        )
    if live:
        deeds["split"] = Deed(
            SplitForm,
            lambda form, _row: contribution_actions.split(
                by=officer,
                contribution=here,
                texts=[form.cleaned_data[name] for name in ("part_1", "part_2", "part_3")],
                now=now,
            ),
            _("Se dividió. Cada parte tiene su propio recibo."),
        )
        deeds["reword"] = Deed(
            RewordForm,
            lambda form, _row: contribution_actions.reword(
                by=officer,
                contribution=here,
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                now=now,
            ),
            _("Se guardó con las otras palabras. Las primeras se conservan."),
        )
    return deeds
