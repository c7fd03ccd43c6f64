"""The screens of an institution's measures, and of the series that the secretariat binds commitments to."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.commitments import FollowUpRefused
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.queries import institutions_by_code
from torogoz.shared.provisions.queries import provision_called
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.commitments import (
    follow_up_parts,
    measure_actions,
    measure_queries,
    public_queries,
    reading_actions,
)
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.answering import Screen, answered, stepped
from torogoz.topics.commitments.duty_forms import BindForm, ReasonForm
from torogoz.topics.commitments.follow_up_models import Measure
from torogoz.topics.commitments.follow_up_pages import called
from torogoz.topics.commitments.measure_forms import MeasureForm, MilestoneForm, MoneyForm
from torogoz.topics.commitments.measure_history_queries import changes_between, content_of
from torogoz.topics.commitments.measure_words import labelled
from torogoz.topics.commitments.reading_queries import binding_called, bindings_in_force

READ: Final = "torogoz.commitments.measure_as_read"


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """The measures of the own institution, drafts too."""
    now, officer = timezone.now(), officer_of(request)
    if not rights.reports_for(officer, now):
        return not_found(request, verb=Verb.REPORT, what="measure", subject="", now=now)
    return render(request, "commitments/measures.html", {"measures": measure_queries.measures_seen_by(officer, now)})


@require_http_methods(["GET", "POST"])
def measure_new(request: HttpRequest) -> HttpResponse:
    """Write a measure."""
    now, officer = timezone.now(), officer_of(request)
    leads = rights.reports_for(officer, now)
    if not leads:
        return not_found(request, verb=Verb.REPORT, what="measure", subject="", now=now)
    initial = {"commitments": request.GET.get("for", ""), "lead": leads[0]}
    form = MeasureForm(request.POST if request.method == "POST" else None, leads=leads, initial=initial)

    def act() -> str:
        lead = institutions_by_code()[form.cleaned_data["lead"]]
        made = measure_actions.draft_measure(by=officer, lead=lead, said=form.said, now=now)
        return reverse("commitments:measure", args=[made.key])

    screen = Screen(_("Medida nueva"), _("Guardar el borrador"), reverse("commitments:measures"))
    return answered(request, form, screen, act, done=_("Se guardó el borrador; nadie más lo ve. Agregue sus hitos."))


@require_safe
def measure(request: HttpRequest, key: UUID) -> HttpResponse:
    """One measure, with its milestones and its money: of the own institution; offered, for the secretariat."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.measure_seen_by(officer, key, now)
    offered = measure_queries.offered_measure_seen_by(officer, key, now) if found is None else None
    if offered is not None:
        return render(request, "commitments/measure_offered.html", _offered(offered, now))
    if found is None:
        return not_found(request, verb=Verb.REPORT, what="measure", subject=key, now=now)
    return render(request, "commitments/measure.html", {"measure": found})


@require_http_methods(["GET", "POST"])
def measure_change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say something else of a measure."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.measure_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.REPORT, what="measure", subject=key, now=now)
    form = MeasureForm(request.POST if request.method == "POST" else None, leads=(found.lead.code,), measure=found)
    back = reverse("commitments:measure", args=[key])

    def act() -> str:
        expected = form.cleaned_data["expected"] or 0
        measure_actions.change_measure(
            by=officer, measure=found, said=form.said, expected=expected, now=now, why=_why(form)
        )
        return back

    screen = Screen(localised(found, "name"), _("Guardar los cambios"), back)
    return answered(request, form, screen, act, done=_("Se guardó."))


@require_POST
def measure_offer(request: HttpRequest, key: UUID) -> HttpResponse:
    """Offer a measure to the secretariat for publication."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.measure_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.REPORT, what="measure", subject=key, now=now)
    back = reverse("commitments:measure", args=[key])

    def act() -> str:
        measure_actions.offer_measure(by=officer, measure=found, now=now)
        return back

    return stepped(request, act, done=_("Se ofreció; la secretaría la publica."), back=back, language=language())


@require_POST
def measure_publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish a measure that was offered, as it was read; if it says something else by now, show what."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.offered_measure_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.CONVENE, what="measure", subject=key, now=now)
    read = _unsealed(request.POST.get("read", ""))
    try:
        measure_actions.publish_measure(by=officer, measure=found, read=read, now=now)
    except FollowUpRefused as why:
        there = measure_queries.offered_measure_seen_by(officer, key, now)
        if there is None:
            return not_found(request, verb=Verb.CONVENE, what="measure", subject=key, now=now)
        changes = () if read is None else labelled(changes_between(read, content_of(there)))
        context = {**_offered(there, now), "refused": why.explain(language()), "changes": changes}
        return render(request, "commitments/measure_offered.html", context, status=409)
    messages.success(request, _("Se publicó la medida."))
    return redirect("commitments:publishing")


@require_http_methods(["GET", "POST"])
def measure_send_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send back to its institution a measure that was offered, saying why."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.offered_measure_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.CONVENE, what="measure", subject=key, now=now)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        measure_actions.send_back_measure(by=officer, measure=found, reason=form.cleaned_data["reason"], now=now)
        return reverse("commitments:publishing")

    back = reverse("commitments:measure", args=[key])
    screen = Screen(_("Devolver la medida"), _("Devolver la medida"), back, localised(found, "name"))
    return answered(request, form, screen, act, done=_("Se devolvió, con su motivo."))


@require_http_methods(["GET", "POST"])
def milestone_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add a milestone."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.measure_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.REPORT, what="measure", subject=key, now=now)
    form = MilestoneForm(request.POST if request.method == "POST" else None, public=_public(found))
    back = reverse("commitments:measure", args=[key])

    def act() -> str:
        measure_actions.add_milestone(by=officer, measure=found, said=form.said, now=now, why=_why(form))
        return back

    screen = Screen(_("Hito nuevo"), _("Guardar el hito"), back, localised(found, "name"))
    return answered(request, form, screen, act, done=_("Se guardó el hito."))


@require_http_methods(["GET", "POST"])
def milestone(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say how a milestone stands."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.milestone_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.REPORT, what="milestone", subject=key, now=now)
    form = MilestoneForm(
        request.POST if request.method == "POST" else None, public=_public(found.measure), milestone=found
    )
    back = reverse("commitments:measure", args=[found.measure.key])

    def act() -> str:
        expected = form.cleaned_data["expected"] or 0
        measure_actions.change_milestone(
            by=officer, milestone=found, said=form.said, expected=expected, now=now, why=_why(form)
        )
        return back

    screen = Screen(localised(found, "name"), _("Guardar el hito"), back, localised(found.measure, "name"))
    return answered(request, form, screen, act, done=_("Se guardó el hito."))


@require_http_methods(["GET", "POST"])
def money_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add the money of a year from one source."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.measure_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.REPORT, what="measure", subject=key, now=now)
    form = MoneyForm(request.POST if request.method == "POST" else None, public=_public(found))
    back = reverse("commitments:measure", args=[key])

    def act() -> str:
        measure_actions.write_money(by=officer, measure=found, said=form.said, now=now, why=_why(form))
        return back

    screen = Screen(_("Dinero de un año"), _("Guardar los montos"), back, localised(found, "name"))
    return answered(request, form, screen, act, done=_("Se guardaron los montos."))


@require_http_methods(["GET", "POST"])
def money(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what the money of a year is now."""
    now, officer = timezone.now(), officer_of(request)
    found = measure_queries.money_seen_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.REPORT, what="budget_line", subject=key, now=now)
    form = MoneyForm(request.POST if request.method == "POST" else None, public=_public(found.measure), line=found)
    back = reverse("commitments:measure", args=[found.measure.key])

    def act() -> str:
        expected = form.cleaned_data["expected"] or 0
        measure_actions.write_money(
            by=officer, measure=found.measure, said=form.said, now=now, line=found, expected=expected, why=_why(form)
        )
        return back

    screen = Screen(_("Dinero de un año"), _("Guardar los montos"), back, localised(found.measure, "name"))
    return answered(request, form, screen, act, done=_("Se guardaron los montos."))


def _offered(found: Measure, now: datetime) -> dict[str, Any]:
    """An offered measure for the secretariat; what it says is sealed into the page, so that no other is published."""
    return {
        "measure": follow_up_parts.measure(public_queries.measure_line(found, now)),
        "offered": found,
        "form": ReasonForm(),
        "read": signing.dumps(content_of(found), salt=READ, compress=True),
    }


def _unsealed(read: str) -> dict[str, Any] | None:
    """What the page that was sent said of the measure; None if it did not say it, or not as we wrote it."""
    try:
        said: dict[str, Any] = signing.loads(read, salt=READ)
    except signing.BadSignature:
        return None
    return said


def _public(found: Measure) -> bool:
    """Whether anybody reads it, so that a correction owes a reason."""
    return found.published_at is not None


def _why(form: MeasureForm | MilestoneForm | MoneyForm) -> str:
    """Why what is public is corrected; empty of a draft, of which it is not asked."""
    return str(form.cleaned_data.get("why", ""))


@require_http_methods(["GET", "POST"])
def bind(request: HttpRequest, key: UUID) -> HttpResponse:
    """Bind a commitment to a series; the bindings in force are shown, each to be ended."""
    now, officer = timezone.now(), officer_of(request)
    found = provision_called(key)
    if found is None or not rights.to_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="binding", subject=key, now=now)
    form = BindForm(request.POST if request.method == "POST" else None)
    back = reverse("commitments:provision", args=[key])

    def act() -> str:
        reading_actions.bind(by=officer, provision=found, now=now, **form.said)
        reading_actions.freeze_readings(now=now)
        return back

    more = {"bindings": bindings_in_force().filter(provision=found)}
    screen = Screen(_("Atar a una serie"), _("Atar a esta serie"), back, called(found), more)
    return answered(request, form, screen, act, done=_("El compromiso quedó atado a la serie."))


@require_POST
def unbind(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a binding; its readings stay."""
    now, officer = timezone.now(), officer_of(request)
    found = binding_called(key)
    if found is None or not rights.to_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="binding", subject=key, now=now)
    back = reverse("commitments:bind", args=[found.provision.key])

    def act() -> str:
        reading_actions.end_binding(by=officer, binding=found, now=now)
        return back

    return stepped(request, act, done=_("Terminó; sus lecturas se conservan."), back=back, language=language())
