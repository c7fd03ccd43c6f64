"""A session of psychosocial attention is recorded; the stop of that day is then done."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.reception import CIRCUIT, Progress
from torogoz.domain.sections import SESSIONS
from torogoz.domain.sessions import SessionKind, check_session
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Encounter
from torogoz.topics.returns.attention_queries import may_attend
from torogoz.topics.returns.models import Attention, StopMade
from torogoz.topics.returns.reception_actions import record_stop

STOP = next(stop for stop in CIRCUIT if stop.code == "psychosocial")


@transaction.atomic
def record_session(
    *,
    by: Officer,
    encounter: Encounter,
    kind: SessionKind,
    held_on: date,
    next_on: date | None,
    notes: str,
    now: datetime,
) -> Attention:
    """Record a session, for good. Of it others learn at most that the stop was done.

    raises      SessionRefused (future, before, next), Disposed, NotAllowed; then nothing was stored
    """
    hold(encounter.person)
    decision = may_attend(by, encounter, now)
    if not decision:
        raise NotAllowed(f"{by} may not write {SESSIONS}")
    met_on = timezone.localdate(encounter.occurred_at)
    check_session(held_on=held_on, next_on=next_on, met_on=met_on, today=timezone.localdate(now))
    session = Attention(
        encounter=encounter,
        institution=Institution.objects.get(code=decision.institution),
        held_on=held_on,
        kind=kind.value,
        next_on=next_on,
        recorded_by=by,
        recorded_at=now,
    ).keep(notes)
    session.save(force_insert=True)
    if held_on == met_on and not StopMade.objects.filter(encounter=encounter, stop=STOP.code).exists():
        record_stop(by=by, encounter=encounter, stop=STOP, progress=Progress.DONE, now=now)
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.CREATE,
        what="session",
        subjects=[str(encounter.person.key), str(session.key)],
        decision=decision,
        channel="page",
        now=now,
        sections=[SESSIONS],
    )
    return session
