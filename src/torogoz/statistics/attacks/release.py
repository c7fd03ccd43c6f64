"""The attacks, run on a release by the office that made it: what each aimed at, and how much of it was told.

The office has the rows, so it can tell a right guess from a wrong one; the attacks themselves see what the public sees.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from torogoz.statistics.attacks.asking import VALUE, Ask, Where, compared
from torogoz.statistics.attacks.averaging import averaged
from torogoz.statistics.attacks.coalition import pinned
from torogoz.statistics.attacks.differencing import differences
from torogoz.statistics.attacks.tracking import disagreements
from torogoz.statistics.between import shown_before, told_by
from torogoz.statistics.crosstables import YEAR
from torogoz.statistics.disclosure.private.accounting import most_advantage
from torogoz.statistics.disclosure.strict import BaseCube
from torogoz.statistics.disclosure.system import Mask, Real, System, system_of
from torogoz.statistics.private_releases import PrivatePlan
from torogoz.statistics.releases import BANDS, Plan, attacked
from torogoz.statistics.tabulation import Dimension, sums_of

BASE = ("REF_AREA", "REASON")  # no fixed table shows it
CUTS = ("SEX", "AGE", "COUNTERPART_AREA", "MODE")
LEAST, MOST = 1, 60
MOST_GAIN = 0.02  # what a further query may tell above the first one
FIXED = ((YEAR, "SEX"), (YEAR, "AGE"), (YEAR, "REF_AREA"), (YEAR, "REF_AREA", "SEX"), (YEAR, "REASON"), (YEAR, "MODE"))
COALITIONS = 5


@dataclass(frozen=True)
class Tried:
    """One attack on one release.

    attack  its letter and name; told, aimed  how many figures were told exactly, of how many aimed at
    alone   the share that the question itself tells, where the attack is to tell no more than that
    passes  None where there is no limit: the line is for reading
    """

    attack: str
    aimed: int
    told: int
    alone: float | None = None
    passes: bool | None = None
    words: str = ""
    verb: str = "told exactly"


def on_fixed_tables(
    public: pl.DataFrame,
    rows: pl.DataFrame,
    plan: Plan,
    months: Sequence[str],
    coalitions: int = COALITIONS,
    before: Sequence[pl.DataFrame] = (),
) -> Iterator[Tried]:
    """A, E between releases, and G on tables with hidden cells.

    before      the published cells of earlier releases, the newest first
    public      the published cells; rows  the release's own rows
    coalitions  how many of the cells of one (and of two) persons are tried; each takes two audits
    """
    dimensions = plan.dimensions(rows, months)
    cells = plan.counted(rows, months)
    names = [dimension.name for dimension in dimensions]
    shown_there = cells.join(public.select(*names, SEEN=pl.col(VALUE)), on=names, how="left", maintain_order="left")
    shown: Mask = shown_there["SEEN"].is_not_null().to_numpy().astype(np.bool_)
    counts: Real = cells[VALUE].to_numpy().astype(np.float64)
    hidden: Mask = ~shown & ~cells["UNSEEN"].to_numpy().astype(np.bool_)
    found = attacked(public, dimensions, plan)
    exact = int((hidden & (found.width == 0)).sum())
    yield Tried("A bounds of hidden cells", int(hidden.sum()), exact, passes=exact == 0)
    if before:
        yield _between_releases(public, cells, plan, dimensions, before, hidden)
    system: System = system_of(cells.select(names).rows(), sums_of(dimensions))
    small: Mask = plan.rule.is_small(counts)
    for k in (1, 2):
        theirs = np.flatnonzero(hidden & (counts == k))
        tried = np.random.default_rng(k).permutation(theirs)[:coalitions]
        gained = pinned(system, shown, small, counts, plan.rule.floor, tried)
        yield Tried(
            f"G coalition of {k}",
            gained.aimed,
            gained.exact,
            passes=gained.exact == 0 if k == 1 else None,
            words=f"{tried.size} of {theirs.size} cells of {k} tried",
        )


def _between_releases(
    public: pl.DataFrame,
    cells: pl.DataFrame,
    plan: Plan,
    dimensions: Sequence[Dimension],
    before: Sequence[pl.DataFrame],
    hidden: Mask,
) -> Tried:
    """E: what earlier releases showed, and has not changed, put into the equations of this one."""
    names = [dimension.name for dimension in dimensions]
    told = told_by(shown_before(before, names), cells, names)
    counts: Real = cells[VALUE].to_numpy().astype(np.float64)
    aimed: Mask = hidden & ~told.known
    found = attacked(public, dimensions, plan, told=told, counts=counts)
    exact = int((aimed & (found.width == 0)).sum())
    return Tried("E between releases", int(aimed.sum()), exact, passes=exact == 0)


def on_cube(cube: BaseCube, public: pl.DataFrame, rows: pl.DataFrame, plan: Plan) -> Iterator[Tried]:
    """B and E on the cross tables of a release, in its last year; and F."""
    last = max(cube.variables[YEAR])
    levelled = plan.with_levels(rows).filter(pl.col("YEAR") == last)

    def ask(by: Sequence[str], where: Where) -> pl.DataFrame:
        return cube.answer(by, {YEAR: [last], **where}).select(*by, VALUE)

    truth = ask(BASE, {}).select(BASE).join(levelled.group_by(BASE).len(VALUE), on=list(BASE), how="left")
    truth = truth.with_columns(pl.col(VALUE).fill_null(0).cast(pl.Float64))
    one = compared("B", ask(BASE, {}), truth, LEAST, MOST)
    many = compared("B", averaged(ask, BASE, CUTS, 2), truth, LEAST, MOST)
    yield _no_more("B averaging", many.aimed, many.exact, one.share)
    yield _between_ages(ask, levelled)
    yield _outputs(cube, public)


def on_private_tables(plan: PrivatePlan) -> Tried:
    """H on private tables: nobody can do better than this, so nothing needs to be tried."""
    most = most_advantage(float(plan.epsilon))
    words = f"ε {float(plan.epsilon):g}: who asks whether a person is in a year gains at most {most:.0%} over a coin"
    return Tried(f"H membership of {plan.dataflow}", 0, 0, words=words)


def _between_ages(ask: Ask, rows: pl.DataFrame) -> Tried:
    """E: persons from 20 years less persons from 25, by department and reason."""
    wide, narrow, between = BANDS[4:], BANDS[5:], BANDS[4]
    true = rows.filter(pl.col("AGE") == between).group_by(BASE).len(VALUE)
    truth = ask(BASE, {}).select(BASE).join(true, on=list(BASE), how="left")
    truth = truth.with_columns(pl.col(VALUE).fill_null(0).cast(pl.Float64))
    alone = compared("E", ask(BASE, {"AGE": [between]}), truth, LEAST, MOST)
    apart = compared("E", differences(ask, BASE, {"AGE": wide}, {"AGE": narrow}), truth, LEAST, MOST)
    return _no_more("E differencing of ages", apart.aimed, apart.exact, alone.share)


def _outputs(cube: BaseCube, public: pl.DataFrame) -> Tried:
    """F: fixed tables and cross tables must give one figure for one question."""
    totals = {"SEX": "_T", "AGE": "_T", "COUNTERPART_AREA": "_T", "MODE": "_T", "REF_AREA": "SLV", "ORIGIN": "_T"}
    totals["REASON"] = "_T"
    aimed = differ = 0
    for by in FIXED:
        crossed = cube.answer(by).select(*by, VALUE)
        inner = public.join(crossed.select(by), on=list(by), how="semi").filter(
            pl.col(name) == code for name, code in totals.items() if name not in by
        )
        aimed += bool(inner.height)
        differ += len(disagreements({"fixed": inner.select(*by, VALUE), "crossed": crossed}))
    return Tried("F fixed and cross tables", aimed, differ, passes=differ == 0, verb="tables differ")


def _no_more(attack: str, aimed: int, told: int, alone: float) -> Tried:
    share = told / aimed if aimed else 0.0
    return Tried(attack, aimed, told, alone, passes=share - alone <= MOST_GAIN)
