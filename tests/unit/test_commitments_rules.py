"""How reports, reminders and targets may go."""

from datetime import date, timedelta
from itertools import product

import pytest

from torogoz.domain.commitments import (
    MOVES,
    Direction,
    FollowUpRefused,
    MilestoneState,
    Reminder,
    ReportState,
    ReportStep,
    after,
    check_milestone,
    check_target,
    check_two_persons,
    overdue,
    reminder_to_give,
)

DUE = date(2026, 12, 31)


def refused(code: str) -> "pytest.RaisesExc[FollowUpRefused]":
    return pytest.raises(FollowUpRefused, check=lambda why: why.code == code)


@pytest.mark.parametrize(("state", "step"), [*product(ReportState, ReportStep)])
def test_a_report_goes_the_ways_that_are_named_and_no_other(state: ReportState, step: ReportStep) -> None:
    if (state, step) in MOVES:
        assert after(state, step, "porque falta la evidencia") is MOVES[state, step]
    else:
        with refused("changed"):
            after(state, step, "porque sí")


def test_nothing_leads_away_from_what_is_published() -> None:
    assert not [step for state, step in MOVES if state is ReportState.PUBLISHED]


@pytest.mark.parametrize(
    ("state", "step"),
    [(ReportState.SUBMITTED, ReportStep.TAKE_BACK), (ReportState.APPROVED, ReportStep.SEND_BACK)],
)
def test_what_goes_back_goes_back_with_a_reason(state: ReportState, step: ReportStep) -> None:
    with refused("reason"):
        after(state, step, "  ")


def test_who_wrote_does_not_approve() -> None:
    check_two_persons({1, 2}, 3)
    with refused("same_officer"):
        check_two_persons({1, 2}, 2)


@pytest.mark.parametrize(
    ("today", "given", "expected"),
    [
        (DUE - timedelta(days=31), [], None),
        (DUE - timedelta(days=30), [], Reminder.BEFORE),
        (DUE - timedelta(days=29), [Reminder.BEFORE], None),
        (DUE, [Reminder.BEFORE], Reminder.ON_DAY),
        (DUE, [], Reminder.ON_DAY),
        (DUE + timedelta(days=1), [Reminder.BEFORE, Reminder.ON_DAY], Reminder.OVERDUE),
        (DUE + timedelta(days=2), [Reminder.OVERDUE], None),
        (DUE + timedelta(days=3), [Reminder.BEFORE], Reminder.OVERDUE),
        (DUE + timedelta(days=30), [Reminder.OVERDUE], Reminder.LONG_OVERDUE),
        (DUE + timedelta(days=400), [Reminder.LONG_OVERDUE], None),
    ],
)
def test_each_step_is_told_once_and_a_missed_one_is_not_told_late(
    today: date, given: list[Reminder], expected: Reminder | None
) -> None:
    assert reminder_to_give(DUE, today, given) is expected


def test_day_by_day_every_step_is_told_exactly_once() -> None:
    given: list[Reminder] = []
    for day in range(-60, 400):
        for _ in range(2):  # the work of a night that is run twice
            step = reminder_to_give(DUE, DUE + timedelta(days=day), given)
            given += [step] if step else []
    assert given == [Reminder.BEFORE, Reminder.ON_DAY, Reminder.OVERDUE, Reminder.LONG_OVERDUE]


def test_late_begins_on_the_day_after_and_never_for_what_is_met_or_has_no_day() -> None:
    assert not overdue(DUE, DUE, met=False)
    assert overdue(DUE, DUE + timedelta(days=1), met=False)
    assert not overdue(DUE, DUE + timedelta(days=1), met=True)
    assert not overdue(None, DUE, met=False)


def test_a_milestone_is_reached_on_a_day_that_has_come() -> None:
    check_milestone(MilestoneState.UNKNOWN, None, 1, DUE)
    with refused("done_without_day"):
        check_milestone(MilestoneState.DONE, None, 1, DUE)
    with refused("future"):
        check_milestone(MilestoneState.DONE, DUE + timedelta(days=1), 1, DUE)
    with refused("weight"):
        check_milestone(MilestoneState.OPEN, None, 0, DUE)


def test_a_target_lies_ahead_on_the_side_that_was_chosen() -> None:
    check_target(Direction.UP, 2, 2020, None, None, share=True)
    check_target(Direction.DOWN, 40, 2020, 0, 2030, share=True)
    with refused("direction"):
        check_target(Direction.DOWN, 40, 2020, 50, 2030, share=False)
    with refused("target_year"):
        check_target(Direction.UP, 40, 2020, 50, None, share=False)
    with refused("target_year"):
        check_target(Direction.UP, 40, 2020, 50, 2020, share=False)
    with refused("share"):
        check_target(Direction.UP, 40, 2020, 150, 2030, share=True)
    check_target(Direction.UP, 40, 2020, 150, 2030, share=False)


def test_every_refusal_is_said_in_both_languages() -> None:
    for spanish, english in FollowUpRefused.reasons.values():
        assert spanish
        assert english
        assert spanish != english
