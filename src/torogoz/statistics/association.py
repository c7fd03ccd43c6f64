"""Whether places with more violence in one year have more forced mobility in that year or the years after.

Within each year the places are ranked by the one and by the other (Spearman), and the coefficients of the years are
averaged by their number of places. Ranking within the year keeps what happens to the whole country at once, a fall of
both over a decade, say, from looking like an association between places. The interval comes from drawing whole places
with all their years (bootstrap by blocks): the years of one place are no independent evidence. Association is not
cause, and with the 14 departments of El Salvador only strong associations can be told from chance.

source  Spearman (1904), The proof and measurement of association between two things, American Journal of Psychology
        15, 72-101; Davison & Hinkley (1997), Bootstrap methods and their application, ch. 2 and 3.8 (blocks)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats

LAGS: Final = (0, 1, 2, 3)
DRAWS: Final = 2_000
SEED: Final = 2017
FEWEST_AREAS: Final = 6
FEWEST_YEARS: Final = 2
Real = npt.NDArray[np.float64]


class Reason(StrEnum):
    """Why there is no coefficient."""

    FEW_AREAS = "few areas"
    FEW_YEARS = "few years"
    NO_VARIATION = "no variation"


@dataclass(frozen=True)
class Lag:
    """The association at one lag.

    lag          years from the violence to the mobility
    areas        places with both in at least one year; `years` the years used, `pairs` places times years
    coefficient  mean of the rank correlations of the years, -1 to 1; None with the `reason`
    low, high    its 95 % interval
    """

    lag: int
    areas: int
    years: int
    pairs: int
    coefficient: float | None
    low: float | None = None
    high: float | None = None
    reason: Reason | None = None

    @property
    def told_from_chance(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def by_lag(
    violence: pl.DataFrame,
    mobility: pl.DataFrame,
    lags: Sequence[int] = LAGS,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = 0.95,
) -> list[Lag]:
    """The association at every lag asked for; none is left out for being weak.

    violence, mobility  AREA (str), YEAR (int), VALUE (float, a rate; null when hidden or unknown): one row per area
                        and year
    """
    return [_at(violence, mobility, lag, draws, seed, level) for lag in lags]


def _at(violence: pl.DataFrame, mobility: pl.DataFrame, lag: int, draws: int, seed: int, level: float) -> Lag:
    later = mobility.select("AREA", pl.col("YEAR") - lag, LATER="VALUE")
    pairs = violence.join(later, on=["AREA", "YEAR"], how="inner").drop_nulls(["VALUE", "LATER"])
    enough = pairs.group_by("YEAR").len().filter(pl.col("len") >= FEWEST_AREAS)["YEAR"].to_list()
    used = pairs.filter(pl.col("YEAR").is_in(enough)).sort("YEAR", "AREA")
    areas = sorted(used["AREA"].unique().to_list())
    said = (lag, len(areas), len(enough), used.height)
    if not enough:
        return Lag(lag, pairs["AREA"].n_unique(), 0, pairs.height, None, reason=Reason.FEW_AREAS)
    if len(enough) < FEWEST_YEARS:
        return Lag(*said, None, reason=Reason.FEW_YEARS)
    place = {area: at for at, area in enumerate(areas)}
    years = [_year(used.filter(pl.col("YEAR") == year), place) for year in sorted(enough)]
    found = _mean_of_years(years, np.arange(len(areas))[None, :])[0]
    if np.isnan(found):
        return Lag(*said, None, reason=Reason.NO_VARIATION)
    chance = np.random.default_rng((seed, lag))
    drawn = _mean_of_years(years, chance.integers(0, len(areas), (draws, len(areas))))
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Lag(*said, float(found), float(low), float(high))


def _year(pairs: pl.DataFrame, place: dict[str, int]) -> tuple[Real, Real]:
    """Both values of one year by the position of the area; not a number where one is not known."""
    one, other = np.full(len(place), np.nan), np.full(len(place), np.nan)
    for area, value, later in pairs.select("AREA", "VALUE", "LATER").iter_rows():
        one[place[area]], other[place[area]] = value, later
    return one, other


def _mean_of_years(years: Sequence[tuple[Real, Real]], chosen: npt.NDArray[np.int64]) -> Real:
    """For each row of `chosen` (positions of areas, repeats allowed), the mean rank correlation over the years."""
    total, weight = np.zeros(len(chosen)), np.zeros(len(chosen))
    for one, other in years:
        x, y = one[chosen], other[chosen]
        known = ~np.isnan(x)
        found = _spearman(np.where(known, x, np.inf), np.where(known, y, np.inf), known)
        usable = ~np.isnan(found)
        total += np.where(usable, found * known.sum(axis=1), 0.0)
        weight += np.where(usable, known.sum(axis=1), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Real = total / weight
    return mean


def _spearman(x: Real, y: Real, known: npt.NDArray[np.bool_]) -> Real:
    """The rank correlation of each row, over its known places (the others stand at infinity, behind all ranks)."""
    ranks = [np.where(known, stats.rankdata(values, axis=1), 0.0) for values in (x, y)]
    size = known.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = [np.where(known, each - each.sum(axis=1, keepdims=True) / size, 0.0) for each in ranks]
        found: Real = (apart[0] * apart[1]).sum(axis=1) / np.sqrt(
            (apart[0] ** 2).sum(axis=1) * (apart[1] ** 2).sum(axis=1)
        )
    return found
