"""A breach of security of personal data: what is known of it, and the seventy-two hours in which three must be told.

Decree 144 of 12 November 2024: the State Cybersecurity Agency (ACE), the Attorney General (FGR) and the persons whose
data they are, within 72 hours (published summaries, read in 2026; its articles were not read).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused

LONGEST_AGO = 20
"""Years: no register of this kind was kept longer ago, and a year typed wrong is found."""

WITHIN = timedelta(hours=72)
LEAST_WORDS = 20
LONGEST_WORDS = 4000


class Told(StrEnum):
    """Who must be told."""

    ACE = "ace"
    FGR = "fgr"
    PERSONS = "persons"


class Category(StrEnum):
    """Which data it is about."""

    IDENTITY = "identity"
    DOCUMENTS = "documents"
    CONTACTS = "contacts"
    JOURNEY = "journey"
    SENSITIVE = "sensitive"
    PROTECTED = "protected"
    CREDENTIALS = "credentials"


class Clock(StrEnum):
    """Where the seventy-two hours stand for one of the three."""

    RUNNING = "running"
    OVERDUE = "overdue"
    IN_TIME = "in_time"
    LATE = "late"


class BreachRefused(Refused):
    """A breach, or a notice of it, that cannot be recorded as it was typed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "future": (
            "Es posterior a este momento. Escriba cuándo ocurrió de verdad.",
            "It is later than this moment. Write when it really happened.",
        ),
        "long_ago": (
            "Es de hace más de {years} años. Revise el año.",
            "It is more than {years} years ago. Look at the year again.",
        ),
        "before": (
            "Es anterior al descubrimiento. Corrija la fecha.",
            "It is before the discovery. Correct the date.",
        ),
        "order": (
            "No puede descubrirse antes de que empezara. Corrija una de las dos fechas.",
            "It cannot be discovered before it began. Correct one of the two dates.",
        ),
        "words": ("Explíquelo en {least} letras o más.", "Explain it in {least} letters or more."),
        "categories": ("Elija qué datos alcanza.", "Choose which data it reaches."),
        "people": (
            "Escriba un número, o deje la casilla vacía si no se sabe. Vacío no es cero.",
            "Write a number, or leave the box empty when it is not known. Empty is not zero.",
        ),
        "done": ("Ese aviso ya está registrado.", "That notice is recorded already."),
    }


@dataclass(frozen=True)
class Notice:
    """Who must be told, until when, and when that was done (None: not yet)."""

    told: Told
    due: datetime
    done_at: datetime | None

    def clock(self, now: datetime) -> Clock:
        """Where it stands at `now`."""
        if self.done_at is not None:
            return Clock.IN_TIME if self.done_at <= self.due else Clock.LATE
        return Clock.OVERDUE if now > self.due else Clock.RUNNING

    def hours_left(self, now: datetime) -> int:
        """Whole hours until it is due; negative, rounded away from zero, when that is over."""
        seconds = (self.due - now).total_seconds()
        return int(seconds // 3600)


def notices(discovered_at: datetime, done: Mapping[Told, datetime]) -> tuple[Notice, ...]:
    """The three notices of a breach, in the order of `Told`. The hours run from the discovery, whatever is known."""
    return tuple(Notice(told, discovered_at + WITHIN, done.get(told)) for told in Told)


def check_breach(
    *,
    discovered_at: datetime,
    began_at: datetime | None,
    what: str,
    categories: Collection[Category],
    people: int | None,
    now: datetime,
) -> None:
    """Refuse what cannot be. Raises BreachRefused.

    began_at    None when it is not known
    people      how many; None when it is not known, which is never zero
    """
    if discovered_at > now:
        raise BreachRefused("discovered_at", "future")
    for field, moment in (("discovered_at", discovered_at), ("began_at", began_at)):
        if moment is not None and moment.year < now.year - LONGEST_AGO:
            raise BreachRefused(field, "long_ago", years=LONGEST_AGO)
    if began_at is not None and began_at > discovered_at:
        raise BreachRefused("began_at", "order")
    check_words(what, "what")
    if not categories:
        raise BreachRefused("categories", "categories")
    check_people(people)


def check_people(people: int | None) -> None:
    """Refuse a number that is none. Raises BreachRefused."""
    if people is not None and people < 0:
        raise BreachRefused("people", "people")


def check_words(words: str, field: str) -> str:
    """Words without stray spaces at the ends. Raises BreachRefused."""
    kept = words.strip()
    if len(kept) < LEAST_WORDS:
        raise BreachRefused(field, "words", least=LEAST_WORDS)
    return kept[:LONGEST_WORDS]


def check_notice(*, discovered_at: datetime, done_at: datetime, now: datetime) -> None:
    """Refuse a notice of the future, or from before the discovery. Raises BreachRefused."""
    if done_at > now:
        raise BreachRefused("done_at", "future")
    if done_at < discovered_at:
        raise BreachRefused("done_at", "before")
