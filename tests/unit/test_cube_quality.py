"""Figures are held against the rules of their own definition."""

from dataclasses import replace

import polars as pl
import pytest

from torogoz.statistics.indicators.definition import Indicator, Quality
from torogoz.statistics.indicators.loading import read
from torogoz.statistics.indicators.quality import Finding, Rule, findings

INDICATOR = read(
    """
id: MADE_UP_01
name: {es: Inventado, en: Made up}
description: {es: Para las pruebas., en: For the tests.}
measure: {fn: count, of: returns}
unit: EVENTS
frequency: [M, A]
breakdowns: [SEX, AGE, AGE_GROUP]
disclosure: {policy: suppress}
""",
    "made_up.yaml",
)[0]


def _with(**rules: object) -> Indicator:
    return replace(INDICATOR, quality=replace(Quality(), **rules))  # type: ignore[arg-type]


def _cells(rows: list[tuple[str, str, str, float | None]], frequency: str = "A") -> pl.DataFrame:
    frame = pl.DataFrame(rows, ["SEX", "AGE", "TIME_PERIOD", "OBS_VALUE"], orient="row")
    return frame.with_columns(
        FREQ=pl.lit(frequency),
        N=pl.col("OBS_VALUE").cast(pl.Int64),
        DENOMINATOR=pl.lit(None, pl.Float64),
        OBS_VALUE=pl.col("OBS_VALUE").cast(pl.Float64),
    )


def test_too_many_unknowns_are_found() -> None:
    cells = _cells([("_T", "_T", "2025", 1000), ("_U", "_T", "2025", 11), ("F", "_T", "2025", 989)])
    cell = (("FREQ", "A"), ("SEX", "_U"), ("AGE", "_T"), ("TIME_PERIOD", "2025"))
    assert findings(_with(missing_max={"SEX": 0.01}), cells) == [
        Finding("MADE_UP_01", Rule.MISSING, cell, ("SEX",), 0.011, 0.01)
    ]
    assert findings(_with(missing_max={"SEX": 0.011}), cells) == []


def test_parts_that_do_not_add_up_are_found() -> None:
    """The figures that the migration authority published of returns in 2017, and the sum that it printed."""
    cells = _cells([("_T", "_T", "2017", 26_838), ("F", "_T", "2017", 24_004), ("M", "_T", "2017", 28_934)])
    cell = (("FREQ", "A"), ("SEX", "_T"), ("AGE", "_T"), ("TIME_PERIOD", "2017"))
    assert findings(_with(sum_rules=(("SEX",),)), cells) == [
        Finding("MADE_UP_01", Rule.SUM, cell, ("SEX",), 52_938.0, 26_838.0)
    ]


def test_parts_of_which_one_is_not_known_can_only_be_too_many() -> None:
    fewer = _cells([("_T", "_T", "2025", 100), ("F", "_T", "2025", 40), ("M", "_T", "2025", None)])
    more = _cells([("_T", "_T", "2025", 100), ("F", "_T", "2025", 101), ("M", "_T", "2025", None)])
    assert findings(_with(sum_rules=(("SEX",),)), fewer) == []
    assert [each.value for each in findings(_with(sum_rules=(("SEX",),)), more)] == [101.0]


def test_bands_and_children_are_not_added_together() -> None:
    rows = [("_T", "_T", "2025", 10), ("_T", "Y0T4", "2025", 4), ("_T", "Y20T24", "2025", 5), ("_T", "_U", "2025", 1)]
    cells = _cells([*rows, ("_T", "Y_LT18", "2025", 4), ("_T", "Y_GE18", "2025", 5)])
    assert findings(_with(sum_rules=(("AGE",), ("AGE_GROUP",))), cells) == []
    assert (
        len(findings(_with(sum_rules=(("AGE",), ("AGE_GROUP",))), cells[1:].vstack(_cells([("_T", "_T", "2025", 11)]))))
        == 2
    )


@pytest.mark.parametrize(("leap", "found"), [(400, 2), (130, 0)])
def test_a_leap_out_of_the_usual_is_found_where_it_begins_and_ends(leap: float, found: int) -> None:
    values = [100, 104, 98, 101, 97, leap, 103, 99, 102, 100]
    cells = _cells([("_T", "_T", f"2025-{month:02}", value) for month, value in enumerate(values, 1)], "M")
    said = findings(_with(jump=6.0), cells)
    assert [each.cell[-1][1] for each in said] == ["2025-06", "2025-07"][:found]
    assert all(each.rule is Rule.JUMP and each.value > 6 for each in said)


def test_a_month_without_a_cell_is_a_month_without_returns() -> None:
    cells = _cells([("_T", "_T", f"2025-{month:02}", 400) for month in range(1, 13) if month != 6], "M")
    assert [each.cell[-1][1] for each in findings(_with(jump=6.0), cells)] == ["2025-06", "2025-07"]


def test_a_short_series_has_no_usual_step() -> None:
    cells = _cells([("_T", "_T", str(year), value) for year, value in ((2023, 1), (2024, 1), (2025, 9999))])
    assert findings(_with(jump=6.0), cells) == []


def test_nothing_is_found_in_no_figures() -> None:
    rules = _with(missing_max={"SEX": 0.0}, sum_rules=(("SEX",),), jump=2.0)
    assert findings(rules, _cells([("_T", "_T", "2025", 1)]).clear()) == []
