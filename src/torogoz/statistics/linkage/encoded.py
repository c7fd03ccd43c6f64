"""Linkage of two files whose owners do not show each other their names: fields as keyed filters, compared bit by bit.

Each institution turns the fields of its records into Bloom filters (Schnell, Bachteler and Reiher, 2009) under a key
that both share and whoever links does not have. Pieces of a value set bits, so values that are alike have bits in
common. Filters are pseudonyms and no more than that: docs/explanation/linkage-without-names.md says what they leak.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import polars as pl
from numpy.typing import NDArray

from torogoz.statistics.linkage.levels import BIRTH, DOCUMENT, FAMILY, GIVEN, STATES, Levels, Pairs, TextLevel
from torogoz.statistics.linkage.records import ABSENT, Records, prepare
from torogoz.statistics.linkage.weights import Floats, Weights, learn, probability

Bits = NDArray[np.bool_]
LENGTH = 512
"""Bits of a filter before it is folded."""
SET_BY = 12
"""Bits that one piece of a value sets."""
FLIPPED = 0.02
"""The share of bits that chance turns over in a hardened filter."""
SHORTEST_KEY = 32
VERSION = 1
DUI_FILTER = "dui"
FIELDS = (GIVEN, FAMILY, BIRTH, DUI_FILTER, DOCUMENT, "mother", "municipality", "phone", "sex")
NAME_EDGES = (0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8)
TEXT_EDGES = (0.35, 0.6)
LEAST_ALIKE = 0.45
"""Pairs are looked at whose given names, surnames and birth are so much alike, on average of those that both have."""
ROWS = 500


class EncodedUnlike(ValueError):
    """Encoded files that cannot be made or linked: why."""


@dataclass(frozen=True)
class Encoded:
    """Records as filters.

    ids         as the institution calls its records
    filters     by field: a row of bits for each record, all off where it lacks the field
    hardened    whether filters were folded and flipped
    key_check   what the same key gives again, so that files of two keys are not linked
    """

    ids: list[str]
    filters: dict[str, Bits]
    hardened: bool
    key_check: str

    def __len__(self) -> int:
        return len(self.ids)


def encode(
    frame: pl.DataFrame, key: bytes, *, harden: bool = True, chance: np.random.Generator | None = None
) -> Encoded:
    """The records of a frame (as `records.prepare` takes it) as filters.

    key     at least 32 bytes, which both institutions have and nobody else
    harden  fold each filter on itself by exclusive or, and turn some bits over by chance
    raises  EncodedUnlike for a key that is too short
    """
    if len(key) < SHORTEST_KEY:
        raise EncodedUnlike(f"the key has {len(key)} bytes and needs {SHORTEST_KEY}; nothing was encoded")
    records = prepare(frame)
    chance = chance or np.random.default_rng()
    filters = {}
    for field, pieces in _pieces(records).items():
        bits = _filters(pieces, field, key)
        if harden:
            bits = _hardened(bits, chance)
        filters[field] = bits
    check = hmac.new(key, b"torogoz linkage key check", sha256).hexdigest()[:16]
    return Encoded(records.ids, filters, harden, check)


def _hardened(bits: Bits, chance: np.random.Generator) -> Bits:
    """Filters folded on themselves, some bits turned over; an empty one stays empty."""
    folded = np.logical_xor(bits[:, : LENGTH // 2], bits[:, LENGTH // 2 :])
    turned = np.logical_xor(folded, chance.random(folded.shape) < FLIPPED)
    return np.logical_and(turned, np.asarray(bits.any(axis=1))[:, None])


def _pieces(records: Records) -> dict[str, list[list[str]]]:
    """By field, the pieces of each record's value: names as they sound, in any order; numbers by place."""
    words = records.words
    sounds, texts = words.sound_texts(), words.texts
    said = {part: [sounds[words.sounds[word]] for word in column.tolist()] for part, column in records.names.items()}
    told = {
        field: [texts[word] for word in column.tolist()] for field, column in records.texts.items() if field in FIELDS
    }
    size = len(records)
    nothing = [""] * size
    valid = (records.dui != ABSENT).tolist()
    documents = told.get(DOCUMENT, nothing)
    kinds = [texts[word] for word in records.texts.get("document_kind", np.zeros(size, dtype=np.int32)).tolist()]
    births = zip(records.year.tolist(), records.month.tolist(), records.day.tolist(), strict=True)
    mothers = records.texts.get("mother", np.zeros(size, dtype=np.int32)).tolist()
    return {
        GIVEN: [_of_names(pair) for pair in zip(said["given1"], said["given2"], strict=True)],
        FAMILY: [_of_names(pair) for pair in zip(said["surname1"], said["surname2"], strict=True)],
        BIRTH: [_of_date(*date) for date in births],
        DUI_FILTER: [_of_number(text) if yes else [] for text, yes in zip(documents, valid, strict=True)],
        DOCUMENT: [
            [] if yes else _of_number(text, kind) for text, kind, yes in zip(documents, kinds, valid, strict=True)
        ],
        "mother": [_of_names((sounds[words.sounds[word]],)) for word in mothers],
        "municipality": [[text] if text else [] for text in told.get("municipality", nothing)],
        "phone": [_of_number(text) for text in told.get("phone", nothing)],
        "sex": [[text] if text else [] for text in told.get("sex", nothing)],
    }


def _of_names(names: Iterable[str]) -> list[str]:
    """Two letters at a time, with the ends, and each name whole."""
    found = []
    for name in names:
        if name:
            padded = f"_{name}_"
            found += [padded[place : place + 2] for place in range(len(padded) - 1)] + [f"={name}", f"=={name}"]
    return found


def _of_number(text: str, kind: str = "") -> list[str]:
    """Two figures at a time, each with its place."""
    return [f"{kind}{place}:{text[place : place + 2]}" for place in range(len(text) - 1)]


def _of_date(year: int, month: int, day: int) -> list[str]:
    """The year and those about it; day and month together in either order, unless it is 1 January, which few know."""
    if not year:
        return []
    found = [f"year {year}", f"year= {year}", f"years {year // 4}", f"later years {(year + 2) // 4}"]
    if month and day and not month == day == 1:
        low, high = sorted((month, day))
        found += [f"{low}/{high}", f"={low}/{high}", f"month {month}", f"day {day}"]
    return found


def _filters(pieces: list[list[str]], field: str, key: bytes) -> Bits:
    bits = np.zeros((len(pieces), LENGTH), dtype=bool)
    known: dict[str, NDArray[np.int64]] = {}
    for row, some in enumerate(pieces):
        for piece in some:
            if piece not in known:
                drawn = hmac.new(key, f"{field}\0{piece}".encode(), sha256).digest()
                known[piece] = np.frombuffer(drawn, dtype="<u2")[:SET_BY].astype(np.int64) % LENGTH
            bits[row, known[piece]] = True
    return bits


def write(encoded: Encoded, path: Path) -> None:
    """Write filters to a file."""
    packed: dict[str, Any] = {f"filter_{field}": np.packbits(bits, axis=1) for field, bits in encoded.filters.items()}
    about = np.array([str(VERSION), encoded.key_check, str(int(encoded.hardened))])
    with path.open("wb") as file:
        np.savez_compressed(file, about=about, ids=np.array(encoded.ids, dtype=np.str_), **packed)


def read(path: Path) -> Encoded:
    """Filters from a file. Raises EncodedUnlike when it holds none, OSError."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            version, check, hardened = kept["about"].tolist()
            if version != str(VERSION):
                raise EncodedUnlike(f"{path} was encoded by another version: encode it again")
            ids = kept["ids"].tolist()
            length = LENGTH // 2 if hardened == "1" else LENGTH
            filters = {field: np.unpackbits(kept[f"filter_{field}"], axis=1).astype(bool) for field in FIELDS}
    except (ValueError, KeyError, BadZipFile, EOFError, TypeError, AttributeError) as why:
        raise EncodedUnlike(f"{path} holds no encoded records: {why}") from why
    if any(bits.shape != (len(ids), length) for bits in filters.values()):
        raise EncodedUnlike(f"{path} holds filters of another length than it says")
    return Encoded(ids, filters, hardened == "1", check)


def link_encoded(left: Encoded, right: Encoded) -> tuple[tuple[Pairs, Pairs], Floats, Weights]:
    """The pairs that were looked at, their weights in bits, and what agreement was worth.

    raises  EncodedUnlike when the files were encoded under two keys, or one is hardened and the other not
            NothingToLearn when no two records are alike
    """
    if left.key_check != right.key_check:
        raise EncodedUnlike("the files were encoded under two different keys; nothing was linked")
    if left.hardened != right.hardened:
        raise EncodedUnlike("one file is hardened and the other is not; nothing was linked")
    found = list(_looked_at(left, right))
    pairs = np.concatenate([one for one, _, _ in found]), np.concatenate([other for _, other, _ in found])
    alike = {field: np.concatenate([some[field] for _, _, some in found]) for field in FIELDS}
    levels = _levels(alike, same=1 - 8 * FLIPPED if left.hardened else 0.999)
    states = {field: STATES.get(field, len(TextLevel)) for field in levels}
    code = np.zeros(len(pairs[0]), dtype=np.int64)
    for field, level in levels.items():
        code = code * states[field] + level
    different, back, counts = np.unique(code, return_inverse=True, return_counts=True)
    weights = learn(different, counts, states)
    return pairs, weights.of(different)[back], weights


def _looked_at(left: Encoded, right: Encoded) -> Iterator[tuple[Pairs, Pairs, dict[str, Floats]]]:
    """Some rows of `left` against all of `right`: the pairs that are alike, and how much by field (nan: lacking)."""
    theirs = {field: (bits.astype(np.float32), bits.sum(axis=1)) for field, bits in right.filters.items()}
    for begin in range(0, len(left), ROWS):
        alike = {field: _alike(left.filters[field][begin : begin + ROWS], *theirs[field]) for field in FIELDS}
        whole = np.stack([alike[field] for field in (GIVEN, FAMILY, BIRTH)])
        there = ~np.isnan(whole)
        mean = np.where(there, whole, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
        chosen = (mean >= LEAST_ALIKE) & (there.sum(axis=0) > 1)
        for field in (DUI_FILTER, DOCUMENT):
            chosen |= np.nan_to_num(alike[field], nan=0.0) > 0.75
        one, other = np.nonzero(chosen)
        yield one + begin, other, {field: values[one, other].astype(float) for field, values in alike.items()}


def _alike(bits: Bits, others: NDArray[np.float32], sizes: NDArray[np.int64]) -> NDArray[np.float32]:
    """How much filters have in common: 1 for the same bits, 0 for what chance gives, nan where one is empty."""
    own = bits.sum(axis=1).astype(np.float32)[:, None]
    both = bits.astype(np.float32) @ others.T
    by_chance = own * sizes.astype(np.float32) / bits.shape[1]
    room = (own + sizes) / 2 - by_chance
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = (both - by_chance) / room
    alike[(own == 0) | (sizes == 0)] = np.nan
    return np.asarray(alike, dtype=np.float32)


def _levels(alike: Mapping[str, Floats], same: float) -> dict[str, Levels]:
    """Levels of likeness, so many as fields in clear have, so that the same weights are learnt."""

    def level(field: str, edges: Iterable[float]) -> Levels:
        values = alike[field]
        return np.where(np.isnan(values), 0, 1 + np.digitize(np.nan_to_num(values), [*edges, same])).astype(np.int64)

    levels = {field: level(field, NAME_EDGES) for field in (GIVEN, FAMILY, BIRTH)}
    levels |= {field: level(field, TEXT_EDGES) for field in ("sex", "mother", "municipality", "phone")}
    dui, other = level(DUI_FILTER, TEXT_EDGES), level(DOCUMENT, TEXT_EDGES)
    dui[dui == TextLevel.DIFFERENT] = TextLevel.TWO_VALID
    levels[DOCUMENT] = np.where(dui > 0, dui, other)
    return levels


def pairs_frame(left: Encoded, right: Encoded, threshold: float) -> tuple[pl.DataFrame, Weights]:
    """The pairs at least as likely as `threshold`, the surest first, as `Linked.frame` gives them; and the weights."""
    (one, other), weight, weights = link_encoded(left, right)
    likely = probability(weight)
    frame = pl.DataFrame(
        {
            "left": [left.ids[place] for place in one.tolist()],
            "right": [right.ids[place] for place in other.tolist()],
            "weight": weight,
            "probability": likely,
        },
        schema={"left": pl.String, "right": pl.String, "weight": pl.Float64, "probability": pl.Float64},
    )
    chosen = frame.filter(pl.col("probability") >= threshold)
    return chosen.sort(["weight", "left", "right"], descending=[True, False, False]), weights
