"""Taking in outside data: import a file, accept what the guard held back, refresh from a publisher's address."""

import contextlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import polars as pl
from django.db import IntegrityError, transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.exchange.readers.contract import Reading, Unreadable
from torogoz.shared.audit.actions import record
from torogoz.shared.sources import files, queries
from torogoz.shared.sources.download import Progress, address_of, fetch
from torogoz.shared.sources.models import RowSetAside, Vintage
from torogoz.shared.sources.reading import read
from torogoz.statistics.dataflows import dataflow
from torogoz.statistics.periods import UnclearPeriod
from torogoz.statistics.vintages import Coverage, overlap

SHRINKS_TO: Final = 0.8
DUTY: Final = Decision(allowed=True, basis=Basis.DUTY)


class Outcome(StrEnum):
    """What became of one reading of a file."""

    STORED = "stored"
    HELD_BACK = "held back"
    ALREADY = "already imported"
    RESTORED = "restored"
    WOULD_STORE = "would be stored"


@dataclass(frozen=True)
class Imported:
    """One vintage, and what became of it; with `WOULD_STORE` it was not stored."""

    vintage: Vintage
    outcome: Outcome


def import_file(*, path: Path, now: datetime, vintage: str = "", dry_run: bool = False) -> list[Imported]:
    """Take in a publisher's file: one vintage for each dataflow that it feeds. All of it, or nothing.

    A file that was imported before (by its SHA-256) changes nothing, unless its stored observations were lost or
    altered: then they are restored. A vintage with fewer than 80 % of the rows of the one before it, for periods that
    both cover, is stored but held back.

    vintage  the label to give it, if the publisher's own is absent or wrong
    dry_run  read and judge, store nothing
    raises   UnknownLayout, Unreadable; OSError if the file cannot be opened
    """
    sha256 = files.sha256_of(path)
    before = queries.imported_from(sha256)
    if before and all(_is_whole(each) for each in before):
        return [Imported(each, Outcome.ALREADY) for each in before]
    readings = read(path)
    prepared = [_prepare(reading, path, sha256, vintage, now) for reading in readings]
    if dry_run:
        return [Imported(each, Outcome.WOULD_STORE) for each in prepared]
    try:
        with contextlib.ExitStack() as stack:
            for each, reading in zip(prepared, readings, strict=True):
                each.observations_sha256 = stack.enter_context(files.written(each.observations, reading.observations))
            done = _restore(before, prepared) if before else _store(prepared, readings, now)
    except IntegrityError:  # somebody else imported the same file while we read it
        return [Imported(each, Outcome.ALREADY) for each in queries.imported_from(sha256)]
    files.tidy(queries.names_of_files(), now)
    return done


def refresh(*, key: str, now: datetime, progress: Progress = lambda done, length: None) -> list[Imported]:
    """Fetch the newest file of a publisher with a stable address, and import it.

    raises   UnknownAddress, DownloadFailed; UnknownLayout, Unreadable
    """
    return import_file(path=fetch(address_of(key), progress=progress), now=now)


@transaction.atomic
def accept(*, vintage: Vintage, now: datetime) -> Vintage:
    """Use a vintage that the row-count guard held back."""
    if vintage.held_back:
        vintage.held_back, vintage.accepted_at = False, now
        vintage.save(update_fields=["held_back", "accepted_at"])
        _audit(Verb.EDIT, [vintage], now)
    return vintage


@transaction.atomic
def _store(prepared: Sequence[Vintage], readings: Sequence[Reading], now: datetime) -> list[Imported]:
    """Write the vintages and their rows set aside, with the line of the record."""
    for each, reading in zip(prepared, readings, strict=True):
        each.save(force_insert=True)
        RowSetAside.objects.bulk_create(
            (
                RowSetAside(vintage=each, row=row, column=column[:120], value=value[:200], reason=reason[:300])
                for row, column, value, reason in _texts(reading.set_aside).iter_rows()
            ),
            batch_size=500,
        )
    _audit(Verb.CREATE, prepared, now)
    return [Imported(each, Outcome.HELD_BACK if each.held_back else Outcome.STORED) for each in prepared]


@transaction.atomic
def _restore(before: Sequence[Vintage], prepared: Sequence[Vintage]) -> list[Imported]:
    """Point the vintages of this file at observations written anew."""
    anew = {(each.dataset, each.dataflow): each for each in prepared}
    for each in before:
        new = anew.get((each.dataset, each.dataflow))
        if new is None:
            raise Unreadable(f"{each} was made from this file, but the present reader no longer finds it there")
        each.observations, each.observations_sha256 = new.observations, new.observations_sha256
        each.coverage = new.coverage
        each.save(update_fields=["observations", "observations_sha256", "coverage"])
    return [Imported(each, Outcome.RESTORED) for each in before]


def _prepare(reading: Reading, path: Path, sha256: str, label: str, now: datetime) -> Vintage:
    """The vintage that a reading makes, not yet stored. Raises Unreadable if it has no observation that can be used."""
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
        file_name=path.name[:255],
        sha256=sha256,
        bytes=path.stat().st_size,
        rows_read=reading.rows_read,
        rows_stored=reading.observations.height,
        rows_set_aside=reading.set_aside.height,
        observations=f"{reading.dataflow.lower()}/{key.hex}.parquet",
        coverage=covered,
        labels=_labels(reading),
        period_first=spelled[0][:10],
        period_last=spelled[-1][:10],
        imported_at=now,
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


def _texts(set_aside: pl.DataFrame) -> pl.DataFrame:
    """row, column, value, reason, without gaps."""
    return set_aside.select(
        pl.col("row").fill_null(0), *(pl.col(n).fill_null("") for n in ("column", "value", "reason"))
    )


def _is_whole(vintage: Vintage) -> bool:
    """Whether the stored observations of a vintage are there and unaltered."""
    try:
        files.stored(vintage.observations, vintage.observations_sha256)
    except files.VintageDamaged:
        return False
    return True


def _audit(verb: Verb, vintages: Sequence[Vintage], now: datetime) -> None:
    record(
        officer="",
        institution="",
        verb=verb,
        what="vintage",
        subjects=[str(each.key) for each in vintages],
        decision=DUTY,
        channel="command",
        now=now,
    )
