"""A follow-up: asked on a page at the beginning, at six and at twelve months; and what came out of it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.reintegration import Moment, PlanRefused
from torogoz.domain.sections import REINTEGRATION
from torogoz.exchange.writers import csv_text
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns import follow_up_actions, follow_up_queries, follow_up_words, plan_queries, words
from torogoz.topics.returns.follow_up_forms import FollowUpForm
from torogoz.topics.returns.follow_up_queries import FollowUp
from torogoz.topics.returns.plan_queries import PlanSeen
from torogoz.topics.returns.plan_words import MOMENTS

FOLLOW_UP = "follow_up"


@require_http_methods(["GET", "POST"])
def follow_up(request: HttpRequest, key: UUID, moment: Moment) -> HttpResponse:
    """Ask the questions of one moment; once they were answered, show what came out, which stays as it is."""
    now, officer = timezone.now(), officer_of(request)
    today = timezone.localdate(now)
    seen = plan_queries.plan_seen_by(officer, key, now)
    one = next(each for each in follow_up_queries.follow_ups_of(seen) if each.moment is moment) if seen else None
    asks = seen is not None and one is not None and seen.may_write and one.may_be_made(today)
    if seen is None or one is None or not (one.made or asks):
        return not_found(request, verb=Verb.VIEW, what=FOLLOW_UP, subject=key, now=now, section=REINTEGRATION)
    _disclosed(request, seen, now)
    if one.made is not None:
        if request.method == "POST":
            messages.error(request, PlanRefused("", "assessed").explain(language()))
            return redirect("returns:follow_up", key=key, moment=moment)
        return render(request, "returns/follow_up_made.html", _page(seen, one))
    instrument = follow_up_queries.instrument_to_ask(seen.plan)
    form = FollowUpForm(request.POST if request.method == "POST" else None, instrument=instrument)
    if form.is_valid():
        try:
            follow_up_actions.assess(by=officer, plan=seen.plan, moment=moment, answers=form.answers, now=now)
        except PlanRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardaron las respuestas. Ya no cambian."))
            return redirect("returns:follow_up", key=key, moment=moment)
    page = _page(seen, one) | {"form": form, "notice": follow_up_words.notice(instrument), "instrument": instrument}
    page["asked"] = instrument.words.label(language())
    return render(request, "returns/follow_up.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_GET
def scores(request: HttpRequest) -> HttpResponse:
    """The scores that the officer may take out, as CSV without names; of each person it is recorded that they were."""
    now, officer = timezone.now(), officer_of(request)
    decision = follow_up_queries.may_export_scores(officer, now)
    if decision is None:
        return not_found(request, verb=Verb.EXPORT, what=FOLLOW_UP, subject="scores", now=now, section=REINTEGRATION)
    found = follow_up_queries.scores_exported(officer, now, language())
    disclosed(
        request,
        verb=Verb.EXPORT,
        what=FOLLOW_UP,
        subjects=found.subjects,
        decision=decision,
        now=now,
        sections=[REINTEGRATION],
        channel="export",
    )
    content = b"\xef\xbb\xbf" + b"".join(csv_text.pieces(found.frame))
    # The name of the file says nothing of anybody: it stays in the downloads of a shared computer.
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="scores-{timezone.localtime(now):%Y%m%d-%H%M}.csv"'},
    )


def _page(seen: PlanSeen, one: FollowUp) -> dict[str, object]:
    instrument = one.instrument
    return {
        "plan": seen.plan,
        "person": seen.person,
        "name": words.full_name(seen.person),
        "one": one,
        "word": MOMENTS[one.moment],
        "since": MOMENTS[one.since] if one.since else "",
        "instrument": instrument,
        "asked": instrument.words.label(language()) if instrument else "",
        "notice": follow_up_words.notice(instrument) if instrument else "",
        "least": round(100 * float(instrument.least_answered)) if instrument else None,
        "lines": follow_up_words.lines(one),
        "band": follow_up_words.rows([one], one.window.due)[0]["band"],
        "answers": follow_up_words.answers(one),
    }


def _disclosed(request: HttpRequest, seen: PlanSeen, now: datetime) -> None:
    disclosed(
        request,
        verb=Verb.VIEW,
        what=FOLLOW_UP,
        subjects=[seen.person.key, seen.plan.key],
        decision=seen.decision,
        now=now,
        sections=[REINTEGRATION],
    )
