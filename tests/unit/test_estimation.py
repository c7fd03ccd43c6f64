"""Where an estimate cannot be made, or a choice changes it: each says so in the words of its field."""

import numpy as np
import pytest

from torogoz.statistics.estimation import fitting
from torogoz.statistics.estimation.accounting import (
    Balance,
    CannotAccount,
    Leavers,
    whole_shares,
    without_negative_residents,
)
from torogoz.statistics.estimation.fitting import MarginsDisagree, Matrix, NoFit
from torogoz.statistics.estimation.methods import Choices, Method, Stocks, by_birthplace, flows

NAMES = ("A", "B", "C")
START = np.array([[100.0, 20, 5], [10, 200, 0], [0, 30, 300]])
END = np.array([[110.0, 25, 5], [20, 190, 10], [0, 20, 310]])
NOBODY = np.zeros(3)


def stocks(
    start: Matrix = START, end: Matrix = END, births: Matrix = NOBODY, deaths: Matrix = NOBODY, **choices: object
) -> Stocks:
    return Stocks(NAMES, start, end, births, deaths, choices=Choices(**choices))  # type: ignore[arg-type]


def test_margins_that_contradict_each_other_are_refused_with_both_sums() -> None:
    with pytest.raises(MarginsDisagree, match="the rows sum to 30 and the columns to 31"):
        fitting.two_way(np.array([10.0, 20]), np.array([15.0, 16]), np.ones((2, 2)))
    with pytest.raises(MarginsDisagree, match="net totals must sum to 0, but they sum to 1"):
        fitting.to_net(np.array([3.0, -2]), np.ones((2, 2)))


def test_a_margin_that_the_zeros_of_the_seed_forbid_is_named() -> None:
    with pytest.raises(NoFit, match="row 1 must sum to 20, but the seed leaves it no cell"):
        fitting.two_way(np.array([10.0, 20]), np.array([15.0, 15]), np.array([[1.0, 1], [0, 0]]))
    # Both rows have cells, and still row 1 can only use column 1, which is too small for it.
    with pytest.raises(NoFit, match="stays off by"):
        fitting.two_way(np.array([10.0, 20]), np.array([15.0, 15]), np.array([[1.0, 1], [0, 1]]))
    with pytest.raises(NoFit, match="no flows that could give region"):
        fitting.to_net(np.array([5.0, -5, 0]), np.array([[0.0, 1, 0], [0, 0, 0], [0, 0, 0]]))
    with pytest.raises(NoFit, match="stays off by"):
        fitting.swept(np.array([10.0, 20]), np.array([15.0, 15]), np.array([[1.0, 1], [0, 1]]))


def test_a_seed_below_zero_or_without_end_is_refused() -> None:
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="seed must be finite and not negative"):
            fitting.two_way(np.array([1.0]), np.array([1.0]), np.array([[wrong]]))


def test_an_empty_row_stays_empty_and_an_empty_table_is_a_table() -> None:
    seed = np.ones((2, 2))
    found = fitting.two_way(np.array([0.0, 5]), np.array([2.0, 3]), seed).table
    assert found == pytest.approx(np.array([[0, 0], [2, 3]]))
    assert not fitting.two_way(np.zeros(2), np.zeros(2), seed).table.any()


def test_fitting_keeps_the_interactions_of_a_seed_over_twenty_orders_of_magnitude() -> None:
    seed = np.array([[1e-12, 1.0, 1e3], [1e8, 1e-6, 1.0], [1.0, 1e4, 1e-9]])
    rows, columns = np.array([1e6, 5.0, 1e3]), np.array([2.0, 1e6, 1003.0])
    found = fitting.two_way(rows, columns, seed).table
    assert found.sum(axis=1) == pytest.approx(rows, rel=1e-9)
    assert found.sum(axis=0) == pytest.approx(columns, rel=1e-9)
    odds = (found[0, 1] * found[2, 2]) / (found[0, 2] * found[2, 1])
    assert odds == pytest.approx((seed[0, 1] * seed[2, 2]) / (seed[0, 2] * seed[2, 1]), rel=1e-6)


def test_residents_below_zero_become_zero_and_the_foreign_born_are_scaled_to_the_population() -> None:
    table = START.copy()
    table[1, 1] = -10  # population of B: 20 - 10 + 30 = 40
    mended, where = without_negative_residents(table, NAMES, "start")
    assert where == ("B",)
    assert mended[:, 1] == pytest.approx([16, 0, 24])
    assert mended[:, 0] == pytest.approx(table[:, 0])
    table[1, 1] = -60
    with pytest.raises(CannotAccount, match="the population of B at the start is -10"):
        without_negative_residents(table, NAMES, "start")


def test_whole_shares_give_the_remainder_to_the_first_of_the_largest() -> None:
    assert whole_shares(np.array([1.0, 1, 1]), 4).tolist() == [2, 1, 1]
    assert whole_shares(np.array([5.0, 5, 2]), 13).tolist() == [6, 5, 2]


def test_a_birthplace_that_one_stock_lacks_stops_a_closed_account_and_not_an_open_one() -> None:
    start = START.copy()
    start[2] = 0
    given = stocks(start=start)
    with pytest.raises(CannotAccount, match="nobody born in C is left at the start"):
        flows(given, [Method.DA_MIN_CLOSED])
    assert flows(given, [Method.DA_MIN_OPEN])[Method.DA_MIN_OPEN].shape == (3, 3)


def test_leavers_drawn_from_the_other_stock_may_leave_fewer_than_nobody_and_that_is_said() -> None:
    start = np.array([[100.0, 0, 0], [0, 100, 0], [0, 0, 100]])
    end = np.array([[10.0, 40, 0], [0, 100, 0], [0, 0, 100]])
    with pytest.raises(CannotAccount, match="born in A who live in B at the start; draw them from the start instead"):
        flows(stocks(start, end, leavers=Leavers.END), [Method.DA_MIN_OPEN])
    assert (flows(stocks(start, end), [Method.DA_MIN_OPEN])[Method.DA_MIN_OPEN] >= 0).all()


def test_balancing_before_or_after_births_and_deaths_is_a_choice_that_is_said_in_persons() -> None:
    births, deaths = np.array([20.0, 10, 30]), np.array([5.0, 15, 10])
    before, after = (stocks(births=births, deaths=deaths, balance=balance).closed for balance in Balance)
    # The stocks grew by 25 people, births less deaths are 30: 5 are missing, of whom 2 at the start and 3 at the end.
    assert before.adjusted == (-2, 3)
    assert after.adjusted == (-2.5, 2.5)
    assert before.start.sum() == pytest.approx(before.end.sum())
    assert after.start.sum() == pytest.approx(after.end.sum())


def test_movers_of_the_rate_method_are_net_migration_unless_they_are_given() -> None:
    births, deaths = np.array([20.0, 0, 0]), np.array([0.0, 5, 0])
    # A grew by 20, all of it births; B shrank by 15, of whom 5 died; C grew by 20.
    assert stocks(births=births, deaths=deaths).movers == 0 + 10 + 20
    assert stocks().movers == 20 + 15 + 20
    found = flows(stocks(movers=65.0), [Method.MIG_RATE])[Method.MIG_RATE]
    assert found.sum() == pytest.approx(65)
    assert found[0, 1] == pytest.approx(20)


def test_a_method_without_birthplaces_has_no_array_and_stocks_without_residents_no_account() -> None:
    with pytest.raises(ValueError, match="sd_drop_neg counts every mover by birthplace and has no array"):
        by_birthplace(stocks(), Method.SD_DROP_NEG)
    given = Stocks(NAMES, START, END, NOBODY, NOBODY, residents=False)
    with pytest.raises(CannotAccount, match="people who live where they were born"):
        flows(given, [Method.DA_MIN_OPEN])
