"""`torogoz paper`: check the text of a sheet's QR without any connection."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.domain.printed import SheetRefused
from torogoz.exchange.paper.seal import check
from torogoz.shared.vault.signing import public_keys


class Command(BaseCommand):
    help = "Check the text of a sheet's QR: whether its signature is good, and what it says. Uses no network."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", nargs="?", default="-", help="the text of the QR; - or nothing reads it from stdin")
        parser.add_argument("--key", type=Path, action="append", help="a public key (PEM), else those of this site")

    def handle(self, *args: Any, **options: Any) -> None:
        text = sys.stdin.read() if options["text"] == "-" else options["text"]
        try:
            keys = [path.read_bytes() for path in options["key"]] if options["key"] else public_keys()
        except OSError as why:
            raise CommandError(f"{why.filename} cannot be read: {why.strerror}; nothing was checked") from why
        try:
            statement, code = check(text, keys)
        except SheetRefused as refused:
            raise CommandError(str(refused)) from refused
        except ValueError as why:
            raise CommandError("the key is not a public key in PEM; nothing was checked") from why
        self.stdout.write(f"genuine: {statement.sheet.value} {code}")
        self.stdout.write(f"name: {statement.name or 'none'}; birth: {statement.birth or 'unknown'}")
        self.stdout.write(
            f"issued {statement.issued_at:%Y-%m-%d %H:%M} UTC by {statement.institution} at {statement.office}"
        )
