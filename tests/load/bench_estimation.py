"""How long flows take to estimate, against the same methods by iterative fitting of three-way arrays, in one run.

    OPENBLAS_NUM_THREADS=1 python tests/load/bench_estimation.py [--largest N]

One thread is enough, and on a machine that does other work the threads of the linear algebra wait for each other.

Stocks are made up (a fixed seed): 200 countries by two sexes with all seven methods; then one sex of 50, 100, 200 and
400 countries. The peer is the usual way of the literature written plainly in NumPy: an array of birthplace by origin
by destination, swept until no cell moves by a thousandth of a person. Both are compared cell by cell first.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from torogoz.statistics.estimation.accounting import Fit
from torogoz.statistics.estimation.fitting import Matrix
from torogoz.statistics.estimation.methods import Choices, Method, Stocks, flows

SIZES = (50, 100, 200, 400)
PEERS = (50, 100, 200)
CLOSED = (Method.DA_MIN_CLOSED, Method.DA_IND_CLOSED)
RUNS = 5
BUDGET = 1.0


def made_up(size: int, number: int, fit: Fit = Fit.PUBLISHED) -> Stocks:
    """Two made-up stocks of `size` countries of very different sizes, half of the pairs empty, with vital events."""
    random = np.random.default_rng(number)
    people = np.rint(random.lognormal(15, 1.5, size))
    share = random.lognormal(-8, 2, (size, size)) * (random.random((size, size)) < 0.5)
    abroad = np.minimum(share, 0.05) * people[:, None]
    tables = []
    for growth in (1.0, 1.08):
        table = np.rint(abroad * growth * random.lognormal(0, 0.2, (size, size)))
        np.fill_diagonal(table, np.rint(people * growth * random.normal(1, 0.005, size)))
        tables.append(table)
    births, deaths = np.rint(people * 0.1), np.rint(people * 0.04)
    names = tuple(f"c{i:03d}" for i in range(size))
    return Stocks(names, tables[0], tables[1], births, deaths, choices=Choices(fit=fit))


def all_seven(stocks: Stocks) -> dict[Method, Matrix]:
    """Every method, from stocks that nothing was computed from yet."""
    return flows(replace(stocks), Method)


def two_way_plainly(table: Matrix, rows: Matrix, columns: Matrix) -> Matrix:
    """The two-way fit by whole sweeps over the table."""
    while True:
        before = table
        table = table * np.divide(rows, table.sum(axis=1), where=rows > 0, out=np.zeros_like(rows))[:, None]
        table = table * np.divide(columns, table.sum(axis=0), where=columns > 0, out=np.zeros_like(columns))
        if np.abs(table - before).max() < 1e-3:
            return table


def three_way_plainly(over: Matrix, down: Matrix, seed: Matrix) -> Matrix:
    """Flows summed over birthplaces, from an array of n x n x n swept until it stands still."""
    array = np.broadcast_to(seed, (len(over), *seed.shape)).copy()
    while True:
        before = array.copy()
        sums = array.sum(axis=1)
        array *= np.divide(down, sums, where=sums > 0, out=np.zeros_like(down))[:, None, :]
        sums = array.sum(axis=2)
        array *= np.divide(over, sums, where=sums > 0, out=np.zeros_like(over))[:, :, None]
        if np.abs(array - before).max() < 1e-3:
            return array.sum(axis=0)


def near(size: int) -> Matrix:
    """A seed that makes moves between neighbours on a ring likelier."""
    at = np.arange(size)
    apart = np.abs(at[:, None] - at[None, :])
    return 1.0 / (1.0 + np.minimum(apart, size - apart))


def closed_plainly(stocks: Stocks) -> tuple[Matrix, Matrix]:
    """`da_min_closed` and `da_ind_closed` by whole tables and three-way arrays, residents not rounded."""
    natural = stocks.births.sum() - stocks.deaths.sum()
    missing = natural - (stocks.end.sum() - stocks.start.sum())
    first, last = stocks.start.copy(), stocks.end.copy()
    for table, change in ((first, -missing / 2), (last, missing / 2)):
        np.fill_diagonal(table, table.diagonal() * (1 + change / table.trace()))
    first -= first * (stocks.deaths / first.sum(axis=0))
    last -= np.diag(stocks.births)
    mean = (first.sum(axis=1) + last.sum(axis=1)) / 2
    first = two_way_plainly(first, mean, first.sum(axis=0))
    last = two_way_plainly(last, mean, last.sum(axis=0))
    stayers = np.minimum(first, last)
    seed = np.ones_like(first) if stocks.seed is None else stocks.seed
    few = three_way_plainly(first - stayers, last - stayers, seed * (1 - np.eye(len(mean))))
    free = three_way_plainly(first, last, seed)
    np.fill_diagonal(free, 0)
    return few, free


def timed(work: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Median seconds on the clock, and of all processors together."""
    found = []
    for _ in range(runs):
        start, busy = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - start, time.process_time() - busy))
    return statistics.median(clock for clock, _ in found), statistics.median(busy for _, busy in found)


def compared(stocks: Stocks) -> tuple[float, float, float]:
    """CPU seconds of the peer and of ours for the two closed methods, and how far their flows are apart at most."""
    found = flows(replace(stocks), CLOSED)
    apart = max(
        float(np.abs(theirs - found[method]).max() / theirs.max())
        for method, theirs in zip(CLOSED, closed_plainly(stocks), strict=True)
    )
    _, theirs = timed(lambda: closed_plainly(stocks), 1)
    _, ours = timed(lambda: flows(replace(stocks), CLOSED), 3)
    return theirs, ours, apart


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--largest", type=int, default=max(SIZES), help="leave larger numbers of countries out")
    sizes = [size for size in SIZES if size <= parser.parse_args().largest]
    print(f"{'countries':>9}  {'fit':>9}  {'seconds':>8}  {'CPU s':>7}  {'against the size before':>23}")
    before: dict[Fit, float] = {}
    for size in sizes:
        for fit in Fit:
            stocks = made_up(size, 1, fit)
            clock, busy = timed(lambda stocks=stocks: all_seven(stocks))  # type: ignore[misc]
            grown = f"x {clock / before[fit]:.1f}" if fit in before else ""
            print(f"{size:>9}  {fit:>9}  {clock:>8.3f}  {busy:>7.3f}  {grown:>23}")
            before[fit] = clock
    print()
    for fit in Fit:
        both = [made_up(200, number, fit) for number in (1, 2)]
        clock, busy = timed(lambda both=both: [all_seven(stocks) for stocks in both])  # type: ignore[misc]
        verdict = "within" if clock <= BUDGET else "over"
        print(
            f"200 countries x 2 sexes, seven methods, {fit} fit: median {clock:.2f} s ({busy:.2f} s CPU), "
            f"{verdict} {BUDGET:.1f} s"
        )
    print("\nda_min_closed and da_ind_closed, against arrays of three ways (CPU seconds):")
    print(f"{'countries':>9}  seed  {'fit':>9}  {'arrays':>8}  {'ours':>8}  {'ratio':>6}  apart, of the largest flow")
    for size in [size for size in PEERS if size in sizes]:
        for seed in (None, near(size)):
            name = "none" if seed is None else "near"
            for fit in Fit:
                theirs, ours, apart = compared(replace(made_up(size, 1, fit), seed=seed))
                print(f"{size:>9}  {name}  {fit:>9}  {theirs:>8.3f}  {ours:>8.3f}  {theirs / ours:>6.1f}  {apart:.0e}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the whole run, with the arrays of the peer: {peak:.0f} MB")


if __name__ == "__main__":
    main()
