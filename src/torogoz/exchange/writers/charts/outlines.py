"""From longitudes and latitudes to a drawing: a map of a small country, true in shape."""

import math
from collections.abc import Mapping, Sequence

Ring = Sequence[tuple[float, float]]

# Points are set on a grid of this many units, a quarter of a millimetre on paper. Neighbours share the points of their
# border, so they still meet.
GRID = 1.0
# At how many heights a place for a word is looked for.
ROWS_TRIED = 25


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


def place_for(ring: Sequence[tuple[float, float]], width: float, height: float) -> tuple[float, float]:
    """Where a word of this size is centred so that it lies within the ring, with most room beside it.

    Of the places with room enough, the one nearest to the centre of gravity; without any, the one with most room.
    """
    middle = centre(ring)
    ys = [y for _, y in ring]
    low, high = min(ys) + height / 2, max(ys) - height / 2
    best: tuple[float, float, tuple[float, float]] | None = None
    for step in range(ROWS_TRIED):
        y = low + (high - low) * step / (ROWS_TRIED - 1) if high > low else middle[1]
        for left, right in _inside(ring, y, height):
            x = min(max(middle[0], left + width / 2), right - width / 2) if right - left > width else (left + right) / 2
            enough = min(right - left - width, 0.0)
            found = (enough, -math.dist((x, y), middle), (x, y))
            best = found if best is None or found > best else best
    return best[2] if best else middle


def _inside(ring: Sequence[tuple[float, float]], y: float, height: float) -> list[tuple[float, float]]:
    """The stretches from left to right that lie within the ring over the whole height about `y`."""
    rows = [_crossed(ring, y + height * share) for share in (-0.5, -0.25, 0.0, 0.25, 0.5)]
    common = rows[0]
    for row in rows[1:]:
        common = [(max(a, c), min(b, d)) for a, b in common for c, d in row if min(b, d) > max(a, c)]
    return common


def _crossed(ring: Sequence[tuple[float, float]], y: float) -> list[tuple[float, float]]:
    """The stretches of the line at `y` that lie within the ring."""
    pairs = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    xs = sorted(x1 + (y - y1) / (y2 - y1) * (x2 - x1) for (x1, y1), (x2, y2) in pairs if (y1 <= y) != (y2 <= y))
    return list(zip(xs[::2], xs[1::2], strict=True))
