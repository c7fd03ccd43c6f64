"""What is written of measures: by the institution that leads them, and published by the secretariat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.commitments import (
    FollowUpRefused,
    MeasureStep,
    MilestoneState,
    after_measure,
    check_address,
    check_milestone,
    check_order,
    check_year,
)
from torogoz.domain.currencies import ISO_4217
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.follow_up_models import BudgetLine, Measure, Milestone
from torogoz.topics.commitments.measure_history_actions import before_correcting, keep_version
from torogoz.topics.commitments.measure_history_models import MeasureReturn
from torogoz.topics.commitments.measure_history_queries import content_of


@dataclass(frozen=True)
class MeasureSaid:
    """What is said of a measure."""

    name_es: str
    name_en: str
    summary_es: str
    summary_en: str
    starts_on: date | None
    ends_on: date | None
    places: tuple[str, ...]
    commitments: tuple[Provision, ...]
    supporting: tuple[Institution, ...] = ()


@dataclass(frozen=True)
class MilestoneSaid:
    """What is said of a milestone."""

    name_es: str
    name_en: str
    weight: Decimal
    due_on: date | None
    state: MilestoneState
    done_on: date | None
    evidence_text: str
    evidence_address: str


@dataclass(frozen=True)
class MoneySaid:
    """What is said of the money of a year from one source. None is not known."""

    year: int
    source: str
    currency: str
    planned: Decimal | None
    committed: Decimal | None
    executed: Decimal | None


@transaction.atomic
def draft_measure(
    *, by: Officer, lead: Institution, said: MeasureSaid, now: datetime, made_up: bool = False
) -> Measure:
    """Write a measure of an institution, which nobody else sees before it is published.

    raises  FollowUpRefused (order, ended), NotAllowed
    """
    decision = _allowed(by, lead, now)
    if not rights.exists(lead, timezone.localdate(now)):
        raise FollowUpRefused("lead", "ended", body=lead.code)
    check_order(said.starts_on, said.ends_on, "ends_on")
    measure = Measure(lead=lead, recorded_by=by, recorded_at=now, made_up=made_up)
    _say(measure, said, now)
    measure.save(force_insert=True)
    measure.commitments.set(said.commitments)
    measure.supporting.set(said.supporting)
    note(by, Verb.CREATE, "measure", [str(measure.key)], decision, now)
    return measure


@transaction.atomic
def change_measure(
    *, by: Officer, measure: Measure, said: MeasureSaid, expected: int, now: datetime, why: str = ""
) -> Measure:
    """Say something else of a measure. Raises FollowUpRefused (changed, order, and why of a public one), NotAllowed."""
    held, decision = _held(by, measure, now)
    if held.version != expected:
        raise FollowUpRefused("", "changed")
    check_order(said.starts_on, said.ends_on, "ends_on")
    before_correcting(held, why)
    _say(held, said, now)
    held.version += 1
    held.save()
    held.commitments.set(said.commitments)
    held.supporting.set(said.supporting)
    keep_version(held, by, decision, why, now)
    note(by, Verb.EDIT, "measure", [str(held.key)], decision, now)
    return held


@transaction.atomic
def offer_measure(*, by: Officer, measure: Measure, now: datetime) -> Measure:
    """Offer a draft for publication: from now on the secretariat sees it. Raises FollowUpRefused, NotAllowed."""
    held, decision = _held(by, measure, now)
    after_measure(held.state, MeasureStep.OFFER)
    held.offered_at = now
    held.save(update_fields=["offered_at"])
    note(by, Verb.EDIT, "measure", [str(held.key)], decision, now)
    return held


@transaction.atomic
def publish_measure(*, by: Officer, measure: Measure, read: Mapping[str, Any] | None, now: datetime) -> Measure:
    """Publish a measure that was offered, once, and only as it was read.

    read    what it said, with its milestones and its money, when `by` read it (content_of); None is not known
    raises  FollowUpRefused (changed, moved), NotAllowed
    """
    decision = rights.to_convene(by, now)
    if not decision:
        raise NotAllowed("only the secretariat publishes a measure")
    held = Measure.objects.select_for_update().get(pk=measure.pk)
    after_measure(held.state, MeasureStep.PUBLISH)
    if content_of(held) != read:
        raise FollowUpRefused("", "moved")
    held.published_by, held.published_at, held.changed_at = by, now, now
    held.version += 1
    held.save(update_fields=["published_by", "published_at", "changed_at", "version"])
    keep_version(held, by, decision, "", now)
    note(by, Verb.PUBLISH, "measure", [str(held.key)], decision, now)
    return held


@transaction.atomic
def send_back_measure(*, by: Officer, measure: Measure, reason: str, now: datetime) -> Measure:
    """Make an offered measure a draft of its institution again, saying why; that reads it, and may offer it again.

    raises  FollowUpRefused (changed, reason), NotAllowed
    """
    decision = rights.to_convene(by, now)
    if not decision:
        raise NotAllowed("only the secretariat sends a measure back")
    held = Measure.objects.select_for_update().get(pk=measure.pk)
    after_measure(held.state, MeasureStep.SEND_BACK, reason)
    held.offered_at = None
    held.save(update_fields=["offered_at"])
    own = Institution.objects.get(code=decision.institution)
    MeasureReturn.objects.create(measure=held, reason=reason.strip(), by=by, institution=own, at=now)
    note(by, Verb.EDIT, "measure", [str(held.key)], decision, now)
    return held


@transaction.atomic
def add_milestone(*, by: Officer, measure: Measure, said: MilestoneSaid, now: datetime, why: str = "") -> Milestone:
    """Add a milestone. Raises FollowUpRefused (weight, future, done_without_day, address, why), NotAllowed."""
    held, decision = _held(by, measure, now)
    before_correcting(held, why)
    milestone = Milestone(measure=held)
    _say_milestone(milestone, said, by, now)
    milestone.save(force_insert=True)
    _touch(held, now)
    keep_version(held, by, decision, why, now)
    note(by, Verb.CREATE, "milestone", [str(milestone.key), str(held.key)], decision, now)
    return milestone


@transaction.atomic
def change_milestone(
    *, by: Officer, milestone: Milestone, said: MilestoneSaid, expected: int, now: datetime, why: str = ""
) -> Milestone:
    """Say how a milestone stands. Raises FollowUpRefused (changed, weight, future, why, …), NotAllowed."""
    measure, decision = _held(by, milestone.measure, now)
    held = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if held.version != expected:
        raise FollowUpRefused("", "changed")
    before_correcting(measure, why)
    _say_milestone(held, said, by, now)
    held.version += 1
    held.save()
    _touch(measure, now)
    keep_version(measure, by, decision, why, now)
    note(by, Verb.EDIT, "milestone", [str(held.key), str(measure.key)], decision, now)
    return held


@transaction.atomic
def write_money(
    *,
    by: Officer,
    measure: Measure,
    said: MoneySaid,
    now: datetime,
    line: BudgetLine | None = None,
    expected: int = 0,
    why: str = "",
) -> BudgetLine:
    """Write the money of a year from one source: a new line, or what a line says now.

    raises  FollowUpRefused (changed, year, currency, amount, nothing, there, why), NotAllowed
    """
    held, decision = _held(by, measure, now)
    _check_money(said)
    stored = BudgetLine(measure=held) if line is None else BudgetLine.objects.select_for_update().get(pk=line.pk)
    if line is not None and stored.version != expected:
        raise FollowUpRefused("", "changed")
    before_correcting(held, why)
    stored.year, stored.source, stored.currency = said.year, said.source, said.currency
    stored.planned, stored.committed, stored.executed = said.planned, said.committed, said.executed
    stored.recorded_by, stored.recorded_at = by, now
    stored.version += line is not None
    try:
        with transaction.atomic():
            stored.save()
    except IntegrityError:
        raise FollowUpRefused("source", "there") from None
    _touch(held, now)
    keep_version(held, by, decision, why, now)
    note(by, Verb.EDIT, "budget_line", [str(stored.key), str(held.key)], decision, now)
    return stored


def note(by: Officer, verb: Verb, what: str, subjects: Sequence[str], decision: Decision, now: datetime) -> None:
    """Keep in the record of accesses what an officer did in the follow-up."""
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=subjects,
        decision=decision,
        channel="page",
        now=now,
    )


def _say(measure: Measure, said: MeasureSaid, now: datetime) -> None:
    measure.name_es, measure.name_en = said.name_es, said.name_en
    measure.summary_es, measure.summary_en = said.summary_es, said.summary_en
    measure.starts_on, measure.ends_on = said.starts_on, said.ends_on
    measure.places, measure.changed_at = list(said.places), now


def _say_milestone(milestone: Milestone, said: MilestoneSaid, by: Officer, now: datetime) -> None:
    check_milestone(said.state, said.done_on, float(said.weight), timezone.localdate(now))
    check_address(said.evidence_address)
    milestone.name_es, milestone.name_en, milestone.weight = said.name_es, said.name_en, said.weight
    milestone.due_on, milestone.state = said.due_on, said.state.value
    milestone.done_on = said.done_on if said.state is MilestoneState.DONE else None
    milestone.evidence_text, milestone.evidence_address = said.evidence_text, said.evidence_address
    milestone.recorded_by, milestone.recorded_at = by, now


def _check_money(said: MoneySaid) -> None:
    check_year(said.year)
    if said.currency not in ISO_4217:
        raise FollowUpRefused("currency", "currency", currency=said.currency)
    amounts = {"planned": said.planned, "committed": said.committed, "executed": said.executed}
    for field, amount in amounts.items():
        if amount is not None and amount < 0:
            raise FollowUpRefused(field, "amount")
    if all(amount is None for amount in amounts.values()):
        raise FollowUpRefused("planned", "nothing")


def _touch(measure: Measure, now: datetime) -> None:
    measure.changed_at = now
    measure.save(update_fields=["changed_at"])


def _held(by: Officer, measure: Measure, now: datetime) -> tuple[Measure, Decision]:
    """The measure, held until the end of the transaction, for an officer of the institution that leads it."""
    held = Measure.objects.select_for_update(of=("self",)).select_related("lead").get(pk=measure.pk)
    return held, _allowed(by, held.lead, now)


def _allowed(by: Officer, lead: Institution, now: datetime) -> Decision:
    decision = rights.to_report(by, lead, now)
    if not decision:
        raise NotAllowed(f"{by} does not report for {lead}")
    return decision
