"""The newest figure of a series: what is over, what is hidden, what is several."""

from datetime import date

import polars as pl
import pytest

from torogoz.statistics.dataflows import Dataflow, Dimension, Kind, Role
from torogoz.statistics.deliberation.readings import Newest, UnclearSeries, history, newest, year_of

FLOW = Dataflow(
    "MADE_UP", "", "", "", "", Kind.FLOW, "", "", (Dimension("SEX", Role.TOTAL), Dimension("TIME_PERIOD", Role.SUM))
)
TODAY = date(2026, 3, 1)
Row = tuple[str, str, float | None, str, str]


def frame(*rows: Row, dataset: str = "") -> pl.DataFrame:
    names = ["SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS"]
    types = [pl.String, pl.String, pl.Float64, pl.String, pl.String]
    found = pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")
    return found.with_columns(DATASET=pl.lit(dataset)) if dataset else found


def test_a_dimension_that_is_left_out_stands_at_its_total() -> None:
    rows = frame(("_T", "2024", 10, "A", "F"), ("F", "2024", 4, "A", "F"))
    assert newest(rows, FLOW, {}, TODAY) == Newest("2024", 10)
    assert newest(rows, FLOW, {"SEX": "F"}, TODAY) == Newest("2024", 4)


def test_a_year_that_is_not_over_is_not_read() -> None:
    rows = frame(("_T", "2025", 10, "A", "F"), ("_T", "2026", 2, "P", "F"))
    assert newest(rows, FLOW, {}, TODAY) == Newest("2025", 10)


def test_years_are_read_before_months_and_months_where_there_are_no_years() -> None:
    months = [("_T", "2025-12", 3.0, "A", "F"), ("_T", "2026-02", 4.0, "P", "F")]
    assert newest(frame(("_T", "2024", 10, "A", "F"), *months), FLOW, {}, TODAY) == Newest("2024", 10)
    assert newest(frame(*months), FLOW, {}, TODAY) == Newest("2026-02", 4, provisional=True)


def test_what_is_hidden_has_no_value_and_no_older_one_takes_its_place() -> None:
    rows = frame(("_T", "2024", 10, "A", "F"), ("_T", "2025", None, "A", "C"))
    assert newest(rows, FLOW, {}, TODAY) == Newest("2025", None, hidden=True)
    careless = frame(("_T", "2025", 3, "A", "C"))
    assert newest(careless, FLOW, {}, TODAY) == Newest("2025", None, hidden=True)


def test_no_data_is_no_zero_and_a_zero_is_a_figure() -> None:
    assert newest(frame(("_T", "2025", None, "A", "F")), FLOW, {}, TODAY) is None
    assert newest(frame(("_T", "2025", 0, "A", "F")), FLOW, {}, TODAY) == Newest("2025", 0)


def test_two_publishers_of_one_period_are_not_guessed_between() -> None:
    rows = pl.concat(
        [
            frame(("_T", "2025", 10, "A", "F"), dataset="one"),
            frame(("_T", "2025", 12, "A", "F"), dataset="two"),
        ]
    )
    with pytest.raises(UnclearSeries, match="add DATASET= one of one, two"):
        newest(rows, FLOW, {}, TODAY)
    assert newest(rows, FLOW, {"DATASET": "two"}, TODAY) == Newest("2025", 12)


def test_a_dimension_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnclearSeries, match="no dimension AGE; it has SEX"):
        history(frame(), FLOW, {"AGE": "Y_LT18"}, TODAY)


def test_periods_lie_at_their_middle() -> None:
    assert [year_of(each) for each in ("2026", "2026-Q3", "2026-S1", "2026-01")] == [
        2026,
        2026.125,
        2025.75,
        pytest.approx(2025.5417, abs=1e-4),
    ]
