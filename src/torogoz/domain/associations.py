"""Associations of Salvadorans abroad: what they declare, and until when it counts as verified."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from torogoz.domain.refusals import Refused

VERIFIED_YEARS: Final = 2
"""A verification is of its day: after two years nobody vouches for it any more, until it is done again."""
OLDEST: Final = 1850
REASON: Final = 10
"""Letters that a reason has at least."""
MAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
DIGITS: Final = 7
"""The shortest numbers of a country, without its prefix."""


class State(StrEnum):
    """Where a declaration stands. Only a verified one is published; a lapsed one is kept in sight, called lapsed."""

    DECLARED = "declared"
    VERIFIED = "verified"
    LAPSED = "lapsed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done with a declaration: by officers, but CORRECT and WITHDRAW, which take the receipt's code."""

    VERIFY = "verify"
    REFUSE = "refuse"
    LAPSE = "lapse"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RENEW = "renew"


class Channel(StrEnum):
    """By what an association is reached."""

    MAIL = "mail"
    TELEPHONE = "telephone"
    WEB = "web"


WAYS: Final[Mapping[tuple[State, Step], State]] = {
    (State.DECLARED, Step.VERIFY): State.VERIFIED,
    (State.LAPSED, Step.VERIFY): State.VERIFIED,
    (State.DECLARED, Step.REFUSE): State.REFUSED,
    (State.VERIFIED, Step.LAPSE): State.LAPSED,
    # What was verified is not what stands there after a correction: an officer looks again before it is published.
    **{(state, Step.CORRECT): State.DECLARED for state in State if state is not State.WITHDRAWN},
    **{(state, Step.WITHDRAW): State.WITHDRAWN for state in State if state is not State.WITHDRAWN},
    **{(state, Step.RENEW): state for state in State if state is not State.WITHDRAWN},
}
BY_OFFICERS: Final = (Step.VERIFY, Step.REFUSE, Step.LAPSE)
WITH_REASON: Final = frozenset({Step.REFUSE, Step.LAPSE, Step.RENEW})


class AssociationRefused(Refused):
    """A declaration, or a step of it, that cannot be kept."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "moved": (
            "La declaración ya no está como usted la vio. No se cambió nada; mírela otra vez.",
            "The declaration is not as you saw it any more. Nothing was changed; look at it again.",
        ),
        "reason": (
            "Diga por qué, en al menos {least} letras: la asociación lo leerá.",
            "Say why, in {least} letters or more: the association will read it.",
        ),
        "founded": (
            "El año de fundación va de {oldest} a {latest}. Déjelo vacío si no lo sabe.",
            "The year of founding is from {oldest} to {latest}. Leave it empty if you do not know it.",
        ),
        "channel": (
            "Escriba el contacto, o quite la clase de contacto.",
            "Write the contact, or take the kind of contact away.",
        ),
        "keeps": (
            "Escribió un contacto que no se publica, y pidió dejar lo sellado como está. Elija cambiarlo, o bórrelo.",
            "You wrote a contact that is not public, but chose to keep what is sealed. Change it, or clear this.",
        ),
        "web": (
            "Una dirección de Internet empieza con https:// o http://.",
            "A web address begins with https:// or http://.",
        ),
        "mail": (
            "Escriba el correo completo: nombre@ejemplo.org.",
            "Write the whole e-mail address: name@example.org.",
        ),
        "telephone": (
            "Escriba el número con todas sus cifras y el prefijo del país.",
            "Write the number with all its digits and the prefix of the country.",
        ),
        "too_many": (
            "Desde esta conexión se envió mucho en poco tiempo. No se guardó nada; pruebe otra vez en una hora.",
            "Too much was sent from this connection in a short time. Nothing was stored; try again in an hour.",
        ),
        "code": (
            "Ese código no es de un comprobante que esté guardado. Revise las letras y los números.",
            "That code is not of a receipt that is kept. Check its letters and numbers.",
        ),
    }


@dataclass(frozen=True)
class Declaration:
    """What an association says of itself, as anybody may read it once it is verified.

    country     ISO 3166-1 alpha-3
    languages   ISO 639-1 codes of those it works in
    aims        in its own words, in `language` (es or en)
    founded     year; None when it is not said, which is not the year 0
    """

    name: str
    country: str
    city: str
    languages: tuple[str, ...]
    aims: str
    language: str
    founded: int | None = None
    channel: Channel | None = None
    contact: str = ""
    contact_public: bool = False

    def check(self, today: date) -> None:
        """Refuse what cannot be. Raises AssociationRefused."""
        if self.founded is not None and not OLDEST <= self.founded <= today.year:
            raise AssociationRefused("founded", "founded", oldest=OLDEST, latest=today.year)
        if bool(self.channel) != bool(self.contact):
            raise AssociationRefused("contact", "channel")
        if self.channel is Channel.WEB and not self.contact.startswith(("https://", "http://")):
            raise AssociationRefused("contact", "web")
        if self.channel is Channel.MAIL and not MAIL.fullmatch(self.contact):
            raise AssociationRefused("contact", "mail")
        if self.channel is Channel.TELEPHONE and sum(sign.isdigit() for sign in self.contact) < DIGITS:
            raise AssociationRefused("contact", "telephone")


def after(state: State, step: Step) -> State:
    """The state that a step leads to. Raises AssociationRefused."""
    try:
        return WAYS[state, step]
    except KeyError:
        raise AssociationRefused("", "moved") from None


def decisions_on(state: State) -> tuple[Step, ...]:
    """What an officer may decide on a declaration that stands so."""
    return tuple(step for step in BY_OFFICERS if (state, step) in WAYS)


def check_reason(step: Step, words: str) -> str:
    """The reason of a step as it is kept; empty where none is owed. Raises AssociationRefused."""
    kept = words.strip()
    if step in WITH_REASON and len(kept) < REASON:
        raise AssociationRefused("reason", "reason", least=REASON)
    return kept


def verified_until(today: date) -> date:
    """The last day on which a verification of today counts."""
    try:
        return today.replace(year=today.year + VERIFIED_YEARS)
    except ValueError:  # 29 February
        return date(today.year + VERIFIED_YEARS, 2, 28)


def standing(state: State, until: date | None, today: date) -> State:
    """How a declaration stands today: what was verified lapses by itself after its last day."""
    if state is State.VERIFIED and until is not None and today > until:
        return State.LAPSED
    return state
