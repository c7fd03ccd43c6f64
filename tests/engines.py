"""Each engine that a test body runs on: Polars, DuckDB, and a cluster of Spark of a master and two workers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import spark_cluster
from torogoz.statistics.engine import Engine, opened

EVERY_ENGINE = ["polars", "duckdb", pytest.param("spark", marks=pytest.mark.spark)]


@contextmanager
def cluster_or_skip() -> Iterator[str]:
    """The address of a cluster of Spark; without Java the test is skipped, unless TOROGOZ_REQUIRE names `spark`."""
    reason = spark_cluster.why_not()
    if reason and "spark" not in os.environ.get("TOROGOZ_REQUIRE", "").split():
        pytest.skip(reason)
    with spark_cluster.cluster() as master:
        yield master


@contextmanager
def opened_or_skipped(name: str) -> Iterator[Engine]:
    """An engine by its name."""
    if name != "spark":
        with opened(name) as here:
            yield here
        return
    with cluster_or_skip() as master, opened("spark", master=master, settings=spark_cluster.SETTINGS) as there:
        yield there
