"""What is kept of a person, told by each app that keeps it: what a disposal does with it, what goes into the own file.

An app that keeps something of persons names a module in its AppConfig (`kept_of_persons`), which has these things:

    HOLDINGS        its tables, in the order in which they are removed
    STAYS           tables that say something of persons and stay, with why
    TOLD            its tables that the own file tells, each with the member of the document where
    UNTOLD          those that it does not tell, with why
    parts_of        what it adds to the own file
    open_matters    who of some people has a matter open there, and by which institution

A test holds that no table that leads to a person is forgotten (tests/architecture/test_kept_of_persons.py).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from torogoz.domain.disposal import Deed
from torogoz.domain.retention import DataClass
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.vault.sealing import Batch


@dataclass(frozen=True)
class Holding:
    """Rows of one table that say something of a person.

    label       of the model, as people.section
    person      the way from a row to its person
    classes     of data that are in these rows: they go when the first of them goes
    deed        whether the rows are removed, or stay with `blank` written over what they said
    only        which of its rows
    files       the files that lie beside rows, which go with them
    """

    label: str
    person: str
    classes: frozenset[DataClass]
    deed: Deed = Deed.REMOVE
    only: Q = field(default_factory=Q)
    blank: Mapping[str, Any] = field(default_factory=dict)
    files: Callable[["QuerySet[Any]"], list[Path]] | None = None

    @property
    def model(self) -> type[Model]:
        """The table."""
        return apps.get_model(self.label)

    def rows(self, people: Any) -> "QuerySet[Any]":
        """Its rows of these people (numbers, or a query of numbers) of which something is left to do."""
        found = self.model._base_manager.filter(self.only, **{f"{self.person}__in": people})
        if not self.blank:
            return found
        said = {name: value for name, value in self.blank.items() if value is not None}
        return found.exclude(**said, **{f"{name}__isnull": True for name in self.blank.keys() - said.keys()})

    def people(self) -> "QuerySet[Any]":
        """The numbers of those of whom it has rows."""
        return self.model._base_manager.filter(self.only).exclude(**{self.person: None}).values(self.person)


@dataclass(frozen=True)
class Asked:
    """For whom an own file is made.

    encounters  those that may be told
    alone       whether the person asks herself
    closed      codes of what does not leave by this request
    spanish     the language, which is also the active one
    """

    person: Person
    encounters: "QuerySet[Encounter]"
    alone: bool
    closed: frozenset[str]
    spanish: bool
    batch: Batch


@dataclass(frozen=True)
class Part:
    """What an app adds to the own file: a member of the JSON document, and the table that is printed of it.

    rows        None when it is not told to who asks; it is not mentioned on paper then
    """

    member: str
    rows: list[dict[str, Any]] | None
    title: str
    head: tuple[str, ...]
    printed: list[tuple[str, ...]]
    widths: tuple[int, ...]


class Kept(Protocol):
    """A module that `kept_of_persons` names."""

    HOLDINGS: Sequence[Holding]
    STAYS: Mapping[str, str]
    TOLD: Mapping[str, str]
    UNTOLD: Mapping[str, str]

    def parts_of(self, asked: Asked) -> list[Part]:
        """What it adds to the own file, in the active language."""

    def open_matters(self, people: Collection[int], now: datetime) -> list[tuple[int, str]]:
        """Numbers of people with a matter open, each with the code of an institution that knows of it."""


def to_the_minute(moment: str | None) -> str:
    """What is printed of an ISO time: `2026-11-20 10:05`; nothing of none."""
    return moment[:16].replace("T", " ") if moment else ""


@lru_cache(maxsize=1)
def kept() -> tuple[Kept, ...]:
    """The modules of every app, topics first: what they keep hangs on what shared apps keep."""
    named = [config for config in apps.get_app_configs() if hasattr(config, "kept_of_persons")]
    ordered = sorted(named, key=lambda config: (not config.name.startswith("torogoz.topics."), config.name))
    return tuple(cast(Kept, import_module(config.kept_of_persons)) for config in ordered)


def holdings(classes: Collection[DataClass]) -> tuple[Holding, ...]:
    """What a disposal of these classes does, in the order in which it is done."""
    wanted = frozenset(classes)
    return tuple(each for one in kept() for each in one.HOLDINGS if each.classes & wanted)


def stays() -> dict[str, str]:
    """The tables that say something of persons and stay, with why."""
    return {label: why for one in kept() for label, why in one.STAYS.items()}


def told() -> dict[str, str]:
    """The tables of which the own file tells, each with the member of the document where it does."""
    return {label: member for one in kept() for label, member in one.TOLD.items()}


def untold() -> dict[str, str]:
    """The tables that say something of persons and of which the own file tells nothing, with why."""
    return {label: why for one in kept() for label, why in one.UNTOLD.items()}


def parts_of(asked: Asked) -> list[Part]:
    """What every app adds to the own file."""
    return [part for one in reversed(kept()) for part in one.parts_of(asked)]


def open_matters(people: Collection[int], now: datetime) -> list[tuple[int, str]]:
    """Who of these people has a matter open anywhere, each with the institution that knows of it."""
    return [found for one in kept() for found in one.open_matters(people, now)]
