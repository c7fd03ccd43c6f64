"""Reading a file that an institution hands in under a schema: what is wrong with the file, and its columns as named.

What can be said of the file before its rows are checked is said in the columns of the same report (`FINDINGS`), row 0
being the file itself: its encoding, its separator, its columns, records of another length, formulas of a workbook.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.tables import ROW, Sheet, Table, open_file, plain
from torogoz.statistics.rules.checking import FINDINGS, LONGEST
from torogoz.statistics.rules.schema import HIDDEN, Severity, TableSchema

HEADER_WITHIN: Final = 20
MOST_XML: Final = 400 * 1024 * 1024
_MARKED: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PACKED: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_SPANISH: Final = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡º")
_ENCODINGS: Final = MappingProxyType({"cp1252": "Windows-1252 (Latin-1)", "mac_roman": "Mac Roman", "cp850": "DOS 850"})
_TWICE: Final = r"Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]|\ufffd"
_FORMULA: Final = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d+)"[^>]*>\s*<f[ >/]')
_SHEET: Final = re.compile(r'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_RELATION: Final = re.compile(r"<Relationship [^>]*>")


@dataclass(frozen=True)
class Submitted:
    """A file as it came.

    frame     SOURCE_ROW and the fields of the schema that it has, as text; None if the file cannot be used at all
    findings  what is wrong with the file, columns of FINDINGS
    ragged    row and text of the records with more or fewer cells than the header
    rows      how many rows it has below its header
    """

    frame: pl.DataFrame | None
    findings: pl.DataFrame
    ragged: tuple[tuple[int, str], ...] = ()
    rows: int = 0


def read(path: Path, schema: TableSchema) -> Submitted:
    """Open a CSV or a workbook, and name its columns as the schema does. Raises OSError if it cannot be opened."""
    with path.open("rb") as file:
        content = file.read()
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return _refused("empty", "El archivo está vacío.", "The file is empty.")
    packed = content.startswith(_PACKED)
    if not packed and (problem := _text_problem(content)):
        return problem
    try:
        opened = open_file(path)
    except Unreadable as reason:
        return _refused(
            "unreadable",
            "El archivo no se puede leer como CSV ni como hoja de cálculo: está dañado, o es otra cosa.",
            f"{reason}.",
        )
    table = _best_table(opened, schema)
    if table is None:
        return _refused("columns", *_no_header(schema))
    formulas = _formulas(path, table.sheet) if content.startswith(b"PK\x03\x04") else {}
    return _named(table, schema, formulas)


def _text_problem(content: bytes) -> Submitted | None:
    """What keeps a text from being read at all: bytes that are no UTF-8, NUL bytes, a quotation never closed."""
    if content.startswith(_MARKED[1:]):
        return None
    if b"\x00" in content:
        line = content.count(b"\n", 0, content.find(b"\x00")) + 1
        return _refused(
            "nul",
            f"El archivo tiene bytes NUL (el primero en la línea {line}): se dañó al guardarse o no es un CSV.",
            f"The file has NUL bytes (the first on line {line}): it was damaged when saved, or is no CSV.",
        )
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as other:
        line = content.count(b"\n", 0, other.start) + 1
        name = _ENCODINGS[suspected_encoding(content)]
        return _refused(
            "encoding",
            f"El archivo no está en UTF-8 (línea {line}); parece {name}. Guárdelo como «CSV UTF-8»: así ningún nombre "
            "queda mal escrito.",
            f"The file is not UTF-8 (line {line}); it looks like {name}. Save it as “CSV UTF-8”, so that no name is "
            "misspelt.",
        )
    if content.count(b'"') % 2:
        return _refused(
            "quotes",
            "Hay una comilla que se abre y nunca se cierra.",
            "A quotation mark is opened and never closed.",
        )
    return None


def suspected_encoding(content: bytes) -> str:
    """The encoding in which most of the bytes beyond ASCII are letters of Spanish."""
    beyond = bytes(octet for octet in content if octet > 127)
    scores = {name: sum(letter in _SPANISH for letter in beyond.decode(name, errors="replace")) for name in _ENCODINGS}
    return max(scores, key=lambda name: scores[name])


def _best_table(opened: Sequence[Table] | Sequence[Sheet], schema: TableSchema) -> Table | None:
    """The table that has most columns of the schema: of a workbook, the sheet and row that its header stands on."""
    wanted = {plain(name) for name in schema.names}
    candidates: list[tuple[int, Table | tuple[Sheet, int]]] = []
    for each in opened:
        if isinstance(each, Table):
            candidates.append((len(wanted & {plain(name) for name in each.header}), each))
            continue
        for at, row in enumerate(each.rows[:HEADER_WITHIN]):
            candidates.append((len(wanted & {plain(cell) for cell in row}), (each, at)))
    shared, best = max(candidates, key=lambda one: one[0], default=(0, None))
    if best is None or not shared:
        return None
    return best if isinstance(best, Table) else best[0].table(best[1])


def _named(table: Table, schema: TableSchema, formulas: Mapping[str, list[int]]) -> Submitted:
    """The table with the columns of the schema, and what is wrong with its columns, its records and its letters."""
    header = [plain(name) for name in table.header]
    wanted = {plain(name): name for name in schema.names}
    written = dict(zip(header, table.header, strict=True))
    lines = []
    doubled = sorted(wanted[name] for name in wanted if header.count(name) > 1)
    lacking = sorted(wanted[name] for name in wanted if name not in header)
    for name in doubled:
        lines.append(
            _line(
                "columns",
                name,
                Severity.ERROR,
                f"La columna «{name}» está dos veces.",
                f"The column “{name}” is there twice.",
            )
        )
    if lacking and not schema.may_lack_columns:
        lines += [
            _line("columns", name, Severity.ERROR, f"Falta la columna «{name}».", f"The column “{name}” is missing.")
            for name in lacking
        ]
    if not schema.may_have_others:
        for name in dict.fromkeys(name for name in header if name not in wanted):
            said = written[name] or "(sin nombre)"
            lines.append(
                _line(
                    "columns",
                    said,
                    Severity.WARNING,
                    f"La columna «{said}» no es del esquema: no se revisó ni se guardó.",
                    f"The column “{said}” is not in the schema: neither checked nor kept.",
                )
            )
    rows = table.frame.height + len(table.ragged)
    if doubled or (lacking and not schema.may_lack_columns):
        return Submitted(None, _frame(lines), (), rows)
    if not rows:
        lines.append(
            _line(
                "empty",
                "",
                Severity.WARNING,
                "El archivo no tiene filas bajo su encabezado.",
                "The file has no row below its header.",
            )
        )
    frame = table.frame.select(ROW, *(pl.col(name).alias(wanted[name]) for name in wanted if name in header))
    width = len(table.header)
    for row, _ in table.ragged:
        lines.append(
            _line(
                "ragged",
                "",
                Severity.ERROR,
                f"La fila no tiene las {width} celdas del encabezado: sobra o falta un separador.",
                f"The row does not have the {width} cells of the header: a separator too many or too few.",
                row=row,
                value=HIDDEN,
            )
        )
    lines += _misspelt(frame, schema)
    lines += _with_formulas(frame, formulas, table, wanted)
    return Submitted(frame, _frame(lines), table.ragged, rows)


def _misspelt(frame: pl.DataFrame, schema: TableSchema) -> Iterator[tuple[object, ...]]:
    """Letters that were encoded twice, or lost, before the file came: `MarÃ­a`."""
    for name in (column for column in frame.columns if column != ROW):
        wrong = frame.filter(pl.col(name).str.contains(_TWICE))
        for row, value in wrong.select(ROW, name).iter_rows():
            shown = HIDDEN if schema.field(name).identifying else value[:LONGEST]
            yield _line(
                "letters",
                name,
                Severity.WARNING,
                f"«{name}» tiene letras que se dañaron al guardarse.",
                f"“{name}” has letters that were damaged when saved.",
                row=row,
                value=shown,
            )


def _with_formulas(
    frame: pl.DataFrame, formulas: Mapping[str, list[int]], table: Table, wanted: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    """Cells of a workbook that hold a formula: what was read is the value that it had when the file was saved."""
    present = set(frame[ROW].to_list())
    for letters, rows in formulas.items():
        place = _place(letters)
        name = wanted.get(plain(table.header[place])) if place < len(table.header) else None
        for row in rows:
            if name is not None and row in present:
                yield _line(
                    "formulaCell",
                    name,
                    Severity.WARNING,
                    f"«{name}» es una fórmula: se leyó el valor que tenía al guardarse.",
                    f"“{name}” is a formula: the value that it had when saved was read.",
                    row=row,
                    value=f"{letters}{row}",
                )


def _formulas(path: Path, sheet: str) -> dict[str, list[int]]:
    """The cells of a sheet of an xlsx workbook that hold a formula: rows by column letters."""
    found: dict[str, list[int]] = {}
    with zipfile.ZipFile(path) as book:
        names = set(book.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return found
        sheets = dict(_SHEET.findall(book.read("xl/workbook.xml").decode("utf-8", errors="replace")))
        relations = book.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
        targets = {_attribute(each, "Id"): _attribute(each, "Target") for each in _RELATION.findall(relations)}
        part = targets.get(sheets.get(sheet, ""), "").removeprefix("/")
        part = part if part.startswith("xl/") else f"xl/{part}"
        if part not in names or book.getinfo(part).file_size > MOST_XML:
            return found
        for letters, row in _FORMULA.findall(book.read(part)):
            found.setdefault(letters.decode(), []).append(int(row))
    return found


def _attribute(element: str, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', element)
    return match[1] if match else ""


def _place(letters: str) -> int:
    """The position of a column by its letters: A is 0, Z is 25, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _no_header(schema: TableSchema) -> tuple[str, str]:
    names = ", ".join(schema.names)
    return (
        f"Ninguna columna del esquema está en el encabezado. Se esperan: {names}. Si el separador no es coma, punto y "
        "coma o tabulador, cámbielo.",
        f"No column of the schema is in the header. Expected: {names}. If the separator is not a comma, a semicolon or "
        "a tab, change it.",
    )


def _line(
    rule: str, column: str, severity: Severity, es: str, en: str, row: int = 0, value: str = ""
) -> tuple[object, ...]:
    return (row, column, rule, value, severity.value, es, en)


def _frame(lines: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(lines, schema=FINDINGS, orient="row")


def _refused(rule: str, es: str, en: str) -> Submitted:
    """A file of which nothing can be used."""
    return Submitted(None, _frame([_line(rule, "", Severity.ERROR, es, en)]))
