"""`torogoz first_consultation`: load the consultation of 2017 as the first process."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from torogoz.topics.consultation import first_process


class Command(BaseCommand):
    help = (
        "Load the national consultation of 2017 as the first process, with what its source records; seats, attendance "
        "and votes are not recorded and stay so. Loading again links the instrument position-2017, if it has come."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it, and say what it holds."""
        process = first_process.load(now=timezone.now())
        linked = "linked to position-2017" if process.instrument_id else "position-2017 is not loaded yet"
        self.stdout.write(f"{process.code}: {process.drafts.count()} outcomes, {linked}")
