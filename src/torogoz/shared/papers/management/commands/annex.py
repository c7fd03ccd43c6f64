"""`torogoz annex`: print the sharing protocol as the annex that institutions sign, or its number alone."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.domain.protocols import fingerprint
from torogoz.shared.institutions.access import whole_protocol
from torogoz.shared.papers.annex import NothingToSign, annex


class Command(BaseCommand):
    help = (
        "Print the sharing protocol that the policy reads as the annex that institutions sign (PDF), or the number "
        "that stands for it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="where the PDF is written; it must not exist yet")
        parser.add_argument("--language", choices=["es", "en"], default="es")
        parser.add_argument("--number", action="store_true", help="print the number of the table and write nothing")
        parser.add_argument("--signed", default="", help="the number on a signed annex; fails if it is another")

    def handle(self, *args: Any, **options: Any) -> None:
        number, signed = fingerprint(whole_protocol(timezone.now())), "".join(options["signed"].lower().split())
        if signed and signed != number:
            raise CommandError(f"the table has changed since it was signed: it is {number} now")
        if options["number"] or signed:
            self.stdout.write(number)
            return
        if options["file"] is None:
            raise CommandError("name the file to write, or ask for --number")
        try:
            written = annex(language=options["language"], now=timezone.now())
            with options["file"].open("xb") as file:
                file.write(written)
        except (NothingToSign, OSError) as why:
            raise CommandError(f"nothing was written: {why}") from why
        self.stdout.write(f"{options['file']}: {number}")
