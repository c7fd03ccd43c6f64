"""A job of every night: the next night is put on the list before the work of this one is done."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from torogoz.shared.jobs.actions import enqueue
from torogoz.shared.jobs.models import Job


def plan_next(task: str, at: time, *, now: datetime, after: date | None = None) -> Job:
    """Put the next night of `task` on the list, due `at` that hour here; one that is there already is given back.

    after   a night that has its job: the next one comes after it
    """
    today = timezone.localdate(now)
    day = today if _moment(today, at) > now else today + timedelta(days=1)
    if after is not None and day <= after:
        day = after + timedelta(days=1)
    return enqueue(task=task, arguments={"day": day.isoformat()}, now=now, due_at=_moment(day, at))


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
