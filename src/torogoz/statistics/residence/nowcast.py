"""How many of the crossings that are still provisional will prove to be migrations, and how sure that is.

For each provisional crossing: of the crossings of the last 32 finalised months that were as open at the same age as it
is now, what share became migrations. "As open" is the path so far (direction, status then known, days since, where the
person is now, days already spent on the old side), refined by citizenship, age, sex, mode and month of the year as far
as there are cases: each refinement is drawn towards the coarser one as by `SHRINKAGE` cases.

Where a border misses crossings, what is certain may prove wrong: somebody who seemed to stay had left. The past is
therefore learnt from as it was seen then (`hindsight`), and the estimate allows for what is taken back on the average.

A month's standard error joins four variances: of the outcomes themselves, Σp(1 − p); of the shares, which were
estimated from so many cases; of what moves whole months, taken from how far past months lay from their shares; and of
what was certain and proves wrong.

source  the idea: Stats NZ, provisional outcomes-based migration (trained on the 32 most recent finalised months)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.domain.residence import Origin, Rule
from torogoz.statistics.residence.covariates import with_codes
from torogoz.statistics.residence.hindsight import FROM, LIFE, NEVER, PLACE, UNTIL, with_past_views
from torogoz.statistics.residence.rule import first_of_person

Places = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MONTHS_OF_TRAINING: Final = 32
LEAST_MONTHS: Final = 6
SHRINKAGE: Final = 8.0
# Ages, in days, at which the steps of the first weeks begin; later steps are counted from the threshold of the rule.
FIRST_STEPS: Final = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 19, 24, 30, 38, 48, 60)
LATER_STEP: Final = 15
TENTH_TO_NINTH: Final = 1.2815515655446004  # standard errors from the middle to the tenth and ninetieth percentile
REFINED_BY: Final = ("CITIZENSHIP", "AGE", "SEX", "MODE", "SEASON")
MONTHLY_SCHEMA: Final = pl.Schema(
    {
        "TIME_PERIOD": pl.String,
        "INDICATOR": pl.String,
        "certain": pl.Int64,
        "provisional": pl.Int64,
        "estimate": pl.Float64,
        "standard_error": pl.Float64,
        "p10": pl.Float64,
        "p90": pl.Float64,
        "OBS_STATUS": pl.String,
    }
)
IMMIGRANTS, EMIGRANTS = "IMMIGRANTS", "EMIGRANTS"


def steps_of(rule: Rule) -> Places:
    """The ages, in days, at which the steps begin by which open crossings are told apart; the threshold is one."""
    before = range(rule.threshold_days, FIRST_STEPS[-1] + LATER_STEP - 1, -LATER_STEP)
    after = range(rule.threshold_days, rule.window_days, LATER_STEP)
    early = [age for age in FIRST_STEPS if age < rule.threshold_days]
    return np.array(sorted({*early, *before, *after}), dtype=np.int64)


class TooShort(ValueError):
    """The data have too few finalised months to learn from."""


@dataclass(frozen=True)
class Nowcast:
    """What is expected of each provisional crossing and of each month.

    crossings  the input with p_migrant: null where the state is settled
    monthly    MONTHLY_SCHEMA, one row per month and direction: `certain` migrations, `provisional` crossings, the
               estimate of the final number with standard error, tenth and ninetieth percentile (rounded outwards);
               OBS_STATUS A when nothing of the month is open, otherwise E
    trained    first and last month learnt from
    """

    crossings: pl.DataFrame
    monthly: pl.DataFrame
    trained: tuple[str, str]


def nowcast(crossings: pl.DataFrame, rule: Rule, cut_off: date) -> Nowcast:
    """The nowcast of classified crossings (`classify.Classified.crossings`) as known at `cut_off`.

    raises  TooShort if fewer than LEAST_MONTHS months are finalised
    """
    lives = _Lives(with_past_views(crossings, rule), rule)
    own = crossings.height
    month = lives.month[:own]
    close = (cut_off - date(1970, 1, 1)).days
    is_open = lives.known[:own] > close
    first_open = int(month[is_open].min()) if is_open.any() else int(month.max()) + 1
    months = np.unique(month[month < first_open])[-MONTHS_OF_TRAINING:]
    if months.size < LEAST_MONTHS:
        raise TooShort(
            f"{months.size} months are finalised at {cut_off}; a nowcast learns from at least {LEAST_MONTHS}. "
            "The crossings have their states, but no estimate was made"
        )
    shares = _learn(lives, np.flatnonzero(np.isin(lives.month, months)), rule)
    rows = np.flatnonzero(is_open)
    cases = lives.at(rows, close - lives.day[rows])
    expected = shares.of(cases)
    chance = np.full(own, np.nan)
    chance[rows] = expected
    return Nowcast(
        crossings.with_columns(pl.Series("p_migrant", chance).fill_nan(None)),
        _monthly(_Settled(month, lives.arrival[:own], lives.migrant[:own] & ~is_open), expected, cases, shares),
        (_label(int(months[0])), _label(int(months[-1]))),
    )


@dataclass(frozen=True)
class _Cases:
    """Crossings as they stood at some age: keys from the coarsest grouping to the finest, month, step, direction."""

    keys: tuple[Places, ...]
    month: Places
    step: Places
    arrival: Mask

    @property
    def path(self) -> Places:
        """The grouping by the path so far, before any refinement."""
        return self.keys[2]


class _Lives:
    """The crossings as arrays, and how each of them stood a number of days later."""

    def __init__(self, crossings: pl.DataFrame, rule: Rule) -> None:
        self.rule = rule
        first = first_of_person(crossings[LIFE])
        self.start = np.maximum.accumulate(np.where(first, np.arange(first.size), 0))
        self.arrival: Mask = crossings["is_arrival"].cast(pl.Boolean).to_numpy()
        self.day = crossings["date_crossing"].cast(pl.Int32).to_numpy().astype(np.int64)
        self.known = crossings["date_finalised_LTM"].cast(pl.Int32).to_numpy().astype(np.int64)
        self.migrant: Mask = crossings["is_long_term_mig"].cast(pl.Boolean).to_numpy()
        self.became = self.migrant[crossings[PLACE].to_numpy()]
        self.holds_from, self.holds_until = crossings[FROM].to_numpy(), crossings[UNTIL].to_numpy()
        self.put_in = (crossings["origin"] != Origin.RECORDED.value).to_numpy()
        self.before: Mask = crossings["res_status_before"].cast(pl.Boolean).to_numpy()
        self.after: Mask = crossings["res_status_after"].cast(pl.Boolean).to_numpy()
        after_known = crossings["date_finalised_res_after"].cast(pl.Int32).to_numpy().astype(np.int64)
        year = crossings["date_crossing"].dt.year().to_numpy().astype(np.int64)
        self.month = year * 12 + crossings["date_crossing"].dt.month().to_numpy() - 1
        last = np.append(first[1:], True)
        stays = np.where(self.arrival & ~last, np.append(self.day[1:], 0) - self.day, 0)
        self.here = np.concatenate([[0], np.cumsum(stays)[:-1]]) if stays.size else stays
        self.span = int(max(after_known.max(), self.known.max()) - self.day.min()) + 2 * rule.window_days + 2
        self.person = np.cumsum(first, dtype=np.int64) * self.span - int(self.day.min())
        self.by_day, self.by_known = self.person + self.day, self.person + after_known
        self.refined = _refinements(crossings)
        self.steps = steps_of(rule)

    def seen_so(self, rows: Places, age: int) -> Mask:
        """Whether the rows were seen as they are here, at the close of the day `age` days after each.

        A row is no view while its latest crossing is one that nobody had recorded: a past view stands for it.
        """
        moment = self.day[rows] + age
        latest = np.searchsorted(self.by_day, self.person[rows] + moment, side="right") - 1
        seen: Mask = (self.holds_from[rows] <= moment) & (moment <= self.holds_until[rows]) & ~self.put_in[latest]
        return seen

    def at(self, rows: Places, age: Places) -> _Cases:
        """How the crossings `rows` stood at the close of the day `age` days after each."""
        moment = self.person[rows] + self.day[rows] + age
        latest = np.searchsorted(self.by_day, moment, side="right") - 1
        inside = self.here[latest] - self.here[rows] + np.where(self.arrival[latest], moment - self.by_day[latest], 0)
        other_side = np.where(self.arrival[rows], age - inside, inside)
        certain = np.minimum(np.searchsorted(self.by_known, moment, side="right") - 1, rows - 1)
        start = self.start[rows]
        status = np.where(certain >= start, self.after[np.maximum(certain, 0)], self.before[start])
        step = np.searchsorted(self.steps, age, side="right") - 1
        limits = np.array([0.5, 0.25 * self.rule.allowance_days + 0.5, 0.5 * self.rule.allowance_days + 0.5])
        used = np.searchsorted(limits, other_side)
        direction = self.arrival[rows].astype(np.int64) * 2 + (self.arrival[rows] != status)
        keys = [direction, direction * 64 + step]
        keys.append((keys[1] * 2 + (self.arrival[latest] == self.arrival[rows])) * 4 + used)
        for codes in self.refined:
            keys.append(keys[-1] * 16 + codes[rows])
        return _Cases(tuple(keys), self.month[rows], step, self.arrival[rows])


@dataclass(frozen=True)
class _Level:
    """One grouping: its keys, and of each the cases seen and the share drawn towards the coarser grouping."""

    keys: Places
    seen: Real
    share: Real

    def place(self, keys: Places) -> tuple[Places, Mask]:
        """Where each key stands, and whether it was seen at all."""
        place = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        return place, self.keys[place] == keys


@dataclass(frozen=True)
class _Shares:
    """What was learnt: the groupings from the coarsest on, the variance between months, and what is taken back.

    between     by direction and step of age: see `_between_months`
    taken_back  by direction and step of age: see `_taken_back`
    """

    base: float
    levels: tuple[_Level, ...]
    between: dict[tuple[bool, int], float]
    taken_back: dict[tuple[bool, int], tuple[float, float]]

    def of(self, cases: _Cases) -> Real:
        """The share that each case is given: of the finest grouping that was seen."""
        share = np.full(cases.month.size, self.base)
        for level, keys in zip(self.levels, cases.keys, strict=True):
            place, seen = level.place(keys)
            share = np.where(seen, level.share[place], share)
        return share

    def seen(self, cases: _Cases) -> Real:
        """How many cases lie behind the path of each case, before any refinement."""
        place, seen = self.levels[2].place(cases.path)
        return np.where(seen, self.levels[2].seen[place], 0.0)


def _learn(lives: _Lives, rows: Places, rule: Rule) -> _Shares:
    """The shares among the crossings `rows`, all finalised, each at every age at which it was still open."""
    wait = lives.known[rows] - lives.day[rows]
    ages = [int(age) for age in (lives.steps + np.append(lives.steps[1:], rule.window_days)) // 2]
    open_at = [(age, rows[(wait > age) & lives.seen_so(rows, age)]) for age in ages]
    parts = [lives.at(open_rows, np.full(open_rows.size, age)) for age, open_rows in open_at if open_rows.size]
    if not parts:
        return _Shares(0.0, tuple(_Level(np.zeros(1, np.int64), np.zeros(1), np.zeros(1)) for _ in range(8)), {}, {})
    moved = np.concatenate([lives.became[open_rows] for _, open_rows in open_at if open_rows.size])
    cases = _Cases(
        tuple(np.concatenate(each) for each in zip(*(part.keys for part in parts), strict=True)),
        np.concatenate([part.month for part in parts]),
        np.concatenate([part.step for part in parts]),
        np.concatenate([part.arrival for part in parts]),
    )
    base = float(moved.mean())
    levels: list[_Level] = []
    coarser = np.full(moved.size, base)
    for keys in cases.keys:
        unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        seen = np.bincount(inverse).astype(np.float64)
        hits = np.bincount(inverse, weights=moved)
        share = (hits + SHRINKAGE * coarser[first]) / (seen + SHRINKAGE)
        levels.append(_Level(unique, seen, share))
        coarser = share[inverse]
    between = _between_months(cases, moved, coarser)
    return _Shares(base, tuple(levels), between, _taken_back(lives, rows, ages))


def _between_months(cases: _Cases, moved: Mask, share: Real) -> dict[tuple[bool, int], float]:
    """By direction and age: the variance of whole months about their shares, relative to the number expected, squared.

    What the outcomes' own variance does not account for; never negative.
    """
    frame = pl.DataFrame(
        {"arrival": cases.arrival, "step": cases.step, "month": cases.month, "moved": moved, "share": share}
    )
    months = frame.group_by("arrival", "step", "month").agg(
        gap=(pl.col("moved") - pl.col("share")).sum(),
        own=(pl.col("share") * (1 - pl.col("share"))).sum(),
        expected=pl.col("share").sum(),
    )
    found = months.group_by("arrival", "step").agg(
        excess=(pl.col("gap").pow(2) - pl.col("own")).mean(), scale=pl.col("expected").pow(2).mean()
    )
    return {
        (bool(row["arrival"]), int(row["step"])): max(row["excess"], 0.0) / row["scale"]
        for row in found.iter_rows(named=True)
        if row["scale"] > 0
    }


def _taken_back(lives: _Lives, rows: Places, ages: Sequence[int]) -> dict[tuple[bool, int], tuple[float, float]]:
    """By direction and step of age: what was certain then and has proved wrong since, per migration that there was.

    returns  the balance (positive where migrations were certain that were none: the person had left, and nobody had
             recorded it), and all that proved wrong, either way
    """
    is_view = lives.holds_from[rows] > NEVER
    views, own = rows[is_view], rows[~is_view]
    found: dict[tuple[bool, int], tuple[float, float]] = {}
    for arrival in (False, True):
        mine = views[lives.arrival[views] == arrival]
        there_were = max(int((lives.became[own] & (lives.arrival[own] == arrival)).sum()), 1)
        for step, age in enumerate(ages):
            sure = mine[(lives.known[mine] - lives.day[mine] <= age) & lives.seen_so(mine, age)]
            balance = int(lives.migrant[sure].sum()) - int(lives.became[sure].sum())
            wrong = int((lives.migrant[sure] != lives.became[sure]).sum())
            found[(arrival, step)] = (balance / there_were, wrong / there_were)
    return found


@dataclass(frozen=True)
class _Settled:
    """Of every crossing: its month, its direction, and whether it is certain to be a migration."""

    month: Places
    arrival: Mask
    moved: Mask


def _monthly(settled: _Settled, expected: Real, cases: _Cases, shares: _Shares) -> pl.DataFrame:
    """The months, from settled migrations and the chances of the open crossings."""
    certain = (
        pl.DataFrame({"month": settled.month, "arrival": settled.arrival, "moved": settled.moved})
        .group_by("month", "arrival")
        .agg(certain=pl.col("moved").sum().cast(pl.Int64))
    )
    seen = shares.seen(cases)
    paths = (
        pl.DataFrame({"month": cases.month, "arrival": cases.arrival, "path": cases.path, "p": expected, "seen": seen})
        .group_by("month", "arrival", "path")
        .agg(
            provisional=pl.len().cast(pl.Int64),
            expected=pl.col("p").sum(),
            own=(pl.col("p") * (1 - pl.col("p"))).sum(),
            mean=pl.col("p").mean(),
            seen=pl.col("seen").first(),
        )
        .with_columns(
            model=pl.col("provisional").pow(2) * pl.col("mean") * (1 - pl.col("mean")) / (pl.col("seen") + SHRINKAGE)
        )
    )
    months = paths.group_by("month", "arrival").agg(pl.col("provisional", "expected", "own", "model").sum())
    steps = (
        pl.DataFrame({"month": cases.month, "arrival": cases.arrival, "step": cases.step})
        .group_by("month", "arrival")
        .agg(step=pl.col("step").median().cast(pl.Int64))
    )
    joined = certain.join(months, on=["month", "arrival"], how="left").join(steps, on=["month", "arrival"], how="left")
    keys = list(joined.select("arrival", "step").iter_rows())
    between = [shares.between.get((arrival, step or 0), 0.0) for arrival, step in keys]
    back = [shares.taken_back.get((arrival, step), (0.0, 0.0)) for arrival, step in keys]
    joined = joined.with_columns(
        back=pl.Series([balance for balance, _ in back], dtype=pl.Float64) * pl.col("certain"),
        wrong=pl.Series([wrong for _, wrong in back], dtype=pl.Float64) * pl.col("certain"),
        between=pl.Series(between, dtype=pl.Float64) * pl.col("expected").pow(2),
    )
    error = pl.sum_horizontal("own", "model", "wrong", "between").sqrt()
    return (
        joined.with_columns(pl.col("provisional").fill_null(0), pl.col("expected").fill_null(0.0), error=error)
        .with_columns(
            error=pl.col("error").fill_null(0.0).round(6),
            estimate=(pl.col("certain") + pl.col("expected") - pl.col("back")).round(6),
        )  # sums of threads differ in their last digits; what is published must not
        .sort("month", "arrival", descending=[False, True])
        .select(
            pl.format("{}-{}", pl.col("month") // 12, (pl.col("month") % 12 + 1).cast(pl.String).str.zfill(2)).alias(
                "TIME_PERIOD"
            ),
            pl.when("arrival").then(pl.lit(IMMIGRANTS)).otherwise(pl.lit(EMIGRANTS)).alias("INDICATOR"),
            "certain",
            "provisional",
            "estimate",
            pl.col("error").alias("standard_error"),
            pl.max_horizontal(0.0, (pl.col("estimate") - TENTH_TO_NINTH * pl.col("error")).floor()).alias("p10"),
            (pl.col("estimate") + TENTH_TO_NINTH * pl.col("error")).ceil().alias("p90"),
            pl.when(pl.col("provisional") > 0).then(pl.lit("E")).otherwise(pl.lit("A")).alias("OBS_STATUS"),
        )
        .select(pl.col(name).cast(kind) for name, kind in MONTHLY_SCHEMA.items())
    )


def _refinements(crossings: pl.DataFrame) -> tuple[Places, ...]:
    """The codes, below 16, of each refinement, in their order."""
    coded = with_codes(crossings).with_columns(SEASON=pl.col("date_crossing").dt.month().cast(pl.String))
    return tuple(coded[name].rank("dense").cast(pl.Int64).to_numpy() for name in REFINED_BY)


def _label(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


def last_day_of_month(month: str) -> date:
    """The last day of a month written 2026-09."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
