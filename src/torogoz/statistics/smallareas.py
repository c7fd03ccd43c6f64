"""Rates of small areas: the count over the population with its exact interval, and the same rate drawn to the mean.

A village with one homicide in a year is not the most violent place of the country. Counts are taken as Poisson around
each area's own rate, and the rates of the areas as gamma around their mean; the rate of an area given its count is
then gamma too, and lies between the count over the population and the mean: the nearer to the mean, the fewer people
live there. That the two parameters of the prior are themselves estimated is not in the intervals, which are therefore
somewhat too narrow.

Only what is published may be given here. A rate over a known population gives its count back, and a mean computed
from hidden counts would help to work them out.

source  Clayton & Kaldor (1987), Empirical Bayes estimates of age-standardized relative risks for use in disease
        mapping, Biometrics 43, 671-681 (the gamma prior and its likelihood); Marshall (1991), Mapping disease and
        mortality rates using empirical Bayes estimators, Applied Statistics 40, 283-294 (its moments); Garwood (1936),
        Fiducial limits for the Poisson distribution, Biometrika 28, 437-442
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import optimize, special, stats

PER: Final = 100_000.0
LEVEL: Final = 0.95
FEWEST_AREAS: Final = 5
LEAST_GAIN: Final = 1e-3  # of log-likelihood; below it lies the noise of log-gamma functions of large numbers
Real = npt.NDArray[np.float64]


class TooFewAreas(ValueError):
    """Fewer areas than a prior can be learned from."""


class Estimator(StrEnum):
    """How the prior is estimated."""

    MOMENTS = "moments"
    LIKELIHOOD = "likelihood"


@dataclass(frozen=True)
class Prior:
    """How the rates of the areas vary: events per person, and the square of that. No variance: all are one rate."""

    mean: float
    variance: float

    @property
    def shape(self) -> float:
        """The shape of the gamma distribution; infinite when all areas have one rate."""
        return self.mean**2 / self.variance if self.variance > 0 else float("inf")

    @property
    def rate(self) -> float:
        """The inverse scale of the gamma distribution, in persons: how many people the prior is worth."""
        return self.mean / self.variance if self.variance > 0 else float("inf")


def poisson_interval(count: float, level: float = LEVEL) -> tuple[float, float]:
    """Between what the expected number of events lies, given that `count` were seen: Garwood's exact interval."""
    tail = (1 - level) / 2
    low = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count > 0 else 0.0
    return low, float(stats.chi2.ppf(1 - tail, 2 * (count + 1))) / 2


def moments(counts: Real, populations: Real) -> Prior:
    """The prior by the method of moments: the variance of the rates beyond what chance alone would give."""
    mean = float(counts.sum() / populations.sum())
    spread = float((populations * (counts / populations - mean) ** 2).sum() / populations.sum())
    return Prior(mean, max(spread - mean / float(populations.mean()), 0.0))


def likelihood(counts: Real, populations: Real) -> Prior:
    """The prior under which these counts are likeliest (each is negative binomial), by Nelder and Mead from `moments`.

    Where no variance beyond chance makes them likelier, there is none.
    """
    start = moments(counts, populations)
    if start.mean == 0:
        return start
    one_rate = float(stats.poisson.logpmf(counts, start.mean * populations).sum())

    def loss(logs: Real) -> float:
        shape, rate = exp(min(logs[0], 60.0)), exp(min(logs[1], 60.0))
        return -float(
            (
                special.gammaln(counts + shape)
                - special.gammaln(shape)
                - special.gammaln(counts + 1)
                + shape * (log(rate) - np.log(rate + populations))
                + counts * (np.log(populations) - np.log(rate + populations))
            ).sum()
        )

    variance = start.variance or start.mean**2
    first = np.array([log(start.mean**2 / variance), log(start.mean / variance)])
    found = optimize.minimize(
        loss, first, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9, "maxiter": 4000}
    )
    shape, rate = exp(min(float(found.x[0]), 60.0)), exp(min(float(found.x[1]), 60.0))
    if -float(found.fun) <= one_rate + LEAST_GAIN:
        return Prior(start.mean, 0.0)
    return Prior(shape / rate, shape / rate**2)


ESTIMATORS: Final[Mapping[Estimator, Callable[[Real, Real], Prior]]] = MappingProxyType(
    {Estimator.MOMENTS: moments, Estimator.LIKELIHOOD: likelihood}
)


def prior_of(areas: pl.DataFrame, estimator: Estimator = Estimator.LIKELIHOOD) -> Prior:
    """The prior of the areas of which count and population are known. Raises TooFewAreas."""
    known = _known(areas)
    if known.height < FEWEST_AREAS:
        raise TooFewAreas(f"{known.height} areas have a count and a population; smoothing needs {FEWEST_AREAS}")
    return ESTIMATORS[estimator](known["COUNT"].to_numpy().astype(np.float64), known["POPULATION"].to_numpy())


def rates(areas: pl.DataFrame, prior: Prior | None, level: float = LEVEL) -> pl.DataFrame:
    """The rates of areas per 100 000 persons, as counted and as smoothed.

    areas    AREA (str), COUNT (float, events of one year; null when hidden or unknown), POPULATION (float, persons;
             null when unknown)
    prior    of all the areas; None leaves the smoothed rates out
    returns  `areas` in its order, with RATE, LOW, HIGH (the count over the population and its exact interval),
             SMOOTHED, SMOOTHED_LOW, SMOOTHED_HIGH (mean and quantiles of the posterior) and WEIGHT (what part of the
             smoothed rate is the area's own, 0 to 1); null wherever count or population is: unknown is never zero
    """
    tail = (1 - level) / 2
    columns: dict[str, list[float | None]] = {
        name: [] for name in ("RATE", "LOW", "HIGH", "SMOOTHED", "SMOOTHED_LOW", "SMOOTHED_HIGH", "WEIGHT")
    }
    for count, population in areas.select("COUNT", "POPULATION").iter_rows():
        values: tuple[float | None, ...] = (None,) * len(columns)
        if count is not None and population is not None and population > 0:
            low, high = poisson_interval(count, level)
            own = tuple(value / population * PER for value in (count, low, high))
            values = (*own, *_smoothed(count, population, prior, tail))
        for name, value in zip(columns, values, strict=True):
            columns[name].append(value)
    return areas.with_columns(pl.Series(name, found, dtype=pl.Float64) for name, found in columns.items())


def _smoothed(count: float, population: float, prior: Prior | None, tail: float) -> tuple[float | None, ...]:
    """Mean, lower and upper end of the posterior per 100 000, and the weight of the area's own rate."""
    if prior is None:
        return (None,) * 4
    if prior.variance == 0:
        return (prior.mean * PER, prior.mean * PER, prior.mean * PER, 0.0)
    shape, rate = count + prior.shape, population + prior.rate
    ends = (float(stats.gamma.ppf(at, shape, scale=1 / rate)) * PER for at in (tail, 1 - tail))
    return (shape / rate * PER, *ends, population / rate)


def _known(areas: pl.DataFrame) -> pl.DataFrame:
    return areas.select("COUNT", pl.col("POPULATION").cast(pl.Float64)).drop_nulls().filter(pl.col("POPULATION") > 0)
