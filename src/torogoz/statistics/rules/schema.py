"""What a table must be, as data: fields with their constraints, keys, and rules across the fields of a row.

The words are those of Table Schema (Frictionless Data, https://specs.frictionlessdata.io/table-schema/); what it has no
word for (severity, rules across fields, identifying columns) is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

HIDDEN: Final = "•••"
ALL_FIELDS: Final = ""


class SchemaUnclear(ValueError):
    """A schema that cannot be followed as it stands. The message says where and why."""


class Kind(StrEnum):
    """What the text of a column stands for."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    YEAR = "year"
    YEARMONTH = "yearmonth"
    ANY = "any"


NUMERIC: Final = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.YEAR})
DATED: Final = frozenset({Kind.DATE, Kind.DATETIME, Kind.YEAR, Kind.YEARMONTH})
ORDERED: Final = frozenset({*NUMERIC, *DATED, Kind.TIME})


class Severity(StrEnum):
    """What a broken rule does to its row: an error sets it aside, a warning keeps it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Field:
    """One column: what it stands for and what it may hold. Bounds and codes are text, as the cells write them.

    format       of Table Schema: `default`, or a pattern such as %d/%m/%Y; of text email, uri or uuid
    identifying  may point to a person: its values are never printed in a report
    severity     of each constraint by its word; those not named are errors
    """

    name: str
    kind: Kind = Kind.STRING
    format: str = "default"
    title_es: str = ""
    title_en: str = ""
    required: bool = False
    unique: bool = False
    codes: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    exclusive_minimum: str | None = None
    exclusive_maximum: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    bare_number: bool = True
    decimal_char: str = "."
    group_char: str = ""
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0")
    missing_values: tuple[str, ...] | None = None
    identifying: bool = False
    severity: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))

    def severity_of(self, word: str) -> Severity:
        """How bad it is to break the constraint `word`."""
        return self.severity.get(word, Severity.ERROR)


@dataclass(frozen=True)
class ForeignKey:
    """Values of `fields` must occur in `other_fields` of the table `resource` ("" is the file itself)."""

    fields: tuple[str, ...]
    resource: str
    other_fields: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """What is asked of one cell: every word that is given must hold. An empty cell meets `present` False alone."""

    field: str
    present: bool | None = None
    is_in: tuple[str, ...] | None = None
    not_in: tuple[str, ...] | None = None
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True)
class Compare:
    """`left` sign `right`, where both are known. The sign is <, <=, =, >=, > or !=."""

    left: str
    sign: str
    right: str


@dataclass(frozen=True)
class InOrder:
    """The fields never go backwards, where they are known: born, left, arrived."""

    fields: tuple[str, ...]


@dataclass(frozen=True)
class Adds:
    """The parts add up to the total. With a part unknown, the known ones must not exceed it: unknown is not zero."""

    parts: tuple[str, ...]
    total: str
    tolerance: float = 0.0


@dataclass(frozen=True)
class Implies:
    """Where `when` holds, `then` must hold."""

    when: Condition
    then: Condition


@dataclass(frozen=True)
class NotFuture:
    """The field is not after the day on which the file is read."""

    field: str


Demand = Compare | InOrder | Adds | Implies | NotFuture


@dataclass(frozen=True)
class RowRule:
    """A demand on the fields of a row, with its name, severity and words; without words they are made from it."""

    name: str
    demand: Demand
    severity: Severity = Severity.ERROR
    es: str = ""
    en: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it looks at; the last one is where it is reported."""
        match self.demand:
            case Compare(left, _, right):
                return (left, right)
            case InOrder(fields):
                return fields
            case Adds(parts, total):
                return (*parts, total)
            case Implies(when, then):
                return (when.field, then.field)
            case NotFuture(name):
                return (name,)


@dataclass(frozen=True)
class TableSchema:
    """A whole table: its fields, keys and rules.

    fields_match  exact, equal, subset, superset or partial: which columns may lack or be there besides
    submitter     the field that must name the institution that hands the file in; empty if none does
    not_known     words of the file that this version does not follow, by their place: they are reported, not ignored
    """

    fields: tuple[Field, ...]
    missing_values: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    rules: tuple[RowRule, ...] = ()
    fields_match: str = "equal"
    name: str = ""
    version: str = "1"
    title_es: str = ""
    title_en: str = ""
    institutions: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    submitter: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(each.name for each in self.fields)

    def field(self, name: str) -> Field:
        """The field called `name`. Raises SchemaUnclear."""
        for each in self.fields:
            if each.name == name:
                return each
        raise SchemaUnclear(f"there is no field {name!r}; the fields are {', '.join(self.names)}")

    def missing_of(self, name: str) -> tuple[str, ...]:
        """What stands for a missing value in a field."""
        own = self.field(name).missing_values
        return self.missing_values if own is None else own

    @property
    def may_lack_columns(self) -> bool:
        """Whether the file may lack columns of the schema."""
        return self.fields_match in ("superset", "partial")

    @property
    def may_have_others(self) -> bool:
        """Whether the file may have columns that the schema does not know."""
        return self.fields_match in ("subset", "partial")
