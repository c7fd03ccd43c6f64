"""`torogoz htcds`: read a file of the Human Trafficking Case Data Standard."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.exchange.htcds.mapping import from_htcds
from torogoz.exchange.htcds.standard import ATTRIBUTION
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.htcds import cases_from
from torogoz.exchange.writers.htcds import cases_csv, table_csv

HEADER = ("given1", "given2", "surname1", "surname2", "birth", "sex", "nationality", "document")


class Command(BaseCommand):
    help = (
        "Read a CSV file of HTCDS 2.0 (IOM, CC BY 4.0): what is as the standard wants it is kept, every other line is "
        "set aside with its reasons. Nothing enters the register: an officer looks for each person first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file in UTF-8 whose columns are fields of the standard")
        parser.add_argument("-o", "--output", type=Path, required=True, help="where the lines that are kept go (CSV)")
        parser.add_argument(
            "--set-aside", type=Path, required=True, help="where the other lines go, with reasons (CSV)"
        )
        parser.add_argument(
            "--header", action="store_true", help="write what is kept in the codes of the single form's header instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        paths = (path, options["output"], options["set_aside"])
        if len({each.resolve() for each in paths}) < len(paths):
            raise CommandError("the three files must be different ones; nothing was written")
        try:
            found = cases_from(path.read_bytes(), path.name)
        except OSError as why:
            raise CommandError(f"{path} cannot be read: {why.strerror}; nothing was written") from why
        except Unreadable as why:
            raise CommandError(f"{why}; nothing was written") from why
        if options["header"]:
            options["output"].write_bytes(table_csv(HEADER, [from_htcds(case) for case in found.kept]))
        else:
            options["output"].write_bytes(cases_csv(found.kept, found.columns))
        aside = [
            {"line": str(each.line), "reasons": "; ".join(each.reasons), **each.values} for each in found.set_aside
        ]
        options["set_aside"].write_bytes(table_csv(("line", "reasons", *found.columns), aside))
        total = len(found.kept) + len(aside)
        self.stdout.write(f"{len(found.kept)} of {total} lines kept in {options['output']}")
        if aside:
            self.stdout.write(f"{len(aside)} set aside in {options['set_aside']}, each with its reasons")
        self.stdout.write(ATTRIBUTION)
