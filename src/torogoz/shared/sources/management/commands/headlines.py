"""`torogoz headlines`: put the shipped table of published figures into the register."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from torogoz.shared.sources.actions import import_file
from torogoz.shared.sources.commandline import line_of, said_plainly
from torogoz.shared.sources.reading import HEADLINES


class Command(BaseCommand):
    help = "Import the table of published headline figures that Torogoz ships. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with said_plainly():
            for each in import_file(path=HEADLINES, now=timezone.now()):
                self.stdout.write(line_of(each))
