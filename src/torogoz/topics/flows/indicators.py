"""What the pages of indicators show besides the figures: the register, the method, the revisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.table import NOT_AVAILABLE, SUPPRESSED, Cell, Row, Table, cell
from torogoz.shared.indicators import queries
from torogoz.statistics.dataflows import DATAFLOWS, TIME, Dataflow, Role
from torogoz.statistics.indicators.definition import Indicator
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.indicators.publishing import dataflow_of
from torogoz.statistics.indicators.register import Entry, entry_of, register
from torogoz.topics.flows import publications
from torogoz.topics.flows import queries as figures
from torogoz.topics.flows.methods import NameOf, measured, protected
from torogoz.topics.flows.pages import Namer
from torogoz.topics.flows.ranges import ESTIMATES, five_years


@dataclass(frozen=True)
class Latest:
    """One indicator in the register: its newest whole figure, if it has one, and whether it is of made-up people."""

    indicator: Indicator
    period: str
    cell: Cell
    decimals: int
    lacks: str
    made_up: bool = False

    @property
    def value(self) -> float | None:
        """The figure itself."""
        return self.cell.value


@dataclass(frozen=True)
class Line:
    """One line of the register with the indicators that give it."""

    entry: Entry
    given: tuple[Latest, ...]


@dataclass(frozen=True)
class About:
    """What the page of one indicator says beside its figures."""

    indicator: Indicator
    entry: Entry
    method: str
    protection: str
    breakdowns: tuple[str, ...]
    notes: tuple[str, ...]
    revisions: Table | None
    revised: bool


def namers_of(language: str) -> NameOf:
    """The names of dimensions and codes of every dataflow, each list read once."""
    known: dict[str, Namer] = {}

    def name_of(dataflow: str, dimension: str, code: str) -> tuple[str, str]:
        namer = known.setdefault(dataflow, Namer(DATAFLOWS[dataflow], language))
        return namer.titles[dimension], namer.code(dimension, code)

    return name_of


def lines() -> list[Line]:
    """The whole register, with the newest figure of each indicator."""
    return list(_lines(figures.editions().checksum))


@lru_cache(maxsize=2)
def _lines(edition: str) -> tuple[Line, ...]:
    """The register as it is for as long as the editions that it is computed from are these."""
    return tuple(Line(entry, tuple(_latest(shipped()[name]) for name in entry.definitions)) for entry in register())


def counted(found: Sequence[Line]) -> dict[str, int]:
    """How many lines have a figure today, have a definition, and wait."""
    return {
        "all": len(found),
        "given": sum(any(each.value is not None for each in line.given) for line in found),
        "defined": sum(line.entry.given for line in found),
    }


def about(flow: Dataflow, namer: Namer) -> About | None:
    """What the page of an indicator says; None for a dataflow that is none."""
    indicator = shipped().get(flow.id)
    if indicator is None:
        return None
    english = namer.language == "en"
    found = queries.revisions(indicator)
    return About(
        indicator=indicator,
        entry=entry_of(indicator),
        method=measured(indicator.measure, namers_of(namer.language)),
        protection=protected(indicator),
        breakdowns=tuple(namer.titles[name].lower() for name in indicator.dimensions),
        notes=queries.answer(indicator).notes,
        revisions=_revisions(found, flow, english=english) if found is not None else None,
        revised=found is not None and found.differ,
    )


def _latest(indicator: Indicator) -> Latest:
    flow = dataflow_of(indicator)
    answer = queries.answer(indicator)
    whole = figures.frame_of(flow).filter(queries.is_whole(flow)).collect()
    known = whole.filter(pl.col("OBS_VALUE").is_not_null()).sort(TIME)
    years = known.filter(pl.col(TIME).str.len_chars() == 4)
    if years.is_empty() and flow.dimension(TIME).role is Role.SUM:
        years = _whole_years(known)
    newest = (years if years.height else known).tail(1)
    if newest.is_empty():
        return Latest(indicator, "", NOT_AVAILABLE, flow.decimals or 0, answer.lacks)
    line, behind = newest.row(0, named=True), publications.provenance(flow)
    period = five_years(line[TIME]) if ESTIMATES in queries.reads(flow) else line[TIME]
    made_up = behind is not None and behind.made_up
    return Latest(indicator, period, cell(line["OBS_VALUE"], line["OBS_STATUS"]), flow.decimals or 0, "", made_up)


def _whole_years(months: pl.DataFrame) -> pl.DataFrame:
    """The sums of the years of which every month is known."""
    return (
        months.filter(pl.col(TIME).str.len_chars() == 7)
        .group_by(pl.col(TIME).str.head(4))
        .agg(
            pl.col("OBS_VALUE").sum(),
            pl.len().alias("months"),
            pl.when((pl.col("OBS_STATUS") == "P").any()).then(pl.lit("P")).otherwise(pl.lit("A")).alias("OBS_STATUS"),
        )
        .filter(pl.col("months") == 12)
        .sort(TIME)
    )


def _revisions(found: queries.Revisions, flow: Dataflow, *, english: bool) -> Table:
    """The revisions as a table: periods down, editions across."""
    head = [_("Período"), *(f"{moment:%Y-%m-%d}" for moment in found.editions)]
    rows = [Row(period, [_cell(each) for each in cells]) for period, cells in found.rows]
    unit = flow.unit_en if english else flow.unit_es
    return Table(_("La cifra total según cada edición"), head, rows, unit, flow.decimals or 0)


def _cell(said: tuple[float | None, bool] | None) -> Cell:
    if said is None:
        return NOT_AVAILABLE
    value, hidden = said
    if hidden:
        return SUPPRESSED
    return Cell(value) if value is not None else NOT_AVAILABLE
