"""The log of observations: what was said, from when, and what differs."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from torogoz.statistics import bitemporal
from torogoz.statistics.bitemporal import OutOfOrder, RepeatedKey

KEYS = ["AREA", "TIME_PERIOD"]
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SECOND, THIRD = FIRST + timedelta(days=30), FIRST + timedelta(days=60)


def state(*rows: tuple[str, str, float | None, str]) -> pl.DataFrame:
    """Area, period, value, status."""
    schema = {"AREA": pl.String, "TIME_PERIOD": pl.String, "OBS_VALUE": pl.Float64, "OBS_STATUS": pl.String}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def logged(*states: pl.DataFrame) -> pl.DataFrame:
    """A log of states, thirty days apart."""
    log = bitemporal.empty(states[0])
    for number, each in enumerate(states):
        log = bitemporal.append(log, each, KEYS, at=FIRST + timedelta(days=30 * number), run=f"run{number}")
    return log


BEFORE = state(("SLV", "2016", 100.0, "A"), ("SLV", "2017", 50.0, "P"), ("GTM", "2017", None, "M"))
AFTER = state(("SLV", "2016", 100.0, "A"), ("SLV", "2017", 51.0, "A"), ("HND", "2017", 7.0, "A"))


def test_only_what_changed_opens_or_closes_a_line() -> None:
    log = logged(BEFORE, AFTER)
    added = log.filter(pl.col("RUN_ID") == "run1").select("AREA", "TIME_PERIOD", "OBS_VALUE", "GONE").rows()
    assert sorted(added) == [("GTM", "2017", None, True), ("HND", "2017", 7.0, False), ("SLV", "2017", 51.0, False)]


def test_the_state_at_a_moment_is_what_was_said_then() -> None:
    log = logged(BEFORE, AFTER)
    assert bitemporal.as_of(log, KEYS, FIRST - timedelta(seconds=1)).is_empty()
    assert bitemporal.as_of(log, KEYS, FIRST).select(BEFORE.columns).sort(KEYS).equals(BEFORE.sort(KEYS))
    assert bitemporal.as_of(log, KEYS, SECOND).select(AFTER.columns).sort(KEYS).equals(AFTER.sort(KEYS))
    assert bitemporal.as_of(log, KEYS).select(AFTER.columns).sort(KEYS).equals(AFTER.sort(KEYS))


def test_a_moment_may_be_of_any_zone() -> None:
    log = logged(BEFORE, AFTER)
    home = SECOND.astimezone(ZoneInfo("America/El_Salvador"))
    assert bitemporal.as_of(log, KEYS, home).equals(bitemporal.as_of(log, KEYS, SECOND))
    third = bitemporal.append(log, BEFORE, KEYS, at=THIRD.astimezone(home.tzinfo), run="c")
    assert bitemporal.as_of(third, KEYS, THIRD).height == BEFORE.height


def test_the_history_of_a_cell_says_from_when_to_when_each_value_held() -> None:
    found = bitemporal.history(logged(BEFORE, AFTER), KEYS).filter(pl.col("TIME_PERIOD") == "2017")
    assert found.sort("AREA", "VALID_FROM").select("AREA", "OBS_VALUE", "VALID_FROM", "VALID_TO").rows() == [
        ("GTM", None, FIRST, SECOND),
        ("HND", 7.0, SECOND, None),
        ("SLV", 50.0, FIRST, SECOND),
        ("SLV", 51.0, SECOND, None),
    ]


def test_what_was_updated_is_added_changed_or_removed_and_a_round_trip_is_nothing() -> None:
    found = bitemporal.updated_after(logged(BEFORE, AFTER), KEYS, FIRST)
    assert sorted(found.select("AREA", "TIME_PERIOD", "HOW").rows()) == [
        ("GTM", "2017", "removed"),
        ("HND", "2017", "added"),
        ("SLV", "2017", "changed"),
    ]
    assert bitemporal.updated_after(logged(BEFORE, AFTER, BEFORE), KEYS, FIRST).is_empty()


def test_the_same_figure_in_a_newer_edition_is_no_revision() -> None:
    first = BEFORE.with_columns(EDITION=pl.lit("2025"))
    log = bitemporal.append(bitemporal.empty(first), first, KEYS, at=FIRST, run="a")
    again = bitemporal.append(log, first.with_columns(EDITION=pl.lit("2026")), KEYS, at=SECOND, run="b")
    assert again.height == log.height
    assert set(bitemporal.as_of(again, KEYS)["EDITION"]) == {"2025"}


def test_a_key_that_is_said_twice_is_refused_and_names_how_many() -> None:
    with pytest.raises(RepeatedKey, match="1 lines repeat the key of another"):
        logged(pl.concat([BEFORE, BEFORE.head(1)]))


def test_a_state_older_than_the_log_is_refused() -> None:
    with pytest.raises(OutOfOrder):
        bitemporal.append(logged(BEFORE, AFTER), BEFORE, KEYS, at=FIRST, run="late")


def test_a_difference_tells_four_kinds_apart_and_small_changes_from_material_ones() -> None:
    before = state(
        ("A", "2017", 1000.0, "A"), ("B", "2017", 1000.0, "A"), ("C", "2017", 5.0, "P"), ("D", "2017", 9.0, "A"),
        ("E", "2017", 3.0, "A"), ("G", "2017", 0.0, "A"), ("H", "2017", 4.0, "A"),
    )  # fmt: skip
    after = state(
        ("A", "2017", 1009.0, "A"), ("B", "2017", 1010.0, "A"), ("C", "2017", 5.0, "A"), ("E", "2017", None, "M"),
        ("F", "2017", 1.0, "A"), ("G", "2017", 1.0, "A"), ("H", "2017", 4.0, "A"),
    )  # fmt: skip
    found = bitemporal.difference(before, after, KEYS, materiality=0.01)
    assert sorted(found.select("AREA", "BEFORE", "AFTER", "HOW", "MATERIAL").rows()) == [
        ("A", 1000.0, 1009.0, "changed", False),
        ("B", 1000.0, 1010.0, "changed", True),
        ("C", 5.0, 5.0, "status-changed", False),
        ("D", 9.0, None, "removed", True),
        ("E", 3.0, None, "status-changed", True),
        ("F", None, 1.0, "added", True),
        ("G", 0.0, 1.0, "changed", True),
    ]
    assert found["AREA"][0] == "B"  # the largest material change first
    assert found.filter(pl.col("AREA") == "G")["RELATIVE"].to_list() == [None]


def test_protection_is_a_change_of_status_and_shown_as_such() -> None:
    shown = state(("A", "2017", 12.0, "A")).with_columns(CONF_STATUS=pl.lit("F"))
    hidden = state(("A", "2017", None, "A")).with_columns(CONF_STATUS=pl.lit("C"))
    found = bitemporal.difference(shown, hidden, KEYS)
    assert found.select("HOW", "STATUS_BEFORE", "STATUS_AFTER", "MATERIAL").rows() == [
        ("status-changed", "A", "A C", True)
    ]
