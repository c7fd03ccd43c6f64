"""Tables that people fill in: every row that cannot be kept is named, with its line, its column and what is wrong.

UTF-8, with commas or semicolons. A text that a spreadsheet would run as a formula has an apostrophe before it (csv_text
writes it so), which is taken away again.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from torogoz.exchange.readers.rows import CANNOT_BE_STORED, SAID_OF_IT

LARGEST: Final = 5_000_000
MOST_ROWS: Final = 5_000
MOST_FAULTS: Final = 200
"""More are counted and not told: a file that is wrong from top to bottom has one cause."""
GUARDED: Final = re.compile(r"^'+[=+\-@\t\r\n]")
STARTS_A_FORMULA: Final = re.compile(r"^'*[=+\-@\t\r\n]")


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be kept: the line on which it begins, the column, and the reason in both languages."""

    line: int
    column: str
    spanish: str
    english: str

    def explain(self, language: str) -> str:
        """The reason in Spanish (`es…`) or English (any other)."""
        return self.spanish if language.startswith("es") else self.english


@dataclass
class Row:
    """One row, and what is wrong with it so far."""

    line: int
    cells: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, column: str, spanish: str, english: str) -> None:
        """Say that a cell cannot be so."""
        self.faults.append(Fault(self.line, column, spanish, english))

    def text(self, column: str, *, longest: int = 0, needed: bool = False) -> str:
        """What a cell says, without blanks around it."""
        said = self.cells.get(column, "").strip()
        if needed and not said:
            self.wrong(column, "falta", "it is missing")
        if longest and len(said) > longest:
            self.wrong(column, f"tiene {len(said)} signos; caben {longest}", f"it has {len(said)} signs; {longest} fit")
        return said

    def code(self, column: str, known: Collection[str], *, needed: bool = False) -> str:
        """A code of a list."""
        said = self.text(column, needed=needed)
        if said and said not in known:
            self.wrong(column, f"«{said[:40]}» no está en la lista", f"“{said[:40]}” is not in the list")
        return said

    def codes(self, column: str, known: Collection[str], *, needed: bool = False) -> tuple[str, ...]:
        """Codes of a list, apart by blanks; each once."""
        said = tuple(dict.fromkeys(self.text(column, needed=needed).split()))
        for one in said:
            if one not in known:
                self.wrong(column, f"«{one[:40]}» no está en la lista", f"“{one[:40]}” is not in the list")
        return said

    def day(self, column: str, *, needed: bool = False) -> date | None:
        """A day written 2026-11-26."""
        said = self.text(column, needed=needed)
        if not said:
            return None
        try:
            return date.fromisoformat(said)
        except ValueError:
            self.wrong(column, f"«{said[:20]}» no es un día como 2026-11-26", f"“{said[:20]}” is no day as 2026-11-26")
            return None

    def yes(self, column: str) -> bool:
        """yes or no; empty is no."""
        return self.code(column, ("yes", "no")) == "yes"


def rows(content: bytes, *, needed: Sequence[str], known: Collection[str]) -> tuple[list[Row], list[Fault]]:
    """The rows of a table with a header, in their order, and what is wrong with the file as a whole.

    needed  columns without which nothing is read; `known` may be there too, and no other may
    """
    if len(content) > LARGEST:
        return [], [Fault(1, "-", "el archivo pasa de 5 MB", "the file is larger than 5 MB")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Fault(1, "-", "no es UTF-8: guárdelo como «CSV UTF-8»", "it is not UTF-8: save it as “CSV UTF-8”")]
    header_line = text.split("\n", 1)[0]
    delimiter = ";" if header_line.count(";") > header_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if faults := list(_header_faults(header, needed, known)):
            return [], faults
        return _read(reader, header)
    except csv.Error as why:
        return [], [Fault(reader.line_num, "-", f"no es CSV: {why}", f"it is not CSV: {why}")]


def _header_faults(header: Sequence[str], needed: Sequence[str], known: Collection[str]) -> Iterator[Fault]:
    for name in needed:
        if name not in header:
            yield Fault(1, name, "falta la columna", "the column is missing")
    for name in header:
        if name not in needed and name not in known:
            yield Fault(1, name[:40] or "-", "no es una columna de esta tabla", "it is no column of this table")
        elif header.count(name) > 1:
            yield Fault(1, name[:40], "la columna está dos veces", "the column is there twice")


def _read(reader: Iterator[list[str]], header: list[str]) -> tuple[list[Row], list[Fault]]:
    found: list[Row] = []
    begins = 2
    for cells in reader:
        line, begins = begins, getattr(reader, "line_num", begins) + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(found) == MOST_ROWS:
            return [], [Fault(line, "-", f"pasa de {MOST_ROWS} filas", f"it has more than {MOST_ROWS} rows")]
        row = Row(line, {name: unguarded(cell) for name, cell in zip(header, cells, strict=False)})
        if len(cells) != len(header):
            row.wrong(
                "-",
                f"tiene {len(cells)} celdas y el encabezado {len(header)}",
                f"it has {len(cells)} cells and the header {len(header)}",
            )
        for name, cell in row.cells.items():
            if CANNOT_BE_STORED in cell:
                row.wrong(name, *SAID_OF_IT)
        found.append(row)
    return found, []


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from running it."""
    return cell[1:] if GUARDED.match(cell) else cell


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs; `unguarded` gives it back as it was."""
    return f"'{cell}" if STARTS_A_FORMULA.match(cell) else cell


def written(header: Sequence[str], lines: Iterator[Sequence[str]]) -> Iterator[bytes]:
    """The file of a table, by RFC 4180, a line at a time."""
    for cells in (header, *lines):
        kept = io.StringIO()
        csv.writer(kept, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
        yield kept.getvalue().encode()
