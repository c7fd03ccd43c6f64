"""What the worker does for commitments: every night, and when a release becomes public."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from torogoz.shared.jobs.actions import enqueue
from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.nightly import plan_next
from torogoz.topics.commitments.duty_actions import remind
from torogoz.topics.commitments.reading_actions import freeze_readings

NIGHTLY: Final = "commitments_nightly"
READINGS: Final = "commitments_readings"
AT: Final = time(5, 0)


def nightly(arguments: Mapping[str, str], now: datetime) -> None:
    """Give the reminders of the day, and read the series whose editions are new. The next night is listed first."""
    plan(now=now, after=date.fromisoformat(arguments["day"]))
    remind(now=now)
    freeze_readings(now=now)


def readings(_arguments: Mapping[str, str], now: datetime) -> None:
    """Freeze the readings of a release that has become public."""
    freeze_readings(now=now)


def plan(*, now: datetime, after: date | None = None) -> Job:
    """Put the next night on the list; one that is there already is given back."""
    return plan_next(NIGHTLY, AT, now=now, after=after)


def plan_readings(*, release: str, public_from: datetime, now: datetime) -> Job:
    """Have the series read when a release becomes public: at once, or at the end of its embargo."""
    return enqueue(task=READINGS, arguments={"release": release}, now=now, due_at=max(public_from, now))
