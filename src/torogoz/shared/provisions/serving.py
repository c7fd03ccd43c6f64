"""What serves an objective of the Compact beside commitments: good practices and pledges, told by who keeps them.

An app that has some names a module in its AppConfig (`serves_objectives`), which has three functions:

    practices(now)   the published practices, each with the objectives that it serves
    pledges(now)     the pledges that hold, likewise
    state(now)       a checksum that changes with any of them

So the documents about commitments list them, and no topic knows another.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from typing import Protocol, cast
from uuid import UUID

from django.apps import apps


@dataclass(frozen=True)
class Line:
    """What serves objectives, called by whom. `path` is its page on this site."""

    key: UUID
    path: str
    objectives: tuple[str, ...]
    title_es: str
    title_en: str
    by_es: str
    by_en: str


@dataclass(frozen=True)
class PracticeLine(Line):
    """One published practice."""

    place: str
    began_on: date | None
    ended_on: date | None
    published_on: date
    made_up: bool


@dataclass(frozen=True)
class PledgeLine(Line):
    """One pledge that holds: what is measured, how much of it by when, and how far it is as last told on a day."""

    measure_es: str
    measure_en: str
    target: Decimal
    unit: str
    made_on: date
    due_on: date
    stage_es: str
    stage_en: str
    fulfilled: bool
    told_on: date | None
    late: bool
    made_up: bool


class Serving(Protocol):
    """A module that `serves_objectives` names."""

    def practices(self, now: datetime) -> list[PracticeLine]:
        """The practices that are published at a moment."""

    def pledges(self, now: datetime) -> list[PledgeLine]:
        """The pledges that hold at a moment."""

    def state(self, now: datetime) -> str:
        """A checksum of all of them."""


@lru_cache(maxsize=1)
def _serving() -> tuple[Serving, ...]:
    named = [config for config in apps.get_app_configs() if hasattr(config, "serves_objectives")]
    ordered = sorted(named, key=lambda config: config.name)
    return tuple(cast(Serving, import_module(config.serves_objectives)) for config in ordered)


def practices(now: datetime) -> list[PracticeLine]:
    """Every published practice that serves an objective."""
    return [line for each in _serving() for line in each.practices(now)]


def pledges(now: datetime) -> list[PledgeLine]:
    """Every pledge that holds and serves an objective."""
    return [line for each in _serving() for line in each.pledges(now)]


def state(now: datetime) -> str:
    """A checksum that changes with any of them."""
    return " ".join(each.state(now) for each in _serving())
