"""How much a file may hold: packed files and workbooks are unpacked piece by piece, and no further than a limit.

A zip of 6 kB can stand for gigabytes, and its own word on how large a member is may be a lie: what comes out is
counted as it comes out. A workbook that somebody hands in is looked through before it is opened (`looked_through`).
"""

import copy
import gzip
import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final
from xml.parsers import expat

from torogoz.exchange.readers.contract import Unreadable

MEGABYTE: Final = 1024 * 1024
PIECE: Final = 256 * 1024
MOST_PARTS: Final = 5000
SMALL: Final = MEGABYTE
LONGEST_PIECE_OF_XML: Final = MEGABYTE
_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # of zipfile: the member is encrypted
    NotImplementedError,  # of zipfile: the member needs a version or a packing that it does not know
    ValueError,
    OverflowError,
    struct.error,
)
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Limits:
    """What a file may hold at most.

    unpacked    bytes, once unpacked, all parts together; also the text of all cells of a workbook
    ratio       how many times its packed size a part of a zip above 1 MB may be
    rows        of a table or sheet
    columns     of a table or sheet
    cells       of a table or workbook, counting the blank ones between the first and the last
    tables_only only CSV and xlsx are taken: neither gzip, nor the old xls, nor JSON
    """

    unpacked: int
    ratio: int
    rows: int
    columns: int
    cells: int
    tables_only: bool = False


UPLOAD: Final = Limits(200 * MEGABYTE, 100, 50_000, 1_000, 1_000_000, tables_only=True)
COMMAND: Final = Limits(4096 * MEGABYTE, 1_000, 20_000_000, 20_000, 200_000_000)


class TooLarge(Unreadable):
    """The file holds more than the limit; `es` says it in Spanish, as a whole sentence."""

    def __init__(self, en: str, es: str) -> None:
        super().__init__(en)
        self.es = es


def gunzipped(content: bytes, limits: Limits, name: str) -> bytes:
    """What a gzip file holds. Raises TooLarge; EOFError, zlib.error or BadGzipFile if it is damaged."""
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        unpacked = packed.read(limits.unpacked + 1)
    if len(unpacked) > limits.unpacked:
        raise _too_much_unpacked(limits, name)
    return unpacked


def parts(content: bytes, limits: Limits, name: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each member of a zip, in pieces of 256 kB. Raises TooLarge, Unreadable."""
    try:
        yield from _parts(content, limits, name)
    except _BROKEN as broken:
        raise Unreadable(
            f"{name} is not a workbook that can be opened: it is damaged or encrypted; save it again"
        ) from broken


def _parts(content: bytes, limits: Limits, name: str) -> Iterator[tuple[str, bytes]]:
    total = 0
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = packed.infolist()
        names = {each.filename for each in members}
        if len(members) > MOST_PARTS or len(names) < len(members):
            raise Unreadable(f"{name} is a zip of too many parts, or has one twice: nothing was read; save it again")
        for member in members:
            if member.compress_type not in _PACKINGS:
                raise Unreadable(f"{name} is a zip packed in a way that no workbook is: nothing was read")
            unbelieved = copy.copy(member)
            unbelieved.file_size = 1 << 62  # what comes out counts, not what the zip says
            size = 0
            with packed.open(unbelieved) as stream:
                while piece := stream.read(PIECE):
                    size, total = size + len(piece), total + len(piece)
                    if total > limits.unpacked:
                        raise _too_much_unpacked(limits, name)
                    if size > SMALL and size > limits.ratio * member.compress_size:
                        raise TooLarge(
                            f"{name} unpacks to more than {limits.ratio} times its size, as no table does: nothing was "
                            "kept. Save it again as CSV UTF-8",
                            f"El archivo se desempaca a más de {limits.ratio} veces su tamaño, como ninguna tabla: no "
                            "se guardó nada. Guárdelo otra vez como «CSV UTF-8».",
                        )
                    yield member.filename, piece


def within_limits(content: bytes, limits: Limits, name: str) -> None:
    """Unpack a zip and forget it. Raises TooLarge, Unreadable."""
    for _ in parts(content, limits, name):
        pass


@dataclass
class Looked:
    """A workbook after a look at its XML.

    content   the same workbook with its XML parts alone, packed anew
    formulas  the cells that hold a formula: rows by column letters, by the name of the sheet
    """

    content: bytes
    formulas: Mapping[str, Mapping[str, list[int]]]


def looked_through(content: bytes, limits: Limits, name: str) -> Looked:
    """Look once through every XML part of an xlsx workbook, in time that grows with its size alone.

    raises   TooLarge if it has more rows, columns, cells or text than the limits; Unreadable if it is no xlsx workbook
    """
    anew, look = io.BytesIO(), _Look(limits, name)
    with zipfile.ZipFile(anew, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for member, pieces in groupby(parts(content, limits, name), key=itemgetter(0)):
            if not member.lower().endswith((".xml", ".rels")):
                continue
            with packed.open(member, "w") as part:
                look.begin(member)
                for _, piece in pieces:
                    part.write(piece)
                    look.feed(piece)
                look.finish()
    if not look.has_workbook:
        raise Unreadable(f"{name} is a zip, but no xlsx workbook: nothing was read")
    look.check_text()
    return Looked(anew.getvalue(), look.formulas())


@dataclass
class _Look:
    """What is gathered from the XML parts of a workbook, one after the other."""

    limits: Limits
    name: str
    sheets: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    found: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    shared: list[int] = field(default_factory=list)
    used: Counter[int] = field(default_factory=Counter)
    has_workbook: bool = False
    elements: int = 0
    cells: int = 0

    def begin(self, part: str) -> None:
        """Go on to another part."""
        self.part, self.fed = part, 0
        self.row = self.column = 0
        self.top, self.bottom, self.left, self.right = 1 << 30, 0, 1 << 30, 0
        self.by_number, self.number, self.collecting = False, "", False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.has_workbook = self.has_workbook or part == _WORKBOOK

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes of the part. Raises TooLarge, Unreadable."""
        self.fed += len(piece)
        self._parse(piece, last=False)
        # A tag or comment without an end would be read again with every piece; no workbook has one of a megabyte.
        if self.fed - max(self.parser.CurrentByteIndex, 0) > LONGEST_PIECE_OF_XML:
            raise self._no_workbook()

    def finish(self) -> None:
        """The part has ended."""
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self.parser.Parse(piece, last)
        except (expat.ExpatError, ValueError) as broken:
            raise self._no_workbook() from broken

    def _no_workbook(self) -> Unreadable:
        return Unreadable(f"{self.name} has XML that no workbook has, or is damaged: nothing was read; save it again")

    def _document_type(self, *_: object) -> None:
        raise self._no_workbook()

    def _start(self, tag: str, given: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > 5 * self.limits.cells:
            raise self._too_many()
        match tag.rpartition(":")[2]:
            case "c":
                self._cell(given)
            case "f" if self.column:
                rows = self.found.setdefault(self.part, {}).setdefault(_letters(self.column), [])
                rows.append(self.row)
            case "v" | "t":
                self.collecting, self.number = True, ""
            case "row":
                number = given.get("r", "")
                self.row = int(number) if re.fullmatch("[0-9]{1,7}", number) else self.row + 1
                self.column = 0
            case "si":
                self.shared.append(0)
            case "sheet" if self.part == _WORKBOOK:
                key = next((value for word, value in given.items() if word.rpartition(":")[2] == "id"), "")
                self.sheets[given.get("name", "")] = key
            case "Relationship" if self.part == _RELATIONS:
                self.targets[given.get("Id", "")] = given.get("Target", "")

    def _cell(self, given: dict[str, str]) -> None:
        place = given.get("r")
        if place is None:
            self.row, self.column = max(self.row, 1), self.column + 1
        elif match := _CELL.fullmatch(place):
            self.row, self.column = int(match[2]), position(match[1]) + 1
        else:
            raise self._no_workbook()
        self.by_number = given.get("t") == "s"
        self.cells += 1
        self.top, self.bottom = min(self.top, self.row), max(self.bottom, self.row)
        self.left, self.right = min(self.left, self.column), max(self.right, self.column)
        area = (self.bottom - self.top + 1) * (self.right - self.left + 1)
        limits = self.limits
        if self.bottom > limits.rows or self.right > limits.columns or max(area, self.cells) > limits.cells:
            raise self._too_many()

    def _text(self, text: str) -> None:
        if not self.collecting:
            return
        if self.by_number:
            self.number += text[:20]
        elif self.shared:
            self.shared[-1] += len(text)

    def _end(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "v" | "t":
                if self.by_number and re.fullmatch("[0-9]{1,9}", self.number.strip()):
                    self.used[int(self.number)] += 1
                self.collecting = False
            case "c":
                self.by_number = False

    def check_text(self) -> None:
        """The text of all cells, one that many cells share being counted as often. Raises TooLarge."""
        known = len(self.shared)
        if sum(self.shared[at] * times for at, times in self.used.items() if at < known) > self.limits.unpacked:
            raise _too_much_unpacked(self.limits, self.name)

    def formulas(self) -> dict[str, dict[str, list[int]]]:
        """The cells with a formula by the name of their sheet."""
        where = {}
        for sheet, key in self.sheets.items():
            part = self.targets.get(key, "").removeprefix("/")
            where[sheet] = self.found.get(part if part.startswith("xl/") else f"xl/{part}", {})
        return where

    def _too_many(self) -> TooLarge:
        return too_many(self.limits, self.name)


def too_many(limits: Limits, name: str) -> TooLarge:
    """A table of more rows, columns or cells than is read at once."""
    return TooLarge(
        f"{name} has more than {limits.rows} rows, {limits.columns} columns or {limits.cells} cells (blank ones "
        "between filled ones count): nothing was kept. Split it, or delete the blank rows and columns around the table",
        f"El archivo tiene más de {limits.rows} filas, {limits.columns} columnas o {limits.cells} celdas (cuentan las "
        "vacías entre las llenas): no se guardó nada. Pártalo, o borre filas y columnas vacías alrededor de la tabla.",
    )


def _too_much_unpacked(limits: Limits, name: str) -> TooLarge:
    most = limits.unpacked // MEGABYTE
    return TooLarge(
        f"{name} unpacks to more than {most} MB: nothing was kept. Split it into smaller files",
        f"El archivo, desempacado, pasa de {most} MB: no se guardó nada. Pártalo en archivos más pequeños.",
    )


def position(letters: str) -> int:
    """The position of a column by its letters: A is 0, Z is 25, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _letters(column: int) -> str:
    """The letters of a column by its number, A being 1."""
    written = ""
    while column:
        column, rest = divmod(column - 1, 26)
        written = chr(ord("A") + rest) + written
    return written
