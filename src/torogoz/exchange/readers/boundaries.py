"""Outlines of El Salvador's departments and municipalities, from GeoJSON, and a simpler form of them for drawing.

Read as drawn: an outline that crosses itself stays so, which no map shows and no area here is computed from.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

from torogoz.exchange.readers.cells import code_of
from torogoz.exchange.readers.contract import UnknownLayout
from torogoz.exchange.readers.tables import features, plain

Point = tuple[float, float]
Ring = tuple[Point, ...]

DEPARTMENTS: Final = MappingProxyType(
    {
        "AHUACHAPAN": "SV-AH",
        "CABANAS": "SV-CA",
        "CHALATENANGO": "SV-CH",
        "CUSCATLAN": "SV-CU",
        "LA_LIBERTAD": "SV-LI",
        "LA_PAZ": "SV-PA",
        "LA_UNION": "SV-UN",
        "MORAZAN": "SV-MO",
        "SAN_MIGUEL": "SV-SM",
        "SAN_SALVADOR": "SV-SS",
        "SANTA_ANA": "SV-SA",
        "SAN_VICENTE": "SV-SV",
        "SONSONATE": "SV-SO",
        "USULUTAN": "SV-US",
    }
)
LAYOUTS: Final = MappingProxyType(
    {
        "boundaries-municipalities": frozenset({"municipality", "department"}),
        "boundaries-departments": frozenset({"department"}),
        "boundaries-geoboundaries": frozenset({"shapename"}),
    }
)


@dataclass(frozen=True, slots=True)
class Boundary:
    """A department or municipality.

    name        as the publisher writes it
    department  ISO 3166-2 of the department (SV-AH …); None if its name is none of the fourteen
    polygons    each an outer ring and then its holes; a ring is points (longitude, latitude) in degrees, the last
                being the first again
    level       `department` or `municipality`
    """

    name: str
    department: str | None
    polygons: tuple[tuple[Ring, ...], ...]
    level: str


def department_code(name: str) -> str | None:
    """ISO 3166-2 of a department by its name, with or without accents; None if there is no such department."""
    return DEPARTMENTS.get(code_of(name).removesuffix("_DEPARTMENT").removeprefix("DEPARTAMENTO_DE_"))


def read_boundaries(path: Path) -> tuple[Boundary, ...]:
    """The areas of a GeoJSON file of departments or municipalities that have a shape.

    raises  UnknownLayout if the properties are others; Unreadable if the file is not GeoJSON
    """
    areas = features(path)
    layout = layout_of(areas)
    return tuple(boundary(properties, geometry, layout) for properties, geometry in areas if geometry)


def layout_of(areas: Sequence[tuple[Mapping[str, object], Mapping[str, object]]]) -> str:
    """The key of `LAYOUTS` that the properties of the first area have. Raises UnknownLayout if they are others."""
    names = [plain(name) for name in areas[0][0]] if areas else []
    layout = next((key for key, needs in LAYOUTS.items() if needs <= set(names)), None)
    if layout is None:
        raise UnknownLayout(names, "", (), names, tuple(LAYOUTS))
    return layout


def boundary(properties: Mapping[str, object], geometry: Mapping[str, object], layout: str) -> Boundary:
    """One area of a file of this layout.

    raises  KeyError, TypeError, ValueError if it lacks its name, or its shape is none
    """
    municipal = layout == "boundaries-municipalities"
    own = {plain(name): str(value) for name, value in properties.items()}
    department = own.get("department") or own["shapename"]
    return Boundary(
        name=own["municipality"] if municipal else department,
        department=department_code(department),
        polygons=_polygons(geometry),
        level="municipality" if municipal else "department",
    )


def _polygons(geometry: Mapping[str, object]) -> tuple[tuple[Ring, ...], ...]:
    """The rings of a Polygon or MultiPolygon; heights are left out."""
    coordinates = geometry["coordinates"]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise TypeError(f"a {geometry['type']} is no area")
    parts = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    if not isinstance(parts, Sequence):
        raise TypeError("the coordinates of a geometry are a list")
    return tuple(tuple(tuple((float(p[0]), float(p[1])) for p in ring) for ring in part) for part in parts)


def outlines(areas: Iterable[Boundary]) -> dict[str, list[Ring]]:
    """Every ring of each department by its ISO 3166-2 code, as the map of departments draws them."""
    found: dict[str, list[Ring]] = defaultdict(list)
    for area in areas:
        if area.department is not None:
            found[area.department].extend(ring for polygon in area.polygons for ring in polygon)
    return dict(found)


def simplified(areas: Sequence[Boundary], tolerance: float = 0.003, decimals: int = 4) -> tuple[Boundary, ...]:
    """The areas with fewer points, none of which lies further than `tolerance` degrees from where the border ran.

    Points are rounded first, so that neighbours name the points of their border alike; then each stretch of border
    between two junctions is simplified once, and both neighbours take the same stretch. A ring that shrinks to less
    than a triangle is left out, except the only one of an area.

    source  Douglas & Peucker, Cartographica 10 (1973) 112-122
    """
    rounded = [[[_rounded(ring, decimals) for ring in part] for part in area.polygons] for area in areas]
    junctions = _junctions(ring for parts in rounded for part in parts for ring in part)
    done: dict[Ring, Ring] = {}
    result = []
    for area, parts in zip(areas, rounded, strict=True):
        thin = [tuple(_thin(ring, junctions, tolerance, done) for ring in part) for part in parts]
        kept = [tuple(ring for ring in part if len(ring) > 3) for part in thin]
        polygons = tuple(part for part in kept if part) or (max(thin, key=lambda part: len(part[0])),)
        result.append(replace(area, polygons=polygons))
    return tuple(result)


def _rounded(ring: Ring, decimals: int) -> Ring:
    """The ring on the grid of `decimals`, without points that repeat."""
    points: list[Point] = []
    for x, y in ring:
        point = (round(x, decimals), round(y, decimals))
        if not points or point != points[-1]:
            points.append(point)
    return tuple(points)


def _junctions(rings: Iterable[Ring]) -> frozenset[Point]:
    """The points where borders meet or part: those that do not have exactly two neighbours over all rings."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for a, b in pairwise(ring):
            neighbours[a].add(b)
            neighbours[b].add(a)
    return frozenset(point for point, others in neighbours.items() if len(others) != 2)


def _thin(ring: Ring, junctions: frozenset[Point], tolerance: float, done: dict[Ring, Ring]) -> Ring:
    """The ring, closed, each of its stretches between junctions simplified; `done` remembers the stretches."""
    points = ring[:-1]
    starts = [i for i, point in enumerate(points) if point in junctions]
    if not starts:
        first = points.index(min(points))
        starts = sorted({first, (first + len(points) // 2) % len(points)})
    stretches = []
    for i, start in enumerate(starts):
        end = starts[(i + 1) % len(starts)]
        stretch = points[start : end + 1] if end > start else points[start:] + points[: end + 1]
        stretches.append(_same_both_ways(stretch, tolerance, done))
    return tuple(point for stretch in stretches for point in stretch[:-1]) + stretches[0][:1]


def _same_both_ways(stretch: Ring, tolerance: float, done: dict[Ring, Ring]) -> Ring:
    """The stretch simplified, the same whichever neighbour walks it."""
    forwards = stretch <= stretch[::-1]
    key = stretch if forwards else stretch[::-1]
    if key not in done:
        done[key] = douglas_peucker(key, tolerance)
    return done[key] if forwards else done[key][::-1]


def douglas_peucker(line: Sequence[Point], tolerance: float) -> Ring:
    """The line without points that lie within `tolerance` of the line between those that stay; its ends stay."""
    keep = {0, len(line) - 1}
    open_parts = [(0, len(line) - 1)]
    while open_parts:
        start, end = open_parts.pop()
        distances = [_distance(point, line[start], line[end]) for point in line[start + 1 : end]]
        furthest = max(distances, default=0.0)
        if furthest > tolerance:
            middle = start + 1 + distances.index(furthest)
            keep.add(middle)
            open_parts += [(start, middle), (middle, end)]
    return tuple(line[i] for i in sorted(keep))


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the segment between two others, in degrees, longitude shortened as at this latitude."""
    narrow = math.cos(math.radians(point[1]))
    px, py = (point[0] - start[0]) * narrow, point[1] - start[1]
    ex, ey = (end[0] - start[0]) * narrow, end[1] - start[1]
    length = ex * ex + ey * ey
    along = max(0.0, min(1.0, (px * ex + py * ey) / length)) if length else 0.0
    return math.hypot(px - along * ex, py - along * ey)
