"""The one screen where an institution reports, the report on its way, and what the secretariat publishes."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.commitments import MOVES, ReportState, ReportStep
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.templatetags.ui import language
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import duty_queries, report_actions
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.answering import Screen, answered, stepped
from torogoz.topics.commitments.duty_forms import ReasonForm
from torogoz.topics.commitments.follow_up_pages import called, shown
from torogoz.topics.commitments.follow_up_parts import of_provision
from torogoz.topics.commitments.follow_up_words import REPORT_STATES, STEPS
from torogoz.topics.commitments.measure_queries import offered_measures
from torogoz.topics.commitments.report_forms import ReportForm
from torogoz.topics.commitments.report_models import ProgressReport

OWN: Final = (ReportStep.SUBMIT, ReportStep.APPROVE, ReportStep.TAKE_BACK)
ACTS: Final[dict[ReportStep, Callable[..., ProgressReport]]] = {
    ReportStep.SUBMIT: report_actions.submit,
    ReportStep.APPROVE: report_actions.approve,
    ReportStep.TAKE_BACK: report_actions.take_back,
    ReportStep.PUBLISH: report_actions.publish,
    ReportStep.SEND_BACK: report_actions.send_back,
}


@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest, key: UUID) -> HttpResponse:
    """Report on a commitment: the last report filled in, what the figures say beside it. It is kept as a draft."""
    now, officer = timezone.now(), officer_of(request)
    seen = duty_queries.duty_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.REPORT, what="duty", subject=key, now=now)
    on_its_way = seen.report if seen.report and seen.report.state != ReportState.PUBLISHED else None
    before = duty_queries.last_published(seen.duty.provision, seen.duty.institution)
    form = ReportForm(request.POST if request.method == "POST" else None, report=on_its_way, before=before)

    def act() -> str:
        expected = form.cleaned_data["expected"] or 0
        report = report_actions.write_report(by=officer, duty=seen.duty, said=form.said, expected=expected, now=now)
        return reverse("commitments:report", args=[report.key])

    may_write = on_its_way is None or on_its_way.state == ReportState.DRAFT
    more = {
        "seen": seen,
        "report": on_its_way,
        "before": before,
        "may_write": may_write and seen.duty.ended_at is None,
        "part": of_provision(seen.duty.provision, None, now),
    }
    screen = Screen(
        _("Informar sobre un compromiso"),
        _("Guardar el borrador"),
        reverse("commitments:my_duties"),
        called(seen.duty.provision),
        more,
        "commitments/duty.html",
    )
    return answered(request, form, screen, act, done=_("Se guardó el borrador. Revíselo y envíelo."))


@require_safe
def report(request: HttpRequest, key: UUID) -> HttpResponse:
    """A report on its way, for its institution, and for the secretariat once it is approved."""
    now, officer = timezone.now(), officer_of(request)
    found = duty_queries.report_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.REPORT, what="report", subject=key, now=now)
    own = found.duty.institution.code in rights.reports_for(officer, now)
    secretariat = bool(rights.to_convene(officer, now))
    return render(request, "commitments/report.html", _shown(found, own=own, secretariat=secretariat))


@require_POST
def report_step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """One step of a report, by whom it belongs to."""
    now, officer = timezone.now(), officer_of(request)
    found = duty_queries.report_seen_by(officer, key, now)
    if found is None or step not in list(ReportStep):
        return not_found(request, verb=Verb.REPORT, what="report", subject=key, now=now)
    way = ReportStep(step)
    own = found.duty.institution.code in rights.reports_for(officer, now)
    secretariat = bool(rights.to_convene(officer, now))
    if not (own if way in OWN else secretariat):
        return not_found(request, verb=Verb.REPORT, what="report", subject=key, now=now)
    here = reverse("commitments:report", args=[key])
    expected = int(request.POST.get("expected", "0")) if request.POST.get("expected", "0").isdecimal() else 0
    if way not in (ReportStep.TAKE_BACK, ReportStep.SEND_BACK):

        def go() -> str:
            ACTS[way](by=officer, report=found, expected=expected, now=now)
            return here if own else reverse("commitments:publishing")

        return stepped(request, go, done=_("Quedó hecho."), back=here, language=language())
    form = ReasonForm(request.POST)

    def act() -> str:
        ACTS[way](by=officer, report=found, reason=form.cleaned_data["reason"], expected=expected, now=now)
        return here if own else reverse("commitments:publishing")

    screen = Screen(_("Devolver el informe"), _("Devolver el informe"), here, called(found.duty.provision))
    return answered(request, form, screen, act, done=_("Se devolvió, con su motivo."))


@require_safe
def publishing(request: HttpRequest) -> HttpResponse:
    """What institutions approved or offered, and nobody published yet."""
    now, officer = timezone.now(), officer_of(request)
    if not rights.to_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="report", subject="", now=now)
    rows = [(each, called(each.duty.provision)) for each in duty_queries.waiting_for_publication()]
    return render(request, "commitments/publishing.html", {"reports": rows, "measures": offered_measures()})


def _shown(found: ProgressReport, *, own: bool, secretariat: bool) -> dict[str, Any]:
    state = ReportState(found.state)
    steps = [step for step in ReportStep if (state, step) in MOVES and (own if step in OWN else secretariat)]
    return {
        "report": found,
        "called": called(found.duty.provision),
        "state": str(REPORT_STATES[state]),
        "status": shown(Status(found.status)) if found.status else None,
        "steps": {step.value: True for step in steps},
        "own": own,
        "form": ReasonForm(initial={"expected": found.version}),
        "events": [
            (each, str(STEPS[each.step])) for each in found.events.select_related("by", "institution").order_by("pk")
        ],
    }
