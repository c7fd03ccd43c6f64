"""Indicators over rows of persons that a release publishes: computed when it is made, protected, and kept as figures.

Neither the rows nor any count without protection enters the release.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import narwhals.stable.v2 as nw
import polars as pl

from torogoz.statistics.engine import opened
from torogoz.statistics.indicators.compiler import compute
from torogoz.statistics.indicators.definition import Indicator, tables_of
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.indicators.protecting import protected
from torogoz.statistics.tabulation import VALUE

RETURN_MEASURES: Final = "RETURN_MEASURES"
DIMENSIONS: Final = ("INDICATOR", "SEX", "AGE")
TOTAL: Final = "_T"


@dataclass(frozen=True)
class MeasuredPlan:
    """How indicators over the rows of one topic become public.

    tables  the fact tables that the topic gives
    """

    dataflow: str
    tables: Callable[[str], bool]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a reader sees, the value and its status apart."""
        return ("TIME_PERIOD", *DIMENSIONS)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The shipped indicators whose every table the topic gives."""
        return tuple(
            each
            for each in shipped().values()
            if tables_of(each.measure) and all(self.tables(name) for name in tables_of(each.measure))
        )

    def nothing_published(self) -> pl.DataFrame:
        """The published figures of nobody: the columns, and no row."""
        text = dict.fromkeys(["FREQ", "TIME_PERIOD", *DIMENSIONS], pl.String)
        return pl.DataFrame(schema={**text, VALUE: pl.Float64, "OBS_STATUS": pl.String, "CONF_STATUS": pl.String})


OF_RETURNS: Final = frozenset(
    {"returns", "reintegration_plans", "reintegration_goals", "follow_ups", "follow_up_scores"}
)
"""The tables that the topic of returns gives, beside one for each section of the single form."""

MEASURED_PLANS: Mapping[str, MeasuredPlan] = {
    RETURN_MEASURES: MeasuredPlan(RETURN_MEASURES, lambda name: name in OF_RETURNS or name.startswith("section_"))
}


def measured(
    plan: MeasuredPlan, tables: Mapping[str, pl.DataFrame], secret: bytes, open_periods: Sequence[str] = ()
) -> pl.DataFrame:
    """The protected figures of every indicator of a plan.

    tables        rows of persons by fact table, as `indicators.tables` lists them; an indicator whose table is not
                  given is left out
    open_periods  years that are not over: provisional
    returns       the columns of `nothing_published`, sorted
    raises        UnfitTable if rows are not what the list of fact tables says, CannotProtect
    """
    parts = [plan.nothing_published()]
    with opened("polars") as engine:
        for indicator in plan.indicators:
            names = tables_of(indicator.measure)
            if all(name in tables for name in names):
                rows = {name: nw.from_native(tables[name].lazy()) for name in names}
                parts.append(_in_columns(protected(indicator, compute(indicator, rows, engine), secret), plan))
    provisional = pl.col("TIME_PERIOD").is_in(list(open_periods)) & (pl.col("OBS_STATUS") == "A")
    return (
        pl.concat(parts)
        .with_columns(OBS_STATUS=pl.when(provisional).then(pl.lit("P")).otherwise(pl.col("OBS_STATUS")))
        .sort(*DIMENSIONS, "TIME_PERIOD")
    )


def _in_columns(cells: pl.DataFrame, plan: MeasuredPlan) -> pl.DataFrame:
    """The cells of one indicator in the columns of the plan: a dimension that it has not is at its total."""
    absent = [pl.lit(TOTAL).alias(name) for name in DIMENSIONS if name not in cells.columns]
    return cells.with_columns(*absent, FREQ=pl.lit("A")).select(plan.nothing_published().columns)
