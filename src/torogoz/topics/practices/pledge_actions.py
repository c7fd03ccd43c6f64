"""What is done with pledges: an institution makes one, a partner confirms it, updates are added, one is withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from torogoz.domain import matching
from torogoz.domain import pledges as rules
from torogoz.domain.access import Decision, Verb
from torogoz.domain.pledges import Kind, PledgeRefused
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.queries import objectives
from torogoz.topics.practices.actions import duty
from torogoz.topics.practices.call_models import Call, Pledge, PledgePartner, PledgeUpdate

SHORTEST = 10


@transaction.atomic
def make_pledge(
    *,
    by: Officer,
    institution: str,
    pledge: Pledge,
    matches: UUID | None,
    partners: Sequence[str],
    objective_codes: Sequence[str],
    now: datetime,
    call: Call | None = None,
) -> Pledge:
    """Make a pledge public in the name of an institution; the same form sent twice makes one.

    pledge      what was typed, not stored yet
    call        the open call that it answers
    raises      PledgeRefused, NotAllowed
    """
    decision = duty(by, Verb.REPORT, institution, now)
    if pledge.token and (sent := Pledge.objects.filter(token=pledge.token, recorded_by=by).first()):
        return sent
    matched = Pledge.objects.select_related("institution").filter(key=matches).first() if matches else None
    if matched is not None and matched.withdrawn_at is not None:
        raise PledgeRefused("matches", "withdrawn")
    rules.check(
        kind=Kind(pledge.kind),
        measured=bool(pledge.measure_es.strip()),
        target=pledge.target,
        unit=pledge.unit,
        due=pledge.due_on,
        partners=bool(partners or pledge.organisations),
        itself=institution in partners,
        matched=matched.institution.code if matched else None,
        institution=institution,
        today=timezone.localdate(now),
    )
    _check_ratio(pledge)
    if call is not None and not call.opens_on <= timezone.localdate(now) <= call.open_until:
        raise PledgeRefused("call", "no_call")
    pledge.call = call
    pledge.institution, pledge.matches = Institution.objects.get(code=institution), matched
    pledge.recorded_by, pledge.recorded_at, pledge.made_up = by, now, by.made_up
    pledge.save(force_insert=True)
    pledge.objectives.set(objectives().filter(code__in=objective_codes))
    for one in Institution.objects.filter(code__in=partners).order_by("code"):
        PledgePartner.objects.create(pledge=pledge, institution=one)
    _note(by, Verb.CREATE, pledge, decision, now)
    return pledge


@transaction.atomic
def confirm_pledge(*, by: Officer, pledge: Pledge, institution: str, now: datetime) -> None:
    """Confirm for a partner that it promised too. Raises PledgeRefused, NotAllowed."""
    decision = duty(by, Verb.REPORT, institution, now)
    held = _holding(pledge)
    partner = PledgePartner.objects.select_for_update().get(pledge=held, institution__code=institution)
    if partner.confirmed_at is not None:
        raise PledgeRefused("", "joined")
    partner.confirmed_by, partner.confirmed_at = by, now
    partner.save(update_fields=["confirmed_by", "confirmed_at"])
    _note(by, Verb.EDIT, held, decision, now)


@transaction.atomic
def update_pledge(*, by: Officer, pledge: Pledge, update: PledgeUpdate, now: datetime) -> PledgeUpdate:
    """Say how far a pledge was on a day; what was said before stays. Raises PledgeRefused, NotAllowed."""
    held = _holding(pledge)
    decision = duty(by, Verb.REPORT, held.institution.code, now)
    if len(update.text_es.strip()) < SHORTEST and len(update.text_en.strip()) < SHORTEST:
        raise PledgeRefused("text_es", "no_words")
    _check_day(update.on, held, now)
    update.pledge, update.by, update.at = held, by, now
    update.save(force_insert=True)
    _note(by, Verb.EDIT, held, decision, now)
    return update


@transaction.atomic
def withdraw_pledge(*, by: Officer, pledge: Pledge, reason: str, now: datetime) -> None:
    """Withdraw a pledge; its page stays and says why. Raises PledgeRefused, NotAllowed."""
    held = _holding(pledge)
    decision = duty(by, Verb.REPORT, held.institution.code, now)
    if len(reason.strip()) < SHORTEST:
        raise PledgeRefused("reason", "no_words")
    held.withdrawn_at, held.why_withdrawn = now, reason.strip()
    held.save(update_fields=["withdrawn_at", "why_withdrawn"])
    _note(by, Verb.EDIT, held, decision, now)


def _check_ratio(pledge: Pledge) -> None:
    if wrong := matching.fault(pledge.gives, pledge.for_each, pledge.cap):
        raise PledgeRefused(*wrong)
    if pledge.gives is not None and pledge.kind != Kind.MATCHING.value:
        raise PledgeRefused("gives", "ratio_alone")


def _check_day(on: date, held: Pledge, now: datetime) -> None:
    if on > timezone.localdate(now):
        raise PledgeRefused("on", "future")
    if on < timezone.localdate(held.recorded_at):
        raise PledgeRefused("on", "before")


def _holding(pledge: Pledge) -> Pledge:
    held = Pledge.objects.select_for_update(of=("self",)).select_related("institution").get(pk=pledge.pk)
    if held.withdrawn_at is not None:
        raise PledgeRefused("", "withdrawn")
    return held


def _note(by: Officer, verb: Verb, held: Pledge, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what="pledge",
        subjects=[str(held.key)],
        decision=decision,
        channel="page",
        now=now,
    )
