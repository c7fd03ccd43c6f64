"""A linear programme that is solved many times with small changes: the one place that knows HiGHS."""

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

import highspy
import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Row = tuple[Sequence[tuple[int, float]], float]
INFINITY = float("inf")


class Unsolved(Exception):
    """The solver ended in a state that is neither an optimum, nor a proof that there is none."""


class Programme:
    """Minimise cost · x, where every row (sum of its terms = its right-hand side) and lower ≤ x ≤ upper hold.

    One thread and one order of work, so that the same programme gives the same answer on every run. Each solution
    starts from the one before it.
    """

    def __init__(self, rows: Sequence[Row], lower: Real, upper: Real) -> None:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(lower), len(rows)
        model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(len(lower)), lower, upper
        sides = np.array([side for _, side in rows], dtype=np.float64)
        model.row_lower_ = model.row_upper_ = sides
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(terms) for terms, _ in rows)])
        model.a_matrix_.index_ = np.array([column for terms, _ in rows for column, _ in terms], dtype=np.int32)
        model.a_matrix_.value_ = np.array([value for terms, _ in rows for _, value in terms], dtype=np.float64)
        _hear_the_greeting()
        self._solver = cast(Callable[[], Any], highspy.Highs)()
        for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 1)):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(model)

    def price(self, column: int, cost: float) -> None:
        """Give one column its cost."""
        self._solver.changeColCost(column, cost)

    def bound(self, column: int, lower: float, upper: float) -> None:
        """Give one column its bounds."""
        self._solver.changeColBounds(column, lower, upper)

    def solve(self) -> Real | None:
        """The best x, or None when no x meets the rows and bounds. Raises Unsolved, also when there is no best."""
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise Unsolved(f"the linear programme ended as {self._solver.modelStatusToString(status)}")
        return np.array(self._solver.getSolution().col_value, dtype=np.float64)


@cache
def _hear_the_greeting() -> None:
    """Let HiGHS write its greeting where nobody reads it: it writes one, once per process, whatever its options say."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        cast(Callable[[], Any], highspy.Highs)()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
