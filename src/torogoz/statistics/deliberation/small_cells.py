"""Which answers to a statement may be published: no count of people from 1 to 4, stated or found by subtraction.

Two steps that anybody can follow. If few people gave one answer, two answers are counted together, everywhere: those
beside agreement if that leaves no small count, else those beside disagreement, else those beside passing. Then whole
rows of groups are held back until what is held back together has no small count either.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
FEWEST = 5


class Split(StrEnum):
    """Into which answers the people who saw a statement are told apart."""

    THREE = "three"
    AGREE = "agree"  # who agrees, against who does not (disagrees or passes)
    DISAGREE = "disagree"  # who disagrees, against who does not
    PASS = "pass"  # who passes, against who answers
    NONE = "none"  # only how many saw it, if that


PARTS: dict[Split, tuple[tuple[int, ...], ...]] = {
    Split.THREE: ((0,), (1,), (2,)),
    Split.AGREE: ((0,), (1, 2)),
    Split.DISAGREE: ((1,), (0, 2)),
    Split.PASS: ((2,), (0, 1)),
    Split.NONE: ((0, 1, 2),),
}


@dataclass(frozen=True)
class Published:
    """What of one statement may be told.

    split    into which answers
    whole    counts of all voters, one a part of the split; None if even how many saw it may not be told
    groups   shape groups × parts; −1 in the rows that are held back
    """

    split: Split
    whole: tuple[int, ...] | None
    groups: Counts

    @property
    def agreement(self) -> tuple[Counts, Counts] | None:
        """Who agrees and who saw the statement: a row a group that is told and, where any is held back, one for all
        others together. None where who agrees is not told. Whatever is made of it gives nothing else away."""
        if self.whole is None or self.split not in {Split.THREE, Split.AGREE}:
            return None
        rows = self.groups[(self.groups >= 0).all(axis=1)]
        if self.held_back:
            rows = np.vstack([rows, np.array(self.whole) - rows.sum(axis=0)])
        return rows[:, 0], rows.sum(axis=1)

    @property
    def held_back(self) -> tuple[int, ...]:
        """The places of the groups that are not told."""
        return tuple(np.flatnonzero((self.groups < 0).any(axis=1)).tolist()) if self.groups.size else ()


def publishable(groups: npt.ArrayLike) -> Published:
    """What may be told of one statement.

    groups   shape groups × 3, persons who agree, disagree and pass; the groups are everybody, each of them once
    raises   ValueError for another shape or negative counts
    """
    counts = np.asarray(groups, dtype=np.int64)
    if counts.ndim != 2 or counts.shape[1] != 3 or (counts < 0).any():
        raise ValueError("one row a group, with who agrees, disagrees and passes")
    total = counts.sum(axis=0)
    split = _split(total)
    cells = np.stack([counts[:, list(part)].sum(axis=1) for part in PARTS[split]], axis=1)
    whole = cells.sum(axis=0)
    if _small(whole).any():
        return Published(split, None, np.full_like(cells, -1))
    held: npt.NDArray[np.bool_] = np.asarray(_small(cells).any(axis=1), dtype=np.bool_)
    while held.any() and (held.sum() == 1 or _small(cells[held].sum(axis=0)).any()) and not held.all():
        others = np.where(held, np.iinfo(np.int64).max, cells.sum(axis=1))
        held[int(np.argmin(others))] = True
    return Published(split, tuple(whole.tolist()), np.where(held[:, None], -1, cells))


def _split(total: Counts) -> Split:
    """The first split without a small count. Which of two comes first does not depend on their sizes, as this would
    tell something of them; and of two that together are eight and small, each would be four."""
    if not _small(total).any():
        return Split.THREE
    for split, kept in ((Split.AGREE, 0), (Split.DISAGREE, 1), (Split.PASS, 2)):
        rest = np.delete(total, kept)
        if not _small(np.array([total[kept], rest.sum()])).any() and not (rest == FEWEST - 1).all():
            return split
    return Split.NONE


def _small(counts: Counts) -> npt.NDArray[np.bool_]:
    return (counts > 0) & (counts < FEWEST)
