"""Where work runs: on this machine in Polars or DuckDB, or on a cluster of Spark. Nothing else in Torogoz knows.

Queries are written once, with Narwhals, over what `scan` gives; `collect` runs them and gives Polars frames. DuckDB and
Spark are extras that an installation without need of them never loads: this is the one module that does, by name and
when an engine is opened, so that the message can say what to install.
"""

import importlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import narwhals.stable.v2 as nw
import polars as pl

ENGINES: Final = ("polars", "duckdb", "spark")
MARK: Final = b"PAR1"
"""What a Parquet file begins and ends with."""
Lazy = nw.LazyFrame[Any]
Place = Path | str
"""A file of this machine, a folder of them, or an address that the engine knows how to read: hdfs://…, s3a://…"""


class EngineMissing(RuntimeError):
    """An engine that is not installed, or that cannot be started. The message says what to do."""


class NoParquet(ValueError):
    """A file that is not there or is no Parquet."""


class Engine(Protocol):
    """What runs queries."""

    name: str

    def scan(self, paths: Sequence[Place]) -> Lazy:
        """The rows of Parquet files of the same columns, of which nothing is read yet. Raises NoParquet."""

    def collect(self, queries: Sequence[Lazy]) -> list[pl.DataFrame]:
        """The answers to queries over what `scan` gave, in their order; their rows are in no order."""


class PolarsEngine:
    """Polars, streaming: the default."""

    name = "polars"

    def scan(self, paths: Sequence[Place]) -> Lazy:
        """See Engine."""
        return nw.from_native(pl.scan_parquet(_checked(paths)))

    def collect(self, queries: Sequence[Lazy]) -> list[pl.DataFrame]:
        """See Engine. Several queries share what they have in common, the reading of the files above all."""
        natives: list[pl.LazyFrame] = [query.to_native() for query in queries]
        if len(natives) == 1:
            return [natives[0].collect(engine="streaming")]
        return pl.collect_all(natives, engine="streaming")


class DuckdbEngine:
    """DuckDB, in a database of its own in memory."""

    name = "duckdb"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def scan(self, paths: Sequence[Place]) -> Lazy:
        """See Engine."""
        frame: Lazy = nw.from_native(self._connection.read_parquet(_checked(paths)))
        return frame

    def collect(self, queries: Sequence[Lazy]) -> list[pl.DataFrame]:
        """See Engine. The answer comes as Arrow."""
        return [pl.DataFrame(query.to_native().to_arrow_table()) for query in queries]


class SparkEngine:
    """Spark, for those who have outgrown one machine: the files must be where every worker reads them."""

    name = "spark"

    def __init__(self, session: Any) -> None:
        self._session = session

    def scan(self, paths: Sequence[Place]) -> Lazy:
        """See Engine."""
        frame: Lazy = nw.from_native(self._session.read.parquet(*_checked(paths)))
        return frame

    def collect(self, queries: Sequence[Lazy]) -> list[pl.DataFrame]:
        """See Engine. The answer comes as Arrow, for which PySpark needs no pandas."""
        return [pl.DataFrame(query.to_native().toArrow()) for query in queries]


@contextmanager
def opened(name: str, *, master: str = "", settings: dict[str, str] | None = None) -> Iterator[Engine]:
    """An engine, closed again at the end.

    name      one of ENGINES
    master    of Spark: spark://host:7077, or local[2] for threads of this machine, which is the default
    settings  of Spark: its own settings by name
    raises    EngineMissing
    """
    if name == "polars":
        yield PolarsEngine()
    elif name == "duckdb":
        connection = _library("duckdb", "duckdb").connect()
        try:
            yield DuckdbEngine(connection)
        finally:
            connection.close()
    elif name == "spark":
        session = _session(master or "local[*]", settings or {})
        try:
            yield SparkEngine(session)
        finally:
            session.stop()
    else:
        raise EngineMissing(f"there is no engine {name}; there are {', '.join(ENGINES)}")


def _checked(paths: Sequence[Place]) -> list[str]:
    """The paths, as text. Engines say in three languages that a file is none; this says it in one."""
    for path in paths:
        if "://" in str(path) or Path(path).is_dir():
            continue
        try:
            with Path(path).open("rb") as file:
                begins = file.read(len(MARK))
                file.seek(-len(MARK), 2)
                ends = file.read()
        except FileNotFoundError:
            raise NoParquet(f"{path}: there is no such file") from None
        except OSError:  # shorter than the mark
            begins = ends = b""
        if (begins, ends) != (MARK, MARK):
            raise NoParquet(f"{path} is not a Parquet file, or is not whole")
    return [str(path) for path in paths]


def _session(master: str, settings: dict[str, str]) -> Any:
    """A session of Spark on a master."""
    sql = _library("pyspark.sql", "spark")
    builder = sql.SparkSession.builder.master(master).appName("torogoz")
    # Moments and days mean the same on every machine, and nothing listens that nobody asked for.
    for key, value in {"spark.sql.session.timeZone": "UTC", "spark.ui.enabled": "false", **settings}.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as mistake:  # what Py4J raises is as many as what can go wrong in Java
        logging.getLogger(__name__).debug("Spark did not start", exc_info=True)
        raise EngineMissing(
            f"Spark did not start on {master}: {str(mistake).splitlines()[0]}. It needs Java 17 (is `java` found?) "
            "and a master that this machine reaches."
        ) from mistake


def _library(module: str, extra: str) -> Any:
    """An optional library. Raises EngineMissing."""
    try:
        return importlib.import_module(module)
    except ImportError as mistake:
        raise EngineMissing(f"this engine is not installed; run: pip install 'torogoz[{extra}]'") from mistake
