"""Which days of mobile consulates there are: to come and past, by country, by the clock of each place."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from torogoz.domain.alphabet import alphabetical
from torogoz.domain.mobile_consulates import State
from torogoz.shared.codelists.queries import countries
from torogoz.topics.diaspora.abroad_models import MobileConsulate


@dataclass(frozen=True)
class DayShown:
    """One day, with its times by the clock of its place."""

    day: MobileConsulate
    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class OfCountry:
    """The days of one country, the next first."""

    code: str
    name: str
    days: tuple[DayShown, ...]

    @property
    def held(self) -> int:
        """How many will be held: those called off or moved stay in sight, and are not counted."""
        return sum(each.day.state == State.PLANNED.value for each in self.days)


def shown(day: MobileConsulate) -> DayShown:
    """A day by the clock of its place."""
    zone = ZoneInfo(day.zone)
    return DayShown(day, day.begins_at.astimezone(zone), day.ends_at.astimezone(zone))


def to_come(now: datetime, country: str = "") -> QuerySet[MobileConsulate]:
    """What is not over yet, the next first; also what was called off or moved, so that nobody travels in vain."""
    return _of(country).filter(ends_at__gt=now).order_by("begins_at", "pk")


def held_to_come(now: datetime) -> int:
    """How many days to come will be held."""
    return to_come(now).filter(state=State.PLANNED.value).count()


def past(now: datetime, country: str = "") -> QuerySet[MobileConsulate]:
    """What is over, the last first. Nothing of it is taken away."""
    return _of(country).filter(ends_at__lte=now).order_by("-begins_at", "-pk")


def by_country(now: datetime, language: str) -> list[OfCountry]:
    """The days to come, by country."""
    names = dict(countries(language))
    groups: dict[str, list[DayShown]] = {}
    for day in to_come(now):
        groups.setdefault(day.country, []).append(shown(day))
    return sorted(
        (OfCountry(code, names.get(code, code), tuple(days)) for code, days in groups.items()),
        key=lambda each: alphabetical(each.name),
    )


def day_called(key: UUID) -> MobileConsulate | None:
    """The day with this key."""
    return MobileConsulate.objects.filter(key=key).select_related("institution", "moved_to").first()


def _of(country: str) -> QuerySet[MobileConsulate]:
    found = MobileConsulate.objects.select_related("institution", "moved_to", "moved_from")
    return found.filter(country=country) if country else found
