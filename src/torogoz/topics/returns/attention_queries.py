"""What may be read of sessions of psychosocial attention: by who attends, and by nobody else."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from torogoz.domain.access import Decision, Tier, Verb
from torogoz.domain.sections import SESSIONS
from torogoz.shared.institutions.access import may, visible
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import subject_of, subject_of_section
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.returns.models import Attention

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SessionSeen:
    """A session; `notes` is None when its key is lost, and what was said does not open."""

    session: Attention
    notes: str | None


@dataclass(frozen=True)
class Appointment:
    """When a person comes again, and how many days ago that was if she has not."""

    person: Person
    day: date
    late: int


def may_attend(officer: Officer, encounter: Encounter, now: datetime) -> Decision:
    """Whether the officer may write sessions of this person."""
    return may(officer, Verb.CREATE, subject_of_section(encounter, Tier.SENSITIVE), SESSIONS, now)


def may_read_sessions(officer: Officer, person: Person, now: datetime) -> Decision:
    """Whether the officer may know of sessions of this person at all."""
    return may(officer, Verb.VIEW, subject_of(person), SESSIONS, now)


def sessions_of(officer: Officer, person: Person, now: datetime) -> list[SessionSeen]:
    """The sessions of a person, the newest first; none for who may not know of them."""
    if not may_read_sessions(officer, person, now):
        return []
    stored = Attention.objects.filter(encounter__person=person).select_related("institution", "recorded_by")
    batch = Batch()
    return [SessionSeen(one, _notes(one, batch)) for one in stored.order_by("-held_on", "-pk")]


def appointments(officer: Officer, today: date, now: datetime) -> list[Appointment]:
    """The next appointment of each person whom the officer attends, unless a session was held since; by day."""
    reached = Encounter.objects.filter(visible(officer, Verb.LIST, now, "", SESSIONS)).values("person")
    stored = Attention.objects.filter(encounter__person__in=reached).select_related("encounter__person")
    latest = {one.encounter.person_id: one for one in stored.order_by("held_on", "pk")}
    found = [
        Appointment(one.encounter.person, one.next_on, max(0, (today - one.next_on).days))
        for one in latest.values()
        if one.next_on is not None
    ]
    return sorted(found, key=lambda one: (one.day, one.person.pk))


def _notes(session: Attention, batch: Batch) -> str | None:
    try:
        return session.notes_in(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        return None
