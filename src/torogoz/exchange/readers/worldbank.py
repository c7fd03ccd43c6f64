"""World Bank: the average cost of remitting by corridor (Remittance Prices Worldwide), and remittances of the WDI."""

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers import areas
from torogoz.exchange.readers.cells import Aside, is_year, kept, long, numbers, observations, recoded
from torogoz.exchange.readers.contract import Reading
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.tables import ROW, Table

PUBLISHER: Final = "World Bank"
LICENCE: Final = "CC BY 4.0"
_QUARTER: Final = re.compile(r"(\d{4})[ _]?q([1-4])( \[.*\])?|(\d{4})[ _]([1-4])q")
_UPDATED: Final = re.compile(r"last updated:\s*(\d{1,2})/(\d{1,2})/(\d{4})", re.IGNORECASE)
_SIGNS: Final = frozenset({"..", "-"})
_NOT_ISO: Final = "not an ISO 3166-1 code"


def quarter(header: str) -> str | None:
    """`2011q1 [yr2011q1]`, `2016 2q` or `2011Q1` as 2011-Q1; None for anything else."""
    found = _QUARTER.fullmatch(header.strip().lower())
    if found is None:
        return None
    return f"{found[1] or found[4]}-Q{found[2] or found[5]}"


def _costs(table: Table) -> Sequence[Reading]:
    """Average total cost, % of 200 USD, by sending and receiving country and quarter.

    A cost can be below zero: a sender of a currency with two rates may gain on the exchange.
    """
    aside = Aside()
    quarters = {name: found for name in table.names if (found := quarter(name))}
    frame, vintage = _without_footer(table)
    frame = kept(frame, "series code", lambda code: code == "ATCR.CORR", aside, "another series than ATCR.CORR")
    frame = kept(frame, "sending countries code", areas.is_area, aside, _NOT_ISO)
    frame = kept(frame, "receiving countries code", areas.is_area, aside, _NOT_ISO)
    frame = numbers(frame, quarters, aside, absent=_SIGNS, below_zero=True).with_columns(
        recoded("sending countries code", areas.SAME, "REF_AREA"),
        recoded("receiving countries code", areas.SAME, "COUNTERPART_AREA"),
    )
    measured = frame.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in quarters))
    cells = [(name, {"TIME_PERIOD": period}) for name, period in quarters.items()]
    whole = long(measured, ("REF_AREA", "COUNTERPART_AREA", ROW), cells)
    never = frame.height - measured.height
    notes = (
        f"{never} corridors of the file have no figure in any quarter and are not stored; the other "
        f"{measured.height} are stored with every quarter, null where the bank gives none",
    )
    return [_reading("worldbank-rpw-corridors", "REMITTANCE_COST", CORRIDORS.key, table, whole, aside, vintage, notes)]


def _without_footer(table: Table) -> tuple[pl.DataFrame, str | None]:
    """The rows above the export's footer, and the day of `Last Updated`, which the bank writes month first."""
    first = table.frame.columns[0]
    empty = pl.all_horizontal(pl.col(name).is_null() for name in table.names if name != first)
    words = [*table.frame.filter(empty)[first].drop_nulls(), *(text for _, text in table.ragged)]
    found = next((hit for text in words if (hit := _UPDATED.search(text))), None)
    vintage = f"{found[3]}-{int(found[1]):02d}-{int(found[2]):02d}" if found else None
    return table.frame.filter(~empty), vintage


def _footer(text: str) -> bool:
    """Whether a line of the file belongs to the footer of a DataBank export."""
    return text.strip(',"; ') == "" or text.lstrip('"').startswith(("Data from database", "Last Updated"))


_WDI: Final = MappingProxyType(
    {
        "remittance inflows usd": "RECEIVED",
        "remittance outflows usd": "PAID",
        "population": "POPULATION",
        "gdp per capita current usd": "GDP_PER_CAPITA",
    }
)


def _remittances(table: Table) -> Sequence[Reading]:
    """Remittances received and paid (current USD), population and income per head, by country and year."""
    aside = Aside()
    frame = kept(table.frame, "country code", areas.is_area, aside, _NOT_ISO)
    frame = kept(frame, "year", is_year, aside, "not a year")
    frame = numbers(frame, _WDI, aside, absent=_SIGNS).with_columns(
        recoded("country code", areas.SAME, "REF_AREA"), pl.col("year").alias("TIME_PERIOD")
    )
    cells = [(name, {"INDICATOR": code}) for name, code in _WDI.items()]
    whole = long(frame, ("REF_AREA", "TIME_PERIOD", ROW), cells)
    return [_reading("worldbank-wdi-remittances", "REMITTANCES", REMITTANCES.key, table, whole, aside)]


def _reading(
    dataset: str,
    dataflow: str,
    layout: str,
    table: Table,
    whole: pl.DataFrame,
    aside: Aside,
    vintage: str | None = None,
    notes: tuple[str, ...] = (),
) -> Reading:
    body = Table(
        table.header, table.frame, table.path, ragged=tuple(line for line in table.ragged if not _footer(line[1]))
    )
    aside.ragged(body)
    return Reading(
        publisher=PUBLISHER,
        dataset=dataset,
        dataflow=dataflow,
        layout=layout,
        vintage=vintage,
        licence=LICENCE,
        observations=observations(dataflow, whole),
        set_aside=aside.frame(),
        rows_read=table.frame.height - _empty_rows(table) + len(body.ragged),
        notes=notes,
    )


def _empty_rows(table: Table) -> int:
    """How many rows of the table hold nothing beyond their first cell."""
    return table.frame.filter(pl.all_horizontal(pl.col(name).is_null() for name in table.names[1:])).height


CORRIDORS: Final = Layout(
    "worldbank-rpw-databank",
    columns("Sending Countries Code", "Series Code", "Receiving Countries Code"),
    _costs,
    columns("Sending Countries Name", "Series Name", "Receiving Countries Name"),
    claims=lambda table: any(map(quarter, table.names)),
    family=lambda name: quarter(name) is not None,
)
REMITTANCES: Final = Layout(
    "worldbank-wdi-remittances", columns("country_code", "year") | frozenset(_WDI), _remittances, columns("country")
)
LAYOUTS: Final = (CORRIDORS, REMITTANCES)
