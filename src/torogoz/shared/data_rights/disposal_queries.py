"""What may be read of disposals and holds: by who protects the data of an institution, and by who directs it.

What an officer may not see and what does not exist give the same answer: None.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.disposal import MOST_PEOPLE, State
from torogoz.domain.retention import DataClass, RetentionRule, rule_for
from torogoz.shared.data_rights.models import Disposal, DisposalItem, Hold
from torogoz.shared.data_rights.queries import with_this_document
from torogoz.shared.data_rights.retention_queries import people_due, retention_rules
from torogoz.shared.data_rights.standing import holds_in_force, standing
from torogoz.shared.institutions.access import duty, may, postings, seats
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Past:
    """What an institution may propose to dispose of: how many people of one class, and how many something holds."""

    institution: str
    rule: RetentionRule
    free: int
    held: int


@dataclass(frozen=True)
class HoldSeen:
    """A hold as its institution sees it; the words are empty when they do not open."""

    hold: Hold
    said: dict[str, str]
    stands: bool


def takes_part(officer: Officer, now: datetime) -> Decision:
    """Whether the officer proposes or confirms disposals at all."""
    return may(officer, Verb.DISPOSE, None, None, now)


def past_seen_by(officer: Officer, now: datetime) -> list[Past]:
    """What is past its term at the institutions whose data the officer protects: only who protects them proposes."""
    found = []
    for code in seats(officer, Verb.AUDIT, now):
        for one in DataClass:
            rule = rule_for(retention_rules(), one, timezone.localdate(now))
            due = people_due(rule, [code], timezone.localdate(now)).exclude(pk__in=_proposed())
            held = len(standing(due.values("pk"), [code], now))
            found.append(Past(code, rule, due.count() - held, held))
    return [one for one in found if one.free or one.held]


def free_to_dispose(institution: str, data_class: DataClass, now: datetime) -> tuple[RetentionRule, list[Person]]:
    """The rule, and the first people past it against whom nothing stands, as many as one disposal takes."""
    today = timezone.localdate(now)
    rule = rule_for(retention_rules(), data_class, today)
    due = people_due(rule, [institution], today).exclude(pk__in=_proposed())
    held = standing(due.values("pk"), [institution], now)
    return rule, [one for one in due.order_by("pk").iterator() if one.pk not in held][:MOST_PEOPLE]


def disposals_seen_by(officer: Officer, now: datetime) -> list[Disposal]:
    """The disposals of the institutions for which the officer proposes or confirms, the newest first."""
    return list(_disposals(officer, now).order_by("-pk"))


def disposal_seen_by(officer: Officer, key: UUID | str, now: datetime) -> Disposal | None:
    """The disposal with this key, or None."""
    return _disposals(officer, now).filter(key=key).first()


def keys_of(officer: Officer, disposal: Disposal, now: datetime) -> list[UUID]:
    """The keys of the records that a disposal is of, for who protects the data; whoever directs reads how many."""
    if not duty(officer, Verb.AUDIT, disposal.institution.code, now):
        return []
    return list(disposal.items.order_by("pk").values_list("person__key", flat=True))


def disposal_of(officer: Officer, person: Person, now: datetime) -> Disposal | None:
    """The last disposal of data of this person, for who serves the institution that did it; None for anybody else."""
    served = {posting.institution for posting in postings(officer, now)}
    done = Disposal.objects.filter(
        items__in=DisposalItem.objects.filter(person=person, left_out=False),
        state=State.DONE.value,
        institution__code__in=served,
    )
    return done.select_related("institution").order_by("-ended_at", "-pk").first()


def may_confirm(officer: Officer, disposal: Disposal, now: datetime) -> bool:
    """Whether this officer may be the second person."""
    waits = disposal.state == State.PROPOSED.value and disposal.proposed_by_id != officer.pk
    return waits and bool(duty(officer, Verb.DISPOSE, disposal.institution.code, now))


def holds_seen_by(officer: Officer, now: datetime) -> list[HoldSeen]:
    """The holds that the officer's own institution placed, those that stand first."""
    batch, found = Batch(), []
    placed = Hold.objects.filter(institution__code__in=seats(officer, Verb.AUDIT, now))
    in_force = set(holds_in_force(now).values_list("pk", flat=True))
    for hold in placed.select_related("institution", "person", "placed_by", "lifted_by").order_by("-pk"):
        try:
            said = hold.said_in(batch)
        except CannotOpen as why:
            logger.error("%s", why)
            said = {}
        found.append(HoldSeen(hold, said, hold.pk in in_force))
    return sorted(found, key=lambda one: not one.stands)


def hold_seen_by(officer: Officer, key: UUID | str, now: datetime) -> Hold | None:
    """The hold with this key, for its own institution."""
    placed = Hold.objects.filter(institution__code__in=seats(officer, Verb.AUDIT, now), key=key)
    return placed.select_related("institution", "person").first()


def person_to_hold(text: str, institution: str) -> Person | None:
    """The record with this key, or whose document has this number, if the institution has to do with it; else None."""
    typed = text.strip()
    try:
        person = Person.objects.filter(key=UUID(typed)).first()
    except ValueError:
        person = with_this_document(typed)
    if person is None:
        return None
    met = Encounter.objects.filter(person=person, institution__code=institution).exists()
    wrote = Section.objects.filter(encounter__person=person, institution__code=institution).exists()
    return person if person.institution.code == institution or met or wrote else None


def _disposals(officer: Officer, now: datetime) -> "QuerySet[Disposal]":
    related = ("institution", "proposed_by", "ended_by", "request")
    served = Q(institution__code__in=seats(officer, Verb.DISPOSE, now))
    return Disposal.objects.filter(served).select_related(*related)


def _proposed() -> Any:
    return Disposal.objects.filter(state=State.PROPOSED.value, items__isnull=False).values("items__person")
