"""Indicators over published figures: the hidden stays hidden, the unknown is not zero, the register is whole."""

import polars as pl
import pytest

from torogoz.statistics.dataflows import DATAFLOWS, TIME, Role
from torogoz.statistics.indicators.loading import read, shipped
from torogoz.statistics.indicators.publishing import dataflow_of, from_dataflows, indicator_flows
from torogoz.statistics.indicators.register import register

SHARE = """
id: SV_TEST_SHARE
name: {es: Parte, en: Part}
description: {es: Una parte., en: A part.}
measure:
  fn: ratio
  numerator: {fn: external, dataflow: RETURNS, where: {REASON: INSECURITY}}
  denominator: {fn: external, dataflow: RETURNS}
  times: 100
unit: PT
breakdowns: []
disclosure: {policy: none}
"""


def returns(*lines: tuple[str, str, float | None, str]) -> pl.DataFrame:
    """Published cells of RETURNS: reason, period, value, CONF_STATUS; everything else at its total."""
    flow = DATAFLOWS["RETURNS"]
    return pl.DataFrame(
        [
            {
                **{each.id: each.total for each in flow.dimensions},
                "REASON": reason,
                TIME: period,
                "OBS_VALUE": value,
                "OBS_STATUS": "A",
                "CONF_STATUS": hidden,
            }
            for reason, period, value, hidden in lines
        ]
    )


def share(frame: pl.DataFrame) -> dict[str, tuple[float | None, str, str]]:
    (indicator,) = read(SHARE, "made up")
    found, _ = from_dataflows(indicator, {"RETURNS": frame})
    return {row[0]: row[1:] for row in found.select(TIME, "OBS_VALUE", "OBS_STATUS", "CONF_STATUS").iter_rows()}


def test_a_share_is_computed_from_what_is_published() -> None:
    frame = returns(("INSECURITY", "2025", 30.0, "F"), ("_T", "2025", 120.0, "F"))
    assert share(frame) == {"2025": (25.0, "A", "F")}


@pytest.mark.parametrize("hidden", ["C", "D", "N", "S"])
def test_a_share_with_a_hidden_part_is_hidden_whatever_value_stands_beside_the_mark(hidden: str) -> None:
    frame = returns(("INSECURITY", "2025", 3.0, hidden), ("_T", "2025", 120.0, "F"))
    assert share(frame) == {"2025": (None, "A", "C")}


def test_a_share_whose_whole_is_hidden_is_hidden_too() -> None:
    frame = returns(("INSECURITY", "2025", 30.0, "F"), ("_T", "2025", 40.0, "C"))
    assert share(frame) == {"2025": (None, "A", "C")}


def test_a_period_of_which_the_part_was_never_published_is_left_out_and_never_zero() -> None:
    frame = returns(("INSECURITY", "2025", 30.0, "F"), ("_T", "2025", 120.0, "F"), ("_T", "2025-01", 10.0, "F"))
    assert share(frame) == {"2025": (25.0, "A", "F")}


def test_nothing_divided_by_nothing_is_not_available() -> None:
    frame = returns(("INSECURITY", "2025", 0.0, "F"), ("_T", "2025", 0.0, "F"))
    assert share(frame) == {"2025": (None, "M", "F")}


def test_every_line_of_the_register_is_given_or_says_what_it_waits_for_in_both_languages() -> None:
    assert len(register()) == 62
    for entry in register():
        assert entry.given != bool(entry.waits_for_es and entry.waits_for_en)
        assert entry.name_es
        assert entry.name_en
        assert entry.gcm


def test_every_definition_stands_in_the_register_once() -> None:
    named = [name for entry in register() for name in entry.definitions]
    assert sorted(named) == sorted(shipped())


def test_an_indicator_is_a_dataflow_like_every_other() -> None:
    flow = indicator_flows()["SV_07_EMIGRANT_STOCK"]
    assert flow.names == ("REF_AREA", "SEX", TIME)
    assert flow.dimension("SEX").total == "_T"
    assert flow.dimension("REF_AREA").means_en == "country of residence"
    assert flow.unit_en == "persons"


def test_periods_are_added_only_where_the_dataflow_allows_it() -> None:
    def role(name: str) -> Role:
        return dataflow_of(shipped()[name]).dimension(TIME).role

    assert role("SV_34_DEAD_MISSING") is Role.SUM
    assert role("SV_07_EMIGRANT_STOCK") is Role.KEEP
    assert role("SV_11_RETURNS") is Role.KEEP  # months and years are both published
    assert role("SV_41_RECOGNITION") is Role.KEEP


NET = """
id: SV_TEST_NET
name: {es: Neta, en: Net}
description: {es: Una resta., en: A difference.}
measure:
  fn: difference
  of: {fn: external, dataflow: RETURNS, where: {REASON: FAMILY}}
  less: {fn: external, dataflow: RETURNS, where: {REASON: INSECURITY}}
unit: EVENTS
breakdowns: []
disclosure: {policy: none}
"""


@pytest.mark.parametrize(
    ("family", "insecurity", "expected"),
    [
        ((20.0, "F"), (50.0, "F"), (-30.0, "A", "F")),
        ((20.0, "F"), (None, "C"), (None, "A", "C")),
        ((None, "C"), (50.0, "F"), (None, "A", "C")),
    ],
)
def test_a_difference_may_be_negative_and_is_hidden_with_either_part(
    family: tuple[float | None, str], insecurity: tuple[float | None, str], expected: tuple[float | None, str, str]
) -> None:
    (indicator,) = read(NET, "made up")
    frame = returns(("FAMILY", "2025", *family), ("INSECURITY", "2025", *insecurity))
    found, _ = from_dataflows(indicator, {"RETURNS": frame})
    assert found.select("OBS_VALUE", "OBS_STATUS", "CONF_STATUS").row(0) == expected


def test_a_difference_of_a_period_with_one_part_alone_is_not_available() -> None:
    (indicator,) = read(NET, "made up")
    frame = returns(("FAMILY", "2025", 20.0, "F"), ("FAMILY", "2024", 9.0, "F"), ("INSECURITY", "2024", 4.0, "F"))
    found, _ = from_dataflows(indicator, {"RETURNS": frame})
    assert dict(found.select(TIME, "OBS_VALUE").iter_rows()) == {"2024": 5.0, "2025": None}
