"""What a definition demands of its own figures: how much may be unknown, what must add up, how far a period may leap.

Findings are facts about figures, for the office that releases them; nothing is corrected here. Whoever computed the
cells looks at them before any are hidden.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from torogoz.statistics import periods
from torogoz.statistics.indicators.definition import Count, Indicator, Sum

LEAST_STEPS: Final = 8
"""How many steps from period to period a series must have before one of them can be called unusual."""
NORMAL: Final = 1.4826
"""What makes the median absolute deviation of a normal distribution its standard deviation."""
CLOSE: Final = 1e-9


class Rule(StrEnum):
    """The rules that a definition may set."""

    MISSING = "missing"
    SUM = "sum"
    JUMP = "jump"


@dataclass(frozen=True)
class Finding:
    """A figure that breaks a rule of its definition.

    cell      FREQ, dimensions and TIME_PERIOD of the figure: of `missing`, the unknown; of `sum`, the total
    breakdown the breakdowns that the rule is about; none for a jump
    value     missing: the share that is unknown; sum: what the parts add up to; jump: how many deviations
    limit     missing: the greatest share; sum: the total; jump: how many deviations are allowed
    """

    indicator: str
    rule: Rule
    cell: tuple[tuple[str, str], ...]
    breakdown: tuple[str, ...]
    value: float
    limit: float


def findings(indicator: Indicator, cells: pl.DataFrame) -> list[Finding]:
    """Every figure that breaks a rule of the definition, by rule and cell.

    cells  as `compiler.compute` gives them
    """
    quality = indicator.quality
    found = [each for name, limit in quality.missing_max.items() for each in _missing(indicator, cells, name, limit)]
    for names in quality.sum_rules:
        found += _sums(indicator, cells, names)
    if quality.jump is not None:
        found += _jumps(indicator, cells, quality.jump)
    return found


def _missing(indicator: Indicator, cells: pl.DataFrame, name: str, limit: float) -> list[Finding]:
    """Unknowns of one breakdown that are more than `limit` of everybody."""
    breakdown = indicator.breakdown(name)
    weight = pl.coalesce("DENOMINATOR", "N", "OBS_VALUE").cast(pl.Float64)
    alone = _of_set(indicator, cells, (name,)).filter(pl.col(breakdown.dimension) == breakdown.unknown)
    whole = _of_set(indicator, cells, ()).select("FREQ", "TIME_PERIOD", weight.alias("whole"))
    shares = alone.with_columns(weight.alias("part")).join(whole, on=["FREQ", "TIME_PERIOD"])
    over = shares.with_columns(share=pl.col("part") / pl.col("whole")).filter(pl.col("share") > limit)
    return [
        Finding(indicator.id, Rule.MISSING, _cell(indicator, row), (name,), row["share"], limit)
        for row in over.iter_rows(named=True)
    ]


def _sums(indicator: Indicator, cells: pl.DataFrame, names: tuple[str, ...]) -> list[Finding]:
    """Totals that are not the sum of their parts; one with a part that is not known can only be too small."""
    value = pl.col("OBS_VALUE")
    parts = _of_set(indicator, cells, names).group_by("FREQ", "TIME_PERIOD")
    added = parts.agg(value.sum().alias("parts"), value.is_not_null().all().alias("complete"))
    both = _of_set(indicator, cells, ()).join(added, on=["FREQ", "TIME_PERIOD"])
    off = pl.col("parts") - value
    by = pl.when("complete").then(off.abs()).otherwise(off)
    broken = both.filter(by > CLOSE * pl.max_horizontal(value.abs(), 1.0))
    return [
        Finding(indicator.id, Rule.SUM, _cell(indicator, row), names, row["parts"], row["OBS_VALUE"])
        for row in broken.iter_rows(named=True)
    ]


def _jumps(indicator: Indicator, cells: pl.DataFrame, limit: float) -> list[Finding]:
    """Periods whose step from the one before is further from the usual step than `limit` deviations.

    The deviation is the median absolute deviation of the steps of the series. Counts of persons vary by chance alone by
    about the root of their size, so theirs is never less; and a count without a cell is zero.
    """
    counted = isinstance(indicator.measure, Count | Sum)
    series = ["FREQ", *indicator.dimensions]
    if cells.is_empty():
        return []
    ends = cells.group_by("FREQ").agg(first=pl.col("TIME_PERIOD").min(), last=pl.col("TIME_PERIOD").max())
    times = [(name, time) for name, first, last in ends.iter_rows() for time in periods.every(first, last)]
    whole = cells.select(series).unique().join(pl.DataFrame(times, ["FREQ", "TIME_PERIOD"], orient="row"), on="FREQ")
    levels = cells.select(*series, "TIME_PERIOD", "OBS_VALUE", there=pl.lit(value=True))
    dense = whole.join(levels, on=[*series, "TIME_PERIOD"], how="left")
    level = pl.col("OBS_VALUE")
    if counted:
        level = pl.when(pl.col("there").is_null()).then(0.0).otherwise(level)
    step, usual = pl.col("step"), pl.col("step").median().over(series)
    chance = level.median().over(series).abs().sqrt() if counted else pl.lit(0.0)
    steps = (
        dense.sort(*series, "TIME_PERIOD")
        .with_columns(step=level.diff().over(series))
        .with_columns(
            away=(step - usual).abs(),
            deviation=pl.max_horizontal((step - usual).abs().median().over(series) * NORMAL, chance),
            known=step.is_not_null().sum().over(series),
        )
        .filter(pl.col("known") >= LEAST_STEPS, pl.col("deviation") > 0)
        .with_columns(deviations=pl.col("away") / pl.col("deviation"))
        .filter(pl.col("deviations") > limit)
    )
    return [
        Finding(indicator.id, Rule.JUMP, _cell(indicator, row), (), row["deviations"], limit)
        for row in steps.iter_rows(named=True)
    ]


def _of_set(indicator: Indicator, cells: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The cells of one grouping set: its dimensions below their total, all others at it."""
    crossed = {indicator.breakdown(name).dimension: indicator.breakdown(name) for name in names}
    chosen = cells
    for dimension, total in indicator.dimensions.items():
        chosen = chosen.filter((pl.col(dimension) == total) != (dimension in crossed))
    for dimension, breakdown in crossed.items():
        if breakdown.codes:  # those of another breakdown of the same dimension are left out
            chosen = chosen.filter(pl.col(dimension).is_in([*breakdown.codes, breakdown.unknown]))
    return chosen


def _cell(indicator: Indicator, row: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, row[name]) for name in ("FREQ", *indicator.dimensions, "TIME_PERIOD"))
