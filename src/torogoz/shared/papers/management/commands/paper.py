"""`torogoz paper`: check the text of a sheet's QR without any connection."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.domain.printed import SheetRefused
from torogoz.exchange.paper.seal import check
from torogoz.shared.vault.signing import public_keys

END = b"-----END PUBLIC KEY-----"


class Command(BaseCommand):
    help = "Check the text of a sheet's QR: whether its signature is good, and what it says. Uses no network."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", nargs="?", default="-", help="the text of the QR; - or nothing reads it from stdin")
        parser.add_argument("--key", type=Path, action="append", help="public keys (PEM), else those of this site")

    def handle(self, *args: Any, **options: Any) -> None:
        text = sys.stdin.read() if options["text"] == "-" else options["text"]
        try:
            keys = [key for path in options["key"] for key in _keys(path)] if options["key"] else public_keys()
        except OSError as why:
            raise CommandError(f"{why.filename} cannot be read: {why.strerror}; nothing was checked") from why
        try:
            statement, code = check(text, keys)
        except SheetRefused as refused:
            raise CommandError(str(refused)) from refused
        except ValueError as why:
            raise CommandError("the key is not a public key in PEM; nothing was checked") from why
        self.stdout.write(f"genuine: {statement.sheet.value} {code}")
        told = {"name": statement.name, "birth": statement.birth}
        if any(told.values()):
            self.stdout.write("; ".join(f"{what}: {said}" for what, said in told.items() if said))
        self.stdout.write(
            f"issued {statement.issued_at:%Y-%m-%d %H:%M} UTC by {statement.institution} at {statement.office}"
        )
        self.stdout.write("The signature shows that the sheet was issued, not that what it says is still in force.")


def _keys(path: Path) -> list[bytes]:
    """The keys of a file, which may hold several; what it holds when there is no key, for the check to refuse."""
    whole = path.read_bytes()
    pems = [part + END for part in whole.split(END)[:-1]]
    return [pem[pem.find(b"-----BEGIN") :] for pem in pems] or [whole]
