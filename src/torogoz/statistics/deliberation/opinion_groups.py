"""Opinion groups: voters who vote alike, found and not known. Below 100 voters they are refused.

On real conversations groups of few voters are another draw of the lot each time, so they always come with their
stability: how alike the groups are that resamples of the voters give (adjusted Rand index, 1 the same, 0 as by chance).

Polis keeps more of the past (earlier centres, who was once in, four wins before the number of groups changes) and
therefore gives, from the same votes, groups that depend on the path. Ours depend on the votes and the seed alone.

source  Small et al. (2021), RECERCA 26(2); Rousseeuw (1987), Silhouettes, Journal of Computational and Applied
        Mathematics 20, 53-65; Hubert & Arabie (1985), Comparing partitions, Journal of Classification 2, 193-218
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from torogoz.statistics.deliberation.opinion_map import OpinionMap, map_of
from torogoz.statistics.deliberation.representative import NO_GROUP
from torogoz.statistics.deliberation.votes import AGREE, DISAGREE, Counts, VoteMatrix, Votes

Real = npt.NDArray[np.float64]
FEWEST_VOTERS: Final = 100
FEWEST_VOTES: Final = 7
BASES: Final = 100
MOST_GROUPS: Final = 5
ROUNDS: Final = 30
STARTS: Final = 10
RESAMPLES: Final = 20
MOST_RESAMPLED: Final = 2_000


class TooFewVoters(ValueError):
    """Too few voters for opinion groups. Use groups that are known."""


@dataclass(frozen=True)
class Stability:
    """Adjusted Rand index of the groups against those of each resample, over the voters that both placed.

    resamples  one value each; each draws as many voters as there are, at most 2 000, with replacement
    median, low, high  their median, 5th and 95th percentile
    """

    resamples: tuple[float, ...]
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class OpinionGroups:
    """Who stands with whom.

    voters      who cast any vote (persons)
    grouped     who cast enough votes to be placed in a group: min(7, statements) (persons)
    group       number of the group of each row of the matrix, 0 the largest; NO_GROUP (−1) for who is in none
    sizes       members of each group (persons)
    silhouette  mean silhouette of each number of groups that was tried, −1 to 1; that with the highest was taken
    stability   how far resamples give the same groups
    map         where the voters stand
    one_sided   of those grouped, who agreed with all they voted on, or disagreed with all (persons)
    """

    voters: int
    grouped: int
    group: Counts
    sizes: tuple[int, ...]
    silhouette: Mapping[int, float]
    stability: Stability
    map: OpinionMap
    one_sided: int


def one_sided(matrix: VoteMatrix) -> npt.NDArray[np.bool_]:
    """Voters with enough votes who agreed with all that they voted on, or disagreed with all.

    They may be in earnest or in haste, and can make a group of their own. They are counted and never left out unsaid.
    """
    agree, disagree = ((matrix.values == vote).sum(axis=1) for vote in (AGREE, DISAGREE))
    return np.asarray(_enough(matrix) & ((agree == matrix.cast) | (disagree == matrix.cast)))


def _enough(matrix: VoteMatrix) -> npt.NDArray[np.bool_]:
    """Who cast enough votes to be placed: min(7, statements), and any at all."""
    return np.asarray((matrix.cast >= min(FEWEST_VOTES, len(matrix.statements))) & (matrix.cast > 0))


def opinion_groups(
    matrix: VoteMatrix, *, without: Collection[int] = (), resamples: int = RESAMPLES, seed: int = 1
) -> OpinionGroups:
    """Opinion groups of the voters who cast enough votes, with their stability.

    1. the map of all voters; 2. up to 100 base clusters of those with min(7, C) votes, by k-means from the first
    distinct positions; 3. k-means of their centres, weighted by their members, for k = 2 … min(5, 2 + ⌊bases / 12⌋),
    the best of ten starts; 4. the k of the highest mean silhouette of the base clusters.

    without    ids of statements that were moderated out
    resamples  at least 1: no groups without their stability
    raises     TooFewVoters if fewer than 100 cast enough votes, or if they all stand at one place
    """
    if resamples < 1:
        raise ValueError("opinion groups are never given without their stability")
    values = matrix.values
    kept = ~np.isin(matrix.statements, np.asarray(sorted(without), dtype=np.int64))
    enough = _enough(matrix)
    if (placed := int(enough.sum())) < FEWEST_VOTERS:
        raise TooFewVoters(
            f"{placed} voters cast {min(FEWEST_VOTES, len(matrix.statements))} votes or more: opinion groups need "
            f"{FEWEST_VOTERS}; use groups that are known"
        )
    chance = np.random.default_rng(seed)
    found = map_of(values, kept)
    group = np.full(len(values), NO_GROUP, dtype=np.int64)
    group[enough], silhouette = _groups(found.positions[enough], chance)
    sizes = tuple(np.bincount(group[enough]).tolist())
    stability = _stability(values, kept, enough, group, resamples, chance)
    return OpinionGroups(
        int((matrix.cast > 0).sum()), placed, group, sizes, silhouette, stability, found, int(one_sided(matrix).sum())
    )


def _groups(positions: Real, chance: np.random.Generator) -> tuple[Counts, dict[int, float]]:
    """The group of each position, the largest first, and the mean silhouette by number of groups."""
    base, centres = base_clusters(positions)
    if len(centres) < 2:
        raise TooFewVoters("all voters stand at one place: there is one opinion, and no groups of it")
    weights = np.bincount(base, minlength=len(centres)).astype(np.float64)
    best: npt.NDArray[np.int64] | None = None
    silhouettes: dict[int, float] = {}
    for k in range(2, min(MOST_GROUPS, 2 + len(centres) // 12, len(centres)) + 1):
        labels = weighted_k_means(centres, weights, k, chance)
        silhouettes[k] = silhouette(centres, labels)
        if best is None or silhouettes[k] > max(value for other, value in silhouettes.items() if other != k):
            best = labels
    assert best is not None
    of_voter = best[base]
    order = np.argsort(-np.bincount(of_voter), kind="stable")
    return np.argsort(order, kind="stable")[of_voter], silhouettes


def base_clusters(positions: Real, bases: int = BASES) -> tuple[Counts, Real]:
    """Up to `bases` clusters of positions (n × 2) by k-means from the first distinct ones: of each, and their centres.

    Clusters that lost all their members are left out.
    """
    centres = _first_distinct(positions, bases)
    label = np.full(len(positions), -1, dtype=np.int64)
    for _ in range(ROUNDS):
        again = _nearest(positions, centres)
        if (again == label).all():
            break
        label = again
        members = np.bincount(label, minlength=len(centres))
        for axis in range(2):
            sums = np.bincount(label, weights=positions[:, axis], minlength=len(centres))
            np.divide(sums, members, out=centres[:, axis], where=members > 0)
    used, label = np.unique(label, return_inverse=True)
    return label.astype(np.int64), centres[used]


def _first_distinct(positions: Real, most: int) -> Real:
    first = np.sort(np.unique(positions, axis=0, return_index=True)[1])[:most]
    return np.array(positions[first])


def _nearest(positions: Real, centres: Real, at_once: int = 20_000) -> Counts:
    """The nearest centre of each position."""
    nearest = np.empty(len(positions), dtype=np.int64)
    half = (centres**2).sum(axis=1) / 2
    for start in range(0, len(positions), at_once):
        nearest[start : start + at_once] = (half - positions[start : start + at_once] @ centres.T).argmin(axis=1)
    return nearest


def weighted_k_means(points: Real, weights: Real, k: int, chance: np.random.Generator) -> Counts:
    """Labels 0 … k−1 of points (n × 2) by k-means with weights: of ten starts, the one of least spread.

    Starts are drawn so that centres lie apart (Arthur & Vassilvitskii 2007, k-means++); all run side by side.
    """
    centres = np.stack([_apart(points, weights, k, chance) for _ in range(STARTS)])
    label = np.full((STARTS, len(points)), -1)
    while True:
        far = ((points[None, :, None] - centres[:, None]) ** 2).sum(axis=3)
        again = far.argmin(axis=2)
        if (again == label).all():
            break
        label = again
        member = (label[:, :, None] == np.arange(k)) * weights[:, None]
        total = member.sum(axis=1)
        sums = np.einsum("snk,nd->skd", member, points)
        centres = np.where(total[..., None] > 0, sums / np.maximum(total, 1e-300)[..., None], centres)
    spread = (far.min(axis=2) * weights).sum(axis=1)
    chosen: Counts = label[int(spread.argmin())]
    return np.unique(chosen, return_inverse=True)[1].astype(np.int64)


def _apart(points: Real, weights: Real, k: int, chance: np.random.Generator) -> Real:
    chosen = [int(chance.choice(len(points), p=weights / weights.sum()))]
    far = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    for _ in range(k - 1):
        drawn = weights * far
        total = drawn.sum()
        chosen.append(int(chance.choice(len(points), p=drawn / total)) if total > 0 else chosen[0])
        far = np.minimum(far, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def silhouette(points: Real, labels: Counts) -> float:
    """Mean silhouette of points (n × 2), −1 to 1: how much nearer each is to its own cluster than to the next one.

    A point alone in its cluster counts as 0.  raises  ValueError for fewer than two clusters
    """
    names, label = np.unique(labels, return_inverse=True)
    if len(names) < 2:
        raise ValueError("a silhouette needs two clusters")
    far = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    member = (label[:, None] == np.arange(len(names))).astype(np.float64)
    size = member.sum(axis=0)
    to = far @ member
    rows = np.arange(len(points))
    own = to[rows, label] / np.maximum(size[label] - 1, 1)
    others = to / size
    others[rows, label] = np.inf
    other = others.min(axis=1)
    most = np.maximum(own, other)
    value = np.divide(other - own, most, out=np.zeros(len(points)), where=(most > 0) & (size[label] > 1))
    return float(value.mean())


def adjusted_rand(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """How alike two partitions of the same things are: 1 the same, about 0 as by chance, negative if less.

    raises  ValueError if they differ in length
    """
    a, b = np.asarray(one), np.asarray(other)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError("two partitions are of the same things")
    left, row = np.unique(a, return_inverse=True)
    right, column = np.unique(b, return_inverse=True)
    table = np.bincount(row * len(right) + column, minlength=len(left) * len(right)).reshape(len(left), len(right))
    both, rows, columns, pairs = (
        float((each * (each - 1.0) / 2).sum())
        for each in (table, table.sum(axis=1), table.sum(axis=0), np.array([float(len(a))]))
    )
    expected = rows * columns / pairs if pairs else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def _stability(
    values: Votes,
    kept: npt.NDArray[np.bool_],
    enough: npt.NDArray[np.bool_],
    group: Counts,
    resamples: int,
    chance: np.random.Generator,
) -> Stability:
    """Groups of resamples, made by the same steps, against the groups of all."""
    found = []
    for _ in range(resamples):
        drawn = chance.integers(0, len(values), min(len(values), MOST_RESAMPLED))
        among = enough[drawn]
        positions = map_of(values[drawn], kept).positions[among]
        rows, first = np.unique(drawn[among], return_index=True)
        try:
            again = _groups(positions, chance)[0][first]
        except TooFewVoters:
            found.append(0.0)  # a resample in which all stand at one place has no groups
            continue
        found.append(adjusted_rand(group[rows], again))
    low, median, high = np.percentile(found, (5, 50, 95))
    return Stability(tuple(found), float(median), float(low), float(high))
