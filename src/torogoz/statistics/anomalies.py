"""What looks odd in the figures of a release, from published figures alone: a notice can give no hidden cell back.

Each rule has a version: when a threshold or a method changes, the version does, and older releases can be looked at
again under the new one. Counts are compared as 2·sqrt(count + 3/8) (Anscombe, Biometrika 35 (1948), 246-254), whose
spread by chance alone is 1 whatever the count; the spread of a series is its median absolute deviation, which no single
odd month can stretch (Hampel, J. Am. Stat. Assoc. 69 (1974), 383-393).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.statistics.coverage import months_between
from torogoz.statistics.validation import changes

VALUE, TIME = "OBS_VALUE", "TIME_PERIOD"
UNKNOWN: Final = "_U"
MAD: Final = 1.4826  # a median absolute deviation times this is a standard deviation, for a normal distribution
YEAR, HISTORY, LEAST = 12, 36, 6
MOST_REVISIONS: Final = 20
Real = npt.NDArray[np.float64]
Total = tuple[str, str, tuple[str, ...]]
"""A sum that must hold: the dimension, the code of the whole, the codes of its parts."""


class Severity(StrEnum):
    """A severe notice wants an answer before the figures go out."""

    NOTICE = "notice"
    SEVERE = "severe"


@dataclass(frozen=True)
class AlertRule:
    """One rule: its version, and from which score on it speaks, and speaks severely."""

    name: str
    version: str
    notice_from: float
    severe_from: float


SEASONAL = AlertRule("seasonal", "1", 4.0, 6.0)  # robust z of the change against the same month a year before
LEVEL = AlertRule("level", "1", 4.0, 6.0)  # robust z against the twelve months before, where no year before is known
MISSING = AlertRule("missing_share", "1", 0.05, 0.20)  # how much the share of unknowns has risen
SUMS = AlertRule("broken_sum", "1", 0.0, 0.0)  # persons by which parts and whole differ; always severe
CODES = AlertRule("unseen_code", "1", 1.0, float("inf"))  # persons under a code that the release before did not have
LATE = AlertRule("late_file", "1", 1.0, 90.0)  # days after the day on which the file was expected
REVISION = AlertRule("revision", "1", 0.05, 0.20)  # share of the earlier figure; at least 20 and 100 persons
RULES: Final = {rule.name: rule for rule in (SEASONAL, LEVEL, MISSING, SUMS, CODES, LATE, REVISION)}
REVISED_BY: Final = {Severity.NOTICE: 20.0, Severity.SEVERE: 100.0}


@dataclass(frozen=True)
class Notice:
    """One thing that looks odd.

    series    the dimensions that are not at their total, as `SEX=F`; empty for the total
    value     what was found: a published figure, a share, or days; expected and score likewise, by the rule
    """

    rule: str
    version: str
    dataflow: str
    series: str
    period: str
    value: float | None
    expected: float | None
    score: float | None
    severity: Severity


@dataclass(frozen=True)
class Expected:
    """When a data set is expected: every month (M) or year (A), so many days after its period is over."""

    dataset: str
    every: str
    days: int


# Our own expectations, from how old the editions at hand were when they came out; no publisher has promised them.
CALENDAR: Final = (
    Expected("unhcr-population", "A", 200),
    Expected("unhcr-demographics", "A", 200),
    Expected("unhcr-asylum-applications", "A", 200),
    Expected("unhcr-asylum-decisions", "A", 200),
    Expected("idmc-displacement", "A", 200),
)


def notices(
    dataflow: str,
    cells: pl.DataFrame,
    earlier: pl.DataFrame | None,
    totals: Mapping[str, str],
    sums: Iterable[Total],
) -> list[Notice]:
    """Everything odd in the published cells of one data set.

    cells, earlier  published cells of this release and the one before: FREQ, the dimensions, OBS_VALUE (null when
                    hidden), OBS_STATUS, CONF_STATUS
    totals          the code of the whole of each dimension but TIME_PERIOD
    sums            the sums that must hold along the dimensions
    """
    known = earlier if earlier is not None and earlier.height else None
    shown = _with_series(cells, totals)
    return [
        *_jumps(dataflow, shown),
        *_missing(dataflow, shown, totals),
        *_broken(dataflow, cells, totals, sums),
        *_unseen(dataflow, shown, known, totals),
        *_revised(dataflow, cells, known, totals),
    ]


def late(calendar: Iterable[Expected], received: Mapping[str, str], today: date) -> list[Notice]:
    """The data sets whose next period should be here.

    received  the last period (2025, 2026-08) of each data set in use; one that was never received is not late
    """
    found = []
    for each in calendar:
        last = received.get(each.dataset, "")
        if not last:
            continue
        period, ends = _next(last, each.every)
        days = (today - ends - timedelta(days=each.days)).days
        if days >= LATE.notice_from:
            severity = Severity.SEVERE if days >= LATE.severe_from else Severity.NOTICE
            found.append(_notice(LATE, each.dataset, "", period, float(days), 0.0, float(days), severity))
    return found


def _next(last: str, every: str) -> tuple[str, date]:
    """The period after `last`, and the first day on which it is over."""
    year, month = int(last[:4]), int(last[5:7]) if every == "M" and len(last) >= 7 else 12
    if every == "A":
        return str(year + 1), date(year + 2, 1, 1)
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return f"{year}-{month:02d}", date(year + month // 12, month % 12 + 1, 1)


def _with_series(cells: pl.DataFrame, totals: Mapping[str, str]) -> pl.DataFrame:
    """The shown cells of periods that are over, with SERIES and STEPS (dimensions that are not at their total)."""
    apart = [pl.col(name) != code for name, code in totals.items()]
    words = [
        pl.when(pl.col(name) != code).then(pl.concat_str(pl.lit(f"{name}="), pl.col(name)))
        for name, code in totals.items()
    ]
    return cells.filter(
        pl.col(VALUE).is_not_null(), pl.col("CONF_STATUS") == "F", pl.col("OBS_STATUS") != "P"
    ).with_columns(
        pl.concat_str(words, separator=" ", ignore_nulls=True).alias("SERIES"),
        pl.sum_horizontal(part.cast(pl.Int64) for part in apart).alias("STEPS"),
    )


def _jumps(dataflow: str, shown: pl.DataFrame) -> Iterator[Notice]:
    """Months of the last year that lie far from what their series lets expect; of a run the first alone.

    The notice of the total stands for those of its parts that are no odder.
    """
    monthly = shown.filter(pl.col("FREQ") == "M", pl.col("STEPS") <= 1)
    if monthly.is_empty():
        return
    wide = monthly.pivot(on=TIME, index="SERIES", values=VALUE, aggregate_function="first").sort("SERIES")
    present = sorted(name for name in wide.columns if name != "SERIES")
    months = months_between(present[0], present[-1])
    gaps = [pl.lit(None, pl.Float64).alias(month) for month in months if month not in present]
    counts = wide.with_columns(gaps).select(months).to_numpy().astype(np.float64)
    scale = 2 * np.sqrt(np.maximum(counts, 0) + 0.375)
    before_it: Real = np.zeros(len(counts))
    for place, month in enumerate(months):
        score, middle, seasonal = _scores(scale, place)
        goes_on = (np.abs(before_it) >= SEASONAL.notice_from) & (before_it * score > 0)
        odd = (place >= len(months) - YEAR) & (np.abs(score) >= SEASONAL.notice_from) & ~goes_on
        whole = abs(score[0]) if odd[0] and wide["SERIES"][0] == "" else 0.0
        for at in np.flatnonzero(odd):
            if at and abs(score[at]) <= whole:
                continue
            rule = SEASONAL if seasonal[at] else LEVEL
            severity = Severity.SEVERE if abs(score[at]) >= rule.severe_from else Severity.NOTICE
            expected = max(float(round((middle[at] / 2) ** 2 - 0.375)), 0.0)
            series = str(wide["SERIES"][int(at)])
            yield _notice(rule, dataflow, series, month, float(counts[at, place]), expected, float(score[at]), severity)
        before_it = score


def _scores(scale: Real, place: int) -> tuple[Real, Real, npt.NDArray[np.bool_]]:
    """Robust z of one month in every series, the level that it was expected at, and whether by the year before."""
    rows = scale.shape[0]
    score, middle = np.zeros(rows), np.zeros(rows)
    yearly = scale[:, YEAR:] - scale[:, :-YEAR] if scale.shape[1] > YEAR else np.empty((rows, 0))
    at = place - YEAR
    past = yearly[:, max(at - HISTORY, 0) : max(at, 0)]
    seasonal = np.zeros(rows, dtype=np.bool_)
    if at >= 0:
        seasonal = ((~np.isnan(past)).sum(axis=1) >= LEAST) & ~np.isnan(yearly[:, at])
        if seasonal.any():
            centre, spread = _robust(past[seasonal], np.sqrt(2))
            score[seasonal] = (yearly[seasonal, at] - centre) / spread
            middle[seasonal] = scale[seasonal, at] + centre
    recent = scale[:, max(place - YEAR, 0) : place]
    level = ~seasonal & ((~np.isnan(recent)).sum(axis=1) >= LEAST) & ~np.isnan(scale[:, place])
    if level.any():
        centre, spread = _robust(recent[level], 1.0)
        score[level] = (scale[level, place] - centre) / spread
        middle[level] = centre
    return score, middle, seasonal


def _robust(past: Real, least: float) -> tuple[Real, Real]:
    """Median and spread of each row, the spread being at least what chance alone gives."""
    centre: Real = np.nanmedian(past, axis=1)
    spread: Real = np.maximum(MAD * np.nanmedian(np.abs(past - centre[:, None]), axis=1), least)
    return centre, spread


def _missing(dataflow: str, shown: pl.DataFrame, totals: Mapping[str, str]) -> Iterator[Notice]:
    """Months of the last year in which the share of unknowns of a dimension rose far above the twelve before."""
    monthly = shown.filter(pl.col("FREQ") == "M")
    whole = monthly.filter(pl.col("STEPS") == 0).select(TIME, WHOLE=VALUE)
    for name in totals:
        unknown = monthly.filter(pl.col("SERIES") == f"{name}={UNKNOWN}").select(TIME, VALUE)
        both = whole.join(unknown, on=TIME).sort(TIME)
        rows = list(both.iter_rows())
        for place, (month, people, count) in enumerate(rows):
            past = rows[max(place - YEAR, 0) : place]
            before = sum(row[1] for row in past)
            if len(past) < LEAST or not before or not people or place < len(rows) - YEAR:
                continue
            usual, share = sum(row[2] for row in past) / before, count / people
            chance = max(usual * (1 - usual) / people, 1e-12) ** 0.5
            rise = share - usual
            if rise >= MISSING.notice_from and rise / chance >= LEVEL.notice_from:
                severity = Severity.SEVERE if rise >= MISSING.severe_from else Severity.NOTICE
                yield _notice(
                    MISSING,
                    dataflow,
                    f"{name}={UNKNOWN}",
                    month,
                    round(share, 2),
                    round(usual, 2),
                    round(rise, 2),
                    severity,
                )


def _broken(dataflow: str, cells: pl.DataFrame, totals: Mapping[str, str], sums: Iterable[Total]) -> Iterator[Notice]:
    """Wholes that are not the sum of their parts: exactly where all are shown, and exceeded where some are hidden."""
    names = [*totals, TIME]
    for dimension, whole, parts in sums:
        others = [name for name in names if name != dimension]
        added = (
            cells.filter(pl.col(dimension).is_in(parts))
            .group_by(others)
            .agg(
                pl.len().alias("parts"), pl.col(VALUE).sum().alias("added"), pl.col(VALUE).null_count().alias("hidden")
            )
            .filter(pl.col("parts") == len(parts))
        )
        both = cells.filter(pl.col(dimension) == whole, pl.col(VALUE).is_not_null()).join(added, on=others)
        gap = pl.col("added") - pl.col(VALUE)
        wrong = both.filter(pl.when(pl.col("hidden") == 0).then(gap.abs() > 1e-6).otherwise(gap > 1e-6))
        for row in wrong.sort(names).iter_rows(named=True):
            by = float(row["added"] - row[VALUE])
            series = " ".join([*_words(row, totals), f"({dimension})"])
            yield _notice(SUMS, dataflow, series, row[TIME], row[VALUE], row["added"], by, Severity.SEVERE)


def _words(row: Mapping[str, object], totals: Mapping[str, str]) -> list[str]:
    return [f"{name}={row[name]}" for name, code in totals.items() if row[name] != code]


def _unseen(
    dataflow: str, shown: pl.DataFrame, earlier: pl.DataFrame | None, totals: Mapping[str, str]
) -> Iterator[Notice]:
    """Codes that the release before did not have, if a year shows persons under them; a hidden code is not named."""
    if earlier is None:
        return
    yearly = shown.filter(pl.col("FREQ") == "A", pl.col("STEPS") == 1, pl.col(VALUE) >= CODES.notice_from)
    for name in totals:
        had = earlier[name].unique().to_list()
        new = (
            yearly.filter(~pl.col(name).is_in(had)).sort("SERIES", TIME).group_by("SERIES", maintain_order=True).first()
        )
        for series, period, value in new.select("SERIES", TIME, VALUE).iter_rows():
            yield _notice(CODES, dataflow, series, period, value, None, None, Severity.NOTICE)


def _revised(
    dataflow: str, cells: pl.DataFrame, earlier: pl.DataFrame | None, totals: Mapping[str, str]
) -> Iterator[Notice]:
    """Figures of periods that were over which now are much larger or smaller; the largest revisions first."""
    if earlier is None:
        return
    names = [*totals, TIME]
    final = earlier.filter(pl.col("OBS_STATUS") != "P")
    apart = pl.sum_horizontal((pl.col(name) != code).cast(pl.Int64) for name, code in totals.items())
    by = (pl.col("AFTER") - pl.col("BEFORE")).abs()
    found = (
        changes(final, cells.join(final.select(names), on=names, how="semi"), names)
        .filter(pl.col("HOW") == "revised", apart <= 1)
        .with_columns(by.alias("BY"), (by / pl.max_horizontal(pl.col("BEFORE").abs(), pl.lit(1.0))).alias("SHARE"))
        .filter(pl.col("BY") >= REVISED_BY[Severity.NOTICE], pl.col("SHARE") >= REVISION.notice_from)
        .sort("BY", *names, descending=[True, *(False for _ in names)])
    )
    for row in found.head(MOST_REVISIONS).iter_rows(named=True):
        severe = row["BY"] >= REVISED_BY[Severity.SEVERE] and row["SHARE"] >= REVISION.severe_from
        severity = Severity.SEVERE if severe else Severity.NOTICE
        series = " ".join(_words(row, totals))
        yield _notice(
            REVISION, dataflow, series, row[TIME], row["AFTER"], row["BEFORE"], round(row["SHARE"], 2), severity
        )


def _notice(
    rule: AlertRule,
    dataflow: str,
    series: str,
    period: str,
    value: float | None,
    expected: float | None,
    score: float | None,
    severity: Severity,
) -> Notice:
    rounded = None if score is None else round(score, 2)
    return Notice(rule.name, rule.version, dataflow, series, period, value, expected, rounded, severity)
