"""Periods as SDMX writes them: 2020, 2020-S1, 2020-Q3, 2020-03, 2020-03-15; and ranges of them."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-?(?P<part>[QS])(?P<number>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_MONTHS = {"Q": 3, "S": 6}
_PARTS = {
    "A": [""],
    "S": ["-S1", "-S2"],
    "Q": [f"-Q{number}" for number in range(1, 5)],
    "M": [f"-{number:02}" for number in range(1, 13)],
}


class UnclearPeriod(ValueError):
    """A period that cannot be read."""


@lru_cache(maxsize=8192)
def bounds(period: str) -> tuple[date, date]:
    """The first and the last day of `period`. Raises UnclearPeriod."""
    found = _PERIOD.fullmatch(period.strip().upper())
    if not found:
        raise UnclearPeriod(_how_to_write(period))
    year = int(found["year"])
    try:
        if found["day"]:
            day = date(year, int(found["month"]), int(found["day"]))
            return day, day
        first, last = 1, 12
        if found["part"]:
            months = _MONTHS[found["part"]]
            first = (int(found["number"]) - 1) * months + 1
            last = first + months - 1
        elif found["month"]:
            first = last = int(found["month"])
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    except ValueError as reason:
        raise UnclearPeriod(_how_to_write(period)) from reason


def written(period: str) -> str:
    """`period` in its one spelling: 2020Q3 becomes 2020-Q3. Raises UnclearPeriod."""
    bounds(period)
    return re.sub(r"(?<=\d)(?=[QS])", "-", period.strip().upper())


def frequency(period: str) -> str:
    """How long `period` is, as SDMX codes it: A year, S half-year, Q quarter, M month, D day. Raises UnclearPeriod."""
    spelled = written(period)
    for code in "QS":
        if code in spelled:
            return code
    return {4: "A", 7: "M", 10: "D"}[len(spelled)]


def every(first: str, last: str) -> list[str]:
    """Every period as long as `first` from it to `last`, both included; years, half-years, quarters or months.

    Raises UnclearPeriod if one cannot be read, or if they are not equally long.
    """
    begins, ends, length = written(first), written(last), frequency(first)
    if frequency(last) != length or length not in _PARTS:
        raise UnclearPeriod(f"{first} and {last} are not two years, half-years, quarters or months")
    found = [f"{year}{part}" for year in range(int(begins[:4]), int(ends[:4]) + 1) for part in _PARTS[length]]
    return [period for period in found if begins <= period <= ends]


def span(words: str) -> tuple[date, date]:
    """The first and last day of a period, or of a range such as 2014-01:2022-02, 2014: or :2019.

    Raises UnclearPeriod if a period cannot be read, or if the range ends before it begins.
    """
    first, colon, last = words.partition(":")
    if not colon:
        return bounds(words)
    if not first.strip() and not last.strip():
        raise UnclearPeriod(_how_to_write(words))
    begins = bounds(first)[0] if first.strip() else date.min
    ends = bounds(last)[1] if last.strip() else date.max
    if ends < begins:
        raise UnclearPeriod(f"the range {words} ends before it begins")
    return begins, ends


def within(period: str, begins: date, ends: date) -> bool:
    """Whether the whole of `period` lies between two days. Raises UnclearPeriod."""
    first, last = bounds(period)
    return begins <= first and last <= ends


def overlap(one: str, other: str) -> bool:
    """Whether two periods have a day in common. Raises UnclearPeriod."""
    (first, last), (begins, ends) = bounds(one), bounds(other)
    return first <= ends and begins <= last


def _how_to_write(words: str) -> str:
    return f"{words!r} is not a period; write 2020, 2020-Q3, 2020-03, or a range such as 2014-01:2022-02"
