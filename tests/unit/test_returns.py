"""The rules of arrival and of the compulsory medical stop."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.domain.returns import (
    Answer,
    ArrivalBeforeBirth,
    ArrivalInTheFuture,
    Ground,
    MedicalStop,
    check_arrival,
    medical_stop,
)

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
ADULT = (30, 30)

answers = st.sampled_from(Answer)
ages = st.none() | st.tuples(st.integers(0, 110), st.integers(0, 110)).map(lambda pair: (min(pair), max(pair)))


def stop(
    ages: tuple[int, int] | None = ADULT,
    sex: str = "F",
    pregnant: Answer = NO,
    disabled: Answer = NO,
    injured: Answer = NO,
) -> MedicalStop:
    return medical_stop(ages=ages, sex=sex, pregnant=pregnant, disabled=disabled, injured=injured)


def test_a_healthy_adult_does_not_have_to_stop() -> None:
    assert stop() == MedicalStop(NO)


@pytest.mark.parametrize(
    ("age", "ground"),
    [(0, Ground.CHILD), (3, Ground.CHILD), (4, None), (59, None), (60, Ground.OLDER), (99, Ground.OLDER)],
)
def test_children_up_to_three_and_people_from_sixty_have_to_stop(age: int, ground: Ground | None) -> None:
    assert stop(ages=(age, age)) == (MedicalStop(YES, (ground,)) if ground else MedicalStop(NO))


def test_each_condition_is_a_ground_of_its_own_and_all_are_named() -> None:
    assert stop(ages=(2, 2), pregnant=YES, disabled=YES, injured=YES).grounds == (
        Ground.CHILD,
        Ground.PREGNANT,
        Ground.DISABLED,
        Ground.INJURED,
    )


def test_an_age_between_three_and_four_is_unknown_and_not_no() -> None:
    assert stop(ages=(3, 4)) == MedicalStop(UNKNOWN, (), (Ground.CHILD,))


def test_a_person_of_whom_nothing_is_known_is_unknown_on_every_ground() -> None:
    assert stop(None, "_U", UNKNOWN, UNKNOWN, UNKNOWN) == MedicalStop(UNKNOWN, (), tuple(Ground))


def test_pregnancy_that_was_not_asked_is_not_supposed_of_a_man_but_believed_when_declared() -> None:
    assert stop(sex="M", pregnant=UNKNOWN).compulsory is NO
    assert stop(sex="M", pregnant=YES).compulsory is YES
    assert stop(sex="_U", pregnant=UNKNOWN).compulsory is UNKNOWN


@given(ages, st.sampled_from(["F", "M", "_O", "_U"]), answers, answers, answers)
@settings(max_examples=200, deadline=None)
def test_what_is_not_known_never_makes_a_no(
    ages: tuple[int, int] | None, sex: str, pregnant: Answer, disabled: Answer, injured: Answer
) -> None:
    """Whatever the unknown facts turn out to be, a "no" stays "no" and a "yes" stays "yes"."""
    before = stop(ages, sex, pregnant, disabled, injured)
    if before.compulsory is UNKNOWN:
        return
    youngest, oldest = ages or (0, 110)
    for age in {youngest, (youngest + oldest) // 2, oldest}:
        for filled in (YES, NO):
            known = [filled if fact is UNKNOWN else fact for fact in (disabled, injured)]
            carried = pregnant if sex == "M" or pregnant is not UNKNOWN else filled
            assert stop((age, age), sex, carried, *known).compulsory is before.compulsory


def test_an_arrival_now_is_accepted_and_one_minute_later_is_in_the_future() -> None:
    check_arrival(arrived_at=NOON, now=NOON, born_from=None)
    with pytest.raises(ArrivalInTheFuture, match="2026-09-01 12:01"):
        check_arrival(arrived_at=NOON + timedelta(minutes=1), now=NOON, born_from=None)


def test_a_person_can_arrive_on_the_day_of_birth_but_not_before() -> None:
    check_arrival(arrived_at=NOON, now=NOON, born_from=date(2026, 9, 1))
    with pytest.raises(ArrivalBeforeBirth, match="2026-09-02"):
        check_arrival(arrived_at=NOON, now=NOON, born_from=date(2026, 9, 2))
