"""`torogoz access_matrix`: write docs/reference/access-matrix.md from the table of who reaches which page."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.site.access_matrix.table import as_markdown

PAGE = Path("reference") / "access-matrix.md"


class Command(BaseCommand):
    help = "Write docs/reference/access-matrix.md: who reaches which page; or print it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write it."""
        parser.add_argument("--print", action="store_true", dest="printed", help="print it, and write nothing")

    def handle(self, *args: Any, printed: bool, **options: Any) -> None:
        """Write the page into the documentation of this checkout."""
        if printed:
            self.stdout.write(as_markdown(), ending="")
            return
        docs = Path(settings.PACKAGE).parents[1] / "docs"
        if not docs.is_dir():
            raise CommandError(f"there is no folder {docs}: this is no checkout of the project; use --print")
        (docs / PAGE).parent.mkdir(exist_ok=True)
        (docs / PAGE).write_text(as_markdown(), encoding="utf-8")
        self.stdout.write(f"wrote docs/{PAGE}")
