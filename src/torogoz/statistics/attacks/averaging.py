"""Attack B, averaging: ask for a table cut by ever other variables, add the parts up again, and average.

Each way of cutting gives another draw of noise for the same true number; the average of enough draws is the number. It
works on every table builder whose noise is drawn per cell, however the noise is chosen; it gets nowhere where every
answer is added up from one noisy object, since then the parts always add up to the same figure.

source  Asghar & Kaafar (2020), Averaging Attacks on Bounded Noise-based Disclosure Control Algorithms, PoPETs
"""

from collections.abc import Sequence
from itertools import combinations

import polars as pl

from torogoz.statistics.attacks.asking import VALUE, Ask

SUM, PARTS, CUT = "SUM", "PARTS", "CUT"
HALF = 0.5  # a part that shows zero may be one of few persons: it brings noise about half of the time


def averaged(ask: Ask, base: Sequence[str], others: Sequence[str], most: int = 1) -> pl.DataFrame:
    """The best guess at each cell of a table, from the table itself and from all its cuts.

    base    the columns of the table
    others  what it can be cut by besides
    most    by how many of them at once
    returns base, OBS_VALUE (float: the average, each sum weighing the less the more noisy parts it has), QUERIES
    """
    value = pl.col(VALUE)
    one = ask(base, {}).select(*base, value.alias(SUM), pl.lit(1.0).alias(PARTS), pl.concat_list(value).alias(CUT))
    draws = [one]
    for size in range(1, most + 1):
        for some in combinations(others, size):
            cut = ask([*base, *some], {})
            shown = value.filter(value != 0)
            sums = cut.group_by(base).agg(
                pl.when(value.null_count() == 0).then(value.sum()).alias(SUM),
                (shown.len() + HALF * (value == 0).sum()).alias(PARTS),
                shown.sort().alias(CUT),
            )
            draws.append(sums)
    weight = 1 / pl.col(PARTS).clip(lower_bound=1)
    return (
        pl.concat(draws)
        .drop_nulls(SUM)
        .unique([*base, CUT])  # a cut into the same parts, or into one part, is no new draw
        .group_by(base)
        .agg(((pl.col(SUM) * weight).sum() / weight.sum()).alias(VALUE))
        .with_columns(pl.lit(len(draws)).alias("QUERIES"))
    )
