"""How long the reader of UNHCR's population file takes, against plain pandas doing the same reading and checks.

    python tests/load/bench_import.py [population.csv.gz]

Both unpack the file, keep the text NA as text, refuse years and countries that are none, tell blank from zero, set
aside figures that are no counts, and give one row per figure in the same columns. They are compared row by row first.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from torogoz.exchange.readers import areas, catalogue
from torogoz.exchange.readers.unhcr import INDICATORS

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "04_unhcr" / "population.csv.gz"
RUNS = 7
BUDGET = 3.0


def with_torogoz(path: Path) -> pl.DataFrame:
    """The observations as the reader gives them."""
    return catalogue.read(path)[0].observations


def with_pandas(path: Path) -> pd.DataFrame:
    """The same observations by the usual means of pandas: whole columns, no loops over rows."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, na_values={})
    table["SOURCE_ROW"] = np.arange(2, len(table) + 2)
    aside = []
    known = areas.COUNTRIES | set(areas.SAME)
    for column, good in (
        ("year", table["year"].str.fullmatch(r"(19|20)\d\d")),
        ("coo_iso", table["coo_iso"].isin(known)),
        ("coa_iso", table["coa_iso"].isin(known)),
    ):
        aside.append(table.loc[~good, ["SOURCE_ROW", column]])
        table = table[good.reindex(table.index)]
    table = table.assign(
        REF_AREA=table["coa_iso"].replace(dict(areas.SAME)),
        COUNTERPART_AREA=table["coo_iso"].replace(dict(areas.SAME)),
        TIME_PERIOD=table["year"],
    )
    columns = {name.replace(" ", "_"): code for name, code in INDICATORS.items()}
    for column in columns:
        value = pd.to_numeric(table[column].replace("", None), errors="coerce")
        wrong = (value.isna() & (table[column] != "")) | (value < 0)
        aside.append(table.loc[wrong, ["SOURCE_ROW", column]])
        table[column] = value.mask(wrong)
    keep = ["REF_AREA", "COUNTERPART_AREA", "TIME_PERIOD", "SOURCE_ROW"]
    long = table.melt(id_vars=keep, value_vars=list(columns), var_name="INDICATOR", value_name="OBS_VALUE")
    long["INDICATOR"] = long["INDICATOR"].map(columns)
    long["OBS_STATUS"] = np.where(long["OBS_VALUE"].isna(), "M", "A")
    return long


def best_of(path: Path, *works: Callable[[Path], object]) -> list[tuple[float, float]]:
    """The shortest of several runs of each: seconds on the clock, and seconds of all processors together.

    They run in turns, so that what else the machine does falls on all alike.
    """
    times: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(RUNS):
        for work, own in zip(works, times, strict=True):
            start, busy = time.perf_counter(), time.process_time()
            work(path)
            own.append((time.perf_counter() - start, time.process_time() - busy))
    return [(min(clock for clock, _ in own), min(busy for _, busy in own)) for own in times]


def same(ours: pl.DataFrame, theirs: pd.DataFrame) -> bool:
    """Whether both found the same figures."""
    order = ["SOURCE_ROW", "INDICATOR"]
    peer = pl.DataFrame({name: theirs[name].to_numpy() for name in ours.columns}).with_columns(
        pl.col("OBS_VALUE").fill_nan(None)
    )
    return ours.sort(order).equals(peer.cast(ours.schema).sort(order))


def main() -> int:
    """Print both times and their ratio; 1 if the results differ or the ratio is below the budget."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    if not path.exists():
        print(f"import: no file {path}; nothing was measured")
        return 0
    if not same(with_torogoz(path), with_pandas(path)):
        print("import: the reader and pandas disagree about the figures of the file")
        return 1
    (ours, our_work), (theirs, their_work) = best_of(path, with_torogoz, with_pandas)
    ratio = theirs / ours
    print(f"import of {path.name}, best of {RUNS}: torogoz {ours:.3f} s, pandas {theirs:.3f} s, {ratio:.1f} times")
    print(f"processor time: torogoz {our_work:.3f} s, pandas {their_work:.3f} s, {their_work / our_work:.1f} times")
    print(f"budget: at least {BUDGET:.0f} times faster than pandas: {'kept' if ratio >= BUDGET else 'MISSED'}")
    return 0 if ratio >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
