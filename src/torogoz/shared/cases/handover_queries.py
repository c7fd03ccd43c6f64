"""What may be read of hand-overs: by the office that holds the record, and by the one that is to read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from torogoz.domain.access import GRANTED_ROLES, INSTITUTION_WIDE_ROLES, REFUSED, Basis, Decision, Posting, Verb
from torogoz.domain.handovers import (
    BACK,
    KEPT_FOR,
    LIVE,
    READ,
    WAITING,
    Ground,
    Kind,
    Side,
    State,
    Step,
    state_at,
    steps_of,
)
from torogoz.shared.cases.models import Consent, Handover, HandoverStep, LegalBasis
from torogoz.shared.cases.queries import living_like, never_of
from torogoz.shared.institutions.access import lines_in_force, may, postings, visible
from torogoz.shared.institutions.models import Institution, Membership, Office, Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import names_of, subject_of


@dataclass(frozen=True)
class HandoverSeen:
    """A hand-over as an officer sees it.

    sides       where the officer stands
    steps       what the officer may do with it now
    name        of the person; empty for who may not read it (a request that nobody answered, a hand-over that ended)
    sender      whether the officer may know who holds the record
    """

    handover: Handover
    state: State
    sides: frozenset[Side]
    steps: tuple[Step, ...]
    name: str
    sender: bool

    @property
    def key(self) -> UUID:
        return self.handover.key

    @property
    def mine_to_answer(self) -> bool:
        """Whether it waits for an answer of the officer's side."""
        return self.state in WAITING and bool({Step.ACCEPT, Step.SHARE} & set(self.steps))

    @property
    def came_back(self) -> bool:
        """Whether it ended without attention, and the officer's side sent it."""
        return self.state in BACK and Side.SENDER in self.sides and self.handover.kind != Kind.REQUEST

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def prints(self) -> bool:
        """Whether its sheet may be printed: while it lives, is read by the receiver, and the officer reads the name."""
        return self.state in READ and bool(self.name)


@dataclass(frozen=True)
class Receiver:
    """Somebody who can answer: the officers of an institution at an office."""

    institution: Institution
    office: Office

    @property
    def code(self) -> str:
        """As the form sends it."""
        return f"{self.institution.code}@{self.office.code}"


def handovers_seen_by(officer: Officer, now: datetime, *, person: Person | None = None) -> list[HandoverSeen]:
    """The hand-overs of the officer's side or sides, those that must be answered soonest first."""
    held = tuple(one for one in postings(officer, now) if one.role in GRANTED_ROLES)
    if not held:
        return []
    found = _of_sides(officer, held, now)
    if person is not None:
        found = found.filter(person=person)
    related = ("from_institution", "from_office", "to_institution", "to_office", "sent_by", "consent", "law__ground")
    rows = list(found.select_related("person", *related).order_by("expires_at", "pk"))
    if not rows:
        return []
    reached = _people_within(officer, rows, now, granted=False)
    readable = _people_within(officer, rows, now, granted=True)
    return [
        seen
        for row in rows
        if (seen := _seen(row, _sides(row, held, row.person_id in reached), readable, now)) is not None
    ]


def handover_seen_by(officer: Officer, key: UUID | str, now: datetime) -> HandoverSeen | None:
    """The hand-over with this key; None when the officer may not know that there is one."""
    return next((seen for seen in handovers_seen_by(officer, now) if str(seen.key) == str(key)), None)


def waiting_handovers(officer: Officer, now: datetime) -> int:
    """How many hand-overs wait for an answer of this officer's side: shown in the menu."""
    return sum(seen.mine_to_answer for seen in handovers_seen_by(officer, now))


def takes_part(officer: Officer, now: datetime) -> bool:
    """Whether the officer's role sends and answers hand-overs at all."""
    return any(one.role in GRANTED_ROLES for one in postings(officer, now))


def steps_seen(seen: HandoverSeen) -> list[HandoverStep]:
    """The steps, the oldest first: all of them to the sender and while it lives; after that the receiver's own."""
    stored = HandoverStep.objects.filter(handover=seen.handover).select_related("by", "institution")
    if Side.SENDER not in seen.sides and (not seen.live or not seen.sender):
        stored = stored.filter(side=Side.RECEIVER.value)
    return list(stored.order_by("pk"))


def receivers(officer: Officer, now: datetime) -> list[Receiver]:
    """Where a person may be handed over to: an institution of the protocol with somebody at that office to answer."""
    own = {(one.institution, one.office) for one in postings(officer, now)}
    serving = (
        Membership.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=now),
            valid_from__lte=now,
            officer__is_active=True,
            role__in=[role.value for role in GRANTED_ROLES],
            institution__in=lines_in_force(now).values("institution"),
        )
        .select_related("institution", "office")
        .order_by("institution__code", "office__code")
    )
    pairs = {(one.institution.code, one.office_id): Receiver(one.institution, one.office) for one in serving}
    return [receiver for pair, receiver in pairs.items() if pair not in own]


def by_protocol(institution: Institution, now: datetime) -> frozenset[str]:
    """The sections that the protocol opens to some role of an institution that attends people."""
    lines = lines_in_force(now).filter(
        institution=institution, role__in=[role.value for role in GRANTED_ROLES], read=True
    )
    return frozenset(lines.values_list("section", flat=True)) - never_of(institution.code)


def consent_for(
    officer: Officer, person: Person, recipient: Institution, sections: Collection[str], now: datetime
) -> Consent | None:
    """A consent in force, of those that the officer may see, under which all of these sections may be shared with the
    recipient; the longest. That the person gave one elsewhere stays unknown."""
    return next(iter(living_like(officer, person, recipient, sections, now)), None)


def law_for(recipient: Institution, sections: Collection[str], now: datetime) -> LegalBasis | None:
    """An approved legal basis in force that opens all of these sections to the recipient."""
    fitting = [
        one for one in laws_in_force(now) if one.recipient_id == recipient.pk and set(sections) <= set(one.sections)
    ]
    return next(iter(fitting), None)


def laws_in_force(now: datetime) -> list[LegalBasis]:
    """The legal bases that two persons entered and that hold today, the oldest first."""
    today = timezone.localdate(now)
    found = LegalBasis.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today), approved_by__isnull=False, valid_from__lte=today
    )
    return list(found.select_related("recipient").order_by("pk"))


def live_between(officer: Officer, person: Person, receiver: Receiver, now: datetime) -> bool:
    """Whether a hand-over of this person to this receiver is on its way, of those that the officer may see.

    That another institution sent one is not told: not even by refusing a second.
    """
    return any(
        seen.live
        and (seen.handover.to_institution_id, seen.handover.to_office_id)
        == (receiver.institution.pk, receiver.office.pk)
        for seen in handovers_seen_by(officer, now, person=person)
    )


def holder_of(person: Person) -> Encounter | None:
    """The newest encounter of a person: its office and institution are asked for the record."""
    met = Encounter.objects.filter(person=person).select_related("office", "institution")
    return met.order_by("-occurred_at", "-pk").first()


def ground_of(seen: HandoverSeen, institution: str) -> Decision:
    """On what ground an officer of this institution reads a hand-over: the own side's work."""
    basis = Basis.HANDOVER if Side.RECEIVER in seen.sides and seen.handover.grant_id else Basis.DUTY
    return Decision(True, basis, institution)


def may_print_sheet(officer: Officer, seen: HandoverSeen, now: datetime) -> Decision:
    """Whether the officer prints the sheet that the person carries: either side of a hand-over that lives.

    It says no more than the page of the hand-over, and is the only thing that a receiver prints by its grant.
    """
    if not seen.prints:
        return REFUSED
    decision = may(officer, Verb.PRINT, subject_of(seen.handover.person), None, now)
    if decision or Side.RECEIVER not in seen.sides:
        return decision
    return may(officer, Verb.VIEW, subject_of(seen.handover.person), None, now)


def institution_of(officer: Officer, seen: HandoverSeen, now: datetime) -> str:
    """The code of the institution as an officer of which this one sees it."""
    sides = {
        Side.SENDER: seen.handover.from_institution.code,
        Side.RECEIVER: seen.handover.to_institution.code,
    }
    codes = {sides[side] for side in seen.sides}
    return next((one.institution for one in postings(officer, now) if one.institution in codes), "")


def _of_sides(officer: Officer, held: tuple[Posting, ...], now: datetime) -> QuerySet[Handover]:
    receiving, sending = Q(pk__in=[]), Q(pk__in=[])
    for one in held:
        receiving |= Q(to_institution__code=one.institution, to_office=one.office)
        wide = Q() if one.role in INSTITUTION_WIDE_ROLES else Q(from_office=one.office)
        sending |= Q(from_institution__code=one.institution) & wide
    reached = Encounter.objects.filter(visible(officer, Verb.VIEW, now, through="", granted=False)).values("person")
    kept = Q(ended_at__gt=now - KEPT_FOR) | Q(ended_at__isnull=True, expires_at__gt=now - KEPT_FOR)
    return Handover.objects.filter(receiving & kept | sending & Q(person__in=reached))


def _people_within(officer: Officer, rows: list[Handover], now: datetime, *, granted: bool) -> dict[int, str]:
    """Of the people of these hand-overs, those within the officer's reach: number of the row to the name."""
    within = Encounter.objects.filter(
        visible(officer, Verb.VIEW, now, through="", granted=granted), person__in={row.person_id for row in rows}
    )
    people = Person.objects.filter(pk__in=within.values("person")).prefetch_related("names")
    return {person.pk: _called(person) for person in people}


def _called(person: Person) -> str:
    name, aliases = names_of(person)
    return str(name) or next(iter(aliases), "")


def _sides(row: Handover, held: tuple[Posting, ...], reached: bool) -> frozenset[Side]:
    receives = any((one.institution, one.office) == (row.to_institution.code, row.to_office_id) for one in held)
    sends = reached and any(
        one.institution == row.from_institution.code
        and (one.office == row.from_office_id or one.role in INSTITUTION_WIDE_ROLES)
        for one in held
    )
    return frozenset({Side.RECEIVER} if receives else ()) | frozenset({Side.SENDER} if sends else ())


def _seen(row: Handover, sides: frozenset[Side], readable: Mapping[int, str], now: datetime) -> HandoverSeen | None:
    if not sides:
        return None
    state = state_at(State(row.state), row.expires_at, now)
    return HandoverSeen(
        handover=row,
        state=state,
        sides=sides,
        steps=steps_of(state, sides),
        name=readable.get(row.person_id, ""),
        sender=Side.SENDER in sides or row.grant_id is not None,
    )


GROUNDS_OF = {Ground.CONSENT: Basis.HANDOVER, Ground.PROTOCOL: Basis.HANDOVER, Ground.LAW: Basis.LAW}
"""The ground of a reading under a hand-over, in the record of accesses."""
