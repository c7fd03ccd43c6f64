"""How far a body agrees, and whether it is the whole body that does.

No answers give no figure: None, never 0. A figure about few people says so by its interval.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Real = npt.NDArray[np.float64]
LEVEL: Final = 0.95


def consensus(counts: npt.ArrayLike) -> float | None:
    """Consensus of answers on an ordered scale, by Tastle and Wierman: 1 if all are equal, 0 if split at both ends.

    Cns = 1 + Σ pᵢ log₂(1 − |xᵢ − μ| / d), with the points x = 1 … k, their mean answer μ and d = k − 1.

    counts   answers at each point of the scale, in its order; shape k ≥ 2, in persons, at least 0. Who did not
             answer, or answered beside the scale (abstained), is not in it
    returns  between 0 and 1; None if nobody answered
    raises   ValueError for fewer than two points or a negative count
    source   Tastle & Wierman (2007), Consensus and dissention: a measure of ordinal dispersion, International Journal
             of Approximate Reasoning 45, 531-545
    """
    given = np.asarray(counts, dtype=np.float64)
    if given.ndim != 1 or len(given) < 2 or not np.isfinite(given).all() or (given < 0).any():
        raise ValueError("a scale has two points or more, and no count is under 0")
    if given.sum() == 0:
        return None
    share = given / given.sum()
    points = np.arange(1, len(given) + 1, dtype=np.float64)
    far = np.abs(points - share @ points) / (len(given) - 1)
    some = share > 0
    return float(np.clip(1 + share[some] @ np.log2(1 - far[some]), 0, 1))


@dataclass(frozen=True)
class Concordance:
    """How alike several people rank the same things.

    w        Kendall's coefficient: 1 all rank alike, 0 no agreement at all
    chi2     m (n − 1) W, Friedman's statistic
    freedom  n − 1
    p        probability of so much agreement by chance, by the χ² distribution: rough for few judges or few things
    """

    w: float
    chi2: float
    freedom: int
    p: float


def kendall_w(scores: npt.ArrayLike) -> Concordance | None:
    """Concordance of m judges over n things, corrected for ties: W = 12 S / (m² (n³ − n) − m Σ (t³ − t)).

    scores   shape m × n: each row a judge's places or scores of all things; equal values are ties, and only the order
             within a row counts
    returns  None if every judge ties everything, so that there is nothing to agree on
    raises   ValueError for fewer than two judges or things, or a missing value
    source   Kendall & Babington Smith (1939), The problem of m rankings, Annals of Mathematical Statistics 10, 275-287;
             Kendall & Gibbons (1990), Rank correlation methods, ch. 6 (ties)
    """
    given = np.asarray(scores, dtype=np.float64)
    if given.ndim != 2 or min(given.shape) < 2:
        raise ValueError("concordance needs two judges and two things, or more")
    if not np.isfinite(given).all():
        raise ValueError("concordance needs a place for every thing from every judge")
    judges, things = given.shape
    sums = stats.rankdata(given, axis=1).sum(axis=0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    ties = 0
    for row in given:
        times = np.unique(row, return_counts=True)[1]
        ties += int((times**3 - times).sum())
    most = judges**2 * (things**3 - things) - judges * ties
    if most == 0:
        return None
    w = 12 * spread / most
    chi2 = judges * (things - 1) * w
    return Concordance(w, chi2, things - 1, float(special.chdtrc(things - 1, chi2)))


def wilson(agreed: int, answered: int, level: float = LEVEL) -> tuple[float, float] | None:
    """Between what the share of those who agree lies: Wilson's score interval. Its lower end orders lists fairly,
    because 9 of 10 is less sure than 90 of 100.

    agreed    who agree, of `answered` (persons)
    returns   the two ends, between 0 and 1; None if nobody answered
    raises    ValueError if more agreed than answered, or a count is under 0
    source    Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the
              American Statistical Association 22, 209-212
    """
    if not 0 <= agreed <= answered:
        raise ValueError(f"{agreed} agreed of {answered} who answered")
    if answered == 0:
        return None
    z = float(special.ndtri(0.5 + level / 2))
    share, extra = agreed / answered, z * z / answered
    middle = (share + extra / 2) / (1 + extra)
    half = z * sqrt((share * (1 - share) + extra / 4) / answered) / (1 + extra)
    low = 0.0 if agreed == 0 else max(middle - half, 0.0)
    high = 1.0 if agreed == answered else min(middle + half, 1.0)
    return low, high


def wilson_lower(agreed: int, answered: int, level: float = LEVEL) -> float | None:
    """The lower end of `wilson`; None if nobody answered."""
    ends = wilson(agreed, answered, level)
    return None if ends is None else ends[0]


@dataclass(frozen=True)
class GroupAware:
    """Agreement over groups, so that a large group cannot speak for a small one. Each array has one value a statement.

    plain      share of all who saw it that agree; not a number where nobody saw it
    by_group   shape groups × statements: (A + 1) / (S + 2), the chance that the next member agrees
    product    over the groups: what Polis calls group-aware consensus; falls as groups become more
    geometric  its G-th root, to compare bodies with different numbers of groups
    minimum    of the group that agrees least
    """

    plain: Real
    by_group: Real
    product: Real
    geometric: Real
    minimum: Real


def group_aware(agreed: npt.ArrayLike, seen: npt.ArrayLike) -> GroupAware:
    """Agreement that every group shares in.

    agreed   shape groups × statements (or groups alone, for one statement): members who agree (persons)
    seen     same shape: members who answered, passes and abstentions included (persons). A group in which nobody saw a
             statement counts as ½ there: not known, neither for nor against
    raises   ValueError for no groups, shapes that differ, or more who agree than saw it
    source   Small, Bjorkegren, Erkkilä, Shaw & Megill (2021), Polis: scaling deliberation by mapping high dimensional
             opinion spaces, RECERCA 26(2) (the product); the root and the minimum are ours
    """
    a, s = (np.asarray(each, dtype=np.float64) for each in (agreed, seen))
    if a.shape != s.shape or a.ndim not in (1, 2) or a.shape[0] == 0:
        raise ValueError(
            "those who agree and those who saw it: one row a group, one column a statement, at least one group"
        )
    if (a < 0).any() or (a > s).any():
        raise ValueError("no more can agree than saw the statement")
    if a.ndim == 1:
        a, s = a[:, None], s[:, None]
    all_seen = s.sum(axis=0)
    plain = np.divide(a.sum(axis=0), all_seen, out=np.full(a.shape[1], np.nan), where=all_seen > 0)
    by_group = (a + 1) / (s + 2)
    logs = np.log(by_group)
    return GroupAware(plain, by_group, by_group.prod(axis=0), np.exp(logs.mean(axis=0)), by_group.min(axis=0))
