"""What a reader asks of a dataflow: codes, periods, and the dimensions of the answer. The address says it all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from torogoz.exchange.writers.charts.department_map import TILES
from torogoz.statistics import periods
from torogoz.statistics.dataflows import TIME, Dataflow

FREQUENCIES: Final = ("A", "Q", "M")
# Publishers that cut ages each in their own way. Those of returns are protected as they are, and never cut anew.
WITH_AGES: Final = ("REFUGEE_DEMOGRAPHICS", "DISPLACEMENT")


@dataclass(frozen=True)
class Question:
    """One question; two that ask the same have the same `query()`.

    where      codes per dimension, TIME_PERIOD apart
    first      first period wanted, "" for the beginning
    last       last period wanted, "" for the end
    by         dimensions of the answer, the last one across the page; () asks for the observations themselves
    frequency  A, Q or M: one row per year, quarter or month; "" leaves the periods as published
    ages       a set of bands (`domain.ages.SETS`) that the ages are brought to; "" leaves them as published
    """

    flow: Dataflow
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    by: tuple[str, ...] = ()
    frequency: str = ""
    ages: str = ""

    def query(self) -> str:
        """The question as the part of an address after `?`; "" asks for everything."""
        pairs = [(name, ",".join(self.where[name])) for name in self.flow.names if self.where.get(name)]
        pairs += [("from", self.first), ("to", self.last), ("by", ",".join(self.by)), ("freq", self.frequency)]
        pairs += [("ages", self.ages)]
        return urlencode([(name, text) for name, text in pairs if text], safe=",:")

    def about(self, **where: Sequence[str]) -> "Question":
        """The same question about other codes; an empty sequence asks for all codes of a dimension."""
        chosen = {**self.where, **{name: tuple(codes) for name, codes in where.items()}}
        return replace(self, where={name: codes for name, codes in chosen.items() if codes})

    def split_by(self, *by: str) -> "Question":
        """The same question, answered along other dimensions."""
        return replace(self, by=by)

    def within(self, first: str, last: str) -> "Question":
        """The same question about other periods."""
        return replace(self, first=first, last=last)

    def includes(self, period: str) -> bool:
        """Whether the whole of a period lies between `first` and `last`. Raises UnclearPeriod."""
        begins = periods.bounds(self.first)[0] if self.first else date.min
        ends = periods.bounds(self.last)[1] if self.last else date.max
        return periods.within(period, begins, ends)


@dataclass(frozen=True)
class Opening:
    """What the page of a dataflow shows to who has not asked for anything yet: El Salvador in the centre."""

    by: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    frequency: str = ""


BORN_THERE: Final = {"COUNTERPART_AREA": ("SLV",)}
OPENINGS: Final[Mapping[str, Opening]] = {
    "RETURNS": Opening(by=("SEX", TIME), frequency="A"),
    "RETURNED_CHILDREN": Opening(by=("SEX", TIME)),
    "CROSSINGS": Opening(by=("DIRECTION", TIME), frequency="A"),
    "MIGRATION": Opening(by=("INDICATOR", TIME), where={"INDICATOR": ("IMMIGRANTS", "EMIGRANTS")}, frequency="A"),
    "MIGRANT_STOCK": Opening(by=("REF_AREA", TIME), where=BORN_THERE),
    "FLOW_ESTIMATES": Opening(by=("METHOD", TIME), where=BORN_THERE),
    "REFUGEES": Opening(by=("INDICATOR", TIME), where={"INDICATOR": ("REFUGEES", "ASYLUM_SEEKERS"), **BORN_THERE}),
    "REFUGEE_DEMOGRAPHICS": Opening(by=("AGE", "SEX"), where={"INDICATOR": ("REFUGEES",), **BORN_THERE}),
    "ASYLUM_APPLICATIONS": Opening(by=("UNIT", TIME), where=BORN_THERE),
    "ASYLUM_DECISIONS": Opening(by=("INDICATOR", "UNIT", TIME), where=BORN_THERE),
    "MISSING_MIGRANTS": Opening(by=("REF_AREA", TIME), where={"INDICATOR": ("DEAD_MISSING",)}, frequency="A"),
    "REMITTANCE_COST": Opening(by=("REF_AREA", TIME), where=BORN_THERE),
    "REMITTANCES": Opening(by=("INDICATOR", TIME), where={"REF_AREA": ("SLV",), "INDICATOR": ("RECEIVED", "PAID")}),
    "DISPLACEMENT": Opening(by=("INDICATOR", TIME), where={"REF_AREA": ("SLV",)}),
    "ENFORCEMENT": Opening(by=("INDICATOR", TIME), where=BORN_THERE),
    "CRIME": Opening(by=("REPORTED_BY", TIME), where={"CRIME": ("HOMICIDE",)}, frequency="A"),
    "POPULATION": Opening(by=("REF_AREA", TIME), where={"REF_AREA": tuple(TILES)}),  # places of one level only
    "HEADLINES": Opening(by=("INDICATOR", "SERIES", "BREAKDOWN", TIME)),
}


def opening(flow: Dataflow, present: Mapping[str, Collection[str]]) -> Question:
    """The opening question of a dataflow, without the codes that the data at hand do not have."""
    chosen = OPENINGS.get(flow.id) or _usual(flow, present.get(TIME, ()))
    kept = {
        name: tuple(code for code in codes if code in present.get(name, ())) for name, codes in chosen.where.items()
    }
    where = {name: codes for name, codes in kept.items() if codes}
    return Question(flow=flow, where=where, by=chosen.by, frequency=chosen.frequency)


def _usual(flow: Dataflow, present: Collection[str]) -> Opening:
    """The first dimension over time, by year where there are years."""
    by = tuple(dict.fromkeys((flow.names[0], TIME)))
    return Opening(by=by, frequency="A" if any(periods.frequency(period) == "A" for period in present) else "")
