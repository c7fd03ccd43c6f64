"""Where work runs: on this machine in Polars or DuckDB, or on a cluster of Spark. Nothing else in Torogoz knows.

Queries are written once, with Narwhals, over what `scan` gives; `collect` runs them and gives Polars frames. What no
query says is a function of Polars frames, which `mapped` brings to the rows wherever they are. DuckDB and Spark are
extras that an installation without need of them never loads: this is the one module that does, by name and when an
engine is opened, so that the message can say what to install.
"""

import importlib
import logging
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
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
Function = Callable[[pl.DataFrame], pl.DataFrame]
Schema = Mapping[str, type[pl.DataType]]
AT_ONCE: Final = 200_000
"""Rows that a function is given at once."""
SPARK_TYPES: Final = {pl.String: "string", pl.Int64: "bigint", pl.Float64: "double"}
"""What a function may answer in, and what Spark calls it."""


class EngineMissing(RuntimeError):
    """An engine that is not installed, or that cannot be started. The message says what to do."""


class NoParquet(ValueError):
    """A file that is not there or is no Parquet."""


class NotWritten(RuntimeError):
    """A place that an engine could not write to. The message says why."""


class Engine(Protocol):
    """What runs queries."""

    name: str

    def scan(self, paths: Sequence[Place]) -> Lazy:
        """The rows of Parquet files of the same columns, of which nothing is read yet. Raises NoParquet."""

    def collect(self, queries: Sequence[Lazy]) -> list[pl.DataFrame]:
        """The answers to queries over what `scan` gave, in their order; their rows are in no order."""

    def given(self, frame: pl.DataFrame) -> Lazy:
        """The rows of a frame of this machine."""

    def mapped(self, frame: Lazy, function: Function, schema: Schema, together: str = "") -> Lazy:
        """What a function makes of the rows, some at a time.

        function    takes and gives frames; it is brought to where the rows are, so it is one of a module, or a
                    `partial` of one, and what it needs goes with it
        schema      the columns that it gives: text, whole numbers, fractions
        together    a column: rows that have the same in it are given at one time, and all rows of one place are
        """

    def kept(self, frame: Lazy) -> Lazy:
        """The rows of a query, found now and kept where they are, so that what asks for them finds them once."""


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

    def given(self, frame: pl.DataFrame) -> Lazy:
        """See Engine."""
        return nw.from_native(frame.lazy())

    def mapped(self, frame: Lazy, function: Function, schema: Schema, together: str = "") -> Lazy:
        """See Engine. It is done at once."""
        return self.given(_mapped(self.collect([frame])[0], function, schema, whole=bool(together)))

    def kept(self, frame: Lazy) -> Lazy:
        """See Engine."""
        return self.given(self.collect([frame])[0])


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

    def given(self, frame: pl.DataFrame) -> Lazy:
        """See Engine."""
        relation: Lazy = nw.from_native(self._connection.from_arrow(frame.to_arrow()))
        return relation

    def mapped(self, frame: Lazy, function: Function, schema: Schema, together: str = "") -> Lazy:
        """See Engine. It is done at once."""
        return self.given(_mapped(self.collect([frame])[0], function, schema, whole=bool(together)))

    def kept(self, frame: Lazy) -> Lazy:
        """See Engine."""
        return self.given(self.collect([frame])[0])


class SparkEngine:
    """Spark, for those who have outgrown one machine: the files must be where every worker reads them."""

    name = "spark"

    def __init__(self, session: Any) -> None:
        self._session = session

    def scan(self, paths: Sequence[Place]) -> Lazy:
        """See Engine."""
        names = _checked(paths)
        try:
            frame: Lazy = nw.from_native(self._session.read.parquet(*names))
        except Exception as mistake:
            raise NoParquet(f"{', '.join(names)}: Spark cannot read it: {_first_line(mistake)}") from mistake
        return frame

    def collect(self, queries: Sequence[Lazy]) -> list[pl.DataFrame]:
        """See Engine. The answer comes as Arrow, for which PySpark needs no pandas."""
        return [pl.DataFrame(query.to_native().toArrow()) for query in queries]

    def given(self, frame: pl.DataFrame) -> Lazy:
        """See Engine. This machine sends the rows: for what is small, or to try something."""
        relation: Lazy = nw.from_native(self._session.createDataFrame(frame.to_arrow()))
        return relation

    def mapped(self, frame: Lazy, function: Function, schema: Schema, together: str = "") -> Lazy:
        """See Engine. The workers do it, in Arrow batches, when it is asked for; each needs Torogoz installed."""
        rows = frame.to_native()
        if together:
            rows = rows.repartition(together)
        columns = ", ".join(f"`{name}` {SPARK_TYPES[kind]}" for name, kind in schema.items())
        brought = partial(_on_a_worker, function, tuple(schema.items()), bool(together))
        with warnings.catch_warnings():
            # PySpark asks for pandas before it maps Arrow batches, in which no pandas is; it is not sure of pandas 3.
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            answer: Lazy = nw.from_native(rows.mapInArrow(brought, columns))
        return answer

    def kept(self, frame: Lazy) -> Lazy:
        """See Engine. In the folder of `spark.checkpoint.dir` if there is one; else on the workers, lost with one."""
        rows = frame.to_native()
        lasting = self._session.sparkContext.getCheckpointDir()
        answer: Lazy = nw.from_native(rows.checkpoint() if lasting else rows.localCheckpoint())
        return answer


def write(frame: Lazy, place: Place) -> None:
    """Have an engine write rows as Parquet; Spark writes a folder of files, from all workers. Raises NotWritten."""
    try:
        frame.sink_parquet(str(place))
    except Exception as mistake:  # each engine has its own
        raise NotWritten(f"{place} cannot be written: {_first_line(mistake)}") from mistake


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


def _mapped(frame: pl.DataFrame, function: Function, schema: Schema, *, whole: bool) -> pl.DataFrame:
    """What a function makes of the rows of a frame of this machine."""
    parts = [frame] if whole else frame.iter_slices(AT_ONCE)
    return pl.concat([pl.DataFrame(schema=dict(schema)), *(function(part) for part in parts if part.height)])


def _on_a_worker(
    function: Function, schema: Sequence[tuple[str, type[pl.DataType]]], whole: bool, batches: Iterator[Any]
) -> Iterator[Any]:
    """What a function makes of the Arrow batches of one part of the rows, as Arrow batches."""
    arrow = _library("pyarrow", "spark")
    kinds = {pl.String: arrow.string(), pl.Int64: arrow.int64(), pl.Float64: arrow.float64()}
    answers = arrow.schema([(name, kinds[kind]) for name, kind in schema])
    for some in _gathered(batches, whole=whole):
        rows = pl.DataFrame(arrow.Table.from_batches(some))
        yield from function(rows).to_arrow().cast(answers).to_batches()


def _gathered(batches: Iterator[Any], *, whole: bool) -> Iterator[list[Any]]:
    """Batches put together: all of them, or until they have as many rows as are given at once."""
    some: list[Any] = []
    for batch in batches:
        some.append(batch)
        if not whole and sum(part.num_rows for part in some) >= AT_ONCE:
            yield some
            some = []
    if sum(part.num_rows for part in some):
        yield some


def _first_line(mistake: Exception) -> str:
    return (str(mistake).splitlines() or [type(mistake).__name__])[0]


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
        session = builder.getOrCreate()
    except Exception as mistake:  # what Py4J raises is as many as what can go wrong in Java
        logging.getLogger(__name__).debug("Spark did not start", exc_info=True)
        raise EngineMissing(
            f"Spark did not start on {master}: {_first_line(mistake)}. It needs Java 17 (is `java` found?) "
            "and a master that this machine reaches."
        ) from mistake
    if session.sparkContext.pythonExec == "python3":  # PYSPARK_PYTHON says nothing: workers run what we run
        session.sparkContext.pythonExec = settings.get("spark.pyspark.python", sys.executable)
    return session


def _library(module: str, extra: str) -> Any:
    """An optional library. Raises EngineMissing."""
    try:
        return importlib.import_module(module)
    except ImportError as mistake:
        raise EngineMissing(f"this engine is not installed; run: pip install 'torogoz[{extra}]'") from mistake
