"""Bands of ages of different publishers, made comparable: what was published stays exact, what is split is flagged.

Within what a publisher gives, people are shared out along a curve of cumulated ages that never falls (PCHIP: Fritsch
and Carlson, SIAM J. Numer. Anal. 17 (1980), 238-246), so that no band is ever negative, as Sprague's and Beers'
multipliers allow. Or they are shared out in the proportions of a reference schedule. Either way the pieces of a
published band add up to it exactly, and whole persons stay whole. `_U` is never shared out.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.interpolate import PchipInterpolator

from torogoz.domain.ages import ALL, OLDEST, Band, band, is_band, runs, tiling

AGE, VALUE, STATUS, SPLIT = "AGE", "OBS_VALUE", "OBS_STATUS", "AGE_SPLIT"
ESTIMATED: Final = "E"
Real = npt.NDArray[np.float64]


class BandTwice(ValueError):
    """A group has two figures for one band: the columns that tell them apart were not named."""


class OverlappingTarget(ValueError):
    """Bands that are asked for share ages: nobody may be counted twice."""


def harmonise(
    frame: pl.DataFrame,
    target: Sequence[str],
    by: Sequence[str],
    reference: pl.DataFrame | None = None,
    oldest: int = OLDEST,
) -> pl.DataFrame:
    """The people of each group in the bands of `target`.

    frame      `by` (str), AGE (code), OBS_VALUE (float, null = not known); optionally OBS_STATUS. Bands of a group may
               overlap: the finest that cover most ages count, others only refine them
    target     codes of bands that do not overlap
    reference  a schedule to split by, AGE and OBS_VALUE, and any of `by` for schedules of their own; None: the curve
    oldest     where an open band ends when it must be split
    returns    `by`, AGE, OBS_VALUE, OBS_STATUS, AGE_SPLIT (bool), sorted by `by` and then in the order of `target`,
               with `_T`, `_U` and `_O` as published at the end. A band whose cuts the publisher has is exact and keeps
               its status; one that was split has status E; one whose ages nobody gave, or gave as not known, is null, M
    raises     NoBand, OverlappingTarget, BandTwice
    """
    wanted = [band(code) for code in target]
    if len(tiling(wanted, oldest)) < len(wanted):
        raise OverlappingTarget(f"the bands asked for overlap: {', '.join(target)}")
    plain = _plain(frame, by)
    codes = _parts(plain)
    banded, apart = plain.filter(pl.col(AGE).is_in(codes)), plain.filter(~pl.col(AGE).is_in(codes))
    parts = [
        _answered(keys, made, exact, statuses, target, by)
        for keys, made, exact, statuses in _patterns(banded, wanted, by, reference, oldest)
    ]
    order = {code: place for place, code in enumerate((*target, "_O", "_U", "_T"))}
    whole = pl.concat([*parts, apart.with_columns(pl.lit(False).alias(SPLIT))], how="vertical")
    ranked = whole.with_columns(pl.col(AGE).replace_strict(order, default=len(order)).alias("order"))
    return ranked.sort(*by, "order").drop("order")


def _parts(frame: pl.DataFrame) -> list[str]:
    """The codes of a frame that are bands which can be split: neither the total nor the unknown."""
    return [code for code in frame[AGE].unique().to_list() if is_band(code) and band(code) != ALL]


def _plain(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    status = pl.col(STATUS) if STATUS in frame.columns else pl.lit(None, pl.String)
    known = pl.col(VALUE).is_not_null()
    return frame.select(
        *by,
        AGE,
        pl.col(VALUE).cast(pl.Float64),
        pl.coalesce(status, pl.when(known).then(pl.lit("A")).otherwise(pl.lit("M"))).alias(STATUS),
    )


def _patterns(
    banded: pl.DataFrame, wanted: Sequence[Band], by: Sequence[str], reference: pl.DataFrame | None, oldest: int
) -> Iterator[tuple[pl.DataFrame, Real, npt.NDArray[np.bool_], pl.Series]]:
    """The groups that know the same bands, together: keys, their people in `wanted`, which are exact, statuses."""
    keys = list(by) or ["everybody"]
    told = banded if by else banded.with_columns(pl.lit("").alias("everybody"))
    known = pl.col(VALUE).is_not_null()
    groups = (
        told.sort(AGE)
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col(AGE).filter(known),
            pl.col(VALUE).filter(known),
            pl.when((pl.col(STATUS) == ESTIMATED).any()).then(pl.lit(ESTIMATED)).otherwise(pl.lit("A")).alias(STATUS),
            (pl.len() > pl.col(AGE).n_unique()).alias("twice"),
        )
        .with_columns(pl.col(AGE).list.join(" ").alias("pattern"))
    )
    if groups["twice"].any():
        raise BandTwice("a group has a band twice; name in `by` every column that tells the rows apart")
    shares = [name for name in by if reference is not None and name in reference.columns]
    parts = groups.partition_by(["pattern", *shares], as_dict=True, maintain_order=True)
    for (pattern, *schedule), group in parts.items():
        given = [band(code) for code in str(pattern).split()]
        values = group[VALUE].explode().drop_nulls().to_numpy().reshape(group.height, len(given))
        cumulated = (
            None if reference is None else _schedule(reference, dict(zip(shares, schedule, strict=True)), oldest)
        )
        made, exact = split(given, values, wanted, cumulated, oldest)
        yield group.select(by), made, exact, group[STATUS]


def _answered(
    keys: pl.DataFrame,
    made: Real,
    exact: npt.NDArray[np.bool_],
    statuses: pl.Series,
    target: Sequence[str],
    by: Sequence[str],
) -> pl.DataFrame:
    """One row per group and band."""
    columns = []
    for place, code in enumerate(target):
        value = pl.Series(VALUE, made[:, place]).fill_nan(None)
        told = pl.DataFrame([pl.Series(AGE, [code] * len(value), dtype=pl.String), value, statuses.alias(STATUS)])
        frame = keys.hstack(told) if by else told
        split_here = pl.Series(SPLIT, ~exact[:, place], dtype=pl.Boolean) & value.is_not_null()
        columns.append(
            frame.with_columns(split_here.alias(SPLIT)).with_columns(
                pl.when(pl.col(VALUE).is_null())
                .then(pl.lit("M"))
                .when(SPLIT)
                .then(pl.lit(ESTIMATED))
                .otherwise(pl.col(STATUS))
                .alias(STATUS)
            )
        )
    return pl.concat(columns).select(*by, AGE, VALUE, STATUS, SPLIT)


def split(
    given: Sequence[Band],
    values: Real,
    wanted: Sequence[Band],
    schedule: Mapping[int, float] | None = None,
    oldest: int = OLDEST,
) -> tuple[Real, npt.NDArray[np.bool_]]:
    """People in `given` bands, shared out over `wanted` ones.

    values    groups × given (persons >= 0)
    schedule  cumulated share by age, 0 at birth, never falling; None: the curve through the group's own bands
    returns   groups × wanted: persons (NaN where the given bands do not reach), and whether the figure is exact
    """
    cuts = sorted({cut for each in (*given, *wanted) for cut in (each.start, each.end) if cut is not None})
    last = max(oldest, *(cut + 5 for cut in cuts), 0) if cuts else oldest
    made = np.full((values.shape[0], len(wanted)), np.nan)
    exact = np.zeros(made.shape, dtype=np.bool_)
    for run in runs(tiling(given, oldest)):
        nodes = _nodes(run, given, values, last)
        known = ~np.isnan(np.column_stack([nodes[cut] for cut in sorted(nodes)]))
        for pattern in np.unique(known, axis=0):
            rows = (known == pattern).all(axis=1)
            at = [cut for cut, is_known in zip(sorted(nodes), pattern, strict=True) if is_known]
            curve = np.column_stack([nodes[cut][rows] for cut in at])
            _share_out(run, at, curve, wanted, schedule, last, made, exact, np.flatnonzero(rows))
    return made, exact


def _nodes(run: Sequence[Band], given: Sequence[Band], values: Real, last: int) -> dict[int, Real]:
    """People younger than each cut that the bands tell, from the start of the run; NaN where a band contradicts.

    The bands of the run tell their own cuts. Another band tells one more, if it begins or ends at a cut already known
    and the count does not fall: the shorter bands first.
    """
    place = {each: number for number, each in enumerate(given)}
    nodes: dict[int, Real] = {run[0].start: np.zeros(values.shape[0])}
    for each in run:
        nodes[last if each.end is None else each.end] = nodes[each.start] + values[:, place[each]]
    others = sorted((each for each in given if each not in run), key=lambda one: (one.years(last), one.start))
    found = True
    while found:
        found = False
        for each in others:
            end = last if each.end is None else each.end
            for cut, beside, sign in ((end, each.start, 1.0), (each.start, end, -1.0)):
                if beside in nodes and cut not in nodes and run[0].start < cut < max(nodes):
                    nodes[cut] = _between(nodes, cut, nodes[beside] + sign * values[:, place[each]])
                    found = True
    return nodes


def _between(nodes: Mapping[int, Real], cut: int, count: Real) -> Real:
    """The count at a new cut, NaN where it would make the curve fall."""
    below = np.nanmax(np.column_stack([nodes[other] for other in nodes if other < cut]), axis=1)
    above = np.nanmin(np.column_stack([nodes[other] for other in nodes if other > cut]), axis=1)
    fits: Real = np.where((count >= below) & (count <= above), count, np.nan)
    return fits


def _share_out(
    run: Sequence[Band],
    at: Sequence[int],
    curve: Real,
    wanted: Sequence[Band],
    schedule: Mapping[int, float] | None,
    last: int,
    made: Real,
    exact: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.intp],
) -> None:
    """Fill in `made` and `exact` for the groups `rows`, whose cumulated people at the cuts `at` are `curve`."""
    reach = Band(run[0].start, run[-1].end)
    inside = {cut for each in wanted for cut in (each.start, each.end) if cut is not None and at[0] < cut < at[-1]}
    every = sorted({*at, *inside})
    if schedule is None:
        whole = _monotone(at, curve, every, is_open=reach.end is None)
    else:
        whole = _proportional(at, curve, every, schedule)
    pieces = np.diff(whole, axis=1)
    bounds = [every.index(cut) for cut in at]
    for first, end in pairwise(bounds):
        pieces[:, first:end] = _rounded(
            pieces[:, first:end], curve[:, bounds.index(end)] - curve[:, bounds.index(first)]
        )
    for column, each in enumerate(wanted):
        if reach.contains(each):
            begins, ends = every.index(each.start), every.index(last if each.end is None else each.end)
            made[rows, column] = pieces[:, begins:ends].sum(axis=1)
            exact[rows, column] = each.start in at and (last if each.end is None else each.end) in at


def _monotone(at: Sequence[int], curve: Real, cuts: Sequence[int], *, is_open: bool) -> Real:
    """The cumulated people at `cuts`, along a curve that never falls; level after the end of an open band."""
    if len(at) == 2 and not is_open:
        share = (np.array(cuts, dtype=np.float64) - at[0]) / (at[1] - at[0])
        return curve[:, [0]] + (curve[:, [1]] - curve[:, [0]]) * share
    places = [*at, at[-1] + 10] if is_open else list(at)
    told = np.column_stack([curve, curve[:, -1]]) if is_open else curve
    found: Real = PchipInterpolator(np.array(places, dtype=np.float64), told, axis=1)(np.array(cuts, dtype=np.float64))
    return np.maximum.accumulate(found, axis=1)


def _proportional(at: Sequence[int], curve: Real, cuts: Sequence[int], schedule: Mapping[int, float]) -> Real:
    """The cumulated people at `cuts`, each band shared out as the schedule has it; evenly where it has nobody."""
    ages = sorted(schedule)
    told = np.interp(np.array(cuts, dtype=np.float64), ages, [schedule[age] for age in ages])
    found = np.empty((curve.shape[0], len(cuts)))
    for place, (begins, ends) in enumerate(pairwise(at)):
        first, last = cuts.index(begins), cuts.index(ends)
        mass = told[last] - told[first]
        years = np.array(cuts[first : last + 1], dtype=np.float64)
        share = (told[first : last + 1] - told[first]) / mass if mass > 0 else (years - begins) / (ends - begins)
        found[:, first : last + 1] = curve[:, [place]] + (curve[:, [place + 1]] - curve[:, [place]]) * share
    return found


def _rounded(pieces: Real, total: Real) -> Real:
    """Pieces that add up to `total` exactly: whole where it is whole, by largest remainders, ties to the younger."""
    whole = total == np.floor(total)
    down = np.floor(np.maximum(pieces, 0.0) + 1e-9)
    lacking = np.rint(total - down.sum(axis=1))
    order = np.argsort(np.round(-(pieces - down), 9), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(pieces.shape[1]), order.shape), axis=1)
    counted = down + (rank < lacking[:, None])
    scaled = np.maximum(pieces, 0.0)
    scaled[:, -1] = np.maximum(total - scaled[:, :-1].sum(axis=1), 0.0)
    result: Real = np.where(whole[:, None], counted, scaled)
    return result


def _schedule(reference: pl.DataFrame, key: Mapping[str, Any], oldest: int) -> dict[int, float]:
    """The cumulated schedule of one group: people younger than each age, along the curve through its own bands."""
    own = reference.filter(pl.lit(True), *(pl.col(name) == value for name, value in key.items()))
    told = own.filter(pl.col(AGE).is_in(_parts(own)) & pl.col(VALUE).is_not_null())
    given = [band(code) for code in told[AGE].to_list()]
    years = [Band(age, age + 1) for age in range(oldest)]
    if not given:
        return dict.fromkeys((0, oldest), 0.0)
    people, _ = split(given, told[VALUE].cast(pl.Float64).to_numpy().reshape(1, -1) * 1e6, years, None, oldest)
    cumulated = np.concatenate([[0.0], np.cumsum(np.nan_to_num(people[0]))])
    return {age: float(count) for age, count in enumerate(cumulated)}
