"""Jobs: put one on the list, take one, say how it ended.

What a worker does with a job is nobody's access to anybody's data, so only who put it there is recorded; a task writes
its own lines.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F, QuerySet

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.queries import due, unfinished_like

MOST_ATTEMPTS: Final = 5
FIRST_PAUSE: Final = timedelta(seconds=30)
DIED: Final = "the worker died while it ran, each time"


@transaction.atomic
def enqueue(*, task: str, arguments: dict[str, str], now: datetime, due_at: datetime | None = None) -> Job:
    """Put a job on the list, due now or at `due_at`. One that already waits or runs with the same words is given back.

    Arguments are shown to operators: keys and codes, never names of people.
    """
    present = unfinished_like(task, arguments)
    if present is not None:
        return present
    job = Job.objects.create(task=task, arguments=arguments, due_at=due_at or now)
    record(
        officer="",
        institution="",
        verb=Verb.CREATE,
        what="job",
        subjects=[str(job.key)],
        decision=Decision(allowed=True, basis=Basis.DUTY),
        channel="command",
        now=now,
    )
    return job


@transaction.atomic
def claim(*, worker: str, now: datetime) -> Job | None:
    """Take the job that has been due longest, for this worker alone; None if none is due.

    Where the database can lock rows, workers pass over each other's; elsewhere the conditional update lets one win.
    """
    skipping = connection.features.has_select_for_update_skip_locked
    while True:
        jobs = due(now)
        job = (jobs.select_for_update(skip_locked=True) if skipping else jobs).first()
        if job is None:
            return None
        mine = due(now).filter(pk=job.pk, attempts=job.attempts).order_by()
        if job.attempts >= MOST_ATTEMPTS:
            mine.update(state=Job.State.FAILED, finished_at=now, error=DIED)
        elif mine.update(state=Job.State.RUNNING, locked_at=now, locked_by=worker, attempts=F("attempts") + 1):
            job.refresh_from_db()
            return job


def keep(*, job: Job, now: datetime) -> bool:
    """Say that the worker is alive and still at this job. False if another worker has taken it."""
    return bool(_held(job).update(locked_at=now))


def finish(*, job: Job, now: datetime) -> bool:
    """The job is done. False if another worker has taken it meanwhile."""
    return bool(_held(job).update(state=Job.State.DONE, finished_at=now, error=""))


def give_up(*, job: Job, error: str, again: bool, now: datetime) -> bool:
    """The job failed: it waits 30 s, 1, 2, 4 minutes and is tried again, five times at most, or is left as failed.

    `error` must not hold data of people: operators read it. False if another worker has taken the job meanwhile.
    """
    if again and job.attempts < MOST_ATTEMPTS:
        pause = FIRST_PAUSE * 2 ** (job.attempts - 1)
        return bool(_held(job).update(state=Job.State.WAITING, due_at=now + pause, error=error))
    return bool(_held(job).update(state=Job.State.FAILED, finished_at=now, error=error))


def _held(job: Job) -> QuerySet[Job]:
    """The job, as long as it is the one that this worker took."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, locked_by=job.locked_by, attempts=job.attempts)
