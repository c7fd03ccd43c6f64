"""Smoothed rates: between the raw rate and the mean, nearer to the mean where fewer live; intervals hold their rate."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.statistics.association import by_lag
from torogoz.statistics.smallareas import Estimator, Prior, poisson_interval, prior_of, rates

COUNTS = st.lists(st.integers(0, 400), min_size=6, max_size=25)
PEOPLE = st.integers(500, 2_000_000)


@settings(max_examples=60, deadline=None)
@given(counts=COUNTS, seed=st.integers(0, 10_000), estimator=st.sampled_from(Estimator))
def test_a_smoothed_rate_lies_between_the_raw_rate_and_the_mean(
    counts: list[int], seed: int, estimator: Estimator
) -> None:
    people = np.random.default_rng(seed).integers(500, 2_000_000, len(counts))
    areas = pl.DataFrame(
        {"AREA": [str(at) for at in range(len(counts))], "COUNT": counts, "POPULATION": people.tolist()},
        schema={"AREA": pl.String, "COUNT": pl.Float64, "POPULATION": pl.Float64},
    )
    prior = prior_of(areas, estimator)
    mean = prior.mean * 100_000
    for row in rates(areas, prior).iter_rows(named=True):
        ends = sorted((row["RATE"], mean))
        assert ends[0] - 1e-6 <= row["SMOOTHED"] <= ends[1] + 1e-6
        assert row["SMOOTHED_LOW"] - 1e-9 <= row["SMOOTHED"] <= row["SMOOTHED_HIGH"] + 1e-9
        assert row["LOW"] <= row["RATE"] <= row["HIGH"]
        assert 0 <= row["WEIGHT"] <= 1


@given(few=PEOPLE, more=PEOPLE, mean=st.floats(1e-6, 1e-2), spread=st.floats(0.05, 3.0))
def test_the_more_people_the_less_a_rate_is_drawn_to_the_mean(few: int, more: int, mean: float, spread: float) -> None:
    few, more = sorted((few, more + 1))
    areas = pl.DataFrame({"AREA": ["few", "more"], "COUNT": [1.0, 1.0], "POPULATION": [float(few), float(more)]})
    weights = rates(areas, Prior(mean, (mean * spread) ** 2))["WEIGHT"].to_list()
    assert weights[0] <= weights[1]


@given(count=st.integers(0, 5_000))
def test_the_exact_interval_holds_its_count_and_widens_with_the_level(count: int) -> None:
    low, high = poisson_interval(count)
    wider = poisson_interval(count, 0.99)
    assert wider[0] <= low <= count <= high <= wider[1]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), years=st.integers(2, 6), areas=st.integers(6, 14))
def test_the_same_ranks_are_one_opposite_ranks_minus_one_and_order_does_not_matter(
    seed: int, years: int, areas: int
) -> None:
    chance = np.random.default_rng(seed)
    rows = [(str(a), 2015 + y, float(value)) for y in range(years) for a, value in enumerate(chance.permutation(areas))]
    schema = {"AREA": pl.String, "YEAR": pl.Int64, "VALUE": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    same, opposite = (
        by_lag(frame, frame.with_columns(VALUE=sign * pl.col("VALUE") ** 3), (0,), draws=50)[0] for sign in (1, -1)
    )
    assert same.coefficient is not None
    assert abs(same.coefficient - 1) < 1e-9
    assert opposite.coefficient is not None
    assert abs(opposite.coefficient + 1) < 1e-9
    shuffled = by_lag(frame.sample(fraction=1, shuffle=True, seed=seed), frame, (0,), draws=50)[0]
    assert shuffled == by_lag(frame, frame, (0,), draws=50)[0]
