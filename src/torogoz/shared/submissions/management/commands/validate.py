"""`torogoz validate`: check a file against a schema, without a database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.exchange.readers import table_schema
from torogoz.exchange.readers.unpacking import COMMAND
from torogoz.exchange.writers import csv_text
from torogoz.shared.submissions.preparing import prepare
from torogoz.shared.submissions.schemas import shipped
from torogoz.shared.submissions.summary import summary_lines
from torogoz.statistics.rules.schema import SchemaUnclear, TableSchema


class Command(BaseCommand):
    help = "Check a CSV or xlsx against a Table Schema: what breaks which rule, row by row. Nothing is stored."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--schema", required=True, help="a Table Schema (JSON), or the name of one that is shipped")
        parser.add_argument(
            "--institution", metavar="CODE", default="", help="say also which rows would be in another's name"
        )
        parser.add_argument("--report", type=Path, metavar="OUT.csv", help="write every line of the report there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            schema = schema_at(options["schema"])
            prepared = prepare(options["file"], schema, timezone.localdate(), options["institution"], COMMAND)
            if options["report"]:
                options["report"].write_bytes(b"".join(csv_text.pieces(prepared.findings)))
        except SchemaUnclear as reason:
            raise CommandError(f"the schema cannot be followed: {reason}") from reason
        except OSError as reason:
            raise CommandError(f"{reason.filename}: {reason.strerror}") from reason
        for line in summary_lines(prepared, schema):
            self.stdout.write(line)
        if not prepared.usable:
            raise CommandError("the file cannot be used as it is; the reasons are given above")
        if prepared.set_aside:
            raise CommandError(
                f"{len(prepared.set_aside)} of {prepared.rows} rows have an error and would be set aside"
            )


def schema_at(words: str) -> TableSchema:
    """The schema in a file, or the shipped one of this name. Raises SchemaUnclear; OSError."""
    return shipped()[words] if words in shipped() else table_schema.read(Path(words))
