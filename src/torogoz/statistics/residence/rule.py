"""The residence rule over millions of crossings at once: `domain.residence.resolve`, vectorised.

Whether a crossing is followed by a stay that makes a move does not depend on the status of the person, so it is
worked out for all crossings together, one following stay after another, until none is undecided. The status is then
the direction of the latest crossing that was such a beginning: a running maximum.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.domain.residence import DEFAULT_RULE, NotAlternating, Rule, State

Days = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

EPOCH: Final = date(1970, 1, 1)
NEVER: Final = np.iinfo(np.int32).max
NO_STATUS: Final = -1
RESULT_SCHEMA: Final = pl.Schema(
    {
        "journey_sequence": pl.Int32,
        "days_to_next_crossing": pl.Int32,
        "res_status_before": pl.Int8,
        "res_status_after": pl.Int8,
        "is_long_term_mig": pl.Int8,
        "date_finalised_res_before": pl.Date,
        "date_finalised_res_after": pl.Date,
        "date_finalised_LTM": pl.Date,
    }
)


@dataclass(frozen=True)
class Outcomes:
    """What follows each crossing, whoever the person is: whether it begins a move, and in how many days it shows."""

    moves: Mask
    days: Days


def resolve(crossings: pl.DataFrame, rule: Rule = DEFAULT_RULE) -> pl.DataFrame:
    """What `rule` makes of every crossing, if nobody crosses again after the last one of each person.

    crossings  one row per crossing: personId (any type; the rows of a person stand together), is_arrival (bool or
               0/1), date_crossing (Date), in order and by turns in and out within each person; optionally
               res_status_initial (1 lived here before the first crossing, 0 did not, null: the opposite of what the
               first crossing leads to), read on the first row of each person
    returns    the same rows with the columns of RESULT_SCHEMA. A value with a date_finalised_… after the cut-off of
               the data is an assumption: see `with_state`
    raises     NotAlternating
    """
    arrival = crossings["is_arrival"].cast(pl.Boolean).to_numpy()
    day = crossings["date_crossing"].cast(pl.Int32).to_numpy()
    first = first_of_person(crossings["personId"])
    _check_order(first, arrival, day)
    start = np.maximum.accumulate(np.where(first, np.arange(first.size), 0))
    stays = _stays(day, first, rule)
    found = outcomes(stays, rule)
    before, after = _statuses(first, start, arrival, found.moves, _initial(crossings, first, arrival))
    before_known, after_known = _known(first, start, day, arrival != before, found.days)
    turned = arrival != before
    moved = turned & found.moves
    settled = _settled(day, stays, before_known, turned, rule)
    migrant_known = np.where(moved, after_known, np.minimum(np.where(turned, after_known, before_known), settled))
    return crossings.with_columns(
        pl.Series("journey_sequence", np.arange(first.size) - start + 1, dtype=pl.Int32),
        pl.Series("days_to_next_crossing", stays, dtype=pl.Int32),
        pl.Series("res_status_before", before.view(np.int8), dtype=pl.Int8),
        pl.Series("res_status_after", after.view(np.int8), dtype=pl.Int8),
        pl.Series("is_long_term_mig", moved.view(np.int8), dtype=pl.Int8),
        pl.Series("date_finalised_res_before", before_known).cast(pl.Date),
        pl.Series("date_finalised_res_after", after_known).cast(pl.Date),
        pl.Series("date_finalised_LTM", migrant_known.astype(np.int32)).cast(pl.Date),
    )


def with_state(resolved: pl.DataFrame, cut_off: date) -> pl.DataFrame:
    """`resolved` with `state`: migrant, not, or provisional where what may still happen after `cut_off` decides."""
    return resolved.with_columns(
        pl.when(pl.col("date_finalised_LTM") > cut_off)
        .then(pl.lit(State.PROVISIONAL.value))
        .when(pl.col("is_long_term_mig") == 1)
        .then(pl.lit(State.MIGRANT.value))
        .otherwise(pl.lit(State.NOT.value))
        .alias("state")
    )


def outcomes(stays: Days, rule: Rule) -> Outcomes:
    """Whether each crossing begins a move, from the stays that follow it; the last stay of each person is a window.

    Each round takes one more stay, by turns on the new side and on the old one, for the crossings still undecided.
    """
    new_side = stays.copy()
    moves = new_side >= rule.threshold_days
    days = np.full(stays.size, rule.threshold_days, dtype=np.int32)
    open_rows = np.flatnonzero(~moves).astype(np.int32)
    mine = new_side[open_rows]
    other = np.zeros_like(mine)
    step = 1
    while open_rows.size:
        other = other + stays[open_rows + step]
        gone = other > rule.allowance_days
        days[open_rows[gone]] = mine[gone] + rule.allowance_days
        open_rows, mine, other = open_rows[~gone], mine[~gone], other[~gone]
        mine = mine + stays[open_rows + step + 1]
        here = mine >= rule.threshold_days
        moves[open_rows[here]] = True
        days[open_rows[here]] = other[here] + rule.threshold_days
        open_rows, mine, other = open_rows[~here], mine[~here], other[~here]
        step += 2
    return Outcomes(moves, days)


def first_of_person(person: pl.Series) -> Mask:
    """Which rows are the first of their person; the rows of a person stand together."""
    first: Mask = person.ne_missing(person.shift(1)).to_numpy()
    return first


def _check_order(first: Mask, arrival: Mask, day: Days) -> None:
    twice = ~first[1:] & (arrival[1:] == arrival[:-1])
    back = ~first[1:] & (day[1:] < day[:-1])
    if twice.any() or back.any():
        raise NotAlternating(
            f"{int(twice.sum())} crossings follow one in the same direction and {int(back.sum())} lie before the one "
            "that precedes them; clean them first (torogoz.statistics.residence.cleaning)"
        )


def _stays(day: Days, first: Mask, rule: Rule) -> Days:
    stays = np.full(day.size, rule.window_days, dtype=np.int32)
    np.copyto(stays[:-1], day[1:] - day[:-1], where=~first[1:])
    return stays


def _initial(crossings: pl.DataFrame, first: Mask, arrival: Mask) -> Mask:
    """The status before the first crossing, on the first row of each person; elsewhere it means nothing."""
    usual: Mask = ~arrival
    if "res_status_initial" not in crossings.columns:
        return usual
    given = crossings["res_status_initial"].cast(pl.Int8).fill_null(NO_STATUS).to_numpy()
    known: Mask = np.where(given == NO_STATUS, usual, given == 1)
    return known


def _statuses(first: Mask, start: Places, arrival: Mask, moves: Mask, initial: Mask) -> tuple[Mask, Mask]:
    """Status before and after each crossing: the direction of the latest that began a move, else the initial one."""
    latest = np.maximum.accumulate(np.where(moves, np.arange(moves.size), -1))
    after: Mask = np.where(latest >= start, arrival[np.maximum(latest, 0)], initial[start])
    before = np.empty_like(after)
    before[1:] = after[:-1]
    before[first] = initial[first]
    return before, after


def _known(first: Mask, start: Places, day: Days, turned: Mask, days: Days) -> tuple[Days, Days]:
    """From what day the status before and after each crossing is certain: a running maximum within each person."""
    own = np.where(turned, day + days, day).astype(np.int64)
    if not own.size:
        return day, day
    base, span = int(own.min()), int(own.max()) - int(own.min()) + 1
    person = np.cumsum(first, dtype=np.int64) * span
    after = (np.maximum.accumulate(person + own - base) - person + base).astype(np.int32)
    before = day.copy()
    np.copyto(before[1:], np.maximum(day[1:], after[:-1]), where=~first[1:])
    return before, after


def _settled(day: Days, stays: Days, before_known: Days, watched: Mask, rule: Rule) -> Days:
    """The day on which a crossing back is settled at once, NEVER where it is not: `domain.residence._settled_at_once`.

    watched  the crossings whose crossings back may be settled: they turn against the status before them
    """
    settled = np.full(day.size, NEVER, dtype=np.int32)
    bound = min(rule.threshold_days - rule.allowance_days, rule.threshold_days)
    rows = np.flatnonzero(watched).astype(np.int32)
    mine = stays[rows]
    rows, mine = rows[mine < bound], mine[mine < bound]
    other = np.zeros_like(mine)
    step = 1
    while rows.size:
        back = rows + step
        in_time = day[back] < before_known[rows] + rule.return_days
        rows, mine, other, back = rows[in_time], mine[in_time], other[in_time], back[in_time]
        settled[back] = np.minimum(settled[back], np.maximum(day[back], before_known[rows]))
        other = other + stays[back]
        mine = mine + stays[np.minimum(back + 1, stays.size - 1)]
        going = (other <= rule.allowance_days) & (mine < bound)
        rows, mine, other = rows[going], mine[going], other[going]
        step += 2
    return settled
