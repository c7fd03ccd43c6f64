"""Victims of crime as a release publishes them: one row per victim without an event, and the protected tables.

The figures of two institutions, or of two crimes, are never added: REPORTED_BY and CRIME have no total. A cell is
published only for what an institution covers: no file, no zero.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from torogoz.statistics.tabulation import Dimension, Level, Table

UNKNOWN: Final = "_U"
WHOLE: Final = "SLV"
DATAFLOW: Final = "CRIME"
SERIES: Final = ("REPORTED_BY", "CRIME")
SEXES: Final = ("F", "M", "_O", UNKNOWN)
AGES: Final = ("Y0T11", "Y12T17", "Y18T29", "Y30T59", "Y_GE60", UNKNOWN)
# The columns of the rows: no event, no day, no place smaller than a municipality, no age but its group.
COLUMNS: Final = ("TIME_PERIOD", "REPORTED_BY", "CRIME", "DEPARTMENT", "MUNICIPALITY", "SEX", "AGE")
TABLES: Final = (
    Table("year × municipality × sex", {"REF_AREA": ("total", "department", "municipality"), "SEX": ("total", "sex")}),
    Table("year × department × age", {"REF_AREA": ("total", "department"), "AGE": ("total", "age")}),
    Table("year × sex × age", {"SEX": ("total", "sex"), "AGE": ("total", "age")}),
    Table("month", {"TIME_PERIOD": ("year", "month")}),
)


def without_events(cells: pl.DataFrame) -> pl.DataFrame:
    """The rows that a release keeps: one per victim.

    cells    REF_AREA (a municipality SV-SS-1, a department SV-SS, or `_U`), CRIME, REPORTED_BY, SEX, AGE, TIME_PERIOD
             (a month), OBS_VALUE (float, victims)
    returns  COLUMNS (str)
    """
    area = pl.col("REF_AREA")
    within = area.str.len_chars() > len("SV-SS")
    rows = cells.filter(pl.col("OBS_VALUE") >= 1).with_columns(
        DEPARTMENT=pl.when(area == UNKNOWN).then(pl.lit(UNKNOWN)).otherwise(area.str.head(len("SV-SS"))),
        MUNICIPALITY=pl.when(within).then(area).otherwise(pl.lit(UNKNOWN)),
        TIMES=pl.col("OBS_VALUE").cast(pl.Int64),
    )
    return rows.select(pl.col(name).cast(pl.String).fill_null(UNKNOWN).repeat_by("TIMES") for name in COLUMNS).explode(
        list(COLUMNS), empty_as_null=False
    )


def crime_dimensions(rows: pl.DataFrame, months: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions of the tables of crime. Municipalities are those of which some row is.

    The victims of a department whose municipality is not known stand in `SV-SS_U`, so that municipalities add up.
    """
    years = tuple(dict.fromkeys(month[:4] for month in months))
    placed = rows.select("DEPARTMENT", AREA=_area_code()).unique().sort("DEPARTMENT", "AREA")
    departments = tuple(placed["DEPARTMENT"].unique().sort())
    parts = tuple(
        (code, tuple(placed.filter(pl.col("DEPARTMENT") == code)["AREA"])) for code in departments if code != UNKNOWN
    )
    areas = Dimension(
        "REF_AREA",
        {
            "total": Level((WHOLE,)),
            "department": Level(departments, "DEPARTMENT"),
            "municipality": Level(tuple(code for _, codes in parts for code in codes), "AREA"),
        },
        ((WHOLE, departments), *parts),
    )
    periods = Dimension(
        "TIME_PERIOD",
        {"total": Level(years, "YEAR"), "year": Level(years, "YEAR"), "month": Level(tuple(months), "TIME_PERIOD")},
        tuple((year, tuple(month for month in months if month[:4] == year)) for year in years),
    )
    return (
        periods,
        areas,
        *(_apart(name, rows) for name in ("CRIME", "REPORTED_BY")),
        _simple("SEX", "sex", SEXES),
        _simple("AGE", "age", AGES),
    )


def with_levels(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the columns of the levels that are not kept: the year, and the municipality or what stands for it."""
    code = pl.when(pl.col("DEPARTMENT") != UNKNOWN).then(_area_code())
    return rows.with_columns(YEAR=pl.col("TIME_PERIOD").str.head(4), AREA=code.cast(pl.String))


def covered(rows: pl.DataFrame, periods: Sequence[str]) -> pl.DataFrame:
    """Which series is covered in which of `periods`, and how far: REPORTED_BY, CRIME, TIME_PERIOD, WHOLE (bool).

    A series covers the months from its first victim to its last, and before and after them those of the same year in
    which the institution reports any victim of any crime: a rare crime may have its first victim in March of a file
    that begins in January. A year of which only a part is covered is not WHOLE.
    """
    month = pl.col("TIME_PERIOD")
    told = rows.group_by("REPORTED_BY").agg(TOLD_FROM=month.min(), TOLD_TO=month.max())
    series = (
        rows.group_by(SERIES)
        .agg(FIRST=month.min(), LAST=month.max())
        .join(told, on="REPORTED_BY")
        .with_columns(
            FIRST=pl.max_horizontal("TOLD_FROM", pl.col("FIRST").str.head(4) + "-01"),
            LAST=pl.min_horizontal("TOLD_TO", pl.col("LAST").str.head(4) + "-12"),
        )
    )
    every = series.join(pl.DataFrame({"TIME_PERIOD": list(periods)}, schema={"TIME_PERIOD": pl.String}), how="cross")
    time = pl.col("TIME_PERIOD")
    year = time.str.len_chars() == len("2024")
    first = pl.when(year).then(time + "-01").otherwise(time)
    last = pl.when(year).then(time + "-12").otherwise(time)
    return every.filter((last >= pl.col("FIRST")) & (first <= pl.col("LAST"))).select(
        *SERIES, "TIME_PERIOD", WHOLE=(first >= pl.col("FIRST")) & (last <= pl.col("LAST"))
    )


def _area_code() -> pl.Expr:
    unknown = pl.col("MUNICIPALITY") == UNKNOWN
    return pl.when(unknown).then(pl.col("DEPARTMENT") + UNKNOWN).otherwise(pl.col("MUNICIPALITY"))


def _apart(name: str, rows: pl.DataFrame) -> Dimension:
    """A dimension without a total: every code is a table of its own."""
    return Dimension(name, {"total": Level(tuple(rows[name].unique().sort()), name)}, ())


def _simple(name: str, level: str, codes: tuple[str, ...]) -> Dimension:
    return Dimension(name, {"total": Level(("_T",)), level: Level(codes, name)}, (("_T", codes),))
