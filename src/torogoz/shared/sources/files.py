"""Files of observations: written under a temporary name and renamed, and checked before they are believed."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from torogoz.domain.damage import Damaged

CHUNK = 1 << 20
UNFINISHED = ".part"
A_DAY = 24 * 3600


class VintageDamaged(Damaged):
    """A stored file of observations is missing, or is not the file that was stored."""


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


@contextlib.contextmanager
def written(name: str, frame: pl.DataFrame) -> Iterator[str]:
    """Write `frame` below VINTAGES as `name` and give its SHA-256; take it away again if what follows fails.

    The file appears under its name only when it is whole and on the disk.
    """
    target = Path(settings.VINTAGES) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        frame.write_parquet(unfinished)
        with unfinished.open("rb") as stream:
            os.fsync(stream.fileno())
        digest = sha256_of(unfinished)
        unfinished.replace(target)
        yield digest
    except BaseException:
        unfinished.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise


def stored(name: str, sha256: str) -> Path:
    """The file of observations called `name`, which still has this SHA-256. Raises VintageDamaged."""
    path = Path(settings.VINTAGES) / name
    try:
        state = path.stat()
    except OSError as reason:
        raise VintageDamaged(
            f"the stored file {path} cannot be read ({reason.strerror}); the publisher's file is needed again: "
            "torogoz import FILE restores it, and nothing else is lost"
        ) from reason
    if _sha256_while(path, state.st_mtime_ns, state.st_size) != sha256:
        raise VintageDamaged(
            f"the stored file {path} was altered after it was stored and is not used; "
            "torogoz import FILE with the publisher's file restores it"
        )
    return path


def tidy(keep: set[str], now: datetime) -> int:
    """Remove files below VINTAGES, older than a day, that no vintage names: what a killed import left. How many."""
    folder, removed = Path(settings.VINTAGES), 0
    for path in folder.rglob("*.parquet*") if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if name not in keep and now.timestamp() - path.stat().st_mtime > A_DAY:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


@lru_cache(maxsize=256)
def _sha256_while(path: Path, mtime_ns: int, size: int) -> str:
    """The SHA-256 of a file, computed once while its time and size stay what they are."""
    return sha256_of(path)
