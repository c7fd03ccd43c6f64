"""What the worker does every night: check the chain, sign its head, sum up the day, look for what is unusual."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.nightly import plan_next
from torogoz.shared.jobs.worker import TaskFailed
from torogoz.shared.oversight import actions
from torogoz.shared.oversight.anchors import CannotAnchor

NIGHTLY: Final = "audit_nightly"
AT: Final = time(2, 30)


def nightly(arguments: Mapping[str, str], now: datetime) -> None:
    """The work of the night `day`. The next night is put on the list first, so that a failure never ends the row.

    A chain that is not whole fails the job for good: another attempt would find the same, and somebody must look.
    """
    plan(now=now, after=date.fromisoformat(arguments["day"]))
    actions.look_back(until=timezone.localdate(now) - timedelta(days=1), now=now)
    check = actions.check_chain(now=now, clock=timezone.now)
    if not check.whole:
        raise TaskFailed(f"the record of accesses is not whole: {len(check.faults)} faults", again=False)
    try:
        actions.anchor(now=now, check=check)
    except CannotAnchor as why:
        raise TaskFailed(str(why), again=True) from why


def plan(*, now: datetime, after: date | None = None) -> Job:
    """Put the next night on the list; one that is there already is given back."""
    return plan_next(NIGHTLY, AT, now=now, after=after)
