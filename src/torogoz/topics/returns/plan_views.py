"""Reintegration plans: opened and changed, agreed with the person, their actions, the list of what waits."""

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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.reintegration import Agreed, Closed, Outcome, PlanRefused
from torogoz.domain.sections import REINTEGRATION
from torogoz.shared.attachments.queries import attachments_seen_by
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import may, officer_of, posted_at
from torogoz.shared.institutions.models import Officer
from torogoz.shared.papers.actions import issue
from torogoz.shared.people.queries import encounters_seen_by, person_seen_by, subject_of
from torogoz.shared.ui.forms import Questions
from torogoz.topics.returns import (
    follow_up_queries,
    follow_up_words,
    plan_actions,
    plan_papers,
    plan_queries,
    queries,
    words,
)
from torogoz.topics.returns.plan_forms import ActionForm, AgreeForm, CloseForm, ContentForm, EndForm
from torogoz.topics.returns.plan_queries import ActionSeen, PlanSeen, VersionSeen
from torogoz.topics.returns.plan_words import AGREED, BADGES, CLOSED, LEVELS, MOMENTS, NEEDS, OUTCOMES

PLAN = "plan"
LANGUAGES = ("es", "en")
REFUSED = 422


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """What waits: actions without an outcome, the first due first, and the open plans within the officer's reach."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.works_with(officer, REINTEGRATION, now):
        return not_found(request, verb=Verb.LIST, what=PLAN, subject="index", now=now, section=REINTEGRATION)
    today = timezone.localdate(now)
    found = plan_queries.open_plans(officer, now)
    waiting = plan_queries.waiting_actions(found, today)
    if found:
        disclosed(
            request,
            verb=Verb.LIST,
            what=PLAN,
            subjects=[key for plan in found for key in (plan.encounter.person.key, plan.key)],
            decision=may(officer, Verb.LIST, subject_of(found[0].encounter.person), REINTEGRATION, now),
            now=now,
            sections=[REINTEGRATION],
            channel="list",
        )
    page = {
        "late": [_row(one) for one in waiting if one.seen.late],
        "coming": [_row(one) for one in waiting if not one.seen.late],
        "due": [
            {**vars(one), "name": words.full_name(one.person), "word": MOMENTS[one.moment]}
            for one in follow_up_queries.due_of(found, today)
        ],
        "may_export": follow_up_queries.may_export_scores(officer, now) is not None,
        "plans": [{"plan": plan, "name": words.full_name(plan.encounter.person)} for plan in found],
    }
    return render(request, "returns/plans.html", page)


@require_http_methods(["GET", "POST"])
def plan_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open the plan of a person's return at the own office, or else of the newest."""
    now, officer = timezone.now(), officer_of(request)
    known = person_seen_by(officer, key, now)
    encounter = queries.where_to_write(officer, encounters_seen_by(officer, known, now), now) if known else None
    decision = plan_queries.may_open_plan(officer, encounter, now) if encounter else None
    if known is None or encounter is None or not decision:
        return not_found(request, verb=Verb.CREATE, what=PLAN, subject=key, now=now, section=REINTEGRATION)
    if held := plan_queries.plans_of(officer, [encounter], now).get(encounter.pk):
        return redirect("returns:plan", key=held.key)
    form = ContentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = plan_actions.open_plan(by=officer, encounter=encounter, content=form.content, now=now)
        except PlanRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó. Imprima la hoja, léanla juntos y anote el acuerdo."))
            return redirect("returns:plan", key=made.key)
    disclosed(request, verb=Verb.VIEW, what="person", subjects=[key], decision=decision, now=now)
    page = {"person": known, "name": words.full_name(known), "form": form}
    return render(request, "returns/plan_form.html", page, status=REFUSED if form.is_bound else 200)


@require_GET
def plan(request: HttpRequest, key: UUID) -> HttpResponse:
    """One plan: needs, goals, what was agreed, actions, what it said before."""
    now, officer = timezone.now(), officer_of(request)
    seen = plan_queries.plan_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.VIEW, what=PLAN, subject=key, now=now, section=REINTEGRATION)
    return _shown(request, seen, now)


@require_http_methods(["GET", "POST"])
def plan_change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write the next version. When another was stored meanwhile, it is shown, and nothing that was typed is lost."""
    now, officer = timezone.now(), officer_of(request)
    seen = plan_queries.plan_seen_by(officer, key, now)
    if seen is None or not seen.may_write or seen.last.content is None:
        return not_found(request, verb=Verb.EDIT, what=PLAN, subject=key, now=now, section=REINTEGRATION)
    stale = False
    if request.method == "POST":
        form = ContentForm(request.POST)
        if form.is_valid():
            expected = form.cleaned_data["expected"] or 0
            try:
                plan_actions.change_plan(by=officer, plan=seen.plan, content=form.content, expected=expected, now=now)
            except PlanRefused as why:
                form.refuse(why)
            except plan_actions.StaleVersion as other:
                renewed = request.POST.copy()
                renewed["expected"] = str(other.stored.number)
                form, stale = ContentForm(renewed), True
            else:
                messages.success(request, _("Se guardó otra versión. Falta acordarla con la persona."))
                return redirect("returns:plan", key=key)
    else:
        form = ContentForm(content=seen.last.content, initial={"expected": seen.last.version.number})
    _disclosed(request, seen, now)
    page = {"person": seen.person, "name": words.full_name(seen.person), "form": form, "plan": seen.plan}
    if stale:
        page["stored"] = _version(seen.last)
    return render(request, "returns/plan_form.html", page, status=409 if stale else REFUSED if form.is_bound else 200)


@require_POST
def plan_agree(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record that the person agreed."""
    form = AgreeForm(request.POST)

    def store(officer: Officer, seen: PlanSeen, now: datetime) -> None:
        kept = form.cleaned_data
        plan_actions.agree(
            by=officer,
            plan=seen.plan,
            number=kept["number"],
            how=form.chosen,
            day=kept["day"],
            code=kept["code"],
            now=now,
        )

    return _taken(request, key, {"agree": form}, store)


@require_POST
def plan_action(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add an action."""
    form = _action_form(request.POST, timezone.now())

    def store(officer: Officer, seen: PlanSeen, now: datetime) -> None:
        kept = form.cleaned_data
        plan_actions.plan_action(
            by=officer,
            plan=seen.plan,
            what=kept["what"],
            who=kept["who"],
            institution=form.doer,
            due=kept["due"],
            now=now,
        )

    return _taken(request, key, {"action": form}, store)


@require_POST
def plan_action_end(request: HttpRequest, key: UUID, action: UUID) -> HttpResponse:
    """Say how an action ended."""
    form = EndForm(request.POST, auto_id=f"id_{action}_%s")

    def store(officer: Officer, seen: PlanSeen, now: datetime) -> None:
        held = next(one.action for one in seen.actions if one.action.key == action)
        kept = form.cleaned_data
        plan_actions.end_action(by=officer, action=held, outcome=Outcome(kept["outcome"]), day=kept["day"], now=now)

    return _taken(request, key, {"end": form}, store, action=action)


@require_POST
def plan_close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close a plan."""
    form = CloseForm(request.POST)

    def store(officer: Officer, seen: PlanSeen, now: datetime) -> None:
        plan_actions.close_plan(by=officer, plan=seen.plan, because=form.chosen, now=now)

    return _taken(request, key, {"close": form}, store)


@never_cache
@require_POST
def plan_paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """Print the plan, in the language of the button that was pressed."""
    now, officer = timezone.now(), officer_of(request)
    seen = plan_queries.plan_seen_by(officer, key, now)
    decision = plan_queries.may_print_plan(officer, seen, now) if seen else None
    wanted = request.POST.get("sheet_language", "")
    content = plan_papers.of_plan(seen, wanted if wanted in LANGUAGES else LANGUAGES[0]) if seen else None
    if seen is None or not decision or content is None:
        return not_found(request, verb=Verb.PRINT, what=PLAN, subject=key, now=now, section=REINTEGRATION)
    office = posted_at(officer, decision.institution, now, prefer=seen.plan.encounter.office)
    sheet = issue(by=officer, person=seen.person, office=office, content=content, decision=decision, now=now)
    # The name of the file says nothing of the person: it stays in the downloads of a shared computer.
    return HttpResponse(
        sheet,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="plan-{timezone.localtime(now):%Y%m%d-%H%M%S}.pdf"'},
    )


def _taken(
    request: HttpRequest,
    key: UUID,
    forms: dict[str, Questions],
    store: Callable[[Officer, PlanSeen, datetime], None],
    action: UUID | None = None,
) -> HttpResponse:
    """Do what one of the forms of the plan's page asks. What cannot be done is said beside it."""
    now, officer = timezone.now(), officer_of(request)
    seen = plan_queries.plan_seen_by(officer, key, now)
    known = seen is not None and (action is None or action in {one.action.key for one in seen.actions})
    if seen is None or not known or not plan_queries.owns(officer, seen, now):
        return not_found(request, verb=Verb.EDIT, what=PLAN, subject=key, now=now, section=REINTEGRATION)
    (form,) = forms.values()
    if form.is_valid():
        try:
            store(officer, seen, now)
        except PlanRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó."))
            return redirect("returns:plan", key=key)
    return _shown(request, seen, now, forms, action)


def _shown(
    request: HttpRequest,
    seen: PlanSeen,
    now: datetime,
    typed: dict[str, Questions] | None = None,
    action: UUID | None = None,
) -> HttpResponse:
    """The page of a plan, with what was typed in one of its forms and could not be stored."""
    _disclosed(request, seen, now)
    typed = typed or {}
    today = timezone.localdate(now)
    last = seen.last.version
    writes = seen.may_write
    page = {
        "plan": seen.plan,
        "person": seen.person,
        "name": words.full_name(seen.person),
        "last": _version(seen.last),
        "before": [_version(one) for one in seen.versions[1:]],
        "may_write": writes,
        "may_print": seen.last.content is not None
        and bool(plan_queries.may_print_plan(officer_of(request), seen, now)),
        "waiting": [
            _action(one, typed.get("end") if one.action.key == action else None, today)
            for one in seen.actions
            if one.waits
        ],
        "ended": [_action(one, None, today) for one in seen.actions if not one.waits],
        "sheets": [
            one
            for one in attachments_seen_by(officer_of(request), seen.plan.encounter, now)
            if one.attachment.code == REINTEGRATION
        ],
        "follow_ups": follow_up_words.rows(follow_up_queries.follow_ups_of(seen), today),
        "notice": follow_up_words.notice(follow_up_queries.instrument_to_ask(seen.plan)),
        "because": CLOSED[Closed(seen.plan.closed_because)] if seen.plan.closed_because else "",
        "wrong": list(typed.values()),
    }
    if writes:
        page["action_form"] = typed.get("action") or _action_form(None, now)
        page["close_form"] = typed.get("close") or CloseForm()
        if last.agreed_on is None:
            page["agree_form"] = typed.get("agree") or AgreeForm(initial={"number": last.number, "day": today})
    return render(request, "returns/plan.html", page, status=REFUSED if typed else 200)


def _action_form(data: Any, now: datetime) -> ActionForm:
    return ActionForm(data, doers=plan_queries.doers(timezone.localdate(now)))


def _version(seen: VersionSeen) -> dict[str, Any]:
    """A version in words."""
    version, content = seen.version, seen.content
    return {
        "version": version,
        "how": AGREED[Agreed(version.agreed_how)] if version.agreed_how else "",
        "shut": content is None,
        "needed": [
            {"need": NEEDS[need], "level": LEVELS[level], "badge": BADGES[level]}
            for need, level in content.needed.items()
        ]
        if content
        else [],
        "unknown": [NEEDS[need] for need in NEEDS if need not in content.needs] if content else [],
        "goals": content.goals if content else (),
        "note": content.note if content else "",
    }


def _action(seen: ActionSeen, typed: Questions | None, today: Any) -> dict[str, Any]:
    """An action in words, with the form of its end."""
    return {
        "seen": seen,
        "outcome": OUTCOMES[Outcome(seen.action.outcome)],
        "form": typed or EndForm(initial={"day": today}, auto_id=f"id_{seen.action.key}_%s"),
        "outcomes": [(one.value, OUTCOMES[one]) for one in Outcome if one is not Outcome.PLANNED],
    }


def _row(late: plan_queries.Late) -> dict[str, Any]:
    return {"seen": late.seen, "plan": late.plan, "name": words.full_name(late.person)}


def _disclosed(request: HttpRequest, seen: PlanSeen, now: datetime) -> None:
    disclosed(
        request,
        verb=Verb.VIEW,
        what=PLAN,
        subjects=[seen.person.key, seen.plan.key],
        decision=seen.decision,
        now=now,
        sections=[REINTEGRATION],
    )
