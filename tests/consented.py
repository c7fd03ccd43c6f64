"""A consent as most tests need one: signed by the person, in Spanish, for a month."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone

from torogoz.domain.consents import Given, GivenBy, Purpose
from torogoz.shared.cases.actions import give_consent
from torogoz.shared.cases.models import Consent
from torogoz.shared.institutions.models import Institution, LegalGround, Officer
from torogoz.shared.people.models import Person


def consented(
    by: Officer,
    person: Person,
    to: str,
    sections: Collection[str],
    now: datetime,
    *,
    purpose: Purpose = Purpose.ATTENTION,
    law: LegalGround | None = None,
) -> Consent:
    """That `person` let the institution `to` (its code) read these sections for a purpose, as `by` recorded it."""
    return give_consent(
        by=by,
        person=person,
        recipient=Institution.objects.get(code=to),
        purpose=purpose,
        sections=sections,
        given=Given.SIGNED,
        given_by=GivenBy.PERSON,
        assent=False,
        language="español",
        witness="",
        valid_until=timezone.localdate(now) + timedelta(days=30),
        law=law,
        now=now,
    )
