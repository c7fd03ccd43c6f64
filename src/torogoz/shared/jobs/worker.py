"""The one worker: takes jobs one after another and runs the tasks that it was given by name."""

import contextlib
import logging
import os
import socket
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import connection

from torogoz.shared.jobs import actions
from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.queries import LEASE

Task = Callable[[Mapping[str, str], datetime], None]
PACKAGE: Final = Path(__file__).resolve().parents[2]
logger = logging.getLogger(__name__)


class TaskFailed(Exception):
    """A task could not do its work. The message is kept for operators and must not hold data of people.

    `again`: whether another attempt may go better.
    """

    def __init__(self, message: str, *, again: bool) -> None:
        self.again = again
        super().__init__(message)


def worker_name() -> str:
    """A name that no other worker has."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def run_one(tasks: Mapping[str, Task], *, worker: str, clock: Callable[[], datetime]) -> Job | None:
    """Take the next job that is due and run it; None if none is due. Never raises what the task raises."""
    job = actions.claim(worker=worker, now=clock())
    if job is None:
        return None
    task = tasks.get(job.task)
    if task is None:
        actions.give_up(job=job, error=f"no task is called {job.task}", again=False, now=clock())
        return job
    try:
        with _alive(job, clock):
            task(job.arguments, clock())
    except TaskFailed as failure:
        actions.give_up(job=job, error=str(failure), again=failure.again, now=clock())
    except Exception as failure:  # whatever a task does, the worker goes on with the next job
        actions.give_up(job=job, error=described(failure), again=True, now=clock())
    else:
        actions.finish(job=job, now=clock())
    return job


def run_all(
    tasks: Mapping[str, Task], *, worker: str, clock: Callable[[], datetime], stop: threading.Event, pause: float
) -> int:
    """Run jobs until `stop` is set, looking again every `pause` seconds when none is due. How many were run."""
    done = 0
    while not stop.is_set():
        job = run_one(tasks, worker=worker, clock=clock)
        if job is None:
            stop.wait(pause)
        else:
            done += 1
            logger.info("job %s %s", job.task, job.key)
    return done


def described(failure: BaseException) -> str:
    """What went wrong, by its kind and place in our code. Not its message, which may quote data of people."""
    frames = [frame for frame in traceback.extract_tb(failure.__traceback__) if str(PACKAGE) in frame.filename]
    place = f" at {Path(frames[-1].filename).relative_to(PACKAGE)}:{frames[-1].lineno}" if frames else ""
    return f"{type(failure).__name__}{place}"


@contextlib.contextmanager
def _alive(job: Job, clock: Callable[[], datetime]) -> Iterator[None]:
    """While the task runs, say three times in each lease that its worker lives."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(LEASE.total_seconds() / 3):
            actions.keep(job=job, now=clock())
            connection.close()

    thread = threading.Thread(target=beat, name=f"beat-{job.key}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
