"""`torogoz audit verify` and `torogoz audit head`: is the record of accesses whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.shared.audit import queries


class Command(BaseCommand):
    help = "Check the chain of the record of accesses, or print its last hash to keep elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """`verify [--head HASH]` or `head`."""
        what = parser.add_subparsers(dest="what", required=True, metavar="verify | head")
        verify = what.add_parser("verify", help="check that no event was altered, removed or put in")
        verify.add_argument("--head", default="", help="a hash printed earlier by `audit head`, kept elsewhere")
        what.add_parser("head", help="print the hash of the last event")

    def handle(self, *args: Any, what: str, head: str = "", **options: Any) -> None:
        """Print what was found; fail when the chain is broken."""
        if what == "head":
            self.stdout.write(queries.head())
            return
        found = queries.verify(head)
        if not found.whole:
            raise CommandError("the record of accesses is not whole:\n  " + "\n  ".join(found.faults))
        self.stdout.write(f"{found.events} events, unbroken; head {found.head}")
        if not head:
            self.stdout.write("Give --head HASH, kept from an earlier `audit head`, to know that none was removed.")
