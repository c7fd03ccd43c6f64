"""How the cells of an indicator over rows of persons are protected before they leave the side of the names.

Every count carries the change of a perturbation table under a key of its own: of the indicator, the part and the cell,
under a secret. So the same count of the same cell shows the same figure in every release, and there is one figure per
cell, not one per question: repeating the question, or adding up parts, brings no new draw of the same count. Ratios are
computed from the changed counts alone. A cell that rests on fewer persons than its definition allows is not shown.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.statistics.dataflows import TIME
from torogoz.statistics.disclosure.keys import person_keys
from torogoz.statistics.disclosure.ptable import PTable, design
from torogoz.statistics.indicators.compiler import Cube
from torogoz.statistics.indicators.definition import Count, Distinct, Indicator, Mean, Quantile, Ratio, Share, Sum

# A share whose part, or whose rest, is as few as this is not shown: it would say of one or two who they are.
FEWEST: Final = 3
# Where everybody or nobody is in the part, that is said of groups of this many or more.
ALL_ALIKE: Final = 30
# A quantile is a value of somebody: it rests on this many times the persons that a count needs.
QUANTILE_TIMES: Final = 2
# More digits of a ratio would give both of its counts.
DECIMALS: Final = 1
Figures = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


class CannotProtect(ValueError):
    """A measure whose parts this protection does not know: it is not published."""


@cache
def perturbation() -> PTable:
    """The table of changes. Its parameters are not published."""
    return design(D=5, V=3, js=2, pstay=0.5, mono=True)


def protected(indicator: Indicator, cube: Cube, secret: bytes) -> pl.DataFrame:
    """The cells of an indicator as they may be published.

    cube     as `compute` gives it, over rows of persons
    secret   32 bytes or more
    returns  INDICATOR, the dimensions, TIME_PERIOD, OBS_VALUE (float, null when hidden or not known), OBS_STATUS,
             CONF_STATUS (F shown, C hidden)
    raises   CannotProtect for a sum or a mean, which need other rules (`disclosure.magnitudes`)
    """
    measure, cells = indicator.measure, cube.cells
    least = indicator.disclosure.least
    if isinstance(measure, Count | Distinct):
        counts = cells["OBS_VALUE"].fill_null(0).to_numpy().astype(np.float64)
        hidden = (counts > 0) & (counts < least)
        values = _changed(indicator, cells, "count", counts, secret)
    elif isinstance(measure, Share | Ratio):
        above, below = (cells[name].fill_null(0).to_numpy().astype(np.float64) for name in ("NUMERATOR", "DENOMINATOR"))
        rest = below - above
        few = ((above > 0) & (above < FEWEST)) | ((rest > 0) & (rest < FEWEST))
        alike = ((above == 0) | (rest == 0)) & (below < ALL_ALIKE)
        hidden = (below > 0) & ((below < least) | few | alike)
        changed = _changed(indicator, cells, "below", below, secret)
        part = np.minimum(_changed(indicator, cells, "above", above, secret), changed)
        part = np.where(rest == 0, changed, part)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(changed > 0, part * measure.times / changed, np.nan)
            values = np.round(shares, DECIMALS).astype(np.float64)
    elif isinstance(measure, Quantile):
        counts = cells["N"].fill_null(0).to_numpy().astype(np.float64)
        hidden = (counts > 0) & (counts < QUANTILE_TIMES * least)
        values = np.round(cells["OBS_VALUE"].cast(pl.Float64).fill_null(np.nan).to_numpy().astype(np.float64))
    else:
        kinds = {Sum: "a sum", Mean: "a mean"}
        raise CannotProtect(f"{indicator.id} is {kinds.get(type(measure), 'a measure')} of persons' amounts")
    return _published(indicator, cells, values, hidden)


def _changed(indicator: Indicator, cells: pl.DataFrame, part: str, counts: Figures, secret: bytes) -> Figures:
    """The counts with the change that each draws under its own key."""
    keys = person_keys(_names(indicator, cells, part), secret)
    whole = counts.astype(np.int64)
    changed: Figures = (whole + perturbation().changes(whole, keys)).astype(np.float64)
    return changed


def _names(indicator: Indicator, cells: pl.DataFrame, part: str) -> Sequence[str]:
    """What names each cell of a part: nothing in it depends on the order of cells or on the release."""
    said = [pl.lit(indicator.id), pl.lit(part), *(pl.col(name) for name in (*indicator.dimensions, TIME))]
    return cells.select(pl.concat_str(said, separator="|")).to_series().to_list()


def _published(indicator: Indicator, cells: pl.DataFrame, values: Figures, hidden: Marks) -> pl.DataFrame:
    value = pl.Series("OBS_VALUE", values, dtype=pl.Float64).fill_nan(None)
    protected_cells = pl.Series("HIDDEN", hidden, dtype=pl.Boolean)
    known = cells["OBS_VALUE"].is_not_null()
    return cells.select("INDICATOR", *indicator.dimensions, TIME).with_columns(
        pl.when(known & ~protected_cells).then(value).alias("OBS_VALUE"),
        pl.when(known | protected_cells).then(pl.lit("A")).otherwise(pl.lit("M")).alias("OBS_STATUS"),
        pl.when(protected_cells).then(pl.lit("C")).otherwise(pl.lit("F")).alias("CONF_STATUS"),
    )
