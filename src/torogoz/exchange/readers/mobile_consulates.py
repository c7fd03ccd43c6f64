"""A file of days of mobile consulates: one row a day, all of it or none of it."""

import csv
import io
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from torogoz.domain.mobile_consulates import ConsulateRefused, Day, Service
from torogoz.domain.refusals import Refused
from torogoz.exchange.readers.rows import CANNOT_BE_STORED, SAID_OF_IT

COLUMNS: Final = (
    "consulate",
    "country",
    "city",
    "address",
    "on",
    "opens",
    "closes",
    "zone",
    "services",
    "bring_es",
    "bring_en",
)
MOST_ROWS: Final = 500
LENGTHS: Final = {"consulate": 120, "city": 120, "address": 300, "bring_es": 1000, "bring_en": 1000}


@dataclass(frozen=True)
class RowWrong:
    """A row that cannot be taken: its line in the file (the heading is line 1), its column, and why, es and en."""

    line: int
    column: str
    es: str
    en: str


@dataclass(frozen=True)
class Read:
    """What a file holds: its days with the lines that they stand on, and every row that is wrong."""

    days: tuple[tuple[int, Day], ...]
    wrong: tuple[RowWrong, ...]


def read(text: str, countries: frozenset[str]) -> Read:
    """Read CSV with a heading. `countries`: the codes (ISO 3166-1 alpha-3) that are known; empty knows them all.

    Dates are 2026-11-30, times 09:00 by the clock of `zone`, services are codes with a space between them.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        names = ", ".join(missing)
        return Read((), (RowWrong(1, names, f"faltan las columnas {names}", f"the columns {names} are missing"),))
    days: list[tuple[int, Day]] = []
    wrong: list[RowWrong] = []
    for row in reader:
        line = reader.line_num
        if len(days) + len(wrong) >= MOST_ROWS:
            wrong.append(RowWrong(line, "", f"el archivo pasa de {MOST_ROWS} filas", f"more than {MOST_ROWS} rows"))
            break
        found = _day(line, row, countries)
        if isinstance(found, RowWrong):
            wrong.append(found)
        else:
            days.append((line, found))
    return Read(tuple(days), tuple(wrong))


def _day(line: int, row: dict[str, str], countries: frozenset[str]) -> Day | RowWrong:
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if None in row:
        return RowWrong(line, "", "tiene más celdas que el encabezado", "it has more cells than the heading")
    for name, value in said.items():
        if not value:
            return RowWrong(line, name, "está vacía", "it is empty")
        if len(value) > LENGTHS.get(name, 200):
            return RowWrong(line, name, "es demasiado larga", "it is too long")
        if CANNOT_BE_STORED in value:
            return RowWrong(line, name, *SAID_OF_IT)
    if countries and said["country"] not in countries:
        return RowWrong(line, "country", "el país no está en la lista", "the country is not on the list")
    try:
        on = date.fromisoformat(said["on"])
    except ValueError:
        return RowWrong(line, "on", "la fecha se escribe 2026-11-30", "a date is written 2026-11-30")
    times = {}
    for name in ("opens", "closes"):
        try:
            times[name] = time.fromisoformat(said[name])
        except ValueError:
            return RowWrong(line, name, "la hora se escribe 09:00", "a time is written 09:00")
    try:
        day = Day(
            consulate=said["consulate"],
            country=said["country"],
            city=said["city"],
            address=said["address"],
            on=on,
            opens=times["opens"].replace(tzinfo=None),
            closes=times["closes"].replace(tzinfo=None),
            zone=said["zone"],
            services=services(said["services"].split()),
            bring_es=said["bring_es"],
            bring_en=said["bring_en"],
        )
        if day.ends_at <= day.begins_at:
            raise ConsulateRefused("closes", "ends")
    except Refused as why:
        return RowWrong(line, why.field, why.explain("es"), why.explain("en"))
    return day


def services(codes: list[str]) -> tuple[Service, ...]:
    """The services with these codes, each once, in the order of the list. Raises ConsulateRefused."""
    for code in codes:
        if code not in {one.value for one in Service}:
            raise ConsulateRefused("services", "service", service=code[:40])
    return tuple(one for one in Service if one.value in codes)
