"""The one table of tasks that the worker runs, by name."""

from collections.abc import Mapping
from typing import Final

from torogoz.shared.jobs.worker import Task
from torogoz.shared.oversight import tasks as oversight
from torogoz.shared.people import tasks as people
from torogoz.shared.sources.tasks import REFRESH, refresh_source
from torogoz.topics.commitments import tasks as commitments

TASKS: Final[Mapping[str, Task]] = {
    REFRESH: refresh_source,
    oversight.NIGHTLY: oversight.nightly,
    people.NIGHTLY: people.look_for_duplicates,
    commitments.NIGHTLY: commitments.nightly,
    commitments.READINGS: commitments.readings,
}
