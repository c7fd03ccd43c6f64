"""Amounts (remittances, wages): when a sum gives one contributor away, and noise in proportion to the largest ones.

A sum over few contributors, or over one giant, tells of that one, whatever the count. The rules compare the largest
contributions with the rest; what is compared with them (n, k, p, q) is a secret of the office. p = 100 (100 − k) / k
makes p % about as strict as (2, k).

source  Handbook on SDC, ch. 4; noise on amounts: the R package `cellKey`
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.statistics.disclosure.keys import Keys, as_fraction
from torogoz.statistics.disclosure.ptable import PTable

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def estimated_too_closely(total: float, largest: float, second: float, p: float) -> bool:
    """The p % rule: whether the second contributor can estimate the largest one to within p per cent.

    The second knows the total and its own part; what is left over the largest is all that hides it.
    """
    return total - largest - second < p / 100 * largest


def dominated(contributions: Real, n: int, k: float) -> bool:
    """The (n, k) rule: whether the n largest contributions make up more than k per cent of their total."""
    return float(np.sort(contributions)[::-1][:n].sum()) > k / 100 * float(contributions.sum())


def estimated_from_prior(contributions: Real, p: float, q: float) -> bool:
    """The (p, q) rule: p per cent, where everybody could estimate everybody else to within q per cent beforehand."""
    ordered = np.sort(contributions)[::-1]
    return bool(float(ordered[2:].sum()) < p / q * float(ordered[:1].sum()))


def percent_equal_to(k: float) -> float:
    """The p of the p % rule that hides whatever (1, k) hides: 100 (100 − k) / k."""
    return 100 * (100 - k) / k


@dataclass(frozen=True)
class AmountRule:
    """When a sum of amounts is hidden: too few contributors, or one that p per cent protects too little."""

    fewest: int
    p: float


def sums(frame: pl.DataFrame, by: list[str], amount: str, rule: AmountRule, contributor: str) -> pl.DataFrame:
    """Sums of an amount, those that give a contributor away hidden.

    frame    one row per payment: the columns of `by` (str), `amount` (not negative), `contributor` (who pays)
    returns  per cell: OBS_VALUE (null when hidden), CONF_STATUS (F shown, C hidden), and for the office only N, SMALL
    raises   ValueError for a negative amount: the rules say nothing of those
    """
    if (frame[amount] < 0).any():
        raise ValueError(f"{amount} has a negative amount; set refunds off against their payment first")
    each = frame.group_by([*by, contributor]).agg(pl.col(amount).cast(pl.Float64).sum().alias("part"))
    ordered = pl.col("part").sort(descending=True)
    cells = (
        each.group_by(by)
        .agg(
            pl.len().alias("N"),
            pl.col("part").sum().alias("total"),
            ordered.first().alias("largest"),
            ordered.get(1, null_on_oob=True).fill_null(0.0).alias("second"),
        )
        .sort(by)
    )
    close = pl.col("total") - pl.col("largest") - pl.col("second") < rule.p / 100 * pl.col("largest")
    small = (pl.col("N") < rule.fewest) | close
    return cells.with_columns(SMALL=small).select(
        *by,
        pl.when(~pl.col("SMALL")).then(pl.col("total")).alias("OBS_VALUE"),
        pl.when("SMALL").then(pl.lit("C")).otherwise(pl.lit("F")).alias("CONF_STATUS"),
        "N",
        "SMALL",
    )


def perturbed_sums(
    amounts: Real, cells: Whole, size: int, keys: Keys, ptable: PTable, *, share: float = 0.5, top: int = 1
) -> Real:
    """Sums with noise in proportion to the largest contributions of each cell, by its cell key.

    amounts  the amount of each record, not negative; cells  the cell of each record, from 0 up to `size`
    share    how much of the `top` largest contributions a change of D moves: 0.5 is half of them
    returns  one sum per cell, not negative; the noise has no bias unless it met zero

    The key is turned by the number of contributors, so that the noise of the amount says nothing of the noise of the
    count. Means are made of perturbed sums and perturbed counts, never of true ones.
    """
    order = np.lexsort((-amounts, cells))
    place, amount = cells[order], amounts[order]
    starts = np.searchsorted(place, np.arange(size))
    rank = np.arange(place.size) - starts[place]
    counts = np.bincount(cells, minlength=size).astype(np.int64)
    total = np.bincount(cells, amounts, minlength=size)
    largest = np.bincount(place[rank < top], amount[rank < top], minlength=size)
    own = np.zeros(size, dtype=np.uint64)
    np.add.at(own, cells, keys)
    turned = _turned(own)
    changes = ptable.changes(np.full(size, ptable.last_row, dtype=np.int64), turned)
    noise = changes / ptable.largest_change * share * largest
    return np.where(counts > 0, np.maximum(total + noise, 0.0), 0.0)


def _turned(keys: Keys) -> Keys:
    """Other keys from the same ones, which say nothing of them to whoever sees only a few of their bits."""
    mixed = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def key_fraction(keys: Keys) -> Real:
    """The fraction that decides the noise of an amount under these cell keys."""
    return as_fraction(_turned(keys))
