"""Sending, asking for, answering and ending hand-overs. Each writes what it opens in the same transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import GRANTED_BASES, Basis, Decision, Verb
from torogoz.domain.handovers import (
    ATTEND_WITHIN,
    LIVE,
    LONGEST_NOTE,
    Ground,
    HandoverRefused,
    Kind,
    Side,
    State,
    Step,
    Urgency,
    Why,
    begin,
    check_reason,
    check_sections,
    opens,
    side_of,
    take,
)
from torogoz.domain.sections import IDENTITY
from torogoz.shared.cases.handover_queries import (
    GROUNDS_OF,
    HandoverSeen,
    Receiver,
    by_protocol,
    consent_for,
    handover_seen_by,
    holder_of,
    institution_of,
    law_for,
    live_between,
    receivers,
)
from torogoz.shared.cases.models import Consent, Handover, HandoverStep, LegalBasis
from torogoz.shared.cases.noting import note as noted
from torogoz.shared.cases.queries import breaker, never_of, shareable
from torogoz.shared.institutions.access import PROTECTED_SECTIONS, may, postings
from torogoz.shared.institutions.models import Institution, Officer, PersonGrant
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import subject_of


@dataclass(frozen=True)
class Standing:
    """What a disclosure stands on, and when that ends (None when it does not)."""

    ground: Ground
    consent: Consent | None = None
    law: LegalBasis | None = None
    ends: datetime | None = None


@transaction.atomic
def send(
    *,
    by: Officer,
    person: Person,
    to: Receiver,
    urgency: Urgency,
    reason: str,
    sections: Collection[str],
    ground: Ground,
    now: datetime,
) -> Handover:
    """Hand a person over to another office, which reads what is disclosed from this moment and has to answer.

    Raises HandoverRefused with the field and the reason, Disposed, NotAllowed. Nothing is stored then.
    """
    hold(person)
    decision = _may_share(by, person, now)
    if to.code not in {one.code for one in receivers(by, now)}:
        raise HandoverRefused("to", "own")
    purpose = check_reason(reason)
    _check_sections(by, person, sections, to.institution, now)
    standing = _standing(by, person, to.institution, sections, ground, now)
    if live_between(by, person, to, now):
        raise HandoverRefused("to", "twice")
    held = next(one for one in postings(by, now) if one.institution == decision.institution)
    sender = Institution.objects.get(code=decision.institution)
    handover = Handover(
        kind=(Kind.ASSIGNMENT if sender == to.institution else Kind.REFERRAL).value,
        person=person,
        from_institution=sender,
        from_office_id=held.office,
        to_institution=to.institution,
        to_office=to.office,
        urgency=urgency.value,
        state=State.SENT.value,
        sent_by=by,
        sent_at=now,
        expires_at=_sooner(begin(urgency, now), standing.ends),
    )
    _open(handover, standing, sections, now)
    _step(handover, by, Side.SENDER, None, purpose, now)
    noted(by, Verb.CREATE, "handover", [person.key, handover.key], decision, now, sorted(sections))
    return handover


@transaction.atomic
def ask(
    *, by: Officer, person: Person, urgency: Urgency, reason: str, sections: Collection[str], now: datetime
) -> Handover:
    """Ask whoever holds a record for it. It opens nothing, and tells the asker nothing of whom or where.

    Raises HandoverRefused, Disposed, NotAllowed.
    """
    hold(person)
    code = breaker(by, now)
    met = holder_of(person)
    held = next((one for one in postings(by, now) if one.institution == code), None)
    if not code or held is None or met is None:
        raise NotAllowed(f"{by} may not ask for a record")
    purpose = check_reason(reason)
    asker = Institution.objects.get(code=code)
    wanted = frozenset(sections)
    check_sections(
        sections=wanted,
        readable=wanted,
        protected=PROTECTED_SECTIONS,
        never=never_of(code),
        institution=code,
    )
    handover = Handover(
        kind=Kind.REQUEST.value,
        person=person,
        from_institution=met.institution,
        from_office=met.office,
        to_institution=asker,
        to_office_id=held.office,
        urgency=urgency.value,
        sections=sorted(wanted),
        state=State.ASKED.value,
        sent_by=by,
        sent_at=now,
        expires_at=begin(urgency, now),
    )
    if live_between(by, person, Receiver(asker, handover.to_office), now):
        raise HandoverRefused("", "twice")
    handover.save()
    _step(handover, by, Side.RECEIVER, None, purpose, now)
    seat = Decision(True, Basis.DUTY, code)
    noted(by, Verb.CREATE, "handover", [person.key, handover.key], seat, now, sorted(wanted))
    return handover


@transaction.atomic
def share(
    *, by: Officer, handover: Handover, sections: Collection[str], ground: Ground, note: str, now: datetime
) -> Handover:
    """Answer a request: disclose these sections to the office that asked. Raises HandoverRefused, Disposed,
    NotAllowed."""
    hold(handover.person)
    held, seen = _held(by, handover, now)
    take(seen.state, Step.SHARE, seen.sides)
    decision = _may_share(by, held.person, now)
    _check_sections(by, held.person, sections, held.to_institution, now)
    standing = _standing(by, held.person, held.to_institution, sections, ground, now)
    held.state = State.ACCEPTED.value
    held.expires_at = _sooner(now + ATTEND_WITHIN, standing.ends)
    _open(held, standing, sections, now)
    _step(held, by, Side.SENDER, None, note, now)
    noted(by, Verb.EDIT, "handover", [held.person.key, held.key], decision, now, sorted(sections))
    return held


@transaction.atomic
def advance(
    *, by: Officer, handover: Handover, step: Step, why: Why | None = None, note: str = "", now: datetime
) -> Handover:
    """Take a step that is of the officer's side: accept, reject, recall, start, complete, give back, or cancel because
    the person does not want it any more. What it opens changes at once. Raises HandoverRefused, NotAllowed."""
    held, seen = _held(by, handover, now)
    if step is Step.SHARE:
        raise HandoverRefused("", "not_now", state=seen.state.value)
    then = take(seen.state, step, seen.sides, why, note)
    code = institution_of(by, seen, now)
    _move(held, then, now)
    _step(held, by, side_of(seen.state, step, seen.sides), why, note, now)
    basis = Basis.HANDOVER if held.grant_id else Basis.DUTY
    noted(by, Verb.EDIT, "handover", [held.person.key, held.key], Decision(True, basis, code), now, held.sections)
    return held


def cancel_those_on(consent: Consent, *, by: Officer, now: datetime) -> None:
    """End every live hand-over that stands on a consent which is withdrawn now. Inside the withdrawal's transaction."""
    live = Handover.objects.select_for_update(of=("self",)).filter(
        consent=consent, state__in=[state.value for state in LIVE]
    )
    for held in live.select_related("grant", "consent", "law", "from_institution", "to_institution").order_by("pk"):
        _move(held, State.CANCELLED, now)
        _step(held, by, Side.SENDER, None, "", now)


def _may_share(by: Officer, person: Person, now: datetime) -> Decision:
    decision = may(by, Verb.VIEW, subject_of(person), IDENTITY, now)
    if not decision or decision.basis in GRANTED_BASES:
        raise NotAllowed(f"{by} may not hand this person over")
    return decision


def _check_sections(
    by: Officer, person: Person, sections: Collection[str], recipient: Institution, now: datetime
) -> None:
    check_sections(
        sections=sections,
        readable=shareable(by, person, now),
        protected=PROTECTED_SECTIONS,
        never=never_of(recipient.code),
        institution=recipient.code,
    )


def _standing(
    by: Officer, person: Person, recipient: Institution, sections: Collection[str], ground: Ground, now: datetime
) -> Standing:
    """What the disclosure stands on, if it does. Raises HandoverRefused."""
    if ground is Ground.PROTOCOL:
        closed = sorted(set(sections) - by_protocol(recipient, now))
        if closed:
            raise HandoverRefused("ground", "no_protocol", section=closed[0], institution=recipient.code)
        return Standing(ground)
    if ground is Ground.CONSENT:
        consent = consent_for(by, person, recipient, sections, now)
        if consent is None:
            raise HandoverRefused("ground", "no_consent", institution=recipient.code)
        return Standing(ground, consent=consent, ends=consent.valid_until)
    law = law_for(recipient, sections, now)
    if law is None:
        raise HandoverRefused("ground", "no_law", institution=recipient.code)
    after = law.valid_until + timedelta(days=1) if law.valid_until else None
    return Standing(ground, law=law, ends=timezone.make_aware(datetime.combine(after, time.min)) if after else None)


def _open(handover: Handover, standing: Standing, sections: Collection[str], now: datetime) -> None:
    """Write what the hand-over stands on and what it opens; the row is saved."""
    opening = opens(State(handover.state), sent_at=now, expires_at=handover.expires_at, ended_at=None)
    assert opening is not None
    handover.ground, handover.consent, handover.law = standing.ground.value, standing.consent, standing.law
    handover.sections = sorted(sections)
    handover.grant = PersonGrant.objects.create(
        person=handover.person.key,
        institution=handover.to_institution,
        office=handover.to_office,
        basis=GROUNDS_OF[standing.ground].value,
        sections=sorted(sections),
        ruled=standing.ground is Ground.PROTOCOL,
        written_before=opening.written_before,
        valid_from=now,
        valid_until=opening.until,
    )
    handover.save()


def _move(held: Handover, then: State, now: datetime) -> None:
    """Put a hand-over in its next state, and what it opens with it."""
    if held.state == State.SENT.value and then is State.ACCEPTED:
        held.expires_at = _sooner(now + ATTEND_WITHIN, _ends(held))
    held.state = then.value
    held.ended_at = None if then in LIVE else now
    held.save(update_fields=["state", "expires_at", "ended_at"])
    opening = opens(then, sent_at=held.sent_at, expires_at=held.expires_at, ended_at=held.ended_at)
    if held.grant is not None and opening is not None:
        held.grant.valid_until = max(opening.until, held.grant.valid_from)
        held.grant.written_before = opening.written_before
        held.grant.save(update_fields=["valid_until", "written_before"])


def _ends(held: Handover) -> datetime | None:
    if held.consent is not None:
        return held.consent.valid_until
    if held.law is not None and held.law.valid_until is not None:
        return timezone.make_aware(datetime.combine(held.law.valid_until + timedelta(days=1), time.min))
    return None


def _sooner(moment: datetime, ends: datetime | None) -> datetime:
    return moment if ends is None else min(moment, ends)


def _held(by: Officer, handover: Handover, now: datetime) -> tuple[Handover, HandoverSeen]:
    """The row, held until the end of the transaction, and as the officer sees it. Raises NotAllowed."""
    related = ("person", "from_institution", "to_institution", "to_office", "consent", "law", "grant")
    locked = Handover.objects.select_for_update(of=("self",)).select_related(*related)
    held = locked.filter(pk=handover.pk).first()
    seen = handover_seen_by(by, handover.key, now)
    if held is None or seen is None:
        raise NotAllowed(f"{by} may not answer this")
    return held, seen


def _step(handover: Handover, by: Officer, side: Side, why: Why | None, note: str, now: datetime) -> None:
    words = " ".join(note.split())[:LONGEST_NOTE]
    institution = handover.from_institution if side is Side.SENDER else handover.to_institution
    step = HandoverStep(
        handover=handover, state=handover.state, by=by, side=side.value, institution=institution, at=now
    )
    step.why = why.value if why else ""
    step.keep(words).save()
