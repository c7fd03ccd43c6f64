"""Days as publishers write them, where the order of day and month must be found out from the file itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?")
_NUMBERS: Final = re.compile(r"(?:[a-z]+,?\s+)?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:\s*[-,t ]\s*\d.*)?")
_DAY_WORD: Final = re.compile(r"(?:[a-z]{3,9},\s*)?(\d{1,2})[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})")
_WORD_DAY: Final = re.compile(r"(?:[a-z]{6,9},\s*)?([a-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLIEST = 1900


def month_of(word: str) -> int | None:
    """The number of a month given by its English name, its first three letters or its number."""
    text = word.strip().lower()
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else None


@dataclass(frozen=True, slots=True)
class Order:
    """Whether a file writes the day before the month; None if nothing in it tells."""

    day_first: bool | None


def order_of(days: Iterable[tuple[str, int | None]]) -> Order:
    """Find the order from the days above 12 and, failing them, from the month that stands in a column of its own.

    days  each date as written and the month of the row, where known
    """
    first, second, own_first, own_second = 0, 0, 0, 0
    for text, month in days:
        found = _NUMBERS.fullmatch(text.strip().lower())
        if found is None:
            continue
        a, b = int(found[1]), int(found[2])
        first += a > 12
        second += b > 12
        own_first += a != b and b == month
        own_second += a != b and a == month
    if first or second:
        return Order(first > second if first != second else None)
    return Order(own_first > own_second if own_first != own_second else None)


def parse_day(text: str, order: Order) -> date | None:
    """The day that `text` means; None if it is no day, or if its order cannot be told."""
    text = text.strip().lower()
    if found := _ISO.fullmatch(text):
        return _day(found[1], int(found[2]), found[3])
    if found := _DAY_WORD.fullmatch(text):
        return _day(found[3], month_of(found[2]), found[1])
    if found := _WORD_DAY.fullmatch(text):
        return _day(found[3], month_of(found[1]), found[2])
    if found := _NUMBERS.fullmatch(text):
        a, b = int(found[1]), int(found[2])
        if a > 12 or (b <= 12 and order.day_first) or a == b:
            return _day(found[3], b, found[1])
        if b > 12 or order.day_first is False:
            return _day(found[3], a, found[2])
    return None


def _day(year: str, month: int | None, day: str) -> date | None:
    """The day, if the calendar has it. Two figures of a year mean 2000 to 2099: no source here is older."""
    full = int(year) + (2000 if len(year) == 2 else 0)
    if month is None or full < _EARLIEST:
        return None
    try:
        return date(full, month, int(day))
    except ValueError:
        return None
