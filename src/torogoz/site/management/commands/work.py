"""`torogoz work`: the worker that does what was put on the list of jobs."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from torogoz.shared.jobs.queries import recent
from torogoz.shared.jobs.worker import run_all, run_one, worker_name
from torogoz.shared.oversight import tasks as oversight
from torogoz.shared.people import tasks as people
from torogoz.site.tasks import TASKS
from torogoz.topics.commitments import tasks as commitments

PAUSE = 5.0


class Command(BaseCommand):
    help = "Do the jobs on the list, one after another, until it is stopped; the job at hand is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--once", action="store_true", help="do what is due now, then end")
        choice.add_argument("--list", action="store_true", help="print the latest jobs and how they ended")

    def handle(self, *args: Any, **options: Any) -> None:
        worker, done = worker_name(), 0
        if options["list"]:
            for job in recent():
                words = " ".join(f"{name}={value}" for name, value in job.arguments.items())
                line = f"{job.key.hex[:8]}  {job.state:<7}  {job.task} {words}  due {job.due_at:%F %R}"
                self.stdout.write(f"{line}, attempts {job.attempts}{f': {job.error}' if job.error else ''}")
            return
        oversight.plan(now=timezone.now())
        people.plan(now=timezone.now())
        commitments.plan(now=timezone.now())
        if options["once"]:
            while run_one(TASKS, worker=worker, clock=timezone.now):
                done += 1
        else:
            stop = threading.Event()
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stop.set())
            done = run_all(TASKS, worker=worker, clock=timezone.now, stop=stop, pause=PAUSE)
        self.stdout.write(f"{done} jobs done")
