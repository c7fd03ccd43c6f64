"""The code of a release ("2026", "2026-Q3", "2026-08"), the moment it ends, and the months that it covers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

PATTERN = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class UnclearCode(ValueError):
    """A code that names no year, quarter or month."""


@dataclass(frozen=True)
class Coverage:
    """A release covers everything from the first month with data to the end of its period.

    last_year, last_month  the last month of the period that the code names
    """

    code: str
    last_year: int
    last_month: int

    def cut_off(self, zone: tzinfo) -> datetime:
        """The first moment that is no longer covered."""
        year, month = (self.last_year + 1, 1) if self.last_month == 12 else (self.last_year, self.last_month + 1)
        return datetime(year, month, 1, tzinfo=zone)


def coverage(code: str) -> Coverage:
    """What a release called `code` covers. Raises UnclearCode."""
    match = PATTERN.fullmatch(code)
    if match is None:
        raise UnclearCode(f"{code!r} names no period; write a year (2026), a quarter (2026-Q3) or a month (2026-08)")
    year, quarter, month = int(match["year"]), match["quarter"], match["month"]
    return Coverage(code, year, int(quarter) * 3 if quarter else int(month or 12))


def months_between(first: str, last: str) -> list[str]:
    """Every month from `first` to `last` ("2026-09"), both included; none if `first` is later."""
    begin, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(begin, end + 1)]


def not_over(months: Sequence[str], until: datetime) -> list[str]:
    """The months, and the years they belong to, that are not wholly before `until` (local time)."""
    if not months:
        return []
    open_months = [month for month in months if month >= f"{until:%Y-%m}"]
    open_years = {month[:4] for month in months if int(month[:4]) >= until.year}
    return [*sorted(open_years), *open_months]
