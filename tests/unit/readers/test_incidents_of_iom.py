"""IOM's incidents in the layouts it has used: dates, positions, labels, region schemes, totals."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.exchange.readers import catalogue, iom
from torogoz.exchange.readers.contract import Reading
from torogoz.exchange.readers.days import Order, order_of, parse_day

OLD = "Web ID,Region of Incident,Reported Date,Reported Year,Reported Month,Number Dead"
OLD += ",Minimum Estimated Number of Missing,Cause of Death,Location Coordinates,Migration Route"
TWO = "id,cause_of_death,region_origin,missing,dead,incident_region,date,reliability,latitude,longitude"
CsvFile = Callable[..., Path]


def read(path: Path) -> Reading:
    [reading] = catalogue.read(path)
    return reading


def incidents(reading: Reading) -> list[dict[str, object]]:
    return reading.observations.filter(INDICATOR="INCIDENTS").sort("SOURCE_ROW").to_dicts()


def values(reading: Reading, indicator: str) -> list[float | None]:
    return reading.observations.filter(INDICATOR=indicator).sort("SOURCE_ROW")["OBS_VALUE"].to_list()


def test_days_before_months_are_seen_from_the_file_and_kept_for_its_doubtful_dates(csv_file: CsvFile) -> None:
    reading = read(
        csv_file(
            TWO,
            "1,Drowning,Horn of Africa,,3,North Africa,05/11/2015,Verified,32.1,12.9",
            "2,Drowning,Horn of Africa,,3,North Africa,25/11/2015,Verified,32.1,12.9",
            end="\r\n",
        )
    )
    assert reading.layout == "iom-missing-migrants-other"
    assert [row["TIME_PERIOD"] for row in incidents(reading)] == ["2015-11", "2015-11"]


def test_separate_latitude_and_longitude_are_read_and_one_without_the_other_is_set_aside(csv_file: CsvFile) -> None:
    reading = read(
        csv_file(
            TWO,
            "1,Violence,,,1,Middle East,2015-11-05,Verified,31.65,-110.36",
            "2,Violence,,,1,Middle East,2015-11-05,Verified,31.65,",
            "3,Violence,,,1,Middle East,2015-11-05,Verified,,",
            "4,Violence,,,1,Middle East,2015-11-05,Verified,131.65,-110.36",
        )
    )
    assert [(row["LAT"], row["LON"]) for row in incidents(reading)] == [(31.65, -110.36)] + [(None, None)] * 3
    assert reading.set_aside["row"].to_list() == [3, 5]
    assert "outside the earth" in reading.set_aside["reason"][1]


def test_another_region_scheme_is_named_with_every_figure(csv_file: CsvFile) -> None:
    rows = ["1,Violence,,,1,Horn of Africa,2015-11-05,,,", "2,Violence,,,1,US-Mexico Border,2015-11-05,,,"]
    found = incidents(read(csv_file(TWO, *rows)))
    assert {row["REGION_SCHEME"] for row in found} == {"IOM_2014"}
    assert [row["REF_AREA"] for row in found] == ["HORN_OF_AFRICA", "US_MEXICO_BORDER"]


def test_regions_of_no_known_scheme_are_kept_and_said(csv_file: CsvFile) -> None:
    reading = read(csv_file(TWO, "1,Violence,,,1,Blue zone,2015-11-05,,,"))
    assert [(row["REGION_SCHEME"], row["REF_AREA"]) for row in incidents(reading)] == [("OWN", "BLUE_ZONE")]
    assert "no scheme" in reading.notes[0]


@pytest.mark.parametrize(
    ("position", "place"),
    [
        ("POINT (-110.366453 31.650259)", (31.650259, -110.366453)),
        ("31.650259, -110.366453", (31.650259, -110.366453)),
        ('{""type"": ""Point"", ""coordinates"": [-110.366453, 31.650259]}', (31.650259, -110.366453)),
        ("in the desert", (None, None)),
    ],
)
def test_three_encodings_of_one_position(
    csv_file: CsvFile, position: str, place: tuple[float | None, float | None]
) -> None:
    reading = read(csv_file(OLD, f'7,North America,"March 22, 2019",2019,March,1,,Drowning,"{position}",'))
    [row] = incidents(reading)
    assert ((row["LAT"], row["LON"]), row["TIME_PERIOD"]) == (place, "2019-03")
    assert reading.set_aside.height == (0 if place[0] else 1)


def test_a_map_script_holds_the_same_incidents(tmp_path: Path) -> None:
    properties = {
        "Region": "North America",
        "Incident Date": "2019-07-09",
        "Number Dead": 1,
        "Number of Missing": None,
        "Cause of Death": "Drowning",
    }
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [-110.3, 31.6]},
    }
    path = tmp_path / "incidents.js"
    path.write_text("var incidents = " + json.dumps({"type": "FeatureCollection", "features": [feature]}) + ";\n")
    reading = read(path)
    [row] = incidents(reading)
    assert (row["LAT"], row["LON"], row["TIME_PERIOD"], row["CAUSE"]) == (31.6, -110.3, "2019-07", "DROWNING")
    assert (values(reading, "DEAD"), values(reading, "MISSING")) == ([1], [None])


def test_a_cell_that_joins_causes_is_split_where_labels_end_and_not_at_their_commas() -> None:
    harsh = "Harsh environmental conditions / lack of adequate shelter, food, water"
    assert iom.split_labels(f"Drowning,{harsh},Violence", iom.CAUSES) == ["Drowning", harsh, "Violence"]
    assert iom.split_labels(f"{harsh}, Drowning", iom.CAUSES) == [harsh, "Drowning"]
    assert iom.split_labels("A new cause, with a comma,Drowning", iom.CAUSES) == [
        "A new cause, with a comma",
        "Drowning",
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(iom.CAUSES), min_size=1, max_size=5), st.sampled_from([",", ", "]))
def test_joined_causes_come_apart_as_they_were_joined(causes: list[str], comma: str) -> None:
    assert iom.split_labels(comma.join(causes), iom.CAUSES) == causes


def test_without_a_total_of_its_own_the_known_part_is_the_total_and_two_unknowns_are_unknown(csv_file: CsvFile) -> None:
    start = "Mediterranean,2019-05-01,2019,May"
    rows = [
        f"1,{start},2,3,Drowning,,",
        f"2,{start},,4,Drowning,,",
        f"3,{start},5,,Drowning,,",
        f"4,{start},,,Drowning,,",
    ]
    reading = read(csv_file(OLD, *rows))
    assert values(reading, "DEAD_MISSING") == [5, 4, 5, None]
    assert values(reading, "DEAD") == [2, None, 5, None]


def test_a_number_below_zero_corrects_the_missing_but_is_no_number_of_dead(csv_file: CsvFile) -> None:
    reading = read(
        csv_file(OLD, "1,Mediterranean,2019-05-01,2019,May,15,-2,Drowning,,", "2,Europe,2019-05-01,,,-1,,Violence,,")
    )
    assert values(reading, "DEAD_MISSING") == [13, None]
    assert values(reading, "DEAD") == [15, None]
    assert reading.set_aside.select("row", "column").rows() == [
        (2, "Minimum Estimated Number of Missing"),
        (3, "Number Dead"),
    ]


def test_a_blank_day_takes_the_month_beside_it_and_no_date_at_all_is_set_aside(csv_file: CsvFile) -> None:
    rest = "1,,Drowning,,"
    reading = read(
        csv_file(
            OLD,
            f"1,Mediterranean,,2019,May,{rest}",
            f"2,Mediterranean,,2019,,{rest}",
            f"3,Mediterranean,soon,2019,May,{rest}",
            f"4,Mediterranean,,,,{rest}",
        )
    )
    assert [row["TIME_PERIOD"] for row in incidents(reading)] == ["2019-05", "2019", "2019-05"]
    assert reading.set_aside["row"].to_list() == [3, 4, 5]
    assert "not stored" in reading.set_aside["reason"][2]
    assert reading.rows_read == 4


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2014-01-06", date(2014, 1, 6)),
        ("2014-01-06T00:00:00", date(2014, 1, 6)),
        ("Thu, 01/29/2026 - 12:00", date(2026, 1, 29)),
        ("9-Jul-19", date(2019, 7, 9)),
        ("9 July 2019", date(2019, 7, 9)),
        ("March 22, 2019", date(2019, 3, 22)),
        ("31/12/2018", date(2018, 12, 31)),
        ("05/05/2018", date(2018, 5, 5)),
        ("05/06/2018", None),
        ("2014-02-30", None),
        ("unknown", None),
    ],
)
def test_days_as_publishers_write_them(text: str, day: date | None) -> None:
    assert parse_day(text, Order(None)) == day


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.dates(date(2001, 1, 1), date(2099, 12, 31)), min_size=1, max_size=8),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]),
)
def test_a_column_of_dates_in_one_order_is_never_read_in_the_other(days: list[date], order: str) -> None:
    written = [f"{day:{order}}" for day in days]
    found = order_of(zip(written, [day.month for day in days], strict=True))
    assert [parse_day(text, found) for text in written] == days


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dates(date(2001, 1, 1), date(2099, 12, 31)), max_size=8), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_without_a_month_beside_it_a_doubtful_date_is_unknown_rather_than_wrong(days: list[date], order: str) -> None:
    written = [f"{day:{order}}" for day in days]
    found = order_of((text, None) for text in written)
    assert all(parse_day(text, found) in (day, None) for text, day in zip(written, days, strict=True))
