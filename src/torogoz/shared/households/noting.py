"""The policy asked for a write, and the line of the record of accesses that it leaves."""

from collections.abc import Collection
from datetime import datetime

from torogoz.domain.access import Decision, Subject, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed


def allowed(by: Officer, verb: Verb, subject: Subject, section: str, now: datetime) -> tuple[Decision, Institution]:
    """The decision, and the institution in whose name it is written. Raises NotAllowed."""
    decision = may(by, verb, subject, section, now)
    if not decision:
        raise NotAllowed(f"{by} may not {verb.value} {section}")
    return decision, Institution.objects.get(code=decision.institution)


def note(
    by: Officer,
    verb: Verb,
    what: str,
    keys: Collection[object],
    decision: Decision,
    now: datetime,
    section: str,
) -> None:
    """Record what was done, about whom (keys of the people and of the thing), and on what ground."""
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(key) for key in keys],
        decision=decision,
        channel="page",
        now=now,
        sections=[section],
    )
