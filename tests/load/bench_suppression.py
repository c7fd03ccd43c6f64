"""Suppression with its audit, beside pytauargus, on tables of made-up victims: time, and what is hidden for others.

`python tests/load/bench_suppression.py [--large]`. The peer runs in a process of its own, with optimal suppression
(OPT) and the rule FREQ(10, 30): a count of 1 to 9 is unsafe. Ours has the threshold 10 and zeros shown, so that both
hide the same cells in the first place. Then our audit attacks both patterns. Medians of three runs; times of the
machine and of the processor, since the machine may be shared.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.made_up_victims import CODES, victims  # noqa: E402 - the path is set above
from torogoz.statistics.disclosure.audit import audit  # noqa: E402
from torogoz.statistics.disclosure.protect import protect  # noqa: E402
from torogoz.statistics.disclosure.rules import Rule  # noqa: E402
from torogoz.statistics.disclosure.system import Mask, Real, System, system_of  # noqa: E402
from torogoz.statistics.tabulation import VALUE, Dimension, Level, Table, sums_of, tabulate  # noqa: E402

Made = TypeVar("Made")
RULE = Rule(threshold=10)
RUNS = 3
PEER_SECONDS = 240
CASES = [
    ("age × sex, n = 5 000", 5_000, ("AGE", "SEX")),
    ("age × year, n = 5 000", 5_000, ("AGE", "YEAR")),
    ("country × age, n = 20 000", 20_000, ("COUNTRY", "AGE")),
]
LARGE = [
    ("citizenship × country, n = 50 000", 50_000, ("CITIZENSHIP", "COUNTRY")),
    ("country × age × sex, n = 50 000", 50_000, ("COUNTRY", "AGE", "SEX")),
]


def timed(work: Callable[[], Made]) -> tuple[Made, float, float]:
    """The result, and the medians of seconds of the wall and of the processor."""
    walls, processors = [], []
    for _ in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return result, statistics.median(walls), statistics.median(processors)


def tabulated(rows: pl.DataFrame, names: tuple[str, ...]) -> tuple[pl.DataFrame, System]:
    """The cells of one table with all its margins, over the codes that occur, and its sums."""
    dimensions = []
    for name in names:
        codes = tuple(code for code in CODES[name] if (rows[name] == code).any())
        dimensions.append(Dimension(name, {"total": Level(("_T",)), "each": Level(codes, name)}, (("_T", codes),)))
    cells = tabulate(rows, dimensions, [Table("table", dict.fromkeys(names, ("total", "each")))])
    return cells, system_of(cells.select(names).rows(), sums_of(dimensions))


def peer(path: Path, names: tuple[str, ...]) -> dict[str, object] | None:
    """The pattern and times of pytauargus, from a process of its own; None if it did not end in time."""
    command = [sys.executable, str(Path(__file__).resolve()), "--peer", str(path.resolve()), *names]
    try:
        with tempfile.TemporaryDirectory() as folder:  # the solver of the peer leaves its logs where it runs
            done = subprocess.run(command, capture_output=True, text=True, timeout=PEER_SECONDS, check=True, cwd=folder)
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def as_peer(path: Path, names: list[str]) -> None:
    """What the peer's process does: protect, and print which cells are hidden."""
    from pytauargus import protect as their_protect  # noqa: PLC0415 - only in the peer's own process

    rows = pl.read_parquet(path)

    def work() -> object:
        with tempfile.TemporaryDirectory() as folder:
            made = their_protect(
                rows,
                names,
                response="N",
                safety_rules="FREQ(10,30)",
                suppress="OPT(1)",
                totcode="Total",
                workdir=folder,
            )
            return made.tables[0].rows

    table, wall, processor = timed(work)
    # The engine writes to the standard output too: the answer is the last line.
    print()
    print(json.dumps({"rows": table, "wall": wall, "processor": processor}, default=str))


def told(system: System, hidden: Mask, counts: Real) -> int:
    """How many hidden cells our audit tells exactly."""
    found = audit(system, ~hidden, counts, np.zeros(system.size))
    return int((found.width[hidden] == 0).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="the two large tables too; they take minutes")
    parser.add_argument("--peer", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        as_peer(Path(options.peer[0]), options.peer[1:])
        return
    print(f"load average {os.getloadavg()[0]:.1f}; medians of {RUNS}; weight: persons in cells hidden for others")
    print(
        line_of("table", "cells", "small", "for others", "", "weight", "", "wall s", "", "processor s", "", "told", "")
    )
    print(line_of("", "", "", *("ours", "peer") * 5))
    for name, people, names in [*CASES, *(LARGE if options.large else [])]:
        print(compared(name, victims(people), names), flush=True)


def compared(name: str, rows: pl.DataFrame, names: tuple[str, ...]) -> str:
    """One table by both, as a line; where the peer did not end in time, its part says so."""
    cells, system = tabulated(rows, names)
    counts = cells[VALUE].to_numpy().astype(np.float64)
    ours, wall, processor = timed(lambda: protect(system, counts, RULE))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        rows.select(names).with_columns(N=pl.lit(1.0)).write_parquet(path)
        theirs = peer(path, names)
    mine = [int(ours.to_protect_others.sum()), int(counts[ours.to_protect_others].sum()), f"{wall:.2f}"]
    mine += [f"{processor:.2f}", told(system, ours.hidden, counts)]
    if theirs is None:
        other = ["-", "-", f"> {PEER_SECONDS}", "-", "-"]
    else:
        hidden = their_pattern(cells, names, theirs["rows"])
        others = hidden & ~ours.small
        other = [int(others.sum()), int(counts[others].sum()), f"{theirs['wall']:.2f}"]
        other += [f"{theirs['processor']:.2f}", told(system, hidden, counts)]
    pairs = [each for pair in zip(mine, other, strict=True) for each in pair]
    return line_of(name, cells.height, int(ours.small.sum()), *pairs)


def line_of(name: object, *fields: object) -> str:
    """One line of the table."""
    return f"{name!s:<36}" + "".join(f"{field!s:>11}" for field in fields)


def their_pattern(cells: pl.DataFrame, names: tuple[str, ...], rows: object) -> Mask:
    """Which of our cells the peer hides: its status U (small) or M (for others)."""
    table = pl.DataFrame(rows, infer_schema_length=None)
    keys = [pl.col(name).cast(pl.String).str.strip_chars().replace({"Total": "_T", "": "_T"}) for name in names]
    hides = table.select(*keys, HIDDEN=pl.col("status").cast(pl.String).str.to_uppercase().is_in(["U", "M"]))
    joined = cells.join(hides.unique(list(names)), on=list(names), how="left", maintain_order="left")
    found: Mask = joined["HIDDEN"].fill_null(value=False).to_numpy().astype(np.bool_)
    return found


if __name__ == "__main__":
    main()
