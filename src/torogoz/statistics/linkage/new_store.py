"""The file in which a linkage is kept, as it is made from a batch (`store.py` is what is done with it after)."""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from torogoz.statistics.linkage.blocking import MOST_SHARING, Blocks, keys
from torogoz.statistics.linkage.clusters import LARGEST, depths
from torogoz.statistics.linkage.levels import Pairs
from torogoz.statistics.linkage.linking import link
from torogoz.statistics.linkage.model import Model, as_yaml
from torogoz.statistics.linkage.records import Records

VERSION = 3
RULE_BITS = 57
"""Bits of a key; the number of its rule stands above them, so that the keys of a rule lie together in the file."""
TABLES = """
CREATE TABLE told (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, said TEXT NOT NULL, cluster TEXT NOT NULL, depth REAL NOT NULL
);
CREATE TABLE posting (key INTEGER, record INTEGER, PRIMARY KEY (key, record)) WITHOUT ROWID;
CREATE TABLE pair (one INTEGER, other INTEGER, weight REAL NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
"""


class StoreRefused(ValueError):
    """What was asked of a kept linkage cannot be done, and nothing was changed: why."""


def create(
    path: Path,
    frame: pl.DataFrame,
    model: Model,
    *,
    threshold: float = 0.5,
    blocks: Blocks = (),
    swapped: Sequence[tuple[str, str]] = (),
    most: int = MOST_SHARING,
    largest: int = LARGEST,
) -> None:
    """Keep the linkage of a frame (as `link` takes it) in a file that only its owner may read.

    raises  StoreRefused when the file is there already, or two records have one id
            FieldsDiffer when the records have not the fields of the model
    """
    if path.exists():
        raise StoreRefused(f"{path} is there already; nothing was written")
    if frame["id"].n_unique() < frame.height:
        raise StoreRefused("two records have one id; nothing was written")
    fields = [name for name in frame.columns if name != "id"]
    linked = link(frame, model=model, blocks=blocks, swapped=swapped, most=most)
    ids = linked.left.ids
    named = linked.clusters(threshold, largest)
    depth = depths(len(ids), linked.pairs, linked.weight, float(np.log2(threshold / (1 - threshold))), largest)
    least: dict[int, str] = {}
    for called, cluster in zip(ids, named.tolist(), strict=True):
        least[cluster] = min(called, least.get(cluster, called))
    unfinished = path.with_name(path.name + ".part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        db = sqlite3.connect(unfinished, isolation_level=None)
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES + "BEGIN;")
        told = {
            "version": VERSION, "fields": json.dumps(fields), "threshold": threshold, "most": most, "largest": largest,
            "blocks": json.dumps(blocks), "swapped": json.dumps(swapped), "model": as_yaml(model),
        }  # fmt: skip
        db.executemany("INSERT INTO told VALUES (?, ?)", [(name, str(value)) for name, value in told.items()])
        db.executemany(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?)",
            (
                (number, called, json.dumps([value or "" for value in said], ensure_ascii=False), least[cluster], deep)
                for number, (called, cluster, said, deep) in enumerate(
                    zip(ids, named.tolist(), frame.select(fields).iter_rows(), depth.tolist(), strict=True), 1
                )
            ),
        )
        for rule, (places, key) in enumerate(keys(linked.left, blocks)):
            key = _stored(rule, key)
            order = np.lexsort((places, key))
            db.executemany(
                "INSERT OR IGNORE INTO posting VALUES (?, ?)",
                zip(key[order].tolist(), (places[order] + 1).tolist(), strict=True),
            )
        one, other = np.r_[linked.pairs[0], linked.pairs[1]] + 1, np.r_[linked.pairs[1], linked.pairs[0]] + 1
        weight = np.r_[linked.weight, linked.weight]
        order = np.lexsort((other, one))
        for some in np.array_split(order, max(1, len(order) // 1_000_000)):
            db.executemany(
                "INSERT INTO pair VALUES (?, ?, ?)",
                zip(one[some].tolist(), other[some].tolist(), weight[some].tolist(), strict=True),
            )
        db.execute("COMMIT")
        db.close()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _stored(rule: int, key: Pairs) -> Pairs:
    """A key as the file has it, its rule above."""
    return (key >> (63 - RULE_BITS)) | (rule << RULE_BITS)


def postings(records: Records, blocks: Blocks) -> Iterator[tuple[int, int]]:
    """The keys of these records, each with the place of its record."""
    for rule, (places, key) in enumerate(keys(records, blocks)):
        yield from zip(_stored(rule, key).tolist(), places.tolist(), strict=True)
