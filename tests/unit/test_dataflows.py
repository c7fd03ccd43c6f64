"""What may be added to what, and what may not."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.statistics import periods
from torogoz.statistics.dataflows import (
    DATAFLOWS,
    Role,
    UnknownCode,
    UnknownDataflow,
    UnknownDimension,
    dataflow,
    select,
)

STOCK, REFUGEES, MISSING = DATAFLOWS["MIGRANT_STOCK"], DATAFLOWS["REFUGEES"], DATAFLOWS["MISSING_MIGRANTS"]


def frame(flow: str, *rows: dict[str, object]) -> pl.DataFrame:
    """Observations of `flow`: what a row leaves out is `_T`, 2020, or a normal status."""
    names = DATAFLOWS[flow].names
    usual = {**dict.fromkeys(names, "_T"), "TIME_PERIOD": "2020", "OBS_STATUS": "A", "DATASET": "d", "VINTAGE": "1"}
    schema = {**dict.fromkeys(usual, pl.String), "OBS_VALUE": pl.Float64}
    return pl.DataFrame([{**usual, **row} for row in rows], schema=schema)


STOCKS = frame(
    "MIGRANT_STOCK",
    {"REF_AREA": "USA", "COUNTERPART_AREA": "SLV", "SEX": "_T", "OBS_VALUE": 14.0},
    {"REF_AREA": "USA", "COUNTERPART_AREA": "SLV", "SEX": "F", "OBS_VALUE": 7.0},
    {"REF_AREA": "USA", "COUNTERPART_AREA": "SLV", "SEX": "M", "OBS_VALUE": 7.0},
    {"REF_AREA": "CAN", "COUNTERPART_AREA": "SLV", "SEX": "_T", "OBS_VALUE": 5.0},
    {"REF_AREA": "021", "COUNTERPART_AREA": "SLV", "SEX": "_T", "OBS_VALUE": 19.0},
    {"REF_AREA": "CAN", "COUNTERPART_AREA": "SLV", "SEX": "_T", "OBS_VALUE": 4.0, "TIME_PERIOD": "2015"},
    {"REF_AREA": "SLV", "COUNTERPART_AREA": "_T", "SEX": "_T", "OBS_VALUE": 42.0},
)


def test_a_dimension_with_a_total_is_read_there_when_it_is_not_mentioned() -> None:
    answer = select(STOCKS, STOCK, {"REF_AREA": ["USA"], "COUNTERPART_AREA": ["SLV"]}, by=["REF_AREA"])
    assert answer.rows() == [("USA", "2020", 14.0, "A", 0, "d 1")]


def test_countries_are_added_without_the_regions_that_contain_them() -> None:
    answer = select(STOCKS, STOCK, {"COUNTERPART_AREA": ["SLV"], "TIME_PERIOD": ["2020"]}, by=["SEX"])
    assert dict(zip(answer["SEX"], answer["OBS_VALUE"], strict=True)) == {"_T": 19.0, "F": 7.0, "M": 7.0}


def test_a_country_that_has_only_a_number_is_added_like_others() -> None:
    islands = STOCKS.with_columns(pl.col("REF_AREA").replace("CAN", "830"))
    answer = select(islands, STOCK, {"COUNTERPART_AREA": ["SLV"], "TIME_PERIOD": ["2020"]}, by=["TIME_PERIOD"])
    assert answer["OBS_VALUE"].to_list() == [19.0]
    one = select(islands, STOCK, {"COUNTERPART_AREA": ["SLV"], "REF_AREA": ["830", "USA"], "SEX": ["_T"]}, by=[])
    assert one.select("TIME_PERIOD", "OBS_VALUE").rows() == [("2015", 4.0), ("2020", 19.0)]


def test_a_region_asked_for_with_a_country_stays_apart_from_it() -> None:
    answer = select(STOCKS, STOCK, {"COUNTERPART_AREA": ["SLV"], "REF_AREA": ["021", "CAN"], "SEX": ["_T"]}, by=[])
    assert answer["REF_AREA"].to_list() == ["021", "CAN", "CAN"]


def test_a_stock_is_never_added_over_time() -> None:
    answer = select(STOCKS, STOCK, {"COUNTERPART_AREA": ["SLV"], "REF_AREA": ["CAN"]}, by=["REF_AREA"])
    assert answer.select("TIME_PERIOD", "OBS_VALUE").rows() == [("2015", 4.0), ("2020", 5.0)]


def test_women_are_never_added_to_the_total_that_contains_them() -> None:
    answer = select(STOCKS, STOCK, {"SEX": ["_T", "F"], "COUNTERPART_AREA": ["SLV"], "REF_AREA": ["USA"]}, by=[])
    assert answer.select("SEX", "OBS_VALUE").rows() == [("F", 7.0), ("_T", 14.0)]


def test_without_by_every_observation_is_given() -> None:
    assert select(STOCKS, STOCK, {}).height == STOCKS.height


def test_an_unknown_value_is_counted_and_not_added_as_zero() -> None:
    rows = frame(
        "MISSING_MIGRANTS",
        {"INDICATOR": "FEMALES", "TIME_PERIOD": "2020-01", "OBS_VALUE": 2.0},
        {"INDICATOR": "FEMALES", "TIME_PERIOD": "2020-01", "OBS_VALUE": None, "OBS_STATUS": "M"},
        {"INDICATOR": "CHILDREN", "TIME_PERIOD": "2020-01", "OBS_VALUE": None, "OBS_STATUS": "M"},
    ).with_columns(pl.lit("x").alias(name) for name in ("REF_AREA", "REGION_SCHEME", "ROUTE", "CAUSE", "ORIGIN"))
    answer = select(rows, MISSING, {}, by=["INDICATOR"])
    assert answer.rows() == [("CHILDREN", None, "M", 1, "d 1"), ("FEMALES", 2.0, "A", 1, "d 1")]


def test_persons_and_cases_are_never_added() -> None:
    rows = frame("ASYLUM_APPLICATIONS", {"UNIT": "P", "OBS_VALUE": 3.0}, {"UNIT": "C", "OBS_VALUE": 5.0}).with_columns(
        pl.lit("USA").alias("REF_AREA"), pl.lit("SLV").alias("COUNTERPART_AREA")
    )
    rows = rows.with_columns(pl.lit("N").alias(name) for name in ("PROCEDURE", "APPLICATION_TYPE", "DECISION_LEVEL"))
    answer = select(rows, DATAFLOWS["ASYLUM_APPLICATIONS"], {}, by=["REF_AREA"])
    assert answer.select("UNIT", "OBS_VALUE").rows() == [("C", 5.0), ("P", 3.0)]


def test_two_publishers_of_the_same_thing_both_stay() -> None:
    rows = frame(
        "REFUGEES",
        {"INDICATOR": "IDPS", "REF_AREA": "SLV", "COUNTERPART_AREA": "SLV", "OBS_VALUE": 71500.0, "DATASET": "unhcr"},
        {"INDICATOR": "IDPS", "REF_AREA": "SLV", "COUNTERPART_AREA": "SLV", "OBS_VALUE": 52000.0, "DATASET": "idmc"},
    )
    answer = select(rows, REFUGEES, {"INDICATOR": ["IDPS"]}, by=["INDICATOR"])
    assert answer.select("OBS_VALUE", "SOURCE").rows() == [(52000.0, "idmc 1"), (71500.0, "unhcr 1")]


def test_overlapping_ages_are_never_added() -> None:
    rows = frame(
        "DISPLACEMENT", {"AGE": "Y0T4", "REF_AREA": "SLV", "OBS_VALUE": 1.0}, {"AGE": "Y0T17", "REF_AREA": "SLV"}
    )
    answer = select(rows, DATAFLOWS["DISPLACEMENT"], {"AGE": ["Y0T4", "Y0T17"]}, by=["REF_AREA"])
    assert answer["AGE"].to_list() == ["Y0T17", "Y0T4"]


def test_a_year_beside_its_months_is_not_added_to_them() -> None:
    rows = frame("RETURNS", *({"TIME_PERIOD": time, "OBS_VALUE": 12.0} for time in ("2020", "2020-01", "2021-02")))
    rows = rows.with_columns(pl.lit("SLV").alias("REF_AREA"))

    def answer(*words: str) -> list[tuple[object, ...]]:
        where = {"TIME_PERIOD": words} if words else {}
        found = select(rows, DATAFLOWS["RETURNS"], where, by=["SEX"])
        return found.select("TIME_PERIOD", "OBS_VALUE").rows() if "TIME_PERIOD" in found.columns else found.rows()

    assert answer("2020") == answer("2020:2020") == [("_T", 12.0, "A", 0, "d 1")]
    assert answer("2020-01:2020-12") == [("_T", 12.0, "A", 0, "d 1")]
    assert answer("2020:2021") == [("2020", 12.0), ("2021-02", 12.0)]
    assert answer() == [("2020", 12.0), ("2020-01", 12.0), ("2021-02", 12.0)]


def test_a_suppressed_part_makes_the_sum_suppressed() -> None:
    rows = frame("RETURNS", {"OBS_VALUE": 9.0}, {"OBS_VALUE": None}).with_columns(
        pl.lit("SLV").alias("REF_AREA"),
        pl.Series("CONF_STATUS", ["F", "C"]),
        pl.Series("TIME_PERIOD", ["2020", "2021"]),
    )
    answer = select(rows, DATAFLOWS["RETURNS"], {}, by=["SEX"])
    assert answer.select("OBS_VALUE", "CONF_STATUS", "OBS_UNKNOWN").rows() == [(9.0, "C", 1)]


def test_a_figure_hidden_to_protect_people_is_not_said_to_be_missing_and_stays_provisional() -> None:
    rows = frame("RETURNS", {"OBS_VALUE": None}, {"OBS_VALUE": None}, {"OBS_VALUE": None}).with_columns(
        pl.lit("SLV").alias("REF_AREA"),
        pl.Series("CONF_STATUS", ["C", "C", "F"]),
        pl.Series("OBS_STATUS", ["P", "A", "M"]),
        pl.Series("TIME_PERIOD", ["2022", "2021", "2020"]),
    )
    answer = select(rows, DATAFLOWS["RETURNS"], {}, by=["TIME_PERIOD"]).sort("TIME_PERIOD")
    assert answer["OBS_STATUS"].to_list() == ["M", "A", "P"]


@pytest.mark.parametrize("words", ["2020Q3", "2020-Q3", "2020q3"])
def test_a_quarter_may_be_written_either_way(words: str) -> None:
    rows = frame(
        "REMITTANCE_COST", {"TIME_PERIOD": "2020-Q3", "OBS_VALUE": 2.85500001907349}, {"TIME_PERIOD": "2020-Q2"}
    )
    assert select(rows, DATAFLOWS["REMITTANCE_COST"], {"TIME_PERIOD": [words]})["OBS_VALUE"].to_list() == [2.855]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2014-01:2014-02", ["2014-01", "2014-02"]),
        ("2014", ["2014-01", "2014-02", "2014-12"]),
        ("2014:2015", ["2014-01", "2014-02", "2014-12", "2015-01"]),
        ("2014-12:", ["2014-12", "2015-01"]),
        (":2014-Q1", ["2014-01", "2014-02"]),
    ],
)
def test_a_range_of_periods_holds_what_lies_wholly_in_it(words: str, found: list[str]) -> None:
    months = ["2014-01", "2014-02", "2014-12", "2015-01"]
    rows = frame("MISSING_MIGRANTS", *({"TIME_PERIOD": month, "OBS_VALUE": 1.0} for month in months))
    assert select(rows, MISSING, {"TIME_PERIOD": [words]})["TIME_PERIOD"].to_list() == found


@pytest.mark.parametrize("words", ["20", "2020-13", "2020-Q5", "2020-02-30", ":", "2020:2019", "hoy"])
def test_a_period_that_cannot_be_read_is_refused(words: str) -> None:
    with pytest.raises(periods.UnclearPeriod):
        select(STOCKS, STOCK, {"TIME_PERIOD": [words]})


def test_what_is_misspelt_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownDimension, match="did you mean REF_AREA"):
        select(STOCKS, STOCK, {"REFAREA": ["USA"]})
    with pytest.raises(UnknownCode, match="REF_AREA has no code US; did you mean USA"):
        select(STOCKS, STOCK, {"REF_AREA": ["US"]})
    with pytest.raises(UnknownDataflow, match="did you mean REFUGEES"):
        dataflow("REFUGES")


def test_a_code_of_the_list_that_no_observation_has_gives_an_empty_answer() -> None:
    assert select(STOCKS, STOCK, {"REF_AREA": ["TUV"]}, known={"REF_AREA": {"TUV"}}).is_empty()
    assert select(STOCKS, STOCK, {"REF_AREA": ["TUV"]}, by=[], known={"REF_AREA": {"TUV"}}).is_empty()


def test_every_dataflow_speaks_both_languages_and_keeps_what_cannot_be_added() -> None:
    for flow in DATAFLOWS.values():
        assert flow.name_es != flow.name_en
        assert flow.description_es != flow.description_en
        assert flow.names[-1] == "TIME_PERIOD"
        roles = {dimension.id: dimension.role for dimension in flow.dimensions}
        assert {roles.get(name, Role.KEEP) for name in ("INDICATOR", "UNIT")} == {Role.KEEP}
        assert flow.kind == "flow" or roles["TIME_PERIOD"] is Role.KEEP


value = st.one_of(st.none(), st.integers(0, 50).map(float))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["USA", "CAN", "MEX"]), st.sampled_from(["SLV", "GTM"]), value), max_size=30))
def test_a_sum_agrees_with_a_plain_loop(rows: list[tuple[str, str, float | None]]) -> None:
    data = frame(
        "REFUGEES",
        *({"INDICATOR": "REFUGEES", "REF_AREA": a, "COUNTERPART_AREA": b, "OBS_VALUE": v} for a, b, v in rows),
    )
    answer = select(data, REFUGEES, {}, by=["COUNTERPART_AREA"])
    expected = {}
    for origin in sorted({origin for _, origin, _ in rows}):
        mine = [number for _, code, number in rows if code == origin]
        numbers = [number for number in mine if number is not None]
        expected[origin] = (sum(numbers) if numbers else None, len(mine) - len(numbers))
    found = answer.select("COUNTERPART_AREA", "OBS_VALUE", "OBS_UNKNOWN").rows()
    assert {origin: (number, unknown) for origin, number, unknown in found} == expected
