"""The day on which a flight or bus arrives: the stops of the circuit, and what may be done while it is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from torogoz.domain.access import LOGISTICS
from torogoz.domain.refusals import Refused
from torogoz.domain.returns import Answer
from torogoz.domain.sections import ONWARD


class TransportRefused(Refused):
    """Something that cannot be done with a transport as it is."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "closed": (
            "El día de este transporte ya se cerró. No se guardó nada.",
            "The day of this transport is closed. Nothing was stored.",
        ),
        "taken": (
            "Esta llegada ya está marcada en la lista de un transporte. No se guardó nada.",
            "This arrival is ticked off on the list of a transport already. Nothing was stored.",
        ),
        "ticked": (
            "Esta persona de la lista ya está marcada con otra llegada. No se guardó nada.",
            "This person of the list is ticked off with another arrival already. Nothing was stored.",
        ),
        "same": (
            "Ese transporte ya está registrado en este centro, ese día. No se guardó otro.",
            "That transport is already registered at this centre, on that day. No other was stored.",
        ),
        "unreadable": (
            "El archivo no es CSV UTF-8 ni libro de Excel (xlsx) con una columna de nombres: no se guardó nada."
            " Guárdelo como «CSV UTF-8», con comillas cerradas; la primera fila debe decir, por ejemplo, Nombres y"
            " Apellidos.",
            "The file is neither CSV UTF-8 nor an Excel workbook (xlsx) with a column of names: nothing was stored."
            " Save it as “CSV UTF-8”, with quotes closed; the first row should say, for instance, Nombres and"
            " Apellidos.",
        ),
        "no_day": (
            "Un transporte se anuncia para un día de hace un año como mucho, o de dentro de un año. No se guardó nada.",
            "A transport is announced for a day of at most a year ago or a year ahead. Nothing was stored.",
        ),
        "arrived": (
            "Esta persona está marcada como llegada: quite primero la marca. No se cambió nada.",
            "This person is ticked off as arrived: take the tick away first. Nothing was changed.",
        ),
        "listed": (
            "Este transporte tiene una lista: quite primero a quienes están en ella. No se cambió nada.",
            "This transport has a list: take out first who is on it. Nothing was changed.",
        ),
        "large": (
            "El archivo pasa de 5 MB: no se guardó nada.",
            "The file is over 5 MB: nothing was stored.",
        ),
    }


class StopRefused(Refused):
    """A stop that did not go as it was written down."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "compulsory": (
            "La parada médica es obligatoria para esta persona, o falta un dato para saberlo: no se puede anotar que no"
            " la necesita. No se guardó nada.",
            "The medical stop is compulsory for this person, or a fact is missing to know: it cannot be recorded as not"
            " needed. Nothing was stored.",
        )
    }


class Progress(StrEnum):
    """How a stop went for one person; a stop of which nothing is recorded is unknown, and not one that was skipped."""

    DONE = "done"
    NOT_NEEDED = "not_needed"
    DECLINED = "declined"


FARTHEST: Final = timedelta(days=366)
"""How far from today a transport may be announced: what lies farther is a slip of the hand."""


def check_day(arrives_on: date, today: date) -> None:
    """Refuse a day that no list of today can be of. Raises TransportRefused."""
    if abs(arrives_on - today) > FARTHEST:
        raise TransportRefused("arrives_on", "no_day")


@dataclass(frozen=True)
class CircuitStop:
    """A stop of the circuit. Who may see or record it is who may read or write `section`: that somebody was at the
    table of child protection is itself a fact of that section."""

    code: str
    section: str


CIRCUIT = (
    CircuitStop("welcome", LOGISTICS),
    CircuitStop("migration", "migration"),
    CircuitStop("health", "health"),
    CircuitStop("police", "police"),
    CircuitStop("child_protection", "child_protection"),
    CircuitStop("psychosocial", "psychosocial"),
    CircuitStop("calls", LOGISTICS),
    CircuitStop("belongings", ONWARD),
    CircuitStop("transport", ONWARD),
    CircuitStop("lodging", ONWARD),
)
"""The stops of the reception, in their order, after "Bienvenido a Casa", DGME."""


def check_stop(stop: CircuitStop, progress: Progress, compulsory: Answer) -> None:
    """Refuse that the medical stop was not needed when it is compulsory, or may be. Raises StopRefused."""
    if stop.code == "health" and progress is Progress.NOT_NEEDED and compulsory is not Answer.NO:
        raise StopRefused("progress", "compulsory")
