"""Cell keys against the package of ONS, what strict mode costs in accuracy, and a large release answered over HTTP.

    python tests/load/bench_cellkeys.py [--rows N] [--released N] [--sweeps N]

Three parts, each in one run on this machine: (1) all eight margins of a million made-up records by three variables
beside the tables of `cell-key-perturbation`, whose figures ours must equal cell for cell under its own rule; (2) the
error of 1-, 2- and 3-way counts, and the share of exact counts that one question and the averaging attack recover,
for light, standard and strict noise, and for a guess from single margins; (3) a made-up release of five million
records, served by gunicorn on 127.0.0.1, and cross tables of three dimensions asked of it, warm. Ends by itself.
"""

import argparse
import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from cell_key_perturbation.utils.generate_test_ptable import generate_ptable_10_5_rule

from tests.load.bench_pages import ask, served
from torogoz.statistics.disclosure.cellkey import Margin, cell_keys, cube, ons_perturbed
from torogoz.statistics.disclosure.ptable import PTable, design
from torogoz.statistics.disclosure.strict import BaseCube, base_cube

HERE = Path(__file__).resolve().parents[2]
RUNS = 7
BUDGET_MS, BUDGET_TIMES, BUDGET_GAIN = 300.0, 20.0, 2.0
BANDS = ((1, 3), (4, 12), (13, 60), (61, 10**9))
ASKED = (
    "rows=SEX,AGE_GROUP&columns=REASON&TIME_PERIOD=2025",
    "rows=AGE&columns=REASON&MODE=AIR&TIME_PERIOD=2024",
    "rows=REF_AREA,SEX&columns=MODE&TIME_PERIOD=2025",
    "rows=COUNTERPART_AREA,AGE&columns=SEX&TIME_PERIOD=2023",
    "rows=TIME_PERIOD,REASON&columns=AGE_GROUP",
)

PREPARE = """
import sys, time
import django
django.setup()
from django.core.management import call_command
from tests.made_up import SECRET, arrivals, release_of_made_up_rows
call_command("migrate", verbosity=0)
call_command("codelists", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
frame = arrivals(int(sys.argv[1]), 2021, 2025)
start = time.perf_counter(), time.process_time()
release_of_made_up_rows(frame, secret=SECRET)
print(f"{time.perf_counter() - start[0]:.0f} {time.process_time() - start[1]:.0f}")
"""


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def median(times: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(each[0] for each in times), statistics.median(each[1] for each in times)


def beside_ons(rows: int) -> bool:
    """Part 1; whether the budget is kept and every figure is equal."""
    chance = np.random.default_rng(1)
    dimensions = {
        "area": [f"a{number:02d}" for number in range(61)],
        "sex": ["F", "M", "_O", "_U"],
        "age": [f"b{number}" for number in range(10)],
    }
    columns = {name: chance.integers(0, len(codes), rows) for name, codes in dimensions.items()}
    short = chance.integers(0, 256, rows)
    ours = pl.DataFrame(
        {
            name: pl.Series(np.array(dimensions[name])[column]).cast(pl.Enum(dimensions[name]))
            for name, column in columns.items()
        }
    )
    theirs = pd.DataFrame({**columns, "record_key": short})
    keys = chance.integers(0, 2**64, rows, dtype=np.uint64)
    table, ons_table = design(5, 3, 2), generate_ptable_10_5_rule()
    ons: list[pd.DataFrame] = []

    def their_table(names: list[str]) -> pd.DataFrame:
        with contextlib.redirect_stdout(io.StringIO()):
            return create_perturbed_table(theirs, ons_table, names[:1], names[1:], "record_key", threshold=0)

    cubes: list[dict[tuple[str, ...], Margin]] = []
    margins = [list(names) for size in (1, 2, 3) for names in combinations(dimensions, size)]
    of_ours, of_one, of_all = [], [], []
    for _ in range(RUNS):
        of_ours.append(timed(lambda: cubes.append(cube(ours, dimensions, keys, table))))
        of_one.append(timed(lambda: ons.append(their_table(list(dimensions)))))
    for _ in range(3):
        of_all.append(timed(lambda: [their_table(names) for names in margins]))
    mine, one, every = median(of_ours), median(of_one), median(of_all)
    print(
        f"{rows:,} records by 3 variables, {61 * 4 * 10:,} cells, medians of {RUNS} runs, ms on the clock (processor)"
    )
    print(f"  ours, all 8 margins                       {mine[0]:>8.1f} ({mine[1]:.1f})")
    print(f"  cell-key-perturbation, the 3-way table    {one[0]:>8.1f} ({one[1]:.1f})")
    print(f"  cell-key-perturbation, the 7 tables       {every[0]:>8.1f} ({every[1]:.1f})")
    for which, theirs_took in (("one 3-way table", one), ("seven tables", every)):
        clock, processor = theirs_took[0] / mine[0], theirs_took[1] / mine[1]
        print(f"  its {which} against our eight margins: {clock:.0f} times ({processor:.0f} by processor)")
    changes = np.zeros((751, 256), dtype=np.int64)
    changes[ons_table["pcv"], ons_table["ckey"]] = ons_table["pvalue"]
    place = (columns["area"] * 4 + columns["sex"]) * 10 + columns["age"]
    counts, sums = cell_keys(place, 61 * 4 * 10, short.astype(np.uint64))
    equal = bool(
        (ons_perturbed(counts, sums.astype(np.int64), changes) == ons[0].sort_values(list(dimensions))["count"]).all()
    )
    print(f"  under its own table, every one of its {len(ons[0]):,} figures equals ours: {'yes' if equal else 'NO'}")
    return equal and every[1] / mine[1] >= BUDGET_TIMES


def made_up_people(rows: int) -> tuple[pl.DataFrame, dict[str, tuple[str, ...]]]:
    """Made-up records of one year in which the variables depend on each other."""
    chance = np.random.default_rng(11)
    sizes = {"SEX": 4, "AGE": 19, "COUNTRY": 6, "MODE": 2, "AREA": 15, "REASON": 7}
    sex = chance.choice(4, rows, p=[0.25, 0.74, 0.004, 0.006])
    age = np.clip(chance.gamma(6.5, 0.9, rows) + (sex == 0) * chance.normal(0, 1, rows), 0, 18).astype(int)
    shares = 1 / (1 + np.arange(15))
    area = (chance.choice(15, rows, p=shares / shares.sum()) + (age > 8) * chance.integers(0, 2, rows)) % 15
    country = chance.choice(6, rows, p=[0.7, 0.27, 0.015, 0.008, 0.005, 0.002])
    mode = np.where(country == 1, chance.random(rows) < 0.9, chance.random(rows) < 0.05).astype(int)
    reason = chance.choice(7, rows, p=[0.70, 0.15, 0.08, 0.02, 0.01, 0.02, 0.02])
    reason = np.where((sex == 0) & (chance.random(rows) < 0.2), 1, reason)
    codes = {name: tuple(f"{number:02d}" for number in range(size)) for name, size in sizes.items()}
    values = dict(zip(sizes, (sex, age, country, mode, area, reason), strict=True))
    return pl.DataFrame({name: np.array(codes[name])[value] for name, value in values.items()}), codes


def accuracy(rows: int) -> bool:
    """Part 2; whether averaging gains no more than the budget over one question in strict mode."""
    frame, codes = made_up_people(rows)
    keys = np.random.default_rng(12).integers(0, 2**64, rows, dtype=np.uint64)
    truth = cube(frame, codes, keys, PTable(np.array([[1.0]])), margins=margins_to(codes, 4))
    strict = base_cube(frame, codes, keys, design(8, 8, 2), seed=13)
    kinds: dict[str, Callable[[tuple[str, ...]], np.ndarray]] = {}
    for name, table in (("light D2 V1", design(2, 1)), ("standard D5 V3 js2", design(5, 3, 2))):
        noisy = cube(frame, codes, keys, table, margins=margins_to(codes, 4))
        kinds[name] = lambda names, noisy=noisy: noisy[names].perturbed  # type: ignore[misc]
    blind = base_cube(frame, codes, keys, design(8, 8, 2), seed=13, sweeps=0)
    kinds["blind (margins only)"] = lambda names: answer_of(blind, names, codes)
    kinds["strict"] = lambda names: answer_of(strict, names, codes)
    print(f"accuracy and the averaging attack, {rows:,} made-up records, 6 variables; n is the true count")
    heads = ("noise", "way", "mean error at n 1-3 / 4-12 / 13-60 / more", "off in all", "exact % by one question")
    print(f"  {heads[0]:<20} {heads[1]}   {heads[2]}   {heads[3]}   {heads[4]}   by averaging over one more variable")
    gain = 0.0
    for name, asked in kinds.items():
        for way in (1, 2, 3):
            one = {names: asked(names) for names in combinations(codes, way)}
            errors = spread([(truth[names].counts, one[names]) for names in one], np.abs)
            off = sum(np.abs(truth[names].counts - one[names]).sum() for names in one) / (rows * len(one))
            exact = spread([(truth[names].counts, one[names]) for names in one], lambda each: 100 * (each == 0))
            averaged = {names: by_averaging(names, asked, codes) for names in one}
            after = spread([(truth[names].counts, averaged[names]) for names in one], lambda each: 100 * (each == 0))
            print(
                f"  {name:<20} {way}     {said(errors, 2)}      {off:>6.2%}       {said(exact, 0)}     {said(after, 0)}"
            )
            if name == "strict":
                gain = max(gain, *(later - before for before, later in zip(exact, after, strict=True)))
    print(f"  strict: averaging gains at most {gain:.1f} points over one question (budget {BUDGET_GAIN:.0f})")
    return gain <= BUDGET_GAIN


def margins_to(codes: dict[str, tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    return [names for size in range(1, most + 1) for names in combinations(codes, size)]


def answer_of(strict: BaseCube, names: tuple[str, ...], codes: dict[str, tuple[str, ...]]) -> np.ndarray:
    found = strict.answer(names)["OBS_VALUE"].to_numpy().astype(np.int64)
    return found.reshape([len(codes[name]) for name in names])


def by_averaging(
    names: tuple[str, ...], asked: Callable[[tuple[str, ...]], np.ndarray], codes: dict[str, tuple[str, ...]]
) -> np.ndarray:
    """What an attacker makes of one question and of its parts by every further variable, weighted by their number."""
    total, weight = asked(names).astype(np.float64), 1.0
    for other in codes:
        if other in names:
            continue
        finer = tuple(name for name in codes if name in names or name == other)
        total = total + asked(finer).sum(axis=finer.index(other)) / len(codes[other])
        weight += 1 / len(codes[other])
    return np.rint(total / weight).astype(np.int64)


def spread(pairs: list[tuple[np.ndarray, np.ndarray]], of: Callable[[np.ndarray], np.ndarray]) -> list[float]:
    """The mean of something of the errors, by the size of the true count."""
    true = np.concatenate([pair[0].ravel() for pair in pairs])
    off = of(np.concatenate([(pair[1] - pair[0]).ravel() for pair in pairs]))
    means = []
    for low, high in BANDS:
        inside = (true >= low) & (true <= high)
        means.append(float(off[inside].mean()) if inside.any() else float("nan"))
    return means


def said(numbers: list[float], places: int) -> str:
    return " / ".join("   –" if each != each else f"{each:>4.{places}f}" for each in numbers)


def over_http(rows: int) -> bool:
    """Part 3; whether every question is answered within the budget."""
    with tempfile.TemporaryDirectory() as own:
        environment = {
            **os.environ,
            "PYTHONPATH": f"{HERE / 'src'}:{HERE}",
            "TOROGOZ_VAR": own,
            "TOROGOZ_DEMONSTRATION": "1",
            "DJANGO_SETTINGS_MODULE": "torogoz.site.settings",
        }
        made = subprocess.run(
            [sys.executable, "-c", PREPARE, str(rows)],
            cwd=HERE,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        wall, processor = made.stdout.split()[-2:]
        cube_file = next(Path(own).rglob("cube/RETURNS.parquet"))
        cells = pl.scan_parquet(cube_file).select(pl.len()).collect().item()
        print(
            f"a made-up release of {rows:,} records: made in {wall} s ({processor} s of processor); "
            f"its cube has {cells:,} cells"
        )
        kept = True
        with served(environment) as port:
            for query in ASKED:
                kept &= answered_in_time(port, query)
        print(f"budget: {BUDGET_MS:.0f} ms a question, warm, nothing kept: {'kept' if kept else 'MISSED'}")
        return kept


def answered_in_time(port: int, query: str) -> bool:
    """One question asked warm, as a page made for the request (a session is never given a kept page) and as CSV."""
    times: dict[str, list[float]] = {"page": [], "CSV": []}
    for turn in range(4 + 15):
        for kind, address, headers in (
            ("page", f"/flows/RETURNS/cross/?{query}", {"Cookie": "sessionid=nobody"}),
            ("CSV", f"/flows/RETURNS/cross.csv?{query}", {}),
        ):
            took, _body = ask(port, address, headers)
            if turn >= 4:
                times[kind].append(took)
    middle = {kind: statistics.median(each) for kind, each in times.items()}
    print(
        f"  {query:<58} page {middle['page']:>6.0f} ms, worst {max(times['page']):>6.0f}; CSV {middle['CSV']:>6.0f} ms"
    )
    return max(middle.values()) <= BUDGET_MS


def main() -> int:
    """Print the three parts; 1 if a budget is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000, help="records beside ONS (default 1,000,000)")
    options.add_argument("--people", type=int, default=50_000, help="records of the accuracy table (default 50,000)")
    options.add_argument("--released", type=int, default=5_000_000, help="records of the release (default 5,000,000)")
    chosen = options.parse_args()
    kept = [beside_ons(chosen.rows), accuracy(chosen.people)]
    if chosen.released:
        kept.append(over_http(chosen.released))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
