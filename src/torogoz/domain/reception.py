"""The day on which a flight or bus arrives: the stops of the circuit, and what may be done while it is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.access import LOGISTICS
from torogoz.domain.refusals import Refused
from torogoz.domain.returns import Answer


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
            "El archivo no es CSV ni libro de Excel (xlsx) con una columna de nombres: no se guardó nada."
            " La primera fila debe decir, por ejemplo, Nombres y Apellidos.",
            "The file is neither CSV nor an Excel workbook (xlsx) with a column of names: nothing was stored."
            " The first row should say, for instance, Nombres and Apellidos.",
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
    CircuitStop("belongings", LOGISTICS),
    CircuitStop("transport", LOGISTICS),
    CircuitStop("lodging", LOGISTICS),
)
"""The stops of the reception, in their order, after "Bienvenido a Casa", DGME."""


def check_stop(stop: CircuitStop, progress: Progress, compulsory: Answer) -> None:
    """Refuse that the medical stop was not needed when it is compulsory, or may be. Raises StopRefused."""
    if stop.code == "health" and progress is Progress.NOT_NEEDED and compulsory is not Answer.NO:
        raise StopRefused("progress", "compulsory")
