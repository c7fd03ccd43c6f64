"""What may be crossed freely in a release of returns, and the base cube that answers it (`disclosure/strict.py`).

The fixed tables by year are the anchors of the cube: whatever they show, the cube holds exactly, so that a question has
one figure whichever page answers it. Whatever they hide gets a stand-in: a number with the noise of its own cell that
fits every sum that is shown. The cube answers it as hidden; the stand-in only keeps the rest in order.

Months and the department of origin are not in the cube: a second geography, or a period of a few days more or less,
would give persons by difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from torogoz.statistics.disclosure.cellkey import perturb
from torogoz.statistics.disclosure.keys import Keys, seed_of
from torogoz.statistics.disclosure.ptable import PTable, design
from torogoz.statistics.disclosure.strict import BaseCube, Hidden, base_cube, coarser_view, from_frame, own_view
from torogoz.statistics.disclosure.swaps import Anchor, View
from torogoz.statistics.disclosure.system import System, system_of
from torogoz.statistics.releases import (
    ADULT,
    BANDS,
    CHILD,
    DEPARTMENTS,
    FROM_20,
    MODES,
    REASONS,
    SEXES,
    TEENS,
    UNDER_15,
    UNKNOWN,
    Plan,
)
from torogoz.statistics.tabulation import VALUE, Dimension, sums_of

Whole = npt.NDArray[np.int64]
PERSON_KEY = "PERSON_KEY"
YEAR = "TIME_PERIOD"
AGES = "AGE_DETAIL"
DETAILS = (*BANDS[:3], *TEENS, *FROM_20, UNKNOWN)
ASKED = (YEAR, "REF_AREA", "SEX", "AGE", "AGE_GROUP", "COUNTERPART_AREA", "MODE", "REASON")
AREA = "REF_AREA"
MOST_NODES = 5_000
SHOWN_BY = (
    (YEAR,),
    (YEAR, "SEX"),
    (YEAR, "AGE"),
    (YEAR, "AGE_GROUP"),
    (YEAR, "SEX", "AGE"),
    (YEAR, "SEX", "AGE_GROUP"),
    (YEAR, "COUNTERPART_AREA"),
    (YEAR, "MODE"),
    (YEAR, "COUNTERPART_AREA", "MODE"),
    (YEAR, "REF_AREA"),
    (YEAR, "REF_AREA", "SEX"),
    (YEAR, "REASON"),
    (YEAR, "REASON", "AGE_GROUP"),
)
ANCHORS = (
    ((), (YEAR, "SEX", AGES)),
    ((YEAR, "SEX"), ("REF_AREA",)),
    ((YEAR,), ("COUNTERPART_AREA", "MODE")),
    ((YEAR, "AGE_GROUP"), ("REASON",)),
)


class NoStandIns(Exception):
    """The hidden cells got no numbers that fit what is shown; the true ones must not stand in for themselves."""


@dataclass(frozen=True)
class Crossed:
    """What a cube is made of besides its cells: the codes of its variables, and the views."""

    variables: Mapping[str, tuple[str, ...]]
    views: Mapping[str, View]


def crossed(years: Sequence[str], countries: Sequence[str]) -> Crossed:
    """The variables and views of the cube of returns, for the years and countries that a release publishes."""
    variables: dict[str, tuple[str, ...]] = {
        YEAR: tuple(years),
        "SEX": SEXES,
        AGES: DETAILS,
        "COUNTERPART_AREA": tuple(countries),
        "MODE": MODES,
        "REF_AREA": DEPARTMENTS,
        "REASON": REASONS,
    }
    bands: dict[str, tuple[str, ...]] = {band: TEENS if band == BANDS[3] else (band,) for band in (*BANDS, UNKNOWN)}
    groups = {CHILD: (*UNDER_15, TEENS[0]), ADULT: (TEENS[1], *FROM_20), UNKNOWN: (UNKNOWN,)}
    views = {
        **{name: own_view(name, codes) for name, codes in variables.items() if name != AGES},
        "AGE": coarser_view(AGES, DETAILS, bands),
        "AGE_GROUP": coarser_view(AGES, DETAILS, groups),
    }
    return Crossed(variables, {name: views[name] for name in ASKED})


def crossed_of(public: pl.DataFrame) -> Crossed:
    """The variables and views of the cube beside these published cells."""
    years = sorted(period for period in public[YEAR].unique() if len(period) == 4)
    countries = sorted(set(public["COUNTERPART_AREA"].unique()) - {"_T"})
    return crossed(years, countries)


@lru_cache(maxsize=4)
def noise_of(secret: bytes) -> PTable:
    """The noise of the measurements. Its largest change and its variance follow from the secret, so that the reader of
    this programme does not know them: one of fifteen designs of about the same strength."""
    drawn = seed_of("the design of the noise", secret)
    return design(7 + drawn % 3, 7.0 + drawn // 3 % 5 / 2, 2)


def cube_of(
    rows: pl.DataFrame,
    keys: Keys,
    plan: Plan,
    dimensions: Sequence[Dimension],
    counts: pl.DataFrame,
    public: pl.DataFrame,
    secret: bytes,
) -> BaseCube:
    """The base cube of a release of returns.

    rows    as `plan.deidentified` gives them; keys  one per row, not kept
    counts  every cell with its true count and HIDDEN, those that no table shows included (`releases.Published.counts`)
    public  the published cells
    """
    made = crossed_of(public)
    noise = noise_of(secret)
    levelled = plan.with_levels(rows)
    yearly = counts.filter(pl.col(YEAR).str.len_chars() == 4)
    names = [dimension.name for dimension in dimensions]
    stood_in = with_stand_ins(yearly, names, dimensions, _key_sums(levelled, keys, plan, dimensions, yearly), noise)
    return base_cube(
        rows.select(
            pl.col(YEAR).str.head(4),
            "SEX",
            levelled["TEEN"].fill_null(levelled["AGE"]).alias(AGES),
            "COUNTERPART_AREA",
            "MODE",
            "REF_AREA",
            "REASON",
        ),
        made.variables,
        keys,
        noise,
        seed=seed_of(plan.dataflow, secret),
        views=made.views,
        anchors=_anchors(stood_in, made),
        hidden=hidden_tables(public, made),
        apart=(YEAR,),
    )


def cube_from(cells: pl.DataFrame, public: pl.DataFrame) -> BaseCube:
    """The cube of a release from its file and from the published cells beside it."""
    made = crossed_of(public)
    return from_frame(cells, made.variables, made.views, hidden_tables(public, made), (YEAR,))


def with_kept_years(kept: BaseCube, fresh: BaseCube | None, years: Sequence[str], public: pl.DataFrame) -> BaseCube:
    """The cube beside `public` that answers `years` as `kept` did, and the others as `fresh` does."""
    cells = kept.frame().filter(pl.col(YEAR).is_in(list(years)))
    return cube_from(cells if fresh is None else pl.concat([cells, fresh.frame()]), public)


def hidden_tables(public: pl.DataFrame, made: Crossed) -> tuple[Hidden, ...]:
    """What the fixed tables hide, as the cube needs it."""
    hidden = public.filter(pl.col("CONF_STATUS") != "F", pl.col(YEAR).str.len_chars() == 4)
    groups = set(made.views["AGE_GROUP"].codes) - {UNKNOWN}
    found = []
    for views in SHOWN_BY:
        cells = np.zeros(tuple(len(made.views[name].codes) for name in views), dtype=np.bool_)
        places = [{code: place for place, code in enumerate(made.views[name].codes)} for name in views]
        columns = ["AGE" if name == "AGE_GROUP" else name for name in views]
        for codes in _at_their_total_elsewhere(hidden, columns).select(columns).iter_rows():
            if "AGE_GROUP" in views and codes[columns.index("AGE")] not in groups | {UNKNOWN}:
                continue
            if "AGE" in views and codes[columns.index("AGE")] in groups:
                continue
            if all(code in place for code, place in zip(codes, places, strict=True)):
                cells[tuple(place[code] for code, place in zip(codes, places, strict=True))] = True
        found.append(Hidden(views, cells))
    return tuple(found)


def with_stand_ins(
    cells: pl.DataFrame, names: Sequence[str], dimensions: Sequence[Dimension], keys: Keys, noise: PTable
) -> pl.DataFrame:
    """The cells of years with NUMBER: the count where it is shown, else a stand-in that fits every sum.

    Of all whole numbers that fit, those are taken that are nearest, added up, to the counts with their own noise.
    """
    shown = ~(cells["HIDDEN"] | cells["UNSEEN"]).to_numpy().astype(np.bool_)
    counts = cells[VALUE].to_numpy().astype(np.int64)
    wanted = perturb(counts, keys, noise)
    system: System = system_of(cells.select(names).rows(), sums_of(dimensions))
    numbers = counts.copy()
    for places, block in system.blocks():
        numbers[places] = _nearest(block, shown[places], counts[places], wanted[places])
    return cells.with_columns(NUMBER=pl.Series(numbers))


def _nearest(block: System, shown: npt.NDArray[np.bool_], counts: Whole, wanted: Whole) -> Whole:
    """Whole numbers for the cells that are not shown: the sums hold, and the distance to `wanted` is least."""
    open_cells, rows = block.without(shown, counts.astype(np.float64))
    size = open_cells.size
    if not size:
        return counts
    entries = [(row, column, sign) for row, (terms, _) in enumerate(rows) for column, sign in terms]
    sums = csr_array(
        ([each[2] for each in entries], ([each[0] for each in entries], [each[1] for each in entries])),
        shape=(len(rows), 3 * size),
    )
    one = np.arange(size)
    apart = csr_array(
        (np.repeat([1.0, -1.0, 1.0], size), (np.tile(one, 3), np.r_[one, one + size, one + 2 * size])),
        shape=(size, 3 * size),
    )
    sides = np.array([side for _, side in rows])
    goal = wanted[open_cells].astype(np.float64)
    solved = milp(
        np.r_[np.zeros(size), np.ones(2 * size)],
        integrality=np.r_[np.ones(size), np.zeros(2 * size)],
        bounds=Bounds(0, np.inf),
        constraints=[LinearConstraint(sums, sides, sides), LinearConstraint(apart, goal, goal)],
        options={"node_limit": MOST_NODES},
    )
    if solved.x is None:
        raise NoStandIns(f"no stand-ins were found for {size} hidden cells; nothing was published")
    found = counts.copy()
    found[open_cells] = np.rint(solved.x[:size]).astype(np.int64)
    return found


def _key_sums(
    levelled: pl.DataFrame, keys: Keys, plan: Plan, dimensions: Sequence[Dimension], cells: pl.DataFrame
) -> Keys:
    """The sum of the keys of each cell's records, in the order of `cells`; zero for an empty cell."""
    names = [dimension.name for dimension in dimensions]
    low, high = keys & np.uint64(0xFFFFFFFF), keys >> np.uint64(32)
    keyed = levelled.with_columns(LOW=pl.Series(low), HIGH=pl.Series(high))
    parts = []
    for table in plan.tables:
        choices = [[each.levels[level] for level in table.levels.get(each.name, ("total",))] for each in dimensions]
        for levels in product(*choices):
            coded = keyed.select(
                *(
                    (pl.lit(level.codes[0]) if level.column is None else pl.col(level.column)).alias(name)
                    for name, level in zip(names, levels, strict=True)
                ),
                "LOW",
                "HIGH",
            )
            parts.append(coded.drop_nulls().group_by(names).agg(pl.col("LOW").sum(), pl.col("HIGH").sum()))
    sums = pl.concat(parts).unique(names, keep="first")
    found = cells.select(names).join(sums, on=names, how="left", maintain_order="left")
    lows, highs = (found[name].fill_null(0).to_numpy().astype(np.uint64) for name in ("LOW", "HIGH"))
    together: Keys = lows + (highs << np.uint64(32))
    return together


def _anchors(cells: pl.DataFrame, made: Crossed) -> list[Anchor]:
    """The tables that the cube holds exactly, from the cells of years with NUMBER."""
    anchors = []
    for given, new in ANCHORS:
        codes = [made.views[name].codes if name in made.views else made.variables[name] for name in (*given, *new)]
        columns = ["AGE" if name in {AGES, "AGE_GROUP"} else name for name in (*given, *new)]
        grid = pl.DataFrame(list(product(*codes)), schema=dict.fromkeys(columns, pl.String), orient="row")
        table = grid.join(
            _at_their_total_elsewhere(cells, columns), on=columns, how="left", maintain_order="left"
        ).select(pl.col("NUMBER").fill_null(0))
        counts = table["NUMBER"].to_numpy().astype(np.int64).reshape([len(each) for each in codes])
        anchors.append(Anchor(given, new, counts))
    return anchors


TOTALS = {
    **dict.fromkeys(("SEX", "AGE", "COUNTERPART_AREA", "MODE", "ORIGIN", "REASON"), "_T"),
    "REF_AREA": "SLV",
}


def _at_their_total_elsewhere(cells: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The cells that are cut by no dimension but these."""
    return cells.filter(
        *(pl.col(name) == total for name, total in TOTALS.items() if name not in columns),
        *(pl.col(name) != total for name, total in TOTALS.items() if name in columns),
    )
