"""Numbers of documents: kept as read, compared without hyphens, and doubted aloud but never refused for a doubt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from torogoz.domain.letters import fold
from torogoz.domain.refusals import Refused

DUI = "DUI"
PASSPORT = "PASSPORT"
LONGEST_NUMBER = 40


class DocumentRefused(Refused):
    """A number that holds nothing to compare, or too much."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "empty": (
            "«{number}» no tiene letras ni cifras. Escriba el número como aparece en el documento, o déjelo vacío.",
            "“{number}” has no letters or digits. Write the number as the document shows it, or leave it empty.",
        ),
        "long": (
            "El número tiene más de {most} caracteres. Escriba solo el número, sin otras palabras.",
            "The number has more than {most} characters. Write only the number, without other words.",
        ),
    }


class DocumentNotCorrected(Refused):
    """A correction of a document that is not stored as it is."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "has_it": (
            "La persona ya tiene ese mismo documento en su registro. No se guardó nada: si este otro sobra, salga y "
            "quítelo con «Nunca fue de esta persona».",
            "The person has that very document on record already. Nothing was saved: if this other one is too many, "
            "leave and take it away with “It never was this person's”.",
        ),
        "say_why": (
            "Escriba cuál es la otra razón. Queda en el historial.",
            "Write which other reason it is. It stays in the history.",
        ),
    }


class Doubt(Refused):
    """A number that is kept, though something in it looks like a slip: to be shown beside it, never in its way."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "dui_length": (
            "Un DUI tiene 9 cifras (########-#) y aquí hay {found}. Se guardará así; revíselo con el documento.",
            "A DUI has 9 digits (########-#) and here are {found}. It will be kept so; check it with the document.",
        ),
        "dui_check": (
            "La última cifra de este DUI debería ser {expected}. Puede haber una cifra equivocada; "
            "se guardará así si el documento lo dice.",
            "The last digit of this DUI should be {expected}. A digit may be wrong; it will be kept so if the "
            "document says so.",
        ),
        "passport_shape": (
            "Un pasaporte suele tener de 6 a 9 letras y cifras. Se guardará así; revíselo con el documento.",
            "A passport usually has 6 to 9 letters and digits. It will be kept so; check it with the document.",
        ),
    }


@dataclass(frozen=True)
class DocumentNumber:
    """A document's number as people write it, as it is compared, and the doubts that it raises."""

    kind: str
    number: str
    folded: str
    doubts: tuple[Doubt, ...] = ()


def read_document(kind: str, number: str, *, field: str = "number") -> DocumentNumber:
    """Read the number of a document of `kind`, a code of the list DOCUMENT.

    A DUI of nine digits is written `########-#` whatever was typed. Raises DocumentRefused only when there is
    nothing to compare or more than a number; whatever merely looks odd is kept, with its doubts.
    """
    number = " ".join(number.split())
    folded = fold_number(number)
    if not folded:
        raise DocumentRefused(field, "empty", number=number)
    if len(number) > LONGEST_NUMBER:
        raise DocumentRefused(field, "long", most=LONGEST_NUMBER)
    if kind == DUI:
        if not re.fullmatch(r"\d{9}", folded):
            found = sum(character.isdigit() for character in folded)
            return DocumentNumber(kind, number, folded, (Doubt(field, "dui_length", found=found),))
        expected = dui_check_digit(folded[:8])
        doubts = () if expected == int(folded[8]) else (Doubt(field, "dui_check", expected=expected),)
        return DocumentNumber(kind, f"{folded[:8]}-{folded[8]}", folded, doubts)
    if kind == PASSPORT and not re.fullmatch(r"[A-Z0-9]{6,9}", folded):
        return DocumentNumber(kind, number, folded, (Doubt(field, "passport_shape"),))
    return DocumentNumber(kind, number, folded)


def fold_number(number: str) -> str:
    """What of a number is compared: letters and digits, in capitals, without accents, hyphens or spaces."""
    return "".join(re.findall(r"[0-9a-z]", fold(number))).upper()


def dui_check_digit(digits: str) -> int:
    """The ninth digit of a DUI with these first eight `digits`, weighted 9 down to 2, to make the sum full tens.

    The outer remainder matters: without it, every number whose weighted sum is already full tens would be refused.
    The digit finds every swap of neighbours but only some nine in ten single wrong digits, hence it only warns.
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True))
    return (10 - total % 10) % 10
