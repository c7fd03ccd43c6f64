"""What a reader who kept the releases before knows of the next one, and what the next one keeps of them.

A cell that an earlier release showed is known for as long as its count is the same: whoever kept that release reads it
there, whatever the next one hides. Where a period was not over, its counts only grow, so the earlier figure is the
least that the new one can be. So that a small correction does not force totals into hiding, a year that was final
stays as it was published, unless it is named to be revised.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from torogoz.statistics.disclosure.rules import Rule
from torogoz.statistics.disclosure.system import Mask, Real
from torogoz.statistics.tabulation import VALUE

TIME: Final = "TIME_PERIOD"
YEAR: Final = "YEAR"
SHOWN: Final = "SHOWN"
GROWS: Final = "GROWS"


@dataclass(frozen=True)
class Told:
    """What earlier releases tell of the cells of a system, in their order.

    known  whose count they showed, unchanged since
    least  what the others are known to be at least: what was shown of a period that was not over; else 0
    """

    known: Mask
    least: Real


def shown_before(releases: Sequence[pl.DataFrame], names: Sequence[str]) -> pl.DataFrame:
    """What earlier releases showed of each cell: `names`, SHOWN (the figure of the newest that showed it), GROWS (bool:
    the period was not over then).

    releases  the published cells of a data set, the newest release first; estimates are left out: they count nobody
    """
    parts = [
        each.filter(pl.col("OBS_STATUS") != "E", pl.col(VALUE).is_not_null()).select(
            *names, pl.col(VALUE).alias(SHOWN), (pl.col("OBS_STATUS") == "P").alias(GROWS)
        )
        for each in releases
    ]
    nothing = pl.DataFrame(schema={**dict.fromkeys(names, pl.String), SHOWN: pl.Float64, GROWS: pl.Boolean})
    return pl.concat([nothing, *parts]).unique(list(names), keep="first", maintain_order=True)


def told_by(shown: pl.DataFrame | None, cells: pl.DataFrame, names: Sequence[str]) -> Told:
    """What a reader of `shown` (see `shown_before`) knows of `cells` (`names`, the true OBS_VALUE).

    A count that fell where counts only grow has misled that reader: nothing is known of it.
    """
    if shown is None:
        shown = shown_before((), names)
    met = cells.select(*names, VALUE).join(shown, on=list(names), how="left", maintain_order="left")
    count, before = pl.col(VALUE), pl.col(SHOWN)
    told = met.select(
        known=(count == before).fill_null(value=False),
        least=pl.when(pl.col(GROWS) & (before <= count)).then(before).otherwise(0.0).fill_null(0.0),
    )
    return Told(told["known"].to_numpy().astype(bool), told["least"].to_numpy().astype(float))


def still_hidden(cells: pl.DataFrame, names: Sequence[str], earlier: pl.DataFrame | None, rule: Rule) -> pl.Series:
    """Which cells the release before hid and that are, to within the threshold, what they were."""
    if earlier is None:
        return pl.Series([False] * cells.height, dtype=pl.Boolean)
    before = earlier.filter("HIDDEN").select(*names, BEFORE=VALUE)
    joined = cells.join(before, on=list(names), how="left", maintain_order="left")
    return joined.select(((pl.col(VALUE) - pl.col("BEFORE")).abs() < rule.threshold).fill_null(value=False)).to_series()


def final_years(cells: pl.DataFrame, series: Sequence[str], revised: Collection[str] = ()) -> pl.DataFrame:
    """The years (of each of `series`) that published cells hold as final, `revised` ones left out: *series, YEAR.

    A year is final if neither it nor any of its months was open, provisional or estimated.
    """
    year = pl.col(TIME).str.head(4)
    units = cells.with_columns(year.alias(YEAR)).group_by(*series, YEAR)
    final = units.agg(FINAL=(pl.col("OBS_STATUS") == "A").all() & (pl.col(TIME).str.len_chars() == 4).any())
    return final.filter("FINAL", ~pl.col(YEAR).is_in(list(revised))).select(*series, YEAR).sort(*series, YEAR)


def within(frame: pl.DataFrame, units: pl.DataFrame) -> pl.Series:
    """Which rows (or cells) of `frame` are of one of `units` (see `final_years`)."""
    keyed = frame.with_columns(pl.col(TIME).str.head(4).alias(YEAR))
    found = keyed.join(units.with_columns(FOUND=True), on=units.columns, how="left", maintain_order="left")
    return found["FOUND"].fill_null(value=False)


def would_change(kept: pl.DataFrame, computed: pl.DataFrame, units: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """How many published cells of each carried year would be another figure today: YEAR, CELLS.

    kept, computed  the true cells of what is carried, and of the rows of today (`names`, OBS_VALUE, UNSEEN)
    """
    left, right = (
        each.filter(within(each, units), ~pl.col("UNSEEN")).select(*names, VALUE) for each in (kept, computed)
    )
    met = left.join(right, on=list(names), how="full", coalesce=True, suffix="_NOW")
    differs = pl.col(VALUE).fill_null(0.0) != pl.col(f"{VALUE}_NOW").fill_null(0.0)
    years = units.select(pl.col(YEAR).unique())
    counted = met.group_by(pl.col(TIME).str.head(4).alias(YEAR)).agg(CELLS=differs.sum().cast(pl.Int64))
    return years.join(counted, on=YEAR, how="left").with_columns(pl.col("CELLS").fill_null(0)).sort(YEAR)
