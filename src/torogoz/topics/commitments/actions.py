"""Who answers for a commitment: recorded, and ended."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from torogoz.domain.access import Verb
from torogoz.domain.provisions import ResponsibilityRefused, check_reason, check_years
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.actions import allowed, note
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments.models import Responsibility


@transaction.atomic
def make_responsible(
    *, by: Officer, provision: Provision, institution: str, role: str, since: date, ground: str, now: datetime
) -> Responsibility:
    """Record that an institution leads or supports a commitment from a day on.

    raises  ResponsibilityRefused, ReasonRefused, NotAllowed
    """
    decision = allowed(by, now)
    body = institution_of(institution)
    check_years(body.code, since, body.valid_from, body.valid_until)
    made = Responsibility(
        provision=provision,
        institution=body,
        role=Responsibility.Role(role),
        valid_from=since,
        ground=check_reason(ground, "ground"),
        recorded_by=by,
        recorded_at=now,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ResponsibilityRefused("institution", "there", name=body.code) from None
    note(by, Verb.CREATE, "responsibility", [provision], decision, now)
    return made


@transaction.atomic
def end_responsibility(*, by: Officer, ended: Responsibility, on: date, now: datetime) -> Responsibility:
    """End a responsibility on a day; the row stays under the old name. Raises ResponsibilityRefused, NotAllowed."""
    decision = allowed(by, now)
    found = Responsibility.objects.select_for_update().get(pk=ended.pk)
    if found.valid_until is not None:
        raise ResponsibilityRefused("on", "ended")
    if on <= found.valid_from:
        raise ResponsibilityRefused("on", "order", day=found.valid_from.isoformat())
    found.valid_until = on
    found.save(update_fields=["valid_until"])
    note(by, Verb.EDIT, "responsibility", [found.provision], decision, now)
    return found


def institution_of(code: str) -> Institution:
    """The institution with this code, with its successor. Raises ResponsibilityRefused."""
    found = Institution.objects.filter(code=code).select_related("successor").first()
    if found is None:
        raise ResponsibilityRefused("institution", "unknown", name=code[:20])
    return found
