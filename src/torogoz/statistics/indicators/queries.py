"""What a definition asks of one fact table, as queries of any engine.

What can be added (counts, sums, how often each value occurs) is asked once, as finely as the largest grouping sets
need it, in one reading of the file; every margin is added up from that answer. What cannot be added (different
persons) is asked once for every grouping set, so that nobody who is in two parts counts twice in the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals.stable.v2 as nw

from torogoz.statistics.engine import Lazy
from torogoz.statistics.indicators.definition import (
    Breakdown,
    Count,
    Distinct,
    Indicator,
    Mean,
    Quantile,
    Share,
    Sum,
)
from torogoz.statistics.indicators.expressions import amount, code, known, period, truth
from torogoz.statistics.indicators.tables import FactTable

Counted = Count | Sum | Distinct | Quantile | Mean | Share
"""A part of a measure that is read from a fact table."""

FREQ, TIME, ROWS, TIMES = "FREQ", "TIME_PERIOD", "rows", "times"


@dataclass(frozen=True)
class Grouping:
    """One grouping set at one frequency.

    alike  by dimension, all breakdowns of the indicator that code it: see `expressions.code`
    """

    breakdowns: tuple[Breakdown, ...]
    frequency: str
    alike: Mapping[str, tuple[Breakdown, ...]]

    @property
    def codes(self) -> dict[str, nw.Expr]:
        """The code of each row by dimension."""
        return {each.dimension: code(each, self.alike[each.dimension]) for each in self.breakdowns}

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the table that the codes are made from."""
        return frozenset(other.column for each in self.breakdowns for other in self.alike[each.dimension])


@dataclass(frozen=True)
class Names:
    """The columns that the answers have for the part number `at` of a measure.

    counted   rows that are in the figure, or above its line
    below     rows that are below its line: of a share, those of which the part is known
    unknown   rows of which it is not known whether they belong in the figure, or with how much
    added     the sum, in smallest units
    value     the value of which `times` says how often it occurs, in smallest units
    different the number of different keys
    """

    at: int

    @property
    def counted(self) -> str:
        return f"counted_{self.at}"

    @property
    def below(self) -> str:
        return f"below_{self.at}"

    @property
    def unknown(self) -> str:
        return f"unknown_{self.at}"

    @property
    def added(self) -> str:
        return f"added_{self.at}"

    @property
    def value(self) -> str:
        return f"value_{self.at}"

    @property
    def different(self) -> str:
        return f"different_{self.at}"


@dataclass(frozen=True)
class Query:
    """A query, what it is grouped by, and the number of the part of the measure that it is for, if for one alone."""

    lazy: Lazy
    by: tuple[str, ...]
    part: int | None = None


def groupings(indicator: Indicator) -> list[Grouping]:
    """Every grouping set at every frequency."""
    alike = {
        dimension: tuple(each for each in indicator.breakdowns if each.dimension == dimension)
        for dimension in indicator.dimensions
    }
    return [
        Grouping(tuple(indicator.breakdown(name) for name in names), frequency, alike)
        for frequency in indicator.frequency
        for names in indicator.sets
    ]


def tallies(frame: Lazy, table: FactTable, parts: Mapping[int, Counted], wanted: Sequence[Grouping]) -> list[Query]:
    """What can be added, grouped by the columns of each largest grouping set.

    Answers have the grouping columns as they are in the table, `rows`, and for each part the columns of Names.
    """
    columns: dict[str, nw.Expr] = {}
    sums: list[nw.Expr] = [nw.len().alias(ROWS)]
    for at, part in parts.items():
        for name, expression in _flags(part, table, Names(at)).items():
            columns[name] = expression
            sums.append((nw.col(name).sum() if name == Names(at).added else nw.col(name).count()).alias(f"{name}_"))
    flagged = frame.with_columns(**columns) if columns else frame
    return [
        Query(flagged.group_by(*by).agg(*sums).rename({f"{name}_": name for name in columns}), by)
        for by in largest(table, wanted)
    ]


def frequencies(frame: Lazy, table: FactTable, at: int, part: Quantile, wanted: Sequence[Grouping]) -> list[Query]:
    """How often each value occurs, grouped by the columns of each largest grouping set."""
    value = Names(at).value
    inside = _inside(part, table)
    chosen = frame.filter(inside).with_columns(**{value: amount(part.column, table)})
    return [Query(chosen.group_by(*by, value).agg(nw.len().alias(TIMES)), by, part=at) for by in largest(table, wanted)]


def different(
    frame: Lazy,
    table: FactTable,
    at: int,
    part: Distinct,
    wanted: Sequence[Grouping],
    dimensions: Mapping[str, str],
) -> list[Query]:
    """How many different keys each cell of each grouping set has: one query per set, all asked for together.

    The answer has FREQ, the dimensions, TIME_PERIOD and the column `different` of Names.
    """
    inside = _inside(part, table) & known(table.period, table)
    chosen = frame.filter(inside)
    answers = []
    for grouping in wanted:
        codes = grouping.codes
        # The names of the result may be names of columns too: what is selected is computed before it is named.
        coded = chosen.select(
            nw.col(part.column).alias(Names(at).different),
            period(table.period, table.finest, grouping.frequency).alias(TIME),
            *(expression.alias(dimension) for dimension, expression in codes.items()),
        )
        counted = coded.group_by(*codes, TIME).agg(nw.col(Names(at).different).n_unique())
        totals = {name: nw.lit(total).alias(name) for name, total in dimensions.items() if name not in codes}
        columns = (totals.get(name, nw.col(name)) for name in dimensions)
        answers.append(counted.select(nw.lit(grouping.frequency).alias(FREQ), *columns, TIME, Names(at).different))
    return [Query(nw.concat(answers), (FREQ, *dimensions, TIME), part=at)]


def largest(table: FactTable, wanted: Sequence[Grouping]) -> list[tuple[str, ...]]:
    """The sets of columns, with the period, that are contained in no other: every wanted one is part of one of them."""
    sets = {frozenset({table.period}) | grouping.columns for grouping in wanted}
    top = [each for each in sets if not any(each < other for other in sets)]
    return sorted(tuple(sorted(each)) for each in top)


def _flags(part: Counted, table: FactTable, names: Names) -> Mapping[str, nw.Expr]:
    """For each figure of a part an expression that is null in the rows that do not count. None is needed for rows."""
    one = nw.lit(1)
    holds = truth(part.where, table)
    if isinstance(part, Count):
        if holds is None:
            return {}
        return {names.counted: nw.when(holds).then(one), names.unknown: nw.when(holds.is_null()).then(one)}
    if isinstance(part, Share):
        inside = truth(part.part, table)
        assert inside is not None
        unsure = inside.is_null() if holds is None else holds.is_null() | (holds & inside.is_null())
        answered = ~inside.is_null() if holds is None else holds & ~inside.is_null()
        return {
            names.counted: nw.when(inside if holds is None else holds & inside).then(one),
            names.below: nw.when(answered).then(one),
            names.unknown: nw.when(unsure).then(one),
        }
    present = known(part.column, table)
    inside = present if holds is None else holds & present
    unsure = ~present if holds is None else holds.is_null() | (holds & ~present)
    flags = {names.counted: nw.when(inside).then(one), names.unknown: nw.when(unsure).then(one)}
    if isinstance(part, Sum | Mean):
        flags[names.added] = nw.when(inside).then(amount(part.column, table))
    return flags


def _inside(part: Distinct | Quantile, table: FactTable) -> nw.Expr:
    """Whether a row belongs in the figure and its value is known."""
    holds = truth(part.where, table)
    present = known(part.column, table)
    return present if holds is None else holds & present
