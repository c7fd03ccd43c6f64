"""Data sets of which a release keeps figures and no rows: under differential privacy, and measures of persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import polars as pl

from torogoz.statistics import anomalies, coverage, validation
from torogoz.statistics.disclosure.keys import fingerprint
from torogoz.statistics.disclosure.private.accounting import wider_than
from torogoz.statistics.disclosure.private.drawing import prices
from torogoz.statistics.disclosure.private.ledger import Spending
from torogoz.statistics.measured_releases import MEASURED_PLANS, MeasuredPlan, measured
from torogoz.statistics.private_releases import PRIVATE_PLANS, PrivatelyPublished, PrivatePlan, privately_published


@dataclass(frozen=True)
class PrivatePart:
    """One data set under differential privacy, ready to be kept: its noisy tables alone, and what they cost.

    Neither its rows nor anything counted on them without noise enters the release: not how many there are, not the
    share of unknowns, since each would tell what the noise is there to hide.
    """

    plan: PrivatePlan
    published: PrivatelyPublished
    months: tuple[str, ...]
    findings: tuple[validation.Finding, ...] = ()
    open_periods: tuple[str, ...] = ()
    keyed_with: str = ""
    notices: tuple[anomalies.Notice, ...] = ()
    method: None = None

    @property
    def dataflow(self) -> str:
        """The data set."""
        return self.plan.dataflow

    @property
    def rows(self) -> pl.DataFrame:
        """None: only noisy tables are kept."""
        return self.plan.nothing_published()

    @property
    def kept(self) -> dict[str, pl.DataFrame]:
        """The frames that the release keeps, by the kind of file."""
        return {"tables": self.published.cells}

    @property
    def spendings(self) -> tuple[Spending, ...]:
        """What the years drawn now have cost."""
        return self.published.spendings

    @property
    def tables(self) -> list[str]:
        """The names of the tables."""
        return ["year × " + " × ".join(table) for table in self.plan.design.tables]

    def content(self) -> bytes:
        """What makes two releases the same: every published cell."""
        return f"{self.plan.dataflow}\n{self.published.cells.write_csv()}".encode()

    def figures(self) -> dict[str, Any]:
        """The figures of the disclosure control, for the manifest."""
        cells, paid = self.published.cells, prices(self.plan.design, self.plan.epsilon, None)
        return {
            "epsilon": float(self.plan.epsilon),
            "budget": float(self.plan.budget.epsilon),
            "noise": "laplace",
            "margin": max(wider_than(each.share) for each in paid),
            "threshold": self.plan.design.least_shown,
            "cells": cells.height,
            "hidden": cells.filter(pl.col("CONF_STATUS") != "F").height,
            "drawn_now": sorted({each.period for each in self.spendings}),
            "years": sorted(set(cells["TIME_PERIOD"])),
        }


@dataclass(frozen=True)
class MeasuredPart:
    """Indicators over rows of persons, ready to be kept: their protected figures alone."""

    plan: MeasuredPlan
    cells: pl.DataFrame
    months: tuple[str, ...]
    open_periods: tuple[str, ...] = ()
    findings: tuple[validation.Finding, ...] = ()
    keyed_with: str = ""
    notices: tuple[anomalies.Notice, ...] = ()
    method: None = None
    spendings: tuple[Spending, ...] = ()

    @property
    def dataflow(self) -> str:
        """The data set."""
        return self.plan.dataflow

    @property
    def rows(self) -> pl.DataFrame:
        """None: only figures are kept."""
        return self.plan.nothing_published()

    @property
    def kept(self) -> dict[str, pl.DataFrame]:
        """The frames that the release keeps, by the kind of file."""
        return {"tables": self.cells}

    @property
    def tables(self) -> list[str]:
        """The names of the indicators."""
        return [each.id for each in self.plan.indicators]

    def content(self) -> bytes:
        """What makes two releases the same: every published figure."""
        return f"{self.plan.dataflow}\n{self.cells.write_csv()}".encode()

    def figures(self) -> dict[str, Any]:
        """The figures of the disclosure control, for the manifest."""
        return {
            "threshold": max((each.disclosure.least for each in self.plan.indicators), default=0),
            "cells": self.cells.height,
            "hidden_small": self.cells.filter(pl.col("CONF_STATUS") != "F").height,
            "hidden_for_others": 0,
            "share_of_counts_hidden_for_others": 0.0,
            "narrowest_interval": None,
        }


def measured_part(
    dataflow: str, tables: Mapping[str, pl.DataFrame], *, until: datetime, zone: tzinfo, secret: bytes
) -> MeasuredPart:
    """Compute and protect the indicators of a data set over rows of persons."""
    plan = MEASURED_PLANS[dataflow]
    local = until.astimezone(zone)
    years = sorted({f"{period:.4}" for frame in tables.values() for period in frame["TIME_PERIOD"]})
    open_periods = coverage.not_over(years, local)
    cells = measured(plan, tables, secret, open_periods)
    return MeasuredPart(plan, cells, tuple(years), tuple(open_periods), keyed_with=fingerprint(secret))


def private_part(
    dataflow: str,
    frame: pl.DataFrame,
    *,
    code: str,
    until: datetime,
    zone: tzinfo,
    earlier: pl.DataFrame | None,
    spent: Sequence[Spending],
) -> PrivatePart:
    """Draw the years of a data set that are over and were never drawn; carry those that were.

    earlier  the cells that the release before published, if it had any
    spent    the ledger so far
    raises   BudgetSpent, NotInDesign; then nothing was drawn
    """
    plan = PRIVATE_PLANS[dataflow]
    rows = plan.deidentified(frame)
    local = until.astimezone(zone)
    drawn_before = set() if earlier is None else set(earlier["TIME_PERIOD"])
    first = min({*rows["TIME_PERIOD"], *drawn_before}, default=f"{local.year}")
    years = [str(year) for year in range(int(first), local.year)]  # without gaps: an empty year has noise too
    made = privately_published(rows, plan, years, release=code, earlier=earlier, spent=spent)
    return PrivatePart(plan, made, tuple(years))
