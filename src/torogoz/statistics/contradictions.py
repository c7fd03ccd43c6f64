"""Where published figures contradict each other: parts that do not add up to their total, and rival totals.

Nothing is corrected and nothing is chosen: both figures stay, and what was found is said beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

TOTAL: Final = "_T"
# The ways in which a total of returns is published in parts that exclude each other and leave nothing out.
PARTITIONS: Final[Mapping[str, Sequence[Sequence[str]]]] = {
    "RETURNS": (
        ("AIR", "LAND"),
        ("FROM_USA", "FROM_MEX", "FROM_OTHER"),
        ("MEN", "WOMEN", "BOYS", "GIRLS"),
        ("MEN", "WOMEN", "CHILDREN"),
    ),
    "RETURNS_SHARE": (("MEN", "WOMEN", "CHILDREN"),),
}
CUMULATIVE: Final[Mapping[str, Sequence[str]]] = {"CUMULATIVE": ("CUMULATIVE_AIR", "CUMULATIVE_LAND")}
WHOLE_PER_CENT: Final = 100.0


@dataclass(frozen=True)
class SumBroken:
    """Parts of one series that do not add up to its total.

    equals  the periods and series of the same indicator whose total the parts do add up to, where there is one
    """

    indicator: str
    series: str
    period: str
    parts: tuple[tuple[str, float], ...]
    total: float
    equals: tuple[tuple[str, str], ...]

    @property
    def sum(self) -> float:
        return sum(value for _, value in self.parts)


@dataclass(frozen=True)
class Rivals:
    """Totals of one indicator and period on which series disagree, the largest first."""

    indicator: str
    period: str
    totals: tuple[tuple[str, float], ...]

    @property
    def spread(self) -> float:
        """The largest less the smallest, over the largest."""
        largest, smallest = self.totals[0][1], self.totals[-1][1]
        return (largest - smallest) / largest if largest else 0.0


def broken_sums(figures: pl.DataFrame) -> list[SumBroken]:
    """Every total that is not the sum of its own parts, by indicator and period.

    figures  INDICATOR, SERIES, BREAKDOWN, TIME_PERIOD (str), OBS_VALUE (float, null = unknown); further columns are
             left aside. Estimates (OBS_STATUS E) and unknown parts prove nothing and are not added: a total without
             all of its parts is not judged. Percentages are held against 100.
    """
    exact = figures.filter(pl.col("OBS_VALUE").is_not_null(), pl.col("OBS_STATUS") != "E")
    found = []
    values = {
        (row["INDICATOR"], row["SERIES"], row["TIME_PERIOD"], row["BREAKDOWN"]): row["OBS_VALUE"]
        for row in exact.iter_rows(named=True)
    }
    for indicator, series, period in dict.fromkeys(key[:3] for key in sorted(values)):
        for whole, parts in _ways(indicator):
            said = [(part, values.get((indicator, series, period, part))) for part in parts]
            total = values.get((indicator, series, period, whole))
            if total is None and indicator.endswith("_SHARE"):
                total = WHOLE_PER_CENT
            known = tuple((part, value) for part, value in said if value is not None)
            if total is None or len(known) < len(said):
                continue
            added = sum(value for _, value in known)
            if abs(added - total) < 0.5:
                continue
            equals = tuple(
                (other_period, other_series)
                for (other, other_series, other_period, part), value in sorted(values.items())
                if other == indicator and part == whole and abs(value - added) < 0.5
            )
            found.append(SumBroken(indicator, series, period, known, total, equals))
    return sorted(found, key=lambda each: (each.indicator, each.period, each.series))


def rival_totals(figures: pl.DataFrame) -> list[Rivals]:
    """The totals of one indicator and period on which series disagree; parts of a year are no rival of its whole.

    figures  as for `broken_sums`; estimates are left aside
    """
    whole = figures.filter(
        pl.col("BREAKDOWN") == TOTAL,
        pl.col("OBS_VALUE").is_not_null(),
        pl.col("OBS_STATUS") != "E",
        ~pl.col("SERIES").str.contains("PART_YEAR"),
    )
    found = []
    for (indicator, period), group in whole.sort("INDICATOR", "TIME_PERIOD").group_by(
        ["INDICATOR", "TIME_PERIOD"], maintain_order=True
    ):
        if group["OBS_VALUE"].n_unique() > 1:
            totals = sorted(group.select("SERIES", "OBS_VALUE").iter_rows(), key=lambda pair: (-pair[1], pair[0]))
            found.append(Rivals(str(indicator), str(period), tuple(totals)))
    return found


def _ways(indicator: str) -> list[tuple[str, Sequence[str]]]:
    """The totals of an indicator, each with parts that should add up to it."""
    ways: list[tuple[str, Sequence[str]]] = [(TOTAL, parts) for parts in PARTITIONS.get(indicator, ())]
    if indicator == "RETURNS":
        ways += list(CUMULATIVE.items())
    return ways
