"""What may be written about provisions: wordings, links, and who answers for them."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final

from torogoz.domain.refusals import Refused

LONGEST_TEXT: Final = 4000
LONGEST_REASON: Final = 600
SHORTEST_REASON: Final = 10


class ReasonRefused(Refused):
    """A change that does not say why it is made."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "short": (
            "Diga por qué, en una frase de al menos {least} letras.",
            "Say why, in a sentence of at least {least} letters.",
        ),
        "long": ("El motivo no puede pasar de {most} letras.", "The reason cannot be longer than {most} letters."),
    }


class WordingRefused(Refused):
    """A wording that cannot be kept."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "empty": ("Escriba la redacción.", "Write the wording."),
        "long": ("Una redacción no puede pasar de {most} letras.", "A wording cannot be longer than {most} letters."),
        "same": (
            "Es la misma redacción que ya está guardada: no se guardó otra versión.",
            "It is the wording that is stored already: no version was added.",
        ),
        "printed": (
            "La redacción impresa no se edita: se lee de una copia. Lo que es raro en ella se advierte con una nota.",
            "The printed wording is not edited: it is read from a copy. What is odd in it is flagged with a note.",
        ),
        "newer": (
            "Otra persona guardó una versión más nueva mientras usted escribía. Lo suyo no se ha guardado: compare las "
            "dos y escriba sobre la nueva.",
            "Somebody else stored a newer version while you were writing. Yours was not stored: compare the two and "
            "write on the new one.",
        ),
        "own": (
            "Usted escribió esta versión: la valida otra persona.",
            "You wrote this version: somebody else validates it.",
        ),
        "validated": ("Usted ya validó esta versión.", "You have validated this version already."),
        "older": (
            "Hay una versión más nueva: se valida esa.",
            "There is a newer version: that one is validated.",
        ),
    }


class LinkRefused(Refused):
    """A link that cannot be made, confirmed or ended."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "itself": ("Una disposición no se enlaza consigo misma.", "A provision is not linked to itself."),
        "there": ("Ese enlace ya existe.", "That link is there already."),
        "unknown": (
            "No hay ninguna disposición «{name}» en ese instrumento.",
            "There is no provision “{name}” in that instrument.",
        ),
        "ended": ("Ese enlace ya se terminó.", "That link was ended already."),
        "confirmed": ("Ese enlace ya está confirmado.", "That link is confirmed already."),
        "refused": (
            "Esta sugerencia se rechazó antes, y sigue rechazada. Si ahora procede, añada el enlace a mano y diga por "
            "qué.",
            "This suggestion was refused before, and stays refused. If it holds now, add the link by hand and say why.",
        ),
        "kind": ("Elija de qué clase es el enlace.", "Choose the kind of the link."),
    }


class ResponsibilityRefused(Refused):
    """A responsibility that cannot be recorded, ended or passed on."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unknown": ("No hay ninguna institución «{name}».", "There is no institution “{name}”."),
        "there": (
            "{name} ya responde por esta disposición. Termine primero esa responsabilidad.",
            "{name} answers for this provision already. End that responsibility first.",
        ),
        "before": (
            "{name} comenzó a existir el {day}: no puede responder desde antes.",
            "{name} began to exist on {day}: it cannot answer from before.",
        ),
        "after": (
            "{name} dejó de existir el {day}. Registre a su sucesora.",
            "{name} ceased to exist on {day}. Record its successor.",
        ),
        "order": ("Tiene que terminar después de comenzar ({day}).", "It has to end after it begins ({day})."),
        "ended": ("Esa responsabilidad ya terminó.", "That responsibility has ended already."),
        "no_successor": (
            "No hay registrada ninguna sucesora de {name}: no se pasó nada.",
            "No successor of {name} is recorded: nothing was passed on.",
        ),
        "nothing": (
            "{name} no tiene ninguna responsabilidad abierta ni debe ningún informe: no hay nada que pasar.",
            "{name} has no open responsibility and owes no report: there is nothing to pass on.",
        ),
    }


def check_reason(text: str, field: str = "why") -> str:
    """The reason of a change, without blanks around it. Raises ReasonRefused."""
    said = text.strip()
    if len(said) < SHORTEST_REASON:
        raise ReasonRefused(field, "short", least=SHORTEST_REASON)
    if len(said) > LONGEST_REASON:
        raise ReasonRefused(field, "long", most=LONGEST_REASON)
    return said


def check_wording(text: str, before: str | None) -> str:
    """A new wording, without blanks around it; `before` is what it replaces. Raises WordingRefused."""
    said = text.strip().replace("\r\n", "\n")
    if not said:
        raise WordingRefused("text", "empty")
    if len(said) > LONGEST_TEXT:
        raise WordingRefused("text", "long", most=LONGEST_TEXT)
    if said == before:
        raise WordingRefused("text", "same")
    return said


def check_years(code: str, since: date, existed_from: date | None, existed_until: date | None) -> None:
    """Refuse a responsibility that begins when its institution did not exist. Raises ResponsibilityRefused."""
    if existed_from is not None and since < existed_from:
        raise ResponsibilityRefused("since", "before", name=code, day=existed_from.isoformat())
    if existed_until is not None and since >= existed_until:
        raise ResponsibilityRefused("since", "after", name=code, day=existed_until.isoformat())
