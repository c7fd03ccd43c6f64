"""What may be read of relatives and groups: of two people whom the officer may both see, and of no others.

Whoever may not be seen leaves no trace: no line, no number, no place in a group. The one exception is what the own
institution of the officer wrote: it knows already that somebody is there, and is told so without who it is.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from torogoz.domain.access import PERSON_ROLES, Verb
from torogoz.domain.families import INVERSE, Evidence, GroupKind, Kin
from torogoz.domain.letters import fold
from torogoz.domain.sections import FAMILY
from torogoz.shared.households.models import Group, Member, Relationship
from torogoz.shared.institutions.access import may, postings, visible
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import encounters_seen_by, names_of, search_seen_by, subject_of
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch

logger = logging.getLogger(__name__)

ARRIVED_WITHIN = timedelta(hours=24)
MOST_SUGGESTED = 10


@dataclass(frozen=True)
class RelativeSeen:
    """A relative as shown on a person's page.

    kin         what the relative is to the person
    person      the relative's own record, where there is one that the officer may see
    hidden      there is a record that the officer may not see, of which the own institution wrote this line
    shut        what was written in words does not open, its key being lost
    """

    relationship: Relationship
    kin: Kin
    ended: bool
    person: Person | None = None
    hidden: bool = False
    name: str = ""
    contact: str = ""
    note: str = ""
    shut: bool = False

    @property
    def evidence(self) -> Evidence:
        """What shows it."""
        return Evidence(self.relationship.evidence)


@dataclass(frozen=True)
class GroupSeen:
    """A group with those of its members whom the officer may see, the head first.

    said_size   how many they say they are: to officers of the institution that asked, else None
    """

    group: Group
    members: tuple[Member, ...]
    said_size: int | None

    @property
    def kind(self) -> GroupKind:
        """Whether they arrived or live together."""
        return GroupKind(self.group.kind)

    @property
    def present(self) -> tuple[Member, ...]:
        """Those who have not left."""
        return tuple(member for member in self.members if member.left_on is None)


@dataclass(frozen=True)
class FamilySeen:
    """What an officer may know of who belongs to a person."""

    relatives: tuple[RelativeSeen, ...] = ()
    groups: tuple[GroupSeen, ...] = ()
    readable: bool = False
    may_write: bool = False
    keys: tuple[UUID, ...] = field(default=())

    def of(self, *kinds: Kin) -> tuple[RelativeSeen, ...]:
        """The relatives of these kinds in force."""
        return tuple(one for one in self.relatives if one.kin in kinds and not one.ended)


def may_write_family(officer: Officer, person: Person, now: datetime) -> bool:
    """Whether the officer may note who belongs to this person."""
    return bool(may(officer, Verb.CREATE, subject_of(person), FAMILY, now))


def family_seen_by(officer: Officer, person: Person, now: datetime) -> FamilySeen:
    """Relatives and groups of a person; nothing to who may not read them."""
    if not may(officer, Verb.VIEW, subject_of(person), FAMILY, now):
        return FamilySeen()
    own = own_institutions(officer, now)
    today = timezone.localdate(now)
    stored = list(
        Relationship.objects.filter(Q(person=person) | Q(other=person))
        .select_related("institution", "recorded_by")
        .order_by("-recorded_at", "-pk")
    )
    groups = list(Group.objects.filter(members__person=person).distinct().select_related("institution").order_by("-pk"))
    members = list(Member.objects.filter(group__in=groups).order_by("-head", "pk"))
    asked = {_far(one, person) for one in stored} | {member.person_id for member in members} | {person.pk}
    seen = open_people(officer, {key for key in asked if key is not None}, now)
    batch = Batch()
    lines = (_as_seen(one, person, seen, own, today, batch) for one in stored)
    relatives = [line for line in lines if line is not None]
    parts = (_group_seen(group, person, members, seen, own) for group in groups)
    shown_groups = [part for part in parts if part is not None]
    keys = {one.person.key for one in relatives if one.person} | {
        member.person.key for group in shown_groups for member in group.members
    }
    return FamilySeen(
        tuple(sorted(relatives, key=lambda one: one.ended)),
        tuple(shown_groups),
        readable=True,
        may_write=may_write_family(officer, person, now),
        keys=tuple(sorted(keys - {person.key})),
    )


def open_people(officer: Officer, keys: Collection[int], now: datetime) -> dict[int, Person]:
    """Of these people (by the number of the row), those whose family the officer may read, with their names."""
    within = Encounter.objects.filter(visible(officer, Verb.VIEW, now, through="", section=FAMILY), person__in=keys)
    people = Person.objects.filter(pk__in=within.values("person")).prefetch_related("names")
    return {person.pk: person for person in people}


def open_person(officer: Officer, key: UUID | str, now: datetime) -> Person | None:
    """The person with this key, if the officer may read who belongs to it; else None, as for a key of nobody."""
    found = Person.objects.filter(key=key).values_list("pk", flat=True).first()
    return open_people(officer, [found], now).get(found) if found is not None else None


def suggested(officer: Officer, person: Person, text: str, now: datetime) -> list[Person]:
    """Who may be meant: those found by a name; without one, those met at the same place within a day of the person who
    share a surname. Only people whom the officer may see, ten at most."""
    if text.strip():
        found = [candidate.key for candidate in search_seen_by(officer, name=text, now=now)]
        rows = list(Person.objects.filter(key__in=found).values_list("pk", flat=True))
        order = {key: place for place, key in enumerate(found)}
        people = sorted(open_people(officer, rows, now).values(), key=lambda one: order[one.key])
    else:
        people = _met_together(officer, person, now)
    return [one for one in people if one != person][:MOST_SUGGESTED]


def own_institutions(officer: Officer, now: datetime) -> frozenset[str]:
    """The codes of the institutions in which the officer has to do with people."""
    return frozenset(held.institution for held in postings(officer, now) if held.role in PERSON_ROLES)


def _met_together(officer: Officer, person: Person, now: datetime) -> list[Person]:
    surnames = _surnames(person)
    near = Q(pk__in=[])
    for met in encounters_seen_by(officer, person, now):
        begins, ends = met.occurred_at - ARRIVED_WITHIN, met.occurred_at + ARRIVED_WITHIN
        near |= Q(office=met.office_id, occurred_at__range=(begins, ends))
    within = Encounter.objects.filter(near, visible(officer, Verb.VIEW, now, through="", section=FAMILY))
    people = Person.objects.filter(pk__in=within.values("person")).prefetch_related("names").order_by("pk")
    return [one for one in people if _surnames(one) & surnames]


def _surnames(person: Person) -> frozenset[str]:
    name, _aliases = names_of(person)
    parts = (fold(part) for part in (name.surname1, name.surname2, name.married))
    return frozenset(part for part in parts if part)


def _far(relationship: Relationship, person: Person) -> int | None:
    """The number of the row of who stands at the other end; None for who has no record."""
    return relationship.other_id if relationship.person_id == person.pk else relationship.person_id


def _as_seen(
    stored: Relationship, person: Person, seen: dict[int, Person], own: Collection[str], today: date, batch: Batch
) -> RelativeSeen | None:
    far = _far(stored, person)
    near = stored.person_id == person.pk
    kin = Kin(stored.kin) if near else INVERSE[Kin(stored.kin)]
    ended = stored.ended_at is not None or (stored.valid_until is not None and stored.valid_until < today)
    if far is not None and far not in seen:
        # What was noted in words may name who is hidden.
        return RelativeSeen(stored, kin, ended, hidden=True) if stored.institution.code in own else None
    try:
        said = stored.said_in(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        return RelativeSeen(stored, kin, ended, seen.get(far) if far else None, shut=True)
    found = seen.get(far) if far is not None else None
    return RelativeSeen(stored, kin, ended, found, name=said["name"], contact=said["contact"], note=said["note"])


def _group_seen(
    group: Group, person: Person, members: Iterable[Member], seen: dict[int, Person], own: Collection[str]
) -> GroupSeen | None:
    """A group of which only the person itself may be seen would tell that somebody else is there: it is not shown,
    but to the institution that wrote it. That somebody came alone tells of nobody else."""
    ours = group.institution.code in own
    shown = []
    for member in members:
        if member.group_id == group.pk and member.person_id in seen:
            member.person = seen[member.person_id]
            shown.append(member)
    if not ours and group.kind != GroupKind.ALONE and {member.person_id for member in shown} <= {person.pk}:
        return None
    return GroupSeen(group, tuple(shown), group.said_size if ours else None)
