"""What accompanies every published table: what it is, whose it is, from which edition, under which terms."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["es", "en"]

MADE_UP: dict[Language, str] = {
    "es": "Personas inventadas para la demostración: ninguna cifra describe a personas reales.",
    "en": "Made-up people for the demonstration: no figure describes real people.",
}
MADE_UP_IN_PART: dict[Language, str] = {
    "es": "Una parte de estas cifras es inventada para la demostración: la columna NOTE la marca. No describe a nadie.",
    "en": "Some of these figures are made up for the demonstration: column NOTE marks them. They describe nobody.",
}
NOTE_MADE_UP = "MADE UP / INVENTADO"


@dataclass(frozen=True)
class Words:
    """The same thing said in both languages."""

    es: str
    en: str

    def said_in(self, language: str) -> str:
        """The words in `language`; Spanish for any language that is not English."""
        return self.en if language == "en" else self.es


@dataclass(frozen=True)
class Column:
    """One column of a published table, and the codes that may stand in it (empty: free values)."""

    name: str
    title: Words
    description: Words
    codes: dict[str, Words]


@dataclass(frozen=True)
class Source:
    """One edition of one publisher's file, or one release of this system.

    sha256  of that file; "" where the file is protected, and its checksum with it
    """

    publisher: str
    title: str
    edition: str
    licence: str
    sha256: str
    obtained: date
    invented: bool = False


@dataclass(frozen=True)
class Publication:
    """One published table, without its numbers.

    address  the full address that answers with the same table again
    query    the filter that was asked for, as in the address; "" for the whole dataflow
    edition  release code and revision, or the vintages in use
    checksum SHA-256 of that edition (release manifest, or the editions together)
    made_up  whether any of the figures is made up; `in_part` when others are real
    """

    dataflow: str
    title: Words
    unit: Words
    institution: str
    edition: str
    published: date
    address: str
    query: str
    checksum: str
    made_up: bool
    columns: tuple[Column, ...]
    sources: tuple[Source, ...]
    in_part: bool = False

    @property
    def warning(self) -> dict[Language, str]:
        """What stands wherever made-up figures stand, in both languages; empty for real ones."""
        return {} if not self.made_up else MADE_UP_IN_PART if self.in_part else MADE_UP

    def file_stem(self) -> str:
        """The file name without its ending: dataflow, date of the edition, `demo` when any figure is made up."""
        parts = ["torogoz", self.dataflow.lower().replace("_", "-"), self.published.isoformat()]
        return "-".join([*parts, "demo"] if self.made_up else parts)
