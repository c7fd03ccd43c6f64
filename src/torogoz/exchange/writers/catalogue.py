"""The catalogue of an instrument as CSV, JSON and a workbook, each with its dictionary of data."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from torogoz.domain.catalogue import COLUMNS, NAMES, guarded

Row = Mapping[str, str]
MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook knows no zones; one moment, so that one content gives one file


def as_csv(rows: Sequence[Row], language: str) -> bytes:
    """The rows as UTF-8 CSV with CRLF, its header in the language. The same rows give the same bytes."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([column.name(language) for column in COLUMNS])
    writer.writerows([[guarded(row[name]) for name in NAMES] for row in rows])
    return made.getvalue().encode()


def as_json(about: Mapping[str, Any], rows: Sequence[Row]) -> bytes:
    """What the instrument is, what each column holds, and its provisions; several codes in a cell become a list."""
    whole = {
        **about,
        "columns": [
            {
                "name": column.en,
                "title": {"es": column.es, "en": column.en},
                "description": {"es": column.about_es, "en": column.about_en},
            }
            for column in COLUMNS
        ],
        "provisions": [
            {column.en: row[column.en].split() if column.several else row[column.en] or None for column in COLUMNS}
            for row in rows
        ],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_workbook(about: Mapping[str, Any], rows: Sequence[Row], language: str) -> bytes:
    """A workbook of two sheets: the provisions, and what each column holds. Text is never run as a formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        book.set_properties({"title": str(about["title"][language]), "created": MADE})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
        for at, column in enumerate(COLUMNS):
            sheet.set_column(at, at, 60 if column.en.startswith("text_") else 16, wrapped)
            sheet.write_string(0, at, column.name(language), bold)
        for line, row in enumerate(rows, start=1):
            for at, name in enumerate(NAMES):
                sheet.write_string(line, at, row[name])
        words = book.add_worksheet("dictionary")
        words.set_column(0, 0, 20)
        words.set_column(1, 1, 90, wrapped)
        source = [(str(about["title"][language]), str(about["source"]))]
        said = [(column.name(language), column.about(language)) for column in COLUMNS]
        for line, (name, text) in enumerate(source + said):
            words.write_string(line, 0, name, bold)
            words.write_string(line, 1, text)
    return made.getvalue()
