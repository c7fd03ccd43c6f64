"""What may be read of consents and of broken glass."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from torogoz.domain.access import GRANTED_ROLES, NEVER, PERSON_ROLES, REFUSED, Basis, Decision, Role, Verb
from torogoz.domain.consents import REVIEW_WITHIN, Verdict
from torogoz.domain.documents import fold_number
from torogoz.domain.sections import BESIDE_THE_FORM, IDENTITY
from torogoz.shared.cases.models import Consent, GlassBreak
from torogoz.shared.cases.tokens import open_token, shut_token
from torogoz.shared.institutions.access import (
    PROTECTED_SECTIONS,
    may,
    postings,
    seats,
    sections,
    shut_to,
    visible,
)
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import subject_of, with_document
from torogoz.statistics.forms.shipped import current


@dataclass(frozen=True)
class GlassSeen:
    """A broken glass as its reviewer sees it, with the person's key and never the name.

    closes_at       when it closes, or closed
    closed          whether that is past
    closed_by       who closed it before its time, by judging that it was not justified
    time            which time it is that this officer broke the glass of this person: 1, 2…
    unjustified     how many of the times before were judged not to be justified by then
    may_judge       whether the reader judges it
    may_allow       whether the reader may allow the officer to break it again
    """

    glass: GlassBreak
    person: str
    closes_at: datetime
    closed: bool
    closed_by: Officer | None
    time: int
    unjustified: int
    overdue: bool
    may_judge: bool
    may_allow: bool


def shareable(officer: Officer, person: Person, now: datetime) -> dict[str, tuple[str, str]]:
    """The sections of this person that the officer may read and a consent may open: code to names (es, en)."""
    if not may(officer, Verb.VIEW, subject_of(person), IDENTITY, now):
        return {}
    readable = sections(officer, Verb.VIEW, subject_of(person), now) - PROTECTED_SECTIONS
    named = {IDENTITY: ("Quién es", "Who it is")} | {form.code: (form.es, form.en) for form in current()}
    named |= BESIDE_THE_FORM
    return {code: names for code, names in named.items() if code in readable}


def recipients(officer: Officer, now: datetime) -> list[Institution]:
    """The institutions that a consent may name: those that the protocol knows, but for the officer's own."""
    own = {posting.institution for posting in postings(officer, now)}
    known = Institution.objects.filter(sharing_rules__isnull=False).exclude(code__in=own)
    return list(known.distinct().order_by("code"))


def never_of(institution: str) -> frozenset[str]:
    """What this institution must never read."""
    return frozenset(NEVER.get(institution, ()))


def consents_seen_by(officer: Officer, person: Person, now: datetime) -> list[Consent]:
    """The consents of a visible person that the officer's institution recorded or receives, the newest first."""
    own = {posting.institution for posting in postings(officer, now) if posting.role in PERSON_ROLES}
    within = Q(institution__code__in=own) | Q(recipient__code__in=own)
    found = Consent.objects.filter(within, person=person).select_related(
        "recipient", "institution", "recorded_by", "law"
    )
    return list(found.order_by("-recorded_at", "-pk"))


def living_like(
    officer: Officer, person: Person, recipient: Institution, sections: Collection[str], now: datetime
) -> list[Consent]:
    """The consents in force, of those that the officer may see, that share all of these sections with the recipient,
    for whatever purpose; the one that lasts longest first."""
    living = [
        one
        for one in consents_seen_by(officer, person, now)
        if one.recipient_id == recipient.pk and one.withdrawn_at is None and one.valid_until > now
    ]
    return sorted(
        (one for one in living if set(sections) <= set(one.sections)), key=lambda one: one.valid_until, reverse=True
    )


def still_shared(officer: Officer, consent: Consent, now: datetime) -> list[Consent]:
    """The consents in force, of those that the officer may see, that still share with the recipient of this one some of
    what it shared."""
    return [
        one
        for one in consents_seen_by(officer, consent.person, now)
        if one.recipient_id == consent.recipient_id
        and one.pk != consent.pk
        and one.withdrawn_at is None
        and one.valid_until > now
        and set(one.sections) & set(consent.sections)
    ]


def may_withdraw(officer: Officer, consent: Consent, now: datetime) -> bool:
    """Whether the officer may record that the person withdraws it: who may read her identity, by reach."""
    reached = Encounter.objects.filter(visible(officer, Verb.VIEW, now, through="", granted=False))
    return (
        consent.withdrawn_at is None
        and reached.filter(person=consent.person).exists()
        and bool(may(officer, Verb.VIEW, subject_of(consent.person), IDENTITY, now))
    )


def elsewhere(officer: Officer, document: str, now: datetime) -> str:
    """A token for the person who has exactly this document, when there is one whom the officer may not see; or "".

    It says nothing of whom: it is the answer «there is a record elsewhere» and lasts a quarter of an hour. Only a
    whole number asks, never a name: who knows the number has the document, or was told it.
    """
    if not fold_number(document) or not breaker(officer, now):
        return ""
    found = with_document(Person.objects.all(), document)
    reached = Encounter.objects.filter(visible(officer, Verb.VIEW, now, through="")).values("person")
    hidden = found.exclude(pk__in=reached).exclude(key__in=shut_to(officer, now)).filter(encounters__isnull=False)
    person = hidden.distinct().order_by("pk").first()
    return shut_token(officer.pk, person.pk) if person else ""


def behind(officer: Officer, token: str) -> Person | None:
    """The person that a token stands for; None when it is another officer's, too old, or none."""
    whose, person = open_token(token)
    return Person.objects.filter(pk=person).first() if whose == officer.pk else None


def breaker(officer: Officer, now: datetime) -> str:
    """The institution as an officer of which this one may break glass: a role that reads people; or ""."""
    return next((held.institution for held in postings(officer, now) if held.role in GRANTED_ROLES), "")


def glass_seen_by(officer: Officer, now: datetime) -> list[GlassSeen]:
    """The broken glass that the officer reviews: of persons recorded, and by officers, of the institution served.

    The data-protection officer judges; supervisors of the institution that recorded the person are told.
    """
    judges = set(seats(officer, Verb.AUDIT, now))
    told = {held.institution for held in postings(officer, now) if held.role is Role.SUPERVISOR}
    if not judges | told:
        return []
    found = list(_glass_of(judges | told))
    before: dict[tuple[int, int], list[GlassBreak]] = {}
    related = GlassBreak.objects.filter(person__in={one.person_id for one in found}).select_related("reviewed_by")
    for glass in related.order_by("opened_at", "pk"):
        before.setdefault((glass.officer_id, glass.person_id), []).append(glass)
    return [_glass_seen(officer, glass, before[glass.officer_id, glass.person_id], judges, now) for glass in found]


def _glass_seen(
    officer: Officer, glass: GlassBreak, same: list[GlassBreak], judges: set[str], now: datetime
) -> GlassSeen:
    """`same` are all the times that the officer of `glass` broke that of its person, the oldest first."""
    earlier = same[: same.index(glass)]
    mine = glass.officer_id != officer.pk and _concerns(glass, judges)
    return GlassSeen(
        glass=glass,
        person=str(glass.person.key),
        closes_at=glass.grant.valid_until,
        closed=glass.grant.valid_until <= now,
        closed_by=next((one.reviewed_by for one in same if _shut(one, glass)), None),
        time=len(earlier) + 1,
        unjustified=sum(_unjustified(one, glass.opened_at) for one in earlier),
        overdue=not glass.verdict and now > glass.opened_at + REVIEW_WITHIN,
        may_judge=not glass.verdict and mine,
        may_allow=glass.verdict == Verdict.UNJUSTIFIED.value and glass.again_at is None and mine,
    )


def _shut(judged: GlassBreak, glass: GlassBreak) -> bool:
    """Whether the judgement of one closed the other."""
    return judged.verdict == Verdict.UNJUSTIFIED.value and judged.reviewed_at == glass.grant.valid_until


def _unjustified(glass: GlassBreak, by: datetime) -> bool:
    return glass.verdict == Verdict.UNJUSTIFIED.value and glass.reviewed_at is not None and glass.reviewed_at <= by


def barred(officer: Officer, person: Person) -> bool:
    """Whether the officer broke the glass of this person without justification, and nobody allowed another time."""
    judged = GlassBreak.objects.filter(officer=officer, person=person, verdict=Verdict.UNJUSTIFIED.value)
    return judged.filter(again_at__isnull=True).exists()


def waiting_for(officer: Officer, now: datetime) -> int:
    """How many broken glasses wait for this officer's judgement: shown in the menu."""
    return sum(seen.may_judge for seen in glass_seen_by(officer, now))


def _glass_of(institutions: set[str]) -> QuerySet[GlassBreak]:
    recorded = Encounter.objects.filter(institution__code__in=institutions).values("person")
    return (
        GlassBreak.objects.filter(Q(institution__code__in=institutions) | Q(person__in=recorded))
        .select_related("person", "officer", "institution", "reviewed_by", "again_by", "grant")
        .order_by("-opened_at")
    )


def _concerns(glass: GlassBreak, institutions: set[str]) -> bool:
    return (
        glass.institution.code in institutions
        or Encounter.objects.filter(person=glass.person, institution__code__in=institutions).exists()
    )


def reviews(officer: Officer, now: datetime) -> bool:
    """Whether the officer reviews broken glass at all."""
    return bool(seats(officer, Verb.AUDIT, now)) or bool(as_supervisor(officer, now))


def as_supervisor(officer: Officer, now: datetime) -> Decision:
    """The ground on which a supervisor is told of broken glass: the duty to the institution served."""
    code = next((held.institution for held in postings(officer, now) if held.role is Role.SUPERVISOR), "")
    return Decision(True, Basis.DUTY, code) if code else REFUSED
