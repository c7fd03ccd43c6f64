"""From the text of a column to its values, as expressions: whole columns at once, and null where a cell is no value."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from torogoz.statistics.rules.schema import Field, Kind, SchemaUnclear

WHITE: Final = " \t\u00a0\u202f"
_INTEGER: Final = r"^[+-]?\d+$"
_NUMBER: Final = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_ISO_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
_ISO_MOMENT: Final = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$"
_ISO_TIME: Final = r"^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"
_FORMATS: Final = {
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$",
    "uuid": r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
}
TEXT_FORMATS: Final = frozenset({"default", *_FORMATS})


def known(name: str, missing: Sequence[str]) -> pl.Expr:
    """The text of a column, null where it stands for a missing value. A blank cell is always missing."""
    text = pl.col(name)
    others = [word for word in missing if word]
    return pl.when(~text.is_in(others)).then(text) if others else text


def parsed(of: Field, text: pl.Expr) -> pl.Expr:
    """The values of `text` as `of` reads them, null where it cannot.

    Numbers are finite: NaN and INF, which Table Schema allows, are no figures. In a workbook dates are ISO whatever the
    pattern; a month may be its first day.
    """
    bare = text.str.strip_chars(WHITE)
    match of.kind:
        case Kind.STRING:
            return text if of.format == "default" else pl.when(text.str.contains(_FORMATS[of.format])).then(text)
        case Kind.ANY:
            return text
        case Kind.INTEGER | Kind.NUMBER:
            return _number(of, bare)
        case Kind.BOOLEAN:
            return pl.when(bare.is_in(of.true_values)).then(True).when(bare.is_in(of.false_values)).then(False)
        case Kind.YEAR:
            return pl.when(bare.str.contains(r"^\d{4}$")).then(bare).cast(pl.Int32, strict=False)
        case Kind.YEARMONTH:
            month = pl.when(bare.str.contains(r"^\d{4}-\d{2}(-01)?$")).then(bare.str.head(7) + "-01")
            return month.str.to_date("%Y-%m-%d", strict=False)
        case Kind.DATE:
            return _day(of, bare)
        case Kind.DATETIME:
            return _moment(of, bare)
        case Kind.TIME:
            return _time(of, bare)


def value_of(of: Field, text: str) -> object:
    """One value, as a bound or a code of a schema writes it. Raises SchemaUnclear if the field could not hold it."""
    found: object = pl.select(parsed(of, pl.lit(text, pl.String))).item()
    if found is None:
        raise SchemaUnclear(f"field {of.name!r}: {text!r} is no {of.kind.value} as the field writes it")
    return found


def _number(of: Field, bare: pl.Expr) -> pl.Expr:
    if not of.bare_number:
        bare = bare.str.extract(r"^[^\d+\-.,]*([+-]?[\d.,].*?)[^\d]*$", 1)
    if of.group_char:
        group = _literal(of.group_char)
        grouped = rf"^[+-]?\d{{1,3}}({group}\d{{3}})+([^\d].*)?$"
        whole = ~bare.str.contains(of.group_char, literal=True) | bare.str.contains(grouped)
        bare = pl.when(whole).then(bare.str.replace_all(of.group_char, "", literal=True))
    if of.kind is Kind.INTEGER:
        return pl.when(bare.str.contains(_INTEGER)).then(bare).cast(pl.Int64, strict=False)
    if of.decimal_char != ".":
        bare = pl.when(~bare.str.contains(".", literal=True)).then(bare.str.replace(of.decimal_char, ".", literal=True))
    return pl.when(bare.str.contains(_NUMBER)).then(bare).cast(pl.Float64, strict=False)


def _day(of: Field, bare: pl.Expr) -> pl.Expr:
    iso = pl.when(bare.str.contains(_ISO_DAY)).then(bare).str.to_date("%Y-%m-%d", strict=False)
    if of.format == "default":
        return iso
    own = bare.str.to_date(of.format, strict=False)
    return own if of.format.startswith("%Y") else pl.coalesce(own, iso)


def _moment(of: Field, bare: pl.Expr) -> pl.Expr:
    """Times without a zone, as they are written: a zone at the end is read and left out."""
    shaped = pl.when(bare.str.contains(_ISO_MOMENT)).then(bare)
    plain = shaped.str.replace("T", " ", literal=True).str.replace(r"(Z|[+-]\d{2}:?\d{2})$", "")
    seconds = pl.when(plain.str.len_chars() == 16).then(plain + ":00").otherwise(plain)
    iso = seconds.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    if of.format == "default":
        return iso
    own = bare.str.to_datetime(of.format, time_unit="us", strict=False)
    return own if of.format.startswith("%Y") else pl.coalesce(own, iso)


def _time(of: Field, bare: pl.Expr) -> pl.Expr:
    if of.format != "default":
        return bare.str.to_time(of.format, strict=False)
    shaped = pl.when(bare.str.contains(_ISO_TIME)).then(bare)
    seconds = pl.when(shaped.str.len_chars() == 5).then(shaped + ":00").otherwise(shaped)
    return seconds.str.to_time("%H:%M:%S%.f", strict=False)


def _literal(text: str) -> str:
    """Text as it stands inside a pattern."""
    return "".join(f"\\{letter}" if letter in r"\.+*?()|[]{}^$-" else letter for letter in text)
