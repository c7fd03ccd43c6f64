"""The list of passengers of a flight or bus that brings people back: CSV or xlsx, under the usual names of columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from torogoz.domain.birthdates import BirthRefused, read_birth
from torogoz.domain.letters import fold
from torogoz.domain.names import NameRefused, PersonName, read_name
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.tables import ROW, Sheet, Table, opened
from torogoz.exchange.readers.unpacking import UPLOAD, looked_through

COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "given": frozenset({"nombres", "nombre", "primer nombre", "given names", "given name", "first name"}),
    "given2": frozenset({"segundo nombre", "middle name", "second name"}),
    "surnames": frozenset(
        {"apellidos", "apellido", "primer apellido", "surname", "surnames", "last name", "family name"}
    ),
    "surname2": frozenset({"segundo apellido", "second surname"}),
    "whole": frozenset({"nombre completo", "nombres y apellidos", "pasajero", "full name", "name", "passenger"}),
    "document": frozenset({"documento", "numero de documento", "no. documento", "dui", "pasaporte", "passport"})
    | frozenset({"document", "document number", "passport number"}),
    "birth": frozenset({"fecha de nacimiento", "nacimiento", "fecha nacimiento", "date of birth", "birth date", "dob"}),
}
NAMED: Final = ("given", "surnames", "whole")
LONGEST_DOCUMENT: Final = 40
LOOKED_AT: Final = 20
_SHOWN: Final = Path("manifest")


@dataclass(frozen=True)
class Passenger:
    """Somebody on the list: `row` of the file, the name as written, document and birth (both may be empty)."""

    row: int
    name: PersonName
    document: str
    birth: str

    @property
    def compared(self) -> tuple[str, str, str]:
        """What makes two rows the same person on one list: name, document and birth, without case or accents."""
        return fold(str(self.name)), fold(self.document), self.birth


@dataclass(frozen=True)
class SetAside:
    """A row that was not taken: its number and why, as a word of the page. What it says is not kept."""

    row: int
    reason: str


@dataclass(frozen=True)
class Manifest:
    """Rows that were taken, and rows that were set aside, in the order of the file."""

    passengers: tuple[Passenger, ...]
    aside: tuple[SetAside, ...]


def read_manifest(content: bytes, *, today: date) -> Manifest:
    """Read a list of passengers.

    A row without a name, with a name that no name has, with a birth that cannot be, or like one above, is set aside
    with its reason: no_name, name, birth, repeated, document, uneven. An empty document or birth is unknown.

    raises  Unreadable, when it is no table, or has no column of names; nothing was read then
    """
    if content.startswith(b"PK\x03\x04"):
        content = looked_through(content, UPLOAD, _SHOWN.name).content
    table, columns = _table(opened(content, _SHOWN, UPLOAD))
    passengers: list[Passenger] = []
    aside = [SetAside(row, "uneven") for row, _text in table.ragged]
    seen: set[tuple[str, str, str]] = set()
    for line in table.frame.iter_rows(named=True):
        cells = {field: " ".join((line[column] or "").split()) for field, column in columns.items()}
        read = _passenger(line[ROW], cells, today)
        if isinstance(read, Passenger) and read.compared in seen:
            read = SetAside(read.row, "repeated")
        if isinstance(read, Passenger):
            seen.add(read.compared)
            passengers.append(read)
        else:
            aside.append(read)
    return Manifest(tuple(passengers), tuple(sorted(aside, key=lambda one: one.row)))


def _passenger(row: int, cells: Mapping[str, str], today: date) -> Passenger | SetAside:
    """One row. A whole name is kept as it stands, in the first box: nobody guesses where surnames begin."""
    try:
        name = read_name(
            given1=cells.get("given") or cells.get("whole", ""),
            given2=cells.get("given2", ""),
            surname1=cells.get("surnames", ""),
            surname2=cells.get("surname2", ""),
        )
    except NameRefused:
        return SetAside(row, "name")
    if not str(name):
        return SetAside(row, "no_name")
    document = cells.get("document", "")
    if len(document) > LONGEST_DOCUMENT:
        return SetAside(row, "document")
    try:
        birth = read_birth(cells.get("birth", ""), today=today)
    except BirthRefused:
        return SetAside(row, "birth")
    return Passenger(row, name, document, birth.text if birth else "")


def _table(found: Sequence[Table] | Sequence[Sheet]) -> tuple[Table, dict[str, str]]:
    """The first table that has a column of names, and the column of each field."""
    for one in found:
        for table in [one] if isinstance(one, Table) else map(one.table, range(min(LOOKED_AT, len(one.rows)))):
            columns = _columns(table)
            if any(field in columns for field in NAMED):
                return table, columns
    raise Unreadable("no column is called nombres, apellidos or nombre completo: nothing was read")


def _columns(table: Table) -> dict[str, str]:
    columns: dict[str, str] = {}
    for name in table.names:
        for field, called in COLUMNS.items():
            if fold(name) in called:
                columns.setdefault(field, name)
    return columns
