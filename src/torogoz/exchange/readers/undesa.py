"""UN DESA, International Migrant Stock: the workbook by destination, and the bilateral stock as a long csv.

In the workbook the world, regions, income groups and countries are rows of one table, told apart by `Location code`
only: a code of ISO 3166-1 is a country, any other is an aggregate and keeps its number.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers import areas
from torogoz.exchange.readers.cells import Aside, is_year, kept, labels, long, numbers, observations, recoded
from torogoz.exchange.readers.contract import Reading
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.tables import ROW, Table

PUBLISHER: Final = "United Nations, Department of Economic and Social Affairs, Population Division"
LICENCE: Final = "CC BY 3.0 IGO"
_SEX: Final = MappingProxyType(
    {"both sexes": "_T", "males": "M", "females": "F", "male": "M", "female": "F", "total": "_T"}
)
_TITLE: Final = "international migrant stock at mid-year"
_NAME: Final = "region, development group, country or area"


def _by_destination(table: Table) -> Sequence[Reading]:
    """Table 1 of the workbook: stock by sex, place of residence and year."""
    aside = Aside()
    cells = _year_cells(table)
    frame = kept(table.frame, "location code", str.isdecimal, aside, "the location code is not a number")
    frame = frame.with_columns(pl.col("location code").str.zfill(3).alias("numeric"))
    frame = frame.with_columns(
        recoded("numeric", areas.NUMERIC, "REF_AREA"),
        pl.lit("_T").alias("COUNTERPART_AREA"),
        pl.col("type of data").str.contains(r"\bI\b").fill_null(value=False).alias("imputed"),
    )
    again = frame["REF_AREA"].is_duplicated() & ~frame["REF_AREA"].is_first_distinct()
    aside.add(frame.filter(again), "location code", "the place stands in an earlier row already; that one was stored")
    frame = numbers(frame.filter(~again), [name for name, _ in cells], aside, absent=frozenset({"..", "…"}))
    whole = long(frame, ("REF_AREA", "COUNTERPART_AREA", "imputed", ROW), cells).with_columns(
        pl.when(pl.col("OBS_VALUE").is_null())
        .then(pl.lit("M"))
        .when(pl.col("imputed"))
        .then(pl.lit("E"))
        .otherwise(pl.lit("A"))
        .alias("OBS_STATUS")
    )
    names = frame.select("REF_AREA", pl.col(_NAME).str.strip_chars(" *")).rows()
    return [
        _reading(
            "undesa-stock-by-destination",
            WORKBOOK.key,
            table,
            whole,
            aside,
            _revision(table),
            {"REF_AREA": dict(names)},
        )
    ]


def _year_cells(table: Table) -> list[tuple[str, dict[str, str]]]:
    """Each column of figures with its sex and year. The sex stands one line higher, over the first of its years."""
    groups = next(row for row in table.above if any(cell.lower().startswith(_TITLE) for cell in row))
    starts = [(i, cell) for i, cell in enumerate(groups) if cell.lower().startswith(_TITLE)]
    cells = []
    for (start, title), (end, _) in pairwise([*starts, (len(table.header), "")]):
        sex = next(code for word, code in _SEX.items() if re.search(rf"\b{word}\b", title.lower()))
        for i in range(start, end):
            if is_year(table.header[i]):
                cells.append((table.names[i], {"SEX": sex, "TIME_PERIOD": table.header[i]}))
    return cells


def _revision(table: Table) -> str | None:
    """The edition as the workbook states it above the table: `POP/DB/MIG/Stock/Rev.2020` is `Rev.2020`."""
    words = " ".join(cell for row in table.above for cell in row)
    found = re.search(r"\bRev\.\s?\d{4}\b", words)
    return found[0] if found else None


def _first_table(table: Table) -> bool:
    """Whether the lines above the header name the stock of migrants by sex: not a share, a rate or a population."""
    above = [cell.lower() for row in table.above for cell in row if cell]
    return any(cell.startswith(_TITLE) and "both sexes" in cell for cell in above)


def _bilateral(table: Table) -> Sequence[Reading]:
    """Stock by sex, place of residence (`dest`), place of birth (`orig`) and year."""
    aside = Aside()
    frame = kept(table.frame, "year", is_year, aside, "not a year")
    for side in ("orig", "dest"):
        frame = kept(frame, side, areas.is_area, aside, "neither ISO 3166-1 nor CHI (Channel Islands)")
    frame = kept(frame, "sex", lambda sex: sex in _SEX, aside, "neither total, male nor female")
    frame = numbers(frame, ["stock"], aside, absent=frozenset({".."})).with_columns(
        recoded("dest", areas.SAME, "REF_AREA"),
        recoded("orig", areas.SAME, "COUNTERPART_AREA"),
        recoded("sex", _SEX, "SEX"),
        pl.col("year").alias("TIME_PERIOD"),
    )
    whole = long(frame, ("REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD", ROW), [("stock", {})])
    note = (
        "the file has no rows for the origin Other: its sums by residence are below those of the workbook, "
        "and a pair that is absent is 0 or falls under Other"
    )
    names = {column: {"CHI": "Channel Islands"} for column in ("REF_AREA", "COUNTERPART_AREA")}
    return [_reading("undesa-stock-bilateral", BILATERAL.key, table, whole, aside, None, names, (note,))]


def _reading(
    dataset: str,
    layout: str,
    table: Table,
    whole: pl.DataFrame,
    aside: Aside,
    vintage: str | None,
    words: dict[str, dict[str, str]],
    notes: tuple[str, ...] = (),
) -> Reading:
    aside.ragged(table)
    return Reading(
        publisher=PUBLISHER,
        dataset=dataset,
        dataflow="MIGRANT_STOCK",
        layout=layout,
        vintage=vintage,
        licence=LICENCE,
        observations=observations("MIGRANT_STOCK", whole),
        set_aside=aside.frame(),
        rows_read=table.frame.height + len(table.ragged),
        labels=labels(words),
        notes=notes,
    )


WORKBOOK: Final = Layout(
    "undesa-stock-by-destination",
    columns(_NAME, "Location code", "Type of data"),
    _by_destination,
    columns("Notes", ""),
    claims=_first_table,
    family=lambda name: is_year(name[:4]),
)
BILATERAL: Final = Layout(
    "undesa-stock-bilateral",
    columns("year", "orig", "dest", "sex", "stock"),
    _bilateral,
    columns("orig_name", "dest_name"),
)
LAYOUTS: Final = (WORKBOOK, BILATERAL)
