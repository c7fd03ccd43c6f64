"""What the commands of this app share: numbers and tables as text, and mistakes said in one line."""

import contextlib
import csv
import json
import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import polars as pl
from django.conf import settings
from django.core.management.base import CommandError
from django.db.utils import OperationalError, ProgrammingError

from torogoz.exchange.readers.contract import UnknownLayout, Unreadable
from torogoz.exchange.readers.outlines import BOUNDARIES
from torogoz.shared.releases.files import ReleaseDamaged
from torogoz.shared.releases.queries import NoSuchRelease
from torogoz.shared.sources.actions import Imported
from torogoz.shared.sources.asking import NothingImported
from torogoz.shared.sources.download import DownloadFailed, UnknownAddress
from torogoz.shared.sources.files import VintageDamaged
from torogoz.shared.sources.queries import NoSuchVintage
from torogoz.statistics.dataflows import UnclearQuestion
from torogoz.statistics.periods import UnclearPeriod

MISTAKES = (
    UnclearQuestion,
    UnclearPeriod,
    NoSuchVintage,
    NothingImported,
    VintageDamaged,
    UnknownLayout,
    Unreadable,
    UnknownAddress,
    DownloadFailed,
    NoSuchRelease,
    ReleaseDamaged,
)


class Writes(Protocol):
    """What text can be written to: a stream, or the output of a command."""

    def write(self, text: str, /) -> object: ...


def setting(words: str) -> tuple[str, str]:
    """A setting of Spark, written name=value."""
    name, sign, value = words.partition("=")
    if not sign or not name:
        raise ArgumentTypeError(f"{words} is not a setting; write name=value")
    return name, value


@contextlib.contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what the reader can mend into one line on stderr and exit code 1; a closed pipe ends quietly."""
    try:
        yield
    except MISTAKES as mistake:
        raise CommandError(str(mistake)) from mistake
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as mistake:
        raise CommandError(f"{mistake.filename or 'a file'}: {mistake.strerror}") from mistake
    except (OperationalError, ProgrammingError) as mistake:
        if "no such table" in str(mistake) or "does not exist" in str(mistake):
            raise CommandError("the database has no tables yet; run `torogoz migrate` first") from mistake
        if "unable to open database file" in str(mistake):
            raise CommandError(
                f"there is no database in {settings.VAR}; make that folder (TOROGOZ_VAR) and run `torogoz migrate`"
            ) from mistake
        raise


def numbers_as_written(frame: pl.DataFrame) -> pl.DataFrame:
    """OBS_VALUE as text, whole numbers without a decimal point."""
    value = pl.col("OBS_VALUE")
    whole = (value == value.round()) & (value.abs() < 2.0**53)
    text = pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(value.cast(pl.String))
    return frame.with_columns(text.alias("OBS_VALUE"))


def rows_of(frame: pl.DataFrame) -> list[dict[str, object]]:
    """One dictionary for each row, whole numbers of OBS_VALUE as integers."""
    return [
        {
            name: int(value) if name == "OBS_VALUE" and isinstance(value, float) and value.is_integer() else value
            for name, value in row.items()
        }
        for row in frame.iter_rows(named=True)
    ]


def line_of(imported: Imported) -> str:
    """What became of one reading, in one line, and below it what must be known."""
    each = imported.vintage
    periods, what = f", {each.period_first} to {each.period_last}", "observations"
    if each.dataflow == BOUNDARIES:
        periods, what = "", "outlines"
    line = (
        f"{imported.outcome}: {each.dataflow} from {each.file_name}: {each.dataset} {each.vintage}{periods}; "
        f"{each.rows_read} rows read, {each.rows_stored} {what}, {each.rows_set_aside} set aside; "
        f"key {each.key.hex[:8]}"
    )
    return "\n  ".join([line, *(each.note.splitlines() if each.held_back else [])])


def write_rows(rows: Sequence[Mapping[str, object]], columns: Sequence[str], form: str, out: Writes) -> None:
    """Rows as csv, as json, or as a table with aligned columns."""
    if form == "json":
        out.write(json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n")
    elif form == "csv":
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        lines = [list(columns), *([str(row[name]) for name in columns] for row in rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            out.write("  ".join(cells).rstrip() + "\n")
