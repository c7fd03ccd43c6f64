"""`torogoz data`: what the imported data say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from torogoz.shared.sources.asking import answer, by_of, where_of
from torogoz.shared.sources.commandline import numbers_as_written, rows_of, said_plainly, write_rows


class Command(BaseCommand):
    help = "Print observations of a dataflow: all that --where selects, or added up to the dimensions of --by."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataflow", help="its name; `torogoz dataflows` lists them")
        parser.add_argument(
            "--where",
            nargs="+",
            action="extend",
            default=[],
            metavar="DIM=CODE,…",
            help="keep these codes, e.g. REF_AREA=USA,CAN TIME_PERIOD=2014-01:2022-02; may be repeated",
        )
        parser.add_argument(
            "--by",
            nargs="+",
            action="extend",
            metavar="DIM,…",
            help="add up to these dimensions; what must not be added is kept apart. Unknown values are never added "
            "as zero: OBS_UNKNOWN counts them. Without --by, every observation is printed",
        )
        parser.add_argument("--format", choices=["csv", "json"], default="csv")
        parser.add_argument("--vintage", default="", help="only the vintage with this label or key, also if held back")

    def handle(self, *args: Any, **options: Any) -> None:
        with said_plainly():
            name = options["dataflow"].upper()
            where = where_of(options["where"])
            by = None if options["by"] is None else by_of(options["by"])
            found, hint = answer(name, where, by, vintage=options["vintage"])
            if options["format"] == "json":
                write_rows(rows_of(found), found.columns, "json", self.stdout)
            else:
                self.stdout.write(numbers_as_written(found).write_csv(), ending="")
            if hint:
                self.stderr.write(f"Nothing matches: {hint}.")
