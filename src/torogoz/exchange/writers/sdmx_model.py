"""What an SDMX message is about: code lists, concepts, data structures, dataflows and the region that has data.

Source: SDMX 3.0 information model. Everything here is maintained by one agency in one version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import polars as pl

from torogoz.exchange.writers.publication import Words

AGENCY: Final = "TOROGOZ"
VERSION: Final = "1.0.0"
TIME: Final = "TIME_PERIOD"
MEASURE: Final = "OBS_VALUE"
CONCEPTS: Final = "CS_TOROGOZ"
EVERY_DIMENSION: Final = "AllDimensions"
SENDER: Final = Words("Torogoz", "Torogoz")


class Role(StrEnum):
    """What a component of a data structure is."""

    DIMENSION = "dimension"
    TIME = "time"
    MEASURE = "measure"
    ATTRIBUTE = "attribute"


class Action(StrEnum):
    """What a reader does with a data set: SDMX's word. The letter of SDMX-CSV is the first one."""

    INFORMATION = "Information"
    REPLACE = "Replace"
    DELETE = "Delete"

    @property
    def letter(self) -> str:
        return self.value[0]


@dataclass(frozen=True)
class Code:
    """One code of a list, and what it is called."""

    id: str
    name: Words


@dataclass(frozen=True)
class Codelist:
    """A list of codes; partial when it holds only those that an answer uses."""

    id: str
    name: Words
    codes: tuple[Code, ...]
    partial: bool = False

    @property
    def urn(self) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={AGENCY}:{self.id}({VERSION})"


@dataclass(frozen=True)
class Component:
    """One column of a data structure: a dimension, the time, the measure or an attribute of each observation.

    codelist  the list that its values come from; "" for free values of `kind`
    kind      SDMX data type: String, Double, Integer, DateTime, ObservationalTimePeriod
    """

    id: str
    name: Words
    role: Role
    codelist: str = ""
    kind: str = "String"

    @property
    def concept_urn(self) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:{CONCEPTS}({VERSION}).{self.id}"


@dataclass(frozen=True)
class Structure:
    """A dataflow with its data structure, which bears the same name: dimensions in the order of the key."""

    id: str
    name: Words
    description: Words
    components: tuple[Component, ...]

    @property
    def urn(self) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={AGENCY}:{self.id}({VERSION})"

    @property
    def flow_urn(self) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{self.id}({VERSION})"

    @property
    def key(self) -> tuple[str, ...]:
        """The dimensions of a series key, without the time, in order."""
        return tuple(each.id for each in self.components if each.role is Role.DIMENSION)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension, the time last."""
        return (*self.key, TIME)

    @property
    def attributes(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.components if each.role is Role.ATTRIBUTE)

    def component(self, name: str) -> Component:
        """The component called `name`. Raises KeyError."""
        for each in self.components:
            if each.id == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True)
class Region:
    """The values of each dimension that have data, how many observations and series there are, and which periods."""

    structure: Structure
    values: Mapping[str, Sequence[str]]
    observations: int
    series: int
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Head:
    """Who sends a message, and when it was prepared."""

    id: str
    prepared: datetime
    sender: Words = SENDER
    test: bool = False


@dataclass(frozen=True)
class Artefacts:
    """What a structure message holds."""

    structures: tuple[Structure, ...] = ()
    flows: tuple[Structure, ...] = ()
    codelists: tuple[Codelist, ...] = ()
    concepts: tuple[Component, ...] = ()
    concepts_partial: bool = False
    regions: tuple[Region, ...] = ()
    agency: bool = False
    stubs: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Part:
    """One data set of a message: its rows, what a reader does with them, and since when they hold.

    frame  dimensions (str), OBS_VALUE (float) where measures are wanted, attributes (str or int); sorted by the
           dimensions, the one at the observation last
    """

    frame: pl.DataFrame
    action: Action = Action.INFORMATION
    valid_from: datetime | None = None


@dataclass(frozen=True)
class Content:
    """What a data message holds: one structure, its data sets, and the names of codes.

    at_observation  the dimension that goes with each observation, or AllDimensions
    names           what each code of a dimension or attribute is called
    """

    structure: Structure
    parts: tuple[Part, ...]
    at_observation: str
    names: Mapping[str, Mapping[str, Words]]

    @property
    def columns(self) -> list[str]:
        """The columns of every part."""
        return self.parts[0].frame.columns if self.parts else []

    @property
    def attributes(self) -> list[str]:
        """The attributes of observations that are in the frames, in the order of the structure."""
        return [name for name in self.structure.attributes if name in self.columns]

    @property
    def series(self) -> list[str]:
        """The dimensions of a series (or section); none when every observation stands alone."""
        if self.at_observation == EVERY_DIMENSION:
            return []
        return [name for name in self.structure.dimensions if name != self.at_observation and name in self.columns]

    @property
    def observed(self) -> list[str]:
        """The dimensions of an observation within its series."""
        if self.at_observation == EVERY_DIMENSION:
            return [name for name in self.structure.dimensions if name in self.columns]
        return [self.at_observation] if self.at_observation in self.columns else []

    def called(self, component: str, code: str) -> Words:
        """What a code is called; the code itself where nobody named it."""
        return self.names.get(component, {}).get(code) or Words(code, code)


def figures(name: str, frame: pl.DataFrame) -> pl.Expr:
    """A column of figures as text; null stays null."""
    return numbers(name, frame).cast(pl.String)


def numbers(name: str, frame: pl.DataFrame) -> pl.Expr:
    """A column of figures: 12 and not 12.0 where every one of them is whole; null stays null."""
    column = frame[name]
    if not column.dtype.is_float():
        return pl.col(name)
    finite = column.filter(column.is_finite())
    whole = bool((finite == finite.floor()).all()) and bool((finite.abs() < 2**53).all())
    value = pl.when(pl.col(name).is_finite()).then(pl.col(name))
    return value.cast(pl.Int64) if whole else value
