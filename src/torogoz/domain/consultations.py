"""The words of a consultation, and the ways its parts may go: process, replies, tables, contributions, drafts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused


class ProcessState(StrEnum):
    """Prepared by its secretariat; convened; at work; closed to new contributions; its position adopted."""

    PREPARED = "prepared"
    CONVENED = "convened"
    AT_WORK = "at_work"
    CLOSED = "closed"
    ADOPTED = "adopted"


class PhaseKind(StrEnum):
    TRAINING = "training"
    TABLES = "tables"
    ONLINE = "online"
    DRAFTING = "drafting"
    VALIDATION = "validation"
    ADOPTION = "adoption"


class Part(StrEnum):
    """What a convened body does: it decides, it is heard, it looks after the method, or it convened the others."""

    DECIDES = "decides"
    HEARD = "heard"
    METHOD = "method"
    CONVENES = "convenes"


class Reply(StrEnum):
    """What a body answered. No answer yet is no refusal."""

    NONE = "none"
    YES = "yes"
    NO = "no"
    NOT_RECORDED = "not_recorded"


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    NOT_RECORDED = "not_recorded"


class Duty(StrEnum):
    """What an officer is named for at a table."""

    FACILITATOR = "facilitator"
    RAPPORTEUR = "rapporteur"


class TableState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


class Channel(StrEnum):
    """How a contribution came: said at a table, typed in from paper, or sent on line."""

    TABLE = "table"
    PAPER = "paper"
    ONLINE = "online"


class ContributionState(StrEnum):
    """What became of it. What is set aside is not deleted: its text stays with its reason."""

    RECEIVED = "received"
    KEPT = "kept"
    MERGED = "merged"
    SPLIT = "split"
    REWORDED = "reworded"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    SET_ASIDE = "set_aside"


class Operation(StrEnum):
    """How one contribution became another, or went into a text."""

    MERGE = "merge"
    SPLIT = "split"
    REWORD = "reword"
    ADOPTED_IN = "adopted_in"


class DraftState(StrEnum):
    """A text is written, then decided upon, then its outcome stands."""

    WRITING = "writing"
    DECIDING = "deciding"
    DECIDED = "decided"


class AmendmentState(StrEnum):
    PROPOSED = "proposed"
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    WITHDRAWN = "withdrawn"


class MinutesState(StrEnum):
    DRAFT = "draft"
    AMENDMENTS = "amendments"
    FINAL = "final"


class PositionState(StrEnum):
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    ADOPTED = "adopted"


class ConsultationRefused(Refused):
    """Something that the consultation does not allow, or not now. Nothing was changed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "state": (
            "Ya no se puede: esto cambió mientras usted lo tenía abierto. No se cambió nada; vea cómo está ahora.",
            "This is no longer possible: it changed while you had it open. Nothing was changed; see how it stands now.",
        ),
        "stale": (
            "Otra persona guardó un cambio mientras usted escribía. Lo suyo sigue en la página y no se guardó: "
            "compárelo con lo guardado y vuelva a enviarlo.",
            "Somebody else stored a change while you were writing. Yours is still on the page and was not stored: "
            "compare it with what is stored, and send it again.",
        ),
        "sent_before": (
            "Este formulario ya se envió con otras palabras. Se guardó lo primero; abra uno nuevo para lo demás.",
            "This form was sent before with other words. The first was stored; open a new one for the rest.",
        ),
        "over": (
            "La consulta ya se cerró o adoptó su posición: no se abre ni se agrega nada en ella. No se guardó nada.",
            "The consultation is closed or has adopted its position: nothing is opened or added. Nothing was stored.",
        ),
        "missing": ("Falta este dato.", "This is missing."),
        "code_taken": (
            "«{taken}» ya se usa en esta consulta. Elija otro código.",
            "“{taken}” is already used in this consultation. Choose another code.",
        ),
        "code_elsewhere": (
            "«{taken}» ya es el código de otra consulta. Elija otro.",
            "“{taken}” is already the code of another consultation. Choose another one.",
        ),
        "no_rules": (
            "Antes de convocar, diga con qué regla se decide.",
            "Before convening, say by which rule it is decided.",
        ),
        "nobody_invited": (
            "Todavía no hay ninguna instancia convocada que decida. Agregue al menos una.",
            "No body that decides has been convened yet. Add at least one.",
        ),
        "not_an_officer": (
            "«{name}» no es el usuario de nadie en servicio. Revise cómo se escribe.",
            "“{name}” is the username of nobody in service. Check how it is written.",
        ),
        "convened_before": (
            "Esta instancia ya está convocada. Cambie lo que tiene en la lista.",
            "This body is convened already. Change it in the list.",
        ),
        "not_open": (
            "La mesa no está abierta: lo que escribió sigue en la página. Ábrala para guardarlo.",
            "The table is not open: what you wrote is still on the page. Open it to store it.",
        ),
        "sheet": (
            "Diga de qué hoja se copió: el número o la marca que tiene en la esquina.",
            "Say which sheet it was copied from: the number or mark in its corner.",
        ),
        "two_at_least": (
            "Para unir hacen falta al menos dos aportes vivos de la misma consulta.",
            "Merging takes at least two live contributions of the same consultation.",
        ),
        "parts": (
            "Para dividir escriba al menos dos partes, cada una en su casilla.",
            "To split, write at least two parts, each in its box.",
        ),
        "ground": (
            "Elija por cuál motivo de la política publicada se aparta.",
            "Choose on which ground of the published policy it is set aside.",
        ),
        "no_version": (
            "Todavía no hay ningún texto sobre el cual decidir.",
            "There is no text to decide upon yet.",
        ),
        "same_words": (
            "El texto es igual al de la versión de ahora. No se guardó otra.",
            "The text is the same as that of the version of now. No other was stored.",
        ),
        "newer_version": (
            "Hay una versión más nueva del texto. Léala antes de tomar posición: lo que escribió no se guardó.",
            "There is a newer version of the text. Read it before taking a position: what you wrote was not stored.",
        ),
        "no_seat": (
            "Solo toman posición las instancias que deciden y aceptaron la convocatoria.",
            "Only bodies that decide and have accepted the invitation take a position.",
        ),
        "speaks_itself": (
            "Esta institución ya dio su posición por su propio usuario. Desde la secretaría no se cambia.",
            "This institution has given its position through its own officer. The secretariat does not change it.",
        ),
        "amendments_open": (
            "Hay enmiendas sin respuesta. Responda cada una antes de decidir.",
            "There are amendments without an answer. Answer each one before deciding.",
        ),
        "no_quorum": (
            "No hay quórum. Escaños que faltan por hablar: {lacking}. Nada se decidió; el texto sigue abierto.",
            "There is no quorum. Seats that must still speak: {lacking}. Nothing was decided; the text stays open.",
        ),
        "seat_count": ("Escriba cuántos escaños tiene: 1 o más.", "Write how many seats it has: 1 or more."),
        "dates": ("Termina antes de empezar. Revise las fechas.", "It ends before it begins. Check the dates."),
        "not_decided": (
            "Hay textos sin resultado: {codes}. Decida sobre cada uno, o registre que no hubo acuerdo.",
            "There are texts without an outcome: {codes}. Decide on each, or record that there was no agreement.",
        ),
        "nothing_to_adopt": (
            "No hay ningún texto con resultado: no hay posición que adoptar.",
            "No text has an outcome: there is no position to adopt.",
        ),
        "not_closed": (
            "La consulta sigue abierta. Ciérrela en su página de trabajo y vuelva aquí: nada se propuso.",
            "The consultation is still open. Close it on its page of work and come back: nothing was proposed.",
        ),
        "minutes_not_final": (
            "Hay reuniones sin acta definitiva: {events}. Dé por definitiva cada una, o diga por qué no la hay.",
            "There are meetings without final minutes: {events}. Make each final, or say why there are none.",
        ),
        "polls_open": (
            "Hay votaciones que no han cerrado: {polls}. Espere a que cierren, o retire la que no ha abierto.",
            "Some votes have not closed: {polls}. Wait until they close, or withdraw one that has not opened.",
        ),
        "adopted_stays": (
            "La posición se adoptó: su dirección y su huella están en cada hoja de sus documentos. Ni la consulta ni "
            "sus resultados se retiran ya del público; nada cambió.",
            "The position was adopted: its address and its hash are on every page of its documents. Neither the "
            "consultation nor its results are withdrawn from the public any more; nothing was changed.",
        ),
        "changed_since": (
            "La posición cambió desde que se propuso: su huella ya no es la misma. Retírela y propóngala de nuevo.",
            "The position changed since it was proposed: its hash is no longer the same. Withdraw it and propose it "
            "again.",
        ),
        "second_officer": (
            "Quien propuso la posición no la confirma: hace falta otra persona de la secretaría.",
            "Whoever proposed the position does not confirm it: another officer of the secretariat does.",
        ),
    }


STEPS = {
    "convene": (ProcessState.PREPARED, ProcessState.CONVENED),
    "start": (ProcessState.CONVENED, ProcessState.AT_WORK),
    "close": (ProcessState.AT_WORK, ProcessState.CLOSED),
    "reopen": (ProcessState.CLOSED, ProcessState.AT_WORK),
}
"""What a secretariat may do with a process, from where, and where it leads. Adopting has its own way."""

LIVE = frozenset({ContributionState.RECEIVED, ContributionState.KEPT})
"""Contributions of which something may still become."""

JUDGED = {
    ContributionState.KEPT: frozenset({ContributionState.RECEIVED, ContributionState.SET_ASIDE}),
    ContributionState.NOT_ADOPTED: LIVE,
    ContributionState.SET_ASIDE: LIVE | {ContributionState.NOT_ADOPTED},
}
"""What a person may say of a contribution, and of which it may be said. The others follow from what was done."""

GOING_ON = frozenset({ProcessState.CONVENED, ProcessState.AT_WORK})
TAKES_MORE = GOING_ON | {ProcessState.PREPARED}
"""Where themes, meetings and an on-line vote may be added."""


def after(state: ProcessState, step: str) -> ProcessState:
    """The state that a step leads to. Raises ConsultationRefused where it cannot be taken from `state`."""
    begins, leads = STEPS.get(step, (None, None))
    if leads is None or state is not begins:
        raise ConsultationRefused("", "state")
    return leads


def check_judgement(now: ContributionState, said: ContributionState) -> None:
    """Refuse to say of a contribution what cannot follow from how it stands. Raises ConsultationRefused."""
    if now not in JUDGED.get(said, frozenset()):
        raise ConsultationRefused("", "state")
