"""The clock of the law, by table: over Holy Week, the August holidays and the end of the year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torogoz.domain.working_days import due_on, working_day_after, working_days_left, works_on
from torogoz.statistics.days_off import holidays_from

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        # Holy Week of 2026: Thursday 2 and Friday 3 April (and Saturday 4) are holidays.
        ("2026-03-16", "2026-04-15", "2026-05-14"),  # 1 May is in the extension; 10 May is a Sunday
        ("2026-04-01", "2026-05-04", "2026-06-01"),
        # 3, 5 and 6 August are holidays; Tuesday the 4th is a day of work.
        ("2026-07-31", "2026-09-02", "2026-10-01"),  # 15 September is in the extension
        # The end of the year: Christmas and New Year's Day, both on a Friday.
        ("2026-12-10", "2027-01-11", "2027-02-08"),
        # All Souls' Day is a Monday in 2026.
        ("2026-10-30", "2026-11-30", "2026-12-29"),
        # What is received on a Saturday, a Sunday or a holiday counts from the next day of work.
        ("2026-11-21", "2026-12-18", "2027-01-19"),
        ("2026-11-22", "2026-12-18", "2027-01-19"),
        ("2026-11-20", "2026-12-18", "2027-01-19"),
    ],
)
def test_terms_over_the_holidays_of_el_salvador(received: str, due: str, extended: str) -> None:
    asked = date.fromisoformat(received)
    off = holidays_from(asked.year)
    assert due_on(asked, off).isoformat() == due
    assert due_on(asked, off, extended=True).isoformat() == extended


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-04-01", True),  # Holy Wednesday
        ("2026-04-02", False),
        ("2026-04-03", False),
        ("2026-04-06", True),
        ("2026-08-03", False),
        ("2026-08-04", True),
        ("2026-08-05", False),
        ("2026-08-06", False),
        ("2026-08-07", True),
        ("2026-06-17", False),
        ("2026-11-02", False),
        ("2026-12-25", False),
        ("2027-01-01", False),
        ("2026-11-28", False),  # a Saturday
    ],
)
def test_which_days_are_days_of_work(day: str, works: bool) -> None:
    there = date.fromisoformat(day)
    assert works_on(there, holidays_from(2026)) is works


@given(start=DAYS, days=st.integers(1, 60))
def test_the_term_has_exactly_its_days_and_ends_on_a_day_of_work(start: date, days: int) -> None:
    off = holidays_from(start.year)
    end = working_day_after(start, days, off)
    counted = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
    assert sum(works_on(day, off) for day in counted) == days
    assert works_on(end, off)
    assert working_days_left(start, end, off) == days
    assert working_days_left(end, end, off) == 0
    assert working_days_left(end + timedelta(days=14), end, off) < 0


def test_a_term_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="one working day or more"):
        working_day_after(date(2026, 1, 5), 0, ())
