"""The catalogue of an instrument as it comes back: the table of domain/catalogue.py, its header in either language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from torogoz.domain.catalogue import COLUMNS, unguarded
from torogoz.exchange.readers.rows import RowRefused, lines_of, text_of

NEEDED: Final = ("code", "text_es", "text_en")


@dataclass(frozen=True)
class CatalogueRow:
    """One provision as the table gives it: only the columns that the table has, by their English names."""

    line: int
    cells: dict[str, str]

    @property
    def code(self) -> str:
        return self.cells["code"]

    def refuse(self, column: str, spanish: str, english: str) -> RowRefused:
        """A refusal of this row, naming the column."""
        return RowRefused(self.line, column, spanish, english)

    def codes(self, column: str) -> tuple[str, ...]:
        """The codes in a cell, each once."""
        return tuple(dict.fromkeys(self.cells[column].split()))


def read_catalogue(content: bytes) -> list[CatalogueRow]:
    """The rows of a catalogue, each code once. Raises RowRefused for the first that cannot be read."""
    text = text_of(content, otherwise="latin-1")
    header = text.split("\n", 1)[0]
    names = {name: column.en for column in COLUMNS for name in (column.es, column.en)}
    needed = [column for column in COLUMNS if column.en in NEEDED]
    spanish = all(column.es in header.split(",") for column in needed)
    rows = []
    seen: dict[str, int] = {}
    for row in _rows(text, [column.es if spanish else column.en for column in needed], names):
        code = row.cells["code"]
        if not code or len(code) > 40:
            raise row.refuse("code", "falta el código, o es demasiado largo", "the code is missing or too long")
        if code in seen:
            raise row.refuse(
                "code", f"{code} ya estaba en la línea {seen[code]}", f"{code} stood on line {seen[code]} already"
            )
        seen[code] = row.line
        rows.append(row)
    return rows


def _rows(text: str, needed: list[str], names: dict[str, str]) -> Iterator[CatalogueRow]:
    for line in lines_of(text, needed):
        unknown = [name for name in line.cells if name not in names]
        if unknown:
            raise RowRefused(1, unknown[0], "no es una columna del catálogo", "it is no column of the catalogue")
        yield CatalogueRow(line.number, {names[name]: unguarded(cell).strip() for name, cell in line.cells.items()})
