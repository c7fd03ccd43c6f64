"""`torogoz estimates`: record a file of published estimates, all or none, in the name of a statistician."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from torogoz.domain.refusals import Refused
from torogoz.domain.violence import Estimate, Mark, number
from torogoz.shared.institutions.queries import officer_named
from torogoz.topics.violence.actions import NotAllowed, record_estimate
from torogoz.topics.violence.queries import is_recorded

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "published_estimates.csv"
COLUMNS = (
    "concept", "area", "period", "low", "best", "high", "method", "source", "published_on", "mark", "where",
)  # fmt: skip


class Command(BaseCommand):
    help = "Record estimates of violence from a CSV file (without one: those that come with Torogoz), all or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="CSV with the columns of published_estimates.csv")
        parser.add_argument("--by", required=True, help="username of the statistician in whose name they are recorded")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = officer_named(options["by"])
        if officer is None:
            raise CommandError(f"there is no officer {options['by']}; nothing was recorded")
        path: Path = options["file"] or SHIPPED
        estimates = _read(path)
        new = [each for each in estimates if not is_recorded(each)]
        line = 1
        try:
            with transaction.atomic():
                for each in new:
                    line = estimates.index(each) + 2
                    record_estimate(by=officer, estimate=each, now=timezone.now())
        except Refused as why:
            raise CommandError(f"{path.name}, line {line}: {why}; nothing was recorded") from why
        except NotAllowed as why:
            raise CommandError(f"{officer.username} may not record estimates: {why}; nothing was recorded") from why
        self.stdout.write(f"{len(new)} estimates recorded, {len(estimates) - len(new)} were there already")


def _read(path: Path) -> list[Estimate]:
    """The estimates of a file. Raises CommandError, naming the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise CommandError(f"{path.name} lacks the columns {', '.join(missing)}; nothing was recorded")
            return [_estimate(path, line, row) for line, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError) as why:
        raise CommandError(f"{path} cannot be read: {getattr(why, 'strerror', why)}; nothing was recorded") from why


def _estimate(path: Path, line: int, row: dict[str, str]) -> Estimate:
    try:
        return Estimate(
            concept=row["concept"].strip(),
            area=row["area"].strip(),
            period=row["period"].strip(),
            low=number("low", row["low"]),
            best=number("best", row["best"]),
            high=number("high", row["high"]),
            method=row["method"].strip(),
            source=row["source"].strip(),
            published_on=date.fromisoformat(row["published_on"].strip()),
            mark=Mark(row["mark"].strip()),
            where=row["where"].strip(),
        )
    except (Refused, ValueError, AttributeError) as why:
        raise CommandError(f"{path.name}, line {line}: {why}; nothing was recorded") from why
