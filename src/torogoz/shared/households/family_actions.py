"""What is written of relatives and groups. Both people of a relationship must be open to who writes it."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.families import (
    INVERSE,
    LONGEST_NAME,
    LONGEST_WORDS,
    Evidence,
    FamilyRefused,
    GroupKind,
    Kin,
    check_ages,
    check_days,
    check_group,
)
from torogoz.domain.sections import FAMILY
from torogoz.shared.households.family_queries import open_people
from torogoz.shared.households.models import Group, Member, Relationship
from torogoz.shared.households.noting import allowed, note
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import subject_of


@transaction.atomic
def relate(
    *,
    by: Officer,
    person: Person,
    other: Person | None,
    kin: Kin,
    evidence: Evidence,
    now: datetime,
    name: str = "",
    contact: str = "",
    noted: str = "",
    valid_from: date | None = None,
) -> Relationship:
    """Note what `other` is to `person`; without `other`, what somebody who has no record is, by name.

    Raises FamilyRefused with the field and the reason, Disposed, NotAllowed. Nothing is stored then.
    """
    # The two are held in one order, so that two officers who note the same do not both store it.
    hold(*([person] if other is None else [person, other]))
    decision, institution = allowed(by, Verb.CREATE, subject_of(person), FAMILY, now)
    named, reached, words = (" ".join(text.split()) for text in (name, contact, noted))
    _check_words(named, reached, words)
    if other is None and not named:
        raise FamilyRefused("other", "nobody")
    if other is not None and named:
        raise FamilyRefused("name", "both")
    if other is not None and other.pk == person.pk:
        raise FamilyRefused("other", "self")
    if other is not None and other.pk not in open_people(by, [other.pk], now):
        raise NotAllowed(f"{by} may not relate somebody who is not open")
    check_days(valid_from, None, timezone.localdate(now))
    if other is not None:
        check_ages(kin, _born(person), _born(other))
        _refuse_twice(person, other, kin)
    stored = Relationship(
        person=person,
        other=other,
        kin=kin.value,
        evidence=evidence.value,
        valid_from=valid_from,
        recorded_by=by,
        institution=institution,
        recorded_at=now,
    ).keep(named, reached, words)
    stored.save(force_insert=True)
    keys = [person.key, *([other.key] if other else []), stored.key]
    note(by, Verb.CREATE, "relationship", keys, decision, now, FAMILY)
    return stored


@transaction.atomic
def end_relationship(*, by: Officer, person: Person, relationship: Relationship, now: datetime) -> Relationship:
    """Record that it is over, or was never so; it stays readable. `person` is whose page it was done on.

    Raises Disposed, NotAllowed.
    """
    held = _held(by, person, relationship, now)
    decision, _ = allowed(by, Verb.EDIT, subject_of(person), FAMILY, now)
    if held.ended_at is None:
        last = timezone.localdate(now)
        held.ended_at, held.valid_until = now, max(held.valid_from or last, last)
        held.save(update_fields=["ended_at", "valid_until"])
        note(by, Verb.EDIT, "relationship", [person.key, held.key], decision, now, FAMILY)
    return held


@transaction.atomic
def show_evidence(
    *, by: Officer, person: Person, relationship: Relationship, evidence: Evidence, now: datetime
) -> Relationship:
    """Record what shows a relationship: that the officer saw a document, or who stated it. Raises Disposed,
    NotAllowed."""
    held = _held(by, person, relationship, now)
    decision, _ = allowed(by, Verb.EDIT, subject_of(person), FAMILY, now)
    if held.evidence != evidence.value:
        held.evidence = evidence.value
        held.save(update_fields=["evidence"])
        note(by, Verb.EDIT, "relationship", [person.key, held.key], decision, now, FAMILY)
    return held


@transaction.atomic
def form_group(
    *,
    by: Officer,
    person: Person,
    others: Collection[Person],
    kind: GroupKind,
    formed_on: date,
    now: datetime,
    head: Person | None = None,
    said_size: int | None = None,
) -> Group:
    """Record that a person and others arrived, or live, together. Raises FamilyRefused, Disposed, NotAllowed."""
    hold(person, *others)
    decision, institution = allowed(by, Verb.CREATE, subject_of(person), FAMILY, now)
    members = {one.pk: one for one in (person, *others)}
    check_group(kind, members, head.pk if head else None, said_size)
    check_days(formed_on, None, timezone.localdate(now), field="formed_on")
    if set(open_people(by, list(members), now)) != set(members):
        raise NotAllowed(f"{by} may not put together people who are not open")
    group = Group.objects.create(
        kind=kind.value,
        formed_on=formed_on,
        said_size=said_size,
        recorded_by=by,
        institution=institution,
        recorded_at=now,
    )
    Member.objects.bulk_create(
        Member(
            group=group,
            person=one,
            head=head is not None and one.pk == head.pk,
            joined_on=formed_on,
            recorded_by=by,
            institution=institution,
            recorded_at=now,
        )
        for one in members.values()
    )
    keys = [*(one.key for one in members.values()), group.key]
    note(by, Verb.CREATE, "group", keys, decision, now, FAMILY)
    return group


@transaction.atomic
def join_group(*, by: Officer, person: Person, group: Group, others: Collection[Person], now: datetime) -> list[Member]:
    """Record that others belong to a group of this person too, from today. Raises FamilyRefused, Disposed,
    NotAllowed."""
    hold(person, *others)
    decision, institution = allowed(by, Verb.EDIT, subject_of(person), FAMILY, now)
    joining = {one.pk: one for one in others}
    if not joining:
        raise FamilyRefused("members", "alone")
    held = Group.objects.select_for_update().get(pk=group.pk)
    if held.kind == GroupKind.ALONE or not Member.objects.filter(group=held, person=person).exists():
        raise NotAllowed(f"{by} may not add anybody to this group")
    if set(open_people(by, list(joining), now)) != set(joining):
        raise NotAllowed(f"{by} may not put together people who are not open")
    if Member.objects.filter(group=held, person__in=joining, left_on__isnull=True).exists():
        raise FamilyRefused("members", "member")
    today = timezone.localdate(now)
    added = Member.objects.bulk_create(
        Member(group=held, person=one, joined_on=today, recorded_by=by, institution=institution, recorded_at=now)
        for one in joining.values()
    )
    note(by, Verb.EDIT, "group", [*(one.key for one in joining.values()), held.key], decision, now, FAMILY)
    return added


@transaction.atomic
def leave_group(*, by: Officer, member: Member, now: datetime) -> Member:
    """Record that somebody is no longer in a group. Raises Disposed, NotAllowed."""
    hold(member.person)
    held = Member.objects.select_for_update(of=("self",)).select_related("person", "group").get(pk=member.pk)
    decision, _ = allowed(by, Verb.EDIT, subject_of(held.person), FAMILY, now)
    if held.left_on is None:
        held.left_on = max(held.joined_on, timezone.localdate(now))
        held.save(update_fields=["left_on"])
        note(by, Verb.EDIT, "group", [held.person.key, held.group.key], decision, now, FAMILY)
    return held


def _held(by: Officer, person: Person, relationship: Relationship, now: datetime) -> Relationship:
    """The row, held until the end of the transaction as both its ends are, if it is of this person and its other end
    is open. Raises Disposed, NotAllowed."""
    hold(*(one for one in (relationship.person, relationship.other) if one))
    held = Relationship.objects.select_for_update(of=("self",)).get(pk=relationship.pk)
    ends = {held.person_id} | ({held.other_id} if held.other_id else set())
    if person.pk not in ends or set(open_people(by, ends, now)) != ends:
        raise NotAllowed(f"{by} may not change a relationship of people who are not open")
    return held


def _check_words(name: str, contact: str, noted: str) -> None:
    for field, text, most in (
        ("name", name, LONGEST_NAME), ("contact", contact, LONGEST_WORDS), ("noted", noted, LONGEST_WORDS)
    ):  # fmt: skip
        if len(text) > most:
            raise FamilyRefused(field, "too_long", most=most)


def _born(person: Person) -> tuple[date, date] | None:
    return (person.birth_min, person.birth_max) if person.birth_min and person.birth_max else None


def _refuse_twice(person: Person, other: Person, kin: Kin) -> None:
    """Refuse what is noted in force, from either side; and that each be the parent, or guardian, of the other."""
    held = Q(person=person, other=other, kin__in={kin, INVERSE[kin]}) | Q(
        person=other, other=person, kin__in={kin, INVERSE[kin]}
    )
    if Relationship.objects.filter(held, ended_at__isnull=True).exists():
        raise FamilyRefused("kin", "same")
