"""The table that says in figures what a chart shows, with the states that a cell can have."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """What a cell is. Zero is KNOWN; nothing else is ever drawn or written as zero."""

    KNOWN = "known"
    PROVISIONAL = "provisional"
    ESTIMATED = "estimated"
    SUPPRESSED = "suppressed"
    NOT_AVAILABLE = "not available"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Cell:
    """A value with its state; protected or unknown, it is None. `low` and `high` bound one that is uncertain."""

    value: float | None
    state: State = State.KNOWN
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        has_value = self.value is not None and math.isfinite(self.value)
        if has_value != (self.state in (State.KNOWN, State.PROVISIONAL, State.ESTIMATED)):
            raise ValueError(f"a cell that is {self.state.value} cannot have the value {self.value!r}")


SUPPRESSED = Cell(None, State.SUPPRESSED)
NOT_AVAILABLE = Cell(None, State.NOT_AVAILABLE)
NOT_APPLICABLE = Cell(None, State.NOT_APPLICABLE)


def cell(value: float | None, obs_status: str | None = "A", conf_status: str | None = "F") -> Cell:
    """The cell of a published observation.

    value        OBS_VALUE; None or NaN when there is none
    obs_status   SDMX OBS_STATUS: Z cannot exist, P provisional, E estimated; any other with a value is known
    conf_status  SDMX CONF_STATUS: C and D (and N, S) are protected, whatever the value says
    """
    if conf_status in ("C", "D", "N", "S"):
        return SUPPRESSED
    if value is None or math.isnan(value):
        return NOT_APPLICABLE if obs_status == "Z" else NOT_AVAILABLE
    return Cell(float(value), {"P": State.PROVISIONAL, "E": State.ESTIMATED}.get(obs_status or "", State.KNOWN))


def bound(of: Cell, value: float | None) -> Cell:
    """The cell of one bound of an interval."""
    if value is None:
        return Cell(None, State.NOT_AVAILABLE if of.value is not None else of.state)
    return Cell(value, of.state)


@dataclass(frozen=True)
class Row:
    """One row: what it is about, one cell per column, and whether it totals the others."""

    name: str
    cells: Sequence[Cell]
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table of numbers. `head` names the first column and each column of cells; totals come last."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Row]
    unit: str = ""
    decimals: int = 0

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.head) - 1:
                raise ValueError(
                    f"row {row.name!r} has {len(row.cells)} cells, but there are {len(self.head) - 1} columns"
                )

    def states(self) -> set[State]:
        """The states that its cells have."""
        return {cell.state for row in self.rows for cell in row.cells}
