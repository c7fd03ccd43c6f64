"""What a release publishes: the one fixed list of tables, and its cells under disclosure control.

Nothing outside this list is published. The tables of returns cross at most two dimensions besides time; every count
under five is hidden, and so is whatever would give it back (`disclosure/`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from torogoz.statistics import border, crime
from torogoz.statistics.between import Told, still_hidden, told_by
from torogoz.statistics.disclosure.audit import CEILING, Intervals, audit
from torogoz.statistics.disclosure.protect import CannotProtect, Progress, protect
from torogoz.statistics.disclosure.rules import GENERAL, Rule
from torogoz.statistics.disclosure.system import Mask, Real, System, system_of
from torogoz.statistics.tabulation import VALUE, Dimension, Level, Table, sums_of, tabulate

UNKNOWN = "_U"
BANDS = (*(f"Y{age}T{age + 4}" for age in range(0, 85, 5)), "Y_GE85")
CHILD, ADULT = "Y_LT18", "Y_GE18"
UNDER_15, FROM_20 = BANDS[:3], BANDS[4:]
TEENS = ("Y15T17", "Y18T19")  # what bands and the count of children give by difference; shown by no table
SEXES = ("F", "M", "_O", UNKNOWN)
MODES = ("AIR", "LAND")
DEPARTMENTS = (
    "SV-AH", "SV-SA", "SV-SO", "SV-CH", "SV-LI", "SV-SS", "SV-CU", "SV-PA", "SV-CA", "SV-SV", "SV-US", "SV-SM", "SV-MO",
    "SV-UN", UNKNOWN,
)  # fmt: skip
COUNTRIES = ("MEX", "USA", UNKNOWN)  # always shown; any other country from the first time that it occurs
REASONS = ("ECONOMIC", "FAMILY", "INSECURITY", "STUDY", "DISASTER", "OTHER", UNKNOWN)
NOT_SERIES = {"TIME_PERIOD", "WHOLE"}
WHAT_TO_DO = (
    "Nothing was published. Leave the corrected year as it was published (without --revise), or wait until a later "
    "release brings more corrections to it."
)
INSECURITY, NOT_INSECURITY = "INSECURITY", "NOT_INSECURITY"  # what the total less the one gives; shown by no table

# The columns of the de-identified rows: no names, no numbers, no dates but the month, no age but its band.
RETURNS_COLUMNS = (
    "TIME_PERIOD", "SEX", "AGE", "AGE_GROUP", "NATIONALITY", "COUNTERPART_AREA", "MODE", "ACCOMPANIED", "ORIGIN",
    "REF_AREA", "REASON",
)  # fmt: skip
RETURNS_TABLES = (
    Table("year × sex × age", {"SEX": ("total", "sex"), "AGE": ("total", "band", "adult", "teen")}),
    Table("month × sex", {"TIME_PERIOD": ("year", "month"), "SEX": ("total", "sex")}),
    Table("year × country of return × mode", {"COUNTERPART_AREA": ("total", "country"), "MODE": ("total", "mode")}),
    Table("year × department of destination × sex", {"REF_AREA": ("total", "department"), "SEX": ("total", "sex")}),
    Table("year × reason × child or adult", {"REASON": ("total", "reason"), "AGE": ("total", "adult")}),
    Table("year × department of origin", {"ORIGIN": ("total", "department")}),
    Table(
        "year × department of origin × insecurity",
        {"ORIGIN": ("total", "department"), "REASON": ("total", "insecurity", "rest")},
    ),
)


@dataclass(frozen=True)
class Plan:
    """How one data set becomes public: its rows without persons, its dimensions, its tables and its rule.

    deidentified  the topic's frame → the rows that a release keeps (`columns`, all str)
    dimensions    rows and the months covered → the dimensions, FREQ left out
    with_levels   rows → rows with the columns of the levels that are not kept
    covered       rows and periods → which series is covered when (its columns but WHOLE, and WHOLE: not in part); None
                  if every period of the release is covered
    attributes    columns of numbers that published cells have besides (null but for estimates)
    """

    dataflow: str
    columns: tuple[str, ...]
    rule: Rule
    tables: tuple[Table, ...]
    deidentified: Callable[[pl.DataFrame], pl.DataFrame]
    dimensions: Callable[[pl.DataFrame, Sequence[str]], tuple[Dimension, ...]]
    with_levels: Callable[[pl.DataFrame], pl.DataFrame]
    covered: Callable[[pl.DataFrame, Sequence[str]], pl.DataFrame] | None = None
    attributes: tuple[str, ...] = ()

    @property
    def series(self) -> tuple[str, ...]:
        """The dimensions that no total joins, each of whose codes is covered apart; none where every period is."""
        if self.covered is None:
            return ()
        return tuple(name for name in self.covered(_nobody(self.columns), ()).columns if name not in NOT_SERIES)

    def counted(self, rows: pl.DataFrame, months: Sequence[str]) -> pl.DataFrame:
        """The true cells of all tables, those that no table shows included; not for publication."""
        cells = tabulate(self.with_levels(rows), self.dimensions(rows, months), self.tables)
        if self.covered is None:
            return cells
        known = self.covered(rows, cells["TIME_PERIOD"].unique().to_list()).drop("WHOLE")
        return cells.join(known, on=known.columns, how="semi", maintain_order="left")

    def in_part(self, rows: pl.DataFrame, cells: pl.DataFrame) -> pl.Series:
        """Which cells are of a period that their series covers in part only: provisional, as an open period is."""
        if self.covered is None:
            return pl.Series([False] * cells.height, dtype=pl.Boolean)
        known = self.covered(rows, cells["TIME_PERIOD"].unique().to_list())
        keys = [name for name in known.columns if name != "WHOLE"]
        return ~cells.join(known, on=keys, how="left", maintain_order="left")["WHOLE"].fill_null(value=True)

    def nothing_published(self) -> pl.DataFrame:
        """The published cells of nobody: the columns, and no row."""
        names = [dimension.name for dimension in self.dimensions(_nobody(self.columns), ())]
        text = dict.fromkeys(["FREQ", *names], pl.String)
        numbers = dict.fromkeys(self.attributes, pl.Float64)
        status = {"OBS_STATUS": pl.String, "CONF_STATUS": pl.String}
        return pl.DataFrame(schema={**text, VALUE: pl.Float64, **status, **numbers})


@dataclass(frozen=True)
class Published:
    """The tables of one data set as released, and what only the office that made them knows.

    cells      one row per published cell: FREQ, the dimensions, OBS_VALUE (null when hidden), OBS_STATUS (A, or P for
               a period that is not over), CONF_STATUS (F shown, C hidden; a release never says which are small)
    counts     the same cells and those that no table shows: true count, SMALL, HIDDEN, TABLES; not for publication
    narrowest  the narrowest interval, in persons, that the audit leaves of any hidden cell; None if none is hidden, or
               if nothing shown gives any of them an upper end
    """

    cells: pl.DataFrame
    counts: pl.DataFrame
    narrowest: float | None


class NotSafe(Exception):
    """The audit could work out a hidden cell too closely; nothing may be published."""


def without_persons(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of returns that a release keeps.

    frame    as `topics.returns.queries.arrival_cells` gives it: `age` (int, years, null when unknown), AGE and the
             other columns of RETURNS_COLUMNS but AGE_GROUP
    returns  RETURNS_COLUMNS (str). The single year of age is dropped. Where band or majority is not known for
             certain, both are `_U`, so that every table has the same unknowns.
    """
    band, age = pl.col("AGE"), pl.col("age")
    group = (
        pl.when(band.is_in(UNDER_15))
        .then(pl.lit(CHILD))
        .when(band.is_in(FROM_20))
        .then(pl.lit(ADULT))
        .when((band == BANDS[3]) & (age < 18))
        .then(pl.lit(CHILD))
        .when((band == BANDS[3]) & (age >= 18))
        .then(pl.lit(ADULT))
        .otherwise(pl.lit(UNKNOWN))
    )
    return frame.with_columns(
        AGE_GROUP=group, AGE=pl.when(group == UNKNOWN).then(pl.lit(UNKNOWN)).otherwise(band)
    ).select(pl.col(column).cast(pl.String).fill_null(UNKNOWN).replace("", UNKNOWN) for column in RETURNS_COLUMNS)


def returns_dimensions(rows: pl.DataFrame, months: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions of the tables of returns. Countries are those of COUNTRIES and every one that occurs in `rows`."""
    years = tuple(dict.fromkeys(month[:4] for month in months))
    countries = tuple(sorted({*COUNTRIES, *rows["COUNTERPART_AREA"]}))

    def simple(name: str, level: str, codes: tuple[str, ...], total: str = "_T") -> Dimension:
        levels = {"total": Level((total,)), level: Level(codes, name)}
        return Dimension(name, levels, ((total, codes),))

    ages = Dimension(
        "AGE",
        {
            "total": Level(("_T",)),
            "band": Level((*BANDS, UNKNOWN), "AGE"),
            "adult": Level((CHILD, ADULT, UNKNOWN), "AGE_GROUP"),
            "teen": Level(TEENS, "TEEN", unseen=True),
        },
        (
            ("_T", (*BANDS, UNKNOWN)),
            ("_T", (CHILD, ADULT, UNKNOWN)),
            (CHILD, (*UNDER_15, TEENS[0])),
            (BANDS[3], TEENS),
            (ADULT, (TEENS[1], *FROM_20)),
        ),
    )
    reasons = Dimension(
        "REASON",
        {
            "total": Level(("_T",)),
            "reason": Level(REASONS, "REASON"),
            "insecurity": Level((INSECURITY,), "INSECURE"),
            "rest": Level((NOT_INSECURITY,), "REST", unseen=True),
        },
        (("_T", REASONS), ("_T", (INSECURITY, NOT_INSECURITY))),
    )
    periods = Dimension(
        "TIME_PERIOD",
        {"total": Level(years, "YEAR"), "year": Level(years, "YEAR"), "month": Level(tuple(months), "TIME_PERIOD")},
        tuple((year, tuple(month for month in months if month[:4] == year)) for year in years),
    )
    return (
        periods,
        simple("SEX", "sex", SEXES),
        ages,
        simple("COUNTERPART_AREA", "country", countries),
        simple("MODE", "mode", MODES),
        simple("REF_AREA", "department", DEPARTMENTS, total="SLV"),
        simple("ORIGIN", "department", DEPARTMENTS),
        reasons,
    )


def with_parts(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the columns of the levels that are not kept: the year, the two parts of ages 15 to 19, and whether
    insecurity is the reason."""
    teen = pl.when(pl.col("AGE") == BANDS[3]).then(
        pl.col("AGE_GROUP").replace_strict({CHILD: TEENS[0], ADULT: TEENS[1]}, default=None)
    )
    insecure = pl.col("REASON") == INSECURITY
    return rows.with_columns(
        YEAR=pl.col("TIME_PERIOD").str.head(4),
        TEEN=teen.cast(pl.String),
        INSECURE=pl.when(insecure).then(pl.lit(INSECURITY)),
        REST=pl.when(~insecure).then(pl.lit(NOT_INSECURITY)),
    )


PLANS: Mapping[str, Plan] = {
    "RETURNS": Plan(
        "RETURNS", RETURNS_COLUMNS, GENERAL, RETURNS_TABLES, without_persons, returns_dimensions, with_parts
    ),
    crime.DATAFLOW: Plan(
        crime.DATAFLOW,
        crime.COLUMNS,
        GENERAL,
        crime.TABLES,
        crime.without_events,
        crime.crime_dimensions,
        crime.with_levels,
        crime.covered,
    ),
    "CROSSINGS": Plan(
        "CROSSINGS",
        border.CROSSINGS_COLUMNS,
        GENERAL,
        border.CROSSINGS_TABLES,
        border.crossing_rows,
        border.crossing_dimensions,
        border.with_levels,
    ),
    "MIGRATION": Plan(
        "MIGRATION",
        border.MIGRATION_COLUMNS,
        GENERAL,
        border.MIGRATION_TABLES,
        border.migration_rows,
        border.migration_dimensions,
        border.with_levels,
        attributes=(border.STD_ERROR,),
    ),
}


def published(
    rows: pl.DataFrame,
    plan: Plan,
    months: Sequence[str],
    *,
    open_periods: Sequence[str] = (),
    earlier: pl.DataFrame | None = None,
    shown: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Published:
    """The tables of `plan` over `rows`, protected and audited.

    rows          as `plan.deidentified` gives them
    months        every month that the release covers ("2026-09"), in order; a month without rows is a true zero
    open_periods  the months and years that are not over: provisional
    earlier       `counts` of the release before: what it hid and has not changed by the threshold stays hidden
    shown         what earlier releases showed (`between.shown_before`): a reader who kept them knows it, and nothing
                  that is known is hidden to protect another cell
    raises        NotSafe if the audit, which has that knowledge too, works out any hidden cell more closely than the
                  threshold, or if what is known leaves no way to protect one
    """
    dimensions = plan.dimensions(rows, months)
    names = [dimension.name for dimension in dimensions]
    cells = plan.counted(rows, months)
    counts = cells[VALUE].to_numpy().astype(np.float64)
    unseen = cells["UNSEEN"].to_numpy().astype(np.bool_)
    system = system_of(cells.select(names).rows(), sums_of(dimensions))
    told = told_by(shown, cells, names)
    kept = still_hidden(cells, names, earlier, plan.rule)
    try:
        suppression = protect(
            system,
            counts,
            plan.rule,
            worth=_worth(cells, dimensions).to_numpy().astype(np.float64),
            never_shown=unseen,
            keep_hidden=kept.to_numpy().astype(np.bool_),
            known=told.known,
            least=told.least,
            progress=progress,
        )
    except CannotProtect as reason:
        raise NotSafe(
            f"a small cell of {plan.dataflow} cannot be protected from whoever kept the releases before: what they "
            f"showed gives it away. {WHAT_TO_DO}"
        ) from reason
    hidden, small = suppression.hidden, plan.rule.is_small(counts)
    in_part = plan.in_part(rows, cells)
    cells = cells.with_columns(SMALL=pl.Series(suppression.small), HIDDEN=pl.Series(hidden), IN_PART=in_part)
    public = cells.filter(~pl.col("UNSEEN")).select(
        pl.when(pl.col("TIME_PERIOD").str.len_chars() == 4).then(pl.lit("A")).otherwise(pl.lit("M")).alias("FREQ"),
        *names,
        pl.when("HIDDEN").then(None).otherwise(pl.col(VALUE)).alias(VALUE),
        pl.when(pl.col("TIME_PERIOD").is_in(list(open_periods)) | pl.col("IN_PART"))
        .then(pl.lit("P"))
        .otherwise(pl.lit("A"))
        .alias("OBS_STATUS"),
        pl.when("HIDDEN").then(pl.lit("C")).otherwise(pl.lit("F")).alias("CONF_STATUS"),
        *(pl.lit(None, dtype=pl.Float64).alias(name) for name in plan.attributes),
    )
    narrowest = _check(public, dimensions, plan, counts, (hidden | (unseen & small)) & ~told.known, told)
    return Published(public, cells.drop("IN_PART"), narrowest)


@dataclass(frozen=True)
class _Seen:
    """What an attacker has: the equations, which cells are shown and what they are, which no table shows, and what
    each is known to be at least."""

    system: System
    shown: Mask
    figures: Real
    unseen: Mask
    least: Real

    def intervals(self, least: float) -> Intervals:
        floor = np.maximum(np.where(self.unseen, 0.0, least), self.least)
        return audit(self.system, self.shown, self.figures, floor)

    def knowing(self, told: Told, counts: Real) -> "_Seen":
        """The same attacker with the releases before at hand; `counts` are read where they are known."""
        figures = np.where(told.known, counts, self.figures)
        return replace(self, shown=self.shown | told.known, figures=figures, least=told.least)


def attacked(
    public: pl.DataFrame,
    dimensions: Sequence[Dimension],
    plan: Plan,
    least: float = 0.0,
    told: Told | None = None,
    counts: Real | None = None,
) -> Intervals:
    """What an attacker makes of published cells: intervals in the order of `tabulate`, unseen cells included.

    least  what the attacker knows a hidden cell to be at least: 0, or 1 for one who knows that zeros are shown
    told   what the attacker kept of earlier releases, and the true counts, which are read where they are known
    """
    seen = _seen(public, dimensions, plan)
    return (seen if told is None or counts is None else seen.knowing(told, counts)).intervals(least)


def _seen(public: pl.DataFrame, dimensions: Sequence[Dimension], plan: Plan) -> _Seen:
    names = [dimension.name for dimension in dimensions]
    cells = tabulate(plan.with_levels(_nobody(plan.columns)), dimensions, plan.tables).select(*names, "UNSEEN")
    if plan.covered is not None:  # what no series covers is no cell
        series = plan.covered(_nobody(plan.columns), ()).drop("WHOLE").columns
        cells = cells.join(public.select(series).unique(), on=series, how="semi", maintain_order="left")
    seen = cells.join(public.select(*names, VALUE), on=names, how="left", maintain_order="left")
    return _Seen(
        system_of(cells.select(names).rows(), sums_of(dimensions)),
        seen[VALUE].is_not_null().to_numpy().astype(np.bool_),
        seen[VALUE].fill_null(0.0).to_numpy().astype(np.float64),
        cells["UNSEEN"].to_numpy().astype(np.bool_),
        np.zeros(cells.height),
    )


def _check(
    public: pl.DataFrame, dimensions: Sequence[Dimension], plan: Plan, counts: Real, targets: Mask, told: Told
) -> float | None:
    """Attack what is about to be published, with what earlier releases told; the narrowest interval of any target.

    Raises NotSafe.
    """
    if not targets.any():
        return None
    seen, small = _seen(public, dimensions, plan).knowing(told, counts), plan.rule.is_small(counts)
    widths = seen.intervals(0.0).width[targets]
    close = int((widths < plan.rule.threshold).sum())
    if close:
        raise NotSafe(
            f"{close} hidden cells of {plan.dataflow} could be worked out to within {widths.min():g} persons; "
            f"the limit is {plan.rule.threshold}. {WHAT_TO_DO}"
        )
    known = seen.intervals(plan.rule.floor).width[small & targets] < 1
    if known.any():
        raise NotSafe(f"{int(known.sum())} small cells of {plan.dataflow} could be worked out exactly. {WHAT_TO_DO}")
    narrowest = float(widths.min())
    return None if narrowest > CEILING / 2 else narrowest


def _nobody(columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))


def _worth(cells: pl.DataFrame, dimensions: Sequence[Dimension]) -> pl.Series:
    """What hiding a cell costs readers: its count, ten times as much if only one dimension leaves its total, and a
    hundred times if none does. Years are never dearer than months: a month is one step from the total. A dimension
    without sums has no total to leave."""
    steps = pl.sum_horizontal(
        (pl.col(each.name).str.len_chars() > 4 if each.name == "TIME_PERIOD" else pl.col(each.name) != each.total).cast(
            pl.Int64
        )
        for each in dimensions
        if each.sums
    )
    weight = pl.when(steps == 0).then(100.0).when(steps == 1).then(10.0).otherwise(1.0)
    return cells.select(pl.col(VALUE) * weight).to_series()
