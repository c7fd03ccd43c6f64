"""The revision triangle: what each vintage said of each month, and how far first estimates lie from final figures.

A vintage is what was known, and estimated, at one cut-off. Nothing in it is ever changed; a later one stands beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import polars as pl

from torogoz.domain.residence import DEFAULT_RULE, Policy, Rule
from torogoz.statistics.residence.classify import Classified, classify
from torogoz.statistics.residence.nowcast import TooShort, last_day_of_month, nowcast

WHAT: Final = ("INDICATOR", "TIME_PERIOD")
VINTAGES: Final = 12
SAID_SCHEMA: Final = pl.Schema(
    {"INDICATOR": pl.String, "TIME_PERIOD": pl.String, "estimate": pl.Float64, "OBS_STATUS": pl.String}
)


def triangle(vintages: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per INDICATOR and month, one column per vintage in the order given, null where a vintage says nothing.

    vintages  by label, oldest first: columns of SAID_SCHEMA at least
    """
    said = [frame.select(*WHAT, pl.col("estimate").alias(label)) for label, frame in vintages.items()]
    if not said:
        return pl.DataFrame(schema=dict.fromkeys(WHAT, pl.String))
    table = said[0]
    for each in said[1:]:
        table = table.join(each, on=list(WHAT), how="full", coalesce=True)
    return table.sort(WHAT)


def revisions(vintages: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """How each vintage revised the one before: by INDICATOR, vintage and how many months were revised, and by how much.

    returns  vintage, INDICATOR, months (compared), mean_revision (persons, with its sign), mean_absolute (persons)
    """
    parts = []
    for (_, before), (label, after) in pairwise(vintages.items()):
        both = before.join(after, on=list(WHAT), how="inner", suffix="_after")
        moved = both.filter(pl.col("OBS_STATUS") == "E").with_columns(by=pl.col("estimate_after") - pl.col("estimate"))
        parts.append(
            moved.group_by("INDICATOR")
            .agg(
                months=pl.len().cast(pl.Int64),
                mean_revision=pl.col("by").mean(),
                mean_absolute=pl.col("by").abs().mean(),
            )
            .select(pl.lit(label).alias("vintage"), "INDICATOR", "months", "mean_revision", "mean_absolute")
        )
    schema = {
        "vintage": pl.String,
        "INDICATOR": pl.String,
        "months": pl.Int64,
        "mean_revision": pl.Float64,
        "mean_absolute": pl.Float64,
    }
    return pl.concat([pl.DataFrame(schema=schema), *parts]).sort("vintage", "INDICATOR")


@dataclass(frozen=True)
class BackTest:
    """Past nowcasts against what became of them.

    vintages  by cut-off (ISO day), oldest first: `nowcast.MONTHLY_SCHEMA`
    points    one row per vintage, month and direction that was an estimate then and is final now: vintage, lag (months
              between the end of the month and the vintage), estimate, standard_error, p10, p90, final
    """

    vintages: Mapping[str, pl.DataFrame]
    points: pl.DataFrame

    def coverage(self) -> float:
        """Of the intervals from the tenth to the ninetieth percentile, the share that held the final figure."""
        inside = self.points.select(pl.col("final").is_between(pl.col("p10"), pl.col("p90")).mean()).item()
        return float(inside) if inside is not None else float("nan")

    def by_lag(self) -> pl.DataFrame:
        """lag, estimates, coverage (share), bias and mean_absolute (persons), mean_final (persons)."""
        error = pl.col("estimate") - pl.col("final")
        return (
            self.points.group_by("lag")
            .agg(
                estimates=pl.len(),
                coverage=pl.col("final").is_between(pl.col("p10"), pl.col("p90")).mean(),
                bias=error.mean(),
                mean_absolute=error.abs().mean(),
                mean_final=pl.col("final").mean(),
            )
            .sort("lag")
        )


def back_test(
    raw: pl.DataFrame,
    rule: Rule = DEFAULT_RULE,
    policy: Policy = Policy.REJECT,
    *,
    today: date,
    final: Classified,
    vintages: int = VINTAGES,
) -> BackTest:
    """Make the nowcast again as it would have been at past ends of months, and compare it with what became of it.

    final     what is known now: `classify(raw, rule, policy, …)`
    vintages  how many ends of months, the last ones of which every month is final now
    raises    TooShort if no past vintage can be made
    """
    known = nowcast(final.crossings, rule, final.cut_off).monthly
    settled = known.group_by("TIME_PERIOD").agg(pl.col("OBS_STATUS").eq("A").all().alias("is_final"))
    open_months = settled.filter(~pl.col("is_final"))["TIME_PERIOD"]
    all_months = settled["TIME_PERIOD"].sort().to_list()
    months = [month for month in all_months if open_months.is_empty() or month < str(open_months.min())]
    made: dict[str, pl.DataFrame] = {}
    for month in months[-vintages:]:
        cut_off = last_day_of_month(month)
        then = classify(raw, rule, policy, today=today, cut_off=cut_off)
        try:
            made[cut_off.isoformat()] = nowcast(then.crossings, rule, cut_off).monthly
        except TooShort:
            continue
    if not made:
        raise TooShort("no past vintage has enough finalised months before it to learn from; nothing was tested")
    truth = known.select(*WHAT, final=pl.col("estimate"))
    points = pl.concat(
        frame.filter(pl.col("OBS_STATUS") == "E")
        .join(truth, on=list(WHAT), how="inner")
        .with_columns(vintage=pl.lit(label), lag=_months_between(pl.col("TIME_PERIOD"), label))
        for label, frame in made.items()
    )
    return BackTest(made, points.select("vintage", *WHAT, "lag", "estimate", "standard_error", "p10", "p90", "final"))


def _months_between(month: pl.Expr, day: str) -> pl.Expr:
    """Months from the end of `month` to the end of the month of `day`."""
    number = month.str.slice(0, 4).cast(pl.Int64) * 12 + month.str.slice(5, 2).cast(pl.Int64)
    return int(day[:4]) * 12 + int(day[5:7]) - number
