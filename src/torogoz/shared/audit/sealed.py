"""What of an event its hash seals."""

from datetime import UTC
from typing import Final

from torogoz.shared.audit.models import AccessEvent

BEFORE_PURPOSES: Final = 1
WITH_PURPOSE: Final = 2
"""The seal of a new event."""


def content(event: AccessEvent) -> dict[str, object]:
    """Everything but the hash itself and the row's own number; the time in UTC, whatever the database gives back.

    An event of before purposes were asked seals what it always did. It has no purpose: one that was put in, like a seal
    that was changed, gives another hash.
    """
    sealed = _before_purposes(event)
    if event.seal == BEFORE_PURPOSES and not event.purpose:
        return sealed
    return sealed | {"seal": event.seal, "purpose": event.purpose}


def _before_purposes(event: AccessEvent) -> dict[str, object]:
    return {
        "sequence": event.sequence,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "officer": event.officer,
        "institution": event.institution,
        "verb": event.verb,
        "what": event.what,
        "subjects": event.subjects,
        "sections": event.sections,
        "allowed": event.allowed,
        "basis": event.basis,
        "channel": event.channel,
        "path": event.path,
        "request_id": event.request_id,
    }
