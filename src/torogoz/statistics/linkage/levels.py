"""How far two records agree, field by field: the one definition, for a pair at the desk and for millions at once.

Each field gives a level. Level 0 says that one of the two lacks the field, which is neither for nor against; the other
levels go from disagreement upwards. What a level is worth is learnt (`weights.py`), never written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from torogoz.statistics.linkage.records import ABSENT, Ints, Records

Levels = NDArray[np.int64]
Pairs = NDArray[np.int64]
LIKE = 0.88
"""Two words are alike from this likeness (Jaro-Winkler) up: one or two letters off in a common name."""


class NameLevel(IntEnum):
    """How far two names, or two surnames, agree. Of two who give one name each, one may have given the second."""

    MISSING = 0
    DIFFERENT = 1
    ONE_EACH = 2
    ONE_ALIKE = 3
    ONE_OF_TWO = 4
    FIRST_ONLY_THERE = 5
    CROSSED_ONE = 6
    ONE_SAME_ONE_ALIKE = 7
    BOTH_CROSSED = 8
    SAME = 9


class BirthLevel(IntEnum):
    """How far two dates of birth agree."""

    MISSING = 0
    DIFFERENT = 1
    YEAR_NEAR = 2
    YEAR_SAME = 3
    YEAR_AND_PART = 4
    DAY_OF_ANOTHER_YEAR = 5
    DAY_OFF = 6
    SWAPPED = 7
    PARTIAL = 8
    SAME = 9


class TextLevel(IntEnum):
    """How far two texts agree: a document, a telephone, a place.

    Two valid DUIs that differ are of two persons, unless they are one slip apart: a tenth of the digits that are
    mistyped leave the check digit right, and a few people taken for two teach that nobody is surely one.
    """

    MISSING = 0
    DIFFERENT = 1
    ALIKE = 2
    NEAR = 3
    SAME = 4
    TWO_VALID = 5


GIVEN, FAMILY, RARITY, BIRTH, DOCUMENT = "given", "family", "rarity", "birth", "document"


STATES = {GIVEN: len(NameLevel), FAMILY: len(NameLevel), RARITY: 7, BIRTH: len(BirthLevel)}
"""How many levels a field has; every other field has those of a text."""
CODES = frozenset({"sex", "municipality", "department", "state", "postcode"})
"""Fields in which a slip makes another value: they agree or they do not."""
NOT_COMPARED = frozenset({"document_kind", "night", "shelter"})
"""What is told of a record and says by itself nothing of who it is of."""


@dataclass(frozen=True)
class Agreement:
    """The levels of many pairs: an array per field, all of one length, and how many states each field has.

    given, family   how far given names and surnames agree (NameLevel)
    rarity          how rare the words are that agree, in seven steps: a shared Galdámez says more than a Hernández
    birth           BirthLevel; every other field is a TextLevel
    """

    levels: dict[str, Levels]
    states: dict[str, int]

    def codes(self) -> Levels:
        """One number per pair that stands for all its levels: pairs with the same number agree alike."""
        code = np.zeros(len(next(iter(self.levels.values()))), dtype=np.int64)
        for field, levels in self.levels.items():
            code = code * self.states[field] + levels
        return code


def decoded(codes: Levels, states: dict[str, int]) -> dict[str, Levels]:
    """The levels that these numbers stand for."""
    levels = {}
    for field in reversed(states):
        codes, levels[field] = np.divmod(codes, states[field])
    return {field: levels[field] for field in states}


BIT_PARTS = 16
"""Bits of rarity are whole sixteenths, so that their sum is exact and the order of two records changes nothing."""


@dataclass(frozen=True)
class Rarity:
    """How rare each sound is among the names of the records: bits, by the number of the sound."""

    bits: NDArray[np.float64]

    @classmethod
    def of(cls, records: Sequence[Records]) -> "Rarity":
        """As these records have them, each word once a record."""
        counts = sum((name_counts(some) for some in records), np.zeros(1))
        return cls(bits_of(counts, sum(len(some) for some in records)))


def name_counts(records: Records) -> NDArray[np.float64]:
    """By the number of a sound, how often it stands in the names of records; one entry more for what is never there."""
    sounds = records.words.sound_numbers()
    counts = np.zeros(len(sounds) + 1)
    for words in records.names.values():
        counts += np.bincount(sounds[words], minlength=len(counts))
    counts[ABSENT] = 0
    return counts


def bits_of(counts: NDArray[np.float64], total: int) -> NDArray[np.float64]:
    """How rare is what stands so often in the names of so many records; what stands nowhere is as rare as once."""
    rare: NDArray[np.float64] = np.log2(max(total, 1) / np.maximum(counts, 1))
    return np.asarray(np.round(rare * BIT_PARTS) / BIT_PARTS)


RARITY_STEPS = np.array([4.0, 7.0, 10.0, 13.0, 17.0, 22.0])
"""Bits of the words that agree, added up: where one state of rarity ends and the next begins."""


def agreement(
    left: Records,
    right: Records,
    pairs: tuple[Pairs, Pairs],
    rarity: Rarity,
    swapped: Sequence[tuple[str, str]] = (),
) -> Agreement:
    """How far each pair agrees.

    left, right     records of one dictionary; they may be the same
    pairs           places in `left` and in `right`
    swapped         texts that clerks write one in the place of the other: then they count as near
    """
    a, b = pairs
    sounds = left.words.sound_numbers()
    given, given_bits = _two_parts(left, right, a, b, ("given1", "given2"), sounds, rarity)
    family, family_bits = _two_parts(left, right, a, b, ("surname1", "surname2"), sounds, rarity)
    rare = np.digitize(given_bits + family_bits, RARITY_STEPS)
    levels: dict[str, Levels] = {GIVEN: given, FAMILY: family, RARITY: rare, BIRTH: _births(left, right, a, b)}
    for field in ("married", *left.texts):
        if field not in NOT_COMPARED and (field == "married" or field in right.texts):
            levels[field] = _texts(left, right, a, b, field)
    for one, other in swapped:
        here, there = (left.texts[one][a], left.texts[other][a]), (right.texts[one][b], right.texts[other][b])
        crossed = ((here[0] == there[1]) & (here[0] != ABSENT)) | ((here[1] == there[0]) & (here[1] != ABSENT))
        for field in (one, other):
            levels[field][crossed & (levels[field] < TextLevel.NEAR)] = TextLevel.NEAR
    return Agreement(levels, {field: STATES.get(field, len(TextLevel)) for field in levels})


def _two_parts(
    left: Records,
    right: Records,
    a: Pairs,
    b: Pairs,
    parts: tuple[str, str],
    sounds: Ints,
    rarity: Rarity,
) -> tuple[Levels, NDArray[np.float64]]:
    """The level of two given names, or of two surnames; and the bits of the words that agree."""
    words_a = [left.names[part][a] for part in parts]
    words_b = [right.names[part][b] for part in parts]
    a1, a2 = (sounds[words] for words in words_a)
    b1, b2 = (sounds[words] for words in words_b)
    has_a1, has_a2, has_b1, has_b2 = (part != ABSENT for part in (a1, a2, b1, b2))
    first, second = has_a1 & (a1 == b1), has_a2 & (a2 == b2)
    crossed1, crossed2 = has_a1 & (a1 == b2), has_a2 & (a2 == b1)
    bits = np.zeros(len(a))
    apart = ~(first | second)  # who is García García shares one García with a García Mendoza, whoever comes first
    for same, sound in ((first, a1), (second, a2), (crossed1 & apart, a1), (crossed2 & apart, a2)):
        bits += np.where(same, rarity.bits[sound], 0.0)
    alone_a, alone_b = has_a1 & ~has_a2, has_b1 & ~has_b2
    one_a, one_b = has_a1 ^ has_a2, has_b1 ^ has_b2
    short = one_a | one_b
    level = np.full(len(a), NameLevel.DIFFERENT, dtype=np.int64)
    level[one_a & one_b] = NameLevel.ONE_EACH
    any_same = first | second | crossed1 | crossed2
    rest = np.flatnonzero(~any_same)
    alike_first = _alike(left, words_a[0], words_b[0], rest) | _alike(left, words_a[1], words_b[1], rest)
    level[rest[alike_first[rest]]] = NameLevel.ONE_ALIKE
    one = any_same & ~short
    level[one] = NameLevel.ONE_OF_TWO
    half = np.flatnonzero(one & (first ^ second))
    other_alike = _alike(left, words_a[1], words_b[1], half[first[half]]) | _alike(
        left, words_a[0], words_b[0], half[second[half]]
    )
    level[other_alike] = NameLevel.ONE_SAME_ONE_ALIKE
    level[any_same & short & (crossed1 | crossed2)] = NameLevel.CROSSED_ONE
    level[any_same & short & first] = NameLevel.FIRST_ONLY_THERE
    level[(crossed1 & crossed2) & ~(first & second)] = NameLevel.BOTH_CROSSED
    level[(first & second) | (first & alone_a & alone_b)] = NameLevel.SAME
    level[~(has_a1 | has_a2) | ~(has_b1 | has_b2)] = NameLevel.MISSING
    return level, bits


def _births(left: Records, right: Records, a: Pairs, b: Pairs) -> Levels:
    """The level of the dates of birth. A date on 1 January is often one whose day nobody knew."""
    ya, ma, da = left.year[a], left.month[a], left.day[a]
    yb, mb, db = right.year[b], right.month[b], right.day[b]
    whole_a, whole_b = (ma > 0) & (da > 0), (mb > 0) & (db > 0)
    loose_a, loose_b = ~whole_a | ((ma == 1) & (da == 1)), ~whole_b | ((mb == 1) & (db == 1))
    apart = np.abs(ya - yb)
    level = np.full(len(a), BirthLevel.DIFFERENT, dtype=np.int64)
    level[(apart <= 2) & (loose_a | loose_b)] = BirthLevel.YEAR_NEAR
    same_year = apart == 0
    level[same_year] = BirthLevel.YEAR_SAME
    level[same_year & ((ma == mb) | (da == db)) & whole_a & whole_b] = BirthLevel.YEAR_AND_PART
    whole = whole_a & whole_b
    level[whole & (ma == mb) & (da == db) & ((apart == 1) | (apart == 10))] = BirthLevel.DAY_OF_ANOTHER_YEAR
    near = same_year & (np.abs((ma - mb) * 31 + da - db) <= 1)
    level[whole & (near | (same_year & (ma != mb) & _a_day_apart(ma, da, mb, db)))] = BirthLevel.DAY_OFF
    level[whole & same_year & (ma == db) & (da == mb) & (ma != da)] = BirthLevel.SWAPPED
    fits = (~whole_a | ~whole_b | loose_a | loose_b) & ((ma == mb) | loose_a | loose_b)
    level[same_year & fits] = BirthLevel.PARTIAL
    level[whole & same_year & (ma == mb) & (da == db) & ~(loose_a & loose_b)] = BirthLevel.SAME
    level[(ya == 0) | (yb == 0)] = BirthLevel.MISSING
    return level


def _a_day_apart(ma: Ints, da: Ints, mb: Ints, db: Ints) -> NDArray[np.bool_]:
    """Whether one date is the last day of a month and the other the first of the next."""
    return np.asarray(((mb - ma == 1) & (db == 1) & (da >= 28)) | ((ma - mb == 1) & (da == 1) & (db >= 28)))


def _texts(left: Records, right: Records, a: Pairs, b: Pairs, field: str) -> Levels:
    """The level of a text. Documents of different kinds say nothing of each other."""
    of_name = field == "married"
    one, two = (left.names if of_name else left.texts)[field][a], (right.names if of_name else right.texts)[field][b]
    level = np.full(len(a), TextLevel.DIFFERENT, dtype=np.int64)
    same = one == two
    if field in ("married", "mother"):
        sounds = left.words.sound_numbers()
        same = sounds[one] == sounds[two]
    rest = np.flatnonzero(~same & (one != ABSENT) & (two != ABSENT) & (field not in CODES))
    near, alike = _near(left, one[rest], two[rest])
    level[rest[alike]] = TextLevel.ALIKE
    level[rest[near]] = TextLevel.NEAR
    level[same] = TextLevel.SAME
    level[(one == ABSENT) | (two == ABSENT)] = TextLevel.MISSING
    if field == "document" and "document_kind" in left.texts and "document_kind" in right.texts:
        other_kind = left.texts["document_kind"][a] != right.texts["document_kind"][b]
        level[other_kind & (level != TextLevel.SAME)] = TextLevel.MISSING
        dui, other = left.dui[a], right.dui[b]
        two = (dui != ABSENT) & (other != ABSENT) & (dui != other)
        level[two & (level != TextLevel.NEAR)] = TextLevel.TWO_VALID
    return level


def _alike(records: Records, one: Ints, two: Ints, where: Pairs) -> NDArray[np.bool_]:
    """Whether the words at these places are alike, an entry for every pair (False elsewhere)."""
    found = np.zeros(len(one), dtype=bool)
    there = where[(one[where] != ABSENT) & (two[where] != ABSENT)]
    if len(there):
        likeness, back = _once(records, one[there], two[there], JaroWinkler.similarity, np.float32)
        found[there] = (likeness >= LIKE)[back]
    return found


def _near(records: Records, one: Ints, two: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether two texts are one slip apart, and whether they are alike at all."""
    if not len(one):
        none = np.zeros(0, dtype=bool)
        return none, none
    slips, back = _once(records, one, two, OSA.distance, np.int16)
    likeness, _ = _once(records, one, two, JaroWinkler.similarity, np.float32)
    return (slips <= 1)[back], (likeness >= LIKE)[back]


def _once(records: Records, one: Ints, two: Ints, scorer: Any, kind: type) -> tuple[NDArray[Any], Pairs]:
    """The score of each different pair of words, and which of them each pair is."""
    low, high = np.minimum(one, two).astype(np.int64), np.maximum(one, two).astype(np.int64)
    different, back = np.unique(low << 32 | high, return_inverse=True)
    texts = records.words.texts
    left = [texts[place] for place in (different >> 32).tolist()]
    right = [texts[place] for place in (different & 0xFFFFFFFF).tolist()]
    return process.cpdist(left, right, scorer=scorer, dtype=kind, workers=1), back
