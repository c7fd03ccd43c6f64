"""Indicators as data: what is counted, of whom, over what, in which breakdowns, and how it may be shown.

The grammar is closed: a definition is one of the measures below over one of the tables of `tables.toml`, and nothing
of it is ever evaluated as a program. Unknown is a third value throughout: a condition on an answer that is not known
is neither true nor false.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

UNKNOWN: Final = "_U"
TOTAL: Final = "_T"
FREQUENCIES: Final = ("M", "Q", "A")  # from the shortest to the longest


class Comparison(StrEnum):
    """What a condition asks of a column."""

    IN = "in"
    NOT_IN = "not_in"
    HAS = "has"
    UNKNOWN = "unknown"
    KNOWN = "known"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"


@dataclass(frozen=True)
class Condition:
    """One test of one column. Only `unknown` and `known` are never themselves unknown.

    values  the codes of `in`, `not_in` and `has` (any of them, in a column that holds several); the one bound of
            `at_least` and `at_most`; both bounds of `between`, which belong to it
    """

    column: str
    test: Comparison
    values: tuple[str | int | float, ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """At least one of several groups of conditions holds."""

    groups: tuple["Where", ...]


Where = tuple[Condition | AnyOf, ...]
"""Conditions that hold together; none is the whole table."""


@dataclass(frozen=True)
class Count:
    """How many rows."""

    table: str
    where: Where = ()


@dataclass(frozen=True)
class Sum:
    """The sum of a column over the rows where it is known."""

    table: str
    column: str
    where: Where = ()


@dataclass(frozen=True)
class Distinct:
    """How many different keys: persons, where rows are events. Never added up: a person may be in several parts."""

    table: str
    column: str
    where: Where = ()


@dataclass(frozen=True)
class Quantile:
    """The value below which the share `at` of the known values lies; 0.5 is the median.

    Between two values it is interpolated on the line that joins them (Hyndman & Fan 1996, type 7), so the median of
    an even number of values is the mean of the middle two.
    """

    table: str
    column: str
    at: float = 0.5
    where: Where = ()


@dataclass(frozen=True)
class Mean:
    """The mean of a column over the rows where it is known."""

    table: str
    column: str
    where: Where = ()


@dataclass(frozen=True)
class External:
    """Observations of a dataflow, read as `statistics.dataflows.select` reads them.

    dataset  the one data set that is meant, where several publishers feed the dataflow; "" for all
    match    the dimension of the dataflow for a dimension of the indicator that has another name there: the country
             that persons return from is the country that emigrants live in
    """

    dataflow: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dataset: str = ""
    match: Mapping[str, str] = field(default_factory=dict)


Part = Count | Sum | Distinct | External
"""What may stand above or below a line."""


@dataclass(frozen=True)
class Ratio:
    """`times` × numerator / denominator; not available where the denominator is zero."""

    numerator: Part
    denominator: Part
    times: int = 1


@dataclass(frozen=True)
class Difference:
    """`of` less `less`: what came in less what went out. It may be negative; unknown if either is."""

    of: Part
    less: Part


@dataclass(frozen=True)
class Share:
    """`times` × the rows of `part` among those of `where` of which `part` is known."""

    table: str
    part: Where
    where: Where = ()
    times: int = 100


@dataclass(frozen=True)
class Rate:
    """`per` × numerator / population of the same cell and period, or of the year in which the period lies."""

    numerator: Part
    population: External
    per: int


@dataclass(frozen=True)
class Stock:
    """What there is at the end of each period: `opening` + all that came in since − all that went out.

    opening  the observation of the period `at`; flows of that period and before are in it already. Without an opening
             the register began empty.
    """

    inflow: Count | Sum
    outflow: Count | Sum
    opening: External | None = None
    at: str = ""


Measure = Count | Sum | Distinct | Quantile | Mean | Ratio | Difference | Share | Rate | Stock | External


@dataclass(frozen=True)
class Breakdown:
    """One way to break a figure down.

    dimension  the dimension of the result; several breakdowns may code the same one (bands of age; child or adult)
    column     the column of the table that holds the code of each row, or the number that `bands` cuts
    codes      every code that a row can have besides unknown, where that list is closed
    bands      the lower bounds of the bands of a whole number: 0, 12, 18 gives Y0T11, Y12T17, Y_GE18
    total      the code of everybody, unknown included
    unknown    the code of rows without a code
    """

    id: str
    dimension: str
    column: str
    name_es: str
    name_en: str
    codelist: str = ""
    total: str = TOTAL
    unknown: str = UNKNOWN
    codes: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()

    def band_codes(self) -> tuple[str, ...]:
        """The codes of the bands, in order."""
        between = [(low, after - 1) for low, after in pairwise(self.bands)]
        closed = [f"Y{low}T{high}" if high > low else f"Y{low}" for low, high in between]
        return (*closed, *(f"Y_GE{low}" for low in self.bands[-1:]))


class Policy(StrEnum):
    """How cells of few persons are protected before anybody outside sees them."""

    SUPPRESS = "suppress"
    CELL_KEY = "cell_key"
    NONE = "none"


@dataclass(frozen=True)
class Disclosure:
    """The least number of persons that may be shown, and what is done below it."""

    policy: Policy
    least: int = 5


@dataclass(frozen=True)
class Quality:
    """What the figures themselves must fulfil.

    missing_max  per breakdown, the greatest share of the total that may be unknown
    sum_rules    sets of breakdowns whose parts must add up to the total
    jump         how many median absolute deviations a period may lie from the one before; None: not looked at
    """

    missing_max: Mapping[str, float] = field(default_factory=dict)
    sum_rules: tuple[tuple[str, ...], ...] = ()
    jump: float | None = None


@dataclass(frozen=True)
class Links:
    """What the indicator serves: objectives of the Global Compact for Migration, SDG targets and indicators, demands of
    the consultation of 2017; and what European reference metadata (ESMS) ask of it, by concept, in Spanish and English.
    """

    gcm: tuple[int, ...] = ()
    sdg: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    esms: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    """A unit of measure, in both languages, and by what a quotient is multiplied to be in it."""

    code: str
    name_es: str
    name_en: str
    factor: int = 1


UNITS: Final[Mapping[str, Unit]] = {
    unit.code: unit
    for unit in (
        Unit("PS", "personas", "persons"),
        Unit("EVENTS", "hechos", "events"),
        Unit("CASES", "casos", "cases"),
        Unit("PT", "por ciento", "per cent", 100),
        Unit("PER_1000", "por 1000 habitantes", "per 1,000 population", 1_000),
        Unit("PER_100000", "por 100 000 habitantes", "per 100,000 population", 100_000),
        Unit("PER_1000000_HOURS", "por millón de horas trabajadas", "per million hours worked", 1_000_000),
        Unit("USD", "dólares de los Estados Unidos", "United States dollars"),
        Unit("HOURS", "horas", "hours"),
        Unit("DAYS", "días", "days"),
        Unit("MONTHS", "meses", "months"),
        Unit("YEARS", "años", "years"),
        Unit("RATIO", "razón", "ratio"),
        Unit("INDEX", "índice", "index"),
        Unit("NUMBER", "número", "number"),
    )
}


@dataclass(frozen=True)
class Indicator:
    """One indicator: its names, its measure and everything that is needed to compute, check and show it.

    frequency   how often it is given, of FREQUENCIES; a dataflow is given as it comes
    breakdowns  in the order of the result's dimensions
    sets        every combination of breakdowns that is computed, with all that is contained in one: the margins
    """

    id: str
    name_es: str
    name_en: str
    description_es: str
    description_en: str
    measure: Measure
    unit: Unit
    frequency: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]
    sets: tuple[tuple[str, ...], ...]
    disclosure: Disclosure
    quality: Quality = Quality()
    links: Links = Links()

    def breakdown(self, name: str) -> Breakdown:
        """The breakdown called `name`. Raises KeyError."""
        return {each.id: each for each in self.breakdowns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the breakdowns."""
        return tuple(each.id for each in self.breakdowns)

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimensions of the result with the code of their total, in order."""
        return {each.dimension: each.total for each in self.breakdowns}


def parts_of(measure: Measure) -> tuple[Count | Sum | Distinct | Quantile | Mean | Share | External, ...]:
    """What a measure is put together from, each read from one table or dataflow."""
    if isinstance(measure, Difference):
        return measure.of, measure.less
    if isinstance(measure, Ratio):
        return measure.numerator, measure.denominator
    if isinstance(measure, Rate):
        return measure.numerator, measure.population
    if isinstance(measure, Stock):
        return measure.inflow, measure.outflow, *((measure.opening,) if measure.opening else ())
    return (measure,)


def tables_of(measure: Measure) -> tuple[str, ...]:
    """The fact tables that a measure reads, each once."""
    return tuple(dict.fromkeys(part.table for part in parts_of(measure) if not isinstance(part, External)))


def dataflows_of(measure: Measure) -> tuple[str, ...]:
    """The dataflows that a measure reads, each once."""
    return tuple(dict.fromkeys(part.dataflow for part in parts_of(measure) if isinstance(part, External)))


def columns_of(where: Where) -> tuple[str, ...]:
    """The columns that conditions look at."""
    found: dict[str, None] = {}
    for each in where:
        if isinstance(each, Condition):
            found[each.column] = None
        else:
            found.update(dict.fromkeys(column for group in each.groups for column in columns_of(group)))
    return tuple(found)


def columns_needed(part: Count | Sum | Distinct | Quantile | Mean | Share) -> tuple[str, ...]:
    """The columns of its table that a part of a measure looks at."""
    own = () if isinstance(part, Count | Share) else (part.column,)
    return (*own, *columns_of(part.where), *(columns_of(part.part) if isinstance(part, Share) else ()))
