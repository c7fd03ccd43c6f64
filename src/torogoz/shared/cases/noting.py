"""The line of the record of accesses that each action of this app leaves."""

from collections.abc import Collection
from datetime import datetime

from torogoz.domain.access import Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Officer


def note(
    by: Officer,
    verb: Verb,
    what: str,
    keys: Collection[object],
    decision: Decision,
    now: datetime,
    sections: Collection[str] = (),
) -> None:
    """Record what was done, about whom (keys of the person and of the thing), and on what ground."""
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(key) for key in keys],
        decision=decision,
        channel="page",
        now=now,
        sections=list(sections),
    )
