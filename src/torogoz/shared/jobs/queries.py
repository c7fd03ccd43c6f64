"""Jobs that are due, and jobs to be looked at."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from torogoz.shared.jobs.models import Job

# A running job whose worker has not been heard of for so long is taken up again.
LEASE: Final = timedelta(minutes=10)


def due(now: datetime) -> QuerySet[Job]:
    """Jobs that a worker may take: waiting ones whose time has come, and those of a worker that died; oldest first."""
    waiting = Q(state=Job.State.WAITING, due_at__lte=now)
    orphaned = Q(state=Job.State.RUNNING, locked_at__lt=now - LEASE)
    return Job.objects.filter(waiting | orphaned).order_by("due_at", "pk")


def unfinished_like(task: str, arguments: dict[str, str]) -> Job | None:
    """A job that waits or runs with the same task and arguments."""
    states = (Job.State.WAITING, Job.State.RUNNING)
    return Job.objects.filter(task=task, arguments=arguments, state__in=states).order_by("pk").first()


def recent(number: int = 50) -> list[Job]:
    """The jobs that were due last, newest first."""
    return list(Job.objects.order_by("-due_at", "-pk")[:number])
