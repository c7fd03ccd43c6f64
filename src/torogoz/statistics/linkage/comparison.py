"""Two people held against each other: how likely they are one, and what speaks for it and against, field by field.

For a page that asks a person to decide. What is said are codes, which the page puts into words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from torogoz.domain.letters import fold
from torogoz.statistics.linkage.impossible import born_apart, days, duis, two_duis
from torogoz.statistics.linkage.levels import (
    BIRTH,
    DOCUMENT,
    FAMILY,
    GIVEN,
    RARITY,
    Agreement,
    BirthLevel,
    NameLevel,
    TextLevel,
    agreement,
)
from torogoz.statistics.linkage.model import Model, shipped
from torogoz.statistics.linkage.records import NAME_PARTS, Records, Words, prepare_columns
from torogoz.statistics.linkage.weights import probability

DESCRIBED = (*NAME_PARTS, "birth", "sex", "municipality", "mother", "phone")


class Holds(StrEnum):
    """Whether a field holds for both."""

    AGREES = "agrees"
    PARTLY = "partly"
    DIFFERS = "differs"


class Cannot(StrEnum):
    """Why two records cannot be of one person, whatever else agrees."""

    TWO_DUIS = "two_duis"
    YEARS_APART = "years_apart"


@dataclass(frozen=True)
class Described:
    """A person as a record describes one; what is not known is empty.

    birth       EDTF: 2001, 2001-05, 2001-05-17
    sex         F or M; any other code is not compared
    documents   kind and number of each
    """

    given1: str = ""
    given2: str = ""
    surname1: str = ""
    surname2: str = ""
    married: str = ""
    birth: str = ""
    sex: str = ""
    municipality: str = ""
    mother: str = ""
    phone: str = ""
    documents: tuple[tuple[str, str], ...] = ()

    def rows(self) -> list[dict[str, str]]:
        """As records that are compared, one for each document."""
        row = {name: getattr(self, name) for name in DESCRIBED}
        row["sex"] = self.sex if self.sex in ("F", "M") else ""
        return [row | {"document_kind": kind, "document": number} for kind, number in self.documents or (("", ""),)]


@dataclass(frozen=True)
class Reason:
    """How far one field agrees.

    field   given, family, married, birth, document, sex, municipality, mother, phone
    level   the name of its level, in small letters: same, both_crossed, swapped, two_valid …; `code` is both
    holds   whether it agrees, partly or not; a field that one of the two lacks is no reason at all
    bits    what it is worth, below nought against one person; what fields are worth together is shared among them
    spelt   whether it is written the same, accents and capitals aside: names that sound the same are at one level
    """

    field: str
    level: str
    holds: Holds
    bits: float
    spelt: bool = True

    @property
    def code(self) -> str:
        """What a page puts into words: `birth_swapped`."""
        return f"{self.field}_{self.level}"

    @property
    def number(self) -> int:
        """The level as a number, as `levels` has it."""
        return int(_LEVELS.get(self.field, TextLevel)[self.level.upper()])


@dataclass(frozen=True)
class Comparison:
    """How likely two are one, and why.

    weight      bits; nought is even odds
    probability that they are one person, as the model has it
    score       the same in whole hundredths, for a page: never 100, never 0
    reasons     one for each field that both have, the weightiest first
    cannot      why they cannot be one person, whatever the probability; empty when they can
    learnt_from what the model was learnt from
    """

    weight: float
    probability: float
    score: int
    reasons: tuple[Reason, ...]
    cannot: tuple[Cannot, ...]
    learnt_from: str

    def that(self, holds: Holds) -> tuple[Reason, ...]:
        """The fields that agree, partly or not, the weightiest first."""
        return tuple(reason for reason in self.reasons if reason.holds == holds)


_LEVELS = {GIVEN: NameLevel, FAMILY: NameLevel, BIRTH: BirthLevel}
_AGREES = {GIVEN: NameLevel.FIRST_ONLY_THERE, FAMILY: NameLevel.FIRST_ONLY_THERE, BIRTH: BirthLevel.DAY_OF_ANOTHER_YEAR}
_BEST_DOCUMENT = (TextLevel.SAME, TextLevel.TWO_VALID, TextLevel.NEAR, TextLevel.ALIKE, TextLevel.DIFFERENT,
                  TextLevel.MISSING)  # fmt: skip
_SAYS_LESS = np.array([_BEST_DOCUMENT.index(level) for level in TextLevel])


SPELT: Mapping[str, tuple[str, ...]] = {
    GIVEN: ("given1", "given2"),
    FAMILY: ("surname1", "surname2"),
    "married": ("married",),
}
"""The parts of a name that a field has."""


def every_code() -> list[str]:
    """Each code that a reason may have, so that a page can be held to have words for all."""
    found = []
    for field in (GIVEN, FAMILY, BIRTH, DOCUMENT, "married", "sex", "municipality", "mother", "phone"):
        levels = [level.name.lower() for level in _LEVELS.get(field, TextLevel) if level.name != "MISSING"]
        if field in ("sex", "municipality"):
            levels = ["different", "same"]
        found += [f"{field}_{level}" for level in levels if level != "two_valid" or field == DOCUMENT]
    return found


def compare(one: Described, other: Described, model: Model | None = None) -> Comparison:
    """Hold two people against each other, by the shipped model unless another is given.

    The probability is that of two who were brought together because something agrees, as the rules of `blocking` do,
    or a search; of two picked blindly it would say too much. Where they have several documents, those two count that
    say most: the same one, else two DUIs that differ.
    """
    model = model or shipped()
    told, left, right = _held([one], [other], model)
    bits = model.weights.parts(told.codes())
    weight = model.weights.base + sum(float(worth[0]) for worth in bits.values())
    likely = float(probability(np.array([weight]))[0])
    shared = dict.fromkeys(told.levels, 0.0)
    for term, worth in bits.items():
        for field in term:
            shared[field] += float(worth[0]) / len(term)
    reasons = [
        _reason(field, int(level[0]), shared[field], spelt_same(field, one.rows()[0], other.rows()[0]))
        for field, level in told.levels.items()
        if field != RARITY
    ]
    ordered = sorted((reason for reason in reasons if reason), key=lambda reason: (-abs(reason.bits), reason.field))
    score = min(99, max(1, round(likely * 100)))
    return Comparison(weight, likely, score, tuple(ordered), _cannot(left, right), model.learnt_from)


def weights_between(
    ones: Sequence[Described], others: Sequence[Described], model: Model | None = None
) -> NDArray[np.float64]:
    """The weight of each one with each other, ones × others, as `compare` finds it of two; in bits."""
    if not ones or not others:
        return np.zeros((len(ones), len(others)))
    model = model or shipped()
    told, _, _ = _held(ones, others, model)
    return model.weights.of(told.codes()).reshape(len(ones), len(others))


def _held(ones: Sequence[Described], others: Sequence[Described], model: Model) -> tuple[Agreement, Records, Records]:
    """How far each one agrees with each other, by the two documents that say most; and the records of both."""
    words = Words()
    (left, of_left), (right, of_right) = _records(ones, words), _records(others, words)
    a, b = (each.ravel() for each in np.indices((len(left), len(right))))
    found = agreement(left, right, (a, b), model.rarity_in(words))
    two = of_left[a] * len(others) + of_right[b]
    ordered = np.lexsort((_SAYS_LESS[found.levels[DOCUMENT]], two))
    rows = ordered[np.unique(two[ordered], return_index=True)[1]]
    states = model.weights.states
    return Agreement({field: found.levels[field][rows] for field in states}, states), left, right


def _records(people: Sequence[Described], words: Words) -> tuple[Records, NDArray[np.int64]]:
    """Their records, one for each document, and whose each is."""
    rows = [person.rows() for person in people]
    columns = {name: [row[name] for some in rows for row in some] for name in rows[0][0]}
    owners = np.repeat(np.arange(len(rows)), [len(some) for some in rows])
    return prepare_columns(columns, len(owners), words), owners


def spelt_same(field: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether what two records have in a field is written the same, accents and capitals aside; names alone differ."""
    ours, theirs = ("".join(fold(each.get(part, "")) for part in SPELT.get(field, ())) for each in (one, other))
    return ours == theirs


def _reason(field: str, level: int, bits: float, spelt: bool) -> Reason | None:
    """How far a field agrees; None when one of the two lacks it."""
    if level == 0:
        return None
    named = _LEVELS.get(field, TextLevel)(level)
    if named.name in ("DIFFERENT", "ONE_EACH", "TWO_VALID"):
        holds = Holds.DIFFERS
    else:
        holds = Holds.AGREES if level >= _AGREES.get(field, TextLevel.NEAR) else Holds.PARTLY
    return Reason(field, named.name.lower(), holds, round(bits, 2), spelt)


def _cannot(left: Records, right: Records) -> tuple[Cannot, ...]:
    """What keeps the two apart, as `Impossible` keeps records apart: a person has one DUI and one year of birth."""
    found = []
    own, others = (np.unique(numbers[numbers > 0]) for numbers in (duis(left), duis(right)))
    if len(own) and len(others) and two_duis(own[:, None], others).all():
        found.append(Cannot.TWO_DUIS)
    if born_apart(left.year[:1], right.year[:1], days(left)[:1], days(right)[:1]).any():
        found.append(Cannot.YEARS_APART)
    return tuple(found)
