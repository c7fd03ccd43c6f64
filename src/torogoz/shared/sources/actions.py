"""Taking in outside data: import a file, accept what the guard held back, refresh from a publisher's address."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import polars as pl
from django.db import IntegrityError, transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.exchange.readers.contract import Unreadable
from torogoz.shared.audit.actions import record
from torogoz.shared.sources import files, queries
from torogoz.shared.sources.download import Progress, address_of, fetch
from torogoz.shared.sources.models import RowSetAside, Vintage
from torogoz.shared.sources.preparing import Prepared, prepare
from torogoz.shared.sources.reading import read

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
    """Take in a publisher's file: one vintage for each dataflow that it feeds, or for its outlines. All, or nothing.

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
    prepared = [prepare(reading, path, sha256, vintage, now) for reading in read(path)]
    if dry_run:
        return [Imported(each.vintage, Outcome.WOULD_STORE) for each in prepared]
    try:
        with contextlib.ExitStack() as stack:
            for each in prepared:
                name = each.vintage.observations
                each.vintage.observations_sha256 = stack.enter_context(files.written(name, each.frame))
            done = _restore(before, [each.vintage for each in prepared]) if before else _store(prepared, now)
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
def _store(prepared: Sequence[Prepared], now: datetime) -> list[Imported]:
    """Write the vintages and their rows set aside, with the line of the record."""
    vintages = [each.vintage for each in prepared]
    for each in prepared:
        each.vintage.save(force_insert=True)
        RowSetAside.objects.bulk_create(
            (
                RowSetAside(vintage=each.vintage, row=row, column=column[:120], value=value[:200], reason=reason[:300])
                for row, column, value, reason in _texts(each.set_aside).iter_rows()
            ),
            batch_size=500,
        )
    _audit(Verb.CREATE, vintages, now)
    return [Imported(each, Outcome.HELD_BACK if each.held_back else Outcome.STORED) for each in vintages]


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
