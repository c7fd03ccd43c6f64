"""Cases as a file of HTCDS 2.0: CSV in UTF-8, one per line, in the standard's own order of fields."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from torogoz.exchange.htcds.standard import FIELDS

SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class NotOfTheStandard(ValueError):
    """A case was to be written with a field or a value that the standard has not. Nothing was written."""


def cases_csv(cases: Sequence[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    """The file. Text that a spreadsheet would run as a formula is preceded by an apostrophe.

    columns  the fields that it has; a case that lacks one is empty there
    raises   NotOfTheStandard
    """
    ordered = [name for name in FIELDS if name in columns]
    if strange := sorted(set(columns) - set(FIELDS)):
        raise NotOfTheStandard(f"HTCDS 2.0 has no field {', '.join(strange)}")
    for number, case in enumerate(cases, 1):
        for name in ordered:
            if why := FIELDS[name].wrong(case.get(name, "")):
                raise NotOfTheStandard(f"case {number}: {name}: {why}")
    return table_csv(ordered, cases)


def table_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table of texts as CSV, in which no text is run as a formula; a row that lacks a column is empty there."""
    into = io.StringIO(newline="")
    writer = csv.DictWriter(into, columns, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({column: _harmless(row.get(column, "")) for column in columns} for row in rows)
    return into.getvalue().encode()


def plain(text: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(SIGNS) else text


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(SIGNS) and not _NUMBER.fullmatch(text) else text
