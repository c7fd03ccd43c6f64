"""What is known of a person at a crossing, in the codes of the data cube: sex, age, countries, way of crossing."""

from collections.abc import Mapping
from typing import Final

import polars as pl

UNKNOWN: Final = "_U"
OTHER: Final = "_O"
AGES: Final = {"Y_LT18": 0, "Y18T29": 18, "Y30T44": 30, "Y45T59": 45, "Y_GE60": 60}
OLDEST: Final = 120
SEXES: Final = ("F", "M", OTHER, UNKNOWN)
MODES: Final = ("AIR", "LAND", "SEA", UNKNOWN)
CITIZENSHIPS: Final = ("SLV", "GTM", "HND", "NIC", "USA", "MEX", OTHER, UNKNOWN)
COUNTRIES: Final = ("GTM", "HND", "NIC", "USA", "MEX", "CAN", "ESP", OTHER, UNKNOWN)
# Column of the input → column and codes of the cube. Any other country is `_O`; what is not a code is `_U`.
CODED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "sex": ("SEX", SEXES),
    "citizenship": ("CITIZENSHIP", CITIZENSHIPS),
    "birth_country": ("BIRTH_AREA", CITIZENSHIPS),
    "counterpart": ("COUNTERPART_AREA", COUNTRIES),
    "mode": ("MODE", MODES),
}


def with_codes(crossings: pl.DataFrame) -> pl.DataFrame:
    """The crossings with SEX, AGE, CITIZENSHIP, BIRTH_AREA, COUNTERPART_AREA, MODE; what is absent is `_U`.

    crossings  date_crossing (Date) and, where known, sex, age (completed years at the crossing) or birth_year,
               citizenship, birth_country and counterpart (ISO 3166 alpha-3), mode; text or numbers
    """
    return crossings.with_columns(
        _age_group(crossings).alias("AGE"),
        *(_coded(crossings, column, codes).alias(name) for column, (name, codes) in CODED.items()),
    )


def _coded(crossings: pl.DataFrame, column: str, codes: tuple[str, ...]) -> pl.Expr:
    """The code in a column: itself if it is listed, `_O` for another country, otherwise unknown."""
    if column not in crossings.columns:
        return pl.lit(UNKNOWN)
    text = pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase()
    countries = OTHER in codes and column != "sex"
    other = text.str.contains(r"^[A-Z]{3}$") if countries else pl.lit(value=False)
    return pl.when(text.is_in(codes)).then(text).when(other).then(pl.lit(OTHER)).otherwise(pl.lit(UNKNOWN))


def _age_group(crossings: pl.DataFrame) -> pl.Expr:
    """The age group at the crossing. With a birth year only, the age is the one reached in that year."""
    if "age" in crossings.columns:
        age = pl.col("age").cast(pl.String).str.strip_chars().cast(pl.Int32, strict=False)
    elif "birth_year" in crossings.columns:
        born = pl.col("birth_year").cast(pl.String).str.strip_chars().cast(pl.Int32, strict=False)
        age = pl.col("date_crossing").dt.year() - born
    else:
        return pl.lit(UNKNOWN)
    group = pl.lit(UNKNOWN)
    for code, least in AGES.items():
        group = pl.when(age >= least).then(pl.lit(code)).otherwise(group)
    return pl.when((age >= 0) & (age <= OLDEST)).then(group).otherwise(pl.lit(UNKNOWN))
