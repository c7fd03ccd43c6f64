"""The files of violence: estimates, rates and association as tables with dictionary, sources and citation."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import polars as pl
from django.utils import timezone

from torogoz.exchange.writers.publication import NOTE_MADE_UP, Column, Publication, Source, Words
from torogoz.shared.codelists.queries import names
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.releases.models import Release
from torogoz.shared.sources import queries as sources
from torogoz.statistics.association import Lag
from torogoz.statistics.crime import DATAFLOW
from torogoz.topics.violence.figures import Rates, Series
from torogoz.topics.violence.models import Estimate, Recommendation
from torogoz.topics.violence.queries import POPULATION

LICENCE = "CC BY 4.0"
TITLES = {
    "estimates": Words("Estimaciones de violencia, como se publicaron", "Estimates of violence, as published"),
    "rates": Words("Tasas de delito por lugar", "Rates of crime by place"),
    "association": Words(
        "Asociación entre violencia y movilidad forzada", "Association of violence and forced mobility"
    ),
}
UNITS = {
    "estimates": Words("según lo que se midió", "as CONCEPT says"),
    "rates": Words("víctimas por 100 000 habitantes y año", "victims per 100 000 inhabitants and year"),
    "association": Words("correlación de rangos, de −1 a 1", "rank correlation, from -1 to 1"),
}


def of_estimates(estimates: Sequence[Estimate], chosen: Mapping[int, Recommendation]) -> pl.DataFrame:
    """The newest version of every estimate."""
    lines = [
        {
            "DATAFLOW": "VIOLENCE_ESTIMATES",
            "CONCEPT": each.concept,
            "REF_AREA": each.area,
            "TIME_PERIOD": each.period,
            "LOW": each.low,
            "BEST": each.best,
            "HIGH": each.high,
            "METHOD": each.method,
            "SOURCE": each.source,
            "PUBLISHED_ON": each.published_on.isoformat(),
            "MARK": each.mark,
            "WHERE": each.where,
            "VERSION": each.version,
            "RECORDED_BY": each.institution.code,
            "RECOMMENDED": "Y" if each.pk in chosen else "N",
            "REASON": chosen[each.pk].reason if each.pk in chosen else "",
        }
        for each in estimates
    ]
    numbers = {"LOW": pl.Float64(), "BEST": pl.Float64(), "HIGH": pl.Float64(), "VERSION": pl.Int64()}
    columns = (
        "DATAFLOW", "CONCEPT", "REF_AREA", "TIME_PERIOD", "LOW", "BEST", "HIGH", "METHOD", "SOURCE", "PUBLISHED_ON",
        "MARK", "WHERE", "VERSION", "RECORDED_BY", "RECOMMENDED", "REASON",
    )  # fmt: skip
    return pl.DataFrame(lines, schema={name: numbers.get(name, pl.String()) for name in columns})


def of_rates(found: Rates, series: Series, year: str, area_names: Mapping[str, str], *, made_up: bool) -> pl.DataFrame:
    """The rates of every place, then of the whole country."""
    return pl.concat([found.frame, found.whole]).select(
        pl.lit("VIOLENCE_RATES").alias("DATAFLOW"),
        pl.col("AREA").alias("REF_AREA"),
        pl.col("AREA").replace(dict(area_names)).alias("AREA_NAME"),
        pl.lit(series.crime).alias("CRIME"),
        pl.lit(series.reported_by).alias("REPORTED_BY"),
        pl.lit(year).alias("TIME_PERIOD"),
        "COUNT",
        "POPULATION",
        "POPULATION_YEAR",
        "RATE",
        pl.col("LOW").alias("RATE_LOW"),
        pl.col("HIGH").alias("RATE_HIGH"),
        "SMOOTHED",
        "SMOOTHED_LOW",
        "SMOOTHED_HIGH",
        "WEIGHT",
        "OBS_STATUS",
        "CONF_STATUS",
        pl.lit(NOTE_MADE_UP if made_up else None, dtype=pl.String).alias("NOTE"),
    )


def of_lags(lags: Sequence[Lag], series: Series, *, made_up: bool) -> pl.DataFrame:
    """The association at every lag."""
    note = NOTE_MADE_UP if made_up else None
    lines = [
        ("VIOLENCE_ASSOCIATION", series.crime, series.reported_by, each.lag, each.coefficient, each.low, each.high,
         each.areas, each.years, each.pairs, each.reason.value if each.reason else "", note)
        for each in lags
    ]  # fmt: skip
    schema = {
        "DATAFLOW": pl.String(), "CRIME": pl.String(), "REPORTED_BY": pl.String(), "LAG": pl.Int64(),
        "COEFFICIENT": pl.Float64(), "LOW": pl.Float64(), "HIGH": pl.Float64(), "AREAS": pl.Int64(),
        "YEARS": pl.Int64(), "PAIRS": pl.Int64(), "WHY_NOT": pl.String(), "NOTE": pl.String(),
    }  # fmt: skip
    return pl.DataFrame(lines, schema=schema, orient="row")


def publication(
    what: str, table: pl.DataFrame, address: str, query: str, release: Release | None, today: date
) -> Publication:
    """What a file says of itself: title, unit, edition, columns with their codes, sources and licence."""
    content = hashlib.sha256(table.write_csv().encode()).hexdigest()
    published = timezone.localdate(release.public_from) if release is not None and what != "estimates" else today
    edition = str(release) if release is not None and what != "estimates" else content[:12]
    own = Source("Torogoz", TITLES[what].es, edition, LICENCE, content, published)
    behind = (
        Source(
            each.publisher,
            each.dataset,
            each.vintage,
            each.licence,
            sources.public_checksum(each),
            timezone.localdate(each.imported_at),
        )
        for dataflow in ((DATAFLOW, POPULATION) if what != "estimates" else ())
        for each in sources.vintages_of(dataflow)
    )
    return Publication(
        dataflow=str(table["DATAFLOW"][0]) if table.height else f"VIOLENCE_{what.upper()}",
        title=TITLES[what],
        unit=UNITS[what],
        institution="Torogoz",
        edition=edition,
        published=published,
        address=address,
        query=query,
        checksum=content,
        made_up=bool(release and release.made_up) if what != "estimates" else False,
        columns=tuple(_column(name) for name in table.columns),
        sources=(own, *behind),
    )


def _column(name: str) -> Column:
    """The entry of a column in the dictionary: its title, what it says, its codes."""
    row = _meanings()[name]
    title, says = Words(row["title_es"], row["title_en"]), Words(row["says_es"], row["says_en"])
    return Column(name, title, says, _codes(name))


@cache
def _meanings() -> dict[str, dict[str, str]]:
    return {row["column"]: row for row in rows("torogoz.topics.violence", "columns")}


def _codes(column: str) -> dict[str, Words]:
    listed = {"CONCEPT": "VIOLENCE_CONCEPT", "CRIME": "CRIME", "REPORTED_BY": "CRIME_SOURCE"}.get(column)
    if listed is None:
        return {}
    english = names(listed, "en")
    return {code: Words(name, english.get(code, name)) for code, name in names(listed, "es").items()}
