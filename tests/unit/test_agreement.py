"""Agreement of small bodies: no answers give no figure, and a small group is not spoken for."""

import numpy as np
import pytest
from scipy import stats

from torogoz.statistics.deliberation.agreement import consensus, group_aware, kendall_w, wilson, wilson_lower


def test_consensus_is_1_when_all_answer_alike_0_when_split_and_less_than_half_when_even() -> None:
    assert consensus([0, 0, 7, 0, 0]) == 1
    assert consensus([4, 0, 0, 0, 4]) == 0
    assert consensus([3, 3, 3, 3, 3]) == pytest.approx(0.434, abs=5e-4)


def test_consensus_of_nobody_is_not_known() -> None:
    assert consensus([0, 0, 0]) is None
    for wrong in ([1.0], [1.0, -1.0], [[1.0, 2.0]], [1.0, np.nan]):
        with pytest.raises(ValueError, match="scale"):
            consensus(wrong)


@pytest.mark.parametrize("seed", range(20))
def test_kendalls_chi2_is_scipys_friedman_with_ties(seed: int) -> None:
    chance = np.random.default_rng(seed)
    scores = chance.integers(1, 5, size=(int(chance.integers(3, 12)), int(chance.integers(3, 9))))
    found = kendall_w(scores)
    expected = stats.friedmanchisquare(*scores.T)
    assert found is not None
    assert found.chi2 == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.w == pytest.approx(found.chi2 / (scores.shape[0] * (scores.shape[1] - 1)))


def test_judges_who_rank_alike_agree_fully_and_judges_who_tie_everything_tell_nothing() -> None:
    alike = kendall_w([[1, 2, 3], [1, 2, 3]])
    assert alike is not None
    assert alike.w == pytest.approx(1)
    opposed = kendall_w([[1, 2, 3], [3, 2, 1]])
    assert opposed is not None
    assert opposed.w == pytest.approx(0)
    assert kendall_w([[2, 2, 2], [1, 1, 1]]) is None
    for wrong in ([[1, 2]], [[1], [2]], [[1, np.nan], [2, 1]]):
        with pytest.raises(ValueError, match="concordance"):
            kendall_w(wrong)


@pytest.mark.parametrize(("agreed", "answered"), [(0, 4), (3, 10), (81, 263), (15, 148), (7, 7)])
def test_the_interval_of_wilson_is_scipys(agreed: int, answered: int) -> None:
    expected = stats.binomtest(agreed, answered).proportion_ci(method="wilson")
    assert wilson(agreed, answered) == pytest.approx((expected.low, expected.high))


def test_nine_of_ten_is_ranked_below_ninety_of_a_hundred_and_none_of_none_is_not_known() -> None:
    few, many = wilson_lower(9, 10), wilson_lower(90, 100)
    assert few is not None
    assert many is not None
    assert few < many < 0.9
    assert wilson_lower(0, 0) is None
    with pytest.raises(ValueError, match="5 agreed of 4"):
        wilson(5, 4)


def test_a_small_group_that_is_opposed_is_seen_though_four_of_five_agree() -> None:
    """Bodies of 8, 5 and 3 members; the 3 are against."""
    found = group_aware([8, 5, 0], [8, 5, 3])
    assert found.plain[0] == 13 / 16  # 81 %
    assert found.product[0] == pytest.approx(9 / 10 * 6 / 7 * 1 / 5)
    assert found.geometric[0] == pytest.approx(0.54, abs=5e-3)
    assert found.minimum[0] == pytest.approx(0.20)


def test_a_statement_that_a_group_has_not_seen_counts_as_half_and_that_nobody_saw_has_no_share() -> None:
    found = group_aware([[2, 0], [0, 0]], [[2, 0], [0, 0]])
    assert found.by_group.tolist() == [[0.75, 0.5], [0.5, 0.5]]
    assert found.plain[0] == 1
    assert np.isnan(found.plain[1])


def test_more_who_agree_than_saw_it_are_refused() -> None:
    for agreed, seen in (([3], [2]), ([[1, 1]], [[1], [1]]), ([], [])):
        with pytest.raises(ValueError, match="agree"):
            group_aware(agreed, seen)
