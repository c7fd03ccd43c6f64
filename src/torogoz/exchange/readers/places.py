"""Positions as publishers write them: WKT, `lat, lon`, two columns, or GeoJSON in a cell."""

from typing import Final

import polars as pl

from torogoz.exchange.readers.cells import Aside
from torogoz.exchange.readers.tables import ROW

_NUMBER: Final = r"(-?\d+(?:\.\d+)?)"
# For each encoding: the pattern, the group of the latitude, the group of the longitude.
ENCODINGS: Final = (
    (rf"(?i)^\s*POINT\s*Z?\s*\(\s*{_NUMBER}\s+{_NUMBER}(?:\s+-?[\d.]+)?\s*\)\s*$", 2, 1),
    (rf"^\s*{_NUMBER}\s*[,;]\s*{_NUMBER}\s*$", 1, 2),
    (rf'"coordinates"\s*:\s*\[\s*{_NUMBER}\s*,\s*{_NUMBER}', 2, 1),
)


def positions(frame: pl.DataFrame, aside: Aside) -> pl.DataFrame:
    """`frame` with LAT and LON in degrees, from `position` or from `latitude` and `longitude`; null where unknown.

    A position that cannot be read, or is not on the earth, is set aside; the row stays without one.
    """
    if "position" in frame.columns:
        text, column = pl.col("position"), "position"
        latitude = pl.coalesce(text.str.extract(pattern, lat) for pattern, lat, _ in ENCODINGS)
        longitude = pl.coalesce(text.str.extract(pattern, lon) for pattern, _, lon in ENCODINGS)
    elif {"latitude", "longitude"} <= set(frame.columns):
        column = "latitude, longitude"
        latitude, longitude = pl.col("latitude"), pl.col("longitude")
        frame = frame.with_columns(
            pl.concat_str("latitude", "longitude", separator=", ", ignore_nulls=True).alias(column)
        )
        frame = frame.with_columns(pl.when(pl.col(column) != "").then(pl.col(column)).alias(column))
    else:
        return frame.with_columns(LAT=pl.lit(None, pl.Float64()), LON=pl.lit(None, pl.Float64()))
    frame = frame.with_columns(
        LAT=latitude.str.strip_chars().cast(pl.Float64(), strict=False),
        LON=longitude.str.strip_chars().cast(pl.Float64(), strict=False),
    )
    given = pl.col(column).is_not_null() & (pl.col(column).str.strip_chars() != "")
    read = pl.col("LAT").is_not_null() & pl.col("LON").is_not_null()
    aside.add(frame.filter(given & ~read), column, "not a position; the incident was stored without one")
    inside = read & (pl.col("LAT").abs() <= 90) & (pl.col("LON").abs() <= 180)
    aside.add(frame.filter(read & ~inside), column, "outside the earth; the incident was stored without a position")
    return frame.with_columns(pl.when(inside).then(pl.col(name)).alias(name) for name in ("LAT", "LON")).sort(ROW)
