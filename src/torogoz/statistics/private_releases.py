"""Data sets of a release that are published under differential privacy: each year is drawn once, when it is over.

A year that a release has drawn is carried into every later release as it stands. So a year costs its budget once, and
whoever keeps all releases holds one figure of each cell, never two to compare.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from torogoz.statistics.disclosure.private import ledger
from torogoz.statistics.disclosure.private.design import Design
from torogoz.statistics.disclosure.private.drawing import Drawn, draw, prices
from torogoz.statistics.disclosure.private.noise import Below
from torogoz.statistics.measured_releases import MEASURED_PLANS, MeasuredPlan
from torogoz.statistics.releases import DEPARTMENTS, PLANS, SEXES, UNKNOWN, Plan
from torogoz.statistics.tabulation import VALUE

YOUNGER, OLDER = "Y0T11", "Y12T17"
ESTIMATED = "E"


@dataclass(frozen=True)
class PrivatePlan:
    """How one data set becomes public under differential privacy.

    design        the fixed list of tables of one year
    epsilon       what one drawing of a year costs
    budget        the most that all drawings of a year may ever cost
    deidentified  the topic's frame → TIME_PERIOD (the year) and the columns of the design, all str; each person in
                  at most `design.rows_of_one` rows of a year
    """

    dataflow: str
    design: Design
    epsilon: Fraction
    budget: ledger.Budget
    deidentified: Callable[[pl.DataFrame], pl.DataFrame]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the rows that noise is added over."""
        return ("TIME_PERIOD", *self.design.columns)

    def nothing_published(self) -> pl.DataFrame:
        """The published cells of nobody: the columns, and no row."""
        text = dict.fromkeys(["FREQ", "TIME_PERIOD", *self.design.columns], pl.String)
        return pl.DataFrame(schema={**text, VALUE: pl.Float64, "OBS_STATUS": pl.String, "CONF_STATUS": pl.String})


@dataclass(frozen=True)
class PrivatelyPublished:
    """The private tables of a data set as released.

    cells      FREQ, TIME_PERIOD, the columns of the design, OBS_VALUE (null when not shown), OBS_STATUS (E: estimated,
               since it carries noise), CONF_STATUS (F shown, C not)
    spendings  what the years drawn now have cost; none for years that were drawn before
    drawn      the drawing of each year that was drawn now
    """

    cells: pl.DataFrame
    spendings: tuple[ledger.Spending, ...]
    drawn: Mapping[str, Drawn] = field(default_factory=dict)


def privately_published(
    rows: pl.DataFrame,
    plan: PrivatePlan,
    years: Sequence[str],
    *,
    release: str,
    earlier: pl.DataFrame | None,
    spent: Sequence[ledger.Spending],
    below: Below = secrets.randbelow,
) -> PrivatelyPublished:
    """The private tables of all `years`, which are over: carried from `earlier` where they are there, else drawn.

    rows     as `plan.deidentified` gives them
    release  the code that the ledger is to name
    earlier  the cells of the release before; None if it had none
    spent    the ledger so far
    raises   BudgetSpent before anything is drawn, NotInDesign if a row has a code that is on no list
    """
    kept = plan.nothing_published() if earlier is None else earlier.filter(pl.col("TIME_PERIOD").is_in(list(years)))
    new = [year for year in years if year not in set(kept["TIME_PERIOD"])]
    paid = prices(plan.design, plan.epsilon, None)
    costs = tuple(
        line for year in new for line in ledger.spendings(plan.dataflow, year, release, paid, plan.epsilon, None)
    )
    ledger.check(spent, costs, plan.budget)
    drawn = {
        year: draw(plan.design, rows.filter(pl.col("TIME_PERIOD") == year), epsilon=plan.epsilon, below=below)
        for year in new
    }
    parts = [kept, *(_as_published(each, year, plan) for year, each in drawn.items())]
    cells = pl.concat(parts).sort("TIME_PERIOD", *plan.design.columns)
    return PrivatelyPublished(cells, costs, drawn)


def _as_published(drawn: Drawn, year: str, plan: PrivatePlan) -> pl.DataFrame:
    return drawn.cells().select(
        pl.lit("A").alias("FREQ"),
        pl.lit(year).alias("TIME_PERIOD"),
        *plan.design.columns,
        VALUE,
        pl.lit(ESTIMATED).alias("OBS_STATUS"),
        "CONF_STATUS",
    )


def children_without_names(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of returned children that noise is added over.

    frame    as `topics.returns.queries.children_cells` gives it: each child once a year
    returns  TIME_PERIOD (the year), SEX, AGE, ACCOMPANIED, REF_AREA (str)
    """
    return frame.select(pl.col(column).fill_null(UNKNOWN).replace("", UNKNOWN) for column in CHILDREN.columns)


CHILDREN = PrivatePlan(
    "RETURNED_CHILDREN",
    Design(
        "RETURNED_CHILDREN",
        {"SEX": SEXES, "AGE": (YOUNGER, OLDER, UNKNOWN), "ACCOMPANIED": ("Y", "N", UNKNOWN), "REF_AREA": DEPARTMENTS},
        (("SEX",), ("AGE", "ACCOMPANIED"), ("REF_AREA",)),
        totals={"REF_AREA": "SLV"},
    ),
    epsilon=Fraction(2),
    budget=ledger.Budget(Fraction(2)),
    deidentified=children_without_names,
)
PRIVATE_PLANS: Mapping[str, PrivatePlan] = {CHILDREN.dataflow: CHILDREN}
AnyPlan = Plan | PrivatePlan | MeasuredPlan
RELEASED: Mapping[str, AnyPlan] = {**PLANS, **PRIVATE_PLANS, **MEASURED_PLANS}  # every data set of releases
