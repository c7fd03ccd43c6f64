"""Plans and follow-ups: what may be agreed to, when life is asked about again, what is too late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torogoz.domain.reintegration import (
    LAST_MONTHS,
    MOST_GOALS,
    Content,
    Level,
    Moment,
    Need,
    Outcome,
    PlanRefused,
    check_closing,
    check_day,
    check_moment,
    months_later,
    to_make,
    window_of,
)

OPENED = date(2026, 8, 31)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_what_was_not_asked_is_unknown_and_not_unneeded() -> None:
    content = Content({Need.HOUSING: Level.NONE, Need.DEBT: Level.LATER, Need.PAPERS: Level.NOW}, "", ())
    assert content.level(Need.SAFETY) is Level.UNKNOWN
    assert content.level(Need.HOUSING) is Level.NONE
    assert list(content.needed) == [Need.PAPERS, Need.DEBT]
    assert Content.from_data(content.as_data()) == content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (Content({}, "una nota", ()), "empty"),
        (Content({Need.HOUSING: Level.NONE}, "", ()), "empty"),
        (Content({}, "", tuple("abcdefghi")), "goals"),
    ],
)
def test_what_nobody_could_agree_to_is_refused(content: Content, why: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        content.check()
    assert refused.value.code == why
    assert MOST_GOALS == 8


def test_months_end_where_the_calendar_does() -> None:
    assert months_later(OPENED, 6) == date(2027, 2, 28)
    assert months_later(OPENED, 12) == date(2027, 8, 31)
    assert months_later(date(2023, 8, 31), 6) == date(2024, 2, 29)


def test_the_windows_of_one_plan_worked_out_by_hand() -> None:
    windows = {moment: window_of(OPENED, moment) for moment in Moment}
    assert (windows[Moment.BASELINE].first, windows[Moment.BASELINE].last) == (OPENED, date(2027, 1, 28))
    assert (windows[Moment.MONTH_6].first, windows[Moment.MONTH_6].due) == (date(2027, 1, 29), date(2027, 2, 28))
    assert windows[Moment.MONTH_6].last == date(2027, 7, 31)
    assert (windows[Moment.MONTH_12].first, windows[Moment.MONTH_12].last) == (date(2027, 8, 1), date(2028, 2, 29))
    assert months_later(OPENED, LAST_MONTHS) == date(2028, 2, 29)


@given(DAYS, st.integers(0, 800))
def test_on_every_day_at_most_one_follow_up_may_be_made(opened: date, later: int) -> None:
    today = opened + timedelta(days=later)
    open_now = [one for one in Moment if window_of(opened, one).first <= today <= window_of(opened, one).last]
    assert len(open_now) == (today <= window_of(opened, Moment.MONTH_12).last)
    for moment in Moment:
        if moment in open_now:
            check_moment(opened, moment, [], today)
        else:
            with pytest.raises(PlanRefused):
                check_moment(opened, moment, [], today)


def test_what_is_made_is_not_made_again_nor_asked_for() -> None:
    assert to_make(OPENED, [], OPENED) == [Moment.BASELINE]
    assert to_make(OPENED, [Moment.BASELINE], date(2027, 1, 28)) == []
    assert to_make(OPENED, [Moment.BASELINE], date(2027, 1, 29)) == [Moment.MONTH_6]
    assert to_make(OPENED, [], date(2027, 8, 2)) == [Moment.MONTH_12]
    assert to_make(OPENED, [], date(2030, 1, 1)) == []
    with pytest.raises(PlanRefused, match="made already"):
        check_moment(OPENED, Moment.BASELINE, [Moment.BASELINE], OPENED)


def test_days_that_cannot_be_and_open_actions_are_refused() -> None:
    for day, code in ((date(2026, 9, 2), "future"), (date(2026, 8, 30), "before")):
        with pytest.raises(PlanRefused) as refused:
            check_day("day", day, begun=OPENED, today=date(2026, 9, 1))
        assert refused.value.code == code
    check_day("day", OPENED, begun=OPENED, today=OPENED)
    check_closing([Outcome.DONE, Outcome.NO_SHOW])
    with pytest.raises(PlanRefused, match="outcome: 2"):
        check_closing([Outcome.PLANNED, Outcome.DONE, Outcome.PLANNED])
