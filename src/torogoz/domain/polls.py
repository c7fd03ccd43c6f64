"""The words of voting, and the two rules that nobody may bend: what is frozen, and when results may be seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from torogoz.domain.refusals import Refused

FEWEST: Final = 5
"""No count of attested people below this is published, no group smaller than this is shown."""
MOST_CHANGES: Final = 20
"""How often one vote may be changed: enough for anybody who thinks, too few to fill a disk."""


class Kind(StrEnum):
    """How a poll asks: where a seat stands, an order, dots, credits, what to fund, or statements one by one."""

    SCALE = "scale"
    RANK = "rank"
    DOTS = "dots"
    QUADRATIC = "quadratic"
    BUDGET = "budget"
    STATEMENTS = "statements"


class HideUntil(StrEnum):
    """Until when results are hidden: not at all, until the asker has voted, until it closes, until it is published."""

    OFF = "off"
    VOTED = "voted"
    CLOSED = "closed"
    PUBLISHED = "published"


class Secrecy(StrEnum):
    """Whose name a ballot bears: that of its seat, nobody's, or the random token of an attestation."""

    NAMED = "named"
    SECRET = "secret"
    TOKEN = "token"


class Voters(StrEnum):
    """Who may vote: the seats on the roll, or whoever attests that she is of the diaspora."""

    SEATS = "seats"
    ATTESTED = "attested"


class Moment(StrEnum):
    """Where a poll stands at a time."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What may be said to a statement."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"


VALUE: Final[Mapping[Answer, int]] = {Answer.AGREE: 1, Answer.PASS: 0, Answer.DISAGREE: -1}


class StatementState(StrEnum):
    """A statement is proposed, then accepted or not; one that was voted on may be retired, and its votes are kept."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETIRED = "retired"


class Ground(StrEnum):
    """For what a statement is not accepted: the published policy, and nothing else."""

    NOT_ABOUT = "not_about"
    SEVERAL = "several"
    SAID_BEFORE = "said_before"
    NAMES_PERSONS = "names_persons"
    INSULTS = "insults"
    HATE = "hate"
    ADVERTISES = "advertises"
    NO_STATEMENT = "no_statement"


class PollRefused(Refused):
    """A ballot, vote, statement or poll that cannot be kept."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "not_open": (
            "Esta votación no está abierta. No se guardó nada.",
            "This poll is not open. Nothing was stored.",
        ),
        "not_asked": (
            "Esta votación no pide su voto. No se guardó nada.",
            "This poll does not ask you to vote. Nothing was stored.",
        ),
        "voted": (
            "Su institución ya votó en secreto. Para cambiar el voto, escriba el código que se entregó al votar.",
            "Your vote was cast already, in secret. To change it, write the code that was given then.",
        ),
        "once": (
            "Su institución ya votó, y en esta votación el voto no se cambia. El que dio es el que cuenta.",
            "Your institution has voted, and in this poll a vote is not changed. The one you gave counts.",
        ),
        "code": (
            "Ese código no es de esta votación. Revise las letras y los números; lo que votó sigue guardado.",
            "That code is not of this poll. Check its letters and numbers; what was voted is kept.",
        ),
        "kind": (
            "La papeleta no es de esta clase de votación.",
            "The ballot is not of this kind of poll.",
        ),
        "option": (
            "La opción «{option}» no está en la votación. Elija entre las que se muestran.",
            "The option “{option}” is not in this poll. Choose among those shown.",
        ),
        "spent": (
            "Gastó más de lo que tiene: {spent} de {of}. Quite algo y guarde otra vez.",
            "That spends more than you have: {spent} of {of}. Take something away and save again.",
        ),
        "number": (
            "Escriba números enteros; lo que se ordena empieza en 1, y los puntos no son negativos.",
            "Write whole numbers; places start at 1, and dots are not negative.",
        ),
        "no_stance": ("Elija una posición. También puede abstenerse.", "Choose a position. You may also abstain."),
        "empty": (
            "La papeleta está vacía. Elija algo; quien no quiere pronunciarse no vota.",
            "The ballot is empty. Choose something; whoever does not want to take a side does not vote.",
        ),
        "secret_early": (
            "Una votación secreta esconde sus resultados al menos hasta que cierra.",
            "A secret poll hides its results at least until it closes.",
        ),
        "secret_seats": (
            "En una votación secreta cada escaño del padrón pesa lo mismo, para que nadie se reconozca por su peso.",
            "In a secret poll every seat of the roll weighs the same, so that none is known by its weight.",
        ),
        "secret_few": (
            "Una votación secreta necesita al menos {fewest} escaños.",
            "A secret poll needs at least {fewest} seats.",
        ),
        "secret_paper": (
            "En secreto solo votan instituciones del Estado: una papeleta de papel la vería quien la copia.",
            "Only institutions of the State vote in secret: whoever copied a ballot from paper would see it.",
        ),
        "never_quorum": (
            "Con estas instancias nunca habría quórum: se piden {asked} escaños y ellas tienen {held}. Agregue las que "
            "faltan. En secreto cada institución pesa un escaño.",
            "With these bodies there would never be a quorum: {asked} seats are asked and they hold {held}. Add those "
            "that are missing. In secret each institution weighs one seat.",
        ),
        "closes": ("Debe cerrar después de abrir.", "It must close after it opens."),
        "roll": ("Diga quién vota.", "Say who votes."),
        "options": (
            "Faltan opciones: al menos dos, cada una una sola vez.",
            "Options are missing: at least two, each once.",
        ),
        "same_name": (
            "Dos opciones se llaman «{name}». Dé a cada una un nombre que la distinga; no se guardó nada.",
            "Two options are called “{name}”. Give each a name that tells it apart; nothing was stored.",
        ),
        "sent_before": (
            "Este formulario ya se envió con otras palabras. Se guardó lo primero; abra uno nuevo para lo demás.",
            "This form was sent before with other words. The first was stored; open a new one for the rest.",
        ),
        "cost": ("Cada proyecto necesita un costo mayor que cero.", "Each project needs a cost above zero."),
        "rules": (
            "Falta una regla de esta clase de votación: {rule}.",
            "A rule of this kind of poll is missing: {rule}.",
        ),
        "together": (
            "Esa clase de votación no va con esas personas o con esa forma de papeleta.",
            "That kind of poll does not go with those voters or that kind of ballot.",
        ),
        "still_open": (
            "La votación sigue abierta. Sus resultados se publican después de que cierra, y nadie los ve antes.",
            "The poll is still open. Its results are published after it closes, and nobody sees them before.",
        ),
        "not_all_voted": (
            "Todavía falta el voto de {missing} en el padrón. Antes de la hora se cierra solo cuando votaron todas.",
            "The vote of {missing} on the roll is missing. It is closed early only once all have voted.",
        ),
        "seen_early": (
            "Los resultados de esta votación se ven antes de que cierre: por eso cierra a su hora, y no antes.",
            "The results of this poll are seen before it closes: so it closes at its time and not before.",
        ),
        "nothing_to_take": (
            "Todavía no hay un resultado que se pueda tomar: espere a que cierre y se muestre.",
            "There is no result to take on yet: wait until it closes and is shown.",
        ),
        "has_opened": (
            "La votación ya abrió. Sigue hasta que cierra; nada se retira.",
            "The poll has opened. It goes on until it closes; nothing is withdrawn.",
        ),
        "frozen": (
            "Ya hubo un voto sobre esta frase: su texto no cambia. Puede retirarla, con su razón, y aceptar otra.",
            "Somebody has voted on this statement: its text does not change. You may retire it, with a reason.",
        ),
        "reworded": (
            "El texto cambió mientras lo leía. Su voto no se guardó; lea la frase otra vez y vote.",
            "The text changed while you read it. Your vote was not stored; read the statement again and vote.",
        ),
        "statement": (
            "Esa frase ya no está en la votación. No se guardó nada.",
            "That statement is no longer in the poll. Nothing was stored.",
        ),
        "changes": (
            "Cambió este voto muchas veces; el último que dio es el que cuenta.",
            "You have changed this vote many times; the last one you gave counts.",
        ),
        "length": (
            "Escriba entre {least} y {most} letras. Tiene {found}.",
            "Write between {least} and {most} letters. It has {found}.",
        ),
        "reason": (
            "Escriba la razón en los dos idiomas: se publica.",
            "Write the reason in both languages: it is published.",
        ),
        "ground": (
            "Elija el motivo de la política de moderación.",
            "Choose the ground from the policy of moderation.",
        ),
        "decided": (
            "Ya se decidió sobre esta frase. Vea lo que se decidió; no se cambió nada.",
            "This statement was decided on already. See what was decided; nothing was changed.",
        ),
        "too_many": (
            "Desde esta conexión se pidió mucho en poco tiempo. Espere una hora; lo que ya votó sigue guardado.",
            "Too much was asked from this connection in a short time. Wait an hour; what you voted is kept.",
        ),
        "too_many_proposals": (
            "Por hoy ya propuso {most} frases. Mañana puede proponer otras.",
            "You have proposed {most} statements today. You may propose others tomorrow.",
        ),
        "sworn": (
            "Para votar hay que declarar bajo juramento que se cumple lo que dice el texto.",
            "To vote you must swear that what the text says is true of you.",
        ),
    }


@dataclass(frozen=True)
class Standing:
    """What of a poll decides who sees its results. No ballot, and no number of them, is among it."""

    hide_until: HideUntil
    opens_at: datetime
    closes_at: datetime
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None


def moment(poll: Standing, now: datetime) -> Moment:
    """Where the poll stands. At the second at which it closes it is closed."""
    if poll.withdrawn_at is not None:
        return Moment.WITHDRAWN
    if now < poll.opens_at:
        return Moment.WAITING
    return Moment.OPEN if now < poll.closes_at else Moment.CLOSED


def shown(poll: Standing, *, has_voted: bool, now: datetime) -> bool:
    """Whether results may be seen, by anybody at all; no officer and no role sees them sooner.

    has_voted   whether the asker has voted; only asked of polls hidden until then
    """
    stands = moment(poll, now)
    if stands in {Moment.WITHDRAWN, Moment.WAITING}:
        return False
    closed = stands is Moment.CLOSED
    return {
        HideUntil.OFF: True,
        HideUntil.VOTED: closed or has_voted,
        HideUntil.CLOSED: closed,
        HideUntil.PUBLISHED: closed and poll.published_at is not None and poll.published_at <= now,
    }[poll.hide_until]


def check_together(kind: Kind, voters: Voters, secrecy: Secrecy, hide_until: HideUntil) -> None:
    """Refuse what cannot keep its promises.

    Statements are for attested people under tokens; other ballots of attested people are secret; what is secret hides
    its results until it closes. Raises PollRefused.
    """
    right = {
        Voters.SEATS: kind is not Kind.STATEMENTS and secrecy is not Secrecy.TOKEN,
        Voters.ATTESTED: kind is not Kind.SCALE
        and secrecy is (Secrecy.TOKEN if kind is Kind.STATEMENTS else Secrecy.SECRET),
    }
    if not right[voters]:
        raise PollRefused("secrecy", "together")
    if secrecy is Secrecy.SECRET and hide_until in {HideUntil.OFF, HideUntil.VOTED}:
        raise PollRefused("hide_until", "secret_early")
