"""A linkage that is kept: a record is added, corrected or taken out, and its cluster is looked at again.

One SQLite file holds the records, the keys by which they are looked at, the pairs that were compared and the clusters.
Each change is one transaction. After any of them, in any order, the file holds what one batch of the records that are
left would find: the same pairs, with the same weights, in the same clusters. For that the model is fixed when the file
is made, and a key that grows past what most may share, or shrinks below it, takes its pairs along.

The file holds names and numbers as they were read: it is made for its owner's eyes only.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from torogoz.statistics.linkage.blocking import Blocks
from torogoz.statistics.linkage.clusters import STEP
from torogoz.statistics.linkage.levels import Pairs
from torogoz.statistics.linkage.linking import in_clusters, weighed
from torogoz.statistics.linkage.model import model_of
from torogoz.statistics.linkage.new_store import VERSION, StoreRefused, postings
from torogoz.statistics.linkage.records import Records, Words, prepare_columns
from torogoz.statistics.linkage.weights import Floats, probability


@dataclass(frozen=True)
class Link:
    """Another record that is likely of the same person: its id, the weight in bits, the probability."""

    id: str
    weight: float
    probability: float


@dataclass(frozen=True)
class Change:
    """What a change did.

    links       of the record that was added, the surest first
    clusters    each cluster that was looked at again, as the ids of its records: the record's own first
    """

    links: tuple[Link, ...]
    clusters: tuple[tuple[str, ...], ...]


class Store:
    """A linkage kept in a file. Open it with `with`; changes are safe once the method that made them returns."""

    def __init__(self, path: Path) -> None:
        """Open what `create` made. Raises StoreRefused when the file is none."""
        if not path.is_file():
            raise StoreRefused(f"{path} is not there; make it from a file of records first")
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            told = dict(self._db.execute("SELECT name, value FROM told").fetchall())
        except sqlite3.DatabaseError as why:
            self._db.close()
            raise StoreRefused(f"{path} is no linkage that was kept: {why}") from why
        if told.get("version") != str(VERSION):
            self._db.close()
            raise StoreRefused(f"{path} was made by another version: make it again from its records")
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;")
        self.fields: tuple[str, ...] = tuple(json.loads(told["fields"]))
        self.threshold, self.most, self.largest = float(told["threshold"]), int(told["most"]), int(told["largest"])
        self.blocks: Blocks = json.loads(told["blocks"])
        self.swapped: list[tuple[str, str]] = [(one, other) for one, other in json.loads(told["swapped"])]
        self.model = model_of(told["model"], str(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # What is kept

    def clusters(self) -> dict[str, str]:
        """By the id of each record, the cluster: the id in it that sorts first."""
        return dict(self._db.execute("SELECT id, cluster FROM record").fetchall())

    def pairs(self) -> dict[tuple[str, str], float]:
        """The weight of each pair that was compared, by its two ids in their order."""
        rows = self._db.execute(
            "SELECT a.id, b.id, weight FROM pair JOIN record a ON a.number = one JOIN record b ON b.number = other "
            "WHERE a.id < b.id"
        )
        return {(one, other): weight for one, other, weight in rows}

    def links(self, called: str) -> tuple[Link, ...]:
        """The records that are as likely as the threshold of the same person, the surest first. Raises StoreRefused."""
        return self._links(self._number(called))

    def check(self, *, there: Sequence[str] = (), absent: Sequence[str] = (), fields: Iterable[str] = ()) -> None:
        """Refuse, before anything is changed, ids that are not there, ids that are, and fields that are not kept."""
        for called in there:
            self._number(called)
        for called in absent:
            self._check_absent(called)
        self._check_fields(fields)

    # Changes

    def add(self, called: str, said: Mapping[str, str]) -> Change:
        """Take in a record. Raises StoreRefused when its id is there already or it has a field that is not kept."""
        with _Transaction(self._db):
            return self._added(called, said)

    def remove(self, called: str) -> Change:
        """Take out a record. Raises StoreRefused when it is not there."""
        with _Transaction(self._db):
            return Change((), self._clustered_again(self._removed(self._number(called))))

    def correct(self, called: str, said: Mapping[str, str]) -> Change:
        """Put what is said now in the place of what was said. Raises StoreRefused as `add` and `remove` do."""
        with _Transaction(self._db):
            return self._added(called, said, self._removed(self._number(called)))

    def _number(self, called: str) -> int:
        row = self._db.execute("SELECT number FROM record WHERE id = ?", (called,)).fetchone()
        if row is None:
            raise StoreRefused(f"there is no record {called}; nothing was changed")
        return int(row[0])

    def _check_absent(self, called: str) -> None:
        if self._db.execute("SELECT 1 FROM record WHERE id = ?", (called,)).fetchone():
            raise StoreRefused(f"there is a record {called} already; nothing was changed")

    def _check_fields(self, fields: Iterable[str]) -> None:
        unknown = set(fields) - set(self.fields)
        if unknown:
            raise StoreRefused(f"{', '.join(sorted(unknown))} is not kept of a record; nothing was changed")

    def _links(self, number: int) -> tuple[Link, ...]:
        rows = self._db.execute(
            "SELECT id, weight FROM pair JOIN record ON number = other WHERE one = ? ORDER BY weight DESC, id",
            (number,),
        ).fetchall()
        likely = probability(np.array([weight for _, weight in rows], dtype=float)).tolist()
        found = (Link(called, weight, likely) for (called, weight), likely in zip(rows, likely, strict=True))
        return tuple(one for one in found if one.probability >= self.threshold)

    def _added(self, called: str, said: Mapping[str, str], moved: set[int] | None = None) -> Change:
        unknown = set(said) - set(self.fields)
        if unknown:
            raise StoreRefused(f"{', '.join(sorted(unknown))} is not kept of a record; nothing was changed")
        if self._db.execute("SELECT 1 FROM record WHERE id = ?", (called,)).fetchone():
            raise StoreRefused(f"there is a record {called} already; nothing was changed")
        row = json.dumps([said.get(field, "") for field in self.fields], ensure_ascii=False)
        added = self._db.execute(
            "INSERT INTO record (id, said, cluster, depth) VALUES (?, ?, ?, ?)", (called, row, called, self._least())
        )
        number = int(added.lastrowid or 0)
        met, outgrown = set[int](), list[list[int]]()
        own = [key for key, _ in postings(self._read([number])[1], self.blocks)]
        for key in own:
            sharing = self._sharing(key)
            if len(sharing) < self.most:
                met.update(sharing)
            elif len(sharing) == self.most:
                outgrown.append(sharing)
        self._db.executemany("INSERT INTO posting VALUES (?, ?)", [(key, number) for key in own])
        moved = (moved or set()) | {number}
        for sharing in outgrown:
            moved |= self._parted(sharing)
        self._compared([(number, other) for other in sorted(met)])
        clusters = self._clustered_again(moved, number)
        return Change(self._links(number), clusters)

    def _removed(self, number: int) -> set[int]:
        """Take a record out, and give the records whose pairs changed."""
        keys_of = [key for key, _ in postings(self._read([number])[1], self.blocks)]
        moved = {other for (other,) in self._db.execute("SELECT other FROM pair WHERE one = ?", (number,))}
        self._db.executemany("DELETE FROM pair WHERE one = ? AND other = ?", [(other, number) for other in moved])
        self._db.execute("DELETE FROM pair WHERE one = ?", (number,))
        self._db.executemany("DELETE FROM posting WHERE key = ? AND record = ?", [(key, number) for key in keys_of])
        self._db.execute("DELETE FROM record WHERE number = ?", (number,))
        for key in keys_of:
            sharing = self._sharing(key)
            if len(sharing) == self.most:  # one more shared it before, and none was looked at by it
                moved |= self._joined(sharing)
        return moved

    # What shares a key

    def _sharing(self, key: int) -> list[int]:
        """The records that share a key: one more than are looked at, when there are more."""
        rows = self._db.execute("SELECT record FROM posting WHERE key = ? LIMIT ?", (key, self.most + 1))
        return [number for (number,) in rows]

    def _parted(self, sharing: Sequence[int]) -> set[int]:
        """Forget the pairs of records that only a key that has outgrown brought together; give those records."""
        numbers, records = self._read(sharing)
        together = dict[int, list[int]]()
        for key, place in postings(records, self.blocks):
            together.setdefault(key, []).append(numbers[place])
        kept = set[tuple[int, int]]()
        for key, some in together.items():
            if len(some) > 1 and len(self._sharing(key)) <= self.most:
                kept.update((one, other) for one in some for other in some)
        gone = [pair for pair in self._pairs_among(sharing) if pair not in kept]
        self._db.executemany("DELETE FROM pair WHERE one = ? AND other = ?", gone)
        return {number for pair in gone for number in pair}

    def _joined(self, sharing: Sequence[int]) -> set[int]:
        """Compare records that a key brings together again, unless they are; give those records."""
        known = set(self._pairs_among(sharing))
        fresh = [(one, other) for one in sharing for other in sharing if one < other and (one, other) not in known]
        self._compared(fresh)
        return {number for pair in fresh for number in pair}

    def _pairs_among(self, sharing: Sequence[int]) -> Iterator[tuple[int, int]]:
        inside = set(sharing)
        for one in sharing:
            for (other,) in self._db.execute("SELECT other FROM pair WHERE one = ?", (one,)):
                if other in inside:
                    yield one, other

    def _compared(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Compare each of these pairs of records and keep its weight."""
        if not pairs:
            return
        numbers, records = self._read({number for pair in pairs for number in pair})
        place = {number: at for at, number in enumerate(numbers)}
        a, b = (np.array([place[pair[side]] for pair in pairs], dtype=np.int64) for side in (0, 1))
        weight = weighed(records, records, (a, b), self.model, self.swapped).tolist()
        rows = [(one, other, bits) for (one, other), bits in zip(pairs, weight, strict=True)]
        self._db.executemany("INSERT INTO pair VALUES (?, ?, ?)", rows)
        self._db.executemany("INSERT INTO pair VALUES (?, ?, ?)", [(other, one, bits) for one, other, bits in rows])

    def _read(self, numbers: Iterable[int]) -> tuple[list[int], Records]:
        """Records as they are compared, with their numbers."""
        rows = [
            row
            for some in _some_at_a_time(sorted(numbers))
            for row in self._db.execute(
                f"SELECT number, id, said FROM record WHERE number IN ({','.join('?' * len(some))})", some
            )
        ]
        said = [[called, *json.loads(text)] for _, called, text in rows]
        columns = dict(zip(("id", *self.fields), map(list, zip(*said, strict=True)), strict=True))
        return [number for number, _, _ in rows], prepare_columns(columns, len(rows), Words())

    # Clusters

    def _clustered_again(self, moved: Iterable[int], first: int | None = None) -> tuple[tuple[str, ...], ...]:
        """Look again at the group of each of these records; give its clusters, that of `first` before others.

        A group that is too large is not looked at whole, but in parts that stronger links hold together, each by
        itself: so only the parts that changed are looked at, and the groups that have only now become too large.
        """
        told: list[tuple[str, ...]] = []
        depth, left = self._least(), set(moved)
        while left:
            deeper = set[int]()
            while left:
                seed = left.pop()
                near = self._group(seed, depth)
                if len(near) > self.largest:
                    deeper |= self._whole_before(seed, depth)
                else:
                    left -= near.keys()
                    told += self._split(near, depth)
            depth, left = depth + STEP, deeper
        if first is not None:
            (own,) = self._db.execute("SELECT id FROM record WHERE number = ?", (first,)).fetchone()
            told.sort(key=lambda part: own not in part)
        return tuple(told)

    def _split(self, near: Mapping[int, Sequence[tuple[int, float]]], depth: float) -> list[tuple[str, ...]]:
        """The clusters of a group that is looked at whole, which are kept."""
        numbers, records = self._read(near)
        place = {number: at for at, number in enumerate(numbers)}
        pairs = [
            (place[one], place[other], weight)
            for one, found in near.items()
            for other, weight in found
            if one < other and other in place
        ]
        named = in_clusters(records, *_arrays(pairs), self.threshold, self.largest)
        parts = [sorted(records.ids[at] for at in np.flatnonzero(named == one)) for one in np.unique(named)]
        self._db.executemany(
            "UPDATE record SET cluster = ?, depth = ? WHERE id = ?",
            [(part[0], depth, called) for part in parts for called in part],
        )
        return [tuple(part) for part in parts]

    def _least(self) -> float:
        return min(float(np.log2(self.threshold / (1 - self.threshold))), 0.0)

    def _group(self, seed: int, least: float) -> dict[int, list[tuple[int, float]]]:
        """The records that links hold together with this one, each with whom it was compared and the weight.

        Of a group that is larger than is looked at whole, some records, one more than that.
        """
        near: dict[int, list[tuple[int, float]]] = {}
        ahead = [seed]
        while ahead and len(near) <= self.largest:
            one = ahead.pop()
            if one not in near:
                near[one] = self._db.execute("SELECT other, weight FROM pair WHERE one = ?", (one,)).fetchall()
                ahead += [other for other, weight in near[one] if weight >= least]
        return near

    def _whole_before(self, seed: int, depth: float) -> set[int]:
        """The records about this one that were looked at whole at this depth, whose group has become too large."""
        found = set[int]()
        rows = "SELECT other FROM pair JOIN record ON number = other WHERE one = ? AND weight >= ? AND depth = ?"
        ahead = [seed]
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                ahead += [other for (other,) in self._db.execute(rows, (one, depth, depth))]
        return found


class _Transaction:
    """All of a change or none of it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")


def _some_at_a_time(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many as one question to the database may name."""
    for begin in range(0, len(numbers), 500):
        yield numbers[begin : begin + 500]


def _arrays(pairs: Sequence[tuple[int, int, float]]) -> tuple[tuple[Pairs, Pairs], Floats]:
    a, b = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    return (a, b), np.array([pair[2] for pair in pairs], dtype=float)
