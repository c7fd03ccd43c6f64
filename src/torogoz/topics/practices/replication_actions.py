"""What is recorded of repetitions: who repeated a practice, where, with whose support, and how it went."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from torogoz.domain import practices as rules
from torogoz.domain.access import Decision, Verb
from torogoz.domain.practices import PracticeRefused, Result, State
from torogoz.shared.institutions.access import may_for, seats
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.topics.practices.actions import NotAllowed, note
from torogoz.topics.practices.models import Practice, Replication, ReplicationReport


@transaction.atomic
def record_replication(
    *,
    by: Officer,
    practice: Practice,
    institution: str,
    organisation: str,
    place: str,
    country: str,
    began_on: date,
    report: ReplicationReport,
    token: UUID | None,
    now: datetime,
) -> Replication:
    """Record that a published practice was repeated: by the officer's own institution, or, by the secretariat, by any.

    report  how it went so far; not stored yet
    raises  PracticeRefused, NotAllowed
    """
    held = Practice.objects.select_for_update().get(pk=practice.pk)
    if held.state != State.PUBLISHED.value:
        raise PracticeRefused("", "not_public")
    if bool(institution) is bool(organisation.strip()):
        raise PracticeRefused("institution", "who")
    if began_on > timezone.localdate(now):
        raise PracticeRefused("began_on", "future")
    decision = _may_tell(by, institution, now)
    if token is not None and (sent := Replication.objects.filter(token=token, recorded_by=by).first()):
        return sent
    kept = Replication.objects.create(
        practice=held,
        institution=Institution.objects.get(code=institution) if institution else None,
        organisation=organisation.strip(),
        place=place.strip(),
        country=country,
        began_on=began_on,
        token=token,
        recorded_by=by,
        recorded_for=Institution.objects.get(code=decision.institution),
        recorded_at=now,
    )
    _add(kept, report, by, now)
    note(by, Verb.CREATE, held, decision, now, str(kept.key))
    return kept


@transaction.atomic
def report_on(*, by: Officer, replication: Replication, report: ReplicationReport, now: datetime) -> ReplicationReport:
    """Say how a repetition goes by now; what was said before stays. Raises PracticeRefused, NotAllowed."""
    decision = _may_tell(by, replication.institution.code if replication.institution else "", now)
    _add(replication, report, by, now)
    note(by, Verb.EDIT, replication.practice, decision, now, str(replication.key))
    return report


def _may_tell(by: Officer, institution: str, now: datetime) -> Decision:
    if institution and (own := may_for(by, Verb.REPORT, institution, now)):
        return own
    for code in seats(by, Verb.CONVENE, now):
        return may_for(by, Verb.CONVENE, code, now)
    raise NotAllowed(f"{by} does not tell of repetitions by {institution or 'organisations'}")


def _add(kept: Replication, report: ReplicationReport, by: Officer, now: datetime) -> None:
    rules.check_result(Result(report.result), report.why_es or report.why_en)
    report.replication, report.by, report.at = kept, by, now
    report.save(force_insert=True)
