"""The legal bases of hand-overs: entered by one officer, approved by another, of another institution, and ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import NEVER, Decision, Verb
from torogoz.domain.protocols import ProtocolRefused
from torogoz.shared.audit.actions import record
from torogoz.shared.cases.models import LegalBasis
from torogoz.shared.institutions.access import duty
from torogoz.shared.institutions.grounds import grounds_in_force
from torogoz.shared.institutions.models import Institution, LegalGround, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.protocols.queries import has_ended

WHAT = "legal_basis"


@dataclass(frozen=True)
class BasisTyped:
    """What somebody enters of an article that opens sections to an institution.

    ground      the same law in the list, where it is there
    """

    recipient: Institution
    sections: Collection[str]
    law: str
    article: str
    summary: str
    source: str
    valid_from: date
    valid_until: date | None = None
    ground: LegalGround | None = None


@transaction.atomic
def propose_basis(*, by: Officer, institution: str, typed: BasisTyped, now: datetime) -> LegalBasis:
    """Enter a legal basis for `institution` (its code). It opens nothing until another approves it.

    Without words of its own the law is called as in the list. Raises ProtocolRefused with the field, NotAllowed.
    """
    decision = _duty(by, institution, now)
    never = sorted(set(typed.sections) & set(NEVER.get(typed.recipient.code, ())))
    if never:
        raise ProtocolRefused("sections", "never", institution=typed.recipient.code, section=never[0])
    today = timezone.localdate(now)
    if typed.valid_until is not None and typed.valid_until < max(typed.valid_from, today):
        raise ProtocolRefused("valid_until", "basis_days")
    if typed.ground is not None and not _fits(typed.ground, typed.sections, today):
        raise ProtocolRefused("ground", "law")
    law = typed.law.strip() or (typed.ground.name_es if typed.ground else "")
    if not law:
        raise ProtocolRefused("law", "no_law")
    basis = LegalBasis(
        recipient=typed.recipient,
        sections=sorted(typed.sections),
        law=law,
        article=typed.article.strip(),
        ground=typed.ground,
        summary=typed.summary.strip(),
        source=typed.source.strip(),
        valid_from=typed.valid_from,
        valid_until=typed.valid_until,
        proposed_by=by,
        institution=Institution.objects.get(code=institution),
        proposed_at=now,
    )
    basis.save(force_insert=True)
    _note(by, Verb.CREATE, basis, decision, now)
    return basis


@transaction.atomic
def approve_basis(*, by: Officer, institution: str, basis: LegalBasis, now: datetime) -> LegalBasis:
    """Approve a basis for another institution than the one that entered it: hand-overs may stand on it from then on.

    Raises ProtocolRefused, NotAllowed.
    """
    held = _held(basis)
    decision = _duty(by, institution, now)
    if held.proposed_by_id == by.pk:
        raise ProtocolRefused("", "same_officer")
    if held.institution.code == institution:
        raise ProtocolRefused("", "same_institution")
    today = timezone.localdate(now)
    if held.approved_at is not None or has_ended(held, now):
        raise ProtocolRefused("", "basis_state")
    if held.ground is not None and not _fits(held.ground, held.sections, today):
        raise ProtocolRefused("", "law")
    held.approved_by, held.approved_at = by, now
    held.save(update_fields=["approved_by", "approved_at"])
    _note(by, Verb.EDIT, held, decision, now)
    return held


@transaction.atomic
def end_basis(*, by: Officer, institution: str, basis: LegalBasis, now: datetime) -> LegalBasis:
    """End a basis, approved or not, for the institution that entered it: from now on no hand-over begins on it, and
    those that stand on it run until they end. Raises ProtocolRefused, NotAllowed."""
    held = _held(basis)
    decision = _duty(by, institution, now)
    if held.institution.code != institution:
        raise NotAllowed(f"{by} may not end a legal basis that another institution entered")
    if has_ended(held, now):
        raise ProtocolRefused("", "basis_state")
    held.valid_until = timezone.localdate(now) - timedelta(days=1)
    held.save(update_fields=["valid_until"])
    _note(by, Verb.EDIT, held, decision, now)
    return held


def _fits(law: LegalGround, sections: Collection[str], today: date) -> bool:
    """Whether the list names this law today, and for all of these sections."""
    return law in grounds_in_force(today) and (not law.classes or set(sections) <= set(law.classes))


def _held(basis: LegalBasis) -> LegalBasis:
    related = ("institution", "proposed_by", "ground", "recipient")
    return LegalBasis.objects.select_for_update(of=("self",)).select_related(*related).get(pk=basis.pk)


def _duty(by: Officer, institution: str, now: datetime) -> Decision:
    decision = duty(by, Verb.AGREE, institution, now)
    if not decision:
        raise NotAllowed(f"{by} does not agree on legal bases for {institution or 'any institution'}")
    return decision


def _note(by: Officer, verb: Verb, basis: LegalBasis, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=WHAT,
        subjects=[str(basis.key)],
        decision=decision,
        channel="page",
        now=now,
    )
