"""When a count is too small to be shown."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Rule:
    """The threshold of a set of tables, and whether a zero may be shown.

    threshold    a count above zero and below this is not shown, and what is not shown keeps an interval this wide
    zeros_shown  in general flows a zero tells nothing about a person; among victims it does
                 ("nobody of this group was identified"), so there it is hidden like any small count
    """

    threshold: int
    zeros_shown: bool = True

    @property
    def floor(self) -> float:
        """The least that a reader knows of a hidden cell: not zero, when every zero is shown."""
        return 1.0 if self.zeros_shown else 0.0

    def is_small(self, counts: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Which of `counts` are too small to be shown."""
        small: npt.NDArray[np.bool_] = counts < self.threshold
        return small & (counts > 0) if self.zeros_shown else small


GENERAL = Rule(threshold=5)
TRAFFICKING = Rule(threshold=10, zeros_shown=False)
