"""Conditions and codes as expressions of Narwhals, the same for every engine.

A condition is true, false, or null where what it asks is not known; `&` and `|` of all engines keep it so.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

import narwhals.stable.v2 as nw

from torogoz.statistics.indicators.definition import UNKNOWN, Breakdown, Comparison, Condition, Where
from torogoz.statistics.indicators.tables import FactTable, Type

SEPARATOR = " "


def truth(where: Where, table: FactTable) -> nw.Expr | None:
    """Whether all conditions hold: true, false or null; None where there are none."""
    if not where:
        return None
    answers = [_holds(each, table) if isinstance(each, Condition) else _any(each.groups, table) for each in where]
    return reduce(and_, answers)


def known(column: str, table: FactTable) -> nw.Expr:
    """Whether the column has a value: no null, and of codes no empty text and no `_U` either."""
    expression = nw.col(column)
    kind = table.columns[column].type
    present = ~expression.is_null()
    if kind in (Type.CODE, Type.CODES, Type.PERIOD):
        return present & (expression != "") & (expression != UNKNOWN)
    if kind is Type.NUMBER:
        return present & ~expression.cast(nw.Float64).is_nan()
    return present


def amount(column: str, table: FactTable) -> nw.Expr:
    """A measured column as a whole number of its smallest unit, so that sums are exact in any order."""
    decimals = table.columns[column].decimals
    if table.columns[column].type is Type.WHOLE:
        return nw.col(column).cast(nw.Int64)
    return (nw.col(column).cast(nw.Float64) * float(10**decimals)).round().cast(nw.Int64)


def code(breakdown: Breakdown, alike: Sequence[Breakdown]) -> nw.Expr:
    """The code of each row in a breakdown.

    alike  all breakdowns of the indicator that code the same dimension, this one included. Who is unknown in one of
           them is unknown in all, so that the dimension has one number of unknowns and not two under one code.
    """
    column = nw.col(breakdown.column)
    own: nw.Expr = column
    for low, word in zip(breakdown.bands, breakdown.band_codes(), strict=True):
        own = nw.lit(word) if low == breakdown.bands[0] else nw.when(column >= low).then(nw.lit(word)).otherwise(own)
    return nw.when(reduce(and_, map(_coded, alike))).then(own).otherwise(nw.lit(breakdown.unknown))


def period(column: str, finest: str, frequency: str) -> nw.Expr:
    """The period of length `frequency` in which the period of each row lies."""
    written = nw.col(column)
    year = written.str.slice(0, 4)
    if frequency == finest:
        return written
    if frequency == "A":
        return year
    expression: nw.Expr = nw.lit("-Q4")
    for quarter, last in ((3, "09"), (2, "06"), (1, "03")):
        expression = nw.when(written.str.slice(5, 2) <= last).then(nw.lit(f"-Q{quarter}")).otherwise(expression)
    return nw.concat_str([year, expression])


def _coded(breakdown: Breakdown) -> nw.Expr:
    """Whether a row has a code in a breakdown."""
    column = nw.col(breakdown.column)
    if breakdown.bands:
        return ~column.is_null() & (column >= breakdown.bands[0])
    return ~column.is_null() & (column != "") & (column != UNKNOWN)


def _any(groups: tuple[Where, ...], table: FactTable) -> nw.Expr:
    found = [truth(group, table) for group in groups]
    return reduce(or_, [each for each in found if each is not None])


def _holds(condition: Condition, table: FactTable) -> nw.Expr:
    """One condition. Only whether a value is known is never unknown itself."""
    present = known(condition.column, table)
    if condition.test is Comparison.KNOWN:
        return present
    if condition.test is Comparison.UNKNOWN:
        return ~present
    return nw.when(present).then(_answer(condition, nw.col(condition.column)))


def _answer(condition: Condition, column: nw.Expr) -> nw.Expr:
    """The condition on a value that is known."""
    values = condition.values
    match condition.test:
        case Comparison.IN:
            return column.is_in(list(values))
        case Comparison.NOT_IN:
            return ~column.is_in(list(values))
        case Comparison.HAS:
            padded = nw.concat_str([nw.lit(SEPARATOR), column, nw.lit(SEPARATOR)])
            return reduce(
                or_, [padded.str.contains(f"{SEPARATOR}{value}{SEPARATOR}", literal=True) for value in values]
            )
        case Comparison.AT_LEAST:
            return column >= values[0]
        case Comparison.AT_MOST:
            return column <= values[0]
        case Comparison.BETWEEN:
            return (column >= values[0]) & (column <= values[1])
    raise AssertionError(condition.test)
