"""What a person may ask of her own data, and the way such a request takes: states, who takes each step, refusals.

Decree 144 of 12 November 2024 names the rights and their term (published summaries, read in 2026; its articles were not
read, so none is cited here, and the grounds of a denial are provisional until counsel has compared them with the text).
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.children import Minority
from torogoz.domain.consents import Purpose
from torogoz.domain.disposal import in_words
from torogoz.domain.refusals import Refused


class Right(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    CANCELLATION = "cancellation"
    OPPOSITION = "opposition"
    PORTABILITY = "portability"
    LIMITATION = "limitation"


class Asker(StrEnum):
    """Who asks: the person, or somebody for her."""

    PERSON = "person"
    PARENT = "parent"
    BY_LAW = "by_law"
    PROXY = "proxy"


FOR_CHILDREN = frozenset({Asker.PARENT, Asker.BY_LAW})
"""Who asks for a child, and for nobody who is of age."""


class Proof(StrEnum):
    """How it was checked who asks. `NONE` leaves the request waiting for it."""

    NONE = "none"
    DOCUMENT = "document"
    CONSULAR = "consular"
    KNOWN = "known"


class AnswerBy(StrEnum):
    """How the person wants the answer."""

    WINDOW = "window"
    READ_ALOUD = "read_aloud"
    CONSULATE = "consulate"
    EMAIL = "email"


class State(StrEnum):
    """Where a request stands. That it is overdue is read from the calendar and never stored."""

    IDENTITY = "identity"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    EXTENDED = "extended"
    GRANTED = "granted"
    PARTLY = "partly"
    DENIED = "denied"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What somebody does with a request."""

    PROVE = "prove"
    TAKE = "take"
    EXTEND = "extend"
    GRANT = "grant"
    GRANT_PARTLY = "grant_partly"
    DENY = "deny"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """Who takes a step: the window that received the request, or the data-protection officer who decides it."""

    WINDOW = "window"
    DECIDES = "decides"


class Why(StrEnum):
    """On what ground a request is denied. Provisional: see the head of this module."""

    IDENTITY = "identity"
    NOTHING = "nothing"
    DUTY = "duty"
    OTHERS = "others"
    NOT_ENTITLED = "not_entitled"


OPEN = frozenset({State.IDENTITY, State.RECEIVED, State.IN_PROGRESS, State.EXTENDED})
DECIDED = frozenset({State.GRANTED, State.PARTLY, State.DENIED})
"""Decided, and the person has not been told yet: the clock still runs."""
LIVE = OPEN | DECIDED
FILES = frozenset({Right.ACCESS, Right.PORTABILITY})
"""Rights that are answered with a file."""

WINDOW, DECIDES = frozenset({Side.WINDOW}), frozenset({Side.DECIDES})
EITHER = WINDOW | DECIDES

STEPS: Mapping[tuple[State, Step], tuple[frozenset[Side], State]] = {
    (State.IDENTITY, Step.PROVE): (EITHER, State.RECEIVED),
    (State.IDENTITY, Step.DENY): (DECIDES, State.DENIED),
    (State.RECEIVED, Step.TAKE): (DECIDES, State.IN_PROGRESS),
    (State.IN_PROGRESS, Step.EXTEND): (DECIDES, State.EXTENDED),
    **{
        (state, step): (DECIDES, reached)
        for state in (State.IN_PROGRESS, State.EXTENDED)
        for step, reached in (
            (Step.GRANT, State.GRANTED),
            (Step.GRANT_PARTLY, State.PARTLY),
            (Step.DENY, State.DENIED),
        )
    },
    **{(state, Step.DELIVER): (EITHER, State.ANSWERED) for state in DECIDED},
    **{(state, Step.WITHDRAW): (EITHER, State.WITHDRAWN) for state in OPEN},
}
LEAST_WORDS = 15
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
"""A name, @, and a domain with a point: more is known only by writing there."""
LONGEST_WORDS = 1000


class RequestRefused(Refused):
    """A request, or a step of one, that cannot be."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "words": (
            "Explíquelo en {least} letras o más: la persona lo leerá.",
            "Explain it in {least} letters or more: the person will read it.",
        ),
        "what": (
            "Escriba qué pide la persona, en {least} letras o más.",
            "Write what the person asks for, in {least} letters or more.",
        ),
        "authority": (
            "Quien pide por otra persona muestra con qué lo acredita: escriba qué documento mostró.",
            "Whoever asks for somebody else shows a proof: write which document was shown.",
        ),
        "child": (
            "Por su nacimiento es menor de 18 años: pide por ella o por él su madre, padre o responsable legal; si "
            "viene sin su familia, la institución que por ley lo representa; o quien tiene poder. Y se le escucha.",
            "By the birth date this is a child under 18: mother, father or guardian asks; for a child alone, the "
            "institution that represents the child by law; or who has a power. And the child is heard.",
        ),
        "said_child": (
            "Usted dijo que es menor de 18 años: pide por ella o por él su madre, padre o responsable legal; si viene "
            "sin su familia, la institución que por ley lo representa; o quien tiene poder. Y se le escucha.",
            "You said that this is a child under 18: mother, father or guardian asks; for a child alone, the "
            "institution that represents the child by law; or who has a power. And the child is heard.",
        ),
        "said_adult": (
            "Usted dijo que tiene 18 años o más: pide la persona misma, o quien la representa con poder.",
            "You said that this is an adult of 18 or over: the person asks, or who represents her with a power.",
        ),
        "age": (
            "El nacimiento registrado no dice si tiene 18 años: diga si es menor.",
            "The recorded birth does not tell whether the person is 18: say whether this is a child.",
        ),
        "adult": (
            "Por su nacimiento tiene 18 años o más: pide la persona misma, o quien la representa con poder.",
            "By the birth date this is an adult of 18 or over: the person asks, or who represents her with a power.",
        ),
        "heard": (
            "Escuche a la niña, niño o adolescente antes de recibir la solicitud, y márquelo.",
            "Hear the child before you receive the request, and tick it.",
        ),
        "protects": (
            "No se concedió: puede ser menor de 18 años, y {who} dejaría de leer lo que escribió para protegerla. La "
            "limitación detiene el uso, no la protección de una niña, niño o adolescente. Deniegue, y explique esto.",
            "Not granted: this may be a child under 18, and {who} would no longer read what it wrote to protect the "
            "child. A limitation stops use, not the protection of a child. Deny it, and explain this.",
        ),
        "contact": (
            "Escriba adónde se envía la respuesta.",
            "Write where the answer is sent.",
        ),
        "email": (
            "Escriba el correo completo: nombre@ejemplo.org.",
            "Write the whole e-mail address: name@example.org.",
        ),
        "open": (
            "Esta ventanilla ya recibió la misma solicitud de esta persona, {number}, y sigue abierta: se responde "
            "hasta el {due}. No se abrió otra; dele ese número.",
            "This window has received the same request of this person already, {number}, and it is open: it is "
            "answered until {due}. No other one was opened; give that number.",
        ),
        "purpose": ("Elija a qué finalidad se opone.", "Choose which purpose is opposed."),
        "too_late": (
            "El plazo venció el {due}: ya no se amplía. Responda cuanto antes.",
            "The term ended on {due}: it is no longer extended. Answer as soon as possible.",
        ),
        "why": ("Elija el motivo legal.", "Choose the legal ground."),
        "unknown_person": (
            "No se sabe de quién es, y no hay a quién aplicarlo. Si no hay datos de la persona, deniegue por eso.",
            "It is not known whose it is, so there is nobody to apply it to. If there are no data, deny it for that.",
        ),
        "only_identity": (
            "Falta comprobar quién pide: solo puede denegarse por eso.",
            "Who asks has not been proved: it can be denied for that alone.",
        ),
        "not_corrected": (
            "Todavía nadie corrigió el registro. Se responde cuando la corrección esté hecha.",
            "Nobody has corrected the record yet. It is answered once the correction is made.",
        ),
        "not_disposed": (
            "La eliminación espera a la segunda persona que la aprueba. Se responde cuando esté hecha.",
            "The disposal waits for the second person who approves it. It is answered once it is done.",
        ),
        "kept_until": (
            "Una ley obliga a guardarlo, o parte, hasta el {until}: deniegue por ese deber o conceda en parte.",
            "A law obliges to keep all or part of it until {until}: deny it for that duty, or grant the rest in part.",
        ),
        "held": (
            "No puede concederse ahora: {why}.",
            "It cannot be granted now: {why}.",
        ),
        "no_duty": (
            "Ninguna ley ni retención obliga a conservarlo: conceda, o elija otro motivo.",
            "No law and no hold obliges to keep it: grant it, or choose another ground.",
        ),
        "moved": (
            "Otra persona ya dio este paso. Se muestra como está ahora.",
            "Somebody has taken this step already. It is shown as it is now.",
        ),
        "moved_by_you": (
            "Usted ya dio un paso en esta solicitud el {when}, y este no sigue a ese. Se muestra como está ahora.",
            "You took a step of this request on {when}, and this one does not follow it. It is shown as it is now.",
        ),
    }

    def explain(self, language: str) -> str:
        """The message, with what stands against it in the words of its language."""
        if "against" in self.details:
            self.details["why"] = in_words(self.details["against"], language)
        return super().explain(language)


def steps_of(state: State, sides: frozenset[Side]) -> tuple[Step, ...]:
    """What somebody who stands on these sides may do now, in the order of `Step`."""
    return tuple(step for step in Step if (state, step) in STEPS and STEPS[state, step][0] & sides)


def after(state: State, step: Step, sides: frozenset[Side]) -> State:
    """The state that the step comes to. Raises RequestRefused when it cannot be taken from here, or by this side."""
    if step not in steps_of(state, sides):
        raise RequestRefused("", "moved")
    return STEPS[state, step][1]


def first_state(proof: Proof) -> State:
    """Where a request begins: without a proof of who asks it waits for one; the clock runs all the same."""
    return State.IDENTITY if proof is Proof.NONE else State.RECEIVED


def check_request(
    *,
    right: Right,
    asker: Asker,
    authority: str,
    what: str,
    answer_by: AnswerBy,
    contact: str,
    purpose: Purpose | None,
    of: Minority | None = None,
    minor: bool | None = None,
    heard: bool = False,
) -> None:
    """Refuse a request in which what the decision needs is missing, and one of a child alone. Raises RequestRefused.

    of      whether the person is under 18, as far as the record that the window has open tells; None without a record
    minor   what the officer says of it, where that record does not tell
    heard   whether the child was heard
    """
    told = of in (Minority.CHILD, Minority.ADULT)
    if of is not None and not told and minor is None:
        raise RequestRefused("minor", "age")
    child = of is Minority.CHILD if told else minor
    if child and asker is Asker.PERSON:
        raise RequestRefused("asker", "child" if told else "said_child")
    if child is False and asker in FOR_CHILDREN:
        raise RequestRefused("asker", "adult" if told else "said_adult")
    if child and not heard:
        raise RequestRefused("heard", "heard")
    if right in (Right.RECTIFICATION, Right.LIMITATION) and len(what.strip()) < LEAST_WORDS:
        raise RequestRefused("what", "what", least=LEAST_WORDS)
    if right is Right.OPPOSITION and purpose is None:
        raise RequestRefused("purpose", "purpose")
    if asker is not Asker.PERSON and not authority.strip():
        raise RequestRefused("authority", "authority")
    if answer_by in (AnswerBy.CONSULATE, AnswerBy.EMAIL) and not contact.strip():
        raise RequestRefused("contact", "contact")
    if answer_by is AnswerBy.EMAIL and not EMAIL.fullmatch(contact.strip()):
        raise RequestRefused("contact", "email")


def check_words(words: str, field: str = "words") -> str:
    """What the person will read, without stray spaces. Raises RequestRefused."""
    kept = " ".join(words.split())
    if len(kept) < LEAST_WORDS:
        raise RequestRefused(field, "words", least=LEAST_WORDS)
    return kept[:LONGEST_WORDS]


def check_extension(*, today: date, due: date) -> None:
    """Refuse to extend a term that is over. Raises RequestRefused."""
    if today > due:
        raise RequestRefused("words", "too_late", due=f"{due:%Y-%m-%d}")


def check_decision(*, step: Step, state: State, known: bool, why: Why | None, right: Right) -> None:
    """Refuse a denial without a ground, and to grant what cannot be applied to anybody. Raises RequestRefused."""
    if step is Step.DENY:
        if why is None:
            raise RequestRefused("why", "why")
        if state is State.IDENTITY and why is not Why.IDENTITY:
            raise RequestRefused("why", "only_identity")
    elif not known:
        raise RequestRefused("", "unknown_person")
