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
    """What a file holds: its days with the lines that they stand on, and all that is wrong with each row."""

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
    for number, row in enumerate(reader, start=1):
        line = reader.line_num
        if number > MOST_ROWS:
            wrong.append(RowWrong(line, "", f"el archivo pasa de {MOST_ROWS} filas", f"more than {MOST_ROWS} rows"))
            break
        day, faults = _day(line, row, countries)
        wrong += faults
        if day is not None:
            days.append((line, day))
    return Read(tuple(days), tuple(wrong))


def _day(line: int, row: dict[str, str], countries: frozenset[str]) -> tuple[Day | None, list[RowWrong]]:
    """The day of a row; None, and all that is wrong with the row, one fault a column."""
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    wrong: dict[str, RowWrong] = {}

    def fault(column: str, es: str, en: str) -> None:
        wrong.setdefault(column, RowWrong(line, column, es, en))

    if None in row:
        fault("", "tiene más celdas que el encabezado", "it has more cells than the heading")
    for name, value in said.items():
        if not value:
            fault(name, "está vacía", "it is empty")
        elif len(value) > LENGTHS.get(name, 200):
            fault(name, "es demasiado larga", "it is too long")
        elif CANNOT_BE_STORED in value:
            fault(name, *SAID_OF_IT)
    if countries and said["country"] not in countries:
        fault("country", "el país no está en la lista", "the country is not on the list")
    on, times = None, dict[str, time]()
    try:
        on = date.fromisoformat(said["on"])
    except ValueError:
        fault("on", "la fecha se escribe 2026-11-30", "a date is written 2026-11-30")
    for name in ("opens", "closes"):
        try:
            times[name] = time.fromisoformat(said[name]).replace(tzinfo=None)
        except ValueError:
            fault(name, "la hora se escribe 09:00", "a time is written 09:00")
    offered: tuple[Service, ...] = ()
    try:
        offered = services(said["services"].split())
    except ConsulateRefused as why:
        fault(why.field, why.explain("es"), why.explain("en"))
    if on is None or len(times) < 2:
        return None, list(wrong.values())
    try:
        day = Day(
            consulate=said["consulate"],
            country=said["country"],
            city=said["city"],
            address=said["address"],
            on=on,
            opens=times["opens"],
            closes=times["closes"],
            zone=said["zone"],
            services=offered,
            bring_es=said["bring_es"],
            bring_en=said["bring_en"],
        )
        if day.ends_at <= day.begins_at:
            raise ConsulateRefused("closes", "ends")
    except Refused as why:
        fault(why.field, why.explain("es"), why.explain("en"))
    return (None if wrong else day), list(wrong.values())


def services(codes: list[str]) -> tuple[Service, ...]:
    """The services with these codes, each once, in the order of the list. Raises ConsulateRefused."""
    for code in codes:
        if code not in {one.value for one in Service}:
            raise ConsulateRefused("services", "service", service=code[:40])
    return tuple(one for one in Service if one.value in codes)
