"""Who may write what of the follow-up: each question asks the one policy, and nothing else."""

from datetime import date, datetime

from torogoz.domain.access import REFUSED, Decision, Verb
from torogoz.shared.institutions.access import may, may_for, seats
from torogoz.shared.institutions.models import Institution, Officer


def to_convene(asker: object, now: datetime) -> Decision:
    """Whether who asks is of the secretariat."""
    return may(asker, Verb.CONVENE, None, None, now) if isinstance(asker, Officer) else REFUSED


def to_report(asker: object, institution: Institution, now: datetime) -> Decision:
    """Whether who asks reports for this institution."""
    return may_for(asker, Verb.REPORT, institution.code, now) if isinstance(asker, Officer) else REFUSED


def reports_for(asker: object, now: datetime) -> tuple[str, ...]:
    """The codes of the institutions for which who asks reports."""
    return tuple(dict.fromkeys(seats(asker, Verb.REPORT, now))) if isinstance(asker, Officer) else ()


def to_assess(asker: object, institution: Institution, now: datetime) -> Decision:
    """Whether who asks assesses in the name of this body."""
    return may_for(asker, Verb.ASSESS, institution.code, now) if isinstance(asker, Officer) else REFUSED


def assesses_for(asker: object, now: datetime) -> tuple[str, ...]:
    """The codes of the bodies in whose name who asks assesses."""
    return tuple(dict.fromkeys(seats(asker, Verb.ASSESS, now))) if isinstance(asker, Officer) else ()


def exists(institution: Institution, today: date) -> bool:
    """Whether an institution has not ended."""
    return institution.valid_until is None or today < institution.valid_until
