"""What the worker does every night: look for records that may be of one person."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from django.utils import timezone

from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.nightly import plan_next
from torogoz.shared.people.duplicates import find_duplicates

NIGHTLY: Final = "duplicates_nightly"
AT: Final = time(3, 30)


def look_for_duplicates(arguments: Mapping[str, str], now: datetime) -> None:
    """The work of the night `day`. The next night is put on the list first, so that a failure never ends the row."""
    plan(now=now, after=date.fromisoformat(arguments["day"]))
    find_duplicates(now=timezone.now())


def plan(*, now: datetime, after: date | None = None) -> Job:
    """Put the next night on the list; one that is there already is given back."""
    return plan_next(NIGHTLY, AT, now=now, after=after)
