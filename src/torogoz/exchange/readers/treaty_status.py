"""Which countries are party to a treaty or have signed it, from a table with the columns iso3, status and year."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from torogoz.exchange.readers.rows import Line, lines_of, text_of

COLUMNS: Final = ("iso3", "status", "year")
STATUSES: Final = {"state party": "party", "signatory state": "signatory"}
FIRST_YEAR: Final = 1900


@dataclass(frozen=True)
class Standing:
    """What one country is to the treaty. The table gives no day, and for some signatories no year either."""

    line: int
    country: str
    status: str
    year: int | None


def read_statuses(content: bytes, *, last_year: int) -> list[Standing]:
    """The countries of the table, in its order. A country that is not in it is unknown.

    last_year   no later one is believed
    raises      RowRefused for the first row that cannot be kept
    """
    seen: dict[str, int] = {}
    found = []
    for each in _rows(text_of(content, otherwise="latin-1"), last_year):
        if each.country in seen:
            line = Line(each.line, {})
            raise line.refuse(
                "iso3",
                f"{each.country} ya estaba en la línea {seen[each.country]}",
                f"{each.country} stood on line {seen[each.country]} already",
            )
        seen[each.country] = each.line
        found.append(each)
    return found


def _rows(text: str, last_year: int) -> Iterator[Standing]:
    for line in lines_of(text, COLUMNS):
        country, status, year = (line.cells[name].strip() for name in COLUMNS)
        if not re.fullmatch(r"[A-Z]{3}", country):
            raise line.refuse("iso3", "no es un código de tres letras", "it is no code of three letters")
        if status.casefold() not in STATUSES:
            raise line.refuse(
                "status",
                f"«{status[:40]}» no es «state party» ni «signatory state»",
                f"“{status[:40]}” is neither “state party” nor “signatory state”",
            )
        if year and not (re.fullmatch(r"[0-9]{4}", year) and FIRST_YEAR <= int(year) <= last_year):
            raise line.refuse("year", f"«{year[:10]}» no es un año posible", f"“{year[:10]}” is not a possible year")
        yield Standing(line.number, country, STATUSES[status.casefold()], int(year) if year else None)
