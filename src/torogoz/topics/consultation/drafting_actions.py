"""Drafting together: versions, amendments, points, positions of seats, and the outcome that the rule makes of them."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from torogoz.domain.access import Verb
from torogoz.domain.consultations import (
    AmendmentState,
    ConsultationRefused,
    DraftState,
    Part,
    ProcessState,
    Reply,
)
from torogoz.domain.deliberation import DISSENT, Result, Stance, Voice, check_stance, decide
from torogoz.domain.deliberation import Outcome as Decided
from torogoz.shared.institutions.models import Officer
from torogoz.topics.consultation import drafting_queries
from torogoz.topics.consultation.acting import (
    NotAllowed,
    as_seat,
    as_secretariat,
    change,
    hold,
    sent_before,
    written,
)
from torogoz.topics.consultation.models import Amendment, Draft, DraftVersion, Outcome, Point, SeatPosition
from torogoz.topics.consultation.process_models import Invitation, Process, Theme

DRAFT = "draft"


@transaction.atomic
def open_draft(
    *,
    by: Officer,
    process: Process,
    theme: Theme | None,
    code: str,
    kind: str,
    title_es: str,
    title_en: str,
    text_es: str,
    text_en: str,
    now: datetime,
    token: UUID | None = None,
) -> Draft:
    """Begin a text with its first version. Sent twice, it is begun once. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, process, now)
    if token and (sent := process.drafts.filter(token=token, code=code).first()):
        return sent
    if process.state != ProcessState.AT_WORK:
        raise ConsultationRefused("", "state")
    if process.themes.filter(code=code).exists() or Point.objects.filter(draft__process=process, code=code).exists():
        raise ConsultationRefused("code", "code_taken", taken=code)
    draft = Draft(
        process=process,
        theme=theme,
        token=token,
        code=code,
        kind=kind,
        title_es=title_es,
        title_en=title_en,
        position=process.drafts.count(),
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        raise ConsultationRefused("code", "code_taken", taken=code) from None
    _add_version(draft, by, 1, text_es, text_en, "", now)
    written(by, process, DRAFT, draft.key, decision, now, Verb.CREATE)
    return draft


@transaction.atomic
def write_version(
    *, by: Officer, draft: Draft, text_es: str, text_en: str, why: str, expected: int, now: datetime
) -> DraftVersion:
    """Store the next version beside the one before. Positions are towards a version: after it, seats speak again.

    expected    the number of the version that was being rewritten
    raises      NotAllowed, ConsultationRefused (`stale` when somebody else stored another meanwhile)
    """
    decision = as_secretariat(by, draft.process, now)
    hold(draft)
    _still_open(draft)
    last = drafting_queries.newest_version(draft)
    if last is not None and last.number != expected:
        raise ConsultationRefused("", "stale")
    if last is not None and (last.text_es, last.text_en) == (text_es.strip(), text_en.strip()):
        raise ConsultationRefused("text_es", "same_words")
    if not why.strip():
        raise ConsultationRefused("why", "missing")
    stored = _add_version(draft, by, expected + 1, text_es, text_en, why, now)
    change(draft, draft.version, state=DraftState.WRITING.value)
    written(by, draft.process, DRAFT, draft.key, decision, now)
    return stored


@transaction.atomic
def propose_amendment(
    *,
    by: Officer,
    version: DraftVersion,
    invitation: Invitation,
    text_es: str,
    text_en: str,
    reason: str,
    now: datetime,
    token: UUID | None = None,
) -> Amendment:
    """Ask, for the own institution, for other words. Raises NotAllowed, ConsultationRefused."""
    decision = as_seat(by, invitation, now)
    said = {"text_es": text_es.strip(), "text_en": text_en.strip(), "reason": reason.strip(), "version_id": version.pk}
    if sent := sent_before(Amendment, token, by, "asked_by", said):
        assert isinstance(sent, Amendment)
        return sent
    hold(version.draft)
    _has_a_seat(version.draft, invitation)
    _newest(version)
    made = Amendment(version=version, invitation=invitation, token=token, asked_by=by, asked_at=now, **said)
    made.save(force_insert=True)
    written(by, version.draft.process, "amendment", made.key, decision, now, Verb.CREATE)
    return made


@transaction.atomic
def answer_amendment(*, by: Officer, amendment: Amendment, taken: bool, answer: str, now: datetime) -> None:
    """Take it or not, and say why; what is taken is written into the next version by a person.

    Raises NotAllowed, ConsultationRefused."""
    draft = amendment.version.draft
    decision = as_secretariat(by, draft.process, now)
    if not answer.strip():
        raise ConsultationRefused("answer", "missing")
    state = AmendmentState.TAKEN if taken else AmendmentState.NOT_TAKEN
    _end(amendment, state, by, answer, now)
    written(by, draft.process, "amendment", amendment.key, decision, now)


@transaction.atomic
def withdraw_amendment(*, by: Officer, amendment: Amendment, now: datetime) -> None:
    """Take back what the own institution asked for. Raises NotAllowed, ConsultationRefused."""
    decision = as_seat(by, amendment.invitation, now)
    _end(amendment, AmendmentState.WITHDRAWN, by, "", now)
    written(by, amendment.version.draft.process, "amendment", amendment.key, decision, now)


@transaction.atomic
def add_point(*, by: Officer, draft: Draft, code: str, kind: str, text_es: str, text_en: str, now: datetime) -> Point:
    """Add a point under a text. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, draft.process, now)
    _still_open(draft)
    process = draft.process
    taken = Point.objects.filter(draft__process=process, code=code).exists()
    if taken or process.drafts.filter(code=code).exists() or process.themes.filter(code=code).exists():
        raise ConsultationRefused("code", "code_taken", taken=code)
    point = Point(draft=draft, code=code, kind=kind, text_es=text_es, text_en=text_en, position=draft.points.count())
    point.save(force_insert=True)
    written(by, process, DRAFT, draft.key, decision, now)
    return point


@transaction.atomic
def settle_point(*, by: Officer, point: Point, agreed: bool, now: datetime) -> None:
    """Record that the seats agreed on a point, or did not. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, point.draft.process, now)
    _still_open(point.draft)
    Point.objects.filter(pk=point.pk).update(agreed=agreed)
    written(by, point.draft.process, DRAFT, point.draft.key, decision, now)


@transaction.atomic
def open_decision(*, by: Officer, draft: Draft, version: int, now: datetime) -> None:
    """Ask the seats where they stand towards the newest version. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, draft.process, now)
    if draft.state != DraftState.WRITING or draft.process.state != ProcessState.AT_WORK:
        raise ConsultationRefused("", "state")
    if drafting_queries.waiting_amendments(draft).exists():
        raise ConsultationRefused("", "amendments_open")
    change(draft, version, state=DraftState.DECIDING.value)
    written(by, draft.process, DRAFT, draft.key, decision, now)


@transaction.atomic
def take_position(
    *,
    by: Officer,
    version: DraftVersion,
    invitation: Invitation,
    stance: Stance,
    reason: str,
    now: datetime,
    sheet: str = "",
) -> SeatPosition:
    """Say where a body stands towards the newest version. Until the outcome it may be said again; the newest holds.

    The focal point of the institution speaks for it. For who signed on paper the secretariat types it in, and says from
    which sheet; it never speaks over an institution that has spoken for itself.
    Raises NotAllowed, ConsultationRefused, DeliberationRefused."""
    sheet = sheet.strip()
    draft = version.draft
    hold(draft)
    own = True
    try:
        decision = as_seat(by, invitation, now)
    except NotAllowed:
        decision, own = as_secretariat(by, draft.process, now), False
    _has_a_seat(draft, invitation)
    if draft.state != DraftState.DECIDING:
        raise ConsultationRefused("", "state")
    _newest(version)
    if not own:
        if not sheet:
            raise ConsultationRefused("sheet", "sheet")
        if version.positions.filter(invitation=invitation, sheet="").exists():
            raise ConsultationRefused("", "speaks_itself")
    reason = check_stance(stance, reason)
    held = drafting_queries.standing_positions(version).get(invitation.pk)
    if held is not None and (held.stance, held.reason, held.given_by_id) == (stance.value, reason, by.pk):
        return held  # the same form again
    made = SeatPosition(
        version=version,
        invitation=invitation,
        stance=stance.value,
        reason=reason,
        sheet="" if own else sheet,
        given_by=by,
        given_at=now,
    )
    made.save(force_insert=True)
    written(by, draft.process, "position", draft.key, decision, now)
    return made


@transaction.atomic
def record_outcome(*, by: Officer, draft: Draft, version: int, now: datetime) -> Outcome:
    """Close the decision: what the process's rule makes of the positions as they stand, with its reasons and dissent.

    Raises NotAllowed, ConsultationRefused: `no_quorum` decides nothing and leaves the text open."""
    decision = as_secretariat(by, draft.process, now)
    hold(draft)
    if draft.state != DraftState.DECIDING:
        raise ConsultationRefused("", "state")
    newest, rules = drafting_queries.newest_version(draft), draft.process.rules
    if newest is None or rules is None:
        raise ConsultationRefused("", "no_version")
    decided = decide(rules, drafting_queries.voices(newest))
    if decided.result is Result.NO_QUORUM:
        missing = max((reason.asked - reason.seats for reason in decided.reasons), default=1)
        raise ConsultationRefused("", "no_quorum", lacking=max(missing, 1))
    change(draft, version, state=DraftState.DECIDED.value)
    if decided.result is not Result.NOT_AGREED:
        draft.points.filter(agreed__isnull=True).update(agreed=True)
    made = _outcome(draft, newest, decided, by, now)
    written(by, draft.process, "outcome", made.key, decision, now, Verb.CREATE)
    return made


@transaction.atomic
def record_no_agreement(
    *, by: Officer, draft: Draft, note_es: str, note_en: str, version: int, now: datetime
) -> Outcome:
    """End a text on which there is no agreement, with why, in both languages; the points that were agreed are kept.

    Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, draft.process, now)
    _still_open(draft)
    for name, note in (("note_es", note_es), ("note_en", note_en)):
        if not note.strip():
            raise ConsultationRefused(name, "missing")
    newest, rules = drafting_queries.newest_version(draft), draft.process.rules
    change(draft, version, state=DraftState.DECIDED.value)
    voices = drafting_queries.voices(newest) if newest else ()
    decided = decide(rules, voices) if rules else Decided(Result.NOT_AGREED, (), {}, 0, ())
    kept = Decided(Result.NOT_AGREED, (), decided.tally, decided.silent, decided.dissent)
    made = _outcome(draft, newest, kept, by, now, note_es.strip(), note_en.strip())
    written(by, draft.process, "outcome", made.key, decision, now, Verb.CREATE)
    return made


def _outcome(
    draft: Draft,
    version: DraftVersion | None,
    decided: Decided,
    by: Officer,
    now: datetime,
    note_es: str = "",
    note_en: str = "",
) -> Outcome:
    rules = draft.process.rules
    made = Outcome(
        draft=draft,
        version=version,
        result=decided.result.value,
        rule=drafting_queries.rules_as_stored(rules) if rules else {},
        tally={stance.value: seats for stance, seats in decided.tally.items()},
        silent=decided.silent,
        reasons=[{**asdict(reason), "why": reason.why.value} for reason in decided.reasons],
        dissent=[_dissent(voice) for voice in decided.dissent if voice.stance in DISSENT],
        note_es=note_es,
        note_en=note_en,
        decided_by=by,
        decided_at=now,
    )
    made.save(force_insert=True)
    return made


def _dissent(voice: Voice) -> dict[str, str]:
    """The body by its names of now: what is kept does not change when an institution is renamed."""
    assert voice.stance is not None
    body = Invitation.objects.select_related("institution").get(key=voice.body)
    named = body.institution or body
    return {"es": named.name_es, "en": named.name_en, "stance": voice.stance.value, "reason": voice.reason}


def _add_version(
    draft: Draft, by: Officer, number: int, text_es: str, text_en: str, why: str, now: datetime
) -> DraftVersion:
    stored = DraftVersion(
        draft=draft,
        number=number,
        text_es=text_es.strip(),
        text_en=text_en.strip(),
        why=why.strip(),
        written_by=by,
        written_at=now,
    )
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except IntegrityError:  # somebody else's version arrived between the question and the answer
        raise ConsultationRefused("", "stale") from None
    return stored


def _still_open(draft: Draft) -> None:
    if draft.state == DraftState.DECIDED or draft.process.state != ProcessState.AT_WORK:
        raise ConsultationRefused("", "state")


def _has_a_seat(draft: Draft, invitation: Invitation) -> None:
    _still_open(draft)
    here = invitation.process_id == draft.process_id
    if not here or invitation.part != Part.DECIDES or invitation.reply != Reply.YES:
        raise ConsultationRefused("", "no_seat")


def _newest(version: DraftVersion) -> None:
    newest = drafting_queries.newest_version(version.draft)
    if newest is None or newest.pk != version.pk:
        raise ConsultationRefused("", "newer_version")


def _end(amendment: Amendment, state: AmendmentState, by: Officer, answer: str, now: datetime) -> None:
    ended = Amendment.objects.filter(pk=amendment.pk, state=AmendmentState.PROPOSED.value).update(
        state=state.value, answer=answer.strip(), answered_by=by, answered_at=now
    )
    if not ended:
        raise ConsultationRefused("", "state")
    amendment.refresh_from_db()
