"""`torogoz sources`: the register of outside data."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from tqdm import tqdm

from torogoz.shared.jobs.actions import enqueue
from torogoz.shared.sources import queries
from torogoz.shared.sources.actions import accept, refresh
from torogoz.shared.sources.commandline import line_of, said_plainly, write_rows
from torogoz.shared.sources.download import address_of, addresses
from torogoz.shared.sources.models import Vintage
from torogoz.shared.sources.tasks import REFRESH


class Command(BaseCommand):
    help = "List the vintages that were imported, or look after one of them."

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--set-aside", metavar="KEY", help="print as CSV the rows of a vintage that were set aside")
        choice.add_argument(
            "--download", metavar="KEY", help="fetch and import the file of a publisher with an address"
        )
        choice.add_argument("--addresses", action="store_true", help="list the publishers with an address")
        choice.add_argument("--accept", metavar="KEY", help="use a vintage that the row-count guard held back")
        parser.add_argument("--later", action="store_true", help="with --download: leave it to the worker")
        parser.add_argument("--format", choices=["text", "csv", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        with said_plainly():
            if options["set_aside"]:
                self._set_aside(options["set_aside"])
            elif options["download"] and options["later"]:
                key = address_of(options["download"]).key
                job = enqueue(task=REFRESH, arguments={"key": key}, now=timezone.now())
                self.stdout.write(f"on the list of jobs: {job.task} {key}; `torogoz work` does it")
            elif options["download"]:
                self._download(options["download"])
            elif options["addresses"]:
                rows = [asdict(each) for each in addresses().values()]
                write_rows(rows, tuple(rows[0]), "json" if options["format"] == "json" else "csv", self.stdout)
            elif options["accept"]:
                vintage = accept(vintage=queries.vintage_called(options["accept"]), now=timezone.now())
                self.stdout.write(f"in use: {vintage.dataflow} {vintage.dataset} {vintage.vintage}")
            else:
                self._list(options["format"])

    def _set_aside(self, key: str) -> None:
        columns = ("row", "column", "value", "reason")
        rows = queries.rows_set_aside(queries.vintage_called(key)).values(*columns)
        write_rows(list(rows), columns, "csv", self.stdout)

    def _download(self, key: str) -> None:
        address = address_of(key)
        if not address.verified:
            self.stderr.write(f"{address.url}: this address has not been verified ({address.source})")
        with tqdm(unit="B", unit_scale=True, desc=f"downloading {key}", disable=None, leave=False) as bar:

            def progress(done: int, length: int | None) -> None:
                bar.total = length
                bar.update(done - bar.n)

            for each in refresh(key=key, now=timezone.now(), progress=progress):
                self.stdout.write(line_of(each))

    def _list(self, form: str) -> None:
        rows = [_row(each, short=form == "text") for each in queries.vintages()]
        if not rows and form == "text":
            self.stdout.write("No outside data yet: torogoz import FILE, or torogoz sources --download KEY.")
            return
        columns = tuple(rows[0]) if rows else ("key",)
        write_rows(rows, columns, form, self.stdout)


def _row(vintage: Vintage, *, short: bool) -> dict[str, object]:
    """One vintage as a row; short, with the beginning of its key and checksum."""
    return {
        "key": vintage.key.hex[:8] if short else str(vintage.key),
        "dataflow": vintage.dataflow,
        "dataset": vintage.dataset,
        "vintage": vintage.vintage,
        "state": "held back" if vintage.held_back else "in use",
        "first": vintage.period_first,
        "last": vintage.period_last,
        "read": vintage.rows_read,
        "stored": vintage.rows_stored,
        "set_aside": vintage.rows_set_aside,
        "sha256": vintage.sha256[:12] if short else vintage.sha256,
        "publisher": vintage.publisher,
        "licence": vintage.licence,
    }
