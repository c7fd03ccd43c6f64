"""What a release is made of: rows without persons, protected tables, findings. Nothing is written here."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import polars as pl

from torogoz.shared.releases.figures_alone import MeasuredPart, PrivatePart
from torogoz.statistics import anomalies, coverage, validation
from torogoz.statistics.crosstables import PERSON_KEY, cube_of
from torogoz.statistics.disclosure.keys import fingerprint
from torogoz.statistics.disclosure.private.ledger import Spending
from torogoz.statistics.disclosure.strict import BaseCube
from torogoz.statistics.releases import PLANS, Plan, Published, published
from torogoz.statistics.tabulation import VALUE

RECORD = "RECORD"
Progress = Callable[[int, int], None]


class NothingToRelease(Exception):
    """A data set that no plan publishes."""


class EndsBeforeTheNewest(Exception):
    """A release would cut again what the newest release has covered already."""


class UnderEmbargo(Exception):
    """A release would show before its time what an earlier one keeps under embargo, or has an embargo in the past."""


@dataclass(frozen=True)
class Earlier:
    """What the release before published of one data set: its rows without keys, its tables, and the fingerprint of the
    secret that its noise came from ("" if it has no base cube)."""

    rows: pl.DataFrame
    cells: pl.DataFrame
    keyed_with: str = ""


@dataclass(frozen=True)
class Supply:
    """What a release is given of one data set, where that is more than a frame.

    frame         as its plan takes it
    until         the first moment that it does not cover, where that is before the end of the release
    provisional   periods whose figures may still be revised, besides those that are not over
    estimates     published cells that are estimated and not counted, with the columns of the plan's cells
    method        how the figures were made, for the manifest
    """

    frame: pl.DataFrame
    until: datetime | None = None
    provisional: tuple[str, ...] = ()
    estimates: pl.DataFrame | None = None
    method: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Part:
    """One data set, ready to be kept.

    published   what was counted, under disclosure control
    cube        what answers cross tables; None where the topic gave no keys of persons
    estimates   published cells that were estimated and not counted
    method      how the figures were made, for the manifest
    """

    plan: Plan
    rows: pl.DataFrame
    published: Published
    months: tuple[str, ...]
    open_periods: tuple[str, ...]
    findings: tuple[validation.Finding, ...]
    notices: tuple[anomalies.Notice, ...] = ()
    cube: BaseCube | None = None
    keyed_with: str = ""
    estimates: pl.DataFrame | None = None
    method: Mapping[str, Any] | None = None

    @property
    def cells(self) -> pl.DataFrame:
        """Every published cell: counted under disclosure control, then estimated."""
        counted = self.published.cells
        return counted if self.estimates is None else pl.concat([counted, self.estimates.select(counted.columns)])

    @property
    def dataflow(self) -> str:
        """The data set."""
        return self.plan.dataflow

    @property
    def kept(self) -> dict[str, pl.DataFrame]:
        """The frames that the release keeps, by the kind of file."""
        cube = {} if self.cube is None else {"cube": self.cube.frame()}
        return {"microdata": with_random_keys(self.rows), "tables": self.cells, **cube}

    @property
    def spendings(self) -> tuple[Spending, ...]:
        """Nothing: suppression is not paid for."""
        return ()

    @property
    def tables(self) -> list[str]:
        """The names of the tables."""
        return [table.name for table in self.plan.tables]

    def content(self) -> bytes:
        """What makes two releases the same: every row and every published cell, in an order of their own."""
        rows = self.rows.sort(self.rows.columns).write_csv()
        crossed = "" if self.cube is None else "with a base cube"
        return "\n".join([self.plan.dataflow, rows, self.cells.write_csv(), crossed]).encode()

    def figures(self) -> dict[str, Any]:
        """The figures of the disclosure control and of the audit, for the manifest."""
        counts = self.published.counts.filter(~pl.col("UNSEEN"))
        others = counts.filter(pl.col("HIDDEN") & ~pl.col("SMALL"))
        return {
            "threshold": self.plan.rule.threshold,
            "zeros_shown": self.plan.rule.zeros_shown,
            "cells": counts.height,
            "hidden_small": int(counts["SMALL"].sum()),
            "hidden_for_others": others.height,
            "share_of_counts_hidden_for_others": round(
                float(others[VALUE].sum()) / max(float(counts[VALUE].sum()), 1), 4
            ),
            "narrowest_interval": self.published.narrowest,
        }


def part(
    dataflow: str,
    supplied: pl.DataFrame | Supply,
    *,
    until: datetime,
    zone: tzinfo,
    earlier: Earlier | None = None,
    secret: bytes | None = None,
    progress: Progress | None = None,
) -> Part:
    """Make the rows, tables, base cube and findings of one data set.

    supplied  as the topic gives it; its plan takes away what could name a person
    secret    what the noise of the base cube follows from, with the keys of persons in the frame; neither is kept
    until     the first moment not covered: the end of the period, or now if that comes first
    raises    NothingToRelease for a data set that is not on the list, NotSafe if the audit objects
    """
    plan = PLANS.get(dataflow)
    if plan is None:
        raise NothingToRelease(f"{dataflow} is not on the list of what is published: {', '.join(PLANS)}")
    supply = supplied if isinstance(supplied, Supply) else Supply(supplied)
    local = min(until, supply.until or until).astimezone(zone)
    rows = plan.deidentified(supply.frame)
    months = _months(rows, local)
    covered = rows["TIME_PERIOD"].is_in(months)
    rows = rows.filter(covered)
    every_period = {*months, *(month[:4] for month in months)}
    open_periods = sorted({*coverage.not_over(months, local), *(every_period & {*supply.provisional})})
    counts = None if earlier is None else _counts_of(earlier, plan)
    made = published(rows, plan, months, open_periods=open_periods, earlier=counts, progress=progress)
    names = dimensions_of(made.cells)
    added = [each.name for each in plan.dimensions(rows, months) if each.sums]
    findings = validation.report(rows, made.counts, None if earlier is None else earlier.rows, added)
    if earlier is not None:
        before = earlier.cells.filter(pl.col("OBS_STATUS") != "E")  # an estimate tells of no person
        close = validation.close_differences(before, made.cells, names, plan.rule.threshold)
        findings.append(validation.Finding("close_to_the_release_before", "", float(close), 0.0, passes=close == 0))
    keyed_with = "" if secret is None else fingerprint(secret)
    if earlier is not None and earlier.keyed_with not in {"", keyed_with}:
        findings.append(validation.Finding("another_secret", "", 1.0, 0.0, passes=False))
    cube = None
    if secret is not None and PERSON_KEY in supply.frame.columns and rows.height:
        keys = supply.frame[PERSON_KEY].filter(covered).to_numpy()
        cube = cube_of(rows, keys, plan, plan.dimensions(rows, months), made.counts, made.cells, secret)
    odd = notices_of(plan, rows, made.cells, None if earlier is None else before)
    return Part(
        plan,
        rows,
        made,
        tuple(months),
        tuple(open_periods),
        tuple(findings),
        tuple(odd),
        cube,
        keyed_with="" if cube is None else keyed_with,
        estimates=supply.estimates,
        method=supply.method,
    )


def notices_of(
    plan: Plan, rows: pl.DataFrame, cells: pl.DataFrame, earlier: pl.DataFrame | None
) -> list[anomalies.Notice]:
    """What looks odd in published cells, from them alone: a notice gives no hidden cell back.

    rows  the de-identified rows, only for the codes that the dimensions have
    """
    months = sorted(cells.filter(pl.col("FREQ") == "M")["TIME_PERIOD"].unique().to_list())
    dimensions = plan.dimensions(rows, months)
    totals = {each.name: each.total for each in dimensions if each.name != "TIME_PERIOD"}
    sums = [(each.name, whole, parts) for each in dimensions for whole, parts in each.sums]
    return anomalies.notices(plan.dataflow, cells, earlier, totals, sums)


AnyPart = Part | PrivatePart | MeasuredPart


def content_sha256(parts: Sequence[AnyPart]) -> str:
    """One checksum for the content of all parts, whatever the order and the random keys of their rows."""
    digest = hashlib.sha256()
    for each in sorted(parts, key=lambda one: one.dataflow):
        digest.update(hashlib.sha256(each.content()).digest())
    return digest.hexdigest()


def with_random_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in random order, each with a random key that says nothing of where the row came from."""
    order = list(range(rows.height))
    secrets.SystemRandom().shuffle(order)
    keys = pl.Series(RECORD, [secrets.token_hex(16) for _ in order], dtype=pl.String)
    return rows[order].insert_column(0, keys)


def dimensions_of(cells: pl.DataFrame) -> list[str]:
    """The dimensions of published cells: what is neither a frequency nor a value nor a status."""
    kept = {"FREQ", VALUE, "OBS_STATUS", "CONF_STATUS"}
    return [name for name, kind in cells.schema.items() if name not in kept and kind == pl.String]


def _months(rows: pl.DataFrame, until: datetime) -> list[str]:
    """From the first month with a row to the last before `until`; before the first row is unknown, not zero."""
    first = rows["TIME_PERIOD"].min()
    if not isinstance(first, str):
        return []
    at_end = until.day == 1 and until.hour == until.minute == until.second == until.microsecond == 0
    months = coverage.months_between(first, f"{until:%Y-%m}")
    return months[:-1] if at_end else months


def _counts_of(earlier: Earlier, plan: Plan) -> pl.DataFrame:
    """The true counts of an earlier release, with what it hid: tabulated again from its rows."""
    names = dimensions_of(earlier.cells)
    counted = earlier.cells.filter(pl.col("OBS_STATUS") != "E")
    months = sorted(period for period in counted["TIME_PERIOD"].unique() if len(period) > 4)
    counts = plan.counted(earlier.rows, months).select(*names, VALUE)
    hidden = earlier.cells.select(*names, HIDDEN=pl.col("CONF_STATUS") != "F")
    return counts.join(hidden, on=names, how="inner")


def columns_of(frame: pl.DataFrame) -> list[tuple[str, str]]:
    """Name and type of every column, for the dictionary."""
    return [(name, str(kind)) for name, kind in frame.schema.items()]


def parameters(parts: Sequence[AnyPart]) -> Mapping[str, Any]:
    """The parameters of every part, for the manifest."""
    return {
        each.dataflow: {
            "months": list(each.months),
            "open_periods": list(each.open_periods),
            "tables": each.tables,
            "disclosure": each.figures(),
            "keyed_with": each.keyed_with,
            "findings": [finding.as_dict() for finding in each.findings],
            **({} if each.method is None else {"method": dict(each.method)}),
        }
        for each in parts
    }
