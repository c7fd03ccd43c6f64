"""The catalogue of an instrument as a table: its columns in both languages, and what stands in each.

A cell with several codes has them joined by a blank, in one order, so that a file that nobody changed comes back byte
for byte.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Column:
    """One column: its name in the file in either language, and what it holds."""

    es: str
    en: str
    about_es: str
    about_en: str
    several: bool = False

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.es

    def about(self, language: str) -> str:
        return self.about_en if language == "en" else self.about_es


@dataclass(frozen=True)
class Meaning:
    """What a code that stands in a column means, in both languages."""

    column: str
    code: str
    es: str
    en: str


COLUMNS: Final = (
    Column("código", "code", "código dentro del instrumento", "code within the instrument"),
    Column("sección", "section", "código de la sección que la contiene", "code of the section that holds it"),
    Column("clase", "kind", "código de la lista PROVISION_KIND", "code of the list PROVISION_KIND"),
    Column("función", "role", "código de la lista PROVISION_ROLE", "code of the list PROVISION_ROLE"),
    Column("demanda", "system", "la demanda que la atiende, S1 a S17", "the demand that answers it, S1 to S17"),
    Column(
        "texto_es",
        "text_es",
        "redacción en español, en palabras de este registro",
        "wording in Spanish, in the words of this register",
    ),
    Column(
        "texto_en",
        "text_en",
        "redacción en inglés, en palabras de este registro",
        "wording in English, in the words of this register",
    ),
    Column("obliga_a", "actors", "códigos de COMMITMENT_ACTOR", "codes of COMMITMENT_ACTOR", True),
    Column("a_favor_de", "beneficiaries", "códigos de COMMITMENT_BENEFICIARY", "codes of COMMITMENT_BENEFICIARY", True),
    Column(
        "objetivos",
        "objectives",
        "objetivos del Pacto Mundial con los que se corresponde (propuestos o confirmados)",
        "objectives of the Global Compact that it corresponds to (proposed or confirmed)",
        True,
    ),
    Column(
        "metas",
        "targets",
        "metas de los ODS con las que se corresponde (propuestas o confirmadas)",
        "targets of the SDGs that it corresponds to (proposed or confirmed)",
        True,
    ),
    Column(
        "artículos",
        "articles",
        "artículos de tratados: instrumento:artículo; propuestos, para una persona abogada",
        "treaty articles: instrument:article; proposed, for a lawyer",
        True,
    ),
    Column("idea", "cluster", "la misma idea bajo varios títulos", "the same idea under several headings"),
    Column(
        "advertencias",
        "flags",
        "códigos de PROVISION_FLAG; no se importan",
        "codes of PROVISION_FLAG; not imported",
        True,
    ),
    Column("líneas", "lines", "líneas del texto impreso; no se importan", "lines of the printed text; not imported"),
)
NAMES: Final = tuple(column.en for column in COLUMNS)
"""The columns by their English names, which the code uses for both languages."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""What a cell that begins with it is preceded by an apostrophe for: a spreadsheet would run it, or eat it."""


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """The cell that `guarded` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
