"""What may be read of a child who arrived without parents: derived from what the officer sees, and from nothing else.

Company that the officer may not see counts for nothing, so that the answer tells nothing of it, and errs on the side of
protecting: a child is alone until the officer sees the parent.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from torogoz.domain.access import Tier, Verb, rule_of
from torogoz.domain.children import (
    ADULT_AT,
    Companion,
    Company,
    Finding,
    Lacks,
    Minority,
    Move,
    Receiver,
    Study,
    company,
    held_back,
    lacking,
    minority,
    needs_protection,
)
from torogoz.domain.families import Evidence, GroupKind
from torogoz.domain.sections import FAMILY
from torogoz.shared.households.family_queries import FamilySeen, GroupSeen, RelativeSeen, family_seen_by
from torogoz.shared.households.models import BestInterests, ChildMove
from torogoz.shared.institutions.access import may, postings, rules, visible
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import birth_of, encounters_seen_by, subject_of_section
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch

logger = logging.getLogger(__name__)

CHILD_PROTECTION = "child_protection"
ONE_JOURNEY = timedelta(days=3)
"""A group counts as company on a return when it was formed at most so long before it."""
LISTED_FOR = timedelta(days=30)
MOST_LISTED = 100
PLACED = (Move.HAND_OVER, Move.SOLUTION)


@dataclass(frozen=True)
class StudySeen:
    """A best-interests study: what it permits; and what was written, for child protection at its office alone.

    said    None for who may read only what it permits
    shut    what was written does not open, its key being lost
    """

    stored: BestInterests
    finding: Finding
    said: dict[str, Any] | None = None
    shut: bool = False


@dataclass(frozen=True)
class MoveSeen:
    """What was done with a child, and with whom, as far as that may be seen."""

    stored: ChildMove
    receiver: RelativeSeen | None
    said: dict[str, str]
    shut: bool = False


@dataclass(frozen=True)
class ChildSeen:
    """How a child stands, as far as the officer sees it."""

    person: Person
    minority: Minority
    company: Company
    studies: tuple[StudySeen, ...] = ()
    moves: tuple[MoveSeen, ...] = ()

    @property
    def needs_protection(self) -> bool:
        """Whether child protection has to be called."""
        return needs_protection(self.minority, self.company)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the studies permit."""
        return tuple(one.finding for one in self.studies)

    def lacks(self, move: Move, receiver: Receiver | None, today: date) -> tuple[Lacks, ...]:
        """What is not there yet for a move."""
        return lacking(move, self.minority, self.company, self.findings, receiver, today)


def child_seen_by(officer: Officer, person: Person, family: FamilySeen, now: datetime) -> ChildSeen | None:
    """How a person stands as a child; None for who may not read the family."""
    if not family.readable:
        return None
    today, batch = timezone.localdate(now), Batch()
    studies = BestInterests.objects.filter(person=person).select_related("institution", "encounter__institution")
    moves = ChildMove.objects.filter(person=person).select_related("institution", "receiver")
    return ChildSeen(
        person,
        minority(birth_of(person), today),
        _company(officer, person, family, now),
        tuple(_study_seen(officer, one, now, batch) for one in studies.order_by("-done_on", "-pk")),
        tuple(_move_seen(one, family, batch) for one in moves.order_by("-recorded_at", "-pk")),
    )


def held_back_seen_by(officer: Officer, met: Encounter, now: datetime) -> bool:
    """Whether the person of an encounter may not travel on yet, as far as the officer sees: a child who is alone, with
    nothing decided since. Who may not read the family is told this effect alone, from the age and from whether
    something was decided: of company such an officer sees none."""
    person = met.person
    moved = ChildMove.objects.filter(person=person, recorded_at__gte=met.occurred_at).exists()
    child = child_seen_by(officer, person, family_seen_by(officer, person, now), now)
    with_whom = child.company if child else Company.UNKNOWN
    return held_back(minority(birth_of(person), timezone.localdate(now)), with_whom, moved)


def assessable(officer: Officer, person: Person, now: datetime) -> Encounter | None:
    """The encounter at which the officer may write a best-interests study: the newest of the own office."""
    for met in encounters_seen_by(officer, person, now):
        if may(officer, Verb.CREATE, subject_of_section(met, Tier.PROTECTED), CHILD_PROTECTION, now):
            return met
    return None


def receiver_of(relative: RelativeSeen | None, document: str, seen_adult: bool, today: date) -> Receiver | None:
    """The adult to whom a child is to be handed. `seen_adult` says that the document shows an adult; it counts only
    where no record tells the age."""
    if relative is None:
        return None
    of = minority(birth_of(relative.person), today) if relative.person else Minority.UNKNOWN
    adult = {Minority.ADULT: True, Minority.CHILD: False}.get(of, True if seen_adult else None)
    return Receiver(relative.evidence, adult, document)


def lists_children(officer: Officer, now: datetime) -> bool:
    """Whether the protocol opens families to the officer at any of the own offices."""
    held = postings(officer, now)
    protocol = rules(held, now)
    return any(rule_of(posting, Verb.LIST, FAMILY, protocol) for posting in held)


def children_seen_by(officer: Officer, now: datetime) -> tuple[list[ChildSeen], bool]:
    """The children met in the last thirty days who need child protection and were not placed since, the newest first;
    and whether there are more than are looked at. Who has no birth date is among them: nobody says that it is an adult.
    """
    today = timezone.localdate(now)
    try:
        majority = today.replace(year=today.year - ADULT_AT)
    except ValueError:
        majority = today.replace(year=today.year - ADULT_AT, day=28)
    recent = Encounter.objects.filter(
        visible(officer, Verb.LIST, now, through="", section=FAMILY), occurred_at__gte=now - LISTED_FOR
    )
    people = (
        Person.objects.filter(Q(birth_max__isnull=True) | Q(birth_max__gt=majority), pk__in=recent.values("person"))
        .annotate(met=Max("encounters__occurred_at", filter=Q(encounters__in=recent)))
        .order_by("-met", "-pk")
        .prefetch_related("names")
    )
    some = list(people[: MOST_LISTED + 1])
    found = []
    for person in some[:MOST_LISTED]:
        seen = child_seen_by(officer, person, family_seen_by(officer, person, now), now)
        if seen is not None and _waits(seen, person):
            found.append(seen)
    return found, len(some) > MOST_LISTED


def _waits(seen: ChildSeen, person: Any) -> bool:
    placed = any(one.stored.move in PLACED and one.stored.recorded_at >= person.met for one in seen.moves)
    return not placed and (seen.needs_protection or seen.minority is Minority.UNKNOWN)


def _company(officer: Officer, person: Person, family: FamilySeen, now: datetime) -> Company:
    met = encounters_seen_by(officer, person, now)
    returns = [one for one in met if one.kind == "return"] or met
    begun = timezone.localdate(returns[0].occurred_at) - ONE_JOURNEY if returns else None
    journey = [one for one in family.groups if begun is None or one.group.formed_on >= begun]
    travelled = [one for one in journey if one.kind is GroupKind.TRAVEL and _others(one, person)]
    alone = any(one.kind is GroupKind.ALONE for one in journey)
    with_whom = [
        _companion(member.person, family.relatives, timezone.localdate(now))
        for group in travelled
        for member in group.present
        if member.person_id != person.pk
    ]
    return company(with_whom, recorded=bool(travelled), alone=alone)


def _others(group: GroupSeen, person: Person) -> bool:
    return any(member.person_id != person.pk for member in group.members)


def _companion(other: Person, relatives: Iterable[RelativeSeen], today: date) -> Companion:
    known = [one for one in relatives if one.person == other and not one.ended]
    # Of several the one that is shown best counts.
    best = min(known, key=lambda one: list(Evidence).index(one.evidence), default=None)
    adult = {Minority.ADULT: True, Minority.CHILD: False}.get(minority(birth_of(other), today))
    if best is None:
        return Companion(None, Evidence.UNVERIFIED, adult)
    return Companion(best.kin, best.evidence, adult)


def _study_seen(officer: Officer, stored: BestInterests, now: datetime, batch: Batch) -> StudySeen:
    finding = Finding(
        Study(stored.study),
        stored.done_on,
        frozenset(Move(code) for code in stored.permits),
        stored.review_on,
        stored.panel_size,
    )
    if not may(officer, Verb.VIEW, subject_of_section(stored.encounter, Tier.PROTECTED), CHILD_PROTECTION, now):
        return StudySeen(stored, finding)
    try:
        return StudySeen(stored, finding, stored.said_in(batch))
    except CannotOpen as why:
        logger.error("%s", why)
        return StudySeen(stored, finding, shut=True)


def _move_seen(stored: ChildMove, family: FamilySeen, batch: Batch) -> MoveSeen:
    receiver = next((one for one in family.relatives if one.relationship.pk == stored.receiver_id), None)
    try:
        return MoveSeen(stored, receiver, stored.said_in(batch))
    except CannotOpen as why:
        logger.error("%s", why)
        return MoveSeen(stored, receiver, {}, shut=True)
