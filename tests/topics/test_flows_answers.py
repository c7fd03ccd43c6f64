"""From a question to its figures, without a page: periods, gaps, totals, and what is protected."""

import polars as pl
import pytest

from torogoz.exchange.writers.charts.table import Cell, State
from torogoz.statistics.dataflows import DATAFLOWS
from torogoz.topics.flows.answers import CannotAddPeriods, answer, without_protected
from torogoz.topics.flows.drawings import Ground, main_drawing
from torogoz.topics.flows.grids import every_period, grid, sizes_of, totals_apart
from torogoz.topics.flows.questions import Question, opening

MISSING = DATAFLOWS["MISSING_MIGRANTS"]
STOCK = DATAFLOWS["MIGRANT_STOCK"]


def incidents(*lines: tuple[str, str, float | None]) -> pl.DataFrame:
    """Incidents of a made-up publisher: region, month, dead (None: unknown)."""
    frame = pl.DataFrame(list(lines), schema=["REF_AREA", "TIME_PERIOD", "OBS_VALUE"], orient="row")
    fixed = {"INDICATOR": "DEAD", "REGION_SCHEME": "X", "ROUTE": "R", "CAUSE": "C", "ORIGIN": "O", "OBS_STATUS": "A"}
    return frame.with_columns(pl.col("OBS_VALUE").cast(pl.Float64), *(pl.lit(v).alias(k) for k, v in fixed.items()))


def test_months_are_added_to_years_and_an_unfinished_year_is_provisional() -> None:
    whole_year = [("A", f"2020-{month:02}", 1.0) for month in range(1, 13)]
    frame = incidents(*whole_year, ("A", "2021-01", 5.0), ("A", "2021-02", None))
    found = answer(Question(MISSING, by=("TIME_PERIOD",), frequency="A"), frame)
    assert found.select("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "OBS_UNKNOWN").rows() == [
        ("2020", 12.0, "A", 0),
        ("2021", 5.0, "P", 1),
    ]


def test_stocks_are_not_added_over_time() -> None:
    lines = [("USA", "SLV", "_T", "2020-01", 1.0)]
    names = ["REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE"]
    frame = pl.DataFrame(lines, schema=names, orient="row").with_columns(pl.lit("A").alias("OBS_STATUS"))
    with pytest.raises(CannotAddPeriods):
        answer(Question(STOCK, by=("TIME_PERIOD",), frequency="A"), frame)


@pytest.mark.parametrize(
    ("present", "whole"),
    [
        (["2018", "2019", "2022"], ["2018", "2019", "2020", "2021", "2022"]),
        (["1990", "1995", "2005", "2010"], ["1990", "1995", "2000", "2005", "2010"]),
        (["2011-Q4", "2012-Q1", "2012-Q3"], ["2011-Q4", "2012-Q1", "2012-Q2", "2012-Q3"]),
        (["2019-11", "2019-12", "2020-02"], ["2019-11", "2019-12", "2020-01", "2020-02"]),
        (["2020"], ["2020"]),
        (["2020", "2020-01", "2021"], ["2020-01", "2020", "2021"]),
    ],
)
def test_a_gap_in_a_series_is_a_period_without_a_figure(present: list[str], whole: list[str]) -> None:
    assert set(every_period(present)) == set(whole)
    if "2020-01" not in present:
        assert every_period(present) == whole


def test_a_grid_keeps_the_gap_the_total_last_and_the_largest_first() -> None:
    question = Question(MISSING, {"INDICATOR": ("DEAD",)}, by=("REF_AREA", "TIME_PERIOD"))
    frame = incidents(("A", "2020-01", 1.0), ("A", "2020-02", 2.0), ("B", "2020-01", 0.0), ("B", "2020-05", 9.0))
    apart = totals_apart(question)
    assert apart is not None
    laid = grid(question, answer(question, frame), {}, answer(apart, frame))
    assert laid.rows == (("B",), ("A",), ("_T",))
    assert laid.columns == ("2020-01", "2020-02", "2020-03", "2020-04", "2020-05")
    assert laid.at(("A",), "2020-03").state is State.NOT_AVAILABLE
    assert laid.at(("B",), "2020-01").value == 0.0
    assert laid.at(("_T",), "2020-05").value == 9.0
    assert laid.fixed == {"INDICATOR": "DEAD"}


def test_dimensions_that_are_never_added_have_no_total_row() -> None:
    assert totals_apart(Question(MISSING, by=("INDICATOR", "TIME_PERIOD"))) is None
    assert totals_apart(Question(MISSING, {"REF_AREA": ("A",)}, by=("REF_AREA", "TIME_PERIOD"))) is None


def test_a_sum_with_a_protected_part_has_no_figure_and_is_not_called_missing() -> None:
    frame = pl.DataFrame({"OBS_VALUE": [7.0, None, 3.0], "OBS_STATUS": ["A", "M", "A"], "CONF_STATUS": ["F", "C", "C"]})
    assert without_protected(frame).rows() == [(7.0, "A", "F"), (None, "A", "C"), (None, "A", "C")]


def test_the_same_question_has_one_address_whatever_the_order_of_its_words() -> None:
    first = Question(STOCK, {"SEX": ("F",), "REF_AREA": ("USA", "CAN")}, by=("TIME_PERIOD",))
    second = Question(STOCK, {"REF_AREA": ("USA", "CAN"), "SEX": ("F",)}, by=("TIME_PERIOD",))
    assert first.query() == second.query() == "REF_AREA=USA,CAN&SEX=F&by=TIME_PERIOD"
    assert Question(STOCK).query() == ""


def test_the_opening_question_leaves_out_codes_that_the_data_do_not_have() -> None:
    assert opening(STOCK, {"COUNTERPART_AREA": ["SLV"]}).where == {"COUNTERPART_AREA": ("SLV",)}
    assert opening(STOCK, {"COUNTERPART_AREA": ["HND"]}).where == {}


def test_a_chart_that_cannot_hold_every_row_shows_the_largest_and_says_so() -> None:
    sizes = [(f"R{number}", "2020-01", float(number)) for number in range(8)]
    frame = incidents(*sizes, *((region, "2020-02", value) for region, _, value in sizes))
    question = Question(MISSING, {"INDICATOR": ("DEAD",)}, by=("REF_AREA", "TIME_PERIOD"))
    order = {"REF_AREA": [f"R{number}" for number in range(8)]}
    laid = grid(question, answer(question, frame), order, None)
    drawing = main_drawing(laid, Ground("Muertes", "personas", "fuente", "", "es", 0), lambda _name, code: code)
    assert drawing is not None
    assert list(drawing.table.head)[1:] == ["R3", "R4", "R5", "R6", "R7"]
    assert "5" in drawing.title


def test_a_row_with_one_old_figure_is_not_ranked_above_rows_with_many() -> None:
    """Deaths are added: a region with one large month of long ago stands below one where people die every month."""
    often = [("OFTEN", f"2020-{month:02d}", 30.0) for month in range(1, 13)]
    frame = incidents(("ONCE", "2020-01", 50.0), *often)
    question = Question(MISSING, {"INDICATOR": ("DEAD",)}, by=("REF_AREA", "TIME_PERIOD"))
    assert grid(question, answer(question, frame), {}, None).rows == (("OFTEN",), ("ONCE",))


def test_a_stock_is_ranked_in_the_latest_period_that_most_rows_have() -> None:
    cells = {
        (("OLD",), "2000"): Cell(900.0),
        **{((name,), year): Cell(value) for name, value in (("A", 10.0), ("B", 20.0)) for year in ("2000", "2020")},
        (("B",), "2024"): Cell(1.0),
    }
    keys = [("OLD",), ("A",), ("B",)]
    sizes = sizes_of(keys, ("2000", "2020", "2024"), cells, over_time=True, added=False)
    assert sorted(keys, key=lambda key: sizes[key], reverse=True) == [("B",), ("A",), ("OLD",)]


def test_a_department_is_never_ranked_beside_its_municipalities() -> None:
    population = DATAFLOWS["POPULATION"]
    rows = [("SV-SS", 90.0), ("SV-SS-1", 80.0), ("SV-SS-2", 10.0), ("SV-MO", 20.0)]
    frame = pl.DataFrame(
        [(code, "_T", year, value, "A") for code, value in rows for year in ("2023", "2024")],
        schema=["REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"],
        orient="row",
    )
    question = Question(population, by=("REF_AREA", "TIME_PERIOD"))
    laid = grid(question, answer(question, frame), {}, None)
    assert laid.rows == (("SV-SS",), ("SV-MO",), ("SV-SS-1",), ("SV-SS-2",))
    assert laid.widest() == (("SV-SS",), ("SV-MO",))
    drawing = main_drawing(laid, Ground("Población", "personas", "fuente", "", "es", 0), lambda _name, code: code)
    assert drawing is not None
    assert list(drawing.table.head)[1:] == ["SV-SS", "SV-MO"]


def test_the_description_of_a_chart_dates_the_first_and_the_last_known_figure() -> None:
    """A line that ends before the axis does is not said to reach its end."""
    long = [("A", f"2020-{month:02d}", 9.0) for month in range(1, 7)]
    frame = incidents(*long, ("B", "2020-02", 5.0), ("B", "2020-04", 3.0), ("C", "2020-03", 1.0))
    question = Question(MISSING, {"INDICATOR": ("DEAD",)}, by=("REF_AREA", "TIME_PERIOD"))
    laid = grid(question, answer(question, frame), {}, None)
    drawing = main_drawing(laid, Ground("Muertes", "personas", "fuente", "", "es", 0), lambda _name, code: code)
    assert drawing is not None
    assert "B, de 5 (2020-02) a 3 (2020-04)" in drawing.svg
    assert "C, solo 2020-03: 1" in drawing.svg
