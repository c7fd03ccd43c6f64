"""Amounts: the worked examples of the Handbook on SDC, ch. 4, and noise in proportion."""

import numpy as np
import polars as pl
import pytest

from torogoz.statistics.disclosure.magnitudes import (
    AmountRule,
    dominated,
    estimated_from_prior,
    estimated_too_closely,
    percent_equal_to,
    perturbed_sums,
    sums,
)
from torogoz.statistics.disclosure.ptable import design
from torogoz.statistics.disclosure.sparsity import Limits, Reason, refusals


def test_a_sum_of_110_000_with_52_000_and_50_000_is_safe_by_ten_per_cent_but_not_by_two_and_90_9() -> None:
    assert not estimated_too_closely(110_000, 52_000, 50_000, 10)
    assert dominated(np.array([52_000.0, 50_000.0, 8_000.0]), 2, 90.9)
    assert estimated_too_closely(110_000, 52_000, 50_000, 16)


def test_dominance_of_one_lets_the_second_estimate_the_first_to_two_per_cent() -> None:
    # Handbook: 100 000 of which 50 000 and 49 000; (1, 90) finds it safe, and the second is off by 1 000, 2 per cent.
    parts = np.array([50_000.0, 49_000.0, 1_000.0])
    assert not dominated(parts, 1, 90)
    assert pytest.approx(0.02) == (100_000 - 49_000 - 50_000) / 50_000
    assert estimated_too_closely(100_000, 50_000, 49_000, 10)


def test_the_rule_of_prior_knowledge_is_the_rule_of_p_per_cent_when_nothing_was_known() -> None:
    parts = np.array([52_000.0, 50_000.0, 8_000.0])
    for p in (5.0, 10.0, 16.0, 30.0):
        assert estimated_from_prior(parts, p, 100) == estimated_too_closely(110_000, 52_000, 50_000, p)
    assert estimated_from_prior(parts, 10, 50)
    assert percent_equal_to(90.9) == pytest.approx(10.01, abs=0.01)


def test_sums_that_give_a_contributor_away_are_hidden_and_payments_of_one_are_one_contribution() -> None:
    frame = pl.DataFrame(
        {
            "area": ["A"] * 4 + ["B"] * 5 + ["C"] * 3,
            "who": ["1", "1", "2", "3", "1", "2", "3", "4", "5", "1", "2", "3"],
            "usd": [500.0, 500, 20, 30, 90, 100, 110, 95, 105, 100, 100, 100],
        }
    )
    found = sums(frame, ["area"], "usd", AmountRule(fewest=3, p=10), "who")
    assert found["OBS_VALUE"].to_list() == [None, 500.0, 300.0]
    assert found["N"].to_list() == [3, 5, 3]
    assert sums(frame, ["area"], "usd", AmountRule(4, 10), "who")["CONF_STATUS"].to_list() == ["C", "F", "C"]
    one = frame.filter(area="A", who="1")
    assert sums(one, ["area"], "usd", AmountRule(1, 10), "who")["CONF_STATUS"].to_list() == ["C"]
    with pytest.raises(ValueError, match="negative"):
        sums(frame.with_columns(usd=-pl.col("usd")), ["area"], "usd", AmountRule(3, 10), "who")


def test_noise_on_amounts_is_in_proportion_to_the_largest_one_and_has_no_bias() -> None:
    chance = np.random.default_rng(4)
    cells = np.repeat(np.arange(3_000), 8)
    amounts = chance.gamma(2, 100, cells.size)
    keys = chance.integers(0, 2**64, cells.size, dtype=np.uint64)
    table = design(5, 3, 2)
    noisy = perturbed_sums(amounts, cells, 3_001, keys, table, share=0.5)
    true = np.bincount(cells, amounts, minlength=3_001)
    largest = amounts.reshape(3_000, 8).max(axis=1)
    off = (noisy - true)[:3_000] / largest
    assert np.abs(off).max() <= 0.5 + 1e-9
    assert abs(off.mean()) < 0.01
    assert noisy[3_000] == 0
    assert (perturbed_sums(amounts, cells, 3_001, keys, table, share=0.5) == noisy).all()


def test_noise_of_the_amount_says_nothing_of_the_noise_of_the_count() -> None:
    chance = np.random.default_rng(5)
    keys = chance.integers(0, 2**64, 4_000, dtype=np.uint64)
    table = design(5, 3, 2)
    cells = np.arange(4_000)
    amounts = perturbed_sums(np.full(4_000, 10.0), cells, 4_000, keys, table) - 10
    counts = table.changes(np.full(4_000, 8), keys)
    assert abs(np.corrcoef(amounts, counts)[0, 1]) < 0.05


def test_a_sparse_area_is_refused_with_its_reason_and_the_others_are_not() -> None:
    shown = np.array([[30, 40, 50, 60], [15, 1, 0, 0], [60, 1, 1, 2], [51, 0, 0, 0]])
    possible = np.ones_like(shown, dtype=bool)
    found = refusals(shown, possible, Limits(), dimensions=2)
    assert [(each.area, each.reason) for each in found] == [(1, Reason.FEW_PERSONS), (2, Reason.MANY_SMALL)]
    wide = np.zeros((1, 100), dtype=np.int64)
    wide[0, :12] = 5
    assert refusals(wide, np.ones_like(wide, dtype=bool), Limits(), dimensions=2)[0].reason is Reason.FEW_PER_CELL
    some = np.zeros_like(wide, dtype=bool)
    some[0, :12] = True
    assert refusals(wide, some, Limits(), dimensions=2) == []


def test_a_table_of_too_many_dimensions_is_refused_for_every_area() -> None:
    found = refusals(np.full((2, 4), 500), np.ones((2, 4), dtype=bool), Limits(), dimensions=4)
    assert [(each.area, each.reason, each.found, each.limit) for each in found] == [
        (None, Reason.TOO_MANY_DIMENSIONS, 4, 3)
    ]
