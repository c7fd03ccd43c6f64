"""What of an event its hash seals."""

from datetime import UTC

from torogoz.shared.audit.models import AccessEvent


def content(event: AccessEvent) -> dict[str, object]:
    """Everything but the hash itself and the row's own number; the time in UTC, whatever the database gives back."""
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
