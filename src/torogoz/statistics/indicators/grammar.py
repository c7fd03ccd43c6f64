"""The closed grammar of measures and conditions, read from YAML and checked against the tables and dataflows."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from torogoz.statistics import periods
from torogoz.statistics.dataflows import DATAFLOWS, TIME
from torogoz.statistics.indicators.definition import (
    UNKNOWN,
    AnyOf,
    Comparison,
    Condition,
    Count,
    Difference,
    Distinct,
    External,
    Mean,
    Measure,
    Part,
    Quantile,
    Rate,
    Ratio,
    Share,
    Stock,
    Sum,
    Where,
)
from torogoz.statistics.indicators.tables import BREAKDOWNS, TABLES, Column, FactTable, Type
from torogoz.statistics.strict_yaml import Node

ANY_OF: Final = "any_of"
TIMES: Final = (1, 100, 1_000, 10_000, 100_000, 1_000_000)


def read_measure(node: Node) -> Measure:
    """The measure of a node: `fn` names it, and decides which other keys there are. Raises UnclearDefinition."""
    return _function(node, MEASURES)(node)


def read_where(node: Node | None, table: FactTable) -> Where:
    """Conditions by column; `any_of` is a list of alternatives. Raises UnclearDefinition."""
    if node is None:
        return ()
    found: list[Condition | AnyOf] = []
    for name, value in node.mapping((*table.columns, ANY_OF)).items():
        if name == ANY_OF:
            found.append(AnyOf(tuple(read_where(each, table) for each in value.items(least=2))))
        else:
            found.append(_condition(value, table.columns[name]))
    if not found:
        raise node.mistake("no condition is in it; leave the key out for the whole table")
    return tuple(found)


def _function(node: Node, known: Mapping[str, Callable[[Node], Measure]]) -> Callable[[Node], Measure]:
    return known[node.mapping(required=["fn"])["fn"].word(known, "measure")]


def _count(node: Node) -> Count:
    keys = node.mapping(("fn", "of", "where"), ["of"])
    table = _table(keys["of"])
    return Count(table.id, read_where(keys.get("where"), table))


def _sum(node: Node) -> Sum:
    keys = node.mapping(("fn", "of", "where"), ["of"])
    table, column = _column(keys["of"], (Type.WHOLE, Type.NUMBER))
    return Sum(table.id, column, read_where(keys.get("where"), table))


def _mean(node: Node) -> Mean:
    keys = node.mapping(("fn", "of", "where"), ["of"])
    table, column = _column(keys["of"], (Type.WHOLE, Type.NUMBER))
    return Mean(table.id, column, read_where(keys.get("where"), table))


def _distinct(node: Node) -> Distinct:
    keys = node.mapping(("fn", "of", "where"), ["of"])
    table, column = _column(keys["of"], (Type.KEY,))
    return Distinct(table.id, column, read_where(keys.get("where"), table))


def _median(node: Node) -> Quantile:
    keys = node.mapping(("fn", "of", "where"), ["of"])
    table, column = _column(keys["of"], (Type.WHOLE, Type.NUMBER))
    return Quantile(table.id, column, 0.5, read_where(keys.get("where"), table))


def _quantile(node: Node) -> Quantile:
    keys = node.mapping(("fn", "of", "at", "where"), ["of", "at"])
    table, column = _column(keys["of"], (Type.WHOLE, Type.NUMBER))
    return Quantile(table.id, column, keys["at"].number(0, 1), read_where(keys.get("where"), table))


def _share(node: Node) -> Share:
    keys = node.mapping(("fn", "of", "part", "where", "times"), ["of", "part"])
    table = _table(keys["of"])
    part = read_where(keys["part"], table)
    return Share(table.id, part, read_where(keys.get("where"), table), _times(keys.get("times"), 100))


def _ratio(node: Node) -> Ratio:
    keys = node.mapping(("fn", "numerator", "denominator", "times"), ["numerator", "denominator"])
    return Ratio(_part(keys["numerator"]), _part(keys["denominator"]), _times(keys.get("times"), 1))


def _difference(node: Node) -> Difference:
    keys = node.mapping(("fn", "of", "less"), ["of", "less"])
    return Difference(_part(keys["of"]), _part(keys["less"]))


def _rate(node: Node) -> Rate:
    keys = node.mapping(("fn", "numerator", "population", "per"), ["numerator", "population", "per"])
    return Rate(_part(keys["numerator"]), _external(keys["population"]), _times(keys["per"], 1))


def _stock(node: Node) -> Stock:
    keys = node.mapping(("fn", "inflow", "outflow", "opening"), ["inflow", "outflow"])
    inflow, outflow = _flow(keys["inflow"]), _flow(keys["outflow"])
    if "opening" not in keys:
        return Stock(inflow, outflow)
    opening = keys["opening"].mapping(("dataflow", "where", "dataset", "match", "at"), ["dataflow", "at"])
    at = opening["at"].text() if not isinstance(opening["at"].value, int) else str(opening["at"].value)
    try:
        periods.bounds(at)
    except periods.UnclearPeriod as mistake:
        raise opening["at"].mistake(str(mistake)) from mistake
    return Stock(inflow, outflow, _reference(opening), periods.written(at))


def _external(node: Node) -> External:
    return _reference(node.mapping(("fn", "dataflow", "where", "dataset", "match"), ["dataflow"]))


def _reference(keys: Mapping[str, Node]) -> External:
    """A dataflow, the codes that are wanted of its dimensions, and the data set that is meant."""
    flow = DATAFLOWS[keys["dataflow"].word(DATAFLOWS, "dataflow")]
    dimensions = [name for name in flow.names if name != TIME]
    chosen = keys["where"].mapping(dimensions) if "where" in keys else {}
    match = keys["match"].mapping({each.dimension: None for each in BREAKDOWNS.values()}) if "match" in keys else {}
    return External(
        flow.id,
        {name: _words(value) for name, value in chosen.items()},
        keys["dataset"].text() if "dataset" in keys else "",
        {name: value.word(dimensions, f"dimension of {flow.id} called") for name, value in match.items()},
    )


def _part(node: Node) -> Part:
    found = _function(node, PARTS)(node)
    assert isinstance(found, Part)
    return found


def _flow(node: Node) -> Count | Sum:
    found = _function(node, FLOWS)(node)
    assert isinstance(found, Count | Sum)
    return found


def _times(node: Node | None, otherwise: int) -> int:
    if node is None:
        return otherwise
    value = node.whole(1, TIMES[-1])
    if value not in TIMES:
        raise node.mistake(f"should be one of {', '.join(map(str, TIMES))}, not {value}")
    return value


def _table(node: Node) -> FactTable:
    return TABLES[node.word(TABLES, "table")]


def _column(node: Node, types: Collection[Type]) -> tuple[FactTable, str]:
    """The table and column of `returns.person`."""
    table, point, column = node.text().partition(".")
    if not point:
        raise node.mistake(f"should be a table and a column, like {table}.{next(iter(types))}, not {table}")
    found = TABLES[Node(table, node.file, node.subject, node.key).word(TABLES, "table")]
    word = Node(column, node.file, node.subject, node.key).word(found.columns, f"column of {table} called")
    kind = found.columns[word].type
    if kind not in types:
        raise node.mistake(f"{table}.{word} holds {kind}; here {' or '.join(types)} is needed")
    return found, word


def _condition(node: Node, column: Column) -> Condition:
    """A code; a list of codes; or one test with its value."""
    if not isinstance(node.value, dict):
        test = Comparison.HAS if column.type is Type.CODES else Comparison.IN
        return Condition(column.name, test, _values(node, column, test))
    tests = [*(each.value for each in Comparison if each is not Comparison.KNOWN), "equals"]
    keys = node.mapping(tests)
    if len(keys) != 1:
        raise node.mistake(f"should have one test, of {', '.join(tests)}")
    ((name, value),) = keys.items()
    if name == "unknown":
        return Condition(column.name, Comparison.UNKNOWN if value.truth() else Comparison.KNOWN)
    test = Comparison.IN if name == "equals" else Comparison(name)
    if name == "equals" and isinstance(value.value, list):
        raise value.mistake("should be one value; for several, write in")
    return Condition(column.name, test, _values(value, column, test))


def _values(node: Node, column: Column, test: Comparison) -> tuple[str | int | float, ...]:
    """The values of a test, as the column holds them."""
    by_size = test in (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.BETWEEN)
    if by_size != column.type.measured and not (column.type.measured and test is Comparison.IN):
        raise node.mistake(f"{column.name} holds {column.type}, to which {test} does not apply")
    if (test is Comparison.HAS) != (column.type is Type.CODES):
        raise node.mistake(f"{column.name} holds {column.type}, to which {test} does not apply")
    if column.type in (Type.KEY, Type.PERIOD):
        raise node.mistake(f"{column.name} is a {column.type}; no condition looks at it")
    several = node.items(least=1) if isinstance(node.value, list) else [node]
    if test is Comparison.BETWEEN and len(several) != 2:
        raise node.mistake("should be two bounds, [least, most]")
    if test in (Comparison.AT_LEAST, Comparison.AT_MOST) and len(several) != 1:
        raise node.mistake("should be one number")
    if column.type.measured:
        numbers = tuple(_number(each, column) for each in several)
        if test is Comparison.BETWEEN and numbers[0] > numbers[1]:
            raise node.mistake(f"the bounds are the wrong way round: {numbers[0]} is more than {numbers[1]}")
        return numbers
    return tuple(_code(each, column) for each in several)


def _number(node: Node, column: Column) -> int | float:
    if column.type is Type.WHOLE:
        return node.whole(-(2**53), 2**53)
    return node.number(-(2.0**53), 2.0**53)


def _code(node: Node, column: Column) -> str:
    code = node.text()
    if code == UNKNOWN:
        raise node.mistake("unknown is not a code to compare with; write {unknown: true}")
    return node.word(column.codes, f"code of {column.name} called") if column.codes else code


def _words(node: Node) -> tuple[str, ...]:
    if isinstance(node.value, list):
        return tuple(each.text() for each in node.items(least=1))
    return (node.text(),)


FLOWS: Final[Mapping[str, Callable[[Node], Measure]]] = {"count": _count, "sum": _sum}
PARTS: Final[Mapping[str, Callable[[Node], Measure]]] = {**FLOWS, "n_unique": _distinct, "external": _external}
MEASURES: Final[Mapping[str, Callable[[Node], Measure]]] = {
    **PARTS,
    "median": _median,
    "quantile": _quantile,
    "mean": _mean,
    "ratio": _ratio,
    "difference": _difference,
    "share": _share,
    "rate": _rate,
    "stock": _stock,
}
