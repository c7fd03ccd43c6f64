"""From text to observations: numbers, codes and periods, and each cell that is none of these set aside."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from torogoz.exchange.readers.contract import LABELS, SET_ASIDE, schema_of
from torogoz.exchange.readers.tables import ROW, Table

_THOUSANDS: Final = r"^\d{1,3}(,\d{3})+(\.\d+)?$"
_LONGEST = 200


class Aside:
    """The rows and cells that could not be stored as they stand, gathered while a table is read."""

    def __init__(self) -> None:
        """Start with none."""
        self._parts: list[pl.DataFrame] = []

    def add(self, rows: pl.DataFrame, column: str, reason: str, value: str | None = None) -> None:
        """Set aside the cell `column` of each of `rows`; the value is taken from the column `value` (or `column`)."""
        found = pl.col(value or column).cast(pl.String()).fill_null("").str.slice(0, _LONGEST)
        self._parts.append(
            rows.select(
                pl.col(ROW).alias("row"),
                pl.lit(column).alias("column"),
                found.alias("value"),
                pl.lit(reason).alias("reason"),
            )
        )

    def add_one(self, row: int, column: str, value: str, reason: str) -> None:
        """Set aside one cell, or a whole row if `column` is empty."""
        self._parts.append(pl.DataFrame([(row, column, value[:_LONGEST], reason)], schema=SET_ASIDE, orient="row"))

    def ragged(self, table: Table) -> None:
        """Set aside the records of `table` that have more or fewer fields than its header."""
        for row, text in table.ragged:
            reason = f"the record does not have the {len(table.header)} fields of the header; it was not stored"
            self.add_one(row, "", text, reason)

    def frame(self) -> pl.DataFrame:
        """Everything set aside, by row."""
        if not self._parts:
            return pl.DataFrame(schema=SET_ASIDE)
        return pl.concat(self._parts).cast(SET_ASIDE).sort("row", maintain_order=True)


def numbers(
    frame: pl.DataFrame,
    columns: Iterable[str],
    aside: Aside,
    *,
    absent: frozenset[str] = frozenset(),
    below_zero: bool = False,
) -> pl.DataFrame:
    """`columns` as numbers, not below zero unless allowed; blank cells and the publisher's signs `absent` are null.

    A cell that is anything else is set aside and becomes null: unknown is never zero.
    """
    parsed = []
    for name in columns:
        text = frame[name]
        if absent:
            text = text.set(text.is_in(list(absent)), None)
        value = text.cast(pl.Float64(), strict=False)
        if value.null_count() > text.null_count():
            value = _by_hand(text, value)
        lowest, highest = value.min(), value.max()
        wrong = value.null_count() > text.null_count() or value.is_nan().any()
        if wrong or not _within(lowest, highest):
            value = _only_counts(frame, name, text, value, aside, below_zero)
        parsed.append(value.alias(name))
    return frame.with_columns(parsed)


def _within(lowest: object, highest: object) -> bool:
    """Whether all numbers between these two are counts: not negative, not infinite."""
    if not isinstance(lowest, float) or not isinstance(highest, float):
        return True
    return lowest >= 0 and highest < float("inf")


def _by_hand(text: pl.Series, value: pl.Series) -> pl.Series:
    """Read once more, allowing for blanks around a number and commas between its thousands."""
    frame = pl.DataFrame({"text": text.str.strip_chars(), "value": value})
    commas = pl.col("text").str.contains(_THOUSANDS)
    again = pl.when(commas).then(pl.col("text").str.replace_all(",", "")).otherwise(pl.col("text"))
    return frame.select(pl.coalesce("value", again.cast(pl.Float64(), strict=False)))["value"]


def _only_counts(
    frame: pl.DataFrame, name: str, text: pl.Series, value: pl.Series, aside: Aside, below_zero: bool
) -> pl.Series:
    """The numbers that can be counts; the other cells set aside."""
    both = pl.DataFrame({ROW: frame[ROW], name: text, "value": value})
    written = pl.col(name).is_not_null() & (pl.col(name).str.strip_chars() != "")
    finite = pl.col("value").is_finite().fill_null(value=False)
    aside.add(both.filter(written & ~finite), name, "not a number; the cell was stored as not available")
    below = finite & (pl.col("value") < 0) & (not below_zero)
    aside.add(both.filter(below), name, "a figure below zero; the cell was stored as not available")
    return both.select(pl.when(finite & ~below).then(pl.col("value")))["value"]


def kept(frame: pl.DataFrame, column: str, valid: Callable[[str], bool], aside: Aside, reason: str) -> pl.DataFrame:
    """The rows whose `column` is `valid`; the others are set aside. Each different text is asked about once."""
    texts = frame[column].unique().to_list()
    known = [text for text in texts if text is not None and valid(text)]
    if len(known) == len(texts):
        return frame
    good = frame[column].is_in(known).fill_null(value=False)
    aside.add(frame.filter(~good), column, f"{reason}; the row was not stored")
    return frame.filter(good)


def is_year(text: str) -> bool:
    """Whether `text` is a year that a migration figure can have."""
    return re.fullmatch(r"(19|20)\d\d", text) is not None


def recoded(column: str, codes: Mapping[str, str], name: str) -> pl.Expr:
    """`column` with some texts replaced by codes, the others as they are."""
    old = pl.col(column)
    return (old.replace(dict(codes)) if codes else old).alias(name)


def long(frame: pl.DataFrame, keep: Sequence[str], cells: Iterable[tuple[str, Mapping[str, str]]]) -> pl.DataFrame:
    """One row for each row of `frame` and each of `cells` (a column of numbers, and the codes that it stands for).

    OBS_VALUE is the number; OBS_STATUS is A for a number and M for none.
    """
    return pl.concat(
        frame.select(
            *keep,
            *(pl.lit(code).alias(name) for name, code in codes.items()),
            pl.col(column).alias("OBS_VALUE"),
            _status(frame[column]).alias("OBS_STATUS"),
        )
        for column, codes in cells
    )


def _status(value: pl.Series) -> pl.Expr:
    """A where there is a number, M where there is none; most columns are wholly the one or the other."""
    if value.null_count() == 0:
        return pl.lit("A")
    if value.null_count() == len(value):
        return pl.lit("M")
    return pl.when(pl.col(value.name).is_not_null()).then(pl.lit("A")).otherwise(pl.lit("M"))


def observations(dataflow: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` in the columns of `dataflow`, in their order and types."""
    schema = schema_of(dataflow)
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())


def code_of(label: str) -> str:
    """A code made of a publisher's words: `Latin America / Caribbean (P)` is LATIN_AMERICA_CARIBBEAN_P."""
    letters = unicodedata.normalize("NFKD", label.replace("ı", "i")).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "_", letters.upper()).strip("_") or "_U"


def labels(columns: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """The table of labels: by column, the publisher's words of each code (the first, if several make one code)."""
    rows = [(column, code, label) for column, words in columns.items() for code, label in sorted(words.items())]
    return pl.DataFrame(rows, schema=LABELS, orient="row")
