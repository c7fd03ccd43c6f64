"""Checking a table against its schema: every rule over whole columns, and what breaks one as rows of a report."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import polars as pl

from torogoz.statistics.rules import words
from torogoz.statistics.rules.parsing import known, parsed, value_of
from torogoz.statistics.rules.schema import (
    HIDDEN,
    ORDERED,
    Adds,
    Compare,
    Condition,
    Field,
    ForeignKey,
    Implies,
    InOrder,
    Kind,
    NotFuture,
    RowRule,
    SchemaUnclear,
    Severity,
    TableSchema,
)

ROW: Final = "SOURCE_ROW"
LONGEST: Final = 100
FINDINGS: Final = pl.Schema(
    {
        "row": pl.Int64(),
        "column": pl.String(),
        "rule": pl.String(),
        "value": pl.String(),
        "severity": pl.String(),
        "message_es": pl.String(),
        "message_en": pl.String(),
    }
)
_VALUE: Final = "value of "
_FORMULA: Final = r"^\s*([=@]|[+\-][^\d.\s])"
_SIGNS: Final[Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    "=": lambda left, right: left == right,
    ">=": lambda left, right: left >= right,
    ">": lambda left, right: left > right,
    "!=": lambda left, right: left != right,
}
Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Check:
    """One rule over one column or row: where it fails, and what is printed of it.

    failing  true in each row that breaks it; null counts as kept
    value    what the report prints; None where nothing may be printed
    """

    rule: str
    column: str
    failing: pl.Expr
    value: pl.Expr | None
    severity: Severity
    said: words.Said


@dataclass(frozen=True)
class Checked:
    """A table after its check.

    findings  one line for each broken rule (columns of FINDINGS), by row
    texts     every row as the file writes it: SOURCE_ROW and the fields (str), a missing value being null
    values    every row as values of its kinds, in the same order; null also where a cell is no value
    wrong     which rows an error sets aside (bool)
    """

    findings: pl.DataFrame
    texts: pl.DataFrame
    values: pl.DataFrame
    wrong: pl.Series

    @property
    def accepted(self) -> pl.DataFrame:
        """The values of the rows without an error."""
        return self.values.filter(~self.wrong)

    @property
    def set_aside(self) -> pl.DataFrame:
        """The other rows, as the file writes them."""
        return self.texts.filter(self.wrong)

    def counts(self) -> pl.DataFrame:
        """How many lines each rule has: rule, column, severity, messages and lines; the most frequent first."""
        keys = ["rule", "column", "severity", "message_es", "message_en"]
        return (
            self.findings.group_by(keys).len("lines").sort("lines", "rule", "column", descending=[True, False, False])
        )


def check(frame: pl.DataFrame, schema: TableSchema, *, today: date, tables: Tables | None = None) -> Checked:
    """Check every row of `frame`.

    frame    SOURCE_ROW (int) and the fields of the schema as text, blank being null. A field that the file lacks, and
             may lack, is taken as empty
    today    the day after which a date is in the future
    tables   the tables that foreign keys point to, by their name, with text columns
    raises   SchemaUnclear if the schema cannot be followed
    """
    absent = [name for name in schema.names if name not in frame.columns]
    whole = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    texts = whole.select(ROW, *(known(name, schema.missing_of(name)).alias(name) for name in schema.names))
    typed = texts.with_columns(
        parsed(each, pl.col(each.name)).alias(_VALUE + each.name) for each in schema.fields if _is_read(each)
    )
    every = list(checks(schema, today, tables or {}))
    failing = typed.select(each.failing.fill_null(value=False).alias(str(place)) for place, each in enumerate(every))
    broken = failing.sum().row(0) if every else ()
    parts = [_lines(typed, failing[str(place)], each) for place, each in enumerate(every) if broken[place]]
    findings = pl.concat(parts).sort("row", maintain_order=True) if parts else pl.DataFrame(schema=FINDINGS)
    errors = [str(place) for place, each in enumerate(every) if each.severity is Severity.ERROR and broken[place]]
    none = pl.repeat(False, typed.height, dtype=pl.Boolean, eager=True)
    return Checked(
        findings=findings,
        texts=typed.select(ROW, *schema.names),
        values=typed.select(ROW, *(_value(each).alias(each.name) for each in schema.fields)),
        wrong=failing.select(pl.any_horizontal(errors)).to_series() if errors else none,
    )


def checks(schema: TableSchema, today: date, tables: Tables) -> Iterator[Check]:
    """Every rule of a schema as a check. Raises SchemaUnclear."""
    for each in schema.fields:
        yield from _of_field(each)
    keys = [("primaryKey", schema.primary_key), *(("uniqueKeys", key) for key in schema.unique_keys)]
    for word, fields in keys:
        if fields:
            yield from _of_key(schema, word, fields)
    for key in schema.foreign_keys:
        yield _of_foreign_key(schema, key, tables)
    for rule in schema.rules:
        printed = None if any(schema.field(name).identifying for name in rule.fields) else _together(rule.fields)
        demand = _broken(schema, rule, today)
        yield Check(rule.name, rule.fields[-1], demand, printed, rule.severity, words.of_rule(rule))


def _is_read(field: Field) -> bool:
    """Whether the values of a field differ from its text."""
    return field.kind not in (Kind.STRING, Kind.ANY) or field.format != "default"


def _value(field: Field) -> pl.Expr:
    return pl.col(_VALUE + field.name) if _is_read(field) else pl.col(field.name)


def _lines(typed: pl.DataFrame, failing: pl.Series, each: Check) -> pl.DataFrame:
    """The lines of the report for one broken rule."""
    shown = pl.lit(HIDDEN) if each.value is None else each.value.fill_null("").str.slice(0, LONGEST)
    return typed.filter(failing).select(
        pl.col(ROW).cast(pl.Int64).alias("row"),
        pl.lit(each.column).alias("column"),
        pl.lit(each.rule).alias("rule"),
        shown.alias("value"),
        pl.lit(each.severity.value).alias("severity"),
        pl.lit(each.said.es).alias("message_es"),
        pl.lit(each.said.en).alias("message_en"),
    )


def _together(fields: Sequence[str]) -> pl.Expr:
    """The cells of several fields, as a reader compares them."""
    if len(fields) == 1:
        return pl.col(fields[0])
    return pl.concat_str(
        (pl.concat_str(pl.lit(f"{name} "), pl.col(name).fill_null("–")) for name in fields), separator="; "
    )


def _of_field(field: Field) -> Iterator[Check]:
    text, value = pl.col(field.name), _value(field)
    printed = None if field.identifying else text

    def broken(word: str, failing: pl.Expr, said: words.Said | None = None) -> Check:
        shown = pl.lit("") if word == "required" else printed
        return Check(
            word, field.name, failing, shown, field.severity_of(word), said or words.of_constraint(field, word)
        )

    if field.required:
        yield broken("required", text.is_null())
    if _is_read(field):
        yield broken("type", text.is_not_null() & value.is_null(), words.of_kind(field))
    if field.kind in (Kind.STRING, Kind.ANY):
        yield broken("formula", text.str.contains(_FORMULA))
    if field.unique:
        yield broken("unique", value.is_not_null() & value.is_duplicated())
    if field.codes:
        allowed = [value_of(field, code) for code in field.codes]
        yield broken("enum", value.is_not_null() & ~value.is_in(allowed))
    if field.min_length is not None:
        yield broken("minLength", text.str.len_chars() < field.min_length)
    if field.max_length is not None:
        yield broken("maxLength", text.str.len_chars() > field.max_length)
    if field.pattern is not None:
        yield broken("pattern", ~text.str.contains(_whole_pattern(field)))
    bounds: tuple[tuple[str, str | None, Callable[[pl.Expr, pl.Expr], pl.Expr]], ...] = (
        ("minimum", field.minimum, _SIGNS["<"]),
        ("maximum", field.maximum, _SIGNS[">"]),
        ("exclusiveMinimum", field.exclusive_minimum, _SIGNS["<="]),
        ("exclusiveMaximum", field.exclusive_maximum, _SIGNS[">="]),
    )
    for word, bound, beyond in bounds:
        if bound is not None:
            yield broken(word, beyond(value, pl.lit(_bound(field, word, bound))))


def _bound(field: Field, word: str, text: str) -> Any:
    if field.kind not in ORDERED:
        raise SchemaUnclear(f"field {field.name!r}: {word} has no meaning for {field.kind.value}")
    return value_of(field, text)


def _whole_pattern(field: Field) -> str:
    """The pattern of a field, which must match the whole cell."""
    pattern = f"^(?:{field.pattern})$"
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError as wrong:
        raise SchemaUnclear(
            f"field {field.name!r}: the pattern {field.pattern!r} cannot be read; patterns that look ahead, behind or "
            "back at what was matched are not followed"
        ) from wrong
    return pattern


def _of_key(schema: TableSchema, word: str, fields: Sequence[str]) -> Iterator[Check]:
    values = [_value(schema.field(name)) for name in fields]
    hidden = any(schema.field(name).identifying for name in fields)
    printed = None if hidden else _together(fields)
    whole = pl.all_horizontal(value.is_not_null() for value in values)
    column = fields[0] if len(fields) == 1 else ", ".join(fields)
    if word == "primaryKey":
        yield Check("keyMissing", column, ~whole, printed, Severity.ERROR, words.of_key(fields, "keyMissing"))
    repeated = (values[0] if len(values) == 1 else pl.struct(values)).is_duplicated()
    yield Check(word, column, whole & repeated, printed, Severity.ERROR, words.of_key(fields, word))


def _of_foreign_key(schema: TableSchema, key: ForeignKey, tables: Tables) -> Check:
    texts = [pl.col(name).str.strip_chars() for name in key.fields]
    given = pl.all_horizontal(text.is_not_null() for text in texts)
    if key.resource:
        table = tables.get(key.resource)
        if table is None:
            have = ", ".join(sorted(tables)) or "none"
            raise SchemaUnclear(
                f"a foreign key points to the table {key.resource!r}, which was not given (given: {have})"
            )
        absent = [name for name in key.other_fields if name not in table.columns]
        if absent:
            raise SchemaUnclear(f"the table {key.resource!r} has no column {', '.join(absent)}")
        rows = table.select(_joined(pl.col(name).cast(pl.String).str.strip_chars() for name in key.other_fields))
        exists = _joined(texts).is_in(rows.to_series().drop_nulls().unique().to_list())
    else:
        exists = _joined(texts).is_in(_joined(pl.col(name).str.strip_chars() for name in key.other_fields).implode())
    hidden = any(schema.field(name).identifying for name in key.fields)
    printed = None if hidden else _together(key.fields)
    column = ", ".join(key.fields)
    return Check("foreignKey", column, given & ~exists, printed, Severity.ERROR, words.of_foreign_key(key))


def _joined(texts: Iterable[pl.Expr]) -> pl.Expr:
    """Several cells as one text that no other cells give; null if one is missing."""
    return pl.concat_str(list(texts), separator="\x1f")


def _broken(schema: TableSchema, rule: RowRule, today: date) -> pl.Expr:
    """Where a row breaks a rule across its fields. What is unknown breaks none."""

    def value(name: str) -> pl.Expr:
        return _value(schema.field(name))

    match rule.demand:
        case Compare(left, sign, right):
            _same_kind(schema, rule, (left, right))
            return ~_SIGNS[sign](value(left), value(right))
        case InOrder(fields):
            _same_kind(schema, rule, fields)
            pairs = [(one, other) for place, one in enumerate(fields) for other in fields[place + 1 :]]
            return pl.any_horizontal((value(one) > value(other)).fill_null(value=False) for one, other in pairs)
        case Adds(parts, total, tolerance):
            wrong = [name for name in (*parts, total) if schema.field(name).kind not in (Kind.INTEGER, Kind.NUMBER)]
            if wrong:
                raise SchemaUnclear(f"rule {rule.name!r}: {', '.join(wrong)} is not a number and cannot be added")
            apart = pl.sum_horizontal(value(name) for name in parts) - value(total)
            complete = pl.all_horizontal(value(name).is_not_null() for name in parts)
            return pl.when(complete).then(apart.abs() > tolerance).otherwise(apart > tolerance)
        case Implies(when, then):
            first, second = _holds(schema, when), _holds(schema, then)
            asked = pl.col(then.field).is_not_null() if then.present is None else pl.lit(True)
            return first.fill_null(value=False) & asked & ~second.fill_null(value=False)
        case NotFuture(name):
            return value(name) > pl.lit(_latest(schema.field(name), today, rule))


def _same_kind(schema: TableSchema, rule: RowRule, fields: Sequence[str]) -> None:
    kinds = {schema.field(name).kind for name in fields}
    numbers = {Kind.INTEGER, Kind.NUMBER}
    if len(kinds) > 1 and not kinds <= numbers:
        said = ", ".join(f"{name} ({schema.field(name).kind.value})" for name in fields)
        raise SchemaUnclear(f"rule {rule.name!r} compares fields of different kinds: {said}")


def _holds(schema: TableSchema, condition: Condition) -> pl.Expr:
    """Whether a cell meets a condition; null where it is empty and the condition does not say what that means."""
    field = schema.field(condition.field)
    value, text = _value(field), pl.col(field.name)
    parts: list[pl.Expr] = []
    if condition.present is not None:
        parts.append(text.is_not_null() if condition.present else text.is_null())
    if condition.is_in is not None:
        parts.append(value.is_in([value_of(field, code) for code in condition.is_in]))
    if condition.not_in is not None:
        parts.append(~value.is_in([value_of(field, code) for code in condition.not_in]))
    if condition.minimum is not None:
        parts.append(value >= pl.lit(_bound(field, "minimum", condition.minimum)))
    if condition.maximum is not None:
        parts.append(value <= pl.lit(_bound(field, "maximum", condition.maximum)))
    if not parts:
        raise SchemaUnclear(f"a condition on {condition.field!r} asks nothing")
    return pl.all_horizontal(parts)


def _latest(field: Field, today: date, rule: RowRule) -> Any:
    """The last value of a field that is not in the future."""
    match field.kind:
        case Kind.DATE:
            return today
        case Kind.DATETIME:
            return datetime.combine(today, time.max)
        case Kind.YEARMONTH:
            return today.replace(day=1)
        case Kind.YEAR:
            return today.year
        case _:
            raise SchemaUnclear(f"rule {rule.name!r}: {field.name!r} is no date, so it has no future")
