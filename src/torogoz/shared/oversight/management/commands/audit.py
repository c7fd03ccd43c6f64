"""`torogoz audit verify | head | anchor | anomalies`: is the record of accesses whole, and what in it is unusual."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.shared.audit import queries as audit
from torogoz.shared.oversight import actions, anchors, queries


class Command(BaseCommand):
    help = "Check the chain of the record of accesses, sign its last hash to keep elsewhere, look for what is unusual."

    def add_arguments(self, parser: CommandParser) -> None:
        """`verify [--head HASH] [--anchors FILE] [--key PEM …]`, `head`, `anchor` or `anomalies [--until DAY]`."""
        what = parser.add_subparsers(dest="what", required=True, metavar="verify | head | anchor | anomalies")
        verify = what.add_parser("verify", help="check that no event was altered, removed or put in; exit 1 if one was")
        verify.add_argument("--head", default="", help="a hash printed earlier by `audit head`, kept elsewhere")
        verify.add_argument("--anchors", type=Path, help="a copy of the signed heads, kept elsewhere")
        verify.add_argument("--key", type=Path, action="append", help="a public key (PEM) kept elsewhere")
        what.add_parser("head", help="print the hash of the last event")
        anchor = what.add_parser(
            "anchor", help="sign the hash of the last event, add it to the file of heads, print it"
        )
        anchor.add_argument(
            "--restored", default="", metavar="WHY", help="a back-up was restored: later heads do not count"
        )

        anomalies = what.add_parser("anomalies", help="sum up each day, raise alerts for data protection")
        anomalies.add_argument("--until", type=date.fromisoformat, help="the last day that is summed up; yesterday")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Do one of them."""
        if what == "head":
            self.stdout.write(audit.head())
        elif what == "anchor":
            self._anchor(options["restored"])
        elif what == "anomalies":
            self._anomalies(options["until"])
        else:
            self._verify(options["head"], options["anchors"], options["key"] or [])

    def _verify(self, head: str, file: Path | None, keys: list[Path]) -> None:
        """Print what was found; fail when the chain is broken."""
        try:
            genuine = anchors.by_these_keys([key.read_bytes() for key in keys]) if keys else None
            if file is not None and not file.is_file():
                raise CommandError(f"there is no file {file}; nothing was checked")
        except OSError as why:
            raise CommandError(f"{why.filename} cannot be read: {why.strerror}; nothing was checked") from why
        now = timezone.now()
        found = actions.check_chain(now=now, clock=timezone.now, head=head, file=file, genuine=genuine)
        if not found.whole:
            raise CommandError("the record of accesses is not whole:\n  " + "\n  ".join(found.faults))
        self.stdout.write(f"{found.events} events, unbroken; head {found.head}")
        if not head and not found.anchors and file is None:
            self.stdout.write(
                "Nothing outside the database says how far it reached: run `torogoz audit anchor`, keep what it "
                "prints elsewhere, and give it to `verify --anchors FILE` to know that no end was cut off."
            )

    def _anchor(self, restored: str) -> None:
        try:
            made = actions.anchor(now=timezone.now(), restored=restored)
        except anchors.CannotAnchor as why:
            raise CommandError(str(why)) from why
        self.stdout.write(made.line)
        self.stderr.write(f"Added to {anchors.path()}. Keep a copy where whoever runs the database cannot change it.")

    def _anomalies(self, until: date | None) -> None:
        """Say how many alerts there are, and neither of whom nor about what: that is for data protection alone."""
        now = timezone.now()
        raised = actions.look_back(until=until or timezone.localdate(now) - timedelta(days=1), now=now)
        self.stdout.write(f"{len(raised)} new alerts, for data protection, at /oversight/")
        if unseen := queries.seen_by_nobody(now):
            self.stdout.write(
                f"{unseen} alerts are about every officer of data protection and nobody can see them: "
                "post another one (`torogoz officer post`)."
            )
