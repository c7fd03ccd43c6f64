"""Drawing the private tables of a data set once: true counts, noise, agreement, and what is then shown."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from torogoz.statistics.disclosure.private.accounting import Share, shares, wider_than
from torogoz.statistics.disclosure.private.consistent import Noisy, agreed
from torogoz.statistics.disclosure.private.design import Columns, Counts, Design
from torogoz.statistics.disclosure.private.noise import Below

VALUE = "OBS_VALUE"
SHOWN, HIDDEN = "F", "C"


@dataclass(frozen=True)
class Measured:
    """One table that noise was drawn for, and its cost: a line of the ledger."""

    columns: Columns
    cells: int
    share: Share

    @property
    def name(self) -> str:
        """The table by its columns."""
        return " × ".join(self.columns)


@dataclass(frozen=True)
class Drawn:
    """What one drawing gave.

    tables    every published table and margin: whole numbers ≥ 0 that agree; safe to publish as they are
    measured  what was paid for each table
    """

    design: Design
    tables: Mapping[Columns, Counts]
    measured: tuple[Measured, ...]
    epsilon: Fraction
    delta: Fraction | None

    def cells(self) -> pl.DataFrame:
        """The published cells, each once: the columns of the design, OBS_VALUE (null if below the least that is
        shown), CONF_STATUS (F shown, C not). What cannot be is a shown zero."""
        return cells_of(self.design, self.tables)

    @property
    def margin(self) -> int:
        """A half-width that the noise of one measured cell exceeds one time in twenty at most, in the worst table."""
        return max(wider_than(each.share) for each in self.measured)


def prices(design: Design, epsilon: Fraction, delta: Fraction | None) -> tuple[Measured, ...]:
    """What each measured table will cost. Looks at no data."""
    measured = design.measured()
    costs = shares(epsilon, delta, design.weights(), design.rows_of_one)
    return tuple(
        Measured(columns, int(design.possible(columns).sum()), share)
        for columns, share in zip(measured, costs, strict=True)
    )


def draw(
    design: Design,
    rows: pl.DataFrame,
    *,
    epsilon: Fraction,
    delta: Fraction | None = None,
    below: Below = secrets.randbelow,
) -> Drawn:
    """Draw every table once.

    rows    one row per person, or `design.rows_of_one` at most: see `bounded`
    delta   None: Laplace noise, pure ε; else Gaussian noise, (ε, δ)
    below   where even chances come from; tests alone bring their own
    raises  NotInDesign if a row has a code that is on no list; then nothing was drawn
    """
    paid = prices(design, epsilon, delta)
    true = [design.counted(rows, each.columns) for each in paid]
    noisy = []
    for each, counts in zip(paid, true, strict=True):
        possible = design.possible(each.columns).ravel()
        noise = np.zeros(counts.size, dtype=np.int64)
        noise[possible] = [each.share.draw(below) for _ in range(int(possible.sum()))]
        noisy.append(Noisy(each.columns, counts + noise.reshape(counts.shape), each.share.variance))
    return Drawn(design, agreed(design, noisy), paid, epsilon, delta)


def cells_of(design: Design, tables: Mapping[Columns, Counts]) -> pl.DataFrame:
    """Tables as published cells: see `Drawn.cells`."""
    keys = [key for columns in tables for key in design.keys(columns)]
    values = np.concatenate([counts.ravel() for counts in tables.values()])
    possible = np.concatenate([design.possible(columns).ravel() for columns in tables])
    frame = pl.DataFrame(keys, schema=dict.fromkeys(design.columns, pl.String), orient="row")
    return frame.with_columns(
        pl.Series(VALUE, values, dtype=pl.Float64),
        pl.Series("CONF_STATUS", np.where(~possible | (values >= design.least_shown), SHOWN, HIDDEN)),
    ).with_columns(pl.when(pl.col("CONF_STATUS") == SHOWN).then(pl.col(VALUE)).alias(VALUE))
