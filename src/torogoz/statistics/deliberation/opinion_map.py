"""Voters on a map of two dimensions: who votes alike stands near.

source  Small et al. (2021), RECERCA 26(2), and Polis's own program (math/pca.clj). Its power iteration is replaced by
        an exact decomposition of the covariances of statements, which gives the same two axes
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from torogoz.statistics.deliberation.votes import UNSEEN, VoteMatrix, Votes

Real = npt.NDArray[np.float64]
AT_ONCE: Final = 8192  # voters whose votes are numbers at one time


@dataclass(frozen=True)
class OpinionMap:
    """Two axes through the votes, and where each voter stands.

    means       mean vote on each statement, of those who saw it (−1 to 1); 0 if nobody did
    axes        shape 2 × statements, each of length 1, or 0 where there is nothing to tell; signs are arbitrary, and
                fixed so that the largest weight is positive
    explained   share of the variance that each axis explains, votes not cast counted at the mean
    positions   shape voters × 2; who voted on nothing stands at the centre
    extremity   of each statement: how far from the centre someone would stand who only agreed with it
    """

    means: Real
    axes: Real
    explained: Real
    positions: Real
    extremity: Real


def opinion_map(matrix: VoteMatrix, *, without: Collection[int] = ()) -> OpinionMap:
    """The map of all voters. `without` has ids of statements moderated out: their votes count as 0 for the map.

    A vote not cast takes the mean of its statement. A voter p who cast n of C votes stands at
    √(C / n) · Σ (v_pc − μ_c) · w_c over the votes cast, so that few votes do not draw to the centre.

    raises  ValueError without voters or statements
    """
    kept = ~np.isin(matrix.statements, np.asarray(sorted(without), dtype=np.int64))
    return map_of(matrix.values, kept)


def map_of(values: Votes, kept: npt.NDArray[np.bool_]) -> OpinionMap:
    """The same of votes alone, shape voters × statements; `kept` tells the statements that were not moderated out."""
    voters, statements = values.shape
    if not voters or not statements:
        raise ValueError("a map needs voters and statements")
    seen = values != UNSEEN
    sums = np.where(seen, values, np.int8(0)).sum(axis=0, dtype=np.float64)
    times = seen.sum(axis=0)
    means = np.divide(sums, times, out=np.zeros(statements), where=(times > 0) & kept)
    spread = np.zeros((statements, statements))
    for start in range(0, voters, AT_ONCE):
        part = _centred(values[start : start + AT_ONCE], means, kept)
        spread += part.T @ part
    size, axes = np.linalg.eigh(spread)
    most = np.argsort(-size, kind="stable")[:2]
    told = size[most] > size.max(initial=0) * 1e-12
    chosen = np.zeros((2, statements))
    chosen[: len(most)] = np.where(told[:, None], axes[:, most].T, 0)
    largest = chosen[np.arange(2), np.abs(chosen).argmax(axis=1)]
    chosen *= np.where(largest < 0, -1, 1)[:, None]
    total = float(np.trace(spread))
    explained = np.zeros(2)
    explained[: len(most)] = np.where(told, size[most], 0) / total if total > 0 else 0
    cast = np.maximum(seen.sum(axis=1), 1)
    positions = np.empty((voters, 2))
    for start in range(0, voters, AT_ONCE):
        positions[start : start + AT_ONCE] = _centred(values[start : start + AT_ONCE], means, kept) @ chosen.T
    positions *= np.sqrt(statements / cast)[:, None]
    extremity = np.sqrt(statements) * np.where(kept, 1 - means, 0) * np.hypot(*chosen)
    return OpinionMap(means, chosen, explained, positions, extremity)


def _centred(values: Votes, means: Real, kept: npt.NDArray[np.bool_]) -> Real:
    """Votes less their means; 0 where no vote was cast or the statement was moderated out."""
    return np.where((values != UNSEEN) & kept, values - means, 0.0)
