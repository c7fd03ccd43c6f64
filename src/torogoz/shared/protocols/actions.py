"""What is done to the protocol: a draft is written and proposed by one officer, and approved by another."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Role, Rule, Verb
from torogoz.domain.attachments import LOOKED_AT, MOST_BYTES, PDF, AttachmentRefused, Fault, kind_of
from torogoz.domain.protocols import (
    Agreed,
    ProtocolRefused,
    State,
    check_force,
    check_line,
    check_second,
    check_table,
    check_words,
    compare,
    fingerprint,
    parties,
)
from torogoz.shared.institutions.access import duty
from torogoz.shared.institutions.models import Institution, LegalGround, Officer
from torogoz.shared.institutions.protocol import shipped_lines
from torogoz.shared.papers.annex import Issued, annex
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.protocols.models import Annex, ProtocolVersion, Signature, as_stored
from torogoz.shared.protocols.queries import latest, tiers
from torogoz.shared.protocols.storing import NUMBER_KEPT, note, put_in_force
from torogoz.shared.vault.sealing import seal

LANGUAGES = ("es", "en")


@transaction.atomic
def start_draft(
    *, by: Officer, institution: str, reason: str, since: date | None, from_shipped: bool = False, now: datetime
) -> ProtocolVersion:
    """A draft made of the last version, or of the table that the programme brings, to be written by `institution`.

    since       the day on which it is to take force; None for its approval
    raises      ProtocolRefused, NotAllowed
    """
    decision = _duty(by, institution, now)
    base = _last()
    if institution not in parties(base.agreed):
        raise ProtocolRefused("", "not_party", institution=institution)
    if since is not None and since < timezone.localdate(now):
        raise ProtocolRefused("since", "past")
    lines = shipped_lines() if from_shipped else base.agreed
    draft = ProtocolVersion(
        base=base,
        state=State.DRAFT.value,
        lines=[as_stored(line) for line in lines],
        fingerprint=fingerprint(line.rule for line in lines),
        reason=check_words(reason),
        since=_midnight(since) if since else None,
        proposed_by=by,
        proposed_for=Institution.objects.get(code=institution),
        proposed_at=now,
    )
    draft.save(force_insert=True)
    _note(by, Verb.CREATE, draft, decision, now)
    return draft


@transaction.atomic
def set_line(
    *,
    by: Officer,
    draft: ProtocolVersion,
    section: str,
    institution: Institution,
    role: Role,
    write: bool,
    basis_es: str,
    basis_en: str,
    ground: LegalGround | None,
    now: datetime,
) -> ProtocolVersion:
    """Add a line to the draft, or alter the one of that section, institution and role. Raises ProtocolRefused."""
    held, decision = _written(by, draft, now)
    known = tiers(held.agreed)
    if section not in known:
        raise ProtocolRefused("section", "section", section=section)
    rule = Rule(section, institution.code, role, True, write, known[section])
    check_line(rule, known)
    source = f"{held.proposed_for} · {timezone.localdate(now)}"
    line = Agreed(rule, basis_es.strip(), basis_en.strip(), ground.code if ground else "", source)
    lines = [line if one.place == line.place else one for one in held.agreed]
    if line not in lines:
        lines.append(line)
    return _keep_lines(held, lines, by, decision, now)


@transaction.atomic
def end_line(
    *, by: Officer, draft: ProtocolVersion, section: str, institution: str, role: Role, now: datetime
) -> ProtocolVersion:
    """Take a line out of the draft; a line that is not in it is out already. Raises ProtocolRefused."""
    held, decision = _written(by, draft, now)
    lines = [one for one in held.agreed if one.place != (section, institution, role)]
    return _keep_lines(held, lines, by, decision, now)


@transaction.atomic
def propose(*, by: Officer, draft: ProtocolVersion, now: datetime) -> ProtocolVersion:
    """Put a draft before the other parties; it is written no more. Raises ProtocolRefused."""
    held, decision = _written(by, draft, now)
    base = _base(held)
    if not compare(base.agreed, held.agreed):
        raise ProtocolRefused("", "unchanged")
    check_table(held.agreed, tiers(base.agreed))
    held.state, held.proposed_by, held.proposed_at = State.PROPOSED.value, by, now
    held.version += 1
    held.save(update_fields=["state", "proposed_by", "proposed_at", "version"])
    _note(by, Verb.EDIT, held, decision, now)
    return held


@transaction.atomic
def withdraw(*, by: Officer, draft: ProtocolVersion, now: datetime) -> None:
    """Take a draft back; what was proposed is approved no more. Raises ProtocolRefused."""
    held = _held(draft, State.DRAFT, State.PROPOSED)
    decision = _duty(by, _proposing(held).code, now)
    held.state, held.decided_at = State.WITHDRAWN.value, now
    held.save(update_fields=["state", "decided_at"])
    _note(by, Verb.EDIT, held, decision, now)


@transaction.atomic
def refuse(*, by: Officer, institution: str, draft: ProtocolVersion, answer: str, now: datetime) -> None:
    """Say no to what was proposed, and why, for another party. Raises ProtocolRefused, NotAllowed."""
    held = _held(draft, State.PROPOSED)
    decision = _duty(by, institution, now)
    if _proposing(held).code == institution or held.proposed_by_id == by.pk:
        raise ProtocolRefused("", "same_institution")
    if institution not in parties(held.agreed) | parties(_base(held).agreed):
        raise ProtocolRefused("", "not_party", institution=institution)
    held.answer = check_words(answer)
    _decide(held, by, institution, State.REFUSED, now)
    held.save()
    _note(by, Verb.EDIT, held, decision, now)


@transaction.atomic
def approve(*, by: Officer, institution: str, draft: ProtocolVersion, reviewed: int, now: datetime) -> ProtocolVersion:
    """Approve what was proposed: it takes force at its moment, and its annex is issued in both languages.

    reviewed    the `version` of the draft that was shown to who approves
    raises      ProtocolRefused, NotAllowed; then nothing was changed
    """
    held = _held(draft, State.PROPOSED)
    decision = _duty(by, institution, now)
    base, last = _base(held), _last()
    if held.version != reviewed or base.pk != last.pk:
        raise ProtocolRefused("", "moved")
    assert held.proposed_by is not None
    check_table(held.agreed, tiers(base.agreed))
    check_second(
        proposer=held.proposed_by.username,
        by=by.username,
        institutions=(_proposing(held).code, institution),
        before=base.agreed,
        after=held.agreed,
    )
    begins = check_force(since=held.since, last=last.in_force_from, now=now)
    _decide(held, by, institution, State.APPROVED, now)
    held.number, held.in_force_from = (last.number or 0) + 1, begins
    held.save()
    put_in_force(held.agreed, begins)
    _issue(held, now)
    _note(by, Verb.EDIT, held, decision, now, held.fingerprint[:NUMBER_KEPT])
    return held


@transaction.atomic
def issue_annex(*, by: Officer, version: ProtocolVersion, now: datetime) -> None:
    """Issue the annex of a version that came with the programme, once. Raises ProtocolRefused, NotAllowed."""
    held = _held(version, State.APPROVED)
    code = next((one for one in sorted(parties(held.agreed)) if duty(by, Verb.AGREE, one, now)), "")
    decision = _duty(by, code, now)
    if not held.annexes.exists():
        _issue(held, now)
        _note(by, Verb.PRINT, held, decision, now)


@transaction.atomic
def sign(
    *,
    by: Officer,
    institution: str,
    version: ProtocolVersion,
    signed_by: str,
    signed_on: date,
    sheet: bytes | None,
    now: datetime,
) -> Signature:
    """Record that the officer's institution signed the annex of a version on paper.

    sheet       the scanned sheet (PDF or picture), which is sealed; None where it is kept on paper alone
    raises      ProtocolRefused, AttachmentRefused, NotAllowed
    """
    held = _held(version, State.APPROVED)
    decision = _duty(by, institution, now)
    if institution not in parties(held.agreed):
        raise ProtocolRefused("", "not_party", institution=institution)
    signature = Signature(
        protocol=held,
        institution=Institution.objects.get(code=institution),
        signed_by=signed_by.strip(),
        signed_on=signed_on,
        recorded_by=by,
        recorded_at=now,
    )
    if sheet is not None:
        signature.media, signature.sha256 = _media(sheet), hashlib.sha256(sheet).hexdigest()
        signature.sheet = seal(institution, sheet, signature.about_sheet)
    if held.signatures.filter(institution=signature.institution).exists():
        raise ProtocolRefused("", "signed", institution=institution)
    if not held.annexes.exists():
        raise ProtocolRefused("", "no_annex")
    if signed_on > timezone.localdate(now):
        raise ProtocolRefused("signed_on", "future")
    signature.save(force_insert=True)
    _note(by, Verb.EDIT, held, decision, now, str(signature.key))
    return signature


def _media(sheet: bytes) -> str:
    kind = kind_of(sheet[:LOOKED_AT])
    if len(sheet) > MOST_BYTES:
        raise AttachmentRefused(Fault.TOO_LARGE)
    if kind is None or not (kind is PDF or kind.media.startswith("image/")):
        raise AttachmentRefused(Fault.UNKNOWN_KIND)
    return kind.media


def _issue(held: ProtocolVersion, now: datetime) -> None:
    assert held.number is not None
    assert held.in_force_from is not None
    for language in LANGUAGES:
        pdf = annex(
            language=language,
            now=now,
            of=Issued(tuple(line.rule for line in held.agreed), held.number, held.in_force_from),
        )
        Annex(protocol=held, language=language, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), issued_at=now).save(
            force_insert=True
        )


def _decide(held: ProtocolVersion, by: Officer, institution: str, state: State, now: datetime) -> None:
    held.state, held.decided_by, held.decided_at = state.value, by, now
    held.decided_for = Institution.objects.get(code=institution)


def _keep_lines(
    held: ProtocolVersion, lines: list[Agreed], by: Officer, decision: Decision, now: datetime
) -> ProtocolVersion:
    held.lines = [as_stored(line) for line in lines]
    held.fingerprint = fingerprint(line.rule for line in lines)
    held.version += 1
    held.save(update_fields=["lines", "fingerprint", "version"])
    _note(by, Verb.EDIT, held, decision, now)
    return held


def _written(by: Officer, draft: ProtocolVersion, now: datetime) -> tuple[ProtocolVersion, Decision]:
    held = _held(draft, State.DRAFT)
    return held, _duty(by, _proposing(held).code, now)


def _held(draft: ProtocolVersion, *states: State) -> ProtocolVersion:
    """The row as it is now, held until the end. Raises ProtocolRefused when it is at another step."""
    related = ("base", "proposed_by", "proposed_for")
    held = ProtocolVersion.objects.select_for_update(of=("self",)).select_related(*related).get(pk=draft.pk)
    if State(held.state) not in states:
        raise ProtocolRefused("", "state")
    return held


def _last() -> ProtocolVersion:
    """The last version, held, so that two approvals do not pass one another. Raises ProtocolRefused without one."""
    last = latest()
    if last is None:
        raise ProtocolRefused("", "none")
    return ProtocolVersion.objects.select_for_update(of=("self",)).get(pk=last.pk)


def _base(held: ProtocolVersion) -> ProtocolVersion:
    assert held.base is not None
    return held.base


def _proposing(held: ProtocolVersion) -> Institution:
    assert held.proposed_for is not None
    return held.proposed_for


def _duty(by: Officer, institution: str, now: datetime) -> Decision:
    decision = duty(by, Verb.AGREE, institution, now)
    if not decision:
        raise NotAllowed(f"{by} does not agree on the protocol for {institution or 'any institution'}")
    return decision


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _note(by: Officer, verb: Verb, held: ProtocolVersion, decision: Decision, now: datetime, *more: str) -> None:
    note(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        subjects=[str(held.key), *more],
        decision=decision,
        channel="page",
        now=now,
    )
