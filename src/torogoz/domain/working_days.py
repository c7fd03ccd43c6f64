"""The clock of the law for what a person asks of her own data: counted in working days, and extended once.

Decree 144 of 12 November 2024 gives twenty working days and lets them be doubled once (published summaries, read in
2026; the articles were not read and are not cited). Which days are holidays is passed in.
"""

from collections.abc import Collection
from datetime import date, timedelta

TERM = 20
EXTENSION = 20
SATURDAY = 5
ONE = timedelta(days=1)


def works_on(day: date, holidays: Collection[date]) -> bool:
    """Whether `day` is a working day: Monday to Friday, and no holiday."""
    return day.weekday() < SATURDAY and day not in holidays


def working_day_after(start: date, days: int, holidays: Collection[date]) -> date:
    """The `days`-th working day after `start`, which itself is never counted. Raises ValueError for fewer than one."""
    if days < 1:
        raise ValueError(f"a term has one working day or more, not {days}")
    day, left = start, days
    while left:
        day += ONE
        left -= works_on(day, holidays)
    return day


def due_on(received: date, holidays: Collection[date], *, extended: bool = False) -> date:
    """The last day on which what was asked on `received` is answered in time."""
    return working_day_after(received, TERM + EXTENSION if extended else TERM, holidays)


def working_days_left(today: date, due: date, holidays: Collection[date]) -> int:
    """How many working days remain after `today` until `due`, which is counted; negative when they are over."""
    if today <= due:
        return _between(today, due, holidays)
    return -_between(due, today, holidays)


def _between(first: date, last: date, holidays: Collection[date]) -> int:
    """How many working days there are after `first`, until `last` and with it."""
    return sum(works_on(first + ONE * step, holidays) for step in range(1, (last - first).days + 1))
