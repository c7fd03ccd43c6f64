"""One test body on three engines: Polars, DuckDB, and a cluster of Spark of a master and two workers."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.engines import EVERY_ENGINE, opened_or_skipped
from tests.made_up_indicators import MEASURES, MONTHS, RETURNS, ROWS_OF, SCHEMA, made_up_indicator, made_up_rows
from torogoz.statistics.engine import Engine, EngineMissing, opened
from torogoz.statistics.indicators.compiler import Cube, compute
from torogoz.statistics.indicators.definition import Indicator

ON_A_CLUSTER, HERE = 600_000, 60_000
_VALUES = (("TIME_PERIOD", MONTHS), *RETURNS.items())


@pytest.fixture(scope="module", params=EVERY_ENGINE)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn."""
    with opened_or_skipped(request.param) as one:
        yield one


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few hundred made-up rows in every combination of known and unknown."""
    path = tmp_path_factory.mktemp("few") / "rows.parquet"
    pl.DataFrame(made_up_rows(600, seed=7), schema=SCHEMA).write_parquet(path)
    return path


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> list[Path]:
    """Made-up rows in two files, as two releases would be: more for a cluster, fewer for this machine."""
    chance = np.random.default_rng(7)
    folder = tmp_path_factory.mktemp("many")
    rows = (ON_A_CLUSTER if engine.name == "spark" else HERE) // 2
    paths = [folder / "one.parquet", folder / "two.parquet"]
    for path in paths:
        drawn = {name: pl.Series(values).gather(chance.integers(0, len(values), rows)) for name, values in _VALUES}
        people = pl.Series(chance.integers(0, rows, rows))
        pl.DataFrame({"person": people, **drawn}).cast(SCHEMA).write_parquet(path)
    return paths


def _cube(indicator: Indicator, paths: list[Path], engine: Engine) -> Cube:
    return compute(indicator, {table: engine.scan(paths) for table in ROWS_OF}, engine)


@pytest.mark.parametrize("name", MEASURES)
def test_every_engine_gives_the_same_frame(name: str, engine: Engine, few: Path) -> None:
    indicator = made_up_indicator(name)
    with opened("polars") as polars:
        expected = _cube(indicator, [few], polars)
    found = _cube(indicator, [few], engine)
    assert found.cells.equals(expected.cells)
    assert found.cells.schema == expected.cells.schema
    assert found.notes == expected.notes
    assert found.cells.height > 100


@pytest.mark.parametrize("name", ["share", "n_unique of all"])
def test_every_engine_gives_the_same_frame_of_many_rows(name: str, engine: Engine, many: list[Path]) -> None:
    indicator = made_up_indicator(name)
    with opened("polars") as polars:
        expected = _cube(indicator, many, polars)
    assert _cube(indicator, many, engine).cells.equals(expected.cells)
    assert expected.cells["N"].sum() > HERE // 10


def test_an_engine_that_nobody_has_is_refused_by_name() -> None:
    with pytest.raises(EngineMissing, match="there is no engine dask; there are polars, duckdb, spark"), opened("dask"):
        pass
