"""From a definition and the rows to its cells: the same figures on every engine.

    with opened("polars") as engine:
        cube = compute(indicator("SV_11_ARRIVALS"), {"returns": engine.scan([path])}, engine)
        cube.cells

Engines count, add whole numbers and find different keys; every division, quantile and running sum is done here, once,
in Polars. So no figure depends on the engine, not even in its last bit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import polars as pl

from torogoz.statistics.dataflows import nearest
from torogoz.statistics.engine import Engine, Lazy
from torogoz.statistics.indicators import references
from torogoz.statistics.indicators.definition import (
    Difference,
    Distinct,
    External,
    Indicator,
    Mean,
    Quantile,
    Rate,
    Ratio,
    Share,
    Stock,
    columns_needed,
    parts_of,
)
from torogoz.statistics.indicators.measures import beside, divided, figures_of
from torogoz.statistics.indicators.queries import (
    FREQ,
    TIME,
    Counted,
    Grouping,
    Names,
    Query,
    different,
    frequencies,
    groupings,
    tallies,
)
from torogoz.statistics.indicators.rolling import added, check_periods, plain, quantiles
from torogoz.statistics.indicators.stocks import stock
from torogoz.statistics.indicators.tables import TABLES, FactTable, UnfitTable, fitting

STATUS = "OBS_STATUS"
FIGURES = ("OBS_VALUE", "NUMERATOR", "DENOMINATOR", "N", "OBS_UNKNOWN", STATUS, "UNIT")


Found = Mapping[tuple[str, ...], pl.DataFrame]
"""Answers by what they are grouped by."""


@dataclass(frozen=True)
class Asked:
    """The queries to one table: for what can be added, for how often values occur, for different keys."""

    adding: list[Query]
    valued: list[Query]
    keyed: list[Query]

    @property
    def all(self) -> list[Query]:
        """All of them, in this order."""
        return [*self.adding, *self.valued, *self.keyed]


@dataclass(frozen=True)
class Cube:
    """The cells of an indicator.

    cells    one row per cell that occurs, sorted: INDICATOR, FREQ, the dimensions, TIME_PERIOD (str); OBS_VALUE
             (float, null when it cannot be known), NUMERATOR and DENOMINATOR (float, of ratios, shares, rates and
             means), N (int, rows or persons in the figure or above its line, for disclosure control), OBS_UNKNOWN
             (int, rows of which it is not known whether or with how much they belong in it), OBS_STATUS (A normal, M
             missing, or what a dataflow says), UNIT
    lacking  FREQ, dimensions and TIME_PERIOD of the cells whose population or opening stock was not found
    notes    what a reader of the figures must know, as sentences
    """

    cells: pl.DataFrame
    lacking: pl.DataFrame
    notes: tuple[str, ...] = ()


def compute(
    indicator: Indicator,
    sources: Mapping[str, Lazy],
    engine: Engine,
    dataflows: Mapping[str, pl.DataFrame | pl.LazyFrame] | None = None,
) -> Cube:
    """The cells of an indicator.

    sources    the rows of each fact table that the indicator reads, as `engine.scan` gives them
    dataflows  the observations of each dataflow that it reads, as `statistics.dataflows.select` takes them
    raises     UnfitTable if rows are not what the registry says; references.Unclear if a dataflow does not give one
               observation for a cell; UnclearQuestion if it does not know a code
    """
    wanted = groupings(indicator)
    notes: list[str] = []
    figures: dict[int, pl.DataFrame] = {}
    parts = parts_of(indicator.measure)
    for name, own in _by_table(indicator).items():
        figures |= _from_table(indicator, TABLES[name], sources, own, wanted, engine, notes)
    for at, part in enumerate(parts):
        if isinstance(part, External) and not _looked_up(indicator, at):
            figures[at] = references.figures(indicator, part, dataflows or {}, notes)
    measured, lacking = _measured(indicator, [figures.get(at) for at in range(len(parts))], dataflows or {}, notes)
    return Cube(_finished(indicator, measured), lacking, tuple(notes))


def queries_of(indicator: Indicator, sources: Mapping[str, Lazy]) -> list[Query]:
    """The queries that an indicator is compiled to, to look at; `compute` runs the same."""
    wanted = groupings(indicator)
    return [
        query
        for name, parts in _by_table(indicator).items()
        for query in _asked(indicator, sources[name], TABLES[name], parts, wanted).all
    ]


def _by_table(indicator: Indicator) -> dict[str, dict[int, Counted]]:
    """The parts of the measure by the table that they are read from, each with its number."""
    found: dict[str, dict[int, Counted]] = {}
    for at, part in enumerate(parts_of(indicator.measure)):
        if not isinstance(part, External):
            found.setdefault(part.table, {})[at] = part
    return found


def _looked_up(indicator: Indicator, at: int) -> bool:
    """Whether the part is a population or an opening stock, which is looked up for the cells that there are."""
    return (isinstance(indicator.measure, Rate) and at == 1) or (isinstance(indicator.measure, Stock) and at == 2)


def _asked(
    indicator: Indicator, frame: Lazy, table: FactTable, parts: Mapping[int, Counted], wanted: Sequence[Grouping]
) -> Asked:
    """What the indicator asks of one table."""
    columns = chain.from_iterable(columns_needed(part) for part in parts.values())
    crossed = sorted(frozenset[str]().union(*(grouping.columns for grouping in wanted)))
    frame = fitting(frame, table, [table.period, *crossed, *columns])
    valued, keyed = [], []
    for at, part in parts.items():
        if isinstance(part, Quantile):
            valued += frequencies(frame, table, at, part, wanted)
        if isinstance(part, Distinct):
            keyed += different(frame, table, at, part, wanted, indicator.dimensions)
    return Asked(tallies(frame, table, parts, wanted), valued, keyed)


def _from_table(
    indicator: Indicator,
    table: FactTable,
    sources: Mapping[str, Lazy],
    parts: Mapping[int, Counted],
    wanted: Sequence[Grouping],
    engine: Engine,
    notes: list[str],
) -> dict[int, pl.DataFrame]:
    """The figures of each part that is read from one table: keys, VALUE, BELOW, N, OBS_UNKNOWN."""
    if table.id not in sources:
        raise UnfitTable(f"{indicator.id} is computed from {table.id}, which was not given")
    asked = _asked(indicator, sources[table.id], table, parts, wanted)
    texts = [name for name in (*table.columns, FREQ, *indicator.dimensions, TIME) if not _is_measured(table, name)]
    answers = [plain(answer, texts) for answer in engine.collect([query.lazy for query in asked.all])]
    found = list(zip(asked.all, answers, strict=True))
    tallied = {query.by: answer for query, answer in found[: len(asked.adding)]}
    without = check_periods(answers[0], table)
    if without:
        notes.append(f"{without} rows of {table.id} have no {table.period} and are in no figure")
    keys = [FREQ, *indicator.dimensions, TIME]
    # Two breakdowns of one dimension have their unknowns in common: such a cell is there twice, and is one.
    cells = _every(wanted, lambda each: added(_covering(tallied, each, table), table, each, indicator.dimensions))
    _check_codes(indicator, table, cells)
    for at, part in parts.items():
        own = {query.by: answer for query, answer in found if query.part == at}
        if isinstance(part, Quantile):
            more = _every(wanted, partial(_quantiles, own, table, indicator.dimensions, Names(at), part.at))
            cells = cells.join(more, on=keys, how="left")
        if isinstance(part, Distinct):
            cells = cells.join(own[tuple(keys)].unique(), on=keys, how="left")
    return {at: cells.select(*keys, *figures_of(part, Names(at), table, cells.columns)) for at, part in parts.items()}


def _check_codes(indicator: Indicator, table: FactTable, cells: pl.DataFrame) -> None:
    """Raise UnfitTable if the rows have a code that is on none of the closed lists of its dimension."""
    for dimension, total in indicator.dimensions.items():
        lists = [each for each in indicator.breakdowns if each.dimension == dimension]
        if all(each.codes for each in lists):
            known = {total, *(code for each in lists for code in (*each.codes, each.unknown))}
            strange = sorted(set(cells[dimension]) - known)
            if strange:
                columns = " or ".join(each.column for each in lists)
                raise UnfitTable(f"{table.id}: {columns} holds {strange[0]}{nearest(strange[0], known)}")


def _every(wanted: Sequence[Grouping], cells: Callable[[Grouping], pl.DataFrame]) -> pl.DataFrame:
    """The cells of all grouping sets, each once."""
    return pl.concat([cells(grouping) for grouping in wanted]).unique()


def _quantiles(
    found: Found, table: FactTable, dimensions: Mapping[str, str], names: Names, at: float, grouping: Grouping
) -> pl.DataFrame:
    return quantiles(_covering(found, grouping, table), table, grouping, dimensions, names, at)


def _covering(found: Found, grouping: Grouping, table: FactTable) -> pl.DataFrame:
    """The shortest answer from which the grouping set can be added up."""
    needed = grouping.columns | {table.period}
    return min((answer for by, answer in found.items() if needed <= set(by)), key=lambda answer: answer.height)


def _is_measured(table: FactTable, name: str) -> bool:
    return name in table.columns and table.columns[name].type.measured


def _measured(
    indicator: Indicator,
    figures: Sequence[pl.DataFrame | None],
    dataflows: Mapping[str, pl.DataFrame | pl.LazyFrame],
    notes: list[str],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The measure put together from its parts, and the cells for which something was lacking."""
    keys = [FREQ, *indicator.dimensions, TIME]
    measure, first = indicator.measure, figures[0]
    assert first is not None
    nothing = first.clear().select(keys)
    if isinstance(measure, Ratio):
        assert figures[1] is not None
        return divided(beside(first, figures[1], keys, measure), measure.times), nothing
    if isinstance(measure, Difference):
        assert figures[1] is not None
        both = beside(first, figures[1], keys, measure)
        less = both.with_columns(OBS_VALUE=pl.col("VALUE") - pl.col("BELOW"), NUMERATOR=pl.col("VALUE"))
        return less.with_columns(DENOMINATOR=pl.col("BELOW")), nothing
    if isinstance(measure, Rate):
        population, lacking = references.population(indicator, measure, first, dataflows, notes)
        return divided(population, measure.per), lacking
    if isinstance(measure, Stock):
        assert figures[1] is not None
        both = beside(first, figures[1], keys, measure)
        opening = references.opening(indicator, measure, dataflows, notes)
        return stock(both, opening, keys, measure.at)
    if isinstance(measure, Share | Mean):
        return divided(first, measure.times if isinstance(measure, Share) else 1), nothing
    return first.with_columns(OBS_VALUE=pl.col("VALUE"), NUMERATOR=None, DENOMINATOR=None), nothing


def _finished(indicator: Indicator, cells: pl.DataFrame) -> pl.DataFrame:
    """The columns of a cube in their order, its rows sorted."""
    keys = [FREQ, *indicator.dimensions, TIME]
    said = pl.col(STATUS) if STATUS in cells.columns else pl.lit("A")
    status = pl.when(pl.col("OBS_VALUE").is_null()).then(pl.lit("M")).otherwise(said)
    return (
        cells.with_columns(
            pl.lit(indicator.id).alias("INDICATOR"),
            pl.col("NUMERATOR", "DENOMINATOR").cast(pl.Float64),
            status.alias(STATUS),
            pl.lit(indicator.unit.code).alias("UNIT"),
        )
        .select("INDICATOR", *keys, *FIGURES)
        .sort(keys)
    )
