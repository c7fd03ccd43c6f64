"""From longitudes and latitudes to a drawing: a map of a small country, true in shape."""

import math
from collections.abc import Mapping, Sequence

Ring = Sequence[tuple[float, float]]

# Points are set on a grid of this many units, a quarter of a millimetre on paper. Neighbours share the points of their
# border, so they still meet.
GRID = 1.0


def projected(longitude: float, latitude: float, middle: float) -> tuple[float, float]:
    """Transverse Mercator on a sphere about the meridian `middle` (degrees): east and north, in radians.

    source  Snyder, Map Projections: A Working Manual (USGS, 1987), equations 8-1 to 8-3 with k0 = 1
    """
    turn, up = math.radians(longitude - middle), math.radians(latitude)
    return math.atanh(math.cos(up) * math.sin(turn)), math.atan2(math.tan(up), math.cos(turn))


def fitted(
    outlines: Mapping[str, Sequence[Ring]], width: float
) -> tuple[dict[str, list[list[tuple[float, float]]]], float]:
    """Every place's rings in units of a drawing `width` wide, north up, and how high the drawing is.

    outlines  rings of (longitude, latitude) in degrees, by place; a ring is closed or not, it makes no difference
    """
    longitudes = [point[0] for rings in outlines.values() for ring in rings for point in ring]
    middle = (min(longitudes) + max(longitudes)) / 2
    plane = {place: [[projected(x, y, middle) for x, y in ring] for ring in rings] for place, rings in outlines.items()}
    east = [x for rings in plane.values() for ring in rings for x, _ in ring]
    north = [y for rings in plane.values() for ring in rings for _, y in ring]
    scale = width / ((max(east) - min(east)) or 1.0)
    left, top = min(east), max(north)
    drawn = {
        place: [thinned([((x - left) * scale, (top - y) * scale) for x, y in ring]) for ring in rings]
        for place, rings in plane.items()
    }
    return drawn, (top - min(north)) * scale


def thinned(ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The ring on the grid, without points that repeat or lie on a straight line between their neighbours."""
    points: list[tuple[float, float]] = []
    for x, y in ring:
        point = (round(x / GRID) * GRID, round(y / GRID) * GRID)
        if points and point == points[-1]:
            continue
        while len(points) > 1 and _straight(points[-2], points[-1], point):
            points.pop()
        points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


def _straight(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on the way from a to c."""
    turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
    return turn == 0 and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) > 0


def area(ring: Sequence[tuple[float, float]]) -> float:
    """The area inside a ring, signed by the way it turns."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True)) / 2


def centre(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity of a ring; of its points, when it has no area."""
    size = area(ring)
    if abs(size) < 1e-9:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (6 * size), y / (6 * size)
