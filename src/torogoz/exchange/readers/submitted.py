"""Reading a file that an institution hands in under a schema: what is wrong with the file, and its columns as named.

What can be said of the file before its rows are checked is said in the columns of the same report (`FINDINGS`), row 0
being the file itself: its encoding, its separator, its columns, records of another length, formulas of a workbook.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.tables import ROW, Sheet, Table, opened, plain
from torogoz.exchange.readers.unpacking import UPLOAD, Limits, TooLarge, gunzipped, looked_through, position
from torogoz.statistics.rules.checking import FINDINGS, LONGEST
from torogoz.statistics.rules.schema import HIDDEN, Severity, TableSchema

HEADER_WITHIN: Final = 20
_MARKED: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ZIP, _BIFF, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_SHOWN: Final = Path("the file")
_NEARLY: Final = 0.8
_SPANISH: Final = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡º")
_ENCODINGS: Final = MappingProxyType({"cp1252": "Windows-1252 (Latin-1)", "mac_roman": "Mac Roman", "cp850": "DOS 850"})
_TWICE: Final = r"Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]|\ufffd"


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


def read(path: Path, schema: TableSchema, limits: Limits = UPLOAD) -> Submitted:
    """Open a CSV or a workbook, and name its columns as the schema does. Raises OSError if it cannot be opened.

    No message has the name of the file: on the server it is a temporary one, and at home it may hold a person's.
    """
    with path.open("rb") as file:
        content = file.read()
    try:
        return _read(content, schema, limits)
    except TooLarge as reason:
        return _refused("large", reason.es, _sentence(reason))
    except Unreadable as reason:
        return _refused(
            "unreadable",
            "El archivo no se puede leer como CSV ni como hoja de cálculo: está dañado, o es otra cosa.",
            _sentence(reason),
        )


def _read(content: bytes, schema: TableSchema, limits: Limits) -> Submitted:
    """The same of its bytes. Raises Unreadable, TooLarge."""
    if content.startswith((_GZIP, _BIFF)) and limits.tables_only:
        return _refused(
            "packed",
            "Aquí se recibe CSV o libro de Excel xlsx, no gz ni xls: no se guardó nada. Descomprima el archivo, o "
            "guárdelo como xlsx, y entréguelo otra vez.",
            "CSV or an xlsx workbook is taken here, neither gz nor xls: nothing was kept. Unpack the file, or save it "
            "as xlsx, and hand it in again.",
        )
    if content.startswith(_GZIP):
        try:
            content = gunzipped(content, limits, _SHOWN.name)
        except (EOFError, OSError, zlib.error) as broken:
            raise Unreadable(f"{_SHOWN.name} is a gzip file that breaks off or is damaged") from broken
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return _refused("empty", "El archivo está vacío.", "The file is empty.")
    formulas: Mapping[str, Mapping[str, list[int]]] = {}
    if content.startswith(_ZIP):
        looked = looked_through(content, limits, _SHOWN.name)
        content, formulas = looked.content, looked.formulas
    elif not content.startswith(_BIFF) and (problem := _text_problem(content)):
        return problem
    table = _best_table(opened(content, _SHOWN, limits), schema)
    if table is None:
        return _refused("columns", *_no_header(schema))
    if any("\x00" in text for text in _texts(table)):
        raise Unreadable(f"{_SHOWN.name} has a cell with a NUL character: nothing was read")
    return _named(table, schema, formulas.get(table.sheet, {}))


def _texts(table: Table) -> Iterator[str]:
    """Every text of a table, its header too."""
    yield from table.header
    for name in table.names:
        yield from table.frame[name].drop_nulls()


def _sentence(reason: Exception) -> str:
    """What an exception says, as a sentence."""
    text = str(reason)
    return f"{text[:1].upper()}{text[1:]}."


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
        lines += [_not_asked(place, name, wanted) for place, name in enumerate(header, 1) if name not in wanted]
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


def _not_asked(place: int, name: str, wanted: Mapping[str, str]) -> tuple[object, ...]:
    """A column that the schema does not have, by its position. A header that is no header may be a row of a person:
    what it says is printed only where it nearly is the name of a column."""
    near = get_close_matches(name[:LONGEST], wanted, n=1, cutoff=_NEARLY)
    es, en = (f" ¿Quiso decir «{wanted[near[0]]}»?", f" Did you mean “{wanted[near[0]]}”?") if near else ("", "")
    return _line(
        "columns",
        f"#{place}",
        Severity.WARNING,
        f"La columna número {place} del archivo no es del esquema: no se revisó ni se guardó.{es}",
        f"Column number {place} of the file is not in the schema: neither checked nor kept.{en}",
        value=name[:LONGEST] if near else HIDDEN,
    )


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
    frame: pl.DataFrame, formulas: Mapping[str, Sequence[int]], table: Table, wanted: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    """Cells of a workbook that hold a formula: what was read is the value that it had when the file was saved."""
    present = set(frame[ROW].to_list())
    for letters, rows in formulas.items():
        place = position(letters)
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
