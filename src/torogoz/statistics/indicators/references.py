"""What an indicator reads from dataflows: figures as they are, populations below a line, and opening stocks."""

from collections.abc import Mapping, Sequence

import polars as pl

from torogoz.statistics import periods
from torogoz.statistics.dataflows import DATAFLOWS, TIME, Dataflow, select
from torogoz.statistics.indicators.definition import External, Indicator, Rate, Stock

FREQ = "FREQ"
Frames = Mapping[str, pl.DataFrame | pl.LazyFrame]


class Unclear(ValueError):
    """A dataflow that was not given, or that does not give one observation for each cell. The message says why."""


def figures(indicator: Indicator, part: External, dataflows: Frames, notes: list[str]) -> pl.DataFrame:
    """The observations in every grouping set: keys, VALUE, BELOW and N (null), OBS_UNKNOWN, OBS_STATUS."""
    found = []
    for names in indicator.sets:
        dimensions = [indicator.breakdown(name).dimension for name in names]
        answer = _selected(part, dimensions, dataflows, notes)
        totals = {name: total for name, total in indicator.dimensions.items() if name not in dimensions}
        found.append(
            answer.select(
                pl.col(TIME).map_elements(periods.frequency, return_dtype=pl.String).alias(FREQ),
                *(pl.lit(totals[each]).alias(each) if each in totals else each for each in indicator.dimensions),
                TIME,
                pl.col("OBS_VALUE").cast(pl.Float64).alias("VALUE"),
                pl.lit(None, pl.Float64).alias("BELOW"),
                pl.lit(None, pl.Int64).alias("N"),
                pl.col("OBS_UNKNOWN").cast(pl.Int64),
                "OBS_STATUS",
            )
        )
    return pl.concat(found)


def population(
    indicator: Indicator, measure: Rate, numerator: pl.DataFrame, dataflows: Frames, notes: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The numerator with the population of each cell in BELOW, and the cells that have none.

    The population is that of the period itself, or of the year in which the period lies. Nobody counts the people whose
    sex or age is not known, so such cells have no rate; they are not listed as lacking.
    """
    keys = [FREQ, *indicator.dimensions, TIME]
    people = _for_sets(indicator, measure.population, dataflows, notes)
    within = people.rename({TIME: "PERIOD"})
    dimensions = list(indicator.dimensions)
    joined = (
        numerator.drop("BELOW")
        .with_columns(PERIOD=pl.col(TIME), YEAR=pl.col(TIME).str.head(4))
        .join(within.rename({"OBS_VALUE": "OWN"}), on=[*dimensions, "PERIOD"], how="left")
        .join(within.rename({"OBS_VALUE": "YEARS", "PERIOD": "YEAR"}), on=[*dimensions, "YEAR"], how="left")
        .with_columns(BELOW=pl.coalesce("OWN", "YEARS"))
        .drop("PERIOD", "YEAR", "OWN", "YEARS")
    )
    unknown = [pl.col(each.dimension) == each.unknown for each in indicator.breakdowns]
    lacking = joined.filter(pl.col("BELOW").is_null(), ~pl.any_horizontal(pl.lit(value=False), *unknown))
    if lacking.height:
        flow = measure.population.dataflow
        notes.append(f"{lacking.height} cells have no population in {flow} and therefore no rate")
    return joined, lacking.select(keys).sort(keys)


def opening(indicator: Indicator, measure: Stock, dataflows: Frames, notes: list[str]) -> pl.DataFrame | None:
    """The opening stock of each combination of the dimensions in OPENING; None where the register began empty."""
    if measure.opening is None:
        return None
    at = periods.written(measure.at)
    found = _for_sets(indicator, measure.opening, dataflows, notes).filter(pl.col(TIME) == at)
    if found.is_empty():
        raise Unclear(f"{indicator.id}: {measure.opening.dataflow} has no observation of {at} to begin from")
    return found.select(*indicator.dimensions, pl.col("OBS_VALUE").alias("OPENING"))


def _for_sets(indicator: Indicator, part: External, dataflows: Frames, notes: list[str]) -> pl.DataFrame:
    """The observations for every grouping set whose dimensions the dataflow has: dimensions, TIME_PERIOD, OBS_VALUE."""
    flow = DATAFLOWS[part.dataflow]
    found = []
    for names in indicator.sets:
        dimensions = [indicator.breakdown(name).dimension for name in names]
        if all(part.match.get(name, name) in flow.names for name in dimensions):
            answer = _selected(part, dimensions, dataflows, notes)
            totals = {name: total for name, total in indicator.dimensions.items() if name not in dimensions}
            found.append(
                answer.with_columns(pl.lit(total).alias(name) for name, total in totals.items()).select(
                    *indicator.dimensions, TIME, pl.col("OBS_VALUE").cast(pl.Float64)
                )
            )
    return pl.concat(found).unique(maintain_order=True)


def _selected(part: External, dimensions: Sequence[str], dataflows: Frames, notes: list[str]) -> pl.DataFrame:
    """One observation per combination of `dimensions` and period. Raises Unclear, UnclearQuestion."""
    if part.dataflow not in dataflows:
        raise Unclear(f"the observations of {part.dataflow} are needed, and were not given")
    flow = DATAFLOWS[part.dataflow]
    there = {name: part.match.get(name, name) for name in dimensions}
    answer = select(_of_data_set(dataflows[part.dataflow], part), flow, part.where, by=[*there.values(), TIME])
    for name in (each for each in flow.names if each in answer.columns and each not in (*there.values(), TIME)):
        codes = answer[name].unique().sort().to_list()
        if len(codes) > 1:
            raise Unclear(
                f"{flow.id} keeps {', '.join(map(str, codes[:5]))} of {name} apart; say in where which is meant"
            )
    answer = answer.filter(pl.lit(value=True), *(~_holds_others(flow, name) for name in there.values()))
    answer = answer.with_columns(pl.col(name).alias(dimension) for dimension, name in there.items())
    twice = answer.filter(answer.select(*dimensions, TIME).is_duplicated())
    if twice.height:
        sources = ", ".join(twice["SOURCE"].unique().sort()) if "SOURCE" in twice.columns else "several sources"
        raise Unclear(f"{flow.id} gives more than one figure for {twice.row(0)[:3]}: {sources}; give one vintage")
    if "SOURCE" in answer.columns:
        for source in answer["SOURCE"].drop_nulls().unique().sort():
            note = f"{flow.id} is {source}"
            if note not in notes:
                notes.append(note)
    return answer


def _of_data_set(frame: pl.DataFrame | pl.LazyFrame, part: External) -> pl.DataFrame | pl.LazyFrame:
    """The observations of the data set that is meant."""
    return frame.filter(pl.col("DATASET") == part.dataset) if part.dataset else frame


def _holds_others(flow: Dataflow, name: str) -> pl.Expr:
    """Whether a code is a total or a regional aggregate: those are margins of their own, or none."""
    dimension = flow.dimension(name)
    return pl.col(name).map_elements(dimension.holds_others, return_dtype=pl.Boolean).fill_null(value=False)
