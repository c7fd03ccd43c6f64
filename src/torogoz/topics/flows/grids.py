"""An answer laid out in rows and columns. The same grid feeds the table, the chart and the map beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import polars as pl

from torogoz.exchange.writers.charts.table import NOT_AVAILABLE, Cell, State, cell
from torogoz.statistics import periods
from torogoz.statistics.dataflows import TIME, WHOLE, Dataflow, Dimension, Kind, Role
from torogoz.topics.flows.answers import HIDDEN
from torogoz.topics.flows.questions import Question

SOURCE: Final = "SOURCE"
VALUE: Final = "OBS_VALUE"
Key = tuple[str, ...]
NO_SIZE: Final = (0.0, float("-inf"))


@dataclass(frozen=True)
class Grid:
    """Rows by columns of cells, in no language yet.

    row_dimensions    what the parts of a row's key stand for; SOURCE is one when publishers disagree
    rows              the key of each row, totals last
    column_dimension  what the columns stand for; "" when there is one column of figures
    columns           the code of each column
    cells             what is known; a missing pair was never published
    totals            the rows that hold others
    fixed             dimensions that have one code all over the grid
    unknown_parts     observations without a figure that the sums leave out
    sizes             what the rows are ranked by, the larger the higher
    """

    row_dimensions: tuple[str, ...]
    rows: tuple[Key, ...]
    column_dimension: str
    columns: tuple[str, ...]
    cells: Mapping[tuple[Key, str], Cell]
    totals: frozenset[Key]
    fixed: Mapping[str, str]
    unknown_parts: int
    sizes: Mapping[Key, tuple[float, ...]] = field(default_factory=dict)

    def at(self, row: Key, column: str) -> Cell:
        """The cell of a row and a column; not available where nothing was published."""
        return self.cells.get((row, column), NOT_AVAILABLE)

    def parts(self) -> tuple[Key, ...]:
        """The rows that are not totals."""
        return tuple(row for row in self.rows if row not in self.totals)

    def size(self, row: Key) -> tuple[float, ...]:
        """What a row is ranked by."""
        return self.sizes.get(row, NO_SIZE)

    def widest(self) -> tuple[Key, ...]:
        """The parts of the widest level of places that has several: never departments beside their municipalities."""
        levels: dict[tuple[int, ...], list[Key]] = {}
        for row in self.parts():
            levels.setdefault(tuple(map(level_of, row)), []).append(row)
        several = [rows for _, rows in sorted(levels.items()) if len(rows) > 1]
        return tuple(several[0] if several else self.parts())

    def states(self) -> set[State]:
        """The states that the cells of the grid have."""
        return {self.at(row, column).state for row in self.rows for column in self.columns}


def grid(
    question: Question, found: pl.DataFrame, orders: Mapping[str, Sequence[str]], total: pl.DataFrame | None
) -> Grid:
    """Lay out `found`, the answer to `question`.

    orders  the codes of each dimension in the order of its code list; a dimension without one is sorted by size
    total   the answer to the same question without the row dimension, for a last row; None for none
    """
    flow, by = question.flow, question.by
    names = [name for name in flow.names if name in found.columns]
    column = _column_dimension(by, found)
    fixed = {name: found[name][0] for name in names if name not in by and found.height and found[name].n_unique() == 1}
    rows_by = [name for name in names if name != column and name not in fixed]
    rows_by.sort(key=lambda name: by.index(name) if name in by else len(by))
    if SOURCE in found.columns and found.select([*rows_by, *([column] if column else [])]).is_duplicated().any():
        rows_by.append(SOURCE)
    shown = _without_aggregates(question, found, [*rows_by, *([column] if column else [])])
    cells = {
        (tuple(str(line[name]) for name in rows_by), str(line[column]) if column else ""): _cell(line)
        for line in shown.iter_rows(named=True)
    }
    columns = _columns(column, shown, orders) if column else ("",)
    keys = dict.fromkeys(key for key, _ in cells)
    totals = {key for key in keys if _is_total(question, rows_by, key)}
    sizes = sizes_of(list(keys), columns, cells, over_time=column == TIME, added=_adds_over_time(flow))
    rows = [*_sorted(rows_by, [key for key in keys if key not in totals], sizes, orders), *sorted(totals)]
    if total is not None and not totals and len(rows_by) == 1 and len(rows) > 1:
        key: Key = (WHOLE,)
        cells |= {(key, str(line[column]) if column else ""): _cell(line) for line in total.iter_rows(named=True)}
        rows.append(key)
        totals = {key}
    unknown = 0
    if "OBS_UNKNOWN" in shown.columns:
        counted = ~pl.col("CONF_STATUS").is_in(list(HIDDEN)) if "CONF_STATUS" in shown.columns else pl.lit(True)
        unknown = int(shown.filter(counted, pl.col(VALUE).is_not_null())["OBS_UNKNOWN"].sum())
    return Grid(tuple(rows_by), tuple(rows), column, columns, cells, frozenset(totals), fixed, unknown, sizes)


def totals_apart(question: Question) -> Question | None:
    """The question whose answer is the total row: the same without its row dimension; None where adding is wrong."""
    rows_by = [name for name in question.by if name != _asked_column(question.by)]
    if len(rows_by) != 1 or question.where.get(rows_by[0]):
        return None
    dimension = question.flow.dimension(rows_by[0])
    if dimension.role is not Role.SUM or dimension.id == TIME:
        return None
    return question.split_by(*(name for name in question.by if name != dimension.id))


def every_period(present: Collection[str]) -> list[str]:
    """The periods from the first to the last at their usual step, so that a gap in a series is seen as a gap."""
    known = sorted(set(present), key=lambda period: periods.bounds(period))
    frequencies = {periods.frequency(period) for period in known}
    if len(known) < 3 or len(frequencies) > 1 or frequencies & {"D", "S"}:
        return known
    frequency = frequencies.pop()
    numbers = [_number(period, frequency) for period in known]
    steps = [after - before for before, after in pairwise(numbers)]
    usual = max(set(steps), key=lambda step: (steps.count(step), -step))
    filled = {*numbers, *range(numbers[0], numbers[-1] + 1, usual)}
    return [_period(number, frequency) for number in sorted(filled)]


PER_YEAR: Final = {"A": 1, "Q": 4, "M": 12}


def _number(period: str, frequency: str) -> int:
    first = periods.bounds(period)[0]
    return first.year * PER_YEAR[frequency] + (first.month - 1) * PER_YEAR[frequency] // 12


def _period(number: int, frequency: str) -> str:
    year, part = divmod(number, PER_YEAR[frequency])
    return {"A": f"{year}", "Q": f"{year}-Q{part + 1}", "M": f"{year}-{part + 1:02d}"}[frequency]


def _cell(line: Mapping[str, Any]) -> Cell:
    return cell(line[VALUE], line.get("OBS_STATUS"), line.get("CONF_STATUS"))


def _asked_column(by: Sequence[str]) -> str:
    """The dimension that goes across the page: the last one asked for, when there is another for the rows."""
    return by[-1] if len(by) > 1 else ""


def _column_dimension(by: Sequence[str], found: pl.DataFrame) -> str:
    """The column dimension; time goes across too when dimensions that must not be added stand in the rows."""
    asked = _asked_column(by)
    return asked if asked in found.columns else ""


def _without_aggregates(question: Question, found: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Without regional aggregates that nobody asked for by code: they hold the countries beside them."""
    for name in names:
        if name == SOURCE or question.where.get(name):
            continue
        dimension = question.flow.dimension(name)
        if dimension.role is Role.SUM and name != TIME:
            whole = found.filter(~pl.col(name).map_elements(dimension.holds_others, return_dtype=pl.Boolean))
            found = whole if whole.height else found
    return found


def _is_total(question: Question, rows_by: Sequence[str], key: Key) -> bool:
    """Whether a row holds others of the same grid."""
    return any(
        name != SOURCE and _holds_all(question.flow.dimension(name), code)
        for name, code in zip(rows_by, key, strict=True)
    )


def _holds_all(dimension: Dimension, code: str) -> bool:
    return dimension.role is not Role.KEEP and dimension.id != TIME and code in (dimension.total, WHOLE)


def _columns(name: str, found: pl.DataFrame, orders: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    codes = [str(code) for code in found[name].unique().to_list()]
    if name == TIME:
        return tuple(every_period(codes))
    order = {code: place for place, code in enumerate(orders.get(name, ()))}
    return tuple(sorted(codes, key=lambda code: (code == WHOLE, order.get(code, len(order)), code)))


def level_of(code: str) -> int:
    """How deep a place lies within the country: 1 a department (SV-SS), 2 a municipality in it (SV-SS-1); else 0."""
    parts = code.split("-")
    return min(len(parts) - 1, 2) if parts[0] == "SV" else 0


def _adds_over_time(flow: Dataflow) -> bool:
    """Whether figures are of a time and not of a moment, so that rows are compared by all that happened."""
    return flow.kind is Kind.FLOW or flow.dimension(TIME).role is Role.SUM


def sizes_of(
    keys: Sequence[Key],
    columns: Sequence[str],
    cells: Mapping[tuple[Key, str], Cell],
    *,
    over_time: bool,
    added: bool,
) -> dict[Key, tuple[float, ...]]:
    """What each row is ranked by, the larger the higher; all rows by the same columns.

    Flows are ranked by their sum over the periods shown; stocks and rates by their figure in the latest period for
    which at least half of the rows have one, and those without a figure there below all others, by their last known.
    Columns that are no periods: the total where there is one, else their sum.
    """
    known = {
        key: {column: cell.value for column in columns if (cell := cells.get((key, column))) and cell.value is not None}
        for key in keys
    }
    if over_time and not added:
        have = {column: sum(column in of_row for of_row in known.values()) for column in columns}
        usual = [column for column in columns if have[column] * 2 >= len(keys)]
        at = usual[-1] if usual else max(columns, key=lambda column: have[column], default="")
        return {
            key: (1.0, of_row[at]) if at in of_row else (0.0, list(of_row.values())[-1]) if of_row else NO_SIZE
            for key, of_row in known.items()
        }
    whole = WHOLE if not over_time and any(WHOLE in of_row for of_row in known.values()) else ""
    return {
        key: (1.0, of_row[whole] if whole in of_row else sum(of_row.values())) if of_row else NO_SIZE
        for key, of_row in known.items()
    }


def _sorted(
    rows_by: Sequence[str],
    keys: Sequence[Key],
    sizes: Mapping[Key, tuple[float, ...]],
    orders: Mapping[str, Sequence[str]],
) -> list[Key]:
    """Periods newest first, wider places before those within them, codes of a short list in its order, then by size."""
    places = {name: {code: place for place, code in enumerate(orders[name])} for name in rows_by if name in orders}

    def rank(key: Key) -> tuple[Any, ...]:
        parts: list[Any] = [tuple(map(level_of, key))]
        for name, code in zip(rows_by, key, strict=True):
            if name == TIME:
                parts.append(-periods.bounds(code)[0].toordinal())
            elif name in places:
                parts.append(places[name].get(code, len(places[name])))
        return (*parts, tuple(-part for part in sizes[key]), key)

    return sorted(keys, key=rank)
