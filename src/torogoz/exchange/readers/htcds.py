"""Files of HTCDS 2.0 (CSV, UTF-8, one case per line): what can be kept, and what is set aside with its reasons."""

import csv
import io
from dataclasses import dataclass
from typing import Final

from torogoz.exchange.htcds.standard import FIELDS
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.writers.htcds import plain
from torogoz.statistics.dataflows import nearest

MOST_BYTES: Final = 50_000_000
LONGEST_VALUE: Final = 32_000


@dataclass(frozen=True)
class SetAside:
    """A line that was not kept: its number in the file, its values as they stand, and every reason."""

    line: int
    values: dict[str, str]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Cases:
    """What a file holds.

    columns     the fields of the standard that it has, in its order
    kept        the lines that are as the standard wants them, empty where nothing is known
    """

    columns: tuple[str, ...]
    kept: tuple[dict[str, str], ...]
    set_aside: tuple[SetAside, ...]


def cases_from(content: bytes, name: str) -> Cases:
    """Read a file. A line with one wrong value is set aside whole, with all its reasons; nothing is guessed.

    name    of the file, for messages
    raises  Unreadable if it is not such a file: not UTF-8, not CSV, a column that is no field of the standard
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(f"{name} has {len(content):,} bytes; {MOST_BYTES:,} are read at most")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        raise Unreadable(f"{name} is not a text in UTF-8") from mistake
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    kept: list[dict[str, str]] = []
    aside: list[SetAside] = []
    try:
        columns = tuple(column.strip() for column in next(reader, []))
        _check_columns(columns, name)
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            row = {column: plain(value.strip()) for column, value in zip(columns, values, strict=False)}
            if reasons := _reasons(columns, values, row):
                aside.append(SetAside(reader.line_num, row, reasons))
            else:
                kept.append(row)
    except csv.Error as mistake:
        raise Unreadable(f"{name} line {reader.line_num} is not CSV: {mistake}") from mistake
    return Cases(columns, tuple(kept), tuple(aside))


def _check_columns(columns: tuple[str, ...], name: str) -> None:
    if not columns:
        raise Unreadable(f"{name} is empty")
    for column in columns:
        if column not in FIELDS:
            raise Unreadable(f"{name}: HTCDS 2.0 has no field {column or 'without a name'}{nearest(column, FIELDS)}")
        if columns.count(column) > 1:
            raise Unreadable(f"{name}: the column {column} is there twice")


def _reasons(columns: tuple[str, ...], values: list[str], row: dict[str, str]) -> tuple[str, ...]:
    if len(values) != len(columns):
        return (f"it has {len(values)} values for {len(columns)} columns",)
    long = [
        f"{column}: has more than {LONGEST_VALUE:,} letters" for column in columns if len(row[column]) > LONGEST_VALUE
    ]
    wrong = [f"{column}: {why}" for column in columns if (why := FIELDS[column].wrong(row[column]))]
    return (*long, *wrong)
