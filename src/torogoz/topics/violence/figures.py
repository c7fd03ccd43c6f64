"""What the pages of violence compute from published figures: rates of places, and their association with mobility."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from torogoz.shared.places import queries as places
from torogoz.shared.releases.models import Release
from torogoz.statistics.association import Lag, by_lag
from torogoz.statistics.crime import UNKNOWN, WHOLE
from torogoz.statistics.releases import INSECURITY
from torogoz.statistics.smallareas import Prior, TooFewAreas, prior_of, rates
from torogoz.topics.violence import queries
from torogoz.topics.violence.queries import People

DEPARTMENT: Final = "department"
MUNICIPALITY: Final = "municipality"
LEVELS: Final = (DEPARTMENT, MUNICIPALITY)


@dataclass(frozen=True)
class Series:
    """Which figures: of which crime, by which institution's count."""

    crime: str
    reported_by: str


@dataclass(frozen=True)
class Rates:
    """The rates of one series in one year, by place.

    frame       as `statistics.smallareas.rates` gives it, with CONF_STATUS, OBS_STATUS, POPULATION_YEAR
    whole       the row of the whole country, as counted: the same columns
    prior       what the smoothing drew the rates to; None when too few places have a count and a population
    people      the publishers of the populations; `made_up` when any of them is
    rest        places whose count is hidden, taken together for the prior (their sum is known); 0 for none
    """

    frame: pl.DataFrame
    whole: pl.DataFrame
    prior: Prior | None
    people: tuple[str, ...]
    made_up: bool
    rest: int


def series_of(cells: pl.DataFrame) -> list[Series]:
    """The series that a release has, in the order of crimes and institutions."""
    found = cells.select("CRIME", "REPORTED_BY").unique().sort("CRIME", "REPORTED_BY")
    return [Series(*row) for row in found.iter_rows()]


def years_of(cells: pl.DataFrame, series: Series) -> list[str]:
    """The years of a series, the newest first."""
    own = cells.filter(
        pl.col("CRIME") == series.crime, pl.col("REPORTED_BY") == series.reported_by, pl.col("FREQ") == "A"
    )
    return own["TIME_PERIOD"].unique().sort(descending=True).to_list()


def national(cells: pl.DataFrame, crime: str) -> pl.DataFrame:
    """All victims in the whole country: REPORTED_BY, TIME_PERIOD (a year), OBS_VALUE and its statuses."""
    return cells.filter(
        pl.col("CRIME") == crime,
        pl.col("REF_AREA") == WHOLE,
        pl.col("SEX") == "_T",
        pl.col("AGE") == "_T",
        pl.col("FREQ") == "A",
    ).select("REPORTED_BY", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS")


def rates_of(
    cells: pl.DataFrame, series: Series, year: str, level: str, people: Mapping[tuple[str, int], People]
) -> Rates:
    """The rates of the places of a level.

    The prior is learned from the places whose count is shown and, taken together as one place, those whose count is
    hidden: their sum is what the shown total leaves. Left out, they would make every place look more violent.
    """
    found = cells.filter(
        pl.col("CRIME") == series.crime,
        pl.col("REPORTED_BY") == series.reported_by,
        pl.col("TIME_PERIOD") == year,
        pl.col("SEX") == "_T",
        pl.col("AGE") == "_T",
    ).select(AREA="REF_AREA", COUNT="OBS_VALUE", OBS_STATUS="OBS_STATUS", CONF_STATUS="CONF_STATUS")
    codes = [code for code, _ in places_of(level)]
    living = [_people(people, code, int(year)) for code in (*codes, WHOLE)]
    grid = pl.DataFrame(
        {
            "AREA": [*codes, WHOLE],
            "POPULATION": [each.persons if each else None for each in living],
            "POPULATION_YEAR": [each.year if each else None for each in living],
        },
        schema={"AREA": pl.String, "POPULATION": pl.Float64, "POPULATION_YEAR": pl.Int64},
    ).join(found, on="AREA", how="left", maintain_order="left")
    # A place that the table does not have, in a year that the institution covers, had no victim of whom it knows.
    covered = found.height > 0
    grid = grid.with_columns(
        COUNT=pl.when(pl.col("CONF_STATUS").is_null() & covered).then(0.0).otherwise(pl.col("COUNT")),
        OBS_STATUS=pl.col("OBS_STATUS").fill_null("A"),
        CONF_STATUS=pl.col("CONF_STATUS").fill_null("F"),
    )
    parts, whole = grid.filter(pl.col("AREA") != WHOLE), grid.filter(pl.col("AREA") == WHOLE)
    rest = _rest(parts, found, level)
    learned = parts.select("AREA", "COUNT", "POPULATION")
    try:
        prior = prior_of(learned if rest is None else pl.concat([learned.filter(pl.col("COUNT").is_not_null()), rest]))
    except TooFewAreas:
        prior = None
    sources = {each.publisher for each in living if each}
    hidden = int(parts["COUNT"].null_count()) if rest is not None else 0
    made_up = any(each.made_up for each in living if each)
    return Rates(rates(parts, prior), rates(whole, None), prior, tuple(sorted(sources)), made_up, hidden)


def _rest(parts: pl.DataFrame, found: pl.DataFrame, level: str) -> pl.DataFrame | None:
    """The places whose count is hidden as one place: what is left of the total, and all who live in them."""
    hidden = parts.filter(pl.col("COUNT").is_null())
    total = found.filter(pl.col("AREA") == WHOLE)["COUNT"]
    if hidden.is_empty() or total.is_empty() or total[0] is None or hidden["POPULATION"].null_count():
        return None
    if level == MUNICIPALITY:
        outside = found.filter(pl.col("AREA").str.ends_with(UNKNOWN))
    else:
        outside = found.filter(pl.col("AREA") == UNKNOWN)
    if outside["COUNT"].null_count():
        return None
    left = float(total[0]) - float(parts["COUNT"].sum()) - float(outside["COUNT"].sum())
    schema = {"AREA": pl.String, "COUNT": pl.Float64, "POPULATION": pl.Float64}
    return pl.DataFrame([("", max(left, 0.0), float(hidden["POPULATION"].sum()))], schema=schema, orient="row")


def places_of(level: str) -> list[tuple[str, str]]:
    """Code and name of the departments, or of the municipalities of 2024, in their order."""
    departments = places.departments()
    if level == DEPARTMENT:
        return departments
    return [each for code, _ in departments for each in places.municipalities(code)]


def _people(people: Mapping[tuple[str, int], People], area: str, year: int) -> People | None:
    """Who lives in an area in a year: of the nearest year that is known, which is said beside the rate. A real figure,
    however far, goes before a made-up one.

    A department without a figure has the sum of its municipalities, the country that of its departments.
    """
    known = [each for (code, _), each in people.items() if code == area]
    if known:
        return min(known, key=lambda each: (each.made_up, abs(each.year - year), -each.year))
    if area == WHOLE:
        parts = [_people(people, code, year) for code, _ in places.departments()]
    elif area.count("-") == 1:
        parts = [_people(people, code, year) for code, _ in places.municipalities(area)]
    else:
        return None
    own = [part for part in parts if part is not None]
    if not own or len(own) < len(parts):
        return None
    publishers = " + ".join(sorted({part.publisher for part in own}))
    made_up = any(part.made_up for part in own)
    return People(sum(part.persons for part in own), own[0].year, publishers, made_up)


@dataclass(frozen=True)
class Associated:
    """The association at every lag, and what it was computed from.

    hidden  how many figures of returns by department are hidden, and so could not be used
    """

    lags: tuple[Lag, ...]
    first: str
    last: str
    hidden: int


@lru_cache(maxsize=32)
def association_of(
    release: Release, manifest_sha256: str, series: Series, people: tuple[tuple[tuple[str, int], People], ...]
) -> Associated:
    """The rank correlation by department between the rate of a crime and returns that cite insecurity, per inhabitant.

    From the published cells of one release; kept for as long as the release is the newest.
    """
    living = dict(people)
    cells = queries.crimes(release)
    years = sorted(years_of(cells, series))
    violence = pl.concat(
        [
            rates_of(cells, series, year, DEPARTMENT, living).frame.select("AREA", YEAR=pl.lit(int(year)), VALUE="RATE")
            for year in years
        ]
    )
    cited = queries.returns(release).filter(
        pl.col("REASON") == INSECURITY,
        pl.col("AGE") == "_T",
        pl.col("ORIGIN").str.starts_with("SV-"),
        pl.col("FREQ") == "A",
        pl.col("OBS_STATUS") == "A",
    )
    rows = [
        (area, int(year), None if value is None else _per_inhabitant(value, _people(living, area, int(year))))
        for area, year, value in cited.select("ORIGIN", "TIME_PERIOD", "OBS_VALUE").iter_rows()
    ]
    mobility = pl.DataFrame(rows, schema={"AREA": pl.String, "YEAR": pl.Int64, "VALUE": pl.Float64}, orient="row")
    hidden = int((cited["CONF_STATUS"] != "F").sum())
    violence = violence.with_columns(pl.col("YEAR").cast(pl.Int64))
    return Associated(tuple(by_lag(violence, mobility)), years[0], years[-1], hidden)


def _per_inhabitant(value: float, living: People | None) -> float | None:
    return value / living.persons * 100_000 if living and living.persons else None


class NotOffered(Exception):
    """What an address asks for is not among what is published: `name`, what was `asked`, and what is `offered`."""

    def __init__(self, name: str, asked: str, offered: Sequence[str]) -> None:
        super().__init__(f"{name}: {asked} is not among {', '.join(offered)}")
        self.name, self.asked, self.offered = name, asked, tuple(offered)


def chosen(name: str, asked: str, offered: Sequence[str]) -> str:
    """What was asked for; the first of what is offered if nothing was. Raises NotOffered: another is never taken."""
    if asked and offered and asked not in offered:
        raise NotOffered(name, asked, offered)
    return asked if asked in offered else next(iter(offered), "")
