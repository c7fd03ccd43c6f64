"""Arrivals as cells: ages only where the dates allow one."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.statistics.returns import ARRIVAL_SCHEMA, CELL_SCHEMA, arrival_cells, child_cells

DAYS = st.dates(date(1920, 1, 1), date(2026, 12, 31))


def arrivals(*rows: dict[str, object]) -> pl.DataFrame:
    usual = {
        "arrived_on": date(2026, 5, 17),
        "birth_min": None,
        "birth_max": None,
        "sex": "F",
        "nationality": "SLV",
        "returned_from": "USA",
        "route": "AIR",
        "accompanied": "_U",
        "origin": "SV-AH",
        "destination": "",
        "reason": "ECONOMIC",
    }
    return pl.DataFrame([usual | row for row in rows], schema=ARRIVAL_SCHEMA)


def test_a_cell_has_the_codes_of_the_cube_and_nothing_else() -> None:
    cells = arrival_cells(arrivals({"birth_min": date(2001, 5, 17), "birth_max": date(2001, 5, 17)}))
    assert cells.schema == CELL_SCHEMA
    assert cells.row(0, named=True) == {
        "TIME_PERIOD": "2026-05",
        "SEX": "F",
        "age": 25,
        "AGE": "Y25T29",
        "COUNTERPART_AREA": "USA",
        "MODE": "AIR",
        "ACCOMPANIED": "_U",
        "ORIGIN": "SV-AH",
        "REF_AREA": "_U",
        "REASON": "ECONOMIC",
        "NATIONALITY": "SLV",
    }


@pytest.mark.parametrize(
    ("first", "last", "age", "band"),
    [
        (date(2001, 1, 1), date(2001, 12, 31), None, "_U"),  # 24 or 25: two ages, two bands
        (date(2003, 1, 1), date(2003, 12, 31), None, "Y20T24"),  # 22 or 23: two ages, one band
        (date(2001, 5, 18), date(2001, 5, 18), 24, "Y20T24"),  # the birthday is tomorrow
        (date(1941, 5, 17), date(1941, 5, 17), 85, "Y_GE85"),
        (date(1920, 1, 1), date(1930, 12, 31), None, "Y_GE85"),
        (date(2026, 5, 17), date(2026, 5, 17), 0, "Y0T4"),
        (None, None, None, "_U"),
    ],
)
def test_an_age_that_straddles_is_unknown_unless_one_band_holds_both(
    first: date | None, last: date | None, age: int | None, band: str
) -> None:
    cell = arrival_cells(arrivals({"birth_min": first, "birth_max": last})).row(0, named=True)
    assert (cell["age"], cell["AGE"]) == (age, band)


@given(st.lists(st.tuples(DAYS, DAYS, DAYS), min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_every_age_is_the_one_that_a_plain_loop_counts(days: list[tuple[date, date, date]]) -> None:
    rows = [
        {"arrived_on": on, "birth_min": min(one, other, on), "birth_max": min(max(one, other), on)}
        for on, one, other in days
    ]
    cells = arrival_cells(arrivals(*rows))
    for row, cell in zip(rows, cells.iter_rows(named=True), strict=True):
        possible = {_age(birth, row["arrived_on"]) for birth in (row["birth_min"], row["birth_max"])}
        bands = {"Y_GE85" if age >= 85 else f"Y{age // 5 * 5}T{age // 5 * 5 + 4}" for age in possible}
        assert cell["age"] == (possible.pop() if len(possible) == 1 else None)
        assert cell["AGE"] == (bands.pop() if len(bands) == 1 else "_U")


def test_no_arrivals_give_an_empty_frame_of_the_same_shape() -> None:
    assert arrival_cells(arrivals()).schema == CELL_SCHEMA


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def born(day: date) -> dict[str, date]:
    return {"birth_min": day, "birth_max": day}


def test_a_child_counts_once_a_year_as_at_the_first_arrival_and_whose_it_was_does_not_leave() -> None:
    frame = arrivals(
        {"arrived_on": date(2025, 11, 2), "accompanied": "N", **born(date(2013, 6, 1))},
        {"arrived_on": date(2025, 3, 2), "accompanied": "Y", **born(date(2013, 6, 1))},
        {"arrived_on": date(2026, 1, 5), "accompanied": "N", **born(date(2013, 6, 1))},
        {"arrived_on": date(2025, 3, 2), "destination": "SV-SS", **born(date(2012, 6, 1))},
    ).with_columns(person=pl.Series([7, 7, 7, 8]))
    cells = child_cells(frame)
    assert cells.columns == ["TIME_PERIOD", "SEX", "AGE", "ACCOMPANIED", "REF_AREA"]
    assert sorted(cells.rows()) == [
        ("2025", "F", "Y0T11", "Y", "_U"),
        ("2025", "F", "Y12T17", "_U", "SV-SS"),
        ("2026", "F", "Y12T17", "N", "_U"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "age"),
    [
        (date(2008, 5, 18), date(2008, 5, 18), "Y12T17"),  # 18 tomorrow
        (date(2008, 5, 17), date(2008, 5, 17), None),  # 18 today
        (date(2008, 1, 1), date(2008, 12, 31), None),  # may be 18 already
        (date(2009, 1, 1), date(2009, 12, 31), "_U"),  # 16 or 17: a child, of no single year of age
        (date(2018, 1, 1), date(2018, 12, 31), "Y0T11"),  # 7 or 8
        (date(2014, 1, 1), date(2014, 12, 31), "_U"),  # 11 or 12
        (date(2027, 1, 1), date(2027, 1, 1), None),  # not born yet: a mistake of the record
        (None, None, None),
    ],
)
def test_who_may_have_been_eighteen_is_not_counted_as_a_child(
    first: date | None, last: date | None, age: str | None
) -> None:
    frame = arrivals({"birth_min": first, "birth_max": last}).with_columns(person=pl.lit(1))
    assert child_cells(frame)["AGE"].to_list() == ([] if age is None else [age])
