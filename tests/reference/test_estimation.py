"""Estimated flows against every value that is published: worked examples, reference outputs, the published data set.

The folder `golden/flows` holds inputs and outputs of the reference implementation; other published examples stand
here with their source. Where the reference iterates, the tolerance is its own.
"""

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from torogoz.exchange.readers import stock_tables
from torogoz.statistics.estimation import fitting
from torogoz.statistics.estimation.accounting import Fit, Leavers
from torogoz.statistics.estimation.fitting import Matrix
from torogoz.statistics.estimation.methods import Choices, Method, Stocks, by_birthplace, flows
from torogoz.statistics.estimation.tables import Prepared, estimate, estimate_by_birthplace, prepare

EXAMPLES = ("e0_dr2013", "e1_imr2018")
FOUR = ("A", "B", "C", "D")
STOCKS = "02_undesa_stock/undesa_ims2020_bilateral_by_sex_long.csv.gz"
PUBLISHED = "03_flow_estimates/abel_cohen_bilat_mig_total_1990-2015.csv.gz"
WORKED = "03_flow_estimates/worked_examples_stock_to_flow.json"


@pytest.fixture(scope="module")
def golden() -> Path:
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "golden" / "flows"
    if not folder.is_dir():
        pytest.skip("no folder of golden data beside the project (../shared/golden)")
    return folder


def named(path: Path) -> dict[tuple[str, ...], float]:
    """The values of a golden file by their codes."""
    with path.open(newline="") as stream:
        return {
            tuple(row[name] for name in row if name != "value"): float(row["value"]) for row in csv.DictReader(stream)
        }


def by_columns(*values: float) -> Matrix:
    """A matrix of four rows, given column by column as the sources print it."""
    return np.array(values, dtype=float).reshape(-1, 4).T


def prepared(golden: Path, example: str) -> Prepared:
    return prepare(
        stock_tables.stock(golden / f"{example}__in_stock_start.csv"),
        stock_tables.stock(golden / f"{example}__in_stock_end.csv"),
        vital=stock_tables.vital(golden / f"{example}__in_births_deaths.csv"),
    )


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("method", list(Method))
def test_each_method_gives_every_value_of_the_worked_examples(golden: Path, example: str, method: Method) -> None:
    files = [golden / f"{example}__{method}__od.csv", golden / f"{example}__{method}.csv"]
    expected = named(next(path for path in files if path.is_file()))
    found = estimate(prepared(golden, example), [method])
    values = {(row["orig"], row["dest"]): row[method] for row in found.to_dicts()}
    assert values == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize(
    ("method", "file"),
    [
        (Method.DA_IND_CLOSED, "da_ind_closed"),
        (Method.DA_MIN_CLOSED, "da_min_closed"),
        (Method.DA_MIN_OPEN, "da_min_open"),
        (Method.DA_MIN_OPEN, "da_min_open_dr"),
    ],
)
def test_each_array_by_birthplace_is_that_of_the_worked_examples(
    golden: Path, example: str, method: Method, file: str
) -> None:
    expected = named(golden / f"{example}__{file}__array.csv")
    found = estimate_by_birthplace(prepared(golden, example), method)
    values = {(row["orig"], row["dest"], row["pob"]): row["value"] for row in found.to_dicts()}
    assert values == pytest.approx(expected, abs=1e-9)


def test_tables_with_known_margins_are_those_of_the_literature(golden: Path) -> None:
    two = fitting.two_way(np.array([18.0, 20]), np.array([16.0, 22]), np.array([[5.0, 2], [1, 7]])).table
    assert labelled(two, ("A", "B")) == pytest.approx(named(golden / "cm2_willekens1999.csv"), rel=1e-6)
    four = fitting.two_way(np.array([250.0, 100, 140, 110]), np.array([150.0, 150, 180, 120]), PRIOR).table
    assert labelled(four, FOUR) == pytest.approx(named(golden / "ipf2_4x4.csv"), rel=1e-6)
    assert labelled(four, FOUR) == pytest.approx(named(golden / "cm2_4x4.csv"), rel=1e-6)


def test_flows_fitted_to_net_totals_have_them_and_keep_the_interactions_of_the_seed() -> None:
    net = np.array([30.0, 40, -15, -55])
    found = fitting.to_net(net, PRIOR)
    assert found.sum(axis=0) - found.sum(axis=1) == pytest.approx(net, abs=1e-9)
    # The model is seed_ij a_i / a_j: what there is of both directions of a pair multiplies to what the seed has.
    assert found * found.T == pytest.approx(PRIOR * PRIOR.T, rel=1e-9)


def test_margins_over_types_are_shared_as_in_the_literature(golden: Path) -> None:
    seed = np.array([[[5.0, 2], [1, 7]], [[4.0, 5], [2, 9]]])
    found = fitting.over_types(np.array([36.0, 40]), np.array([32.0, 44]), seed)
    values = {
        (origin, destination, kind): found[k, i, j]
        for k, kind in enumerate(("ILL", "HEALTHY"))
        for i, origin in enumerate("AB")
        for j, destination in enumerate("AB")
    }
    assert values == pytest.approx(named(golden / "cm3_2x2x2.csv"), rel=1e-6)


def test_tables_by_type_are_those_of_the_literature_with_and_without_stayers(golden: Path) -> None:
    start, end = DR_2013
    distance = by_columns(1, 2, 3, 4, 2, 1, 5, 6, 3, 4, 1, 7, 4, 6, 7, 1)
    ones = np.ones((4, 4))
    assert cube(fitting.by_type(start, end, ones)) == pytest.approx(named(golden / "ipf3_dr2013.csv"), abs=1e-6)
    few = fitting.with_stayers(start, end)
    assert cube(few) == pytest.approx(named(golden / "ipf3_qi_dr2013.csv"), abs=1e-6)
    near = fitting.with_stayers(start, end, distance)
    assert cube(near) == pytest.approx(named(golden / "ipf3_qi_dr2013_distance.csv"), abs=1e-6)


def labelled(table: Matrix, names: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    return {(a, b): table[i, j] for i, a in enumerate(names) for j, b in enumerate(names)}


def cube(table: Matrix) -> dict[tuple[str, ...], float]:
    return {(FOUR[i], FOUR[j], FOUR[k]): table[k, i, j] for k in range(4) for i in range(4) for j in range(4)}


PRIOR = np.array([[0.0, 100, 30, 70], [50, 0, 45, 5], [60, 35, 0, 40], [20, 25, 20, 0]])
DR_2013 = (
    np.array([[1000.0, 100, 10, 0], [55, 555, 50, 5], [80, 40, 800, 40], [20, 25, 20, 200]]),
    np.array([[950.0, 100, 60, 0], [80, 505, 75, 5], [90, 30, 800, 40], [40, 45, 0, 180]]),
)
BIRTHS_2013 = (
    by_columns(1000, 55, 80, 20, 100, 555, 40, 25, 10, 50, 800, 20, 0, 5, 40, 200),
    by_columns(1060, 45, 70, 30, 60, 540, 75, 30, 10, 40, 770, 20, 10, 0, 70, 230),
)
IMR_2018 = (
    by_columns(100, 20, 10, 20, 10, 55, 40, 25, 10, 25, 140, 20, 0, 10, 65, 200),
    by_columns(75, 20, 30, 30, 25, 45, 40, 30, 5, 30, 150, 20, 0, 15, 60, 230),
)
DATA_2019 = (
    by_columns(100, 80, 30, 60, 10, 180, 10, 70, 10, 10, 140, 10, 0, 90, 40, 160),
    by_columns(95, 75, 55, 35, 5, 225, 0, 25, 15, 5, 115, 25, 5, 55, 50, 215),
)


def stocks(
    tables: tuple[Matrix, Matrix],
    births: tuple[float, ...] = (0, 0, 0, 0),
    deaths: tuple[float, ...] = (0, 0, 0, 0),
    **choices: object,
) -> Stocks:
    return Stocks(FOUR, *tables, np.array(births, float), np.array(deaths, float), choices=Choices(**choices))  # type: ignore[arg-type]


# Printed in the manual of the reference implementation (ffs_demo): Abel & Sander (2014, Science), supplement; and
# Abel (2018, International Migration Review), supplement, where a region has more births than people born there.
SCIENCE_2014 = [
    [0, 3.328563, 0, 3.242990],
    [34.120952437, 0, 0.5838738, 9.809336],
    [0.004365738, 27.127753, 0, 25.711331],
    [12.446119999, 9.058478, 2.2595262, 0],
]
REVIEW_2018 = [
    [0, 8.126216, 0, 0],
    [15.45535, 0, 18.081832, 5.712864],
    [0, 1.125679, 0, 0],
    [17.66941, 0, 8.043363, 0],
]
OPEN_2013 = [
    [0, 8.502866, 0, 3.695332],
    [26.42296, 0, 0.4234563, 9.855274],
    [0, 34.183358, 0, 25.077888],
    [11.46761, 10.933241, 1.3928875, 0],
]


def test_the_closed_account_of_abel_and_sander_2014_is_as_printed() -> None:
    found = flows(stocks(BIRTHS_2013, (80, 20, 60, 60), (70, 30, 50, 10)), [Method.DA_MIN_CLOSED])
    assert found[Method.DA_MIN_CLOSED] == pytest.approx(np.array(SCIENCE_2014), abs=1e-6)


def test_more_births_than_people_born_there_are_shared_as_in_abel_2018() -> None:
    found = flows(stocks(IMR_2018, (10, 50, 25, 60), (30, 10, 40, 10)), [Method.DA_MIN_CLOSED])
    assert found[Method.DA_MIN_CLOSED] == pytest.approx(np.array(REVIEW_2018), abs=1e-5)


def test_an_exact_fit_differs_from_the_published_one_by_thousandths_of_a_person() -> None:
    exact = stocks(BIRTHS_2013, (80, 20, 60, 60), (70, 30, 50, 10), fit=Fit.EXACT)
    off = np.abs(flows(exact, [Method.DA_MIN_CLOSED])[Method.DA_MIN_CLOSED] - np.array(SCIENCE_2014)).max()
    assert 1e-4 < off < 1e-2
    account = exact.closed
    assert account.start.sum(axis=1) == pytest.approx(account.end.sum(axis=1), abs=1e-9)


def test_the_open_account_of_abel_2013_is_as_printed_with_leavers_from_the_start() -> None:
    found = flows(stocks(BIRTHS_2013, (80, 20, 40, 60), (70, 30, 50, 10)), [Method.DA_MIN_OPEN])
    assert found[Method.DA_MIN_OPEN] == pytest.approx(np.array(OPEN_2013), abs=5e-6)


def test_birthplaces_c_and_d_of_table_4_of_abel_and_cohen_2019_are_as_printed() -> None:
    found = by_birthplace(stocks(DATA_2019), Method.DA_MIN_CLOSED).round(1)
    born_in_c = {"BA": 7.1, "BD": 2.9, "CA": 17.9, "CD": 7.1}
    born_in_d = {"AC": 5.4, "AD": 19.6, "BC": 9.6, "BD": 35.4}
    for place, moves in ((2, born_in_c), (3, born_in_d)):
        table = found[place].copy()
        np.fill_diagonal(table, 0)
        assert {f"{FOUR[i]}{FOUR[j]}": table[i, j] for i, j in zip(*np.nonzero(table), strict=True)} == moves


def test_the_worked_examples_of_the_shared_file_come_out_as_printed(shared_data: Path) -> None:
    for example in json.loads((shared_data / WORKED).read_text())["examples"]:
        method, choices = {
            "E0_no_births_deaths": (Method.DA_MIN_CLOSED, Choices()),
            "E1_no_births_deaths_IMR": (Method.DA_MIN_CLOSED, Choices()),
            "E4_births_deaths_open": (Method.DA_MIN_OPEN, Choices(leavers=Leavers.END)),
            "DIFF_zero": (Method.SD_DROP_NEG, Choices()),
            "RATE_dennett": (Method.MIG_RATE, Choices()),
        }[example["id"]]
        start, end = (np.array(example[name], float) for name in ("stock_start", "stock_end"))
        births, deaths = (np.array(example.get(name, [0] * 4), float) for name in ("births", "deaths"))
        given = Stocks(FOUR, start, end, births, deaths, choices=choices)
        found = flows(given, [method])[method]
        assert found == pytest.approx(np.array(example["od_total"]), abs=example.get("tolerance", 1e-9) / 10), example
        for k, name in enumerate(FOUR):
            if "od_by_birthplace" in example:
                assert by_birthplace(given, method)[k] == pytest.approx(np.array(example["od_by_birthplace"][name]))


@pytest.mark.parametrize("sex", ["0", "1"])
@pytest.mark.parametrize(
    ("method", "file", "fit", "persons"),
    [
        (Method.DA_MIN_OPEN, "da_min_open_dr", Fit.PUBLISHED, 1e-4),
        (Method.DA_MIN_CLOSED, "da_min_rescale", Fit.PUBLISHED, 2),
        (Method.DA_MIN_CLOSED, "da_min_rescale", Fit.EXACT, 2),
        (Method.DA_IND_CLOSED, "da_ind", Fit.PUBLISHED, 2),
        (Method.DA_IND_CLOSED, "da_ind", Fit.EXACT, 2),
    ],
)
def test_fifty_made_up_countries_agree_with_the_reference(
    golden: Path, sex: str, method: Method, file: str, fit: Fit, persons: float
) -> None:
    """The reference rounds residents to whole persons at random, so that its own runs differ by about a person."""
    start, end, births, deaths = (
        np.loadtxt(golden / f"synth_50_{sex}_{name}.csv", delimiter=",") for name in ("s1", "s2", "b", "d")
    )
    expected = np.genfromtxt(golden / f"synth_50_{sex}_{file}_od.csv", delimiter=",", skip_header=1)[:, 1:]
    names = tuple(f"c{i:03d}" for i in range(1, 51))
    found = flows(Stocks(names, start, end, births, deaths, choices=Choices(fit=fit)), [method])[method]
    assert np.abs(found - expected).max() <= persons


@cache
def real_stocks(path: Path) -> pl.DataFrame:
    return (
        pl.read_csv(path, infer_schema=False)
        .filter(sex="total")
        .select("year", pl.col("orig").alias("birth"), "dest", pl.col("stock").cast(pl.Float64).alias("value"))
    )


@pytest.mark.parametrize("year", [1990, 1995, 2000, 2005, 2010, 2015])
def test_differences_of_the_real_stocks_are_those_published_in_98_of_100_pairs(shared_data: Path, year: int) -> None:
    whole = real_stocks(shared_data / STOCKS).with_columns(pl.lit("_T").alias("sex"))
    start, end = (whole.filter(year=str(at)).drop("year") for at in (year, year + 5))
    found = estimate(
        prepare(start, end, absent_is_zero=True, only_common=True), [Method.SD_DROP_NEG, Method.SD_REV_NEG]
    )
    published = pl.read_csv(shared_data / PUBLISHED, infer_schema=False).filter(year0=str(year))
    both = found.filter(pl.col("orig") != pl.col("dest")).join(
        published.select(
            "orig", "dest", pl.col("sd_drop_neg", "sd_rev_neg").cast(pl.Float64).name.suffix("_as_printed")
        ),
        on=["orig", "dest"],
        how="inner",
    )
    assert both.height > 20_000
    for method in ("sd_drop_neg", "sd_rev_neg"):
        same = (both[method] - both[f"{method}_as_printed"]).abs() < 0.5
        assert same.mean() >= 0.98
