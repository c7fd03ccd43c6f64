"""What the data-protection officer is told about the record as a whole."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Case, Max, Q, QuerySet, When

from torogoz.domain.access import Role, Verb
from torogoz.domain.oversight import HISTORY_DAYS, WINDOW_DAYS, AlertState, Day, Kind
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Membership, Officer
from torogoz.shared.oversight import anchors
from torogoz.shared.oversight.models import Alert, AlertOfficer, AlertStep, ChainCheck, OfficerDay

STALE: Final = timedelta(hours=36)
"""The chain is checked every night; a check that is older than this was missed."""


@dataclass(frozen=True)
class ChainState:
    """Whether the record is known to be whole.

    check       the newest check; None if there was none
    stale       whether it is too old to say anything about today
    broken      the newest check that found the record not whole, if any: it is told until it is explained in writing
                outside the system, since nothing here can make a broken chain whole again
    """

    check: ChainCheck | None
    stale: bool
    broken: ChainCheck | None

    @property
    def good(self) -> bool:
        """Whether the newest check is recent and found the chain whole."""
        return self.check is not None and self.check.whole and not self.stale


def chain_state(now: datetime) -> ChainState:
    """What is known of the chain at `now`."""
    newest = ChainCheck.objects.order_by("-pk").first()
    broken = ChainCheck.objects.exclude(faults=[]).order_by("-pk").first()
    return ChainState(newest, newest is None or newest.finished_at < now - STALE, broken)


def recent_checks(number: int = 10) -> list[ChainCheck]:
    """The newest checks, the newest first."""
    return list(ChainCheck.objects.order_by("-pk")[:number])


def restored() -> list[anchors.Anchor]:
    """The times when a back-up was restored and the record went on from an earlier event."""
    return anchors.kept().restored


def warns(now: datetime) -> bool:
    """Whether the menu must say that something is wrong with the record."""
    return not chain_state(now).good


@dataclass
class Line:
    """One line of a summary: what officers did, added up. People are counted once a day and officer."""

    name: str
    opened: int = 0
    own: int = 0
    elsewhere: int = 0
    night: int = 0
    listed: int = 0
    exported: int = 0
    refused: int = 0
    glass: int = 0
    bases: Counter[str] = field(default_factory=Counter)

    @property
    def unplaced(self) -> int:
        """People whom nobody had met at an office yet."""
        return self.opened - self.own - self.elsewhere

    def add(self, row: OfficerDay) -> None:
        """Add an officer's day."""
        for name in ADDED:
            setattr(self, name, getattr(self, name) + getattr(row, name))
        self.bases.update(row.bases)


ADDED: Final = ("opened", "own", "elsewhere", "night", "listed", "exported", "refused", "glass")


def summary(by: str, since: date, until: date, institution: str = "") -> list[Line]:
    """What officers did from `since` until `until`, and that day included: a line for each officer, institution or day.

    by      officer, institution or day; officers and institutions stand with most people opened elsewhere first
    """
    rows = OfficerDay.objects.filter(day__gte=since, day__lte=until)
    if institution:
        rows = rows.filter(institution=institution)
    lines: dict[str, Line] = {}
    for row in rows.order_by("-day", "institution", "officer").iterator(chunk_size=5_000):
        name = {"officer": f"{row.officer} · {row.institution}", "institution": row.institution}.get(by, f"{row.day}")
        lines.setdefault(name, Line(name)).add(row)
    return list(lines.values()) if by == "day" else sorted(lines.values(), key=lambda line: -line.elsewhere)


def days(since: date, until: date) -> list[Day]:
    """What officers did from `since` until before `until`, as it was summed up."""
    return [
        Day(
            officer=row.officer,
            institution=row.institution,
            role=row.role,
            day=row.day,
            opened=row.opened,
            elsewhere=row.elsewhere,
            night=row.night,
            refused=row.refused,
            glass=row.glass,
        )
        for row in OfficerDay.objects.filter(day__gte=since, day__lt=until).order_by("day", "pk")
    ]


def answered(since: date, until: date, state: AlertState | None = None) -> dict[tuple[Kind, str], int]:
    """The most that was measured in alerts of these days, by kind and whom they are about; of one state, or of all."""
    found: dict[tuple[Kind, str], int] = {}
    alerts = Alert.objects.filter(day__gte=since, day__lt=until)
    for alert in alerts.filter(state=state.value) if state else alerts:
        key = Kind(alert.kind), alert.officer or alert.person
        found[key] = max(found.get(key, 0), alert.measured)
    return found


def not_summed_up(until: date) -> list[date]:
    """The days since the last one that was summed up, until `until`, both included; HISTORY_DAYS at most.

    The last one is summed up again: it may not have been over.
    """
    last = OfficerDay.objects.filter(day__lte=until).aggregate(last=Max("day"))["last"]
    first = max(until - timedelta(days=HISTORY_DAYS), last or date.min)
    return [first + timedelta(days=number) for number in range((until - first).days + 1)]


def watchers(now: datetime) -> list[Officer]:
    """The officers of data protection."""
    posted = Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now), role=Role.DATA_PROTECTION.value, valid_from__lte=now
    )
    return list(Officer.objects.filter(is_active=True, pk__in=posted.values("officer")).order_by("pk"))


def alerts_seen_by(officer: Officer, now: datetime) -> QuerySet[Alert]:
    """The alerts that an officer may see: data protection, all but those about the officer."""
    if not may(officer, Verb.AUDIT, None, None, now):
        return Alert.objects.none()
    about = AlertOfficer.objects.filter(officer=officer.username)
    return Alert.objects.exclude(pk__in=about.values("alert"))


def open_alerts(officer: Officer, now: datetime) -> int:
    """How many alerts wait for this officer: nobody has looked into them yet."""
    return alerts_seen_by(officer, now).filter(state=AlertState.NEW.value).count()


def seen_by_nobody(now: datetime) -> int:
    """How many new alerts no officer of data protection may see, since each is about all of them."""
    new = Alert.objects.filter(state=AlertState.NEW.value)
    for watcher in watchers(now):
        new = new.filter(pk__in=AlertOfficer.objects.filter(officer=watcher.username).values("alert"))
    return new.count()


def in_order(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Alerts, those that nobody looked into first, then the newest."""
    waits = Case(When(state=AlertState.NEW.value, then=0), default=1)
    return alerts.order_by(waits, "-day", "-pk")


def steps_of(alert: Alert) -> list[AlertStep]:
    """What was found about an alert, the newest first."""
    return list(alert.steps.select_related("by").order_by("-pk"))


def evidence_period(alert: Alert) -> tuple[date, date]:
    """The first and the last day of what an alert counted."""
    whole_week = alert.kind in (Kind.GLASS.value, Kind.READERS.value)
    return alert.day - timedelta(days=WINDOW_DAYS - 1 if whole_week else 0), alert.day
