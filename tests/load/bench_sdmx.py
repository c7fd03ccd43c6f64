"""Writing 300,000 observations as SDMX: our writers beside pysdmx's, with the same content; and the log of a million.

    python tests/load/bench_sdmx.py

Times are medians of several runs, in seconds of processor time and of the clock; the ratio
is what holds on another machine.
"""

import io
import json
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Component as PysdmxComponent
from pysdmx.model import Components, Concept, DataType, Schema
from pysdmx.model import Role as PysdmxRole

from torogoz.exchange.writers import sdmx_csv, sdmx_json, sdmx_ml
from torogoz.exchange.writers.publication import Words
from torogoz.exchange.writers.sdmx_model import AGENCY, VERSION, Component, Content, Head, Part, Role, Structure
from torogoz.statistics import bitemporal

OBSERVATIONS = 300_000
RUNS = 5
DIMENSIONS = {"FREQ": 1, "REF_AREA": 100, "COUNTERPART_AREA": 100, "SEX": 3, "DATASET": 1, "TIME_PERIOD": 10}
SAID = {"CONF_STATUS": "F", "EDITION": "Rev.2024", "UNIT_MEASURE": "persons"}  # as every message of the service has
ATTRIBUTES = ("OBS_STATUS", *SAID)


def frame(rows: int = OBSERVATIONS, seed: int = 7) -> pl.DataFrame:
    """Made-up observations of a stock by area, counterpart, sex and year, sorted by their keys."""
    at = np.arange(rows)
    columns = {}
    for name, size in reversed(DIMENSIONS.items()):
        columns[name] = [f"{2010 + code}" if name == "TIME_PERIOD" else f"{name[:2]}{code:03d}" for code in at % size]
        at = at // size
    chance = np.random.default_rng(seed)
    values = pl.Series("OBS_VALUE", chance.integers(0, 100_000, rows).astype(float)).set(
        pl.Series(chance.random(rows) < 0.03), None
    )
    status = pl.when(pl.col("OBS_VALUE").is_null()).then(pl.lit("M")).otherwise(pl.lit("A"))
    wide = pl.DataFrame({name: columns[name] for name in DIMENSIONS}).with_columns(values)
    said = [status.alias("OBS_STATUS"), *(pl.lit(text).alias(name) for name, text in SAID.items())]
    return wide.with_columns(said).sort(list(DIMENSIONS))


def content(rows: pl.DataFrame) -> Content:
    """The observations as our writers take them."""
    components = [
        *(Component(name, Words(name, name), Role.DIMENSION, f"CL_{name}") for name in list(DIMENSIONS)[:-1]),
        Component("TIME_PERIOD", Words("Período", "Period"), Role.TIME, kind="ObservationalTimePeriod"),
        Component("OBS_VALUE", Words("Cifra", "Value"), Role.MEASURE, kind="Double"),
        *(Component(name, Words(name, name), Role.ATTRIBUTE) for name in ATTRIBUTES),
    ]
    structure = Structure("STOCK", Words("Población", "Stock"), Words("", ""), tuple(components))
    return Content(structure, (Part(rows),), "TIME_PERIOD", {})


def dataset(rows: pl.DataFrame) -> PandasDataset:
    """The same observations as pysdmx takes them."""

    def component(name: str, role: PysdmxRole, kind: DataType) -> PysdmxComponent:
        level = "O" if role is PysdmxRole.ATTRIBUTE else None
        return PysdmxComponent(name, role is PysdmxRole.DIMENSION, role, Concept(name), kind, attachment_level=level)

    listed = [component(name, PysdmxRole.DIMENSION, DataType.STRING) for name in DIMENSIONS]
    listed.append(component("OBS_VALUE", PysdmxRole.MEASURE, DataType.DOUBLE))
    listed += [component(name, PysdmxRole.ATTRIBUTE, DataType.STRING) for name in ATTRIBUTES]
    schema = Schema("dataflow", AGENCY, "STOCK", Components(listed), VERSION)
    return PandasDataset(structure=schema, data=rows.to_pandas())


def timed(work: Callable[[], Iterable[bytes] | str]) -> tuple[float, float, bytes]:
    """The median processor and clock time of several runs, and what the last one wrote."""
    processor, clock, written = [], [], b""
    for _ in range(RUNS):
        begins, ticks = time.process_time(), time.perf_counter()
        made = work()
        pieces = [made] if isinstance(made, str) else list(made)
        processor.append(time.process_time() - begins)
        clock.append(time.perf_counter() - ticks)
        written = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
    return statistics.median(processor), statistics.median(clock), written


def read(text: bytes) -> pl.DataFrame:
    """A CSV message, its values as numbers."""
    as_text = pl.read_csv(io.BytesIO(text), infer_schema=False, null_values=[""])
    return as_text.with_columns(pl.col("OBS_VALUE").cast(pl.Float64))


def messages() -> None:
    """Write the same observations in every format, and read them back before anything is compared."""
    rows = frame()
    ours, theirs = content(rows), dataset(rows)
    head = Head("BENCH", datetime(2026, 11, 25, tzinfo=UTC))
    csv = timed(lambda: sdmx_csv.pieces(ours, "es"))
    peer = timed(lambda: write_sdmx([theirs], Format.DATA_SDMX_CSV_2_0_0) or "")
    mine, other = read(csv[2]), read(peer[2])
    assert mine.height == OBSERVATIONS
    assert mine.equals(other.select(mine.columns)), "the two writers must write the same observations"
    made = timed(lambda: sdmx_json.pieces(ours, head, "es"))
    held = json.loads(made[2])["data"]["dataSets"][0]["series"]
    assert sum(len(each["observations"]) for each in held.values()) == OBSERVATIONS
    ml = timed(lambda: sdmx_ml.pieces(ours, head))
    assert ml[2].count(b"<Obs ") == OBSERVATIONS
    print(f"\n{OBSERVATIONS:,} observations, medians of {RUNS} runs; ratio: how many times ours is faster than pysdmx")
    print(f"{'message':<24}{'processor s':>12}{'clock s':>9}{'MB':>7}{'ratio processor':>17}{'clock':>7}")
    for name, (processor, clock, text) in (
        ("SDMX-CSV, pysdmx", peer), ("SDMX-CSV", csv), ("SDMX-JSON", made), ("SDMX-ML 3.0", ml),
    ):  # fmt: skip
        ratio = f"{peer[0] / processor:>17.1f}{peer[1] / clock:>7.1f}" if name == "SDMX-CSV" else ""
        print(f"{name:<24}{processor:>12.3f}{clock:>9.3f}{len(text) / 1e6:>7.1f}{ratio}")


def log_of_a_million() -> None:
    """Append two states to a log, ask it everything, and compare the states."""
    keys = list(DIMENSIONS)
    first = pl.concat([frame(250_000, seed).with_columns(pl.col("REF_AREA") + f"_{seed}") for seed in range(4)])
    chance = np.random.default_rng(1)
    second = first.with_columns(
        pl.when(pl.Series(chance.random(first.height) < 0.01)).then(pl.col("OBS_VALUE") + 1).otherwise("OBS_VALUE")
    )
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    times = {}

    def clocked(name: str, work: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        ticks, start = time.perf_counter(), time.process_time()
        found = work()
        times[name] = (time.process_time() - start, time.perf_counter() - ticks)
        return found

    log = clocked(
        "append the first state", lambda: bitemporal.append(bitemporal.empty(first), first, keys, at=begins, run="1")
    )
    later = begins + timedelta(days=30)
    log = clocked("append the second state", lambda: bitemporal.append(log, second, keys, at=later, run="2"))
    assert clocked("as of the first", lambda: bitemporal.as_of(log, keys, begins)).height == first.height
    assert clocked("history", lambda: bitemporal.history(log, keys)).height == log.height
    changed = clocked("updated after the first", lambda: bitemporal.updated_after(log, keys, begins))
    assert changed.height == log.height - first.height
    found = clocked("difference", lambda: bitemporal.difference(first, second, keys, 0.01))
    assert found.height == changed.height
    print(f"\na log of {first.height:,} observations, of which {changed.height:,} were revised")
    print(f"{'work':<28}{'processor s':>12}{'clock s':>9}")
    for name, (processor, clock) in times.items():
        print(f"{name:<28}{processor:>12.2f}{clock:>9.2f}")


if __name__ == "__main__":
    messages()
    log_of_a_million()
