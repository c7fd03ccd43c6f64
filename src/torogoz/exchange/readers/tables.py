"""From a file to tables of text: gz or plain, csv, xlsx, xls or GeoJSON, told by its bytes and not its name."""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import python_calamine

from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.unpacking import COMMAND, Limits, gunzipped, too_many, within_limits

ROW: Final = "SOURCE_ROW"
_GZIP, _ZIP, _BIFF = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_QUOTED: Final = re.compile(rb'"[^"]*"')
_SCRIPT: Final = re.compile(r"^\s*(?:(?:var|let|const)\s+)?[\w.$]+\s*=\s*(?=[\[{])")
_POSITION: Final = ("latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows as text, blank being null.

    header  the names as the file writes them
    frame   one text column for each name, called by its `plain` name (a repeated one gets ` 2`), and SOURCE_ROW
    sheet   name of the sheet; empty for a csv
    above   rows above the header, each of its own cells, as text
    ragged  row and text of the records that have more or fewer fields than the header: they are not in `frame`
    path    the file, for messages
    """

    header: tuple[str, ...]
    frame: pl.DataFrame
    path: Path
    sheet: str = ""
    above: tuple[tuple[str, ...], ...] = ()
    ragged: tuple[tuple[int, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The plain names of the columns, in order."""
        return tuple(name for name in self.frame.columns if name != ROW)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: every cell as text, blank being empty; `first` is the number of its first row."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    first: int
    path: Path

    def table(self, at: int, header: Sequence[str] | None = None) -> Table:
        """The table whose header is row `at` of `rows` (or `header` instead of it), down to the last row."""
        written = tuple(header or self.rows[at])
        names = plain_names(written)
        body = [(number, row) for number, row in enumerate(self.rows[at + 1 :], self.first + at + 1) if any(row)]
        columns = {name: [row[i] or None for _, row in body] for i, name in enumerate(names)}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String()))
        numbers = pl.Series(ROW, [number for number, _ in body], dtype=pl.Int64())
        return Table(written, frame.with_columns(numbers), self.path, self.name, self.rows[:at])


def plain(name: str) -> str:
    """A column's name as it is compared: no byte mark, lower case, single spaces, `_` as a space."""
    return " ".join(name.replace("\ufeff", "").replace("\u200b", "").replace("_", " ").split()).lower()


def plain_names(header: Iterable[str]) -> tuple[str, ...]:
    """The plain names of a header, a repeated name being numbered: `total`, `total 2`."""
    names: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for name in map(plain, header):
        again, number = name, numbers.get(name, 2)
        while again in names:
            again, number = f"{name} {number}", number + 1
        names[again], numbers[name] = None, number
    return tuple(names)


def open_file(path: Path, limits: Limits = COMMAND) -> list[Table] | list[Sheet]:
    """The one table of a csv or GeoJSON, or the sheets of a workbook. Raises Unreadable, saying what it is."""
    content = _content(path, limits)
    if content.startswith(_ZIP):
        within_limits(content, limits, path.name)
    return opened(content, path, limits)


def opened(content: bytes, path: Path, limits: Limits = COMMAND) -> list[Table] | list[Sheet]:
    """The same of the bytes of a file, unpacked; `path` is what messages call it. A zip is not looked into first.

    raises   Unreadable, TooLarge
    """
    if content.startswith((_ZIP, _BIFF)):
        return _sheets(content, path)
    text = _utf8(content, path)
    start = text[:2048].lstrip()
    if re.match(rb"<!doctype html|<html|<head|<\?xml", start, re.IGNORECASE):
        raise Unreadable(
            f"{path.name} is a web page or XML, not a table: the publisher may have answered with an error page. "
            "Open it in a browser to see what it says, and download the file again"
        )
    if start[:1] == b"{" or _SCRIPT.match(start.decode(errors="replace")):
        if limits.tables_only:
            raise Unreadable(f"{path.name} is JSON or a script, not a table: nothing was read; save it as CSV UTF-8")
        return [_geojson(text.decode(), path)]
    return [_csv(text, path, limits)]


def features(path: Path) -> list[tuple[Mapping[str, object], Mapping[str, object]]]:
    """Properties and geometry (empty if it has none) of each feature of a GeoJSON file. Raises Unreadable."""
    return list(_collection(_utf8(_content(path, COMMAND), path).decode(), path))


def _content(path: Path, limits: Limits) -> bytes:
    """The bytes of the file, unpacked. Raises Unreadable, TooLarge."""
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gunzipped(content, limits, path.name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as broken:
        raise Unreadable(
            f"{path.name} is a gzip file that breaks off or is damaged ({broken}): nothing was read; download it again"
        ) from broken
    except OSError as refused:
        raise Unreadable(f"{path.name} cannot be opened: {refused.strerror}") from refused
    if not content.strip(b"\x00 \t\r\n"):
        raise Unreadable(f"{path.name} is empty: nothing was read; download it again")
    return content


def _utf8(content: bytes, path: Path) -> bytes:
    """The same text as UTF-8 without a byte mark, lines ending in LF."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            content = content[len(mark) :]
            if encoding != "utf-8":
                content = _from_utf16(content, encoding, path)
            break
    try:
        content.decode()
    except UnicodeDecodeError as other:
        line = content.count(b"\n", 0, other.start) + 1
        raise Unreadable(
            f"{path.name} is not UTF-8: byte 0x{content[other.start]:02x} on line {line}. It was probably saved as "
            "Windows-1252 or Mac Roman; nothing was read, so that no name is stored misspelt. Save it as UTF-8"
        ) from other
    if b"\x00" in content:
        raise Unreadable(f"{path.name} is neither text, nor a workbook, nor gzip: nothing was read")
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content


def _from_utf16(content: bytes, encoding: str, path: Path) -> bytes:
    try:
        return content.decode(encoding).encode()
    except UnicodeError as broken:
        raise Unreadable(
            f"{path.name} begins as UTF-16 and is not: it has half a letter, or breaks off. Nothing was read; save it "
            "again as CSV UTF-8"
        ) from broken


def _csv(text: bytes, path: Path, limits: Limits) -> Table:
    """A csv with its header in the first record, separated by commas, semicolons or tabs."""
    text = text.lstrip(b"\n")
    if text.count(b'"') % 2:
        raise Unreadable(f"{path.name}: a quotation mark is opened and never closed; nothing was read")
    rows_at_most = text.count(b"\n")
    if rows_at_most > limits.rows:
        raise too_many(limits, path.name)
    end = _end_of_first_record(text)
    first = text[:end].decode()
    separator = max(",;\t", key=first.count)
    width = first.count(separator) + 1
    if width > limits.columns or width * rows_at_most > limits.cells:
        raise too_many(limits, path.name)
    try:
        header = tuple(next(csv.reader([first.replace("\n", " ")], delimiter=separator)))
    except (csv.Error, StopIteration) as broken:
        raise Unreadable(f"{path.name} has a first row that cannot be a header: nothing was read") from broken
    names = plain_names(header)
    body = text[end + 1 :].rstrip(b"\n")
    ragged: tuple[tuple[int, str], ...] = ()
    rows = np.arange(0)
    frame = _frame(body, separator, names) if _looks_even(body, separator, len(names)) else None
    if frame is not None:
        rows = np.arange(2, frame.height + 2)
    else:
        body, rows, ragged = _even(body, separator, len(names))
        frame = _frame(body, separator, names)
    if frame is None:
        raise Unreadable(f"{path.name} is not a table of equal rows: nothing was read")
    return Table(header, frame.with_columns(pl.Series(ROW, rows, dtype=pl.Int64())), path, ragged=ragged)


def _looks_even(body: bytes, separator: str, width: int) -> bool:
    """Whether the number of separators outside quotation marks is that of records of `width` fields, none blank.

    A short record may hide behind a long one; the parser refuses the long one, and then all are counted one by one.
    """
    bare = _QUOTED.sub(b"q", body) if b'"' in body else body
    records = bare.count(b"\n") + 1
    return b"\n\n" not in bare and bare.count(separator.encode()) == (width - 1) * records


def _frame(body: bytes, separator: str, names: tuple[str, ...]) -> pl.DataFrame | None:
    """The records below the header, all of equal length, as text; None if their length is not equal."""
    if not body:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String()))
    try:
        return pl.read_csv(
            io.BytesIO(body), has_header=False, new_columns=list(names), separator=separator, infer_schema=False
        )
    except pl.exceptions.PolarsError:
        return None


def _end_of_first_record(text: bytes) -> int:
    """Where the first line ends that does not end inside quotation marks."""
    start, marks = 0, 0
    while (end := text.find(b"\n", start)) >= 0:
        marks += text.count(b'"', start, end)
        if marks % 2 == 0:
            return end
        start = end + 1
    return len(text)


def _even(
    body: bytes, separator: str, width: int
) -> tuple[bytes, "np.ndarray[tuple[int], np.dtype[np.int64]]", tuple[tuple[int, str], ...]]:
    """The records of `width` fields and their row numbers, and the other ones apart; blank lines only count."""
    octets = np.frombuffer(body + b"\n", np.uint8)
    outside = np.cumsum(octets == ord('"')) % 2 == 0
    ends = np.flatnonzero((octets == ord("\n")) & outside)
    separators = np.cumsum((octets == ord(separator)) & outside)[ends]
    fields = np.diff(separators, prepend=0) + 1
    starts = np.concatenate(([0], ends[:-1] + 1))
    blank = ends == starts
    even = (fields == width) & ~blank
    rows = (np.flatnonzero(even) + 2).astype(np.int64)
    if even.all():
        return body, rows, ()
    kept = b"\n".join(body[start:end] for start, end in zip(starts[even], ends[even], strict=True))
    odd = np.flatnonzero(~even & ~blank)
    ragged = tuple((int(i) + 2, body[starts[i] : ends[i]].decode()) for i in odd)
    return kept, rows, ragged


def _sheets(content: bytes, path: Path) -> list[Sheet]:
    """The sheets of an xlsx or xls workbook, in order, those without a cell left out."""
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        found = []
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            rows = tuple(tuple(map(_text, row)) for row in sheet.to_python())
            if rows and sheet.start is not None:
                found.append(Sheet(name, rows, sheet.start[0] + 1, path))
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError) as broken:
        raise Unreadable(f"{path.name} is not a workbook that can be opened: {broken}; download it again") from broken
    if not found:
        raise Unreadable(f"{path.name} is a workbook without a filled cell: nothing was read")
    return found


def _text(cell: object) -> str:
    """A cell as a person reads it: 2020.0 is `2020`; a day is in ISO order."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def _geojson(text: str, path: Path) -> Table:
    """The properties of a FeatureCollection of points as a table, with the columns Latitude and Longitude added.

    The file may be a script that gives the collection to a variable, as publishers do for their maps.
    """
    records = [(properties, _point(geometry)) for properties, geometry in _collection(text, path)]
    header = list(dict.fromkeys(name for properties, _ in records for name in properties))
    header += [name.title() for name in _POSITION if name not in map(plain, header)]
    names = plain_names(header)
    columns: dict[str, list[str | None]] = {name: [] for name in names}
    for properties, position in records:
        own = {plain(name): _text(value) or None for name, value in properties.items()}
        for name in names:
            columns[name].append(own.get(name) or position.get(name))
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String()))
    rows = pl.Series(ROW, range(1, len(records) + 1), dtype=pl.Int64())
    return Table(tuple(header), frame.with_columns(rows), path)


def _collection(text: str, path: Path) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Properties and geometry of each feature of a FeatureCollection; empty where a feature has none."""
    try:
        whole = json.loads(_SCRIPT.sub("", text).strip().rstrip(";"))
        return [(dict(each["properties"] or {}), dict(each["geometry"] or {})) for each in whole["features"]]
    except (ValueError, KeyError, TypeError, RecursionError) as other:
        raise Unreadable(f"{path.name} is not a GeoJSON collection of features: nothing was read") from other


def _point(geometry: Mapping[str, object]) -> dict[str, str]:
    """Latitude and longitude of a geometry that is a point."""
    position = geometry.get("coordinates")
    if geometry.get("type") != "Point" or not isinstance(position, Sequence) or len(position) < len(_POSITION):
        return {}
    longitude, latitude = position[:2]
    return {"latitude": str(latitude), "longitude": str(longitude)}
