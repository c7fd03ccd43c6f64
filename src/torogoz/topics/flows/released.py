"""What the newest release says of a dataflow beside its figures: their noise, and what changed since the one before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from torogoz.shared.releases import queries as releases
from torogoz.statistics.dataflows import TIME, Dataflow
from torogoz.statistics.private_releases import PRIVATE_PLANS, RELEASED

MOST_CHANGES = 8


@dataclass(frozen=True)
class Noise:
    """The noise of a dataflow under differential privacy, for its page.

    epsilon  what a year cost; the smaller, the more noise
    margin   a half-width that the noise of one drawn figure exceeds one time in twenty at most
    least    figures below this are not shown
    """

    epsilon: float
    margin: int
    least: int


def noise(flow: Dataflow) -> Noise | None:
    """What the newest release says of the noise of a dataflow; None if it has none."""
    latest = releases.latest() if flow.id in PRIVATE_PLANS else None
    said = {} if latest is None else releases.manifest(latest)["parts"].get(flow.id, {})
    figures_of = said.get("disclosure")
    return Noise(figures_of["epsilon"], figures_of["margin"], figures_of["threshold"]) if figures_of else None


@dataclass(frozen=True)
class Change:
    """What the newest release changed in figures that the one before had published.

    cells    how many cells were added, gone, hidden, shown, revised, or grown: of a period that was not over before
    revised  the cells whose revision is material: period, of (names), BEFORE, AFTER; what has only grown is no revision
    """

    before: str
    after: str
    cells: Mapping[str, int]
    revised: tuple[Mapping[str, str | float | None], ...]


def change(flow: Dataflow, name_of: Callable[[str, str], str]) -> Change | None:
    """What changed since the release before that had it; None for dataflows of others and for the first release.

    name_of  the name of a code of a dimension, in the reader's language
    """
    after = releases.latest(flow.id) if flow.id in RELEASED else None
    before = releases.public_release_before(after, flow.id) if after is not None else None
    if after is None or before is None:
        return None
    has_grown = (pl.col("HOW") == "revised") & pl.col(TIME).is_in(releases.open_periods(before, flow.id))
    found = releases.changes(before, after, flow.id).with_columns(
        pl.when(has_grown).then(pl.lit("grown")).otherwise(pl.col("HOW")).alias("HOW")
    )
    counts = dict(found["HOW"].value_counts(sort=True).iter_rows())
    material = found.filter(pl.col("MATERIAL"), pl.col("HOW") != "grown").head(MOST_CHANGES)
    revised = tuple(_revised(flow, row, name_of) for row in material.iter_rows(named=True))
    return Change(str(before), str(after), counts, revised)


def _revised(
    flow: Dataflow, row: Mapping[str, str | float | None], name_of: Callable[[str, str], str]
) -> dict[str, str | float | None]:
    """One revised cell: its period, the names of its codes but the totals, and the figure before and after."""
    names = [
        name_of(name, str(row[name])) for name in flow.names if name != TIME and row[name] != flow.dimension(name).total
    ]
    return {"period": row[TIME], "of": " · ".join(names), "BEFORE": row["BEFORE"], "AFTER": row["AFTER"]}
