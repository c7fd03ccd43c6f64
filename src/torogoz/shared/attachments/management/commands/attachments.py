"""`torogoz attachments`: whether every file has its row and every row its file; and removing what was left over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.shared.attachments.astray import astray, damaged, remove_left_over, written_at

SHOWN = 20


class Command(BaseCommand):
    help = "Hold the folder of attachments against the database: files left over, and files that are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True, metavar="check | sweep")
        check = what.add_parser("check", help="say what is left over and what is missing; fails when a file is missing")
        check.add_argument("--open", action="store_true", help="open each file to its end; fails when one is damaged")
        what.add_parser("sweep", help="remove the files that no row tells of and that are older than a day")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        now = timezone.now()
        if what == "sweep":
            count, room = remove_left_over(now)
            self.stdout.write(f"{count} files removed, {room / 1e6:.1f} MB")
            return
        found = astray(now)
        for path in found.left_over[:SHOWN]:
            self.stdout.write(f"left over: {path.name}, written {written_at(path):%Y-%m-%d %H:%M} UTC")
        self.stdout.write(f"{len(found.left_over)} files are left over; `torogoz attachments sweep` removes them")
        if found.missing:
            named = ", ".join(str(key) for key in found.missing[:SHOWN])
            raise CommandError(
                f"{len(found.missing)} attachments have no file: {named}; their rows are kept. "
                "Restore the folder of attachments from a back-up."
            )
        self.stdout.write("every attachment has its file")
        if options["open"]:
            self._open()

    def _open(self) -> None:
        found = list(damaged())
        for why in found[:SHOWN]:
            self.stdout.write(why)
        if found:
            raise CommandError(f"{len(found)} files do not open as they were stored; they are kept as they are")
        self.stdout.write("every file opens to its end")
