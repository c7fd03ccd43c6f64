"""What a statistician looks at before a release: what is missing, does not add up, jumps, is new, or repeats."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

import polars as pl

from torogoz.statistics.tabulation import TOTALS, VALUE

UNKNOWN = "_U"
MISSING_AT_MOST: Mapping[str, float] = {"SEX": 0.01, "AGE": 0.02, "COUNTERPART_AREA": 0.01}
MISSING_AT_MOST_ELSEWHERE = 0.10
JUMP = 6.0  # robust z-score: distance from the median of the twelve months before, in median absolute deviations
MATERIAL_PERSONS, MATERIAL_SHARE = 5.0, 0.01
FEW = 5


@dataclass(frozen=True)
class Finding:
    """One thing looked at: which check, of what, the figure found, its limit if it has one, and whether it passes."""

    check: str
    of: str
    figure: float
    limit: float | None
    passes: bool

    def as_dict(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        return asdict(self)


def report(
    rows: pl.DataFrame, counts: pl.DataFrame, earlier: pl.DataFrame | None, names: Sequence[str]
) -> list[Finding]:
    """Every finding on the rows of a release.

    rows     the de-identified rows, all columns str
    counts   `Published.counts`: the true cells
    earlier  the rows of the release before, if there is one
    names    the dimensions of `counts` that have a total (figures of two institutions have none)
    """
    if rows.is_empty():
        return [Finding("rows", "", 0.0, None, passes=True)]
    return [
        Finding("rows", "", float(rows.height), None, passes=True),
        *_missing(rows),
        *_sums(rows, counts, names),
        *_jumps(rows, earlier),
        *_new_codes(rows, earlier),
        *_repeats(rows),
    ]


def _missing(rows: pl.DataFrame) -> list[Finding]:
    """The share of unknowns of every column; an unknown is never counted as anything else."""
    findings = []
    for column in (name for name in rows.columns if name != "TIME_PERIOD"):
        limit = MISSING_AT_MOST.get(column, MISSING_AT_MOST_ELSEWHERE)
        share = float((rows[column] == UNKNOWN).sum()) / rows.height
        findings.append(Finding("unknown", column, share, limit, passes=share <= limit))
    return findings


def _sums(rows: pl.DataFrame, counts: pl.DataFrame, names: Sequence[str]) -> list[Finding]:
    """That the totals of the years, and the months, each add up to all rows."""
    total = {name: TOTALS.get(name, "_T") for name in names if name != "TIME_PERIOD"}
    whole = [pl.col(name) == code for name, code in total.items() if code in counts[name]]
    totals = counts.filter(pl.lit(value=True), *whole)
    findings = []
    for of, length in (("years", 4), ("months", 7)):
        found = totals.filter(pl.col("TIME_PERIOD").str.len_chars() == length)[VALUE].sum()
        gap = float(found) - rows.height
        findings.append(Finding("sum_of_parts", of, gap, 0.0, passes=gap == 0))
    return findings


def _jumps(rows: pl.DataFrame, earlier: pl.DataFrame | None) -> list[Finding]:
    """Months far from the twelve before them, the first of each run; only those that no earlier release covered.

    Far is measured in median absolute deviations, which are taken to be at least what chance alone would give (the
    square root of the median).
    """
    months = rows.group_by("TIME_PERIOD").len().sort("TIME_PERIOD")
    last_seen = "" if earlier is None or earlier.is_empty() else str(earlier["TIME_PERIOD"].max())
    counts = [float(count) for count in months["len"]]
    findings = []
    before_it = 0.0
    for place in range(12, len(counts)):
        before = sorted(counts[place - 12 : place])
        middle = (before[5] + before[6]) / 2
        apart = sorted(abs(count - middle) for count in before)
        scale = max(1.4826 * (apart[5] + apart[6]) / 2, sqrt(middle), 1.0)
        score = (counts[place] - middle) / scale
        month = str(months["TIME_PERIOD"][place])
        goes_on = abs(before_it) > JUMP and before_it * score > 0
        if abs(score) > JUMP and not goes_on and month > last_seen:
            findings.append(Finding("jump", month, round(score, 1), JUMP, passes=False))
        before_it = score
    return findings or [Finding("jump", "", 0.0, JUMP, passes=True)]


def _new_codes(rows: pl.DataFrame, earlier: pl.DataFrame | None) -> list[Finding]:
    """Codes that no row of the release before had, with the number of rows that have them."""
    if earlier is None or earlier.is_empty():
        return []
    findings = []
    for column in rows.columns:
        if column == "TIME_PERIOD" or column not in earlier.columns:
            continue
        counts = rows.group_by(column).len().filter(~pl.col(column).is_in(earlier[column].unique().to_list()))
        findings += [
            Finding("code_never_seen", f"{column} {code}", float(count), None, passes=False)
            for code, count in counts.sort(column).iter_rows()
        ]
    return findings or [Finding("code_never_seen", "", 0.0, None, passes=True)]


def _repeats(rows: pl.DataFrame) -> list[Finding]:
    """How many rows repeat another in every column, and how many stand nearly alone: why rows are never public.

    Without names a repeated row is not yet a person counted twice; far more of them than before would be a sign.
    """
    sizes = rows.group_by(rows.columns).len()["len"]
    repeated = float(rows.height - sizes.len())
    few = float(sizes.filter(sizes < FEW).sum())
    return [
        Finding("repeated_rows", "", repeated / rows.height, None, passes=True),
        Finding("rows_shared_by_few", "", few / rows.height, None, passes=True),
    ]


def changes(before: pl.DataFrame, after: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """What differs between the published cells of two releases, by key.

    before, after  published cells: the dimensions, OBS_VALUE, CONF_STATUS
    returns        one row per cell that differs: the dimensions, BEFORE, AFTER (float, null when hidden or absent),
                   HOW (added, gone, hidden, shown, revised), MATERIAL (bool: a revision of at least five persons and
                   one in a hundred), sorted by the dimensions
    """
    left = before.select(*names, BEFORE=pl.col(VALUE), WAS=pl.col("CONF_STATUS"))
    right = after.select(*names, AFTER=pl.col(VALUE), IS=pl.col("CONF_STATUS"))
    both = left.join(right, on=list(names), how="full", coalesce=True)
    how = (
        pl.when(pl.col("WAS").is_null())
        .then(pl.lit("added"))
        .when(pl.col("IS").is_null())
        .then(pl.lit("gone"))
        .when((pl.col("WAS") == "F") & (pl.col("IS") != "F"))
        .then(pl.lit("hidden"))
        .when((pl.col("WAS") != "F") & (pl.col("IS") == "F"))
        .then(pl.lit("shown"))
        .when(pl.col("BEFORE") != pl.col("AFTER"))
        .then(pl.lit("revised"))
    )
    apart = (pl.col("AFTER") - pl.col("BEFORE")).abs()
    material = (apart >= MATERIAL_PERSONS) & (apart >= MATERIAL_SHARE * pl.col("BEFORE").abs())
    return (
        both.with_columns(HOW=how, MATERIAL=material.fill_null(value=False))
        .filter(pl.col("HOW").is_not_null())
        .select(*names, "BEFORE", "AFTER", "HOW", "MATERIAL")
        .sort(names)
    )


def close_differences(before: pl.DataFrame, after: pl.DataFrame, names: Sequence[str], threshold: int) -> int:
    """How many cells both releases show that differ by fewer persons than the threshold, but differ.

    Whoever kept the release before reads from them how many persons came in between.
    """
    revised = changes(before, after, names).filter(pl.col("HOW") == "revised")
    return int(((revised["AFTER"] - revised["BEFORE"]).abs() < threshold).sum())
