"""What the secretariat does with calls."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Verb
from torogoz.domain.practices import PracticeRefused
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.queries import objectives
from torogoz.topics.practices import lists
from torogoz.topics.practices.actions import duty
from torogoz.topics.practices.call_models import Call


@transaction.atomic
def open_call(*, by: Officer, institution: str, call: Call, objective_codes: Sequence[str], now: datetime) -> Call:
    """Ask for practices until a day, by the newest criteria. Raises PracticeRefused, NotAllowed.

    call    what was typed, not stored yet
    """
    decision = duty(by, Verb.CONVENE, institution, now)
    if call.open_until < call.opens_on:
        raise PracticeRefused("open_until", "dates")
    call.convener, call.created_by = Institution.objects.get(code=institution), by
    call.criteria_version = lists.newest_criteria()
    call.created_at = call.changed_at = now
    call.made_up = by.made_up
    call.save(force_insert=True)
    call.objectives.set(objectives().filter(code__in=objective_codes))
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.CONVENE,
        what="call",
        subjects=[str(call.key)],
        decision=decision,
        channel="page",
        now=now,
    )
    return call
