"""Whether the consent or the hand-over that a sheet tells still holds: it is told to anybody who has the sheet."""

from datetime import datetime
from uuid import UUID

from torogoz.domain.handovers import LIVE, State, state_at
from torogoz.shared.cases.models import Consent, Handover
from torogoz.shared.papers.standing import Standing, Stands


def consent_stands(key: UUID, now: datetime) -> Stands | None:
    """In force until it says, withdrawn, or expired; None when there is no such consent."""
    consent = Consent.objects.filter(key=key).first()
    if consent is None:
        return None
    if consent.withdrawn_at is not None:
        return Stands(Standing.WITHDRAWN, consent.withdrawn_at)
    return Stands(Standing.EXPIRED if consent.valid_until <= now else Standing.IN_FORCE, consent.valid_until)


def handover_stands(key: UUID, now: datetime) -> Stands | None:
    """On its way until it says, expired unanswered, or ended; None when there is no such hand-over."""
    handover = Handover.objects.filter(key=key).first()
    if handover is None:
        return None
    state = state_at(State(handover.state), handover.expires_at, now)
    if state in LIVE:
        return Stands(Standing.IN_FORCE, handover.expires_at)
    if handover.ended_at is not None:
        return Stands(Standing.ENDED, handover.ended_at)
    return Stands(Standing.EXPIRED, handover.expires_at)
