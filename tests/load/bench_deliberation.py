"""Opinion groups of real and of made-up votes, beside a naive peer in the same run: `script/bench deliberation`.

Real: a conversation of 1 921 voters on 197 statements, read from `../shared/data` (skipped if it is not there).
Made up: 100 000 voters on 500 statements, a fifth of them seen by each. Ours goes the whole way, from votes as they
were cast to groups, stability over 20 resamples, representative statements and consensus. The peer does the usual part
of it with what is at hand: means for what is missing, NumPy's singular value decomposition, SciPy's k-means for two to
five groups on the positions of all voters, and the silhouette of at most 5 000 of them; no resamples, no statistics.

Each runs in a process of its own, on one thread, so that seconds of processor and peak memory are its own.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from torogoz.exchange.readers.polis import votes_of
from torogoz.statistics.deliberation.opinion_groups import adjusted_rand, opinion_groups, silhouette
from torogoz.statistics.deliberation.representative import consensus_of_groups, group_votes, representative, shared
from torogoz.statistics.deliberation.votes import UNSEEN, VoteMatrix, counts, last_votes

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "17_consultation_polis" / "vtaiwan.uberx__votes.csv.gz"
VOTERS, STATEMENTS, PARTS = 100_000, 500, 3
BUDGETS = {"real": (1.0, 2_000.0), "made up": (30.0, 2_000.0)}  # seconds, megabytes
Cast = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int8], npt.NDArray[np.int64]]


def cast_of(what: str) -> tuple[Cast, npt.NDArray[np.int64] | None]:
    """Votes as they were cast (voter, statement, vote, when), and the made-up opinion of each voter."""
    if what == "real":
        read = votes_of(REAL)
        return (
            read["voter"].to_numpy(),
            read["statement"].to_numpy(),
            read["vote"].to_numpy().astype(np.int8),
            read["at"].to_numpy(),
        ), None
    chance = np.random.default_rng(11)
    part = chance.integers(0, PARTS, VOTERS)
    opinion = chance.choice(np.array([-1, 1], dtype=np.int8), size=(PARTS, STATEMENTS))
    voter, statement = np.nonzero(chance.random((VOTERS, STATEMENTS), dtype=np.float32) < 0.2)
    vote = opinion[part[voter], statement]
    other = chance.random(len(voter), dtype=np.float32)
    vote = np.where(other < 0.25, -vote, np.where(other < 0.35, 0, vote)).astype(np.int8)
    return (voter, statement, vote, chance.permutation(len(voter))), part


def ours(what: str) -> dict[str, float]:
    """Seconds of each step, and how near the made-up opinions are found."""
    cast, part = cast_of(what)
    told: dict[str, float] = {"MB of the votes alone": _megabytes()}
    begin, wall = time.process_time(), time.perf_counter()
    matrix = last_votes(*cast)
    told["votes cast"] = float(len(cast[0]))
    del cast
    told["s, last votes"] = time.process_time() - begin
    step = time.process_time()
    once = opinion_groups(matrix, resamples=1)
    told["s, groups with one resample"] = time.process_time() - step
    step = time.process_time()
    found = opinion_groups(matrix)
    told["s, groups with twenty"] = time.process_time() - step
    step = time.process_time()
    votes = group_votes(matrix, found.group)
    representative(votes, matrix.statements)
    shared(counts(matrix.values), matrix.statements)
    consensus_of_groups(votes)
    told["s, statistics"] = time.process_time() - step
    told["s, all"] = time.process_time() - begin - told["s, groups with one resample"]
    told["s by the clock, with the run of one resample"] = time.perf_counter() - wall
    told["groups"] = float(len(found.sizes))
    told["stability, median"] = found.stability.median
    assert (once.group == found.group).all()
    if part is not None:
        placed = found.group >= 0
        told["likeness to the made-up opinions"] = adjusted_rand(found.group[placed], part[matrix.voters][placed])
    return told


def peers(what: str) -> dict[str, float]:
    """The naive way, from the matrix to groups."""
    cast, part = cast_of(what)
    matrix = last_votes(*cast)
    del cast
    begin, wall = time.process_time(), time.perf_counter()
    group, rows = _naive(matrix)
    told = {"s, all": time.process_time() - begin, "s by the clock": time.perf_counter() - wall}
    told["groups"] = float(group.max() + 1)
    if part is not None:
        told["likeness to the made-up opinions"] = adjusted_rand(group, part[matrix.voters[rows]])
    return told


def _naive(matrix: VoteMatrix) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    votes = np.where(matrix.values == UNSEEN, np.nan, matrix.values)
    centred = votes - np.nanmean(votes, axis=0)
    centred[np.isnan(centred)] = 0
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    rows = np.flatnonzero(matrix.cast >= 7)
    scale = np.sqrt(len(matrix.statements) / matrix.cast[rows])[:, None]
    positions = centred[rows] @ axes[:2].T * scale
    some = np.random.default_rng(1).permutation(len(rows))[:5_000]
    best, chosen = -2.0, np.zeros(len(rows), dtype=np.int64)
    for k in range(2, 6):
        label = kmeans2(positions, k, minit="++", rng=1)[1].astype(np.int64)
        if len(np.unique(label[some])) > 1 and (value := silhouette(positions[some], label[some])) > best:
            best, chosen = value, label
    return chosen, rows


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(who: str, what: str) -> dict[str, float]:
    """What `ours` or `peers` tells, from a process of its own on one thread."""
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    script = [sys.executable, __file__, who, what]
    answer = subprocess.run(script, capture_output=True, text=True, check=True, env=alone).stdout
    told: dict[str, float] = json.loads(answer.splitlines()[-1])
    return told


def main() -> None:
    """Print both, ours beside the peer's, with the load of the machine, and fail if ours is over its budget."""
    over = []
    for what, (seconds, megabytes) in BUDGETS.items():
        if what == "real" and not REAL.exists():
            print("real: no folder of real data beside the project (../shared/data): not measured")
            continue
        mine, peer = measured("ours", what), measured("peers", what)
        print(f"\n{what} (load of the machine {os.getloadavg()[0]:.1f}); ours, then the naive peer")
        for name in [*mine, *(each for each in peer if each not in mine)]:
            values = [f"{told[name]:14.2f}" if name in told else " " * 14 for told in (mine, peer)]
            print(f"  {name:46}{values[0]}{values[1]}")
        if mine["s, all"] > seconds or mine["MB"] > megabytes:
            over.append(f"{what}: {mine['s, all']:.1f} s of {seconds}, {mine['MB']:.0f} MB of {megabytes:.0f}")
    if over:
        sys.exit("over budget: " + "; ".join(over))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        result = {"ours": ours, "peers": peers}[sys.argv[1]](sys.argv[2])
        result["MB"] = _megabytes()
        print(json.dumps(result))
    else:
        main()
