"""The screens of duties: the institution's own, and the secretariat's cycles and what waits to be published."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.commitments import duty_actions, duty_queries, succession_queries
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.answering import Screen, answered, stepped
from torogoz.topics.commitments.duty_forms import CycleForm, DueForm
from torogoz.topics.commitments.duty_queries import DutySeen
from torogoz.topics.commitments.follow_up_pages import called
from torogoz.topics.commitments.follow_up_words import REMINDERS, REPORT_STATES
from torogoz.topics.commitments.measure_queries import offered_measures


def row_of(seen: DutySeen) -> dict[str, object]:
    """A duty in words."""
    return {
        "seen": seen,
        "title": called(seen.duty.provision),
        "told": str(REMINDERS[seen.told]) if seen.told else "",
        "state": next((str(w) for s, w in REPORT_STATES.items() if seen.report and s == seen.report.state), ""),
    }


@require_safe
def my_duties(request: HttpRequest) -> HttpResponse:
    """What the own institution owes: the notices that it was given, what is late, what comes, what is met."""
    now, officer = timezone.now(), officer_of(request)
    bodies = rights.reports_for(officer, now)
    if not bodies:
        return not_found(request, verb=Verb.REPORT, what="duty", subject="", now=now)
    rows = [row_of(each) for each in duty_queries.duties_seen_by(officer, now)]
    return render(request, "commitments/my_duties.html", {"rows": rows, "bodies": ", ".join(bodies)})


@require_http_methods(["GET", "POST"])
def cycles(request: HttpRequest) -> HttpResponse:
    """The times of reporting, and a new one."""
    now, officer = timezone.now(), officer_of(request)
    if not rights.to_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="cycle", subject="", now=now)
    form = CycleForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        made = duty_actions.open_cycle(by=officer, now=now, **form.cleaned_data)
        return reverse("commitments:cycle", args=[made.key])

    more = {
        "cycles": duty_queries.cycles(),
        "ended": succession_queries.ended_with_something_open(timezone.localdate(now)),
        "waiting": duty_queries.waiting_for_publication().count() + offered_measures().count(),
    }
    screen = Screen(
        _("Ciclos de informe"),
        _("Abrir el ciclo"),
        reverse("commitments:register"),
        "",
        more,
        "commitments/cycles.html",
    )
    return answered(request, form, screen, act, done=_("Se abrió el ciclo. Diga hasta qué día se informa."))


@require_http_methods(["GET", "POST"])
def cycle(request: HttpRequest, key: UUID) -> HttpResponse:
    """One cycle: its duties, and more of them for whoever leads a commitment today."""
    now, officer = timezone.now(), officer_of(request)
    found = duty_queries.cycle_called(key)
    if found is None or not rights.to_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="cycle", subject=key, now=now)
    form = DueForm(request.POST if request.method == "POST" else None)
    here = reverse("commitments:cycle", args=[key])

    def act() -> str:
        duty_actions.add_duties(by=officer, cycle=found, due_on=form.cleaned_data["due_on"], now=now)
        return here

    rows = [row_of(each) for each in duty_queries.duties_in(found, now)]
    more = {"rows": rows, "cycle": found, "untold": sum(each["seen"].duty.notified_at is None for each in rows)}  # type: ignore[attr-defined]
    screen = Screen(
        localised(found, "name"), _("Pedir informes"), reverse("commitments:cycles"), "", more, "commitments/cycle.html"
    )
    return answered(
        request, form, screen, act, done=_("Quedaron pedidos. Las instituciones aún no lo saben: avíseles.")
    )


@require_POST
def announce(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tell institutions of their days, which then stay."""
    now, officer = timezone.now(), officer_of(request)
    found = duty_queries.cycle_called(key)
    if found is None or not rights.to_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="cycle", subject=key, now=now)
    here = reverse("commitments:cycle", args=[key])

    def act() -> str:
        duty_actions.announce(by=officer, cycle=found, now=now)
        return here

    return stepped(request, act, done=_("Se avisó. Esas fechas ya no se cambian."), back=here, language=language())


@require_http_methods(["GET", "POST"])
def duty_move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Set another day for a duty that nobody was told of."""
    now, officer = timezone.now(), officer_of(request)
    found = duty_queries.duty_called(key)
    if found is None or not rights.to_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="duty", subject=key, now=now)
    form = DueForm(request.POST if request.method == "POST" else None, initial={"due_on": found.due_on})
    back = reverse("commitments:cycle", args=[found.cycle.key])

    def act() -> str:
        duty_actions.move_due(by=officer, duty=found, due_on=form.cleaned_data["due_on"], now=now)
        return back

    lead = f"{found.institution.code} · {called(found.provision)}"
    screen = Screen(_("Cambiar la fecha"), _("Guardar la fecha"), back, lead)
    return answered(request, form, screen, act, done=_("Se guardó la fecha."))
