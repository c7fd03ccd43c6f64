"""What each level of agreement is worth, learnt from the records themselves.

Documents teach: two records with the same number are of one person, two with different valid DUIs are not, and between
those a regression weighs how far everything else agrees, as bits that add up (Fellegi and Sunter, 1969, whose
fields agree independently; the terms of two fields are for those that do not). Where too few documents are known,
expectation and maximisation finds the weights without a teacher.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from torogoz.statistics.linkage.levels import (
    BIRTH,
    DOCUMENT,
    FAMILY,
    GIVEN,
    RARITY,
    BirthLevel,
    Levels,
    NameLevel,
    TextLevel,
    decoded,
)

Floats = NDArray[np.float64]
Term = tuple[str, ...]
TOGETHER: tuple[Term, ...] = (
    (GIVEN, FAMILY),
    (GIVEN, BIRTH),
    (FAMILY, BIRTH),
    (RARITY, BIRTH),
    (GIVEN, FAMILY, RARITY),
    (GIVEN, "mother"),
    (FAMILY, "mother"),
    ("mother", BIRTH),
    ("municipality", BIRTH),
    ("municipality", GIVEN),
    ("municipality", FAMILY),
    ("mother", "municipality"),
)
"""Fields that do not agree independently: brothers share surnames, mother and place; twins the date as well."""
FEWEST_TAUGHT = 60
ROUNDS = 30
RIDGE = 0.15
LN2 = float(np.log(2))


class NothingToLearn(ValueError):
    """There are no pairs to learn from."""


@dataclass(frozen=True)
class Weights:
    """What agreement is worth, in bits: above nought for one person, below against.

    base        before anything is compared: the odds that a pair that is looked at is of one person
    terms       by the fields of a term, what each combination of their levels is worth
    states      how many levels each field has, in the order of the code of a pair
    taught      pairs that documents decided, of one person and of two; nought and nought without documents
    """

    base: float
    terms: Mapping[Term, Floats]
    states: dict[str, int]
    taught: tuple[int, int] = (0, 0)

    def of(self, codes: Levels) -> Floats:
        """The weight of each pair, from its code: nought is even odds."""
        return self.base + np.asarray(sum(self.parts(codes).values()))

    def parts(self, codes: Levels) -> dict[Term, Floats]:
        """What each term is worth for each pair: they add up, with the base, to the weight."""
        levels = decoded(codes, self.states)
        return {term: worth[_joined(term, levels, self.states)] for term, worth in self.terms.items()}


def probability(weight: Floats) -> Floats:
    """The probability that two records are of one person, from the weight in bits."""
    return np.asarray(1 / (1 + np.exp2(-np.clip(weight, -500, 500))))


def learn(codes: Levels, counts: NDArray[np.int64], states: dict[str, int]) -> Weights:
    """The weights that explain these pairs best.

    codes, counts   each way in which pairs agree, once, and how many pairs agree so
    states          how many levels each field has
    raises          NothingToLearn when there are no pairs
    """
    if not len(codes):
        raise NothingToLearn("no two records share enough to be compared: check the columns of the configuration")
    levels = decoded(codes, states)
    known = np.zeros(len(codes), dtype=np.int8)
    if DOCUMENT in levels:
        known[(levels[DOCUMENT] == TextLevel.SAME) & _likely(levels)] = 1
        known[levels[DOCUMENT] == TextLevel.TWO_VALID] = -1
    ones, twos = int(counts[known == 1].sum()), int(counts[known == -1].sum())
    if min(ones, twos) < FEWEST_TAUGHT:
        return _untaught(levels, counts, states, known)
    terms = _terms(states, without=DOCUMENT)
    base, worth = _regressed(terms, levels, counts, states, known)
    taught = Weights(base, worth, states, (ones, twos))
    belief = probability(taught.of(codes))
    belief = np.where(known == 1, 1.0, np.where(known == -1, np.minimum(belief, 0.02), belief))
    return Weights(base, {**worth, (DOCUMENT,): _ratio(levels[DOCUMENT], counts, belief)}, states, (ones, twos))


def regressed(codes: Levels, counts: NDArray[np.int64], states: dict[str, int], answers: NDArray[np.int64]) -> Weights:
    """The weights of pairs whose answer is known, of every field, the document among them.

    codes, counts, states   as for `learn`; a code that has both answers stands twice
    answers                 1 for one person, -1 for two
    """
    base, worth = _regressed(_terms(states), decoded(codes, states), counts, states, answers.astype(np.int8))
    return Weights(base, worth, states, (int(counts[answers == 1].sum()), int(counts[answers == -1].sum())))


def _terms(states: Mapping[str, int], without: str = "") -> list[Term]:
    single: list[Term] = [(field,) for field in states if field != without]
    return single + [term for term in TOGETHER if all(field in states for field in term)]


def _joined(term: Term, levels: Mapping[str, Levels], states: Mapping[str, int]) -> Levels:
    """One number for the levels of the fields of a term."""
    joined = np.zeros_like(levels[term[0]])
    for field in term:
        joined = joined * states[field] + levels[field]
    return joined


def _size(term: Term, states: Mapping[str, int]) -> int:
    return int(np.prod([states[field] for field in term]))


def _regressed(
    terms: list[Term],
    levels: Mapping[str, Levels],
    counts: NDArray[np.int64],
    states: Mapping[str, int],
    known: NDArray[np.int8],
) -> tuple[float, dict[Term, Floats]]:
    """A logistic regression with a ridge on the pairs that documents decide: the base and the worth of each term."""
    chosen = np.flatnonzero(known)
    rows = np.arange(len(chosen))
    blocks = [
        sparse.csr_matrix(
            (np.ones(len(chosen)), (rows, _joined(term, levels, states)[chosen])),
            shape=(len(chosen), _size(term, states)),
        )
        for term in terms
    ]
    design = sparse.hstack(blocks).tocsr()
    answer, weight = (known[chosen] == 1).astype(float), counts[chosen].astype(float)

    def loss(values: Floats) -> tuple[float, Floats]:
        told = design @ values[:-1] + values[-1]
        cost = weight * (np.logaddexp(0, told) - answer * told)
        slope = weight * (1 / (1 + np.exp(-told)) - answer)
        ridge = RIDGE / 2 * float(values[:-1] @ values[:-1])
        return float(cost.sum()) + ridge, np.append(design.T @ slope + RIDGE * values[:-1], slope.sum())

    found = minimize(loss, np.zeros(design.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x / LN2
    ends = np.cumsum([_size(term, states) for term in terms])
    return float(found[-1]), dict(zip(terms, np.split(found[:-1], ends[:-1]), strict=True))


def _untaught(
    levels: Mapping[str, Levels], counts: NDArray[np.int64], states: dict[str, int], known: NDArray[np.int8]
) -> Weights:
    """The weights of independent fields, by expectation and maximisation from a first guess."""
    belief = _first_guess(levels, known)
    codes = _joined(tuple(states), levels, states)
    for _ in range(ROUNDS):
        share = float(np.clip((counts * belief).sum() / counts.sum(), 1e-6, 1 - 1e-6))
        worth: dict[Term, Floats] = {(field,): _ratio(levels[field], counts, belief, states[field]) for field in states}
        found = Weights(float(np.log2(share / (1 - share))), worth, states)
        belief = probability(found.of(codes))
    return found


def _first_guess(levels: Mapping[str, Levels], known: NDArray[np.int8]) -> Floats:
    """How many fields agree, of those that both have."""
    points = np.zeros(len(known))
    asked = np.zeros(len(known))
    for field, of in levels.items():
        if field == RARITY:
            continue
        top = {GIVEN: NameLevel.CROSSED_ONE, FAMILY: NameLevel.FIRST_ONLY_THERE, BIRTH: BirthLevel.DAY_OF_ANOTHER_YEAR}
        points += of >= top.get(field, TextLevel.NEAR)
        asked += of > 0
    guess = probability((points / np.maximum(asked, 1) - 0.6) * 12)
    return np.where(known == 1, 0.999, np.where(known == -1, np.minimum(guess, 0.3), guess))


def _likely(levels: Mapping[str, Levels]) -> NDArray[np.bool_]:
    """Whether any part of the name agrees: a number that two strangers share is one that somebody made up."""
    return np.asarray((levels[GIVEN] >= NameLevel.ONE_ALIKE) | (levels[FAMILY] >= NameLevel.ONE_ALIKE))


def _ratio(level: Levels, counts: NDArray[np.int64], belief: Floats, size: int = len(TextLevel)) -> Floats:
    """What each level of one field is worth, from how often it occurs among pairs of one person and of two.

    A field that one of the two lacks is worth nothing; no level is impossible: one pair more is spread over all.
    """
    ours, theirs = np.bincount(level, counts * belief, size), np.bincount(level, counts * (1 - belief), size)
    spread = (np.bincount(level, counts, size) + 1) / (counts.sum() + size)
    ours, theirs = ours + spread, theirs + spread
    worth = np.log2(ours[1:] / ours[1:].sum()) - np.log2(theirs[1:] / theirs[1:].sum())
    return np.append(0.0, worth)
