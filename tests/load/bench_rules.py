"""How long checking an institution's table takes, against pandas doing the same checks by hand.

    python tests/load/bench_rules.py [rows]

One million made-up rows and six rules: a required code of a list, a whole number within bounds, a date that is one and
is not in the future, a pattern, a unique key, and parts that add up. One row in a hundred breaks something. Both give
one line per broken rule (row, column, rule, value); the two reports are compared line by line first. Each is measured
in a process of its own, since the peak of memory is that of the process.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import polars as pl

from torogoz.exchange.readers import table_schema
from torogoz.statistics.rules.checking import check

RUNS = 3
TODAY = date(2026, 11, 20)
SCHEMA = {
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "sex", "type": "string", "constraints": {"enum": ["F", "M", "_U"]}},
        {"name": "age", "type": "integer", "constraints": {"minimum": 0, "maximum": 120}},
        {"name": "date", "type": "date"},
        {"name": "place", "type": "string", "constraints": {"pattern": "SV-[A-Z]{2}"}},
        {"name": "men", "type": "integer"},
        {"name": "women", "type": "integer"},
        {"name": "total", "type": "integer"},
    ],
    "primaryKey": "id",
    "x-torogoz": {
        "rules": [{"name": "future", "not_future": "date"}, {"name": "sum", "sum": ["men", "women"], "equals": "total"}]
    },
}
LINES = ["row", "column", "rule", "value"]


def made_up(rows: int) -> dict[str, np.ndarray]:
    """Columns of text, one row in a hundred with something wrong."""
    chance = np.random.default_rng(11)
    number = np.arange(rows)
    men, women = chance.integers(0, 500, rows), chance.integers(0, 500, rows)
    days = np.datetime64("2024-01-01") + chance.integers(0, 900, rows)
    columns = {
        "id": np.char.add("R", number.astype("U8")),
        "sex": chance.choice(["F", "M", "_U"], rows),
        "age": chance.integers(0, 100, rows).astype("U6"),
        "date": np.datetime_as_string(days, unit="D"),
        "place": chance.choice(["SV-SS", "SV-SM", "SV-LI"], rows),
        "men": men.astype("U6"),
        "women": women.astype("U6"),
        "total": (men + women).astype("U6"),
    }
    wrong = {"id": "R5", "sex": "X", "age": "130", "date": "2027-02-01", "place": "SS", "total": "-1"}
    broken = [("age", "x", 3), ("date", "2025-02-30", 7)]
    for place, (name, value) in enumerate(wrong.items()):
        columns[name][number % 600 == place + 10] = value
    for name, value, place in broken:
        columns[name][number % 600 == place] = value
    return columns


def with_torogoz(columns: dict[str, np.ndarray]) -> tuple[float, float, list[tuple[object, ...]]]:
    """Seconds on the clock and of the processors, and the report."""
    frame = pl.DataFrame({"SOURCE_ROW": np.arange(2, len(columns["id"]) + 2), **columns})
    schema = table_schema.of(SCHEMA)
    start, busy = time.perf_counter(), time.process_time()
    found = check(frame, schema, today=TODAY).findings
    return time.perf_counter() - start, time.process_time() - busy, sorted(found.select(LINES).rows())


def with_pandas(columns: dict[str, np.ndarray]) -> tuple[float, float, list[tuple[object, ...]]]:
    """The same by the usual means of pandas: whole columns, no loops over rows."""
    table = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    start, busy = time.perf_counter(), time.process_time()
    row = pd.Series(np.arange(2, len(table) + 2))
    parts: list[pd.DataFrame] = []

    def report(wrong: pd.Series, column: str, rule: str, value: pd.Series) -> None:
        lines = pd.DataFrame({"row": row[wrong], "value": value[wrong]})
        parts.append(lines.assign(column=column, rule=rule))

    numbers = {}
    for name in ("age", "men", "women", "total"):
        text = table[name].str.strip()
        good = text.str.fullmatch(r"[+-]?\d+")
        numbers[name] = pd.to_numeric(text.where(good), errors="coerce")
        report(table[name].notna() & numbers[name].isna(), name, "type", table[name])
    day = pd.to_datetime(table["date"].str.strip(), format="%Y-%m-%d", errors="coerce")
    report(table["date"].notna() & day.isna(), "date", "type", table["date"])
    report(table["id"].isna(), "id", "keyMissing", table["id"])
    report(table["id"].notna() & table["id"].duplicated(keep=False), "id", "primaryKey", table["id"])
    for name in ("id", "sex", "place"):
        report(table[name].str.contains(r"^\s*(?:[=@]|[+\-][^\d.\s])"), name, "formula", table[name])
    report(table["sex"].notna() & ~table["sex"].isin(["F", "M", "_U"]), "sex", "enum", table["sex"])
    report(numbers["age"] < 0, "age", "minimum", table["age"])
    report(numbers["age"] > 120, "age", "maximum", table["age"])
    report(~table["place"].str.fullmatch("SV-[A-Z]{2}"), "place", "pattern", table["place"])
    report(day > pd.Timestamp(TODAY), "date", "future", table["date"])
    wrong = (numbers["men"] + numbers["women"] - numbers["total"]).abs() > 0
    said = "men " + table["men"][wrong] + "; women " + table["women"][wrong] + "; total " + table["total"][wrong]
    report(wrong, "total", "sum", said.reindex(table.index))
    whole = pd.concat(parts)[LINES].sort_values("row", kind="stable")
    seconds, processors = time.perf_counter() - start, time.process_time() - busy
    return seconds, processors, sorted(whole.itertuples(index=False, name=None))


WORKS = {"torogoz": with_torogoz, "pandas": with_pandas}


def alone(name: str, rows: int, out: str) -> None:
    """One measurement in this process: times, memory beyond what the table itself took, and the report in a file."""
    columns = made_up(rows)
    WORKS[name](made_up(1_000))  # libraries warm
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, processors, lines = WORKS[name](columns)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    Path(out).write_text(json.dumps(lines), encoding="utf-8")
    print(json.dumps([seconds, processors, (after - before) / 1024, len(lines)]))


def measured(name: str, rows: int, out: Path) -> list[float]:
    """One measurement in a process of its own."""
    told = subprocess.run([sys.executable, __file__, name, str(rows), str(out)], check=True, capture_output=True)
    found: list[float] = json.loads(told.stdout)
    return found


def main(rows: int, folder: Path) -> None:
    """Print the two side by side, and whether their reports are the same."""
    runs: dict[str, list[list[float]]] = {name: [] for name in WORKS}
    for _ in range(RUNS):
        for name in WORKS:
            runs[name].append(measured(name, rows, folder / f"{name}.json"))
    reports = {name: (folder / f"{name}.json").read_text(encoding="utf-8") for name in WORKS}
    same = reports["torogoz"] == reports["pandas"]
    lines = int(runs["torogoz"][0][3])
    print(f"{rows:,} rows, {lines:,} lines of report; the two reports are {'the same' if same else 'NOT the same'}")
    middle = {name: [median(run[place] for run in found) for place in range(3)] for name, found in runs.items()}
    print(f"{'median of ' + str(RUNS):<14} {'seconds':>9} {'processor':>10} {'MB':>7}")
    for name, (seconds, processors, memory) in middle.items():
        print(f"{name:<14} {seconds:>9.2f} {processors:>10.2f} {memory:>7.0f}")
    ratios = [one / other for one, other in zip(middle["pandas"], middle["torogoz"], strict=True)]
    print(f"{'pandas / ours':<14} {ratios[0]:>9.1f} {ratios[1]:>10.1f} {ratios[2]:>7.1f}")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        alone(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    else:
        with tempfile.TemporaryDirectory() as where:
            main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, Path(where))
