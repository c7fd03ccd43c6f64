"""A hand-over of one person from an office to another: its states, who may take each step, its clocks.

The sender is the office that holds the record, the receiver the one that is to read it; of a request too, which the
receiver begins. What a hand-over opens, and until when, is `opens`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused


class Kind(StrEnum):
    """To another institution, asked for by another institution, or to another office of the same one."""

    REFERRAL = "referral"
    REQUEST = "request"
    ASSIGNMENT = "assignment"


class Urgency(StrEnum):
    """How soon an answer must come."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    NORMAL = "normal"


class Ground(StrEnum):
    """What the disclosure stands on."""

    PROTOCOL = "protocol"
    CONSENT = "consent"
    LAW = "law"


class Side(StrEnum):
    """Who takes a step: the office that holds the record, or the one that is to read it."""

    SENDER = "sender"
    RECEIVER = "receiver"


class State(StrEnum):
    """Where a hand-over stands. That it expired is read from the clock and never stored."""

    ASKED = "asked"
    SENT = "sent"
    ACCEPTED = "accepted"
    IN_SERVICE = "in_service"
    COMPLETED = "completed"
    REJECTED = "rejected"
    RECALLED = "recalled"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Step(StrEnum):
    """What somebody does with a hand-over that was begun."""

    SHARE = "share"
    ACCEPT = "accept"
    REJECT = "reject"
    RECALL = "recall"
    START = "start"
    COMPLETE = "complete"
    GIVE_BACK = "give_back"
    CANCEL = "cancel"


class Why(StrEnum):
    """Why a hand-over was rejected or given back."""

    FULL = "full"
    NOT_OURS = "not_ours"
    NOT_ELIGIBLE = "not_eligible"
    UNSAFE = "unsafe"
    NO_SHOW = "no_show"
    NO_GROUND = "no_ground"


WAITING = frozenset({State.ASKED, State.SENT})
LIVE = WAITING | {State.ACCEPTED, State.IN_SERVICE}
READ = frozenset({State.SENT, State.ACCEPTED, State.IN_SERVICE})
"""The states in which the receiver reads."""
BACK = frozenset({State.REJECTED, State.RETURNED, State.EXPIRED})
"""Ended without attention: the sender has to find another way."""

ANSWER_WITHIN = {
    Urgency.IMMEDIATE: timedelta(hours=24),
    Urgency.URGENT: timedelta(hours=72),
    Urgency.NORMAL: timedelta(days=10),
}
ATTEND_WITHIN = timedelta(days=90)
"""How long an accepted hand-over is read, at most; it can be sent again."""
KEPT_FOR = timedelta(days=30)
"""How long the receiver still reads what it wrote itself in a hand-over that has ended."""
LONGEST_NOTE = 1000

STEPS: Mapping[tuple[State, Step], tuple[frozenset[Side], State]] = {
    (State.ASKED, Step.SHARE): (frozenset({Side.SENDER}), State.ACCEPTED),
    (State.ASKED, Step.REJECT): (frozenset({Side.SENDER}), State.REJECTED),
    (State.ASKED, Step.RECALL): (frozenset({Side.RECEIVER}), State.RECALLED),
    (State.SENT, Step.ACCEPT): (frozenset({Side.RECEIVER}), State.ACCEPTED),
    (State.SENT, Step.REJECT): (frozenset({Side.RECEIVER}), State.REJECTED),
    (State.SENT, Step.RECALL): (frozenset({Side.SENDER}), State.RECALLED),
    (State.ACCEPTED, Step.START): (frozenset({Side.RECEIVER}), State.IN_SERVICE),
    (State.ACCEPTED, Step.GIVE_BACK): (frozenset({Side.RECEIVER}), State.RETURNED),
    (State.IN_SERVICE, Step.COMPLETE): (frozenset({Side.RECEIVER}), State.COMPLETED),
    (State.IN_SERVICE, Step.GIVE_BACK): (frozenset({Side.RECEIVER}), State.RETURNED),
    **{(state, Step.CANCEL): (frozenset(Side), State.CANCELLED) for state in LIVE},
}
REASONED = frozenset({Step.REJECT, Step.GIVE_BACK})
"""Steps that need one of the codes of `Why`."""
TOLD = frozenset({Step.COMPLETE})
"""Steps that need words: what was done for the person."""


class HandoverRefused(Refused):
    """A hand-over, or a step of one, that cannot be."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "nothing": ("Elija qué se comparte.", "Choose what is shared."),
        "not_yours": (
            "Solo puede compartir lo que usted puede leer.",
            "You may share only what you may read yourself.",
        ),
        "protected": (
            "«{section}» no se comparte en una derivación: lo lee solo quien atiende el caso.",
            "“{section}” is not shared in a hand-over: only whoever attends the case reads it.",
        ),
        "never": (
            "{institution} no puede leer «{section}», tampoco en una derivación.",
            "{institution} may not read “{section}”, not even in a hand-over.",
        ),
        "own": ("Elija otra oficina: esta es la suya.", "Choose another office: this one is yours."),
        "no_protocol": (
            "El protocolo no abre «{section}» a {institution}: hace falta el consentimiento de la persona o una ley.",
            "The protocol does not open “{section}” to {institution}: it takes the person's consent, or a law.",
        ),
        "no_consent": (
            "Ningún consentimiento vigente comparte todo eso con {institution}. Regístrelo primero.",
            "No consent in force shares all of that with {institution}. Record it first.",
        ),
        "no_law": (
            "Ninguna base legal aprobada abre todo eso a {institution}.",
            "No approved legal basis opens all of that to {institution}.",
        ),
        "twice": (
            "Ya hay una derivación viva de esta persona a esa oficina: espere la respuesta o retírela.",
            "A live hand-over of this person to that office exists: wait for the answer, or recall it.",
        ),
        "reason": ("Escriba para qué, en {least} letras o más.", "Write what for, in {least} letters or more."),
        "not_now": (
            "La derivación cambió mientras tanto: ahora está «{state}». No se guardó nada; vuelva a leerla.",
            "The hand-over changed meanwhile: it is “{state}” now. Nothing was stored; read it again.",
        ),
        "why": ("Elija el motivo.", "Choose the reason."),
        "told": ("Escriba qué se hizo por la persona.", "Write what was done for the person."),
    }


SHORTEST_REASON = 10


@dataclass(frozen=True)
class Opening:
    """What a hand-over opens at a moment: nothing when `until` is past.

    until           when the reading ends
    written_before  what was written later stays closed; None once the hand-over was accepted
    """

    until: datetime
    written_before: datetime | None


def state_at(stored: State, expires_at: datetime, now: datetime) -> State:
    """The state at `now`: a live hand-over whose clock has run out has expired."""
    return State.EXPIRED if stored in LIVE and now >= expires_at else stored


def begin(urgency: Urgency, now: datetime) -> datetime:
    """When a hand-over that nobody answers expires."""
    return now + ANSWER_WITHIN[urgency]


def take(
    state: State, step: Step, sides: Collection[Side], why: Why | None = None, note: str = "", field: str = "why"
) -> State:
    """The state after `step`, for somebody who stands on these sides. Raises HandoverRefused.

    A step that is not of one's own side is refused like one that the state does not know.
    """
    allowed, then = STEPS.get((state, step), (frozenset(), state))
    if not allowed & set(sides):
        raise HandoverRefused("", "not_now", state=state.value)
    if step in REASONED and why is None:
        raise HandoverRefused(field, "why")
    if step in TOLD and not note.strip():
        raise HandoverRefused("note", "told")
    return then


def side_of(state: State, step: Step, sides: Collection[Side]) -> Side:
    """On which side somebody on these sides takes the step; the receiver's where both may."""
    allowed, _ = STEPS[state, step]
    return Side.RECEIVER if Side.RECEIVER in allowed & set(sides) else Side.SENDER


def steps_of(state: State, sides: Collection[Side]) -> tuple[Step, ...]:
    """The steps that somebody on these sides may take now."""
    return tuple(step for (known, step), (allowed, _) in STEPS.items() if known is state and allowed & set(sides))


def opens(state: State, *, sent_at: datetime, expires_at: datetime, ended_at: datetime | None) -> Opening | None:
    """What a hand-over in `state` opens to the receiver; None for one that was only asked for.

    Until it is accepted, what was written when it was sent; then what stands there now; after its end, nothing.
    """
    if state is State.ASKED:
        return None
    if state in READ:
        return Opening(expires_at, sent_at if state is State.SENT else None)
    return Opening(ended_at or sent_at, None)


def check_sections(
    *,
    sections: Collection[str],
    readable: Collection[str],
    protected: Collection[str],
    never: Collection[str],
    institution: str,
) -> None:
    """Refuse to hand over what nobody may share. Raises HandoverRefused.

    readable    codes of the sections that whoever shares may read of this person
    protected   codes that no hand-over opens
    never       codes that the receiving institution must never read
    """
    if not sections:
        raise HandoverRefused("sections", "nothing")
    for section in sorted(sections):
        if section in protected:
            raise HandoverRefused("sections", "protected", section=section)
        if section in never:
            raise HandoverRefused("sections", "never", section=section, institution=institution)
        if section not in readable:
            raise HandoverRefused("sections", "not_yours")


def check_reason(reason: str) -> str:
    """What a hand-over is for, without stray spaces. Raises HandoverRefused."""
    kept = " ".join(reason.split())
    if len(kept) < SHORTEST_REASON:
        raise HandoverRefused("reason", "reason", least=SHORTEST_REASON)
    return kept[:LONGEST_NOTE]
