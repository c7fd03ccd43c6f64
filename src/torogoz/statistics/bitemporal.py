"""A log of observations to which lines are only ever added: what was said of each cell, and from when.

A line opens what is said of a key at VALID_FROM: a value with its status and attributes, or (GONE) that nothing is said
any more. The next line of the same key closes it. No line is changed or taken away, so every past state can be read
again: `as_of` is the state at a moment, `history` every line with the moment that closed it.

Source of the questions: SDMX REST 2.x, `asOf`, `includeHistory`, `updatedAfter`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import polars as pl

VALUE: Final = "OBS_VALUE"
STATUS: Final = "OBS_STATUS"
CONFIDENTIAL: Final = "CONF_STATUS"
VALID_FROM: Final = "VALID_FROM"
VALID_TO: Final = "VALID_TO"
RUN: Final = "RUN_ID"
GONE: Final = "GONE"
HOW: Final = "HOW"
MOMENT: Final = pl.Datetime("us", "UTC")
# What a line holds besides its key and what is said of it. EDITION names where it was first said, and says nothing
# itself: the same figure in a newer edition is no revision.
BESIDE: Final = (VALID_FROM, VALID_TO, RUN, GONE, "EDITION")


class How(StrEnum):
    """What became of a cell between two states."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    STATUS_CHANGED = "status-changed"


class RepeatedKey(ValueError):
    """A state says two things of one key."""


class OutOfOrder(ValueError):
    """A state is older than the newest line of the log."""


def empty(snapshot: pl.DataFrame) -> pl.DataFrame:
    """A log without lines, for states with the columns of `snapshot`."""
    return _as_lines(snapshot.clear(), None, "")


def append(log: pl.DataFrame, snapshot: pl.DataFrame, keys: Sequence[str], *, at: datetime, run: str) -> pl.DataFrame:
    """The log with one more state: a line for each key of which `snapshot` says something else than the log does.

    log       as `empty` or `append` gave it; its lines are in order of time
    snapshot  everything that holds at `at`: keys (str), OBS_VALUE (float, null = not known), OBS_STATUS, attributes
    at        when it begins to hold, with a time zone
    run       what made it
    raises    RepeatedKey, OutOfOrder
    """
    newest = log[VALID_FROM].max()
    if isinstance(newest, datetime) and at < newest:
        raise OutOfOrder(f"a state of {at.isoformat()} cannot follow one of {newest.isoformat()}; the log is rebuilt")
    return pl.concat([log, lines(as_of(log, keys), snapshot, keys, at=at, run=run)], how="vertical")


def lines(before: pl.DataFrame, after: pl.DataFrame, keys: Sequence[str], *, at: datetime, run: str) -> pl.DataFrame:
    """The lines that lead from one state to the next: opened ones, and GONE for what is no longer said.

    before, after  states of the same columns, EDITION and what stands in BESIDE apart
    raises         RepeatedKey if `after` says two things of one key
    """
    repeated = after.height - after.select(keys).unique().height if after.height else 0
    if repeated:
        raise RepeatedKey(f"{repeated} lines repeat the key of another ({', '.join(keys)}); nothing was appended")
    if before.is_empty():
        return _as_lines(after, at, run)
    said = _said(after, keys)
    was = before.select(*keys, *(pl.col(name).alias(f"{name}__WAS") for name in said), pl.lit(True).alias("__WAS"))
    joined = after.join(was, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
    same = pl.all_horizontal(pl.col("__WAS").is_not_null(), *(pl.col(n).eq_missing(pl.col(f"{n}__WAS")) for n in said))
    opened = _as_lines(joined.filter(~same).select(after.columns), at, run)
    left = before.join(after.select(keys), on=list(keys), how="anti", nulls_equal=True)
    closed = _as_lines(left.select(keys), at, run, gone=True)
    return pl.concat([opened, closed], how="diagonal").select(opened.columns)


def as_of(log: pl.DataFrame, keys: Sequence[str], moment: datetime | None = None) -> pl.DataFrame:
    """What was said at `moment` (None: what is said now), one row per key, with the VALID_FROM and RUN_ID of its line.

    A line that begins at `moment` holds at `moment`.
    """
    seen = log if moment is None else log.filter(pl.col(VALID_FROM) <= _utc(moment))
    if seen[VALID_FROM].n_unique() > 1:
        seen = seen.unique(keys, keep="last", maintain_order=True)
    return seen.filter(~pl.col(GONE)).drop(GONE)


def history(log: pl.DataFrame, keys: Sequence[str], moment: datetime | None = None) -> pl.DataFrame:
    """Everything that was ever said until `moment`, in order of time, with VALID_TO: when the next line closed it."""
    seen = log if moment is None else log.filter(pl.col(VALID_FROM) <= _utc(moment))
    if seen[VALID_FROM].n_unique() < 2:
        closed = pl.lit(None, dtype=MOMENT)
    else:
        closed = pl.col(VALID_FROM).shift(-1).over(list(keys))
    return seen.with_columns(closed.alias(VALID_TO)).filter(~pl.col(GONE)).drop(GONE)


def updated_after(
    log: pl.DataFrame, keys: Sequence[str], moment: datetime, until: datetime | None = None
) -> pl.DataFrame:
    """What a reader of the state at `moment` has to change to have the state at `until` (None: now).

    returns  the columns of `as_of`, with HOW: added, changed or removed (of which only the key is left)
    """
    before, after = as_of(log, keys, moment), as_of(log, keys, until)
    said = _said(after, keys)
    was = before.select(*keys, *(pl.col(name).alias(f"{name}__WAS") for name in said), pl.lit(True).alias("__WAS"))
    joined = after.join(was, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
    same = pl.all_horizontal(pl.col("__WAS").is_not_null(), *(pl.col(n).eq_missing(pl.col(f"{n}__WAS")) for n in said))
    how = pl.when(pl.col("__WAS").is_null()).then(pl.lit(How.ADDED)).otherwise(pl.lit(How.CHANGED))
    found = joined.filter(~same).with_columns(how.alias(HOW)).select(*after.columns, HOW)
    left = before.join(after.select(keys), on=list(keys), how="anti", nulls_equal=True)
    removed = left.select(*keys, pl.lit(How.REMOVED).alias(HOW))
    return pl.concat([found, removed], how="diagonal")


def difference(
    before: pl.DataFrame, after: pl.DataFrame, keys: Sequence[str], materiality: float = 0.0
) -> pl.DataFrame:
    """What differs between two states, by key.

    materiality  the share of the former value from which a change of value is material: 0.01 for one per cent
    returns      keys, BEFORE and AFTER (float), STATUS_BEFORE and STATUS_AFTER ("A", or "A C" where it is protected),
                 HOW, RELATIVE (change over the former value; null where there is none or it is zero) and MATERIAL.
                 A value that became known, unknown or protected is a change of status, and material; so is a cell
                 that was added or removed. Material ones first, the largest change first.
    """
    left, right = _sides(before, keys, "BEFORE"), _sides(after, keys, "AFTER")
    joined = left.join(right, on=list(keys), how="full", coalesce=True, nulls_equal=True)
    was, now = pl.col("BEFORE"), pl.col("AFTER")
    how = (
        pl.when(pl.col("IN_BEFORE").is_null())
        .then(pl.lit(How.ADDED))
        .when(pl.col("IN_AFTER").is_null())
        .then(pl.lit(How.REMOVED))
        .when(was.is_not_null() & now.is_not_null() & (was != now))
        .then(pl.lit(How.CHANGED))
        .when(was.ne_missing(now) | pl.col("STATUS_BEFORE").ne_missing(pl.col("STATUS_AFTER")))
        .then(pl.lit(How.STATUS_CHANGED))
    )
    by = now - was
    enough = (by != 0) & (by.abs() >= materiality * was.abs())
    changed = pl.col(HOW) == How.CHANGED
    appeared = pl.col(HOW).is_in([How.ADDED, How.REMOVED]) | was.ne_missing(now)
    return (
        joined.with_columns(how.alias(HOW))
        .filter(pl.col(HOW).is_not_null())
        .with_columns(
            pl.when(was != 0).then(by / was).alias("RELATIVE"),
            pl.when(changed).then(enough).otherwise(appeared).fill_null(value=False).alias("MATERIAL"),
        )
        .select(*keys, "BEFORE", "AFTER", "STATUS_BEFORE", "STATUS_AFTER", HOW, "RELATIVE", "MATERIAL")
        .sort(
            pl.col("MATERIAL"),
            by.abs().fill_null(-1.0),
            *keys,
            descending=[True, True, *(False for _ in keys)],
            maintain_order=True,
        )
    )


def _as_lines(said: pl.DataFrame, at: datetime | None, run: str, *, gone: bool = False) -> pl.DataFrame:
    """Rows as lines of the log: with their moment, their run, and whether they close."""
    return said.drop(VALID_FROM, VALID_TO, RUN, GONE, strict=False).with_columns(
        _utc(at).alias(VALID_FROM),
        pl.lit(run).alias(RUN),
        pl.lit(gone).alias(GONE),
    )


def _utc(moment: datetime | None) -> pl.Expr:
    """A moment of any zone, as the log writes it."""
    return pl.lit(None if moment is None else moment.astimezone(UTC), dtype=MOMENT)


def _said(state: pl.DataFrame, keys: Sequence[str]) -> list[str]:
    """The columns that say something of a key."""
    return [name for name in state.columns if name not in keys and name not in BESIDE]


def _sides(state: pl.DataFrame, keys: Sequence[str], side: str) -> pl.DataFrame:
    """One side of a comparison: keys, the value under the name of the side, the statuses, and a mark."""
    statuses = [name for name in (STATUS, CONFIDENTIAL) if name in state.columns]
    shown = [pl.col(name).replace("F", None) if name == CONFIDENTIAL else pl.col(name) for name in statuses]
    status = pl.concat_str(shown, separator=" ", ignore_nulls=True) if shown else pl.lit(None, dtype=pl.String)
    return state.select(
        *keys,
        pl.col(VALUE).alias(side),
        status.alias(f"STATUS_{side}"),
        pl.lit(True).alias(f"IN_{side}"),
    )
