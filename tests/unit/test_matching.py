"""Ratios: what each amount obliges to, under a cap, and what is not known stays so."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torogoz.domain.matching import Ratio, Sum, asked_of_others, fault, obliged, ratio, together

ONE, TWO, TEN = Decimal(1), Decimal(2), Decimal(10)


@pytest.mark.parametrize(
    ("held", "amounts", "owed"),
    [
        (Ratio(ONE, ONE), [TEN, TWO], [10, 2]),
        (Ratio(TWO, ONE), [TEN], [20]),
        (Ratio(ONE, Decimal(3)), [TEN], [Decimal("3.33")]),
        (Ratio(ONE, ONE, Decimal(11)), [TEN, TWO, ONE], [10, 1, 0]),
        (Ratio(ONE, ONE), [TEN, None, TWO], [10, None, 2]),
        (Ratio(ONE, ONE, Decimal(100)), [TEN, None, TWO], [10, None, None]),
        (Ratio(ONE, ONE, TEN), [TEN, None, TWO], [10, 0, 0]),
        (Ratio(ONE, ONE, Decimal(0)), [TEN], [0]),
        (None, [TEN, None], [None, None]),
    ],
)
def test_each_amount_obliges_until_the_cap_and_what_is_not_known_is_never_zero(
    held: Ratio | None, amounts: list[Decimal | None], owed: list[Decimal | None]
) -> None:
    assert obliged(held, amounts) == owed


@given(st.lists(st.integers(0, 1_000_000), max_size=8), st.integers(100, 500_000))
def test_the_cap_is_never_passed_and_is_reached_when_the_amounts_suffice(cents: list[int], most: int) -> None:
    amounts, cap = [Decimal(one) / 100 for one in cents], Decimal(most) / 100
    found = together(obliged(Ratio(TWO, ONE, cap), amounts))
    assert found == Sum(min(cap, 2 * sum(amounts, Decimal(0))), True)


def test_what_was_given_asks_of_the_others_what_the_ratio_says() -> None:
    assert asked_of_others(Ratio(TWO, ONE, ONE), TEN) == 5
    assert asked_of_others(Ratio(TWO, ONE), None) is None
    assert asked_of_others(None, TEN) is None
    assert together([TEN, None]) == Sum(TEN, False)


def test_a_ratio_has_two_numbers_above_zero_and_a_cap_is_of_one() -> None:
    assert fault(TWO, ONE, TEN) is None
    assert fault(None, None, None) is None
    assert fault(TWO, None, None) == ("for_each", "half_a_ratio")
    assert fault(None, TWO, None) == ("gives", "half_a_ratio")
    assert fault(Decimal(0), ONE, None) == ("gives", "ratio")
    assert fault(ONE, ONE, Decimal(0)) == ("cap", "cap")
    assert fault(None, None, TEN) == ("cap", "cap_alone")
    assert ratio(None, None, None) is None
    assert str(Ratio(Decimal("2.00"), Decimal("1.50"))) == "2 : 1.5"
    assert Ratio(ONE, ONE, TEN).within(None, TWO).cap == TWO
