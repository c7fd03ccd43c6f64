"""Made-up definitions, one for every kind of measure, and made-up rows for them."""

import random
from typing import Any

import polars as pl

from torogoz.statistics.indicators.definition import Indicator
from torogoz.statistics.indicators.loading import read

RETURNS: dict[str, list[Any]] = {
    "SEX": ["F", "M", "_O", "_U", "", None],
    "age_years": [0, 11, 12, 17, 18, 30, 59, 60, 99, None],
    "AGE_GROUP": ["Y_LT18", "Y_GE18", "_U", None],
    "NATIONALITY": ["SLV", "SLV", "SLV", "GTM", "_U", None],
    "COUNTERPART_AREA": ["USA", "MEX", "GTM", "_U"],
    "REASON": ["ECONOMIC", "FAMILY", "INSECURITY", "_U", None],
    "REF_AREA": ["SV-SS", "SV-LI", "SV-UN", None],
    "returns_12_months": [1, 1, 1, 2, 3, None],
    "detained_days": [0, 1, 2, 5, 30, 30, 400, None],
    "symptoms": ["COUGH", "FEVER COUGH", "FEVER", "NONE", "_U", "", None],
    "DIRECTION": ["IN", "OUT", "IN", None],
    "probability": [0.1, 0.25, 0.333333, 1.0, float("nan"), None],
    "OUTCOME": ["MIGRANT", "NOT", "PROVISIONAL", None],
}
MONTHS = ["2024-01", "2024-02", "2024-06", "2024-07", "2024-12", "2025-01", "2025-03", "2025-11", None, "_U"]
WHOLE, NUMBERS = ("age_years", "returns_12_months", "detained_days"), ("probability",)
SCHEMA = pl.Schema(
    {
        "TIME_PERIOD": pl.String,
        "person": pl.Int64,
        **dict.fromkeys(RETURNS, pl.String),
        **dict.fromkeys(WHOLE, pl.Int64),
        **dict.fromkeys(NUMBERS, pl.Float64),
    }
)
ROWS_OF = ("returns", "crossings", "residence_runs", "section_migration", "section_health")

_SHELL = """
id: MADE_UP_{number}
name: {{es: Indicador inventado, en: Made-up indicator}}
description: {{es: Para las pruebas., en: For the tests.}}
measure: {measure}
unit: {unit}
frequency: {frequency}
breakdowns: {breakdowns}
sets: {sets}
disclosure: {{policy: suppress, min: 5}}
"""
_OF_RETURNS = "[SEX, AGE_LIFE, AGE_GROUP, COUNTERPART_AREA]"
_SETS = "[[SEX, AGE_LIFE], [AGE_GROUP], [COUNTERPART_AREA]]"
MEASURES = {
    "count": ("{fn: count, of: returns}", "EVENTS"),
    "count where": ("{fn: count, of: returns, where: {NATIONALITY: SLV, SEX: [F, M]}}", "EVENTS"),
    "count other than": ("{fn: count, of: returns, where: {REASON: {not_in: [FAMILY]}}}", "EVENTS"),
    "count unknown": ("{fn: count, of: returns, where: {REASON: {unknown: true}, SEX: {unknown: false}}}", "EVENTS"),
    "count between": ("{fn: count, of: returns, where: {age_years: {between: [12, 17]}}}", "EVENTS"),
    "count any": (
        "{fn: count, of: returns, where: {any_of: [{NATIONALITY: GTM}, {REASON: FAMILY, SEX: F}]}}",
        "EVENTS",
    ),
    "sum": ("{fn: sum, of: section_migration.detained_days, where: {NATIONALITY: SLV}}", "DAYS"),
    "sum of numbers": ("{fn: sum, of: residence_runs.probability, where: {OUTCOME: {not_in: [NOT]}}}", "PS"),
    "n_unique": ("{fn: n_unique, of: returns.person, where: {NATIONALITY: SLV}}", "PS"),
    "n_unique of all": ("{fn: n_unique, of: returns.person}", "PS"),
    "mean": ("{fn: mean, of: residence_runs.probability}", "RATIO"),
    "median": ("{fn: median, of: section_migration.detained_days, where: {NATIONALITY: SLV}}", "DAYS"),
    "quantile": ("{fn: quantile, of: residence_runs.probability, at: 0.9}", "RATIO"),
    "share": ("{fn: share, of: returns, part: {REASON: INSECURITY}, where: {NATIONALITY: SLV}}", "PT"),
    "share that has": ("{fn: share, of: section_health, part: {symptoms: [FEVER]}}", "PT"),
    "ratio": (
        "{fn: ratio, numerator: {fn: n_unique, of: returns.person, where: {returns_12_months: {at_least: 2}}}, "
        "denominator: {fn: n_unique, of: returns.person, where: {age_years: {at_most: 59}}}, times: 100}",
        "PT",
    ),
    "ratio of two tables": (
        "{fn: ratio, numerator: {fn: count, of: section_health}, denominator: {fn: count, of: returns}, times: 100}",
        "PT",
    ),
    "stock": (
        "{fn: stock, inflow: {fn: count, of: crossings, where: {DIRECTION: IN}}, "
        "outflow: {fn: count, of: crossings, where: {DIRECTION: OUT}}}",
        "PS",
    ),
}


def made_up_indicator(name: str) -> Indicator:
    """The definition that measures in the way called `name`, read as a file would be."""
    measure, unit = MEASURES[name]
    at_returns = "crossings" not in measure and "residence_runs" not in measure
    text = _SHELL.format(
        number=list(MEASURES).index(name),
        measure=measure,
        unit=unit,
        frequency="[Q, A]" if "n_unique" in measure else "[M, A]",
        breakdowns=_OF_RETURNS if at_returns else "[SEX, AGE_LIFE, COUNTERPART_AREA]",
        sets=_SETS if at_returns else "[[SEX, AGE_LIFE], [COUNTERPART_AREA]]",
    )
    return read(text, "made_up.yaml")[0]


def made_up_rows(number: int, seed: int, people: int = 40) -> list[dict[str, Any]]:
    """Rows that any of the tables could have, always the same for a seed."""
    chance = random.Random(seed)
    return [
        {
            "TIME_PERIOD": chance.choice(MONTHS),
            "person": chance.choice([*range(people), None]),
            **{name: chance.choice(values) for name, values in RETURNS.items()},
        }
        for _ in range(number)
    ]
