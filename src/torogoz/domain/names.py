"""Names as Salvadorans bear them: given names, father's and mother's surnames, a married one, and «conocido por».

The law of the natural person's name (DL 450, 1990) gives up to two given names and the first surnames of father and
mother (Art. 14); a married woman may add her husband's, with or without «de» (Art. 21). Nothing here requires any of
them: people arrive with one surname, with none, or with a name that only others call them by.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from torogoz.domain.letters import fold
from torogoz.domain.refusals import Refused

LONGEST_PART = 60
LONGEST_ALIAS = 120
PARTS = ("given1", "given2", "surname1", "surname2", "married")

# Small words between the names: they come and go between one paper and the next, so they are never compared.
PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "y", "e", "da", "das", "do", "dos", "von", "van", "der"})
WIDOWHOOD = frozenset({"viuda", "vda", "vd"})

# Written as one word by some clerks and as several by others.
GLUED = {
    "delacruz": "cruz",
    "delao": "o",
    "delapaz": "paz",
    "delarosa": "rosa",
    "delatorre": "torre",
    "delavega": "vega",
    "delcid": "cid",
    "deleon": "leon",
    "delossantos": "santos",
    "delpinal": "pinal",
}
HOLY = frozenset({"san", "santa", "santo"})

ABBREVIATIONS = {
    "fco": "francisco",
    "fdez": "fernandez",
    "glez": "gonzalez",
    "gpe": "guadalupe",
    "gzlez": "gonzalez",
    "hdez": "hernandez",
    "jph": "joseph",
    "ma": "maria",
    "mdez": "mendez",
    "mtz": "martinez",
    "mtnez": "martinez",
    "rdz": "rodriguez",
    "rdguez": "rodriguez",
    "stgo": "santiago",
    "vsqz": "vasquez",
}


class NameRefused(Refused):
    """A part of a name that no name has."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "nothing": (
            "Escriba al menos un nombre, un apellido o el nombre por el que se conoce a la persona.",
            "Write at least a given name, a surname or the name that the person is known by.",
        ),
        "long": (
            "Tiene más de {most} letras. Si son varios nombres, repártalos en sus casillas.",
            "It has more than {most} letters. If these are several names, put each in its own box.",
        ),
        "letters": (
            "«{part}» tiene «{sign}». Un nombre lleva solo letras, espacios, guion, apóstrofo o punto.",
            "“{part}” has “{sign}”. A name has only letters, spaces, a hyphen, an apostrophe or a full stop.",
        ),
    }


@dataclass(frozen=True)
class PersonName:
    """A name on papers. Every part may be empty; accents and capitals stay as they were written."""

    given1: str = ""
    given2: str = ""
    surname1: str = ""
    surname2: str = ""
    married: str = ""

    @property
    def given(self) -> str:
        """The given names."""
        return " ".join(part for part in (self.given1, self.given2) if part)

    @property
    def surnames(self) -> str:
        """The surnames, the married one last with its «de», «viuda de», or as it was written."""
        return " ".join(part for part in (self.surname1, self.surname2, _with_de(self.married)) if part)

    def __str__(self) -> str:
        """The name as it is said: «Ana María López Cruz de Peña»."""
        return " ".join(part for part in (self.given, self.surnames) if part)

    def listed(self) -> str:
        """The name as it is filed: «López Cruz de Peña, Ana María»."""
        return ", ".join(part for part in (self.surnames, self.given) if part)


def read_name(
    *, given1: str = "", given2: str = "", surname1: str = "", surname2: str = "", married: str = ""
) -> PersonName:
    """The name with stray spaces taken out. Raises NameRefused for the first part that cannot be one."""
    written = dict(zip(PARTS, (given1, given2, surname1, surname2, married), strict=True))
    return PersonName(**{field: _read(part, field, LONGEST_PART) for field, part in written.items()})


def read_aliases(aliases: Iterable[str], *, field: str = "aliases") -> tuple[str, ...]:
    """The names that a person is known by, each once, in their order. Raises NameRefused."""
    kept: dict[str, str] = {}
    for alias in aliases:
        if read := _read(alias, field, LONGEST_ALIAS):
            kept.setdefault(fold(read), read)
    return tuple(kept.values())


def require_some_name(name: PersonName, aliases: tuple[str, ...]) -> None:
    """Refuse a person with no name at all. Raises NameRefused."""
    if not str(name) and not aliases:
        raise NameRefused("given1", "nothing")


@lru_cache(maxsize=131_072)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a name that are compared: without accents, case, particles, hyphens or apostrophes, each once.

    «María de la O» gives maria, o; «D'Aubuisson» gives daubuisson; «San Martín» and «Sanmartín» give sanmartin;
    «Ñáñez» gives nanez, since foreign papers write it so; «Vda. de Hdez» gives hernandez.
    """
    folded = re.sub(r"['’‘`´]", "", fold(text))
    words = re.findall(r"[^\W\d_]+", folded)
    kept: dict[str, None] = {}
    pending = ""
    for word in words:
        if word in PARTICLES or word in WIDOWHOOD:
            continue
        if word in HOLY and not pending:
            pending = word
            continue
        word = GLUED.get(word, ABBREVIATIONS.get(word, word))
        kept[pending + word] = None
        pending = ""
    if pending:
        kept[pending] = None
    return tuple(kept)


def tokens_of(name: PersonName, aliases: Iterable[str] = ()) -> tuple[str, ...]:
    """Every word by which a person can be found: those of the name and of the names that others use."""
    found: dict[str, None] = {}
    for text in (name.given1, name.given2, name.surname1, name.surname2, name.married, *aliases):
        found.update(dict.fromkeys(tokens(text)))
    return tuple(found)


def _read(part: str, field: str, most: int) -> str:
    part = " ".join(part.split())
    if len(part) > most:
        raise NameRefused(field, "long", most=most)
    for sign in part:
        if not (sign.isalpha() or sign in " -'’.‘´`" or "\u0300" <= sign <= "\u036f"):
            raise NameRefused(field, "letters", part=part, sign=sign)
    return part


def _with_de(married: str) -> str:
    if not married or _joined(married):
        return married
    return f"de {married}"


def _joined(married: str) -> bool:
    """Whether a married surname already says how it is joined: «de Peña», «viuda de Peña», «Vda. Peña»."""
    first = fold(married).split()[0].rstrip(".")
    return first in PARTICLES or first in WIDOWHOOD
