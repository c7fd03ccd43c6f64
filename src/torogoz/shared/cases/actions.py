"""Giving and withdrawing a consent; breaking the glass, and judging that it was broken."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone

from torogoz.domain.access import GRANTED_BASES, Basis, Decision, Verb
from torogoz.domain.children import Minority, minority
from torogoz.domain.consents import (
    ConsentRefused,
    Given,
    GivenBy,
    GlassRefused,
    Purpose,
    Verdict,
    check_consent,
    check_giver,
    check_reason,
    glass_until,
    last_day,
)
from torogoz.domain.sections import IDENTITY
from torogoz.shared.cases.handover_actions import cancel_those_on
from torogoz.shared.cases.models import Consent, GlassBreak
from torogoz.shared.cases.noting import note as noted
from torogoz.shared.cases.queries import barred, breaker, glass_seen_by, living_like, may_withdraw, never_of, shareable
from torogoz.shared.institutions.access import PROTECTED_SECTIONS, may, postings
from torogoz.shared.institutions.grounds import grounds_in_force, may_ground
from torogoz.shared.institutions.models import Institution, LegalGround, Officer, PersonGrant
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold, hold_whatever_became
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import birth_of, subject_of


@transaction.atomic
def give_consent(
    *,
    by: Officer,
    person: Person,
    recipient: Institution,
    purpose: Purpose,
    sections: Collection[str],
    given: Given,
    given_by: GivenBy,
    assent: bool,
    language: str,
    witness: str,
    valid_until: date,
    now: datetime,
    minor: bool | None = None,
    law: LegalGround | None = None,
    sent: UUID | None = None,
) -> Consent:
    """Record what a person agreed to share. The recipient's officers may read it from this moment.

    minor   whether the officer says that the person is under 18; it counts where the birth date does not tell
    sent    of the form: what is sent again is the consent that was recorded then, and no other one
    law     of the list of laws, that asks for the consent; None where none of them does
    Raises ConsentRefused with the field and the reason, Disposed, NotAllowed. Nothing is stored then.
    """
    (held,) = hold(person)
    decision = may(by, Verb.VIEW, subject_of(person), IDENTITY, now)
    readable = shareable(by, person, now)
    if not decision or decision.basis in GRANTED_BASES:
        raise NotAllowed(f"{by} may not record a consent")
    again = Consent.objects.filter(key=sent, person=person, recorded_by=by).first() if sent else None
    if again is not None:
        return again
    today = timezone.localdate(now)
    of = minority(birth_of(held), today)
    check_giver(of=of, minor=minor, given_by=given_by)
    check_consent(
        sections=sections,
        readable=readable,
        protected=PROTECTED_SECTIONS,
        never=never_of(recipient.code),
        own=recipient.code in {held.institution for held in postings(by, now)},
        institution=recipient.code,
        valid_until=valid_until,
        given=given,
        given_by=given_by,
        assent=assent,
        witness=witness,
        today=today,
    )
    if law is not None and not (law in grounds_in_force(today) and may_ground(law, sections, purpose.value)):
        raise ConsentRefused("law", "law")
    ends = timezone.make_aware(datetime.combine(valid_until + timedelta(days=1), time.min))
    same = next(
        (one for one in living_like(by, person, recipient, sections, now) if one.purpose == purpose.value), None
    )
    if same is not None and same.valid_until >= ends:
        raise ConsentRefused("", "same", last=f"{last_day(timezone.localtime(same.valid_until)):%Y-%m-%d}")
    institution = Institution.objects.get(code=decision.institution)
    grant = PersonGrant.objects.create(
        person=person.key,
        institution=recipient,
        basis=Basis.CONSENT.value,
        sections=sorted(sections),
        purpose=purpose.value,
        valid_from=now,
        valid_until=ends,
    )
    consent = Consent.objects.create(
        key=sent if sent and not Consent.objects.filter(key=sent).exists() else uuid4(),
        person=person,
        recipient=recipient,
        purpose=purpose.value,
        sections=sorted(sections),
        given=given.value,
        given_by=given_by.value,
        assent=assent,
        minor=None if of in (Minority.CHILD, Minority.ADULT) else minor,
        language=language,
        witness=witness.strip(),
        recorded_by=by,
        institution=institution,
        recorded_at=now,
        valid_until=ends,
        grant=grant,
        law=law,
    )
    noted(by, Verb.CREATE, "consent", [person.key, consent.key], decision, now, sorted(sections))
    return consent


@transaction.atomic
def withdraw_consent(*, by: Officer, consent: Consent, now: datetime) -> Consent:
    """Record that the person withdraws: from this moment the recipient reads nothing more, and the hand-overs that
    stand on it end. Raises Disposed, NotAllowed."""
    hold(consent.person)
    held = Consent.objects.select_for_update(of=("self",)).select_related("person").get(pk=consent.pk)
    decision = may(by, Verb.VIEW, subject_of(held.person), IDENTITY, now)
    if not decision or not may_withdraw(by, held, now):
        raise NotAllowed(f"{by} may not withdraw this consent")
    _end([held], by, decision, now)
    return held


@transaction.atomic
def end_consents_for(*, by: Officer, person: Person, purpose: Purpose, decision: Decision, now: datetime) -> int:
    """End every consent of a person for one purpose, which she opposes, and the hand-overs that stand on them.

    decision    that of the request of the person (shared/data_rights), by who protects the data
    returns     how many ended
    """
    hold_whatever_became([person.pk])
    live = Consent.objects.select_for_update(of=("self",))
    stored = live.filter(person=person, purpose=purpose.value, withdrawn_at=None)
    ended = list(stored.filter(valid_until__gt=now).select_related("person").order_by("pk"))
    _end(ended, by, decision, now)
    return len(ended)


def _end(ending: Sequence[Consent], by: Officer, decision: Decision, now: datetime) -> None:
    for held in ending:
        held.withdrawn_at, held.withdrawn_by = now, by
        held.save(update_fields=["withdrawn_at", "withdrawn_by"])
        # A grant that was recorded in this same moment ends no earlier than it began.
        PersonGrant.objects.filter(pk=held.grant_id).update(valid_until=max(now, held.recorded_at))
        cancel_those_on(held, by=by, now=now)
    for held in ending:  # the record of accesses last: see people/held.py
        noted(by, Verb.EDIT, "consent", [held.person.key, held.key], decision, now, held.sections)


@transaction.atomic
def break_glass(*, by: Officer, person: Person, reason: str, now: datetime) -> GlassBreak:
    """Open a person for three hours, with what the protocol opens to the officer's role, protected sections excepted.

    Whoever recorded the person, and the data-protection officers, see it on their page at once.
    Raises GlassRefused for a reason that is none, and for who broke it before without justification, until that is
    allowed (`allow_again`); Disposed, NotAllowed.
    """
    hold(person)
    code = breaker(by, now)
    if not code:
        raise NotAllowed(f"{by} may not break glass")
    if barred(by, person):
        raise GlassRefused("", "judged")
    kept = check_reason(reason)
    institution = Institution.objects.get(code=code)
    grant = PersonGrant.objects.create(
        person=person.key,
        institution=institution,
        officer=by,
        basis=Basis.GLASS.value,
        sections=None,
        valid_from=now,
        valid_until=glass_until(now),
    )
    glass = GlassBreak.objects.create(
        person=person, officer=by, institution=institution, reason=kept, opened_at=now, grant=grant
    )
    decision = Decision(True, Basis.GLASS, code)
    noted(by, Verb.CREATE, "glass", [person.key, glass.key], decision, now)
    return glass


@transaction.atomic
def judge_glass(*, by: Officer, glass: GlassBreak, verdict: Verdict, note: str, now: datetime) -> GlassBreak:
    """Say whether it was right to break the glass. Unjustified, it closes at once, and so does every other that the
    same officer broke for the same person, who may not break it again (`allow_again`). Raises NotAllowed."""
    hold_whatever_became([glass.person_id])
    held = GlassBreak.objects.select_for_update().get(pk=glass.pk)
    seen = next((one for one in glass_seen_by(by, now) if one.glass.pk == held.pk), None)
    if seen is None or not seen.may_judge:
        raise NotAllowed(f"{by} may not judge this")
    held.verdict, held.verdict_note = verdict.value, note.strip()[:500]
    held.reviewed_by, held.reviewed_at = by, now
    held.save(update_fields=["verdict", "verdict_note", "reviewed_by", "reviewed_at"])
    if verdict is Verdict.UNJUSTIFIED:
        still_open = PersonGrant.objects.filter(
            glass__officer=held.officer_id, glass__person=held.person_id, valid_until__gt=now
        )
        still_open.update(valid_until=Greatest("valid_from", Value(now)))
    duty = may(by, Verb.AUDIT, None, None, now)
    noted(by, Verb.EDIT, "glass", [seen.person, held.key], duty, now)
    return held


@transaction.atomic
def allow_again(*, by: Officer, glass: GlassBreak, why: str, now: datetime) -> GlassBreak:
    """Let the officer whose glass was judged not justified break that person's again, though, for this reason.

    Every judgement of that officer on that person that stands in the way is lifted with it. Raises NotAllowed.
    """
    hold_whatever_became([glass.person_id])
    seen = next((one for one in glass_seen_by(by, now) if one.glass.pk == glass.pk), None)
    if seen is None or not seen.may_allow:
        raise NotAllowed(f"{by} may not allow this")
    judged = GlassBreak.objects.select_for_update().filter(officer=glass.officer_id, person=glass.person_id)
    standing = judged.filter(verdict=Verdict.UNJUSTIFIED.value, again_at__isnull=True)
    standing.update(again_by=by, again_at=now, again_why=why.strip()[:500])
    duty = may(by, Verb.AUDIT, None, None, now)
    noted(by, Verb.EDIT, "glass", [seen.person, glass.key], duty, now)
    return GlassBreak.objects.get(pk=glass.pk)
