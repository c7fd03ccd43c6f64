"""How long 20 million made-up crossings take to become a monthly cube by origin, sex and age, and how much memory.

    python tests/load/bench_cube.py [rows]
    python tests/load/bench_cube.py --make FOLDER [rows]    only makes the crossings, to try something else on them

Ours is the compiled definition, on Polars and on DuckDB, with all margins, unknowns apart, sorted. Beside it stand the
finest cells alone, without margins, as one would write the query by hand in Polars, in DuckDB and in pandas. Each runs
in a process of its own, in turns; the figures are medians. All are compared cell by cell first.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import psutil

from torogoz.statistics.engine import opened
from torogoz.statistics.indicators.compiler import compute
from torogoz.statistics.indicators.loading import read

ROWS, CHUNK, RUNS = 20_000_000, 2_000_000, 5
BUDGET, PANDAS = 1.3, 10.0
KEYS = ["TIME_PERIOD", "COUNTERPART_AREA", "SEX", "AGE"]
BANDS = [*(f"Y{age}T{age + 4}" for age in range(0, 85, 5)), "Y_GE85"]
ORIGINS = ["GTM", "HND", "NIC", "USA", "MEX", "CRI", "PAN", "ESP", "CAN", "ITA", "COL", None]
DEFINITION = """
id: BENCH_CROSSINGS
name: {es: Cruces inventados, en: Made-up crossings}
description: {es: Para medir., en: To measure.}
measure: {fn: count, of: crossings}
unit: EVENTS
frequency: [M]
breakdowns: [COUNTERPART_AREA, SEX, AGE]
sets: [[COUNTERPART_AREA, SEX, AGE]]
disclosure: {policy: suppress, min: 5}
"""
Frame = pl.DataFrame


def make(folder: Path, rows: int) -> list[Path]:
    """Made-up crossings of two years, in files of two million rows."""
    chance = np.random.default_rng(1)
    months = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]
    paths = []
    for at in range(0, rows, CHUNK):
        size = min(CHUNK, rows - at)
        drawn = {
            "TIME_PERIOD": chance.choice(len(months), size),
            "COUNTERPART_AREA": np.minimum(chance.geometric(0.3, size) - 1, len(ORIGINS) - 1),
            "SEX": chance.choice(3, size, p=[0.48, 0.515, 0.005]),
            "AGE": chance.binomial(len(BANDS) - 1, 0.4, size),
        }
        words = {"TIME_PERIOD": months, "COUNTERPART_AREA": ORIGINS, "SEX": ["F", "M", None], "AGE": BANDS}
        frame = pl.DataFrame({name: pl.Series(words[name], dtype=pl.String).gather(drawn[name]) for name in drawn})
        path = folder / f"crossings{at // CHUNK}.parquet"
        frame.with_columns(person=chance.integers(0, rows // 4, size), DIRECTION=pl.lit("IN")).write_parquet(path)
        paths.append(path)
    return paths


def ours(engine: str) -> Callable[[list[Path]], Frame]:
    """The compiled definition on an engine."""

    def run(paths: list[Path]) -> Frame:
        with opened(engine) as here:
            return compute(read(DEFINITION, "bench")[0], {"crossings": here.scan(paths)}, here).cells

    return run


def polars_by_hand(paths: list[Path]) -> Frame:
    """The finest cells, in Polars."""
    unknown = pl.col(KEYS[1:]).fill_null("_U")
    return pl.scan_parquet(paths).group_by(KEYS).len("N").with_columns(unknown).sort(KEYS).collect(engine="streaming")


def duckdb_by_hand(paths: list[Path]) -> Frame:
    """The finest cells, in the SQL of DuckDB."""
    names = [str(path) for path in paths]
    query = f"""
        SELECT TIME_PERIOD, coalesce(COUNTERPART_AREA, '_U') AS COUNTERPART_AREA, coalesce(SEX, '_U') AS SEX,
               coalesce(AGE, '_U') AS AGE, N
        FROM (SELECT {", ".join(KEYS)}, count(*) AS N FROM read_parquet({names}) GROUP BY ALL) ORDER BY ALL
    """
    return pl.DataFrame(duckdb.connect().execute(query).to_arrow_table())


def pandas_by_hand(paths: list[Path]) -> Frame:
    """The finest cells, in pandas."""
    table = pd.concat([pd.read_parquet(path, columns=KEYS) for path in paths], ignore_index=True)
    counts = table.fillna("_U").groupby(KEYS, sort=True).size().rename("N").reset_index()
    return pl.DataFrame({name: counts[name].to_numpy() for name in counts})


WAYS: dict[str, Callable[[list[Path]], Frame]] = {
    "ours on Polars": ours("polars"),
    "Polars by hand": polars_by_hand,
    "ours on DuckDB": ours("duckdb"),
    "DuckDB by hand": duckdb_by_hand,
    "pandas by hand": pandas_by_hand,
}


def finest(cells: Frame) -> Frame:
    """The finest cells of any way, alike."""
    below = [pl.col(name) != "_T" for name in KEYS]
    return cells.filter(below).select(*(pl.col(name).cast(pl.String) for name in KEYS), pl.col("N").cast(pl.Int64))


def once(way: str, paths: list[Path], answer: Path | None) -> dict[str, float]:
    """One run in this process: seconds on the clock, seconds of all processors, memory in MB, cells.

    The memory is the most that the process held, less what it held before: its libraries.
    """
    held = psutil.Process().memory_info().rss / 2**20
    start, busy = time.perf_counter(), time.process_time()
    cells = WAYS[way](paths)
    took = {"clock": time.perf_counter() - start, "cpu": time.process_time() - busy, "cells": cells.height}
    if answer is not None:
        finest(cells).sort(KEYS).write_parquet(answer)
    return {**took, "memory": _peak() - held}


def _peak() -> float:
    """The most memory that this process has held, in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return psutil.Process().memory_info().rss / 2**20


def main() -> None:
    """Make the rows, run every way in turns, and print the table."""
    if sys.argv[1:2] == ["--once"]:
        _, _, way, folder, answer = sys.argv
        paths = sorted(Path(folder).glob("crossings*.parquet"))
        print(json.dumps(once(way, paths, Path(answer) if answer else None)))
        return
    if sys.argv[1:2] == ["--make"]:
        folder = Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        print(*make(folder, int(sys.argv[3]) if len(sys.argv) > 3 else ROWS), sep="\n")
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as words:
        folder = Path(words)
        size = sum(path.stat().st_size for path in make(folder, rows)) / 2**20
        print(f"{rows:,} made-up crossings, {size:.0f} MB of Parquet; medians of {RUNS} runs in turns")
        runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for at in range(RUNS):
            for number, way in enumerate(WAYS):
                answer = str(folder / f"answer{number}.parquet") if at == 0 else ""
                command = [sys.executable, __file__, "--once", way, str(folder), answer]
                runs[way].append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        answers = [pl.read_parquet(folder / f"answer{number}.parquet") for number in range(len(WAYS))]
        same = all(answer.equals(answers[0]) for answer in answers)
    print(f"the finest cells are the same everywhere: {'yes' if same else 'NO'}; {answers[0].height:,} of them")
    print(f"{'':16}{'cells':>10}{'clock s':>10}{'CPU s':>10}{'added MB':>10}")
    middle = {
        way: {name: statistics.median(run[name] for run in found) for name in found[0]} for way, found in runs.items()
    }
    for way, found in middle.items():
        row = f"{found['cells']:>10,.0f}{found['clock']:>10.2f}{found['cpu']:>10.2f}{found['memory']:>10,.0f}"
        print(f"{way:16}{row}")
    for one, other in (("ours on Polars", "Polars by hand"), ("ours on DuckDB", "DuckDB by hand")):
        clock, cpu = (middle[one][name] / middle[other][name] for name in ("clock", "cpu"))
        print(f"{one}: {clock:.2f} × {other} on the clock, {cpu:.2f} × by CPU (at most {BUDGET})")
    clock, cpu = (middle["pandas by hand"][name] / middle["ours on Polars"][name] for name in ("clock", "cpu"))
    print(f"pandas: {clock:.1f} × ours on Polars on the clock, {cpu:.1f} × by CPU (at least {PANDAS:.0f})")


if __name__ == "__main__":
    main()
