"""Days on which a consulate works away from its seat: where, when by the clock of that place, for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from torogoz.domain.refusals import Refused

ZONES: Final = (
    "America/El_Salvador",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Boise",
    "America/Detroit",
    "America/Indiana/Indianapolis",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/Toronto",
    "America/Winnipeg",
    "America/Edmonton",
    "America/Vancouver",
    "America/Halifax",
    "America/Mexico_City",
    "America/Tijuana",
    "America/Hermosillo",
    "America/Monterrey",
    "America/Guatemala",
    "America/Belize",
    "America/Tegucigalpa",
    "America/Managua",
    "America/Costa_Rica",
    "America/Panama",
    "America/Bogota",
    "America/Lima",
    "America/Santiago",
    "America/Argentina/Buenos_Aires",
    "America/Sao_Paulo",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Stockholm",
    "Europe/Brussels",
    "Europe/Zurich",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Australia/Sydney",
    "Australia/Melbourne",
    "Australia/Brisbane",
    "Australia/Perth",
)
"""Names of the IANA time zone database of places where Salvadorans live."""
REASON: Final = 10


class State(StrEnum):
    """Whether the day will be, was called off, or was put elsewhere."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    MOVED = "moved"


class Service(StrEnum):
    """What may be done there."""

    PASSPORT = "passport"
    DUI = "dui"
    REGISTRY = "registry"
    NOTARY = "notary"
    PROTECTION = "protection"
    WORK = "work"
    PENSIONS = "pensions"
    HEALTH = "health"


class ConsulateRefused(Refused):
    """A day of a mobile consulate, or a change of one, that cannot be kept."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "zone": ("El huso horario «{zone}» no está en la lista.", "The time zone “{zone}” is not on the list."),
        "no_such_time": (
            "Ese día el reloj de {zone} salta y {at} no existe. Escriba otra hora.",
            "On that day the clock of {zone} jumps and {at} does not exist. Write another time.",
        ),
        "twice": (
            "Ese día el reloj de {zone} se atrasa y {at} es dos veces. Escriba otra hora.",
            "On that day the clock of {zone} goes back and {at} comes twice. Write another time.",
        ),
        "ends": ("Debe cerrar después de abrir.", "It must close after it opens."),
        "services": ("Diga qué trámites se atienden.", "Say what may be done there."),
        "service": ("El trámite «{service}» no está en la lista.", "The service “{service}” is not on the list."),
        "bring": ("Diga qué hay que llevar, en español y en inglés.", "Say what to bring, in Spanish and in English."),
        "announced": (
            "La jornada de {city}, {on}, ya está anunciada. No se guardó nada.",
            "The day of {city}, {on}, is announced already. Nothing was stored.",
        ),
        "past": (
            "Esa fecha ya pasó. Una jornada se anuncia antes de que abra.",
            "That date is past. A day is announced before it opens.",
        ),
        "over": ("La jornada ya pasó: queda como fue.", "The day is over: it stays as it was."),
        "reason": (
            "Diga por qué, en al menos {least} letras, en español y en inglés: se publica.",
            "Say why, in {least} letters or more, in Spanish and in English: it is published.",
        ),
        "changed": (
            "Otra persona la cambió mientras usted escribía. No se guardó nada; mírela otra vez.",
            "Somebody else changed it while you were writing. Nothing was stored; look at it again.",
        ),
        "state": ("La jornada ya se canceló o se trasladó.", "The day was cancelled or moved already."),
    }


@dataclass(frozen=True)
class Day:
    """One day as it is announced: `opens` and `closes` are read off the clock of `zone` on the day `on`."""

    consulate: str
    country: str
    city: str
    address: str
    on: date
    opens: time
    closes: time
    zone: str
    services: tuple[Service, ...]
    bring_es: str
    bring_en: str

    def check(self, now: datetime) -> None:
        """Refuse what cannot be announced. Raises ConsulateRefused."""
        if self.ends_at <= self.begins_at:
            raise ConsulateRefused("closes", "ends")
        if not self.services:
            raise ConsulateRefused("services", "services")
        if not (self.bring_es.strip() and self.bring_en.strip()):
            raise ConsulateRefused("bring_es", "bring")
        if self.begins_at <= now:
            raise ConsulateRefused("on", "past")

    @property
    def begins_at(self) -> datetime:
        """When it opens, in UTC. Raises ConsulateRefused."""
        return moment("opens", self.on, self.opens, self.zone)

    @property
    def ends_at(self) -> datetime:
        """When it closes, in UTC. Raises ConsulateRefused."""
        return moment("closes", self.on, self.closes, self.zone)


def moment(field: str, on: date, at: time, zone: str) -> datetime:
    """The moment in UTC at which the clock of `zone` shows `at` on the day `on`.

    raises  ConsulateRefused for a zone that is not offered, and for a time that the clock never shows or shows twice
    """
    if zone not in ZONES:
        raise ConsulateRefused("zone", "zone", zone=zone[:40])
    there = datetime.combine(on, at, ZoneInfo(zone))
    back = there.astimezone(UTC).astimezone(ZoneInfo(zone))
    if back.replace(tzinfo=None) != there.replace(tzinfo=None):
        raise ConsulateRefused(field, "no_such_time", zone=zone, at=f"{at:%H:%M}")
    if there.utcoffset() != there.replace(fold=1).utcoffset():
        raise ConsulateRefused(field, "twice", zone=zone, at=f"{at:%H:%M}")
    return there.astimezone(UTC)


def check_change(*, state: State, ends_at: datetime, reason_es: str, reason_en: str, now: datetime) -> None:
    """Refuse to call off, or to move, what is over or was called off, and to do so without saying why.

    raises  ConsulateRefused
    """
    if state is not State.PLANNED:
        raise ConsulateRefused("", "state")
    if ends_at <= now:
        raise ConsulateRefused("", "over")
    for field, words in (("reason_es", reason_es), ("reason_en", reason_en)):
        if len(words.strip()) < REASON:
            raise ConsulateRefused(field, "reason", least=REASON)
