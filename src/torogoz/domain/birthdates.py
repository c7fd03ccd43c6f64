"""Birth dates as far as they are known: a year, a month, or a day; with the ages that they allow."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self

from torogoz.domain.refusals import Refused

LONGEST_LIFE = 120
"""Years. The longest life on record is 122 years (Jeanne Calment); above 120 a slip of the pen is likelier."""


class BirthRefused(Refused):
    """A birth date that cannot be read, or cannot be true."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unreadable": (
            "«{text}» no se lee como fecha. Escriba el año (2001), el año y el mes (2001-05) "
            "o la fecha completa (2001-05-17).",
            "“{text}” does not read as a date. Write the year (2001), the year and month (2001-05) "
            "or the whole date (2001-05-17).",
        ),
        "order": (
            "«{text}» está en otro orden. Primero va el año, luego el mes y el día: {suggestion}.",
            "“{text}” is in another order. The year goes first, then the month and the day: {suggestion}.",
        ),
        "ambiguous": (
            "«{text}» puede ser día/mes o mes/día. Escriba {suggestion} si el día va primero, o {alternative} "
            "si el mes va primero, como en los papeles de Estados Unidos.",
            "“{text}” may be day/month or month/day. Write {suggestion} if the day comes first, or {alternative} "
            "if the month comes first, as on papers of the United States.",
        ),
        "short_year": (
            "En «{text}» el año tiene dos cifras. Escriba el año con cuatro: 1987, no 87.",
            "In “{text}” the year has two digits. Write it with four: 1987, not 87.",
        ),
        "month": (
            "El mes {month} no existe: van de 01 a 12.",
            "There is no month {month}: they go from 01 to 12.",
        ),
        "day": (
            "{year}-{month} tiene {days} días; el día {day} no existe. Si no sabe el día, escriba {year}-{month}.",
            "{year}-{month} has {days} days; there is no day {day}. If the day is not known, write {year}-{month}.",
        ),
        "future": (
            "{text} está después de hoy, {today}. Revise el año.",
            "{text} is after today, {today}. Check the year.",
        ),
        "too_old": (
            "Con {text} la persona tendría más de {years} años. Revise el año; si no lo sabe, deje la fecha vacía.",
            "With {text} the person would be over {years} years old. Check the year; if it is not known, leave the "
            "date empty.",
        ),
    }


class Ages(NamedTuple):
    """The completed years of age that a birth date allows on a day, from the least to the most."""

    least: int
    most: int


@dataclass(frozen=True)
class PartialDate:
    """A date as far as it is known, and the first and last day that it can mean."""

    text: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str, *, field: str = "birth") -> Self:
        """Read `2001`, `2001-05` or `2001-05-17`. Raises BirthRefused, which says how to write it."""
        text = text.strip()
        found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text)
        if found is None or int(found[1]) == 0:
            raise _explained(text, field)
        year, month = int(found[1]), int(found[2] or 1)
        if found[2] is None:
            return cls(f"{year:04}", date(year, 1, 1), date(year, 12, 31))
        if not 1 <= month <= 12:
            raise BirthRefused(field, "month", month=f"{month:02}")
        days = calendar.monthrange(year, month)[1]
        if found[3] is None:
            return cls(f"{year:04}-{month:02}", date(year, month, 1), date(year, month, days))
        day = int(found[3])
        if not 1 <= day <= days:
            raise BirthRefused(field, "day", year=f"{year:04}", month=f"{month:02}", day=f"{day:02}", days=days)
        only = date(year, month, day)
        return cls(only.isoformat(), only, only)

    @property
    def year(self) -> int:
        """The year, which is always known."""
        return self.first.year

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def age_on(self, day: date) -> Ages:
        """The ages, in completed years, possible on `day`. Raises ValueError if the birth can only be after it."""
        if self.first > day:
            raise ValueError(f"born on {self.text}, which is after {day}")
        return Ages(_years(min(self.last, day), day), _years(self.first, day))

    def under(self, years: int, day: date) -> bool | None:
        """Whether the person is younger than `years` on `day`; None when the date is too coarse to tell."""
        ages = self.age_on(day)
        if ages.most < years:
            return True
        return False if ages.least >= years else None

    def __str__(self) -> str:
        return self.text


def read_birth(text: str, *, today: date, field: str = "birth") -> PartialDate | None:
    """The birth date that `text` says, or None if it says nothing: unknown is kept as unknown.

    Raises BirthRefused when it cannot be read, lies after `today`, or makes the person over 120 years old.
    """
    if not text.strip():
        return None
    birth = PartialDate.parse(text, field=field)
    if birth.first > today:
        raise BirthRefused(field, "future", text=birth.text, today=today.isoformat())
    if birth.age_on(today).least > LONGEST_LIFE:
        raise BirthRefused(field, "too_old", text=birth.text, years=LONGEST_LIFE)
    return birth


def _years(born: date, day: date) -> int:
    """Completed years from `born` to `day`; who was born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _explained(text: str, field: str) -> BirthRefused:
    """Why `text` is not a partial date, with the right way to write what it seems to mean."""
    found = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})", text)
    if found is None:
        found = re.fullmatch(r"(\d{4})[/. ]?(\d{2})[/. ]?(\d{2})", text)
        if found and _exists(*(year_first := (int(found[1]), int(found[2]), int(found[3])))):
            return BirthRefused(field, "order", text=text, suggestion=_written(*year_first))
        found = re.fullmatch(r"(\d{1,2})[/.\- ](\d{4})", text)
        if found and 1 <= int(found[1]) <= 12:
            return BirthRefused(field, "order", text=text, suggestion=f"{found[2]}-{int(found[1]):02}")
        return BirthRefused(field, "unreadable", text=text)
    if len(found[3]) == 2:
        return BirthRefused(field, "short_year", text=text)
    one, two, year = int(found[1]), int(found[2]), int(found[3])
    day_first = _written(year, two, one) if _exists(year, two, one) else ""
    month_first = _written(year, one, two) if _exists(year, one, two) else ""
    if day_first and month_first and day_first != month_first:
        return BirthRefused(field, "ambiguous", text=text, suggestion=day_first, alternative=month_first)
    if day_first or month_first:
        return BirthRefused(field, "order", text=text, suggestion=day_first or month_first)
    return BirthRefused(field, "unreadable", text=text)


def _exists(year: int, month: int, day: int) -> bool:
    return year > 0 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _written(year: int, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}"
