"""Small tables as they come: their bytes, whatever their encoding and line ends, as rows that know their line."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 30_000_000
"""Bytes of a table once unpacked: more is no list of recommendations or of countries."""
CANNOT_BE_STORED: Final = "\x00"
"""No database of ours keeps it in a text, and no keyboard types it: the file was damaged, or made to do harm."""
SAID_OF_IT: Final = (
    "lleva un signo que no se puede guardar: bórrelo y escríbalo otra vez",
    "it holds a sign that cannot be stored: delete it and type it again",
)


COUNTRIES_TOLD: Final = 12


class RowRefused(ValueError):
    """A row that cannot be kept: which line and column, and why in both languages. Nothing of the file was kept."""

    def __init__(self, line: int, column: str, spanish: str, english: str) -> None:
        self.line, self.column = line, column
        self.spanish, self.english = spanish, english
        super().__init__(f"line {line}, column {column}: {english}")

    def explain(self, language: str) -> str:
        """The message in Spanish (`es…`) or English (any other)."""
        if language.startswith("es"):
            return f"línea {self.line}, columna {self.column}: {self.spanish}"
        return str(self)


def none_of(country: str, others: Mapping[str, int], column: str) -> RowRefused:
    """That a table holds no row of a country, and which it holds, those with most rows first."""
    ordered = sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))
    held = ", ".join(f"{name[:60] or '—'} ({many})" for name, many in ordered[:COUNTRIES_TOLD])
    rest = len(ordered) - COUNTRIES_TOLD
    es, en = (f"{held}; y de {rest} más", f"{held}; and of {rest} more") if rest > 0 else (held, held)
    return RowRefused(
        1,
        column,
        f"el archivo no tiene ninguna fila de {country}; tiene de: {es or 'ninguno'}",
        f"the file holds no row of {country}; it holds rows of: {en or 'none'}",
    )


@dataclass(frozen=True)
class Line:
    """One row of a table, by the names of its columns, and the line of the file on which it begins."""

    number: int
    cells: dict[str, str]

    def refuse(self, column: str, spanish: str, english: str) -> RowRefused:
        return RowRefused(self.number, column, spanish, english)


def text_of(content: bytes, *, otherwise: str) -> str:
    """The text of a file: UTF-8 if it is that, or else `otherwise`. Line ends of any system become one.

    Packed with gzip it is unpacked first. Raises RowRefused if it cannot be.
    """
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(content)
    if len(content) > LARGEST:
        raise RowRefused(1, "-", "el archivo es demasiado grande", "the file is too large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode(otherwise)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines_of(text: str, needed: Sequence[str], delimiter: str = ",") -> Iterator[Line]:
    """The rows of a table with a header, by default comma-separated; blank lines are left out.

    raises  RowRefused for a header without the columns that are needed, for a row with another number of cells, and
            for a sign that cannot be stored
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        header = next(reader, [])
        missing = [name for name in needed if name not in header]
        if missing:
            lacks = ", ".join(missing)
            raise RowRefused(1, lacks, f"faltan estas columnas: {lacks}", f"these columns are missing: {lacks}")
        begins = reader.line_num + 1
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            if not cells:
                continue
            if len(cells) != len(header):
                raise RowRefused(
                    number,
                    header[min(len(cells), len(header)) - 1],
                    f"la fila tiene {len(cells)} celdas y el encabezado {len(header)}",
                    f"the row has {len(cells)} cells and the header {len(header)}",
                )
            for column, cell in zip(header, cells, strict=True):
                if CANNOT_BE_STORED in cell:
                    raise RowRefused(number, column, *SAID_OF_IT)
            yield Line(number, dict(zip(header, cells, strict=True)))
    except csv.Error as why:
        raise RowRefused(begins, "-", f"no es CSV: {why}", f"it is not CSV: {why}") from None


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            return packed.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as why:
        raise RowRefused(1, "-", f"no se puede descomprimir: {why}", f"it cannot be unpacked: {why}") from None
