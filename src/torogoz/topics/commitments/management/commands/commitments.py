"""`torogoz commitments`: freeze readings, give reminders, list what is overdue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from torogoz.topics.commitments import public_queries
from torogoz.topics.commitments.duty_actions import remind
from torogoz.topics.commitments.reading_actions import freeze_readings


class Command(BaseCommand):
    help = (
        "Follow commitments: freeze the readings of what is public now, give the reminders of today, list the overdue."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            choices=["readings", "remind", "overdue"],
            help="readings: read every bound series, once per edition; remind: what the worker does by night; "
            "overdue: the reports that are late",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["what"] == "readings":
            for reading in (made := freeze_readings(now=now)):
                figure = "hidden" if reading.hidden else "none" if reading.value is None else f"{reading.value:g}"
                line = f"{reading.binding}: {figure} {reading.period} ({reading.vintage}), {reading.status}"
                self.stdout.write(line)
            self.stdout.write(f"{len(made)} readings were frozen")
        elif options["what"] == "remind":
            for notice in (given := remind(now=now)):
                self.stdout.write(f"{notice.duty}: {notice.step}, due {notice.due_on:%Y-%m-%d}")
            self.stdout.write(f"{len(given)} reminders were given")
        else:
            late = [duty for duty in public_queries.public_duties(now) if duty.late]
            for duty in late:
                self.stdout.write(f"{duty.due_on:%Y-%m-%d} {duty.body.code} {duty.code} (cycle {duty.cycle})")
            self.stdout.write(f"{len(late)} reports are overdue")
