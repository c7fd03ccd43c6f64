"""A file of boundaries as the registry of sources keeps it: simplified outlines, and what could not be drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers.boundaries import DEPARTMENTS, Boundary, Ring, boundary, layout_of, simplified
from torogoz.exchange.readers.contract import SET_ASIDE, UnknownLayout, Unreadable
from torogoz.exchange.readers.tables import features

# No figures are in it, so it is none of the dataflows that can be asked; it is how the registry calls these files.
BOUNDARIES: Final = "BOUNDARIES"
LICENCE: Final = "CC BY 4.0"
GEOBOUNDARIES: Final = ("geoBoundaries", "geoboundaries-slv-adm1", "department")
# Publisher, data set and level of each layout: no file of them names its publisher or its licence.
ORIGINS: Final = MappingProxyType(
    {
        "boundaries-departments": GEOBOUNDARIES,
        "boundaries-geoboundaries": GEOBOUNDARIES,
        "boundaries-municipalities": ("OCHA, HDX (COD-AB)", "hdx-cod-ab-slv-municipalities", "municipality"),
    }
)
NOTE: Final = "the file names neither its publisher nor its licence: both are known by its layout"
# El Salvador lies well within: west, south, east, north in degrees.
WEST, SOUTH, EAST, NORTH = -91.0, 12.5, -87.0, 15.0
SCHEMA: Final = pl.Schema(
    {
        "LEVEL": pl.String(),
        "NAME": pl.String(),
        "DEPARTMENT": pl.String(),
        "AREA": pl.Int64(),
        "POLYGON": pl.Int64(),
        "RING": pl.Int64(),
        "LON": pl.Float64(),
        "LAT": pl.Float64(),
    }
)


@dataclass(frozen=True, slots=True)
class Outlines:
    """What one file of boundaries says.

    publisher, dataset, licence  whose it is, by its layout
    layout     a key of `boundaries.LAYOUTS`
    level      `department` or `municipality`
    areas      simplified, in the order of the file, each with its department
    set_aside  row, column, value, reason: each area that could not be drawn; rows count from 1
    rows_read  areas in the file
    notes      what a reader must know
    """

    publisher: str
    dataset: str
    licence: str
    layout: str
    level: str
    areas: tuple[Boundary, ...]
    set_aside: pl.DataFrame
    rows_read: int
    notes: tuple[str, ...] = (NOTE,)


def holds_areas(path: Path) -> bool:
    """Whether the file is GeoJSON with the properties of departments or municipalities."""
    try:
        layout_of(features(path))
    except (UnknownLayout, Unreadable):
        return False
    return True


def read_outlines(path: Path) -> Outlines:
    """The outlines of a GeoJSON file of El Salvador's departments or municipalities.

    raises  UnknownLayout if its properties are others; Unreadable if it is not GeoJSON, or a department has no outline:
            a map with a hole in it would say that nobody lives there
    """
    found = features(path)
    layout = layout_of(found)
    kept: list[Boundary] = []
    aside: list[tuple[int, str, str, str]] = []
    for row, (properties, geometry) in enumerate(found, start=1):
        area = _area(properties, geometry, layout)
        if isinstance(area, Boundary):
            kept.append(area)
        else:
            aside.append((row, "geometry", ", ".join(map(str, properties.values()))[:200], area))
    missing = sorted(set(DEPARTMENTS.values()) - {area.department for area in kept})
    if missing:
        raise Unreadable(
            f"the file was recognised as {layout}, but has no outline within El Salvador for {', '.join(missing)}; "
            "nothing was stored, and the map is drawn as before"
        )
    publisher, dataset, level = ORIGINS[layout]
    return Outlines(
        publisher=publisher,
        dataset=dataset,
        licence=LICENCE,
        layout=layout,
        level=level,
        areas=simplified(kept),
        set_aside=pl.DataFrame(aside, schema=SET_ASIDE, orient="row"),
        rows_read=len(found),
    )


def _area(properties: Mapping[str, object], geometry: Mapping[str, object], layout: str) -> Boundary | str:
    """An area that can be drawn, or the reason why it cannot."""
    if not geometry:
        return "it has no outline; the area was not stored"
    try:
        area = boundary(properties, geometry, layout)
    except (KeyError, TypeError, ValueError, IndexError):
        return "it has no name, or its geometry is not a polygon; the area was not stored"
    if area.department is None:
        return "not one of the 14 departments; the area was not stored"
    points = [point for polygon in area.polygons for ring in polygon for point in ring]
    if any(len(ring) < 4 for polygon in area.polygons for ring in polygon) or not points:
        return "its outline has fewer points than a triangle; the area was not stored"
    if not all(WEST < x < EAST and SOUTH < y < NORTH for x, y in points):
        return "it lies outside El Salvador (longitude comes first, in degrees); the area was not stored"
    return area


def to_frame(areas: Iterable[Boundary]) -> pl.DataFrame:
    """The areas as a table of their points, in order: columns of `SCHEMA`."""
    rows = [
        (area.level, area.name, area.department, number, part, at, x, y)
        for number, area in enumerate(areas)
        for part, polygon in enumerate(area.polygons)
        for at, ring in enumerate(polygon)
        for x, y in ring
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def from_frame(frame: pl.DataFrame) -> tuple[Boundary, ...]:
    """The areas of a table that `to_frame` made."""
    areas = []
    for _, of_area in groupby(frame.select(SCHEMA.names()).iter_rows(), key=lambda row: row[3]):
        points = list(of_area)
        level, name, department = points[0][:3]
        polygons = []
        for _, of_polygon in groupby(points, key=lambda row: row[4]):
            rings: list[Ring] = [
                tuple((x, y) for *_, x, y in ring) for _, ring in groupby(of_polygon, key=lambda row: row[5])
            ]
            polygons.append(tuple(rings))
        areas.append(Boundary(name, department, tuple(polygons), level))
    return tuple(areas)
