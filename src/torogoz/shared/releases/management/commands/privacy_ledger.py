"""`torogoz privacy-ledger`: what differential privacy has cost so far, and whether the ledger is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.shared.releases import queries, report
from torogoz.shared.releases.files import ReleaseDamaged
from torogoz.statistics.disclosure.private.ledger import LedgerBroken


class Command(BaseCommand):
    help = "Print the ledger of privacy: each table drawn with noise, its ε, and what its year has cost so far."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", nargs="?", default="", help="only this data set, e.g. RETURNED_CHILDREN")
        parser.add_argument(
            "--verify", action="store_true", help="compute every hash anew, and look for each drawing of a release"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = queries.check_the_ledger()
        except ReleaseDamaged as mistake:
            raise CommandError(str(mistake)) from mistake
        except LedgerBroken as mistake:
            raise CommandError(f"{mistake}. Restore the database from a copy; draw nothing until then.") from mistake
        if options["verify"]:
            self.stdout.write(f"{lines} lines, each as it was written, and each drawing of a release is among them")
            return
        spendings = queries.spendings(options["dataset"].upper())
        if not spendings:
            self.stdout.write("nothing has been spent; private tables are drawn by `torogoz release`")
            return
        for line in report.ledger_lines(spendings):
            self.stdout.write(line)
