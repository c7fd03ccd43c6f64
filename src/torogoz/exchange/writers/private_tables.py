"""The files of one drawing of private tables, and the file of the ledger. Both are written whole or not at all."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from torogoz.statistics.disclosure.private.drawing import Drawn, cells_of
from torogoz.statistics.disclosure.private.ledger import Spending, line_of, read

ABOUT = "about.json"
README = "README.txt"
WORDS = """{dataset}

Estas cifras no son exactas. A cada cuenta se le sumó o restó un número al azar antes de guardarla aquí, para que
nadie pueda averiguar si una persona está en ellas. De cada veinte de esos números, a lo sumo uno pasa de {margin}.
Lo que queda en menos de {least} no se muestra (CONF_STATUS C). El azar se sacó una sola vez.
Privacidad diferencial: ε = {epsilon}{delta}.

These figures are not exact. A random number was added to or taken from each count before it was stored here, so
that nobody can find out whether a person is in them. Of twenty such numbers, one at most is larger than {margin}.
What comes to fewer than {least} is not shown (CONF_STATUS C). Chance was drawn once.
Differential privacy: ε = {epsilon}{delta}.
"""


class Occupied(Exception):
    """The folder holds something else already. Nothing was drawn."""


@contextmanager
def ledger_held(path: Path) -> Iterator[tuple[list[Spending], str]]:
    """The spendings of a ledger's file and its last hash, held so that nobody else draws meanwhile.

    raises  LedgerBroken if a line was changed or taken out
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield read(file.read().splitlines())


def spend(path: Path, previous: str, spendings: Sequence[Spending]) -> str:
    """Add lines to a ledger's file, on the disk before this returns; the hash of the last one."""
    text = ""
    for each in spendings:
        line, previous = line_of(each, previous)
        text += line + "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return previous


def said_before(folder: Path) -> dict[str, Any] | None:
    """What a folder says of the drawing in it; None if it is empty or not there. Raises Occupied."""
    if not folder.exists() or not any(folder.iterdir()):
        return None
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as other:
        raise Occupied(f"{folder} holds files that are no drawing of ours; give an empty folder") from other
    for name, expected in about["files"].items():
        path = folder / name
        if not path.is_file() or _sha256(path.read_bytes()) != expected:
            raise Occupied(f"{name} in {folder} is not the file that was drawn; restore the folder from a copy")
    return about


@contextmanager
def written_aside(folder: Path, drawn: Drawn, about: Mapping[str, Any]) -> Iterator[None]:
    """Write a drawing beside its place, and give the folder its name when the block has ended well.

    What must be on the disk first, the ledger, is written inside the block: a kill may waste budget, and never gives
    a drawing away that was not paid for.
    """
    aside = folder.parent / f".{folder.name}-{uuid4().hex}"
    aside.mkdir(parents=True)
    try:
        files = {}
        for name, frame in _frames(drawn).items():
            content = frame.write_csv().encode()
            (aside / name).write_bytes(content)
            files[name] = _sha256(content)
        words = WORDS.format(
            dataset=drawn.design.dataset,
            margin=drawn.margin,
            least=drawn.design.least_shown,
            epsilon=f"{float(drawn.epsilon):g}",
            delta="" if drawn.delta is None else f", δ = {float(drawn.delta):g}",
        ).encode()
        (aside / README).write_bytes(words)
        files[README] = _sha256(words)
        text = json.dumps({**about, "files": files}, ensure_ascii=False, indent=1, sort_keys=True)
        (aside / ABOUT).write_text(text + "\n", encoding="utf-8")
        yield
        if folder.exists():
            folder.rmdir()
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _frames(drawn: Drawn) -> dict[str, pl.DataFrame]:
    """Each table that was asked for, with its totals, by the name of its file."""
    frames = {}
    for table in drawn.design.tables:
        columns = drawn.design.ordered(table)
        own = {part: counts for part, counts in drawn.tables.items() if set(part) <= set(columns)}
        cells = cells_of(drawn.design, own).select(*columns, "OBS_VALUE", "CONF_STATUS")
        frames["-".join(columns).replace("/", "_") + ".csv"] = cells.with_columns(pl.col("OBS_VALUE").cast(pl.Int64))
    return frames


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
