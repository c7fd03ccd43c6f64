"""The files of the log: one per run, written aside and moved into place, never written again."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from torogoz.shared.sources.files import sha256_of

UNFINISHED = ".part"


def folder() -> Path:
    """Where the log lies: beside vintages and releases, from which it can be made again."""
    return Path(settings.VAR) / "observations"


@contextmanager
def one_at_a_time(dataflow: str) -> Iterator[None]:
    """Hold the log of a dataflow: two that find it behind wait for each other."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / f".{dataflow.lower()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(name: str, lines: pl.DataFrame) -> str:
    """Write the lines of a run as `name`, whole or not at all; the SHA-256 of the file."""
    target = folder() / name
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        lines.write_parquet(unfinished)
        with unfinished.open("rb") as stream:
            os.fsync(stream.fileno())
        digest = sha256_of(unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return digest


def is_whole(name: str, sha256: str) -> bool:
    """Whether the file of a run is there and is the one that was written."""
    try:
        state = (folder() / name).stat()
    except OSError:
        return False
    return _sha256_while(folder() / name, state.st_mtime_ns, state.st_size) == sha256


def remove(name: str) -> None:
    """Take away the file of a run that is made again."""
    (folder() / name).unlink(missing_ok=True)


@lru_cache(maxsize=256)
def _sha256_while(path: Path, mtime_ns: int, size: int) -> str:
    return sha256_of(path)
