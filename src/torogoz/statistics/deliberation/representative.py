"""What groups stand for: statements that mark a group out, statements that all agree on, group-aware consensus.

The groups are given: opinion groups that were found, or known ones (kind of institution, sector, country where the
diaspora lives). For a council the known ones are the right ones: nothing is estimated, and everybody can count again.

source  Small, Bjorkegren, Erkkilä, Shaw & Megill (2021), Polis: scaling deliberation by mapping high dimensional
        opinion spaces, RECERCA 26(2); the rules of choice as in Polis's own program (compdemocracy/polis,
        math/repness.clj)
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from torogoz.statistics.deliberation.agreement import GroupAware, group_aware
from torogoz.statistics.deliberation.votes import Counts, VoteCounts, VoteMatrix, counts

Real = npt.NDArray[np.float64]
SURE: Final = 1.2816  # z of 90 %, one-sided
MOST: Final = 5
NO_GROUP: Final = -1


@dataclass(frozen=True)
class GroupVotes:
    """Votes by group. Each array has a row a group, in the order of `groups`, and a column a statement (persons).

    groups   numbers of the groups, ascending; who has NO_GROUP is in none
    members  members of each group (persons), whether they saw a statement or not
    """

    groups: tuple[int, ...]
    members: tuple[int, ...]
    agree: Counts
    disagree: Counts
    seen: Counts


@dataclass(frozen=True)
class Representative:
    """A statement that stands for a group.

    statement  its id
    agrees     whether the group stands out by agreeing; else by disagreeing
    success    members who do so (persons)
    trials     members who saw it, passes included (persons)
    p          (success + 1) / (trials + 2)
    test       z of p against one half
    repness    p over the same of all other groups together
    contrast   z of the group against all others together
    sure       whether both z are above 1.2816 (90 %, one-sided, no correction for many tests)
    best       whether it was put in as what the group agrees on best, sure or not. As Polis has it, such a
               statement is listed by its disagreement if this marks the group out more
    """

    statement: int
    agrees: bool
    success: int
    trials: int
    p: float
    test: float
    repness: float
    contrast: float
    sure: bool
    best: bool = False


@dataclass(frozen=True)
class Shared:
    """A statement on which most of those who saw it are of one mind. Fields as in `Representative`."""

    statement: int
    success: int
    trials: int
    p: float
    test: float


def group_votes(matrix: VoteMatrix, group: npt.ArrayLike) -> GroupVotes:
    """Votes by group; `group` has a number for each row of the matrix, or NO_GROUP.

    raises  ValueError for another length
    """
    of_row = np.asarray(group, dtype=np.int64)
    if of_row.shape != matrix.voters.shape:
        raise ValueError("each voter has one group, or none (-1)")
    groups = tuple(int(each) for each in np.unique(of_row) if each != NO_GROUP)
    parts = [counts(matrix.values[of_row == each]) for each in groups]
    empty = np.zeros((0, len(matrix.statements)), dtype=np.int64)
    return GroupVotes(
        groups,
        tuple(int((of_row == each).sum()) for each in groups),
        np.stack([part.agree for part in parts]) if parts else empty,
        np.stack([part.disagree for part in parts]) if parts else empty,
        np.stack([part.seen for part in parts]) if parts else empty,
    )


def consensus_of_groups(votes: GroupVotes) -> GroupAware:
    """Group-aware consensus of each statement. Raises ValueError without groups."""
    return group_aware(votes.agree, votes.seen)


def one_proportion(success: npt.ArrayLike, trials: npt.ArrayLike) -> Real:
    """z of a share against one half, one success added: 2 √(S + 1) ((A + 1) / (S + 1) − ½)."""
    a, s = (np.asarray(each, dtype=np.float64) for each in (success, trials))
    return np.asarray(2 * np.sqrt(s + 1) * ((a + 1) / (s + 1) - 0.5))


def two_proportions(success: npt.ArrayLike, trials: npt.ArrayLike, others: npt.ArrayLike, of: npt.ArrayLike) -> Real:
    """z of the difference of two shares, with one added to all four counts; 0 where everybody agrees."""
    a, s, b, t = (np.asarray(each, dtype=np.float64) + 1 for each in (success, trials, others, of))
    pooled = (a + b) / (s + t)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / s + 1 / t))
    gap = a / s - b / t
    return np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0)


@dataclass(frozen=True)
class _Side:
    """Agreement, or disagreement, of one group: one value a statement."""

    success: Counts
    p: Real
    test: Real
    repness: Real
    contrast: Real

    @property
    def sure(self) -> npt.NDArray[np.bool_]:
        return (self.test > SURE) & (self.contrast > SURE)


def _side(success: Counts, seen: Counts, at: int) -> _Side:
    """Of the group in row `at` against all others."""
    mine, total = success[at], seen[at]
    others, of = success.sum(axis=0) - mine, seen.sum(axis=0) - total
    p = (mine + 1) / (total + 2)
    return _Side(
        mine,
        p,
        one_proportion(mine, total),
        p / ((others + 1) / (of + 2)),
        two_proportions(mine, total, others, of),
    )


def representative(
    votes: GroupVotes, statements: npt.ArrayLike, *, without: Collection[int] = (), most: int = MOST
) -> dict[int, tuple[Representative, ...]]:
    """For each group the statements that mark it out: what it agrees on first.

    A statement counts if the group's share is surely above one half and surely above that of the others, by agreement
    or by disagreement; they are ranked by repness · contrast · p · test. What the group agrees on best is put before
    them in any case, and if nothing counts, it or the statement of most contrast stands alone: every group has one.

    statements  ids of the columns
    without     ids of statements that were moderated out
    most        how many at most
    """
    ids = np.asarray(statements, dtype=np.int64)
    allowed = [at for at, each in enumerate(ids.tolist()) if each not in without]
    chosen: dict[int, tuple[Representative, ...]] = {}
    for row, group in enumerate(votes.groups):
        agree, disagree = _side(votes.agree, votes.seen, row), _side(votes.disagree, votes.seen, row)
        sure = agree.sure | disagree.sure
        best = _best_agreed(agree, disagree, allowed)
        told = {at: _told(int(ids[at]), agree, disagree, votes.seen[row], at, at == best) for at in allowed}
        ranked = sorted((told[at] for at in allowed if sure[at] and at != best), key=_rank)
        if not ranked and best is None and allowed:
            contrast = np.maximum(agree.contrast, disagree.contrast)[allowed]
            ranked = [told[allowed[int(np.argmax(contrast))]]]
        first = ([] if best is None else [told[best]]) + ranked
        chosen[group] = tuple(sorted(first[:most], key=lambda each: not each.agrees))
    return chosen


def _told(statement: int, agree: _Side, disagree: _Side, seen: Counts, at: int, best: bool) -> Representative:
    """The side by which the group stands out more."""
    agrees = bool(agree.contrast[at] > disagree.contrast[at])
    side = agree if agrees else disagree
    return Representative(
        statement,
        agrees,
        int(side.success[at]),
        int(seen[at]),
        float(side.p[at]),
        float(side.test[at]),
        float(side.repness[at]),
        float(side.contrast[at]),
        bool(side.sure[at]),
        best,
    )


def _rank(each: Representative) -> float:
    return -(each.repness * each.contrast * each.p * each.test)


def _best_agreed(agree: _Side, disagree: _Side, allowed: list[int]) -> int | None:
    """What the group agrees on best, going through the statements in their order; None if it agrees on nothing."""
    best: int | None = None
    plain = agree.p * agree.test
    marked = plain * agree.repness * agree.contrast
    for at in allowed:
        if agree.success[at] == 0 and disagree.success[at] == 0:
            continue
        if best is None:
            better = agree.test[at] > SURE or (agree.repness[at] > 1 and agree.p[at] > 0.5)
        elif agree.repness[best] > 1:
            better = marked[at] > marked[best]
        else:
            better = plain[at] > plain[best]
        if better:
            best = at
    return best


def shared(
    votes: VoteCounts, statements: npt.ArrayLike, *, without: Collection[int] = (), most: int = MOST
) -> tuple[tuple[Shared, ...], tuple[Shared, ...]]:
    """The statements that most agree with, and those that most disagree with: p > ½ and z > 1.2816, by p · z.

    No group is looked at: a majority may be of one group alone, which `consensus_of_groups` tells.
    """
    ids = np.asarray(statements, dtype=np.int64)
    sides = []
    for success in (votes.agree, votes.disagree):
        p, test = (success + 1) / (votes.seen + 2), one_proportion(success, votes.seen)
        kept = [at for at in range(len(ids)) if p[at] > 0.5 and test[at] > SURE and int(ids[at]) not in without]
        kept.sort(key=lambda at: -(p[at] * test[at]))
        sides.append(
            tuple(
                Shared(int(ids[at]), int(success[at]), int(votes.seen[at]), float(p[at]), float(test[at]))
                for at in kept[:most]
            )
        )
    return sides[0], sides[1]
