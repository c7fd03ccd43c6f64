"""A workbook of one published table, for who works in a spreadsheet: papers to read first, figures, dictionary."""

import math
from datetime import datetime, time
from io import BytesIO
from typing import IO

import polars as pl
import xlsxwriter

from torogoz.exchange.writers import dictionary, papers
from torogoz.exchange.writers.publication import Publication

MOST_ROWS = 60_000
"""A sheet holds 1,048,576 rows, but each row costs about 45 µs to write: this many are written within three seconds,
so that nobody keeps a server busy by asking for the largest table again and again. CSV and Parquet have no limit."""


class TooManyRows(Exception):
    """A table with more rows than are written as a workbook."""


def write(about: Publication, frame: pl.DataFrame, into: IO[bytes]) -> None:
    """Write the workbook into an open binary file. The same table and edition give the same bytes.

    Sheets: README, data (as the CSV has it; text is never run as a formula, an empty cell is no zero), dictionary.
    raises  TooManyRows above MOST_ROWS
    """
    if frame.height > MOST_ROWS:
        raise TooManyRows(f"{frame.height:,} rows; a workbook holds {MOST_ROWS:,} here")
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "in_memory": False}) as book:
        book.set_properties(
            {
                "title": about.title.es,
                "author": about.institution,
                "comments": about.address,
                "created": datetime.combine(about.published, time()),  # a workbook knows no zones of time
            }
        )
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        readme = book.add_worksheet("README")
        readme.set_column(0, 0, 110, wrapped)
        texts = (papers.readme_text(about, frame.height), papers.citation(about, "es"), papers.citation(about, "en"))
        for row, line in enumerate(line for text in (*texts, papers.licence_text(about)) for line in text.split("\n")):
            readme.write_string(row, 0, line)
        _sheet(book, "data", frame, bold)
        used = {name: set(frame[name].drop_nulls().cast(pl.String).unique()) for name in frame.columns}
        _sheet(book, "dictionary", dictionary.frame(about, used), bold)
    into.write(made.getvalue())


def sheet_alone(name: str, frame: pl.DataFrame) -> bytes:
    """A workbook of one sheet, for a table that is not published. Text is never run as a formula.

    raises  TooManyRows above MOST_ROWS
    """
    if frame.height > MOST_ROWS:
        raise TooManyRows(f"{frame.height:,} rows; a workbook holds {MOST_ROWS:,} here")
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "in_memory": False}) as book:
        _sheet(book, name, frame, book.add_format({"bold": True}))
    return made.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, frame: pl.DataFrame, bold: object) -> None:
    """One table: its header stays in sight, and can be filtered."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(frame.height, 1), max(frame.width - 1, 0))
    for column, title in enumerate(frame.columns):
        sheet.set_column(column, column, max(12, min(len(title) + 4, 40)))
        sheet.write_string(0, column, title, bold)
    for row, values in enumerate(frame.iter_rows(), start=1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, int | float) and math.isfinite(value):
                sheet.write_number(row, column, value)
            elif value is not None and not isinstance(value, float):
                sheet.write_string(row, column, str(value))
