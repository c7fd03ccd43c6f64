"""From an indicator to what is published of it: a dataflow like every other, and its observations.

Figures that others have hidden stay hidden in whatever is computed from them: a share with a hidden part is hidden.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

import polars as pl

from torogoz.statistics.dataflows import DATAFLOWS, TIME, Dataflow, Dimension, Kind, Role
from torogoz.statistics.engine import opened
from torogoz.statistics.indicators.compiler import compute
from torogoz.statistics.indicators.definition import Breakdown, External, Indicator, parts_of, tables_of
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.releases import PLANS

HIDDEN: Final = ("C", "D", "N", "S")
DECIMALS: Final = {"PT": 1, "RATIO": 3, "PER_1000": 2, "PER_100000": 2, "USD": 2, "DAYS": 1, "PS": 0, "EVENTS": 0}
FREQ: Final = "FREQ"


def dataflow_of(indicator: Indicator) -> Dataflow:
    """The dataflow that an indicator is published as: its breakdowns, each with its total, and the period."""
    dimensions: dict[str, Dimension] = {}
    for each in indicator.breakdowns:
        dimensions.setdefault(
            each.dimension,
            Dimension(
                each.dimension, Role.TOTAL, each.codelist, each.total, _meaning(each, "es"), _meaning(each, "en")
            ),
        )
    return Dataflow(
        id=indicator.id,
        name_es=indicator.name_es,
        name_en=indicator.name_en,
        description_es=indicator.description_es,
        description_en=indicator.description_en,
        kind=Kind.MIXED,
        unit_es=indicator.unit.name_es,
        unit_en=indicator.unit.name_en,
        dimensions=(*dimensions.values(), Dimension(TIME, _added_over_time(indicator))),
        decimals=DECIMALS.get(indicator.unit.code),
    )


def _added_over_time(indicator: Indicator) -> Role:
    """Whether its periods may be added: where it is what one dataflow says, and those may."""
    measure = indicator.measure
    if isinstance(measure, External) and measure.dataflow not in PLANS:
        return DATAFLOWS[measure.dataflow].dimension(TIME).role
    return Role.KEEP


def _meaning(breakdown: Breakdown, language: str) -> str:
    """What a dimension stands for here; "" where its own name says it."""
    name = breakdown.name_en if language == "en" else breakdown.name_es
    return "" if name == breakdown.dimension else name


@cache
def indicator_flows() -> Mapping[str, Dataflow]:
    """The dataflow of every indicator that is given, by id."""
    return {name: dataflow_of(indicator) for name, indicator in shipped().items()}


def from_dataflows(indicator: Indicator, frames: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The observations of an indicator that reads dataflows only, and what a reader must know.

    frames   the observations of each dataflow that it reads, as `statistics.dataflows.select` takes them; a value
             beside a CONF_STATUS that forbids it is not looked at
    returns  the dimensions, TIME_PERIOD, OBS_VALUE, OBS_STATUS, CONF_STATUS. A cell of which the part above the line
             was never published is left out; one that lacks what is below it is not available (M)
    raises   as `compute`
    """
    if tables_of(indicator.measure):
        raise ValueError(f"{indicator.id} is computed from rows, when a release is made")
    with opened("polars") as engine:
        cube = compute(indicator, {}, engine, {name: _seen(frame) for name, frame in frames.items()})
        keys = [FREQ, *indicator.dimensions, TIME]
        cells = cube.cells.with_columns(HIDDEN=pl.lit(value=False))
        for part in parts_of(indicator.measure):
            if isinstance(part, External) and "CONF_STATUS" in frames[part.dataflow].columns:
                marks = {part.dataflow: _marks(frames[part.dataflow])}
                hidden = compute(replace(indicator, measure=part), {}, engine, marks).cells
                found = hidden.select(*keys, MARKED=pl.col("OBS_VALUE") > 0)
                cells = cells.join(found, on=keys, how="left").with_columns(
                    HIDDEN=pl.col("HIDDEN") | pl.col("MARKED").fill_null(value=False)
                )
                cells = cells.drop("MARKED")
    whole = pl.col("OBS_VALUE").is_not_null() | pl.col("HIDDEN") | pl.col("NUMERATOR").is_not_null()
    one_part = len(parts_of(indicator.measure)) == 1
    return _published(cells.filter(whole | pl.lit(one_part)), indicator), cube.notes


def _seen(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without any value that is hidden."""
    if "CONF_STATUS" not in frame.columns:
        return frame
    return frame.with_columns(OBS_VALUE=pl.when(~_is_hidden()).then(pl.col("OBS_VALUE")))


def _marks(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with 1 for each figure that is hidden and 0 for each that is not."""
    return frame.with_columns(OBS_VALUE=_is_hidden().cast(pl.Float64)).drop("CONF_STATUS")


def _is_hidden() -> pl.Expr:
    return pl.col("CONF_STATUS").is_in(list(HIDDEN)).fill_null(value=False)


def _published(cells: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """The columns of a dataflow; a hidden figure is known, so it is never said to be missing."""
    hidden = pl.col("HIDDEN")
    return cells.select(
        *indicator.dimensions,
        TIME,
        pl.when(~hidden).then(pl.col("OBS_VALUE")).alias("OBS_VALUE"),
        pl.when(hidden).then(pl.lit("A")).otherwise(pl.col("OBS_STATUS")).alias("OBS_STATUS"),
        pl.when(hidden).then(pl.lit("C")).otherwise(pl.lit("F")).alias("CONF_STATUS"),
    )
