"""Outlines of places: read, named by ISO 3166-2, and simplified so that neighbours still share their border."""

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publishers import made_up_departments
from torogoz.exchange.readers.boundaries import (
    Boundary,
    department_code,
    douglas_peucker,
    outlines,
    read_boundaries,
    simplified,
)
from torogoz.exchange.readers.contract import UnknownLayout, Unreadable
from torogoz.exchange.readers.outlines import from_frame, holds_areas, read_outlines, to_frame

Point = tuple[float, float]
offsets = st.lists(st.sampled_from([-0.2, -0.1, 0.0, 0.1, 0.2]), min_size=3, max_size=40)


def neighbours(border: list[Point]) -> tuple[Boundary, Boundary]:
    """A western and an eastern square that share a border from south to north, each walking it its own way."""
    (_, south), (_, north) = border[0], border[-1]
    west = (*border, (-9.0, north), (-9.0, south), border[0])
    east = (*reversed(border), (9.0, south), (9.0, north), border[-1])
    return (
        Boundary("West", "SV-AH", ((west,),), "department"),
        Boundary("East", "SV-UN", ((east,),), "department"),
    )


def between(area: Boundary, south: float, north: float) -> set[Point]:
    """The points of an area's ring that lie on the shared border."""
    return {(x, y) for x, y in area.polygons[0][0] if abs(x) < 1 and south <= y <= north}


@settings(max_examples=40, deadline=None)
@given(offsets, st.sampled_from([0.001, 0.05, 0.2]))
def test_neighbours_share_their_border_after_it_is_simplified(wiggles: list[float], tolerance: float) -> None:
    border = [(x, float(y)) for y, x in enumerate(wiggles)]
    west, east = simplified(neighbours(border), tolerance)
    north = float(len(border) - 1)
    assert between(west, 0, north) == between(east, 0, north)
    assert west.polygons[0][0][0] == west.polygons[0][0][-1]


def test_a_border_that_would_be_cut_otherwise_when_walked_the_other_way_is_cut_once() -> None:
    border = [(-0.2, 0.4), (0.1, 0.1), (0.2, -0.1), (0.2, 0.1), (-0.4, -0.2)]
    assert douglas_peucker(border, 0.2) != douglas_peucker(border[::-1], 0.2)[::-1]
    west, east = simplified(neighbours(border), 0.2)
    assert between(west, -1, 1) == between(east, -1, 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=60), st.floats(0.001, 0.5))
def test_no_point_that_is_left_out_was_further_away_than_the_tolerance(line: list[Point], tolerance: float) -> None:
    thin = douglas_peucker(line, tolerance)
    assert (thin[0], thin[-1]) == (line[0], line[-1])
    at = 0
    for start, end in pairwise(thin):
        stop = line.index(end, at + 1) if end in line[at + 1 :] else len(line) - 1
        for point in line[at + 1 : stop]:
            assert min(_away(point, start, end), *(math.dist(point, each) for each in thin)) <= tolerance + 1e-9
        at = stop


def _away(point: Point, start: Point, end: Point) -> float:
    """Distance from a point to a segment, near the equator."""
    length = math.dist(start, end) ** 2
    along = (point[0] - start[0]) * (end[0] - start[0]) + (point[1] - start[1]) * (end[1] - start[1])
    share = max(0.0, min(1.0, along / length)) if length else 0.0
    return math.dist(point, (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))


def test_an_island_smaller_than_the_tolerance_is_left_out_but_never_a_whole_area() -> None:
    dot = ((5.0, 5.0), (5.001, 5.0), (5.001, 5.001), (5.0, 5.0))
    land = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    [both] = simplified([Boundary("A", None, ((land,), (dot,)), "department")], 0.1)
    [alone] = simplified([Boundary("B", None, ((dot,),), "department")], 0.1)
    assert len(both.polygons) == 1
    assert len(alone.polygons) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [("Cabañas", "SV-CA"), ("CABANAS", "SV-CA"), ("La Unión Department", "SV-UN"), ("Atlántida", None), ("", None)],
)
def test_a_department_is_known_by_its_name_with_or_without_accents(name: str, code: str | None) -> None:
    assert department_code(name) == code


def feature(**properties: str) -> dict[str, object]:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_municipalities_are_drawn_with_their_department(tmp_path: Path) -> None:
    path = tmp_path / "map"
    areas = [
        feature(municipality="Cabañas Este", department="Cabañas"),
        feature(municipality="Cabañas Oeste", department="Cabañas"),
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": areas}))
    found = read_boundaries(path)
    assert [(area.name, area.department, area.level) for area in found] == [
        ("Cabañas Este", "SV-CA", "municipality"),
        ("Cabañas Oeste", "SV-CA", "municipality"),
    ]
    assert {code: len(rings) for code, rings in outlines(found).items()} == {"SV-CA": 2}


def test_a_map_of_other_things_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(river="Lempa")]}))
    with pytest.raises(UnknownLayout, match="river"):
        read_boundaries(path)
    path.write_text("{}")
    with pytest.raises(Unreadable, match="not a GeoJSON"):
        read_boundaries(path)


def test_a_file_of_departments_says_whose_it_is_and_what_could_not_be_drawn(tmp_path: Path) -> None:
    path = made_up_departments(tmp_path / "map.geojson", "Atlántida", "Cabañas 2")
    found = read_outlines(path)
    assert (found.publisher, found.dataset, found.licence) == ("geoBoundaries", "geoboundaries-slv-adm1", "CC BY 4.0")
    assert (found.level, found.rows_read, len(found.areas)) == ("department", 16, 14)
    assert found.set_aside["row"].to_list() == [15, 16]
    assert set(found.set_aside["reason"]) == {"not one of the 14 departments; the area was not stored"}
    assert from_frame(to_frame(found.areas)) == found.areas


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"type": "Point", "coordinates": [-89, 13.5]}, "not a polygon"),
        ({"type": "Polygon", "coordinates": [[[13.5, -89], [13.6, -89], [13.6, -88], [13.5, -89]]]}, "longitude comes"),
        ({"type": "Polygon", "coordinates": [[[-89, 13.5], [-89, 13.5]]]}, "fewer points"),
        ({"type": "Polygon", "coordinates": []}, "fewer points"),
        (None, "no outline"),
    ],
)
def test_an_area_that_cannot_be_drawn_is_set_aside_with_its_reason(tmp_path: Path, spoil: object, reason: str) -> None:
    path = made_up_departments(tmp_path / "map.geojson")
    whole = json.loads(path.read_text())
    whole["features"].append({"type": "Feature", "properties": {"department": "La Paz"}, "geometry": spoil})
    path.write_text(json.dumps(whole))
    found = read_outlines(path)
    assert len(found.areas) == 14
    assert reason in found.set_aside["reason"].item()


def test_a_map_with_a_hole_where_a_department_is_missing_is_refused(tmp_path: Path) -> None:
    path = made_up_departments(tmp_path / "map.geojson")
    whole = json.loads(path.read_text())
    whole["features"] = [each for each in whole["features"] if each["properties"]["department"] != "Morazán"]
    path.write_text(json.dumps(whole))
    assert holds_areas(path)
    with pytest.raises(Unreadable, match="SV-MO"):
        read_outlines(path)
