"""Smoothed rates against published ones: homicides of 78 counties, and lip cancer in 56 districts."""

import numpy as np
import polars as pl
import pytest
from scipy import optimize, stats

from torogoz.statistics.smallareas import Estimator, likelihood, moments, poisson_interval, prior_of, rates

# Homicides of 1979-84 and persons (summed over the six years) in the 78 counties around St. Louis: Messner et al.
# (1999), as in the file stl_hom.csv of PySAL's examples, columns HC7984 and PO7984, in its order.
HOMICIDES = (
    4, 19, 3, 2, 2, 28, 61, 3, 7, 3, 4, 0, 1, 12, 0, 2, 6, 6, 3, 4, 0, 2, 9, 2, 23, 5, 2, 2, 0, 2, 10, 4, 95, 8, 31,
    0, 407, 5, 10, 1238, 3, 14, 0, 2, 18, 369, 5, 0, 3, 0, 40, 9, 7, 1, 3, 2, 8, 5, 11, 12, 8, 10, 2, 8, 7, 25, 6, 19,
    6, 2, 2, 6, 9, 0, 1, 13, 3, 4,
)  # fmt: skip
PERSONS = (
    189087, 425580, 69649, 88540, 33697, 774843, 1056438, 172182, 224033, 113497, 218510, 87628, 36354, 316661, 53222,
    141872, 103469, 193449, 295848, 99013, 34772, 65947, 155266, 123387, 612258, 135365, 133297, 186877, 68404, 68779,
    192789, 96686, 1480530, 92864, 905683, 93388, 5863876, 109086, 265200, 2658090, 199528, 347829, 79838, 72381,
    432159, 1605518, 110883, 48352, 121762, 92348, 891502, 225007, 113880, 46260, 108510, 55620, 213680, 131792,
    109953, 108864, 205880, 260154, 90841, 255875, 253540, 372227, 100389, 345641, 87410, 66694, 64680, 127071,
    107508, 43056, 61456, 353841, 47507, 68218,
)  # fmt: skip
# What PySAL's documentation of `esda.smoothing.Empirical_Bayes` gives for the first ten counties, per person.
SMOOTHED = (
    2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05, 3.66494122e-05, 5.79952721e-05,
    2.03064590e-05, 3.31152999e-05, 3.02748380e-05,
)  # fmt: skip

# Observed and expected cases of lip cancer, 56 districts of Scotland, 1975-80: Clayton & Kaldor (1987).
OBSERVED = (
    9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10, 16, 11, 5, 3, 7,
    8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0,
)  # fmt: skip
EXPECTED = (
    1.4, 8.7, 3.0, 2.5, 4.3, 2.4, 8.1, 2.3, 2.0, 6.6, 4.4, 1.8, 1.1, 3.3, 7.8, 4.6, 1.1, 4.2, 5.5, 4.4, 10.5, 22.7,
    8.8, 5.6, 15.5, 12.5, 6.0, 9.0, 14.4, 10.2, 4.8, 2.9, 7.0, 8.5, 12.3, 10.1, 12.7, 9.4, 7.2, 5.3, 18.8, 15.8, 4.3,
    14.6, 50.7, 8.2, 5.6, 9.3, 88.7, 19.6, 3.4, 3.6, 5.7, 7.0, 4.2, 1.8,
)  # fmt: skip


def areas(counts: tuple[int, ...], populations: tuple[float, ...]) -> pl.DataFrame:
    names = [f"{at:02d}" for at in range(len(counts))]
    return pl.DataFrame({"AREA": names, "COUNT": counts, "POPULATION": populations}).with_columns(
        pl.col("COUNT").cast(pl.Float64), pl.col("POPULATION").cast(pl.Float64)
    )


def test_the_smoothed_homicide_rates_are_those_that_pysal_documents() -> None:
    counties = areas(HOMICIDES, PERSONS)
    assert counties.height == 78
    found = rates(counties, prior_of(counties, Estimator.MOMENTS))["SMOOTHED"].head(10).to_list()
    assert found == pytest.approx([value * 100_000 for value in SMOOTHED], rel=1e-8)


def test_the_likeliest_prior_of_lip_cancer_is_that_of_an_independent_search() -> None:
    counts, expected = np.array(OBSERVED, float), np.array(EXPECTED)
    found = likelihood(counts, expected)

    def loss(logs: np.ndarray) -> float:
        shape, rate = np.exp(logs)
        return -float(stats.nbinom.logpmf(counts, shape, rate / (rate + expected)).sum())

    best = optimize.minimize(loss, np.log([1.0, 1.0]), method="BFGS")
    assert (found.shape, found.rate) == pytest.approx(tuple(np.exp(best.x)), rel=1e-3)
    # The equation that the likeliest prior solves: its mean is the mean of the smoothed risks.
    smoothed = rates(areas(OBSERVED, EXPECTED), found)["SMOOTHED"].mean()
    assert smoothed == pytest.approx(found.mean * 100_000, rel=1e-5)
    assert moments(counts, expected).mean == pytest.approx(sum(OBSERVED) / sum(EXPECTED))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (30, 20.241, 42.827)],
)
def test_the_exact_interval_of_a_count_is_that_of_the_published_tables(count: int, low: float, high: float) -> None:
    assert poisson_interval(count) == pytest.approx((low, high), abs=6e-4)
