"""A made-up publisher for tests: observations in, a stored vintage out, by the way that every file takes."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from torogoz.exchange.readers.contract import SET_ASIDE, Reading
from torogoz.shared.sources import reading
from torogoz.shared.sources.actions import import_file

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
STOCK = [  # residence, birth, sex, year, people (None: not available)
    ("USA", "SLV", "_T", "2015", 1_352_357.0),
    ("USA", "SLV", "F", "2015", 669_000.0),
    ("USA", "SLV", "_T", "2020", 1_410_659.0),
    ("USA", "SLV", "F", "2020", 699_667.0),
    ("USA", "SLV", "M", "2020", 710_992.0),
    ("CAN", "SLV", "_T", "2015", 47_785.0),
    ("CAN", "SLV", "_T", "2020", None),
    ("CAN", "SLV", "F", "2020", None),
    ("MEX", "SLV", "_T", "2020", 0.0),
    ("MEX", "HND", "_T", "2020", 77.0),
]
Line = tuple[str, str, str, str, float | None]


def published_stock(
    folder: Path, patch: pytest.MonkeyPatch, vintage: str = "2020", lines: Sequence[Line] = tuple(STOCK)
) -> None:
    """Import a small migrant stock of a made-up publisher."""
    names = ("REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD")
    schema = {**dict.fromkeys(names, pl.String), "OBS_VALUE": pl.Float64}
    frame = pl.DataFrame(list(lines), schema=schema, orient="row").with_columns(
        OBS_STATUS=pl.when(pl.col("OBS_VALUE").is_null()).then(pl.lit("M")).otherwise(pl.lit("A")),
        SOURCE_ROW=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
    )
    publish(folder, patch, "MIGRANT_STOCK", frame, vintage)


def publish(folder: Path, patch: pytest.MonkeyPatch, dataflow: str, frame: pl.DataFrame, vintage: str) -> None:
    """Import a frame of observations as a file of a made-up publisher."""
    path = folder / f"{dataflow}-{vintage}.txt"
    path.write_text(f"{dataflow} {vintage} {frame.hash_rows().sum()}")
    nothing = pl.DataFrame(schema=SET_ASIDE)
    made = Reading(
        "Made-up publisher",
        f"made_up_{dataflow.lower()}",
        dataflow,
        "made up 1",
        vintage,
        "CC BY 4.0",
        frame,
        nothing,
        frame.height,
    )
    patch.setattr(reading.catalogue, "read", lambda _path: [made])
    import_file(path=path, now=NOW)


WEST_TO_EAST = ("Ahuachapán", "Santa Ana", "Sonsonate", "Chalatenango", "La Libertad", "San Salvador", "Cuscatlán")
AND_FURTHER = ("La Paz", "Cabañas", "San Vicente", "Usulután", "San Miguel", "Morazán", "La Unión")


def made_up_departments(path: Path, *others: str, shift: float = 0.0) -> Path:
    """Write a GeoJSON file of fourteen made-up square departments, and one square for each of the `others`."""
    features = []
    for i, name in enumerate((*WEST_TO_EAST, *AND_FURTHER, *others)):
        west, south = -90 + shift + 0.25 * (i % 7), 13.0 + 0.25 * (i // 7)
        corners = [(0, 0), (0.2, 0), (0.2, 0.2), (0, 0.2), (0, 0)]
        ring = [[round(west + x, 4), round(south + y, 4)] for x, y in corners]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"department": name}, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path
