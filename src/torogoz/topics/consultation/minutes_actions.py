"""Minutes of a meeting: written, opened to amendments of who attended, answered, made final and never changed again."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from torogoz.domain.access import Verb
from torogoz.domain.consultations import AmendmentState, ConsultationRefused, MinutesState, Presence
from torogoz.domain.minutes import check_finishing, check_opening, check_request, check_writing, hash_of
from torogoz.shared.institutions.models import Officer
from torogoz.topics.consultation.acting import as_seat, as_secretariat, change, hold, sent_before, written
from torogoz.topics.consultation.models import Minutes, MinutesAmendment
from torogoz.topics.consultation.process_models import Event, Invitation

MINUTES = "minutes"


@transaction.atomic
def write_minutes(
    *, by: Officer, event: Event, text_es: str, text_en: str, version: int | None, now: datetime
) -> Minutes:
    """Write the minutes, or write them again until they are final. `version` is None for the first time.

    Raises NotAllowed, MinutesRefused, ConsultationRefused (`stale` when somebody else wrote meanwhile)."""
    decision = as_secretariat(by, event.process, now)
    said = {"text_es": text_es.strip(), "text_en": text_en.strip()}
    stored = Minutes.objects.filter(event=event).first()
    if stored is None:
        stored = Minutes(event=event, written_by=by, written_at=now, **said)
        try:
            with transaction.atomic():
                stored.save(force_insert=True)
        except IntegrityError:
            raise ConsultationRefused("", "stale") from None
    else:
        hold(stored)
        check_writing(MinutesState(stored.state))
        if version is None and (stored.text_es, stored.text_en) == (said["text_es"], said["text_en"]):
            return stored  # the first form, sent twice
        change(stored, version or 0, written_by=by, written_at=now, **said)
    written(by, event.process, MINUTES, stored.key, decision, now)
    return stored


@transaction.atomic
def open_amendments(*, by: Officer, minutes: Minutes, until: datetime, version: int, now: datetime) -> None:
    """Let who attended ask for amendments until a moment. Raises NotAllowed, MinutesRefused, ConsultationRefused."""
    decision = as_secretariat(by, minutes.event.process, now)
    hold(minutes)
    check_opening(MinutesState(minutes.state), until, now)
    change(minutes, version, state=MinutesState.AMENDMENTS.value, open_until=until)
    written(by, minutes.event.process, MINUTES, minutes.key, decision, now)


@transaction.atomic
def ask_amendment(
    *, by: Officer, minutes: Minutes, invitation: Invitation, text: str, now: datetime, token: UUID | None = None
) -> MinutesAmendment:
    """Ask, for an institution that attended, that the minutes say otherwise.

    Sent twice with the same words, it is asked once. Raises NotAllowed, MinutesRefused, ConsultationRefused."""
    decision = as_seat(by, invitation, now)
    said = {"text": text.strip(), "minutes_id": minutes.pk}
    if sent := sent_before(MinutesAmendment, token, by, "asked_by", said):
        assert isinstance(sent, MinutesAmendment)
        return sent
    if not text.strip():
        raise ConsultationRefused("text", "missing")
    hold(minutes)
    attended = minutes.event.attendances.filter(invitation=invitation, presence=Presence.PRESENT.value).exists()
    check_request(MinutesState(minutes.state), minutes.open_until, attended, now)
    made = MinutesAmendment(invitation=invitation, token=token, asked_by=by, asked_at=now, **said)
    made.save(force_insert=True)
    written(by, minutes.event.process, MINUTES, minutes.key, decision, now)
    return made


@transaction.atomic
def answer_request(*, by: Officer, amendment: MinutesAmendment, taken: bool, answer: str, now: datetime) -> None:
    """Take it or not, and say why; what is taken a person writes into the minutes.

    Raises NotAllowed, ConsultationRefused, MinutesRefused."""
    minutes = amendment.minutes
    decision = as_secretariat(by, minutes.event.process, now)
    check_writing(MinutesState(minutes.state))
    if not answer.strip():
        raise ConsultationRefused("answer", "missing")
    state = AmendmentState.TAKEN if taken else AmendmentState.NOT_TAKEN
    ended = MinutesAmendment.objects.filter(pk=amendment.pk, state=AmendmentState.PROPOSED.value).update(
        state=state.value, answer=answer.strip(), answered_by=by, answered_at=now
    )
    if not ended:
        raise ConsultationRefused("", "state")
    written(by, minutes.event.process, MINUTES, minutes.key, decision, now)


@transaction.atomic
def make_final(*, by: Officer, minutes: Minutes, version: int, now: datetime) -> None:
    """Make the minutes final, with the hash of their text. Raises NotAllowed, MinutesRefused, ConsultationRefused."""
    decision = as_secretariat(by, minutes.event.process, now)
    hold(minutes)
    states = [AmendmentState(state) for state in minutes.amendments.values_list("state", flat=True)]
    check_finishing(MinutesState(minutes.state), minutes.open_until, states, now)
    change(
        minutes,
        version,
        state=MinutesState.FINAL.value,
        final_at=now,
        sha256=hash_of(minutes.text_es, minutes.text_en),
    )
    written(by, minutes.event.process, MINUTES, minutes.key, decision, now, Verb.PUBLISH)
