"""Which pairs are looked at: those that share enough for it to be worth while, found by sorting keys.

A rule gives each record some keys; two records that share a key are a pair. A key that too many share tells little and
is left out: another rule catches those who share more than that.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from torogoz.statistics.linkage.levels import Pairs
from torogoz.statistics.linkage.records import ABSENT, NAME_PARTS, Records

Keys = NDArray[np.int64]
Places = NDArray[np.int32]
MOST_SHARING = 400
"""A key that more records share is left out."""


def _mixed(*parts: NDArray[np.int64]) -> Keys:
    """One number of 63 bits for a tuple of numbers."""
    mixed = np.full(len(parts[0]), 0x9E3779B97F4A7C15, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            mixed ^= part.astype(np.uint64) + (mixed << np.uint64(6)) + (mixed >> np.uint64(2))
            mixed *= np.uint64(0xBF58476D1CE4E5B9)
            mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(1)).astype(np.int64)


RULES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("document", 0, ("document",)),
    ("four words", 4, ()),
    ("three words, years", 3, ("years",)),
    ("three words, later years", 3, ("later years",)),
    ("three words, place", 3, ("municipality",)),
    ("three words, mother", 3, ("mother",)),
    ("two words, date", 2, ("year", "days")),
    ("two words, day, place", 2, ("day of year", "municipality")),
    ("two words, year, place", 2, ("year", "municipality")),
    ("two words, years, place, mother", 2, ("years", "municipality", "mother")),
    ("two words, later years, place, mother", 2, ("later years", "municipality", "mother")),
    ("two words, year, mother", 2, ("year", "mother")),
    ("two words, telephone", 2, ("phone",)),
    ("word, telephone, year", 1, ("phone", "year")),
    ("word, date, place", 1, ("year", "days", "municipality")),
    ("word, date, mother", 1, ("year", "days", "mother")),
)
"""Each rule: what it is called, how many words of a name share a key, and with which other facts.

Words are taken as they sound, in whatever part of the name they stand and in any order."""


Blocks = Sequence[Sequence[str]]
"""Further rules, of a configuration: each names the fields that two records must have the same, or parts of names."""


def keys(records: Records, blocks: Blocks = ()) -> Iterator[tuple[Places, Keys]]:
    """For each rule, the places of the records that have a key, and their keys."""
    facts = _Facts(records)
    for block in blocks:
        yield facts.keys("block " + " ".join(block), (), block)
    for rule, words, others in RULES:
        if all(other in facts.facts for other in others):
            found = [facts.keys(rule, which, others) for which in combinations(range(len(NAME_PARTS)), words)]
            yield facts.once(np.concatenate([at for at, _ in found]), np.concatenate([key for _, key in found]))


class _Facts:
    """The facts of the records that keys are made of; nought is the absence of a fact."""

    def __init__(self, records: Records) -> None:
        stamps = records.words.stamps()[records.words.sound_numbers()]
        self.said = np.stack([stamps[records.names[part]] for part in NAME_PARTS])
        year, month, day = (part.astype(np.int64) for part in (records.year, records.month, records.day))
        whole = (month > 0) & (day > 0)
        low, high = np.minimum(month, day), np.maximum(month, day)  # so that a day and month that were swapped meet
        self.facts = {
            "year": year,
            "years": np.where(year > 0, year // 4 + 1, 0),
            "later years": np.where(year > 0, (year + 2) // 4 + 1, 0),
            "days": np.where(whole, low * 32 + high, 0),
            "day of year": np.where(whole & ~((month == 1) & (day == 1)), low * 32 + high, 0),
            **{name: stamps[values] for name, values in records.texts.items()},
            **dict(zip(NAME_PARTS, self.said, strict=True)),
        }

    def once(self, places: Places, key: Keys) -> tuple[Places, Keys]:
        """Each key of a record once: who bears a word in two parts of the name has some keys twice."""
        twice = np.zeros(self.said.shape[1], dtype=bool)
        for one, other in combinations(self.said, 2):
            twice |= (one == other) & (one != ABSENT)
        doubtful = twice[places]
        if not doubtful.any():
            return places, key
        some = np.unique(np.stack([places[doubtful].astype(np.int64), key[doubtful]]), axis=1)
        return np.r_[places[~doubtful], some[0].astype(np.int32)], np.r_[key[~doubtful], some[1]]

    def keys(self, rule: str, words: Sequence[int], facts: Sequence[str]) -> tuple[Places, Keys]:
        """The places of the records that have all of this, and a key for each."""
        which = list(words)
        there = np.all(self.said[which] != ABSENT, axis=0) if which else np.ones(self.said.shape[1], dtype=bool)
        for one, other in combinations(which, 2):
            there &= self.said[one] != self.said[other]
        for fact in facts:
            there = there & (self.facts[fact] != ABSENT)
        places = np.flatnonzero(there)
        if not len(places):  # of one record, most
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
        with np.errstate(over="ignore"):
            together = self.said[which][:, places].astype(np.uint64).sum(axis=0, dtype=np.uint64)
        number = np.full(len(places), crc32(rule.encode()), dtype=np.int64)  # so that rules share no key
        parts = [self.facts[fact][places] for fact in facts]
        return places.astype(np.int32), _mixed(number, (together >> np.uint64(1)).astype(np.int64), *parts)


def pairs_within(records: Records, blocks: Blocks = (), most: int = MOST_SHARING) -> tuple[Pairs, Pairs]:
    """The pairs of these records that share a key: two arrays of places, the lesser first, each pair once."""
    size = len(records)
    found = [
        _together([_numbered(one, other, size) for one, other in _sharing(places, key, most)])
        for places, key in keys(records, blocks)
    ]
    first, second = np.divmod(_together(found), max(size, 1))
    return first, second


def pairs_between(left: Records, right: Records, blocks: Blocks = (), most: int = MOST_SHARING) -> tuple[Pairs, Pairs]:
    """The pairs of a record of `left` and one of `right` that share a key: places in the one and in the other."""
    size = len(right)
    found = [
        _together(
            [one.astype(np.int64) * size + other for one, other in _sharing_between(*own, *others, most)],
        )
        for own, others in zip(keys(left, blocks), keys(right, blocks), strict=True)
    ]
    first, second = np.divmod(_together(found), max(size, 1))
    return first, second


def _together(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Numbers of pairs, each once, in their order."""
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)


def _numbered(one: Places, other: Places, size: int) -> NDArray[np.int64]:
    """One number for each pair, the lesser place first; none for a record that meets itself."""
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
    return np.unique((low * size + high)[low != high])


CHUNK = 4_000_000


def _sharing(places: Places, key: Keys, most: int) -> Iterator[tuple[Places, Places]]:
    """Pairs of places with the same key, some millions at a time."""
    order = np.argsort(key, kind="stable")
    places, key = places[order], key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    sizes = np.diff(np.r_[starts, len(key)])
    chosen = (sizes > 1) & (sizes <= most)
    starts, sizes = starts[chosen], sizes[chosen]
    for size in np.unique(sizes):
        one, other = np.triu_indices(int(size), 1)
        of_size = starts[sizes == size]
        step = max(1, CHUNK // len(one))
        for begin in range(0, len(of_size), step):
            base = of_size[begin : begin + step, None]
            yield places[base + one].ravel(), places[base + other].ravel()


def _sharing_between(
    places: Places, key: Keys, others: Places, other_key: Keys, most: int
) -> Iterator[tuple[Places, Places]]:
    order = np.argsort(other_key, kind="stable")
    others, other_key = others[order], other_key[order]
    low, high = np.searchsorted(other_key, key, "left"), np.searchsorted(other_key, key, "right")
    counts = np.where(high - low <= most, high - low, 0)
    for begin in range(0, len(key), 500_000):
        some = counts[begin : begin + 500_000]
        one = np.repeat(places[begin : begin + 500_000], some)
        first = np.repeat(low[begin : begin + 500_000], some)
        within = np.arange(len(one)) - np.repeat(np.cumsum(some) - some, some)
        yield one, others[first + within]
