"""How somebody is reached: telephone, WhatsApp, e-mail, or an address in words; and whether that is safe.

A telephone is never guessed: its country is what the officer chose, or what the number itself says with its prefix;
of any other number the digits are kept as they were given.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused

LONGEST_CONTACT = 300
LONGEST_NOTE = 200


class Way(StrEnum):
    """How the person is reached."""

    PHONE = "phone"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    ADDRESS = "address"


class Whose(StrEnum):
    """Who answers there."""

    OWN = "own"
    RELATIVE = "relative"
    TRUSTED = "trusted"


class Safe(StrEnum):
    """Whether using it puts nobody in danger. Not asked is not yes."""

    YES = "Y"
    MESSAGE = "M"
    NO = "N"
    UNKNOWN = "_U"


PREFIXES: Mapping[str, tuple[str, int]] = {
    "SLV": ("+503", 8),
    "GTM": ("+502", 8),
    "HND": ("+504", 8),
    "MEX": ("+52", 10),
    "USA": ("+1", 10),
    "CAN": ("+1", 10),
    "ESP": ("+34", 9),
}
"""Prefix of the country (ITU-T E.164, list of assigned codes) and how many digits its numbers have after it."""

SHORTEST_NUMBER = 6
LONGEST_NUMBER = 15


class ContactRefused(Refused):
    """A contact that cannot be kept as it was typed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "empty": ("Escriba el dato de contacto.", "Write the contact."),
        "no_digits": (
            "«{text}» no se lee como teléfono: escriba los dígitos, con + y el código de país si los sabe.",
            "“{text}” does not read as a telephone: write its digits, with + and the country code if they are known.",
        ),
        "digits": (
            "«{text}» tiene {digits} dígitos; un teléfono tiene de {least} a {most}. Revíselo con la persona.",
            "“{text}” has {digits} digits; a telephone has {least} to {most}. Check it with the person.",
        ),
        "email": (
            "«{text}» no se lee como correo: falta la arroba o lo que sigue. Así: nombre@ejemplo.org.",
            "“{text}” does not read as an e-mail: the @ or what follows is missing. Like this: name@example.org.",
        ),
        "short_address": (
            "«{text}» no basta para llegar. Escriba colonia o cantón, municipio y una seña.",
            "“{text}” is not enough to get there. Write the neighbourhood, the municipality and a landmark.",
        ),
        "too_long": ("Escriba {most} letras o menos.", "Write {most} letters or fewer."),
        "name": ("Escriba de quién es, o elija «de la persona misma».", "Write whose it is, or choose “the person's”."),
        "dates": ("Termina antes de empezar. Revise las fechas.", "It ends before it begins. Check the dates."),
        "same": (
            "Ya está anotado y vale. Si cambió de dueño o ya no es seguro, dé por terminado el anterior primero.",
            "It is noted already and in force. If its owner or its safety changed, end the earlier one first.",
        ),
        "forbidden": (
            "La persona pidió que no se use ese dato. Si cambió de parecer, dé por terminada esa petición primero.",
            "The person asked that this not be used. If she changed her mind, end that request first.",
        ),
    }


@dataclass(frozen=True)
class Read:
    """A contact as it is kept.

    text        of a telephone: with + and the prefix where the country is known, else the digits as they were given
    doubt       `digits` when its country's numbers have another length, `prefix` when its country is not known
    """

    text: str
    doubt: str = ""


def _in_our_digits(text: str) -> str:
    """The text with digits of other scripts as ours: the same number is the same however a telephone writes it."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def read_telephone(text: str, country: str = "", *, field: str = "value") -> Read:
    """The telephone that `text` says. Raises ContactRefused.

    country     ISO 3166-1 alpha-3 that the officer chose; empty when it is not known. A prefix in the number wins.
    """
    typed = " ".join(text.split())
    bare = _in_our_digits(re.sub(r"[\s().\-/]", "", typed))
    if not re.fullmatch(r"\+?[0-9]+", bare):
        raise ContactRefused(field, "no_digits", text=typed)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    digits = bare.lstrip("+")
    if not SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER:
        raise ContactRefused(
            field, "digits", text=typed, digits=len(digits), least=SHORTEST_NUMBER, most=LONGEST_NUMBER
        )
    if bare.startswith("+"):
        return Read(bare, "" if _length_holds(bare) else "digits")
    if country not in PREFIXES:
        return Read(digits, "prefix")
    prefix, length = PREFIXES[country]
    code = prefix.lstrip("+")
    # The prefix may have been typed without its sign: 503 7012 3456.
    if len(digits) == len(code) + length and digits.startswith(code):
        return Read(f"+{digits}")
    return Read(prefix + digits, "" if len(digits) == length else "digits")


def read_contact(way: Way, text: str, country: str = "", *, field: str = "value") -> Read:
    """What is kept of a contact. Raises ContactRefused."""
    typed = " ".join(text.split())
    if not typed:
        raise ContactRefused(field, "empty")
    if len(typed) > LONGEST_CONTACT:
        raise ContactRefused(field, "too_long", most=LONGEST_CONTACT)
    if way in (Way.PHONE, Way.WHATSAPP):
        return read_telephone(typed, country, field=field)
    if way is Way.EMAIL:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}", typed):
            raise ContactRefused(field, "email", text=typed)
        return Read(typed)
    if len(re.findall(r"\w", typed)) < 8:
        raise ContactRefused(field, "short_address", text=typed)
    return Read(typed)


def folded(text: str) -> str:
    """A contact as it is compared: whatever its capitals and spaces."""
    return "".join(text.split()).casefold()


def check_dates(valid_from: date, valid_until: date | None, *, field: str = "valid_until") -> None:
    """Refuse what ends before it begins. Raises ContactRefused."""
    if valid_until is not None and valid_until < valid_from:
        raise ContactRefused(field, "dates")


def _length_holds(number: str) -> bool:
    """Whether a number with its prefix has the length of its country's, as far as that is known."""
    lengths = {length for prefix, length in PREFIXES.values() if number.startswith(prefix)}
    return not lengths or any(
        number.startswith(prefix) and len(number) == len(prefix) + length for prefix, length in PREFIXES.values()
    )
