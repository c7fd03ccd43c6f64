"""`torogoz submissions`: what was handed in, and its accepted rows as a file that `torogoz import` reads."""

import os
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.exchange.writers import csv_text
from torogoz.shared.submissions import queries
from torogoz.shared.submissions.actions import record_export
from torogoz.shared.submissions.models import Submission
from torogoz.shared.submissions.schemas import shipped


class Command(BaseCommand):
    help = "List what was handed in, or write all accepted rows of an institution under a schema for `torogoz import`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--export",
            metavar="KEY",
            help="write every accepted row of the institution and schema of this file, those of its other files too",
        )
        parser.add_argument("-o", "--output", type=Path, metavar="FILE.csv", help="where to write them")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["export"]:
            for each in queries.every_submission():
                self.stdout.write(
                    f"{each.key}  {each.submitted_at:%Y-%m-%d}  {each.institution.code}  {each.schema}  "
                    f"{each.rows_new} of {each.rows_read} rows accepted"
                )
            return
        if options["output"] is None:
            raise CommandError("say where to write the rows: -o FILE.csv")
        try:
            of = queries.submission_called(options["export"])
        except queries.NoSuchSubmission as reason:
            raise CommandError(str(reason)) from reason
        rows = _rows(of)
        record_export(submission=of, now=timezone.now())  # before the file is there: no export is off the record
        try:
            _write(options["output"], rows)
        except FileExistsError as reason:
            raise CommandError(f"{options['output']} is there already and is left as it is; name another") from reason
        except OSError as reason:
            raise CommandError(f"{options['output']} cannot be written: {reason.strerror}") from reason
        self.stdout.write(
            f"{rows.height:,} accepted rows of {of.institution.code} under {of.schema} written to {options['output']}, "
            "readable by you alone"
        )
        self.stdout.write(
            f"`torogoz import {options['output']} --vintage {timezone.localdate():%Y-%m-%d}` counts them, in the place "
            "of what was imported before for the same months; then delete the file"
        )


def _rows(of: Submission) -> pl.DataFrame:
    """The accepted rows, a text column for each field of the schema. Raises CommandError."""
    schema = shipped().get(of.schema)
    if schema is None:
        raise CommandError(f"the schema {of.schema} is no longer shipped: nothing was written")
    found = queries.accepted_values(of.institution.code, of.schema)
    lacking = [pl.lit(None, pl.String).alias(name) for name in schema.names if name not in found.columns]
    rows = found.with_columns(lacking).select(schema.names)
    if schema.submitter:  # what was accepted before this was asked may stand in another's name
        rows = rows.filter(pl.col(schema.submitter) == of.institution.code)
    if rows.is_empty():
        raise CommandError(f"{of.institution.code} has no accepted row under {of.schema}: nothing was written")
    return rows


def _write(path: Path, rows: pl.DataFrame) -> None:
    """Write a new file that its owner alone reads, whole or not at all."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in csv_text.pieces(rows):
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
