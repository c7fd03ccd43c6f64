"""Adopting the position: one officer proposes it with its hash, a second one confirms, and it becomes an instrument."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.consultations import ConsultationRefused, PositionState, ProcessState
from torogoz.domain.deliberation import Result
from torogoz.domain.positions import Both, OutcomeEntry, PositionDocument, canonical, hash_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.models import Instrument
from torogoz.shared.provisions.position_actions import Part, Position, make_instrument
from torogoz.topics.consultation import adoption_queries
from torogoz.topics.consultation.acting import as_secretariat, change, hold, written
from torogoz.topics.consultation.models import Adoption
from torogoz.topics.consultation.process_models import Process

ADOPTION = "position"
SECTION = "section"


@transaction.atomic
def propose(*, by: Officer, process: Process, now: datetime, why_no_minutes: str = "") -> Adoption:
    """Propose the position as it stands for adoption, with its hash. Proposed twice unchanged, it is proposed once.

    Every text needs its outcome first; the consultation is closed, its votes are over, and its meetings have final
    minutes, or it is said why not. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, process, now)
    hold(process)
    if process.state not in (ProcessState.AT_WORK, ProcessState.CLOSED):
        raise ConsultationRefused("", "state")
    if waiting := adoption_queries.undecided(process):
        raise ConsultationRefused("", "not_decided", codes=", ".join(draft.code for draft in waiting))
    document = adoption_queries.position_document(process)
    if not document.outcomes:
        raise ConsultationRefused("", "nothing_to_adopt")
    _check_ended(process, now)
    why, events = why_no_minutes.strip(), adoption_queries.without_minutes(process)
    if events and not why:
        listed = ", ".join(event.name_es for event in events)
        raise ConsultationRefused("why_no_minutes", "minutes_not_final", events=listed)
    text = canonical(document)
    held = process.adoptions.filter(state=PositionState.PROPOSED.value).first()
    if held is not None:
        if held.sha256 == hash_of(text) and held.proposed_by_id == by.pk:
            return held
        raise ConsultationRefused("", "state")
    made = Adoption(
        process=process,
        canonical=text,
        sha256=hash_of(text),
        proposed_by=by,
        proposed_at=now,
        why_no_minutes=why if events else "",
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ConsultationRefused("", "state") from None
    written(by, process, ADOPTION, made.key, decision, now, Verb.CREATE)
    return made


@transaction.atomic
def withdraw(*, by: Officer, adoption: Adoption, now: datetime) -> None:
    """Take back a proposal, so that something may still be changed. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, adoption.process, now)
    ended = Adoption.objects.filter(pk=adoption.pk, state=PositionState.PROPOSED.value).update(
        state=PositionState.WITHDRAWN.value
    )
    if not ended:
        raise ConsultationRefused("", "state")
    written(by, adoption.process, ADOPTION, adoption.key, decision, now)


@transaction.atomic
def confirm(*, by: Officer, adoption: Adoption, now: datetime) -> Instrument:
    """Adopt the position: it becomes an instrument with its provisions, and the public sees it. All of it, or nothing.

    Confirmed twice, it gives the instrument that it gave the first time.
    Raises NotAllowed, ConsultationRefused (`second_officer`, `changed_since`, `state`, `not_closed`, `polls_open`)."""
    process = adoption.process
    decision = as_secretariat(by, process, now)
    hold(process)
    hold(adoption)
    if adoption.state == PositionState.ADOPTED and adoption.instrument is not None:
        return adoption.instrument
    if adoption.state != PositionState.PROPOSED:
        raise ConsultationRefused("", "state")
    if adoption.proposed_by_id == by.pk:
        raise ConsultationRefused("", "second_officer")
    _check_ended(process, now)
    document = adoption_queries.position_document(process)
    if hash_of(canonical(document)) != adoption.sha256:
        raise ConsultationRefused("", "changed_since")
    instrument = make_instrument(position=as_position(process, document, adoption.sha256, now), by=by, now=now)
    Adoption.objects.filter(pk=adoption.pk).update(
        state=PositionState.ADOPTED.value, confirmed_by=by, confirmed_at=now, instrument=instrument
    )
    adoption.refresh_from_db()
    change(
        process,
        process.version,
        state=ProcessState.ADOPTED.value,
        instrument=instrument,
        published_at=process.published_at or now,
        results_at=process.results_at or now,
    )
    written(by, process, ADOPTION, adoption.key, decision, now, Verb.PUBLISH)
    return instrument


def _check_ended(process: Process, now: datetime) -> None:
    """That nothing new comes in any more, and no vote is running. Raises ConsultationRefused."""
    if process.state != ProcessState.CLOSED:
        raise ConsultationRefused("", "not_closed")
    if polls := adoption_queries.polls_not_closed(process, now):
        raise ConsultationRefused("", "polls_open", polls=", ".join(poll.title_es for poll in polls))


def as_position(process: Process, document: PositionDocument, sha256: str, now: datetime) -> Position:
    """The position as the register of instruments takes it: themes as sections, agreed texts and points below them."""
    parts = [Part(theme.code, theme.parent, SECTION, theme.name) for theme in document.themes]
    for outcome in document.outcomes:
        parts += _parts_of(outcome)
    return Position(
        code=f"position-{process.code}"[:40],
        name=document.title,
        body=document.convener,
        adopted_on=timezone.localdate(now),
        source=Both(f"Consulta nacional «{process.code}»", f"National consultation “{process.code}”"),
        sha256=sha256,
        made_up=process.made_up,
        parts=tuple(parts),
    )


def _parts_of(outcome: OutcomeEntry) -> list[Part]:
    """The text that was agreed and its agreed points. Without agreement on the text, its title heads the points."""
    agreed = outcome.result != Result.NOT_AGREED
    points = [Part(point.code, outcome.code, point.kind, point.text) for point in outcome.points if point.agreed]
    if not agreed and not points:
        return []
    text = outcome.text if agreed and outcome.text != Both() else outcome.title
    kind = outcome.kind if agreed and outcome.text != Both() else SECTION
    return [Part(outcome.code, outcome.theme, kind, text), *points]
