"""The catalogue of an instrument as CSV, JSON and a workbook, each with its dictionary of data."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from torogoz.domain.catalogue import COLUMNS, NAMES, Meaning, guarded

Row = Mapping[str, str]
CODES: Final = ("columna", "column", "code", "name_es", "name_en")
MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook knows no zones; one moment, so that one content gives one file


def as_csv(rows: Sequence[Row], language: str) -> bytes:
    """The rows as UTF-8 CSV with CRLF, its header in the language. The same rows give the same bytes."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([column.name(language) for column in COLUMNS])
    writer.writerows([[guarded(row[name]) for name in NAMES] for row in rows])
    return made.getvalue().encode()


def meanings_as_csv(meanings: Sequence[Meaning]) -> bytes:
    """What each column and each code of the catalogue means, in both languages.

    A row has the column by both of its names, and then the code; a row without a code says what the column holds.
    """
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(CODES)
    columns = [(column.es, column.en, "", column.about_es, column.about_en) for column in COLUMNS]
    writer.writerows([[guarded(cell) for cell in cells] for cells in (*columns, *_lines(meanings))])
    return made.getvalue().encode()


def _lines(meanings: Sequence[Meaning]) -> list[tuple[str, str, str, str, str]]:
    spanish = {column.en: column.es for column in COLUMNS}
    return [(spanish[one.column], one.column, one.code, one.es, one.en) for one in meanings]


def as_json(about: Mapping[str, Any], rows: Sequence[Row], meanings: Sequence[Meaning]) -> bytes:
    """What the instrument is, what columns and codes mean, its provisions; several codes in a cell become a list."""
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
        "codes": [{"column": one.column, "code": one.code, "name": {"es": one.es, "en": one.en}} for one in meanings],
        "provisions": [
            {column.en: row[column.en].split() if column.several else row[column.en] or None for column in COLUMNS}
            for row in rows
        ],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_workbook(about: Mapping[str, Any], rows: Sequence[Row], meanings: Sequence[Meaning], language: str) -> bytes:
    """A workbook of three sheets: the provisions, what columns hold, what codes mean. Text is never run as a formula.

    The sheets after the first are in both languages.
    """
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
        _sheet(
            words,
            (16, 16, 60, 60),
            [
                ("columna", "column", "qué contiene", "what it holds"),
                ("", "", about["title"]["es"], about["title"]["en"]),
                ("fuente", "source", str(about["source_es"]), str(about["source"])),
                *((column.es, column.en, column.about_es, column.about_en) for column in COLUMNS),
            ],
            bold,
            wrapped,
        )
        _sheet(book.add_worksheet("codes"), (16, 16, 22, 60, 60), [CODES, *_lines(meanings)], bold, wrapped)
    return made.getvalue()


def _sheet(sheet: Any, widths: Sequence[int], lines: Sequence[Sequence[str]], bold: Any, wrapped: Any) -> None:
    """Lines of text under a heading that stays in sight."""
    sheet.freeze_panes(1, 0)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width, wrapped)
    for number, cells in enumerate(lines):
        for at, cell in enumerate(cells):
            sheet.write_string(number, at, cell, *([] if number else [bold]))
