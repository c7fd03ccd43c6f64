"""Attack G, coalition: k persons who are in the tables put together what each knows of oneself.

Two things they learn. Group disclosure: if a group of n has n − k with some attribute, or more, the k who know that
they have it or not know it of all others. And bounds: a hidden cell with k of them in it is at least k.

source  Lupp & Langsrud (2021), on directly disclosive cells
"""

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from torogoz.statistics.attacks.asking import VALUE, Recovery
from torogoz.statistics.disclosure.audit import audit
from torogoz.statistics.disclosure.system import Mask, Real, System

WHOLE = "WHOLE"


def learnt_of_groups(figures: pl.DataFrame, group: Sequence[str], k: int) -> pl.DataFrame:
    """The cells in which k persons of the group would learn the attribute of all others, if the figures were exact.

    figures  the columns of `group`, one more (the attribute), and OBS_VALUE: a published table without totals
    returns  the same columns, for cells c of groups p with p − k ≤ c, c > 0 and p > k
    """
    whole = figures.group_by(group).agg(pl.col(VALUE).sum().alias(WHOLE), pl.col(VALUE).null_count().alias("GAPS"))
    both = figures.join(whole, on=list(group)).filter(pl.col("GAPS") == 0)
    disclosive = (pl.col(WHOLE) - k <= pl.col(VALUE)) & (pl.col(VALUE) > 0) & (pl.col(WHOLE) > k)
    return both.filter(disclosive).select(figures.columns)


def pinned(system: System, shown: Mask, small: Mask, counts: Real, floor: float, cells: Iterable[int]) -> Recovery:
    """How many small hidden cells the members of one hidden cell can tell exactly, over each of `cells` as theirs.

    small  the cells that are hidden because they are small
    floor  what everybody knows a hidden cell to be at least (1 where zeros are shown)
    cells  hidden cells of k persons, each tried in turn

    The worst case for k persons is that all of them are in one cell that holds nobody else: it is theirs, they know
    it. Cells that hold the same persons by the sums alone are left out: the k know those whatever is hidden.
    """
    aimed = exact = 0
    least = np.where(counts > 0, floor, 0.0)
    for cell in cells:
        own = np.zeros(system.size, dtype=np.bool_)
        own[cell] = True
        found = audit(system, shown | own, counts, least)
        theirs = audit(system, own | (shown & (counts == 0)), counts, least).width == 0
        others = small & ~shown & ~own & ~theirs & (counts > 0)
        aimed += int(others.sum())
        exact += int((found.width[others] == 0).sum())
    return Recovery("G", aimed, exact)
