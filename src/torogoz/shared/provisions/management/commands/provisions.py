"""`torogoz provisions`: load the instruments that are shipped, or read the wording of a printed text."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.shared.provisions import shipped
from torogoz.shared.provisions.actions import SourceRefused, read_source


class Command(BaseCommand):
    help = (
        "Load or update the instruments that are shipped (the national position of 2017, the adopted Compact, targets "
        "and treaty articles, with flags and links), or read the printed wording of the position from a copy of it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`load`, `source`."""
        what = parser.add_subparsers(dest="what", required=True, metavar="load | source")
        what.add_parser("load", help="the instruments that are shipped; loading again changes nothing")
        source = what.add_parser(
            "source", help="the printed wording of each provision of 2017, by its lines in a plain-text copy"
        )
        source.add_argument("file", type=Path, help="the copy: UTF-8 text with the line numbers of the catalogue")
        source.add_argument("--language", choices=["es", "en"], default="en", help="of the copy (default: en)")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Do one of them, or say why not; nothing is half done."""
        now = timezone.now()
        if what == "load":
            loaded = shipped.load(now=now)
            self.stdout.write(
                f"{loaded.instruments} instruments, {loaded.provisions} provisions; "
                f"{loaded.texts} wordings and {loaded.links} links were added"
            )
            return
        try:
            lines = options["file"].read_text(encoding="utf-8").splitlines()
            read = read_source(lines=lines, name=options["file"].name, language=options["language"], now=now)
        except (OSError, UnicodeDecodeError) as why:
            raise CommandError(f"{options['file']} cannot be read: {why}; nothing was changed") from why
        except SourceRefused as why:
            raise CommandError(f"{options['file'].name}: {why}; nothing was changed") from why
        self.stdout.write(f"{read} wordings were read from {options['file'].name}")
