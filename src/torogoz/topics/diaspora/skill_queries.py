"""What institutions ask for, which anybody reads; and offers, for the institution that received each."""

from collections.abc import Collection
from datetime import date
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet

from torogoz.domain import receipts
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.diaspora.models import Offer, OfferContact, SkillMatch, SkillRequest


def requests_open(today: date) -> QuerySet[SkillRequest]:
    """What is asked for today, by field."""
    return SkillRequest.objects.filter(until__gte=today).select_related("institution").order_by("field", "until", "pk")


def request_called(key: UUID) -> SkillRequest | None:
    """The request with this key."""
    return SkillRequest.objects.filter(key=key).select_related("institution").first()


def offers_received_by(institutions: Collection[str]) -> QuerySet[Offer]:
    """What these institutions received and nobody withdrew, the last first. It names nobody."""
    found = Offer.objects.filter(institution__code__in=list(institutions), withdrawn_at__isnull=True)
    return found.select_related("institution").order_by("-offered_at", "-pk")


def offer_called(key: UUID) -> Offer | None:
    """The offer with this key; None also for one that was withdrawn."""
    return Offer.objects.filter(key=key, withdrawn_at__isnull=True).select_related("institution").first()


def offer_with(code: str) -> Offer | None:
    """The offer that this code was given for; None for none, or a withdrawn one."""
    written = receipts.read(code)
    kept = sha256(written.encode()).hexdigest()
    found = Offer.objects.filter(code_hash=kept, withdrawn_at__isnull=True).select_related("institution")
    return found.first() if written else None


def matches_of(offer: Offer) -> QuerySet[SkillMatch]:
    """The requests that it was put beside."""
    return offer.matches.select_related("request__institution").order_by("-at", "-pk")


def contact_of(offer: Offer) -> dict[str, str]:
    """Who made an offer and how she is reached, for who was asked the policy about. Raises SealBroken, KeyMissing."""
    row = OfferContact.objects.select_related("institution").filter(offer=offer).first()
    return row.said_in(Batch()) if row else {}
