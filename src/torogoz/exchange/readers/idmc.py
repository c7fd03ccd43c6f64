"""IDMC, Global Internal Displacement Database: the workbook of figures by country and year, and of ages and sexes.

Raw figures are the observations; the rounded ones beside them have indicators of their own. Age bands overlap (0-4,
0-14, 0-17 …): AGE holds each as it is, and they must never be summed. Licence CC BY-NC: not for commercial use.
"""

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers import areas
from torogoz.exchange.readers.cells import Aside, is_year, kept, labels, long, numbers, observations, recoded
from torogoz.exchange.readers.contract import Reading
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.tables import ROW, Sheet, Table

PUBLISHER: Final = "Internal Displacement Monitoring Centre (IDMC)"
LICENCE: Final = "CC BY-NC 4.0"
_FIGURES: Final = MappingProxyType(
    {
        "conflict stock displacement (raw)": "CONFLICT_STOCK",
        "conflict internal displacements (raw)": "CONFLICT_MOVEMENTS",
        "disaster stock displacement (raw)": "DISASTER_STOCK",
        "disaster internal displacements (raw)": "DISASTER_MOVEMENTS",
        "conflict stock displacement": "CONFLICT_STOCK_ROUNDED",
        "conflict internal displacements": "CONFLICT_MOVEMENTS_ROUNDED",
        "disaster stock displacement": "DISASTER_STOCK_ROUNDED",
        "disaster internal displacements": "DISASTER_MOVEMENTS_ROUNDED",
    }
)
_SEX: Final = MappingProxyType({"Both sexes": "_T", "Female": "F", "Male": "M"})
_CAUSE: Final = MappingProxyType({"Conflict": "CONFLICT_STOCK", "Disaster": "DISASTER_STOCK"})
_BAND: Final = re.compile(r"(\d+)-(\d+)|(\d+)\+")
_UPDATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def band(header: str) -> str | None:
    """`0-17` as Y0T17, `65+` as Y_GE65; None for a column that is not an age band."""
    found = _BAND.fullmatch(header.strip())
    if found is None:
        return None
    return f"Y_GE{found[3]}" if found[3] else f"Y{found[1]}T{found[2]}"


def read_figures(table: Table) -> Sequence[Reading]:
    """Displaced persons at the end of the year, and displacements during it, by cause."""
    aside = Aside()
    frame = _placed(table, aside)
    cells = [
        (name, {"INDICATOR": code, "SEX": "_T", "AGE": "_T"}) for name, code in _FIGURES.items() if name in table.names
    ]
    frame = numbers(frame, [name for name, _ in cells], aside)
    whole = long(frame, ("REF_AREA", "TIME_PERIOD", ROW), cells)
    return [_reading("idmc-displacement", FIGURES.key, table, whole, aside)]


def read_ages(table: Table) -> Sequence[Reading]:
    """Displaced persons at the end of the year by cause, sex and overlapping age band: estimates (OBS_STATUS E)."""
    aside = Aside()
    bands = {name: code for name in table.names if (code := band(name))}
    frame = kept(_placed(table, aside), "sex", lambda sex: sex in _SEX, aside, "neither Female, Male nor Both sexes")
    frame = kept(frame, "cause", lambda cause: cause in _CAUSE, aside, "neither Conflict nor Disaster")
    frame = numbers(frame, bands, aside).with_columns(
        recoded("sex", _SEX, "SEX"), recoded("cause", _CAUSE, "INDICATOR")
    )
    cells = [(name, {"AGE": code}) for name, code in bands.items()]
    estimate = pl.when(pl.col("OBS_VALUE").is_null()).then(pl.lit("M")).otherwise(pl.lit("E"))
    whole = long(frame, ("REF_AREA", "TIME_PERIOD", "SEX", "INDICATOR", ROW), cells).with_columns(
        estimate.alias("OBS_STATUS")
    )
    note = "the age bands overlap and must never be summed; IDMC estimates them from national age structures"
    return [_reading("idmc-displacement-by-age", AGES.key, table, whole, aside, (note,))]


def last_update(sheets: Sequence[Sheet]) -> str | None:
    """The day of `Last update` in the README sheet, written day first, as an ISO day."""
    for sheet in sheets:
        for row in sheet.rows:
            found = _UPDATE.fullmatch(row[1]) if len(row) > 1 and row[0].lower().startswith("last update") else None
            if found:
                return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    return None


def _placed(table: Table, aside: Aside) -> pl.DataFrame:
    """The rows whose country and year can be stored."""
    frame = kept(table.frame, "iso3", areas.is_area, aside, "not an ISO 3166-1 code")
    frame = kept(frame, "year", is_year, aside, "not a year")
    return frame.with_columns(recoded("iso3", areas.SAME, "REF_AREA"), pl.col("year").alias("TIME_PERIOD"))


def _reading(
    dataset: str, layout: str, table: Table, whole: pl.DataFrame, aside: Aside, notes: tuple[str, ...] = ()
) -> Reading:
    aside.ragged(table)
    return Reading(
        publisher=PUBLISHER,
        dataset=dataset,
        dataflow="DISPLACEMENT",
        layout=layout,
        vintage=None,
        licence=LICENCE,
        observations=observations("DISPLACEMENT", whole),
        set_aside=aside.frame(),
        rows_read=table.frame.height + len(table.ragged),
        labels=labels({"REF_AREA": {"AB9": "Abyei Area"}}),
        notes=notes,
    )


FIGURES: Final = Layout(
    "idmc-displacement",
    columns("ISO3", "Year", "Conflict Stock Displacement (Raw)", "Disaster Internal Displacements (Raw)"),
    read_figures,
    columns("Name") | frozenset(_FIGURES),
)
AGES: Final = Layout(
    "idmc-displacement-by-age",
    columns("ISO3", "Year", "Sex", "Cause", "0-17"),
    read_ages,
    columns("Country"),
    family=lambda name: band(name) is not None,
)
LAYOUTS: Final = (FIGURES, AGES)
