"""Made-up rows for tests: arrivals as the topic `returns` gives them to a release, and a release made of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from torogoz.shared.releases.actions import make_release
from torogoz.shared.releases.models import Release
from torogoz.statistics.coverage import coverage
from torogoz.statistics.crosstables import PERSON_KEY
from torogoz.statistics.disclosure.keys import person_keys
from torogoz.statistics.releases import BANDS, DEPARTMENTS

SECRET = b"a made-up secret of the tests, long enough"
COUNTRIES = ("USA", "MEX", "GTM", "CAN", "ESP", "BLZ", "ITA")


def arrivals(rows: int = 2_000, first: int = 2024, last: int = 2025, seed: int = 7) -> pl.DataFrame:
    """Made-up arrivals, one per row, with the columns of `topics.returns.queries.arrival_cells`."""
    chance = np.random.default_rng(seed)

    def drawn(codes: tuple[str, ...], weights: tuple[float, ...]) -> np.ndarray:
        shares = np.array(weights) / sum(weights)
        return chance.choice(np.array(codes), rows, p=shares)

    years = chance.integers(first, last + 1, rows)
    months = chance.integers(1, 13, rows)
    ages = np.minimum(chance.gamma(6.5, 4.3, rows).astype(int), 99)
    known = chance.random(rows) > 0.01
    bands = [BANDS[min(age // 5, 17)] if is_known else "_U" for age, is_known in zip(ages, known, strict=True)]
    weights = (*(1 / (1 + place) for place in range(14)), 0.2)
    return pl.DataFrame(
        {
            "TIME_PERIOD": [f"{year}-{month:02d}" for year, month in zip(years, months, strict=True)],
            "SEX": drawn(("M", "F", "_O", "_U"), (0.74, 0.25, 0.004, 0.006)),
            "age": pl.Series([int(age) if is_known else None for age, is_known in zip(ages, known, strict=True)]),
            "AGE": bands,
            "COUNTERPART_AREA": drawn(COUNTRIES, (0.7, 0.27, 0.01, 0.008, 0.006, 0.004, 0.002)),
            "MODE": drawn(("AIR", "LAND"), (0.6, 0.4)),
            "ACCOMPANIED": drawn(("Y", "N", "_U"), (0.1, 0.85, 0.05)),
            "ORIGIN": drawn(DEPARTMENTS, weights),
            "REF_AREA": drawn(DEPARTMENTS, weights),
            "REASON": drawn(
                ("ECONOMIC", "FAMILY", "INSECURITY", "STUDY", "DISASTER", "OTHER", "_U"), (70, 15, 8, 2, 1, 2, 2)
            ),
            "NATIONALITY": drawn(("SLV", "HND"), (0.995, 0.005)),
            PERSON_KEY: person_keys((f"person {number}" for number in range(rows)), SECRET),
        }
    )


def children(rows: int = 900, first: int = 2024, last: int = 2025, seed: int = 11) -> pl.DataFrame:
    """Made-up returned children, each once a year, with the columns of `topics.returns.queries.children_cells`."""
    chance = np.random.default_rng(seed)
    weights = np.array([*(1 / (1 + place) for place in range(14)), 0.2])
    return pl.DataFrame(
        {
            "TIME_PERIOD": [str(year) for year in chance.integers(first, last + 1, rows)],
            "SEX": chance.choice(("F", "M", "_U"), rows, p=(0.45, 0.54, 0.01)),
            "AGE": chance.choice(("Y0T11", "Y12T17", "_U"), rows, p=(0.4, 0.58, 0.02)),
            "ACCOMPANIED": chance.choice(("Y", "N", "_U"), rows, p=(0.6, 0.35, 0.05)),
            "REF_AREA": chance.choice(DEPARTMENTS, rows, p=weights / weights.sum()),
        }
    )


def release_of_made_up_rows(
    frame: pl.DataFrame | None = None,
    code: str = "2025",
    now: datetime = datetime(2026, 11, 20, 16, 0, tzinfo=UTC),
    *,
    secret: bytes | None = None,
    more: Mapping[str, pl.DataFrame] | None = None,
    revise: Sequence[str] = ("2024", "2025"),
) -> Release:
    """A release of made-up arrivals (of `frame`, or of `arrivals()`) in the test's own folder. Needs `db`.

    secret  with one, SECRET say, it has a base cube for cross tables
    more    the frames of other data sets
    revise  the final years that are computed anew where a release was made before
    """
    return make_release(
        code=code,
        cut_off=coverage(code).cut_off(ZoneInfo("America/El_Salvador")),
        frames={"RETURNS": arrivals() if frame is None else frame, **(more or {})},
        by="",
        now=now,
        made_up=True,
        secret=secret,
        revise=revise,
    ).release
