"""What is done with skills: somebody offers one, withdraws it, institutions ask, and an officer puts both together."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.skills import CONSENT, RECEIVES, Field, OfferRefused
from torogoz.shared.institutions.access import may_for
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.topics.diaspora.acting import allowed, count_sent, new_code, note, note_without_officer
from torogoz.topics.diaspora.models import Offer, OfferContact, SkillMatch, SkillRequest


@transaction.atomic
def receive_offer(*, address: str, now: datetime, **said: Any) -> str:
    """`offer_skill` for a public form, and its code: what one connection stores is counted; mistakes and repeats are
    not."""
    with transaction.atomic():
        _stored, code = offer_skill(now=now, **said)
        if code:
            count_sent("offer", address, now)
    return code


def offer_skill(
    *,
    field: Field,
    skill: str,
    languages: Sequence[str],
    availability: str,
    country: str,
    name: str,
    contact: str,
    consents: bool,
    token: UUID,
    now: datetime,
    made_up: bool = False,
) -> tuple[Offer, str]:
    """Keep what somebody offers, and how she is reached sealed; the offer, and the code to withdraw it.

    raises  OfferRefused without her consent; nothing is stored then
    """
    sent = Offer.objects.filter(token=token).first()
    if sent is not None:
        return sent, ""
    if not consents:
        raise OfferRefused("consents", "consent")
    code, kept = new_code()
    receiver = Institution.objects.get(code=RECEIVES[field])
    offer = Offer(
        token=token,
        code_hash=kept,
        field=field.value,
        skill=skill.strip(),
        languages=list(languages),
        availability=availability.strip(),
        country=country,
        institution=receiver,
        consent=CONSENT,
        offered_at=now,
        made_up=made_up,
    )
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError:  # the same form arrived twice at once
        return Offer.objects.get(token=token), ""
    who = OfferContact(offer=offer, institution=receiver)
    who.keep_words({"name": name.strip(), "contact": contact.strip()}).save(force_insert=True)
    note_without_officer(Verb.CREATE, "skill_offer", [offer.key], receiver.code, now)
    return offer, code


@transaction.atomic
def withdraw_offer(*, offer: Offer, now: datetime) -> None:
    """Withdraw the consent, at once: the contact is deleted, and what was said; that there was an offer stays."""
    held = Offer.objects.select_for_update(of=("self",)).select_related("institution").get(pk=offer.pk)
    OfferContact.objects.filter(offer=held).delete()
    if held.withdrawn_at is None:
        held.skill, held.availability, held.languages, held.withdrawn_at = "", "", [], now
        held.save(force_update=True)
    note_without_officer(Verb.DISPOSE, "skill_offer", [held.key], held.institution.code, now)


@transaction.atomic
def ask_for_skill(
    *, by: Officer, institution: str, field: Field, what_es: str, what_en: str, until: date, now: datetime
) -> SkillRequest:
    """Ask people abroad for a skill, in the name of the own institution: it is published. Raises NotAllowed."""
    decision = may_for(by, Verb.LIAISE, institution, now)
    asked = SkillRequest(
        institution=allowed(decision),
        field=field.value,
        what_es=what_es.strip(),
        what_en=what_en.strip(),
        until=until,
        by=by,
        at=now,
    )
    asked.save(force_insert=True)
    note(by, Verb.CREATE, "skill_request", [asked.key], decision, now)
    return asked


@transaction.atomic
def match_offer(*, by: Officer, offer: Offer, request: SkillRequest, now: datetime) -> SkillMatch:
    """Put an offer beside what an institution asks for. Only who received it may. Raises OfferRefused, NotAllowed."""
    decision = may_read(by, offer, now)
    allowed(decision)
    held = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if held.withdrawn_at is not None:
        raise OfferRefused("", "withdrawn")
    if held.field != request.field:
        raise OfferRefused("request", "field")
    if request.until < timezone.localdate(now):
        raise OfferRefused("request", "closed")
    if SkillMatch.objects.filter(offer=held, request=request).exists():
        raise OfferRefused("request", "matched")
    match = SkillMatch(offer=held, request=request, by=by, at=now)
    match.save(force_insert=True)
    note(by, Verb.EDIT, "skill_offer", [held.key, request.key], decision, now)
    return match


def may_read(officer: Officer, offer: Offer, now: datetime) -> Decision:
    """Whether an officer reads an offer, and how who made it is reached: of the institution that received it alone."""
    return may_for(officer, Verb.LIAISE, offer.institution.code, now)
