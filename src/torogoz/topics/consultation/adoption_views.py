"""The adoption of a position: what it says, its hash, who proposed it, and the confirmation of a second officer."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.consultations import PositionState, ProcessState
from torogoz.domain.positions import canonical, hash_of
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.topics.consultation import adoption_actions, adoption_queries, queries
from torogoz.topics.consultation.forms import DeedForm, ProposeForm
from torogoz.topics.consultation.shown import outcome_shown
from torogoz.topics.consultation.working import Deed, Work, seen


@require_http_methods(["GET", "POST"])
def adoption(request: HttpRequest, key: UUID) -> HttpResponse:
    """Propose the position, take the proposal back, or confirm what another officer proposed."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not here.convenes:
        return not_found(request, verb=Verb.CONVENE, what="position", subject=key, now=now)
    process = here.process
    held = adoption_queries.adoption_of(process)
    without = adoption_queries.without_minutes(process)
    deeds: dict[str, Deed] = {}
    if held is None and process.state in (ProcessState.AT_WORK, ProcessState.CLOSED):
        deeds["propose"] = Deed(
            partial(ProposeForm, asks_why=bool(without)),
            lambda form, _row: adoption_actions.propose(
                by=officer, process=process, now=now, why_no_minutes=form.cleaned_data.get("why_no_minutes", "")
            ),
            _("Se propuso la posición con su huella. Falta que otra persona de la secretaría la confirme."),
        )
    if held is not None and held.state == PositionState.PROPOSED:
        deeds["withdraw"] = Deed(
            DeedForm,
            lambda _form, _row: adoption_actions.withdraw(by=officer, adoption=held, now=now),
            _("Se retiró la propuesta. Nada se publicó."),
        )
    if held is not None:
        deeds["confirm"] = Deed(
            DeedForm,
            lambda _form, _row: adoption_actions.confirm(by=officer, adoption=held, now=now),
            _("La posición quedó adoptada y publicada."),
        )
    work = Work(request, deeds)
    if work.missing:
        return not_found(request, verb=Verb.CONVENE, what="position", subject=key, now=now)
    if work.done:
        return redirect("consultation:adoption", key=key)
    seen(request, here, now)
    document = adoption_queries.position_document(process)
    page = {
        "process": process,
        "adoption": held,
        "own": held is not None and held.proposed_by_id == officer.pk,
        "adopted": held is not None and held.state == PositionState.ADOPTED,
        "hash_now": hash_of(canonical(document)),
        "outcomes": [outcome_shown(one) for one in adoption_queries.decided_outcomes(process)],
        "undecided": adoption_queries.undecided(process),
        "still_open": process.state == ProcessState.AT_WORK,
        "without_minutes": without,
        "polls": adoption_queries.polls_not_closed(process, now),
        "propose": work.form("propose", None),
        "withdraw": work.form("withdraw", None),
        "confirm": work.form("confirm", None),
        "wrong": list(work.bound.values()),
    }
    return render(request, "consultation/adoption.html", page, status=work.status)
