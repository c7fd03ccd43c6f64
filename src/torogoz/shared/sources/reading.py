"""Reading any file that can be imported: publishers' figures, outlines of maps, and our own table of headlines."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from torogoz.exchange.readers import catalogue
from torogoz.exchange.readers.contract import SET_ASIDE, Reading, UnknownLayout, Unreadable
from torogoz.exchange.readers.outlines import Outlines, holds_areas, read_outlines

HEADLINES: Final = Path(__file__).parent / "data" / "headlines.csv"
HEADLINES_OF: Final = "2026-11"
HEADLINE_COLUMNS: Final = (
    "INDICATOR",
    "SERIES",
    "BREAKDOWN",
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
    "UNIT",
    "SOURCE",
    "SOURCE_DATE",
    "RELIABILITY",
    "NOTE_ES",
    "NOTE_EN",
)


def read(path: Path) -> Sequence[Reading | Outlines]:
    """What a file says: a reading for each dataflow it feeds, or its outlines. Raises UnknownLayout, Unreadable."""
    if _is_headlines(path):
        return [_headlines(path)]
    try:
        return _published(path)
    except (UnknownLayout, Unreadable, OSError):
        raise
    except Exception as defect:  # of ours: one file must not keep the others of its folder from being imported
        raise Unreadable(
            f"the reader failed on this file ({type(defect).__name__}: {defect}), which is a defect of Torogoz; "
            "nothing was stored, please report it with the first lines of the file"
        ) from defect


def _published(path: Path) -> Sequence[Reading | Outlines]:
    """The figures of a publisher's file; a file of none may hold outlines. The refusal is that of the figures."""
    try:
        return catalogue.read(path)
    except UnknownLayout:
        if not holds_areas(path):
            raise
    return [read_outlines(path)]


def _is_headlines(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.readline().strip() == ",".join(HEADLINE_COLUMNS).encode()


def _headlines(path: Path) -> Reading:
    """The table of published figures. Each row stands as it is: figures that contradict each other both stay."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kept, aside = [], []
    for number, row in enumerate(rows, start=1):
        try:
            value = float(row["OBS_VALUE"]) if row["OBS_VALUE"] else None
        except ValueError:
            reason = "the value is not a number; the row was not stored"
            aside.append({"row": number, "column": "OBS_VALUE", "value": row["OBS_VALUE"], "reason": reason})
            continue
        kept.append({**row, "OBS_VALUE": value, "SOURCE_ROW": number})
    numbers = {"OBS_VALUE": pl.Float64(), "SOURCE_ROW": pl.Int64()}
    schema = pl.Schema({name: numbers.get(name, pl.String()) for name in (*HEADLINE_COLUMNS, "SOURCE_ROW")})
    return Reading(
        publisher="Torogoz, from the sources cited in each row",
        dataset="torogoz_headlines",
        dataflow="HEADLINES",
        layout="torogoz headline figures",
        vintage=HEADLINES_OF,
        licence="figures are facts; compilation EUPL-1.2",
        observations=pl.DataFrame(kept, schema=schema),
        set_aside=pl.DataFrame(aside, schema=SET_ASIDE),
        rows_read=len(rows),
    )
