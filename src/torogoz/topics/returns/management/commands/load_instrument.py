"""`torogoz load_instrument`: take the next version of an instrument from the authority that answers for its weights."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.exchange.readers.contract import Unreadable
from torogoz.topics.returns.follow_up_actions import InstrumentKept, load_instrument
from torogoz.topics.returns.instrument_queries import instrument_versions


class Command(BaseCommand):
    help = "Take the next version of an instrument (YAML) from an authority; without a file, list the versions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the definition, as topics/returns/instruments/*.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        if path is None:
            for one in instrument_versions().values():
                kind = "provisional" if one.provisional else "official"
                self.stdout.write(f"{one.code} {one.version} ({kind}), {one.dated}: {one.source}")
            return
        try:
            made = load_instrument(text=path.read_text(encoding="utf-8"), name=path.name, now=timezone.now())
        except (OSError, UnicodeDecodeError) as why:
            raise CommandError(f"{path} cannot be read as UTF-8 text; nothing was stored") from why
        except (Unreadable, InstrumentKept) as why:
            raise CommandError(f"{why}; nothing was stored") from why
        self.stdout.write(
            f"stored: {made.code} version {made.version}, {len(made.items)} questions, source: {made.source}"
        )
        self.stdout.write("New plans are asked with it; who was asked before goes on with the version of then.")
