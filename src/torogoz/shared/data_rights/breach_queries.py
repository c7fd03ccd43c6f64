"""What may be read of breaches: by the data-protection officers of the institution, and by nobody else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from torogoz.domain.access import Verb
from torogoz.domain.breaches import WITHIN, Clock, Notice, Told, notices
from torogoz.shared.data_rights.models import Breach, BreachEntry, BreachNotice
from torogoz.shared.institutions.access import seats
from torogoz.shared.institutions.models import Officer


@dataclass(frozen=True)
class BreachSeen:
    """A breach and the clocks of the three who must be told."""

    breach: Breach
    notices: tuple[Notice, ...]
    clocks: dict[Told, Clock]

    @property
    def overdue(self) -> bool:
        """Whether somebody should have been told and was not."""
        return Clock.OVERDUE in self.clocks.values()

    @property
    def running(self) -> bool:
        """Whether somebody has yet to be told."""
        return self.overdue or Clock.RUNNING in self.clocks.values()


def breaches_seen_by(officer: Officer, now: datetime) -> list[BreachSeen]:
    """The breaches of the institutions where the officer protects the data, the newest first."""
    found = Breach.objects.filter(institution__code__in=seats(officer, Verb.AUDIT, now))
    rows = found.select_related("institution", "recorded_by").prefetch_related("notices")
    return [_seen(row, now) for row in rows.order_by("-discovered_at", "-pk")]


def breach_seen_by(officer: Officer, key: UUID | str, now: datetime) -> BreachSeen | None:
    """The breach with this key; None when the officer may not know that there is one."""
    return next((seen for seen in breaches_seen_by(officer, now) if str(seen.breach.key) == str(key)), None)


def overdue_breaches(officer: Officer, now: datetime) -> int:
    """How many breaches somebody should have been told of by now: shown in the menu, loudly."""
    served = seats(officer, Verb.AUDIT, now)
    late = Breach.objects.filter(institution__code__in=served, discovered_at__lt=now - WITHIN).order_by("pk")
    told = BreachNotice.objects.filter(breach__in=late).values_list("breach", "told")
    done: dict[int, set[str]] = {}
    for breach, who in told:
        done.setdefault(breach, set()).add(who)
    return sum(len(done.get(breach, ())) < len(Told) for breach in late.values_list("pk", flat=True))


def entries_of(seen: BreachSeen) -> list[BreachEntry]:
    """What was learnt and done, the oldest first."""
    return list(BreachEntry.objects.filter(breach=seen.breach).select_related("by", "institution").order_by("pk"))


def done_notices(seen: BreachSeen) -> dict[Told, BreachNotice]:
    """The notices that were given."""
    stored = BreachNotice.objects.filter(breach=seen.breach).select_related("by").order_by("pk")
    return {Told(one.told): one for one in stored}


def _seen(row: Breach, now: datetime) -> BreachSeen:
    done = {Told(one.told): one.done_at for one in row.notices.all()}
    told = notices(row.discovered_at, done)
    return BreachSeen(row, told, {one.told: one.clock(now) for one in told})
