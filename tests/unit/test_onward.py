"""Nights and beds: never over the capacity, never in two places; sessions on days that can be."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torogoz.domain.onward import (
    MOST_NIGHTS,
    Nights,
    OnwardRefused,
    check_alone,
    check_nights,
    check_room,
    taken_in,
)
from torogoz.domain.sessions import SessionRefused, check_session

FIRST = date(2026, 11, 20)
SPANS = st.tuples(st.integers(0, 12), st.integers(1, 6))


def nights(begin: int, length: int) -> Nights:
    return Nights(FIRST + timedelta(days=begin), FIRST + timedelta(days=begin + length))


@given(st.lists(SPANS, max_size=30), st.integers(1, 4))
def test_whoever_asks_in_whatever_order_no_night_is_over_the_capacity(
    asked: Sequence[tuple[int, int]], capacity: int
) -> None:
    given_beds: list[Nights] = []
    for begin, length in asked:
        wanted = nights(begin, length)
        try:
            check_room(wanted, given_beds, capacity)
        except OnwardRefused:
            # refused only when it would not fit: some night of it is full
            assert any(sum(night in list(one) for one in given_beds) >= capacity for night in wanted)
        else:
            given_beds.append(wanted)
    assert all(count <= capacity for count in taken_in(given_beds).values())


@given(st.lists(SPANS, max_size=20))
def test_nobody_sleeps_in_two_places(asked: Sequence[tuple[int, int]]) -> None:
    own: list[Nights] = []
    for begin, length in asked:
        wanted = nights(begin, length)
        try:
            check_alone(wanted, own)
        except OnwardRefused:
            assert any(set(wanted) & set(one) for one in own)
        else:
            own.append(wanted)
    assert all(count == 1 for count in taken_in(own).values())


def test_the_night_of_leaving_is_free_for_the_next() -> None:
    check_room(nights(2, 1), [nights(0, 2)], capacity=1)
    check_alone(nights(2, 1), [nights(0, 2)])
    with pytest.raises(OnwardRefused, match="2026-11-21"):
        check_room(nights(1, 3), [nights(0, 2)], capacity=1)


@pytest.mark.parametrize(
    ("begin", "length", "code"), [(0, 0, "nights"), (0, MOST_NIGHTS + 1, "nights"), (-1, 2, "past")]
)
def test_stays_that_cannot_be_are_refused(begin: int, length: int, code: str) -> None:
    with pytest.raises(OnwardRefused) as refused:
        check_nights(nights(begin, length), met_on=FIRST)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("held_on", "next_on", "code"),
    [
        (FIRST + timedelta(days=1), None, "future"),
        (FIRST - timedelta(days=9), None, "before"),
        (FIRST, FIRST, "next"),
    ],
)
def test_sessions_that_cannot_have_been_are_refused(held_on: date, next_on: date | None, code: str) -> None:
    with pytest.raises(SessionRefused) as refused:
        check_session(held_on=held_on, next_on=next_on, met_on=FIRST - timedelta(days=5), today=FIRST)
    assert refused.value.code == code
    check_session(held_on=FIRST, next_on=FIRST + timedelta(days=7), met_on=FIRST, today=FIRST)
