"""The fact tables that indicators are computed from, and the breakdowns that they allow.

Both are lists (`tables.toml`, `breakdowns.toml`) that definitions are checked against. The table of each section of the
single form is made from the form: a question that is added tomorrow can be counted tomorrow.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import narwhals.stable.v2 as nw

from torogoz.domain.conditions import UNKNOWN
from torogoz.domain.questions import NONE, Kind, SectionForm
from torogoz.statistics.dataflows import nearest
from torogoz.statistics.engine import Lazy
from torogoz.statistics.forms.shipped import current
from torogoz.statistics.indicators.definition import Breakdown


class UnfitTable(ValueError):
    """A table of rows that is not what the registry of fact tables says. The message names the column."""


class Type(StrEnum):
    """What a column holds."""

    CODE = "code"
    CODES = "codes"
    WHOLE = "whole"
    NUMBER = "number"
    PERIOD = "period"
    KEY = "key"

    @property
    def measured(self) -> bool:
        """Whether it can be added, and compared by size."""
        return self in (Type.WHOLE, Type.NUMBER)


@dataclass(frozen=True)
class Column:
    """One column: what it holds and means.

    codes     every code that it may have besides unknown, where that list is closed
    decimals  how many decimals a number has at most: amounts are added as whole numbers of the smallest unit, so
              that a sum does not depend on the order in which an engine adds
    """

    name: str
    type: Type
    name_es: str
    name_en: str
    codelist: str = ""
    codes: tuple[str, ...] = ()
    decimals: int = 0


@dataclass(frozen=True)
class FactTable:
    """One fact table: what a row is, its columns, and its shortest period (M, Q or A)."""

    id: str
    row_es: str
    row_en: str
    finest: str
    columns: Mapping[str, Column]

    @property
    def period(self) -> str:
        """The column of the period."""
        return next(name for name, column in self.columns.items() if column.type is Type.PERIOD)


def section_table(form: SectionForm, header: Mapping[str, Column]) -> FactTable:
    """The fact table of a section: the header of the arrival, and each answer but those in free words."""
    types = {
        Kind.CHOICE: Type.CODE,
        Kind.YES_NO: Type.CODE,
        Kind.SEVERAL: Type.CODES,
        Kind.NUMBER: Type.WHOLE,
    }
    answers = {
        question.code: Column(
            name=question.code,
            type=types[question.kind],
            name_es=question.es,
            name_en=question.en,
            codelist=question.codelist,
            codes=()
            if question.codelist
            else tuple(each.code for each in question.options if each.code not in (UNKNOWN, NONE)),
        )
        for question in form.questions
        if question.counted
    }
    return FactTable(
        id=f"section_{form.code}",
        row_es=f"una sección «{form.es}» con su llegada",
        row_en=f"one section “{form.en}” with its arrival",
        finest="M",
        columns={**header, **answers},
    )


def _listed() -> dict[str, FactTable]:
    """The tables of `tables.toml`, and one for each section of the single form."""
    entries: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

    def columns(name: str) -> dict[str, Column]:
        entry = entries[name]
        inherited = columns(entry["also"]) if "also" in entry else {}
        return inherited | {key: _column(key, line) for key, line in entry["columns"].items()}

    tables = {
        name: FactTable(name, entry["row"]["es"], entry["row"]["en"], entry["finest"], columns(name))
        for name, entry in entries.items()
        if not entry.get("abstract")
    }
    header = tables["returns"].columns
    sections = [section_table(form, header) for form in current()]
    return tables | {table.id: table for table in sections}


def _column(name: str, line: Mapping[str, Any]) -> Column:
    rest = {key: line[key] for key in ("codelist", "decimals") if key in line}
    return Column(
        name=name,
        type=Type(line["type"]),
        name_es=line["es"],
        name_en=line["en"],
        codes=tuple(line.get("codes", ())),
        **rest,
    )


def _ways() -> dict[str, Breakdown]:
    """The breakdowns of `breakdowns.toml`, in its order."""
    text = Path(__file__).with_name("breakdowns.toml").read_text(encoding="utf-8")
    return {
        name: Breakdown(
            id=name,
            dimension=line.get("dimension", name),
            column=line["column"],
            name_es=line["es"],
            name_en=line["en"],
            bands=tuple(line.get("bands", ())),
            **{key: line[key] for key in ("codelist", "total", "unknown") if key in line},
        )
        for name, line in tomllib.loads(text).items()
    }


def fitting(frame: Lazy, table: FactTable, columns: Iterable[str]) -> Lazy:
    """The columns of a frame that are needed, each checked against the registry; categories as text.

    raises  UnfitTable if one is not there, or holds something else
    """
    schema = frame.collect_schema()
    needed = list(dict.fromkeys(columns))
    for name in needed:
        if name not in schema:
            raise UnfitTable(f"{table.id} was given without its column {name}{nearest(name, schema)}")
        if not isinstance(schema[name], _HELD[table.columns[name].type]):
            raise UnfitTable(f"{table.id}.{name} holds {schema[name]}, but {table.columns[name].type} is expected")
    categories = [name for name in needed if isinstance(schema[name], nw.Categorical | nw.Enum)]
    chosen = frame.select(*needed)
    return chosen.with_columns(nw.col(name).cast(nw.String) for name in categories) if categories else chosen


_WHOLE = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32)
_TEXT = (nw.String, nw.Categorical, nw.Enum)
_HELD: Final[Mapping[Type, tuple[type, ...]]] = {
    Type.CODE: _TEXT,
    Type.CODES: _TEXT,
    Type.PERIOD: _TEXT,
    Type.KEY: (*_TEXT, *_WHOLE, nw.UInt64),
    Type.WHOLE: _WHOLE,
    Type.NUMBER: (*_WHOLE, nw.Float32, nw.Float64, nw.Decimal),
}
TABLES: Final[Mapping[str, FactTable]] = _listed()
BREAKDOWNS: Final[Mapping[str, Breakdown]] = _ways()
