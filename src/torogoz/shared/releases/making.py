"""What a release is made of: rows without persons, protected tables, findings. Nothing is written here."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import polars as pl

from torogoz.shared.releases.figures_alone import MeasuredPart, PrivatePart
from torogoz.statistics import anomalies, coverage, validation
from torogoz.statistics.between import YEAR, final_years, shown_before, within, would_change
from torogoz.statistics.crosstables import PERSON_KEY, cube_of, with_kept_years
from torogoz.statistics.disclosure.keys import Keys, fingerprint
from torogoz.statistics.disclosure.private.ledger import Spending
from torogoz.statistics.disclosure.strict import BaseCube
from torogoz.statistics.releases import PLANS, Plan, Published, published
from torogoz.statistics.tabulation import VALUE

RECORD = "RECORD"
MONTH = "TIME_PERIOD"
Progress = Callable[[int, int], None]


class NothingToRelease(Exception):
    """A data set that no plan publishes."""


class EndsBeforeTheNewest(Exception):
    """A release would cut again what the newest release has covered already."""


class UnderEmbargo(Exception):
    """A release would show before its time what an earlier one keeps under embargo, or has an embargo in the past."""


@dataclass(frozen=True)
class Earlier:
    """What was published of one data set before.

    rows, cells, cube  of the release before: its rows without keys, its tables, its base cube if it has one
    keyed_with         the fingerprint of the secret that its noise came from ("" if it has no base cube)
    shown              the published cells of every earlier release, the newest first: what readers may have kept
    """

    rows: pl.DataFrame
    cells: pl.DataFrame
    keyed_with: str = ""
    cube: BaseCube | None = None
    shown: tuple[pl.DataFrame, ...] = ()


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
    revise: Collection[str] = (),
    progress: Progress | None = None,
) -> Part:
    """Make the rows, tables, base cube and findings of one data set.

    A year that was final in the release before keeps its rows, and so its tables and its part of the base cube.

    supplied  as the topic gives it; its plan takes away what could name a person
    secret    what the noise of the base cube follows from, with the keys of persons in the frame; neither is kept
    until     the first moment not covered: the end of the period, or now if that comes first
    revise    years that are computed anew although they were final
    raises    NothingToRelease for a data set that is not on the list, NotSafe if the audit objects
    """
    plan = PLANS.get(dataflow)
    if plan is None:
        raise NothingToRelease(f"{dataflow} is not on the list of what is published: {', '.join(PLANS)}")
    supply = supplied if isinstance(supplied, Supply) else Supply(supplied)
    local = min(until, supply.until or until).astimezone(zone)
    today = plan.deidentified(supply.frame)
    keyed = secret is not None and PERSON_KEY in supply.frame.columns
    final = _final(today, plan, earlier, revise, keyed=keyed)
    new = ~within(today, final)
    rows = today if earlier is None else pl.concat([_of(earlier.rows, final, today.columns), today.filter(new)])
    months = _months(rows, local)
    rows = rows.filter(pl.col(MONTH).is_in(months))
    every_period = {*months, *(month[:4] for month in months)}
    open_periods = sorted({*coverage.not_over(months, local), *(every_period & {*supply.provisional})})
    counts = None if earlier is None else _counts_of(earlier, plan)
    shown = None if earlier is None else _shown(earlier, final)
    made = published(rows, plan, months, open_periods=open_periods, earlier=counts, shown=shown, progress=progress)
    names = dimensions_of(made.cells)
    added = [each.name for each in plan.dimensions(rows, months) if each.sums]
    findings = validation.report(rows, made.counts, None if earlier is None else earlier.rows, added)
    if earlier is not None:
        before = earlier.cells.filter(pl.col("OBS_STATUS") != "E")  # an estimate tells of no person
        close = validation.close_differences(before, made.cells, names, plan.rule.threshold)
        findings.append(validation.Finding("close_to_the_release_before", "", float(close), 0.0, passes=close == 0))
        findings += _carried(today.filter(pl.col(MONTH).is_in(months)), earlier, made, plan, final)
    keyed_with = "" if secret is None else fingerprint(secret)
    if earlier is not None and earlier.keyed_with not in {"", keyed_with}:
        findings.append(validation.Finding("another_secret", "", 1.0, 0.0, passes=False))
    cube = None
    if secret is not None and keyed and rows.height:
        counted = new & today[MONTH].is_in(months)
        keys = supply.frame[PERSON_KEY].filter(counted).to_numpy()
        cube = _cube(today.filter(counted), keys, plan, made, final, None if earlier is None else earlier.cube, secret)
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


def _final(
    today: pl.DataFrame, plan: Plan, earlier: Earlier | None, revise: Collection[str], *, keyed: bool
) -> pl.DataFrame:
    """The years (of each series) that stay as they were published: see `between.final_years`.

    None, where the rows of the release before have other columns, or where a base cube is wanted and it has none: the
    rows that a release keeps have no keys to make one from.
    """
    if earlier is None or earlier.rows.columns != today.columns or (keyed and earlier.cube is None):
        return final_years(plan.nothing_published(), plan.series)
    return final_years(earlier.cells, plan.series, revise)


def _of(rows: pl.DataFrame, units: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The rows of some units, in these columns; none if they have others."""
    found = rows.filter(within(rows, units))
    return found.select(columns) if found.height else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))


def _shown(earlier: Earlier, final: pl.DataFrame) -> pl.DataFrame:
    """What readers may have kept. Of a year that stays as it was, the release before alone: it tells nothing new."""
    names = dimensions_of(earlier.cells)
    older = [each.filter(~within(each, final)) for each in earlier.shown]
    return shown_before([earlier.cells, *older], names)


def _carried(
    today: pl.DataFrame, earlier: Earlier, made: Published, plan: Plan, final: pl.DataFrame
) -> list[validation.Finding]:
    """Which years stay as they were published, and how many of their cells would be another figure today."""
    kept, new = (each.filter(within(each, final)).sort(each.columns) for each in (earlier.rows, today))
    computed = made.counts if kept.equals(new) else plan.counted(today, _periods(made.counts))
    names = dimensions_of(made.cells)
    return [
        validation.Finding("carried", year, float(cells), 0.0, passes=cells == 0)
        for year, cells in would_change(made.counts, computed, final, names).iter_rows()
    ]


def _cube(
    rows: pl.DataFrame,
    keys: Keys,
    plan: Plan,
    made: Published,
    final: pl.DataFrame,
    earlier: BaseCube | None,
    secret: bytes,
) -> BaseCube:
    """The base cube: of final years as it was, of others from their rows and the keys of their persons."""
    if earlier is None or final.is_empty():
        dimensions = plan.dimensions(rows, _periods(made.counts))
        return cube_of(rows, keys, plan, dimensions, made.counts, made.cells, secret)
    counts, public = (each.filter(~within(each, final)) for each in (made.counts, made.cells))
    fresh = None
    if not public.is_empty():
        fresh = cube_of(rows, keys, plan, plan.dimensions(rows, _periods(counts)), counts, public, secret)
    return with_kept_years(earlier, fresh, final[YEAR].to_list(), made.cells)


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


def _periods(cells: pl.DataFrame) -> list[str]:
    """The months that cells are of, in order."""
    return sorted(period for period in cells[MONTH].unique() if len(period) > 4)


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
