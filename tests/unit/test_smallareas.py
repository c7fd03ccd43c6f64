"""Rates and association where something is missing: unknown gives no figure, and the reason is said."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from torogoz.statistics.association import Reason, by_lag
from torogoz.statistics.smallareas import Prior, TooFewAreas, moments, prior_of, rates

SCHEMA = {"AREA": pl.String, "COUNT": pl.Float64, "POPULATION": pl.Float64}
PANEL = {"AREA": pl.String, "YEAR": pl.Int64, "VALUE": pl.Float64}


def test_without_a_count_or_a_population_there_is_no_rate_and_zero_is_a_rate() -> None:
    areas = pl.DataFrame([("a", None, 100.0), ("b", 3.0, None), ("c", 0.0, 1000.0)], schema=SCHEMA, orient="row")
    found = rates(areas, Prior(1e-3, 1e-7))
    assert found["RATE"].to_list() == [None, None, 0.0]
    assert found["SMOOTHED"].to_list()[:2] == [None, None]
    assert 0 < found["SMOOTHED"][2] < 100
    assert found["HIGH"][2] == pytest.approx(368.9, abs=0.1)


def test_too_few_areas_teach_no_prior_and_areas_that_differ_by_chance_alone_are_one_rate() -> None:
    few = pl.DataFrame([("a", 1.0, 100.0), ("b", 2.0, 100.0)], schema=SCHEMA, orient="row")
    with pytest.raises(TooFewAreas):
        prior_of(few)
    same = pl.DataFrame([(str(at), 10.0, 1000.0) for at in range(8)], schema=SCHEMA, orient="row")
    prior = prior_of(same)
    assert prior == Prior(0.01, 0.0)
    assert set(rates(same, prior)["SMOOTHED"]) == {1000.0}
    assert moments(np.array([5.0, 15.0]), np.array([10.0, 10.0])).variance > 0


def panel(rows: list[tuple[str, int, float | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PANEL, orient="row")


def test_the_coefficient_of_one_pair_of_years_is_scipys() -> None:
    chance = np.random.default_rng(3)
    x = {(str(a), y): float(v) for y in (2015, 2016) for a, v in enumerate(chance.integers(0, 9, 12))}
    z = {(str(a), y): float(v) for y in (2015, 2016) for a, v in enumerate(chance.integers(0, 9, 12))}
    found = by_lag(panel([(*k, v) for k, v in x.items()]), panel([(*k, v) for k, v in z.items()]), (0,))[0]
    every = [
        stats.spearmanr([x[str(a), y] for a in range(12)], [z[str(a), y] for a in range(12)]).statistic
        for y in (2015, 2016)
    ]
    assert found.coefficient == pytest.approx(np.mean(every))
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.coefficient <= found.high


def test_a_lag_pairs_the_violence_of_a_year_with_the_mobility_of_later() -> None:
    violence = panel([(str(a), y, float(a)) for a in range(8) for y in (2015, 2016, 2017)])
    mobility = panel([(str(a), y, float(a if y >= 2017 else -a)) for a in range(8) for y in range(2015, 2020)])
    found = {each.lag: each.coefficient for each in by_lag(violence, mobility, draws=20)}
    assert found[2] == pytest.approx(1)
    assert found[3] == pytest.approx(1)
    assert found[0] == pytest.approx(-1 / 3)


def test_what_is_too_little_gives_no_coefficient_but_its_reason() -> None:
    few = panel([(str(a), y, float(a)) for a in range(4) for y in (2015, 2016)])
    one_year = panel([(str(a), 2015, float(a)) for a in range(8)])
    equal = panel([(str(a), y, 1.0) for a in range(8) for y in (2015, 2016)])
    assert by_lag(few, few, (0,))[0].reason is Reason.FEW_AREAS
    assert by_lag(one_year, one_year, (0,))[0].reason is Reason.FEW_YEARS
    assert by_lag(equal, equal, (0,))[0].reason is Reason.NO_VARIATION
    hidden = panel([(str(a), y, None if a > 3 else float(a)) for a in range(8) for y in (2015, 2016)])
    assert by_lag(hidden, hidden, (0,))[0].reason is Reason.FEW_AREAS
