"""The residence rule over millions of made-up crossings, side by side with a plain loop over persons in the same run.

Each measurement runs in a process of its own, so that the peak memory is its own. The plain loop is
`domain.residence.resolve`, person by person, over a tenth of the persons, and its time is multiplied by ten; both
sides begin from the same cleaned crossings. `script/bench residence` runs it; `--small` takes a hundredth.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from torogoz.domain.residence import Crossing, Policy, resolve
from torogoz.exchange.readers.crossings import read_crossings
from torogoz.site.demonstration.crossings import made_up_crossings
from torogoz.statistics.residence import rule
from torogoz.statistics.residence.classify import classify
from torogoz.statistics.residence.cleaning import clean

PEOPLE = {"1.1 M": 100_000, "11 M": 1_000_000}
TODAY = date(2026, 11, 25)
UNTIL = datetime(2026, 10, 1, tzinfo=UTC)
SHARE_OF_LOOP = 10
COLUMNS = ["personId", "direction", "date_crossing"]


def write(path: Path) -> None:
    """The crossings of as many persons as the file is called by, as a CSV file, person by person."""
    people = int(path.stem)
    made_up_crossings(people, until=UNTIL).sort("personId", maintain_order=True).select(COLUMNS).write_csv(path)


def timed(work: Callable[[], Any], times: int) -> tuple[float, float]:
    """Median wall and CPU seconds of `times` runs."""
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def whole(path: Path) -> None:
    """From the file to a file of states: read, clean, resolve, write."""
    found = classify(read_crossings(path), policy=Policy.DROP_IMPUTE, today=TODAY)
    found.crossings.write_csv(path.with_suffix(".out.csv"))


def measured(what: str, path: Path) -> dict[str, float]:
    """One measurement: rows, wall and CPU seconds, peak megabytes."""
    if what == "write":
        write(path)
        return {}
    times = 3 if path.stat().st_size < 100_000_000 else 1
    if what == "whole":
        rows = 0
        wall, cpu = timed(lambda: whole(path), times)
    else:
        crossings = clean(read_crossings(path), Policy.DROP_IMPUTE, today=TODAY).crossings
        rows = crossings.height
        if what == "rule":
            wall, cpu = timed(lambda: rule.resolve(crossings), times)
        else:
            wall, cpu = (SHARE_OF_LOOP * seconds for seconds in timed(loop_over(crossings), 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": rows, "wall": wall, "cpu": cpu, "peak": peak}


def loop_over(crossings: pl.DataFrame) -> Callable[[], None]:
    """The plain loop over one person in SHARE_OF_LOOP, from lists that are made beforehand."""
    chosen = crossings.filter(pl.col("personId").cast(pl.Int64) % SHARE_OF_LOOP == 0)
    parts = chosen.select("personId", "is_arrival", "date_crossing").partition_by("personId", maintain_order=True)
    people = [[Crossing(arrival, day) for _, arrival, day in part.iter_rows()] for part in parts]

    def run() -> None:
        for person in people:
            resolve(person)

    return run


def alone(what: str, path: Path) -> dict[str, float]:
    """The measurement in a process of its own."""
    answer = subprocess.run([sys.executable, __file__, what, str(path)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def main() -> None:
    part = 100 if "--small" in sys.argv else 1
    print(f"{'crossings':>12} {'what':<34} {'wall s':>8} {'cpu s':>8} {'peak MB':>8} {'times the rule, cpu':>20}")
    with tempfile.TemporaryDirectory() as folder:
        for name, people in PEOPLE.items():
            path = Path(folder) / f"{people // part}.csv"
            alone("write", path)  # in a process of its own: a child begins with the peak memory of its parent
            found = {what: alone(what, path) for what in ("rule", "whole", "loop")}
            rows = found["rule"]["rows"]
            words = {
                "rule": "the rule, vectorised",
                "whole": f"file to file ({name})",
                "loop": f"plain loop (a {SHARE_OF_LOOP}th, × {SHARE_OF_LOOP})",
            }
            for what, line in found.items():
                ratio = line["cpu"] / max(found["rule"]["cpu"], 1e-9)
                figures = f"{line['wall']:>8.2f} {line['cpu']:>8.2f} {line['peak']:>8.0f} {ratio:>20.1f}"
                print(f"{rows:>12,.0f} {words[what]:<34} {figures}", flush=True)
            path.unlink()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
