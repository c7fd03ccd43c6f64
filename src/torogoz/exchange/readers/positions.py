"""Positions of other countries on the Compact as a table, one statement a row (docs/reference/positions.md)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from torogoz.exchange.readers.filled_tables import Fault, Row, rows, written

COLUMNS: Final = ("country", "objective", "theme", "text_es", "text_en", "original", "machine", "source", "date")
NEEDED: Final = tuple(name for name in COLUMNS if name != "machine")
ORIGINALS: Final = ("es", "en", "other")
OWN: Final = "SLV"
"""Whose position is not imported here: it is the register's own."""


@dataclass(frozen=True)
class Statement:
    """What a country said on an objective: on which line, in which words, in which language first, and where."""

    line: int
    country: str
    objective: str
    theme: str
    text_es: str
    text_en: str
    original: str
    machine: bool
    source: str
    date: date | None


def read(
    content: bytes, *, countries: Collection[str], objectives: Collection[str], today: date
) -> tuple[list[Statement], list[Fault]]:
    """The statements of a table; with any fault, none of it is to be kept. None was said after `today`."""
    found, faults = rows(content, needed=NEEDED, known=COLUMNS)
    statements, seen = [], dict[tuple[str, ...], int]()
    for row in found:
        one = _statement(row, countries, objectives)
        if one.date and one.date > today:
            row.wrong("date", f"{one.date} no ha llegado todavía", f"{one.date} has not come yet")
        said = (one.country, one.objective, one.text_es, one.text_en, one.source)
        if said in seen:
            row.wrong("-", f"dice lo mismo que la línea {seen[said]}", f"it says the same as line {seen[said]}")
        seen.setdefault(said, row.line)
        statements.append(one)
    faults = [*faults, *(fault for row in found for fault in row.faults)]
    if not found and not faults:
        faults = [Fault(1, "-", "no hay ninguna fila", "there is no row")]
    return statements, faults


def _statement(row: Row, countries: Collection[str], objectives: Collection[str]) -> Statement:
    country = row.code("country", countries, needed=True)
    if country == OWN:
        row.wrong("country", "la posición propia no se importa aquí", "the own position is not imported here")
    es, en, original = (row.text("text_es", longest=6000), row.text("text_en", longest=6000), row.text("original"))
    if not es and not en:
        row.wrong("text_es", "no hay texto en ningún idioma", "there is no text in either language")
    row.code("original", ORIGINALS, needed=True)
    if (original == "es" and not es) or (original == "en" and not en):
        row.wrong(f"text_{original}", "falta el texto original", "the original text is missing")
    return Statement(
        line=row.line,
        country=country,
        objective=row.code("objective", objectives, needed=True),
        theme=row.text("theme", longest=60),
        text_es=es,
        text_en=en,
        original=original,
        machine=row.yes("machine"),
        source=row.text("source", longest=300, needed=True),
        date=row.day("date"),
    )


def table(statements: Iterable[Statement]) -> Iterator[bytes]:
    """The file of these statements: what `read` takes."""
    return written(
        COLUMNS,
        (
            [
                one.country,
                one.objective,
                one.theme,
                one.text_es,
                one.text_en,
                one.original,
                "yes" if one.machine else "no",
                one.source,
                one.date.isoformat() if one.date else "",
            ]
            for one in statements
        ),
    )
