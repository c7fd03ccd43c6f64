"""Every figure of a cube is what a plain loop over the rows gives: unknowns, margins and empty cells included."""

import math
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.made_up_indicators import MEASURES, ROWS_OF, SCHEMA, made_up_indicator, made_up_rows
from tests.plain_cube import plain_cells
from torogoz.statistics.engine import opened
from torogoz.statistics.indicators.compiler import compute


def same(one: float | None, other: float | None) -> bool:
    """Whether two figures are one, or both are not known. Plain loops add in another order."""
    return one == other if one is None or other is None else math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("name", MEASURES)
@given(seed=st.integers(0, 2**32), sizes=st.tuples(st.integers(1, 30), st.integers(1, 30)))
@settings(max_examples=6, deadline=None, phases=[Phase.generate])  # rows made from a seed do not become simpler
def test_a_cube_is_what_a_plain_loop_over_the_rows_gives(
    name: str, seed: int, sizes: tuple[int, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    indicator = made_up_indicator(name)
    people = random.Random(seed).choice([2, 5, 40])
    tables = [made_up_rows(size, seed + at, people) for at, size in enumerate(sizes)]
    by_table = {table: tables[table == "section_health"] for table in ROWS_OF}
    folder: Path = tmp_path_factory.mktemp("rows")
    paths = {table: folder / f"{table}.parquet" for table in by_table}
    for table, path in paths.items():
        pl.DataFrame(by_table[table], schema=SCHEMA).write_parquet(path)
    with opened("polars") as engine:
        cube = compute(indicator, {table: engine.scan([path]) for table, path in paths.items()}, engine)
    keys = ["FREQ", *indicator.dimensions, "TIME_PERIOD"]
    figures = ["OBS_VALUE", "NUMERATOR", "DENOMINATOR", "N", "OBS_UNKNOWN"]
    found = {row[: len(keys)]: row[len(keys) :] for row in cube.cells.select(*keys, *figures).iter_rows()}
    expected = plain_cells(indicator, by_table)
    assert found.keys() == expected.keys()
    assert len(found) == cube.cells.height
    for key, cell in expected.items():
        assert all(map(same, found[key], cell)), (key, found[key], cell)
