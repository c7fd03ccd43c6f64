"""What an attacker can do: ask for published figures, and compare what was worked out with the truth afterwards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Where = Mapping[str, Sequence[str]]
Ask = Callable[[Sequence[str], Where], pl.DataFrame]
"""ask(by, where) → the published figures: the columns of `by` (str) and OBS_VALUE (null if not shown), over the whole
grid of their codes, zeros included; each is a count of persons whose codes are among those of `where`."""

Real = npt.NDArray[np.float64]
VALUE = "OBS_VALUE"


@dataclass(frozen=True)
class Recovery:
    """What came of an attack: of so many figures that it aimed at, so many were told exactly."""

    attack: str
    aimed: int
    exact: int

    @property
    def share(self) -> float:
        """The recovered share, from 0 to 1; 0 if there was nothing to aim at."""
        return self.exact / self.aimed if self.aimed else 0.0


def compared(attack: str, told: pl.DataFrame, truth: pl.DataFrame, least: float, most: float) -> Recovery:
    """How many of the true counts between `least` and `most` the attacker told exactly.

    told    the columns of a table, and OBS_VALUE: what the attacker says, rounded; null where it says nothing
    truth   the same columns, and OBS_VALUE: what is true
    """
    keys = [name for name in truth.columns if name != VALUE]
    aimed = truth.filter(pl.col(VALUE).is_between(least, most)).rename({VALUE: "TRUE"})
    if not keys:
        both = pl.concat([aimed, told.select(VALUE)], how="horizontal").drop_nulls("TRUE")
    else:
        both = aimed.join(told.select(*keys, VALUE), on=keys, how="left")
    right = (both[VALUE].round() == both["TRUE"]).fill_null(value=False)
    return Recovery(attack, both.height, int(right.sum()))
