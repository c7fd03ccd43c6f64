"""One list of jobs, one worker: what fails is tried again, and what a dead worker held is taken up."""

import io
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.jobs import actions
from torogoz.shared.jobs.actions import MOST_ATTEMPTS, claim, enqueue, finish, keep
from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.queries import LEASE, due
from torogoz.shared.jobs.worker import TaskFailed, run_all, run_one
from torogoz.site.tasks import TASKS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def done(arguments: Mapping[str, str], now: datetime) -> None:
    """A task that goes well."""


def stumbles(arguments: Mapping[str, str], now: datetime) -> None:
    """A task whose error quotes a person."""
    raise ValueError("María Pérez, 01234567-8")


def refused(arguments: Mapping[str, str], now: datetime) -> None:
    """A task that knows that it cannot be done."""
    raise TaskFailed("no such publisher", again=False)


ALL = {"done": done, "stumbles": stumbles, "refused": refused}


def only() -> Job:
    """The one job there is, beside those of every night."""
    return Job.objects.exclude(task__endswith="_nightly").get()


def test_a_job_is_done_once_and_recorded() -> None:
    enqueue(task="done", arguments={"key": "x"}, now=NOW)
    assert run_one(ALL, worker="w", clock=Clock()) is not None
    assert run_one(ALL, worker="w", clock=Clock()) is None
    assert (only().state, only().finished_at, only().attempts) == ("done", NOW, 1)
    assert AccessEvent.objects.get().what == "job"


def test_a_job_that_already_waits_is_not_put_on_the_list_again() -> None:
    first = enqueue(task="done", arguments={"key": "x"}, now=NOW)
    assert enqueue(task="done", arguments={"key": "x"}, now=NOW) == first
    assert enqueue(task="done", arguments={"key": "y"}, now=NOW) != first


def test_a_job_waits_for_its_time() -> None:
    enqueue(task="done", arguments={}, now=NOW, due_at=NOW + timedelta(hours=1))
    assert claim(worker="w", now=NOW) is None
    assert claim(worker="w", now=NOW + timedelta(hours=1)) is not None


def test_two_workers_never_hold_the_same_job() -> None:
    enqueue(task="done", arguments={}, now=NOW)
    assert claim(worker="one", now=NOW) is not None
    assert claim(worker="two", now=NOW) is None


def test_a_worker_that_was_a_moment_too_late_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue(task="done", arguments={}, now=NOW)
    held: list[Job | None] = []

    class Late:
        """Reads the list, and is overtaken before it can take the job."""

        def select_for_update(self, **options: object) -> "Late":
            return self

        def first(self) -> Job | None:
            job = due(NOW).first()
            monkeypatch.setattr(actions, "due", due)
            held.append(claim(worker="quick", now=NOW))
            return job

    monkeypatch.setattr(actions, "due", lambda now: Late())
    assert claim(worker="slow", now=NOW) is None
    assert [job.locked_by for job in held if job] == ["quick"]


def test_a_failing_job_is_tried_again_ever_later_and_then_left() -> None:
    enqueue(task="stumbles", arguments={}, now=NOW)
    clock, pauses = Clock(), []
    while only().state == "waiting":
        due = only().due_at
        pauses.append((due - clock.now).total_seconds())
        clock.now = due
        run_one(ALL, worker="w", clock=clock)
    assert pauses == [0, 30, 60, 120, 240]
    assert (only().state, only().attempts) == ("failed", MOST_ATTEMPTS)


def test_the_error_that_is_kept_quotes_nobody() -> None:
    enqueue(task="stumbles", arguments={}, now=NOW)
    run_one(ALL, worker="w", clock=Clock())
    assert only().error.startswith("ValueError")
    assert "María" not in only().error


def test_a_task_that_knows_it_cannot_be_done_is_not_tried_again() -> None:
    enqueue(task="refused", arguments={}, now=NOW)
    run_one(ALL, worker="w", clock=Clock())
    assert (only().state, only().error) == ("failed", "no such publisher")


def test_a_job_without_a_task_fails_by_name() -> None:
    enqueue(task="nothing", arguments={}, now=NOW)
    run_one(ALL, worker="w", clock=Clock())
    assert (only().state, only().error) == ("failed", "no task is called nothing")


def test_the_job_of_a_dead_worker_is_taken_up_and_its_late_word_ignored() -> None:
    enqueue(task="done", arguments={}, now=NOW)
    dead = claim(worker="dead", now=NOW)
    assert dead is not None
    later = NOW + LEASE + timedelta(seconds=1)
    taken = claim(worker="alive", now=later)
    assert taken is not None
    assert (taken.pk, taken.attempts, taken.locked_by) == (dead.pk, 2, "alive")
    assert not finish(job=dead, now=later)
    assert finish(job=taken, now=later)


def test_a_worker_that_lives_keeps_its_job() -> None:
    enqueue(task="done", arguments={}, now=NOW)
    job = claim(worker="slow", now=NOW)
    assert job is not None
    assert keep(job=job, now=NOW + LEASE)
    assert claim(worker="other", now=NOW + LEASE + timedelta(minutes=1)) is None


def test_a_job_that_kills_its_workers_is_left_in_the_end() -> None:
    enqueue(task="done", arguments={}, now=NOW)
    moment = NOW
    while claim(worker="w", now=moment):
        moment += LEASE + timedelta(seconds=1)
    assert (only().state, only().attempts) == ("failed", MOST_ATTEMPTS)
    assert "died" in only().error


def test_the_worker_stops_when_it_is_told() -> None:
    stop = threading.Event()

    def last(arguments: Mapping[str, str], now: datetime) -> None:
        stop.set()

    enqueue(task="last", arguments={}, now=NOW)
    enqueue(task="last", arguments={"key": "second"}, now=NOW)
    assert run_all({"last": last}, worker="w", clock=Clock(), stop=stop, pause=0.01) == 1
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "waiting"]


def test_refreshing_a_source_can_be_left_to_the_worker(settings: LazySettings) -> None:
    settings.SOURCE_URLS = {"IOM_MISSING_MIGRANTS": "http://127.0.0.1:9/nothing"}
    out = io.StringIO()
    call_command("sources", "--download", "iom_missing_migrants", "--later", stdout=out)
    assert "refresh_source" in TASKS
    Job.objects.update(arguments={"key": "nobody"})
    call_command("work", "--once", stdout=out)
    call_command("work", "--list", stdout=out)
    assert only().state == "failed"
    assert "no stable address is known for nobody" in out.getvalue()
