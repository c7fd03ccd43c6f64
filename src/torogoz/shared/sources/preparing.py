"""From what a reader gives to a vintage that can be stored: figures of a dataflow, or the outlines of a map."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from torogoz.exchange.readers.contract import Reading, Unreadable
from torogoz.exchange.readers.outlines import BOUNDARIES, Outlines, to_frame
from torogoz.shared.sources import queries
from torogoz.shared.sources.models import UNDATED, Vintage
from torogoz.statistics.dataflows import dataflow
from torogoz.statistics.periods import UnclearPeriod
from torogoz.statistics.vintages import Coverage, overlap

SHRINKS_TO: Final = 0.8


@dataclass(frozen=True)
class Prepared:
    """A vintage that is not stored yet, the frame that its file will hold, and its rows set aside."""

    vintage: Vintage
    frame: pl.DataFrame
    set_aside: pl.DataFrame


def prepare(read: Reading | Outlines, path: Path, sha256: str, label: str, now: datetime) -> Prepared:
    """What the file at `path` gave, ready to be stored; `label` goes before the publisher's own.

    raises  Unreadable if it has no observation that can be used
    """
    if isinstance(read, Outlines):
        vintage, frame = _drawn(read, label), to_frame(read.areas)
    else:
        vintage, frame = _figures(read, label), read.observations
    vintage.file_name = path.name[:255]
    vintage.sha256 = sha256
    vintage.bytes = path.stat().st_size
    vintage.imported_at = now
    return Prepared(vintage, frame, read.set_aside)


def _drawn(read: Outlines, label: str) -> Vintage:
    """The vintage of a file of boundaries: its rows are areas. It covers no period and is never held back."""
    key = uuid.uuid4()
    return Vintage(
        key=key,
        publisher=read.publisher,
        dataset=read.dataset,
        layout=read.layout,
        dataflow=BOUNDARIES,
        vintage=label[:32] or UNDATED,
        licence=read.licence,
        rows_read=read.rows_read,
        rows_stored=len(read.areas),
        rows_set_aside=read.set_aside.height,
        observations=f"{BOUNDARIES.lower()}/{key.hex}.parquet",
        note="\n".join(read.notes),
    )


def _figures(reading: Reading, label: str) -> Vintage:
    """The vintage of a reading, as far as the reading tells."""
    covered = _coverage(reading)
    spelled = sorted({period for periods in covered.values() for period in periods})
    key = uuid.uuid4()
    notes = [*reading.notes]
    shrunk = _shrunk(reading, covered)
    if shrunk:
        notes.insert(0, f"{shrunk}; to use it nevertheless: torogoz sources --accept {key.hex[:8]}")
    return Vintage(
        key=key,
        publisher=reading.publisher,
        dataset=reading.dataset,
        layout=reading.layout,
        dataflow=reading.dataflow,
        vintage=(label or reading.vintage or spelled[-1])[:32],
        licence=reading.licence,
        rows_read=reading.rows_read,
        rows_stored=reading.observations.height,
        rows_set_aside=reading.set_aside.height,
        observations=f"{reading.dataflow.lower()}/{key.hex}.parquet",
        coverage=covered,
        labels=_labels(reading),
        period_first=spelled[0][:10],
        period_last=spelled[-1][:10],
        held_back=bool(shrunk),
        note="\n".join(notes),
    )


def _coverage(reading: Reading) -> dict[str, list[str]]:
    """The periods of a reading, for each INDICATOR. Raises Unreadable if there is none, or a column is missing."""
    flow, frame = dataflow(reading.dataflow), reading.observations
    missing = [name for name in (*flow.names, "OBS_VALUE", "OBS_STATUS") if name not in frame.columns]
    if missing or frame.is_empty():
        problem = f"its observations lack {', '.join(missing)}" if missing else "it holds no observation"
        raise Unreadable(f"the file was recognised as {reading.layout}, but {problem}; nothing was stored")
    has_indicator = "INDICATOR" in flow.names
    pairs = frame.select(
        pl.col("INDICATOR") if has_indicator else pl.lit("").alias("INDICATOR"), pl.col("TIME_PERIOD")
    ).unique()
    covered: dict[str, list[str]] = {}
    for indicator, period in pairs.sort("INDICATOR", "TIME_PERIOD").iter_rows():
        covered.setdefault(indicator, []).append(period)
    try:
        overlap(covered, covered)
    except UnclearPeriod as reason:
        raise Unreadable(f"the file was recognised as {reading.layout}, but {reason}; nothing was stored") from reason
    return covered


def _shrunk(reading: Reading, covered: Coverage) -> str:
    """Why the row-count guard objects to a reading; nothing if it does not."""
    for each in queries.editions_before(reading.dataset, reading.dataflow):
        if overlap(covered, each.coverage):
            rows = reading.observations.height
            if rows < SHRINKS_TO * each.rows_stored:
                return (
                    f"held back: {rows} observations, fewer than {SHRINKS_TO:.0%} of the {each.rows_stored} of "
                    f"vintage {each.vintage}, which stays in use"
                )
            return ""
    return ""


def _labels(reading: Reading) -> dict[str, dict[str, str]]:
    """The publisher's words, by column and code."""
    words: dict[str, dict[str, str]] = {}
    for column, code, label in reading.labels.select("column", "code", "label").iter_rows():
        words.setdefault(column, {})[code] = label
    return words
