"""When a table is refused for an area because its persons would stand too much alone, and why.

Each area is judged on its own, so that a table that is fine for San Salvador need not be refused for all because of
Morazán. The judgement is made from figures that are already protected, so that a refusal tells nothing more.

source  the rules of ONS for the flexible tables of the census of 2021, per area; our limits are our own
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Reason(StrEnum):
    """Why there is no table."""

    TOO_MANY_DIMENSIONS = "too many dimensions"
    FEW_PERSONS = "few persons in the area"
    FEW_PER_CELL = "few persons per cell"
    MANY_SMALL = "many small cells"


@dataclass(frozen=True)
class Limits:
    """What a table must keep to.

    dimensions  the most variables that it crosses, the area not counted
    persons     the fewest persons of an area
    per_cell    the fewest persons per cell on average, structural zeros not counted
    small       a cell above zero and below this is small
    most_small  the largest share of small ones among the cells that are not zero
    """

    dimensions: int = 3
    persons: int = 20
    per_cell: float = 1.0
    small: int = 3
    most_small: float = 0.5


@dataclass(frozen=True)
class Refusal:
    """One refusal: of which area (its place; None for the whole table), why, and what was found against what limit."""

    area: int | None
    reason: Reason
    found: float
    limit: float


def refusals(shown: Whole, possible: Mask, limits: Limits, *, dimensions: int) -> list[Refusal]:
    """The refusals of a table, the areas in their order; none when every area may be shown.

    shown       protected figures: one row per area, one column per cell of the table
    possible    which cells persons can be in; structural zeros are not counted
    dimensions  how many variables are crossed, the area not counted
    """
    if dimensions > limits.dimensions:
        return [Refusal(None, Reason.TOO_MANY_DIMENSIONS, dimensions, limits.dimensions)]
    found = []
    for area in range(shown.shape[0]):
        reason = _of_area(area, shown[area][possible[area]], limits)
        if reason is not None:
            found.append(reason)
    return found


def _of_area(area: int, cells: Whole, limits: Limits) -> Refusal | None:
    persons = int(cells.sum())
    filled = int((cells > 0).sum())
    if cells.size <= 1:
        return None
    if persons < limits.persons:
        return Refusal(area, Reason.FEW_PERSONS, persons, limits.persons)
    if persons / cells.size < limits.per_cell:
        return Refusal(area, Reason.FEW_PER_CELL, persons / cells.size, limits.per_cell)
    small = int(((cells > 0) & (cells < limits.small)).sum())
    if filled and small / filled > limits.most_small:
        return Refusal(area, Reason.MANY_SMALL, small / filled, limits.most_small)
    return None
