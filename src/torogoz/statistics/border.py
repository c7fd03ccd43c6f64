"""What a release publishes of the border: crossings, and the long-term migrations that a residence rule makes of them.

The person keys of the crossings stop here: the rows that a release keeps have none, and no day but the month.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from torogoz.domain.residence import Origin, Rule, State
from torogoz.statistics.residence.classify import Classified
from torogoz.statistics.residence.covariates import AGES, CITIZENSHIPS, COUNTRIES, MODES, SEXES, UNKNOWN, with_codes
from torogoz.statistics.residence.nowcast import EMIGRANTS, IMMIGRANTS, last_day_of_month
from torogoz.statistics.tabulation import VALUE, Dimension, Level, Table

ENTRY, EXIT = "ENTRY", "EXIT"
NOWCAST: Final[Mapping[str, str]] = {IMMIGRANTS: "IMMIGRANTS_NOWCAST", EMIGRANTS: "EMIGRANTS_NOWCAST"}
STD_ERROR: Final = "STD_ERROR"

CROSSINGS_COLUMNS = ("TIME_PERIOD", "DIRECTION", "SEX", "AGE", "CITIZENSHIP", "COUNTERPART_AREA", "MODE")
MIGRATION_COLUMNS = ("TIME_PERIOD", "INDICATOR", "SEX", "AGE", "CITIZENSHIP", "BIRTH_AREA", "COUNTERPART_AREA")

_WAY: Final = {"DIRECTION": ("way",)}
CROSSINGS_TABLES = (
    Table("year × direction × sex × age", {**_WAY, "SEX": ("total", "sex"), "AGE": ("total", "age")}),
    Table("month × direction × sex", {"TIME_PERIOD": ("year", "month"), **_WAY, "SEX": ("total", "sex")}),
    Table("month × direction × mode", {"TIME_PERIOD": ("year", "month"), **_WAY, "MODE": ("total", "mode")}),
    Table("year × direction × citizenship", {**_WAY, "CITIZENSHIP": ("total", "citizenship")}),
    Table("year × direction × country of origin or destination", {**_WAY, "COUNTERPART_AREA": ("total", "country")}),
)
_WHO: Final = {"INDICATOR": ("indicator",)}
MIGRATION_TABLES = (
    Table("year × who × sex × age", {**_WHO, "SEX": ("total", "sex"), "AGE": ("total", "age")}),
    Table("month × who × sex", {"TIME_PERIOD": ("year", "month"), **_WHO, "SEX": ("total", "sex")}),
    Table("year × who × citizenship", {**_WHO, "CITIZENSHIP": ("total", "citizenship")}),
    Table("year × who × country of birth", {**_WHO, "BIRTH_AREA": ("total", "birth")}),
    Table("year × who × country of origin or destination", {**_WHO, "COUNTERPART_AREA": ("total", "country")}),
)


def crossing_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """CROSSINGS_COLUMNS of crossings that were recorded: those put in by a policy crossed no counter.

    frame  `classify.Classified.crossings`, or as little of it as with_codes reads
    """
    if "origin" in frame.columns:
        frame = frame.filter(pl.col("origin") == Origin.RECORDED.value)
    return _coded(frame, pl.when("is_arrival").then(pl.lit(ENTRY)).otherwise(pl.lit(EXIT)).alias("DIRECTION")).select(
        CROSSINGS_COLUMNS
    )


def migration_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """MIGRATION_COLUMNS of the crossings that are certain to be long-term migrations.

    frame  `classify.Classified.crossings`
    """
    migrants = frame.filter(pl.col("state") == State.MIGRANT.value)
    who = pl.when("is_arrival").then(pl.lit(IMMIGRANTS)).otherwise(pl.lit(EMIGRANTS)).alias("INDICATOR")
    return _coded(migrants, who).select(MIGRATION_COLUMNS)


def crossing_dimensions(rows: pl.DataFrame, months: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions of the tables of crossings. Entries and exits are never added: a journey is both."""
    return (
        _periods(months),
        _apart("DIRECTION", "way", (ENTRY, EXIT)),
        _of("SEX", "sex", SEXES),
        _of("AGE", "age", (*AGES, UNKNOWN)),
        _of("CITIZENSHIP", "citizenship", CITIZENSHIPS),
        _of("COUNTERPART_AREA", "country", COUNTRIES),
        _of("MODE", "mode", MODES),
    )


def migration_dimensions(rows: pl.DataFrame, months: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions of the tables of migrations."""
    return (
        _periods(months),
        _apart("INDICATOR", "indicator", (IMMIGRANTS, EMIGRANTS)),
        _of("SEX", "sex", SEXES),
        _of("AGE", "age", (*AGES, UNKNOWN)),
        _of("CITIZENSHIP", "citizenship", CITIZENSHIPS),
        _of("BIRTH_AREA", "birth", CITIZENSHIPS),
        _of("COUNTERPART_AREA", "country", COUNTRIES),
    )


def with_levels(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the year, which no row keeps."""
    return rows.with_columns(YEAR=pl.col("TIME_PERIOD").str.head(4))


def countable_until(cut_off: date, rule: Rule) -> date:
    """The first day whose migrations cannot be counted yet: the first of a month.

    Before a threshold has passed nobody is certain to have moved. A count of such a month would be a zero that means
    "not known": the month has its nowcast instead.
    """
    last = cut_off - timedelta(days=rule.threshold_days)
    return last.replace(day=1) if last_day_of_month(f"{last:%Y-%m}") != last else last + timedelta(days=1)


def provisional_periods(frame: pl.DataFrame) -> tuple[str, ...]:
    """The months that have provisional crossings, and their years."""
    open_crossings = frame.filter(pl.col("state") == State.PROVISIONAL.value)
    months = open_crossings["date_crossing"].dt.strftime("%Y-%m").unique().sort().to_list()
    return (*sorted({month[:4] for month in months}), *months)


def estimates(monthly: pl.DataFrame) -> pl.DataFrame:
    """The published cells of a nowcast: FREQ, the dimensions at their totals, OBS_VALUE, OBS_STATUS E, STD_ERROR.

    monthly  `nowcast.MONTHLY_SCHEMA`; only months that are not final have a cell
    """
    totals = [pl.lit("_T").alias(name) for name in MIGRATION_COLUMNS if name not in {"TIME_PERIOD", "INDICATOR"}]
    return monthly.filter(pl.col("OBS_STATUS") == "E").select(
        pl.lit("M").alias("FREQ"),
        "TIME_PERIOD",
        pl.col("INDICATOR").replace_strict(NOWCAST, return_dtype=pl.String),
        *totals,
        pl.col("estimate").round(0).alias(VALUE),
        "OBS_STATUS",
        pl.lit("F").alias("CONF_STATUS"),
        pl.col("standard_error").round(1).alias(STD_ERROR),
    )


def method(found: Classified, trained: tuple[str, str] | None) -> dict[str, Any]:
    """The rule as a published parameter set, with the figures of quality, for the manifest of a release."""
    return {
        **quality(found),
        "rule": found.rule.code,
        "window_days": found.rule.window_days,
        "threshold_days": found.rule.threshold_days,
        "source": found.rule.source,
        "nowcast_learnt_from": None if trained is None else list(trained),
    }


def quality(found: Classified) -> dict[str, Any]:
    """What was found in the crossings as they came, and what was done, for the manifest of a release."""
    figures = found.quality
    return {
        "policy": figures.policy.value,
        "known_until": found.cut_off.isoformat(),
        "two_in_a_row": round(figures.missing_rate, 4),
        "imputed": round(figures.imputation_rate, 4),
        "set_aside": round(figures.rejection_rate, 4),
    }


def _coded(frame: pl.DataFrame, way: pl.Expr) -> pl.DataFrame:
    return with_codes(frame).with_columns(way, TIME_PERIOD=pl.col("date_crossing").dt.strftime("%Y-%m"))


def _of(name: str, level: str, codes: tuple[str, ...]) -> Dimension:
    return Dimension(name, {"total": Level(("_T",)), level: Level(codes, name)}, (("_T", codes),))


def _apart(name: str, level: str, codes: tuple[str, ...]) -> Dimension:
    """A dimension whose codes are never added."""
    return Dimension(name, {"total": Level(("_T",)), level: Level(codes, name)}, ())


def _periods(months: Sequence[str]) -> Dimension:
    years = tuple(dict.fromkeys(month[:4] for month in months))
    return Dimension(
        "TIME_PERIOD",
        {"total": Level(years, "YEAR"), "year": Level(years, "YEAR"), "month": Level(tuple(months), "TIME_PERIOD")},
        tuple((year, tuple(month for month in months if month[:4] == year)) for year in years),
    )
