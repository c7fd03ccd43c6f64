"""What statisticians write about violence: an estimate, its correction, which one is recommended."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain import violence
from torogoz.domain.access import Decision, Verb
from torogoz.domain.violence import EstimateRefused, NotTheNewestVersion, check, check_correction, check_reason
from torogoz.shared.audit.actions import record
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.access import may, may_for
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.places.queries import names as names_of_places
from torogoz.statistics.crime import WHOLE
from torogoz.topics.violence.models import Estimate, Recommendation
from torogoz.topics.violence.queries import as_domain, newest_version


class NotAllowed(PermissionError):
    """The policy refuses this officer."""


@transaction.atomic
def record_estimate(*, by: Officer, estimate: violence.Estimate, now: datetime, token: UUID | None = None) -> Estimate:
    """Keep what somebody published, for the officer's institution.

    token   of the form; sent twice with the same words, it gives the estimate that it gave the first time
    raises  EstimateRefused, NotAllowed
    """
    decision = _allowed(may(by, Verb.PUBLISH, None, None, now))
    _check(estimate, now)
    stored = _stored(by, estimate, decision, now)
    stored.token = token
    if sent := _sent_before(stored):
        return sent
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except IntegrityError:  # the same form arrived twice at once
        if sent := _sent_before(stored):
            return sent
        raise EstimateRefused("", "sent_before") from None  # by another officer, on the same machine
    _audit(by, stored, Verb.CREATE, decision, now)
    return stored


@transaction.atomic
def correct_estimate(
    *, by: Officer, before: Estimate, estimate: violence.Estimate, change: str, now: datetime
) -> Estimate:
    """Keep a new version beside `before`, which stays as it was. Only officers of its institution may.

    raises  EstimateRefused, also when it would speak of something else than `before`; NotTheNewestVersion,
            RecommendationRefused if `change` does not say why, NotAllowed
    """
    decision = _allowed(may_for(by, Verb.PUBLISH, before.institution.code, now))
    check_correction(as_domain(before), estimate)
    _check(estimate, now)
    if newest_version(before).version != before.version:
        raise NotTheNewestVersion("", "corrected")
    stored = _stored(by, estimate, decision, now)
    stored.series, stored.version, stored.change = before.series, before.version + 1, check_reason(change)
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except IntegrityError:  # somebody else's correction arrived between the question and the answer
        raise NotTheNewestVersion("", "corrected") from None
    _audit(by, stored, Verb.EDIT, decision, now)
    return stored


@transaction.atomic
def recommend(*, by: Officer, estimate: Estimate, reason: str, now: datetime) -> Recommendation:
    """Choose this estimate among those about the same, in the officer's name. Raises RecommendationRefused, NotAllowed,
    NotTheNewestVersion."""
    decision = _allowed(may(by, Verb.PUBLISH, None, None, now))
    if newest_version(estimate).pk != estimate.pk:
        raise NotTheNewestVersion("", "corrected")
    chosen = Recommendation(
        estimate=estimate,
        reason=check_reason(reason),
        chosen_by=by,
        institution=Institution.objects.get(code=decision.institution),
        chosen_at=now,
    )
    chosen.save(force_insert=True)
    _audit(by, estimate, Verb.PUBLISH, decision, now)
    return chosen


def _allowed(decision: Decision) -> Decision:
    if not decision:
        raise NotAllowed("only statisticians record estimates, and correct those of their own institution")
    return decision


def _check(estimate: violence.Estimate, now: datetime) -> None:
    """Refuse what cannot be, and codes that no list has. Raises EstimateRefused."""
    for field, code, known in (
        ("concept", estimate.concept, names("VIOLENCE_CONCEPT", "es")),
        ("area", estimate.area, {WHOLE: "", **names_of_places()}),
    ):
        if code not in known:
            raise EstimateRefused(field, "unknown_code", text=code[:40])
    check(estimate, today=timezone.localdate(now))


def _stored(by: Officer, estimate: violence.Estimate, decision: Decision, now: datetime) -> Estimate:
    return Estimate(
        concept=estimate.concept,
        area=estimate.area,
        period=estimate.period,
        low=estimate.low,
        best=estimate.best,
        high=estimate.high,
        method=estimate.method.strip(),
        source=estimate.source.strip(),
        published_on=estimate.published_on,
        mark=estimate.mark.value,
        where=estimate.where.strip(),
        recorded_by=by,
        institution=Institution.objects.get(code=decision.institution),
        recorded_at=now,
    )


def _sent_before(estimate: Estimate) -> Estimate | None:
    """What the officer's form has stored already. Raises EstimateRefused if it says something else now."""
    if estimate.token is None:
        return None
    sent = Estimate.objects.filter(token=estimate.token, recorded_by=estimate.recorded_by).first()
    if sent is not None and as_domain(sent) != as_domain(estimate):
        raise EstimateRefused("", "sent_before")
    return sent


def _audit(by: Officer, estimate: Estimate, verb: Verb, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what="estimate",
        subjects=[str(estimate.key)],
        decision=decision,
        channel="page",
        now=now,
    )
