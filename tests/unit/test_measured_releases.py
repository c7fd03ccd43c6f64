"""Measures of persons in a release: what few stand behind is not shown, the rest changes a little, always alike."""

import random
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from torogoz.statistics.disclosure.keys import SecretTooShort
from torogoz.statistics.engine import opened
from torogoz.statistics.forms.shipped import current_form
from torogoz.statistics.indicators.compiler import compute
from torogoz.statistics.indicators.loading import read, shipped
from torogoz.statistics.indicators.protecting import CannotProtect, protected
from torogoz.statistics.measured_releases import MEASURED_PLANS, RETURN_MEASURES, measured
from torogoz.statistics.returns import ARRIVAL_SCHEMA, person_rows, section_rows

SECRET = b"a secret of tests that is long enough"
PLAN = MEASURED_PLANS[RETURN_MEASURES]


def arrivals(persons: list[str], days: list[str]) -> pl.DataFrame:
    """Arrivals of made-up persons: women of 30 from Mexico."""
    lines = [
        (day, "1994-03-01", "1994-03-01", "F", "SLV", "MEX", "LAND", "N", "SV-SS", "SV-SS", "ECONOMIC", person, number)
        for number, (person, day) in enumerate(zip(persons, days, strict=True))
    ]
    frame = pl.DataFrame(
        lines,
        schema=[*ARRIVAL_SCHEMA.names(), "person", "encounter"],
        orient="row",
    )
    return frame.with_columns(pl.col("arrived_on", "birth_min", "birth_max").str.to_date())


def rows(women: int, men: int, insecure: int = 0, year: int = 2025) -> pl.DataFrame:
    """Made-up rows of the fact table `returns`."""
    draw = random.Random(women * 1000 + men)
    return pl.DataFrame(
        {
            "TIME_PERIOD": [f"{year}-{draw.randint(1, 12):02d}" for _ in range(women + men)],
            "person": [str(number) for number in range(women + men)],
            "SEX": ["F"] * women + ["M"] * men,
            "AGE_GROUP": ["Y_GE18"] * (women + men),
            "AGE": ["Y30T34"] * (women + men - 1) + ["_U"],
            "age_years": [30] * (women + men),
            "CHILD_STATUS": ["ADULT"] * (women + men),
            "returns_12_months": [2] * insecure + [1] * (women + men - insecure),
        }
    )


def figures(frame: pl.DataFrame, indicator: str) -> dict[tuple[str, str], tuple[float | None, str]]:
    found = measured(PLAN, {"returns": frame}, SECRET).filter(pl.col("INDICATOR") == indicator)
    return {(row[0], row[1]): row[2:] for row in found.select("SEX", "AGE", "OBS_VALUE", "CONF_STATUS").iter_rows()}


def test_a_count_of_few_persons_is_hidden_and_a_large_one_is_near_the_truth() -> None:
    found = figures(rows(400, 6), "SV_12_INDIVIDUALS")
    assert found["M", "_T"] == (None, "C")
    value, status = found["F", "_T"]
    assert status == "F"
    assert value == pytest.approx(400, abs=5)


def test_a_share_whose_part_is_of_one_or_two_persons_is_hidden() -> None:
    assert figures(rows(200, 200, insecure=2), "SV_13_REPEAT")["F", "_T"] == (None, "C")
    value, status = figures(rows(200, 200, insecure=50), "SV_13_REPEAT")["F", "_T"]
    assert status == "F"
    assert value == pytest.approx(25, abs=4)


def test_that_all_of_a_small_group_are_alike_is_not_said() -> None:
    assert figures(rows(200, 20, insecure=0), "SV_13_REPEAT")["M", "_T"] == (None, "C")
    assert figures(rows(200, 60, insecure=0), "SV_13_REPEAT")["M", "_T"] == (0.0, "F")


def test_the_same_cell_shows_the_same_figure_in_every_release_and_another_secret_another() -> None:
    frame = rows(400, 300)
    one, again = measured(PLAN, {"returns": frame}, SECRET), measured(PLAN, {"returns": frame.reverse()}, SECRET)
    assert one.equals(again)
    more = pl.concat([frame, rows(50, 50, year=2026)])
    later = measured(PLAN, {"returns": more}, SECRET).filter(pl.col("TIME_PERIOD") == "2025")
    assert later.equals(one)
    assert not measured(PLAN, {"returns": frame}, SECRET[::-1]).equals(one)


def test_most_counts_are_changed_and_none_by_more_than_the_table_allows() -> None:
    (indicator,) = read(
        """
id: SV_TEST_COUNT
name: {es: Cuenta, en: Count}
description: {es: Una cuenta., en: A count.}
measure: {fn: count, of: returns}
unit: EVENTS
frequency: [M]
breakdowns: []
disclosure: {policy: cell_key, min: 10}
""",
        "made up",
    )
    frame = pl.DataFrame(
        {"TIME_PERIOD": [f"{2000 + i // 12}-{i % 12 + 1:02d}" for i in range(240) for _ in range(20 + i)]}
    )
    with opened("polars") as engine:
        cube = compute(indicator, {"returns": pl_lazy(frame)}, engine)
    shown = protected(indicator, cube, SECRET)
    changes = [
        value - count
        for value, count in zip(shown["OBS_VALUE"].to_list(), cube.cells["OBS_VALUE"].to_list(), strict=True)
    ]
    assert max(map(abs, changes)) <= 5
    assert 0.3 < sum(change != 0 for change in changes) / len(changes) < 0.7
    assert abs(sum(changes)) < 5 * len(changes) ** 0.5


def pl_lazy(frame: pl.DataFrame) -> Any:
    """The frame as engines take it."""
    return nw.from_native(frame.lazy())


def test_a_sum_of_amounts_is_not_published_by_this_way() -> None:
    indicator = shipped()["SV_12_INDIVIDUALS"]
    (amount,) = read(
        """
id: SV_TEST_SUM
name: {es: Suma, en: Sum}
description: {es: Una suma., en: A sum.}
measure: {fn: sum, of: section_migration.detained_days}
unit: DAYS
frequency: [A]
breakdowns: []
disclosure: {policy: cell_key, min: 10}
""",
        "made up",
    )
    with opened("polars") as engine:
        cube = compute(indicator, {"returns": pl_lazy(rows(50, 50))}, engine)
    with pytest.raises(CannotProtect, match="a sum of persons' amounts"):
        protected(amount, cube, SECRET)
    with pytest.raises(SecretTooShort):
        protected(indicator, cube, b"short")


def test_an_open_year_is_provisional_and_a_table_that_is_not_given_gives_no_indicator() -> None:
    found = measured(PLAN, {"returns": rows(100, 100)}, SECRET, ["2025"])
    assert set(found["OBS_STATUS"]) == {"P"}
    assert "SV_16_FIVE_YEARS" not in set(found["INDICATOR"])
    assert {"SV_12_INDIVIDUALS", "SV_13_REPEAT"} <= set(found["INDICATOR"])


def test_returns_of_twelve_months_are_counted_for_each_person_and_the_person_is_a_number_of_the_frame() -> None:
    found = person_rows(
        arrivals(["ana", "eva", "ana", "ana"], ["2024-01-10", "2024-02-01", "2025-01-08", "2025-01-09"])
    )
    assert found["returns_12_months"].to_list() == [1, 1, 2, 2]
    assert found["person"].to_list() == ["1", "2", "1", "1"]
    assert found["AGE_GROUP"].to_list() == ["Y_GE18"] * 4


def test_answers_become_columns_and_what_was_not_answered_is_unknown() -> None:
    header = person_rows(arrivals(["ana", "eva", "eli"], ["2025-01-01"] * 3))
    form = current_form("consular")
    given = {0: {"consul_visit": "Y", "family_abroad": ["PARTNER", "CHILDREN"]}, 2: {"minors_abroad": 2}}
    found = section_rows(header, form, given)
    assert found["person"].to_list() == ["1", "2"]  # by name: ana, eli
    assert found["consul_visit"].to_list() == ["Y", None]
    assert found["family_abroad"].to_list() == ["PARTNER CHILDREN", None]
    assert found["minors_abroad"].to_list() == [None, 2]
    assert "encounter" not in found.columns
