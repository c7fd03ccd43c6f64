"""Each attack on a naive method and on ours, in one run: what it tells exactly, how long it takes; and what ours costs
in use: the error of counts of one, two and three ways.

`python tests/load/bench_attacks.py [--rows N]` (default 50 000). Everybody is made up. Times of the machine and of the
processor, since the machine may be shared. Attacks on releases are run by `torogoz attack`; the reconstruction of the
seven persons of the literature stands here in full.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import django
import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
django.setup()

from tests.attack import test_known_noise as known  # noqa: E402 - Django is set up above
from tests.attack import test_reconstruction as block  # noqa: E402
from tests.made_up import arrivals  # noqa: E402
from tests.made_up_victims import CODES, victims  # noqa: E402
from tests.naive import SECRET, Register, exact, keyed, noise_table, of_cube, randomly_rounded, rounded  # noqa: E402
from torogoz.statistics.attacks.asking import VALUE, Ask, Recovery, compared  # noqa: E402
from torogoz.statistics.attacks.averaging import averaged  # noqa: E402
from torogoz.statistics.attacks.bounds import hidden_cells, told  # noqa: E402
from torogoz.statistics.attacks.membership import advantage  # noqa: E402
from torogoz.statistics.attacks.reconstruction import reconstructed  # noqa: E402
from torogoz.statistics.disclosure.keys import seed_of  # noqa: E402
from torogoz.statistics.disclosure.private.accounting import most_advantage  # noqa: E402
from torogoz.statistics.disclosure.private.design import Design  # noqa: E402
from torogoz.statistics.disclosure.private.drawing import draw, prices  # noqa: E402
from torogoz.statistics.disclosure.protect import protect  # noqa: E402
from torogoz.statistics.disclosure.strict import base_cube  # noqa: E402
from torogoz.statistics.disclosure.system import system_of  # noqa: E402
from torogoz.statistics.private_releases import CHILDREN  # noqa: E402
from torogoz.statistics.releases import PLANS  # noqa: E402
from torogoz.statistics.tabulation import sums_of  # noqa: E402

BASE = ("COUNTRY", "SEX", "AGE")
STRICT = ("YEAR", "AGE", "SEX", "DURATION", "DEBT", "THREATS")
STRICT_BASE = ("YEAR", "AGE", "SEX")
WAYS = 20


def line(attack: str, method: str, found: str, seconds: tuple[float, float]) -> None:
    print(f"{attack:<16} {method:<34} {found:<46} {seconds[0]:>8.1f} {seconds[1]:>8.1f}", flush=True)


def timed(work: Callable[[], str]) -> tuple[str, tuple[float, float]]:
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, (time.perf_counter() - wall, time.process_time() - processor)


def said(found: Recovery) -> str:
    return f"{found.share:6.1%} ({found.exact:,} of {found.aimed:,})"


def attack_a(people: int) -> None:
    """Small cells of six linked tables of returns, blanked alone and with ours."""
    plan = PLANS["RETURNS"]
    rows = plan.deidentified(arrivals(people, 2024, 2024, seed=1))
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    cells, dimensions = plan.counted(rows, months), plan.dimensions(rows, months)
    system = system_of(cells.select(each.name for each in dimensions).rows(), sums_of(dimensions))
    counts = cells[VALUE].to_numpy().astype(np.float64)
    unseen = cells["UNSEEN"].to_numpy().astype(np.bool_)
    small, nothing = plan.rule.is_small(counts) & ~unseen, np.zeros(system.size)
    hidden = protect(system, counts, plan.rule, never_shown=unseen).hidden
    for method, away in (("small counts blanked", small), ("ours: complementary suppression", hidden)):
        line("A bounds", method, *timed(
            lambda away=away: said(told("A", hidden_cells(system, ~(away | unseen), counts, nothing), counts, away))
        ))  # fmt: skip


def shares(ask: Ask, truth: pl.DataFrame, base: Sequence[str], others: Sequence[str], most: int = 1) -> str:
    """One query, and the average of all, by size of the true count."""
    one, many = ask(base, {}), averaged(ask, base, others, most)
    parts = []
    for least, up_to in ((1, 3), (4, 12), (13, 60)):
        alone, averages = (compared("B", each, truth, least, up_to).share for each in (one, many))
        parts.append(f"{alone:.0%}→{averages:.0%}")
    return f"1-3, 4-12, 13-60: {'  '.join(parts)}"


def attack_b(people: int) -> None:
    """Averages over one further variable, cell keys drawn cell by cell; and over the strict cube."""
    frame = victims(people)
    register = Register(frame, CODES)
    truth = register.asked(exact)(BASE, {})
    others = [name for name in CODES if name not in BASE]
    for noise in ("D2 V1 js0", "D5 V3 js2"):
        ask = register.asked(keyed(noise))
        line("B averaging", f"cell keys {noise}", *timed(lambda ask=ask: shares(ask, truth, BASE, others)))
    few = {name: CODES[name] for name in STRICT}
    cube = base_cube(frame, few, register.keys, noise_table("D5 V3 js2"), seed=seed_of("bench", SECRET))
    strict_truth = Register(frame, few).asked(exact)(STRICT_BASE, {})
    cuts = [name for name in STRICT if name not in STRICT_BASE]
    line("B averaging", "ours: strict cube, up to 2 further", *timed(
        lambda: shares(of_cube(cube), strict_truth, STRICT_BASE, cuts, 2)
    ))  # fmt: skip
    utility(register, cube_ask=of_cube(cube))


def utility(register: Register, cube_ask: Ask) -> None:
    """The weighted error of the strict cube's counts of one, two and three ways: Σ|error| / Σ true."""
    parts = []
    for ways in (1, 2, 3):
        wrong = whole = 0.0
        for names in combinations(STRICT, ways):
            true, ours = register.asked(exact)(names, {})[VALUE], cube_ask(names, {})[VALUE]
            wrong += float((true - ours).abs().filter(true > 0).sum())
            whole += float(true.sum())
        parts.append(f"{ways}: {wrong / whole:.4f}")
    print(f"{'utility':<16} {'strict cube, weighted error':<34} {'  '.join(parts)}")


def attack_c() -> None:
    """Small counts pinned by totals, the size of the noise being known."""
    register = Register(known.rows(), known.CODES)
    pairs = [(base, answer) for base in known.BASES for answer in known.ANSWERS]
    for method, shown, by in (
        ("rounded to the nearest 3", rounded(3), 1),
        ("rounded to 3 at random", randomly_rounded, 2),
        ("cell keys D2 V1 js0", keyed("D2 V1 js0"), 2),
        ("cell keys D5 V3 js2", keyed("D5 V3 js2"), 5),
    ):
        ask = register.asked(shown)
        line("C known noise", method, *timed(
            lambda ask=ask, by=by: said(known.attacked(register, ask, by, by, pairs))
        ))  # fmt: skip
    few = {name: known.CODES[name] for name in ("COUNTRY", *known.ANSWERS[:5])}
    cube = base_cube(known.rows(), few, register.keys, noise_table("D5 V3 js2"), seed=seed_of("bench", SECRET))
    line("C known noise", "ours: strict cube (5 tables)", *timed(
        lambda: said(known.attacked(register, of_cube(cube), 3, 3, known.PAIRS[:5]))
    ))  # fmt: skip


def attack_d() -> None:
    """The seven persons; and a place of eighteen under noise of known size."""

    def seven() -> str:
        found = reconstructed(block.as_the_article_publishes())
        right = found.records is not None and sorted(found.records) == sorted(block.BLOCK)
        return f"{'all seven' if right else 'not'}, {'nobody else fits' if found.unique else 'others fit too'}"

    def place(published: Callable[[int], object]) -> str:
        proved = aimed = 0
        for seed in (1, 2, 3):
            ends = block.certain_claims(published(seed), block.CLAIMS)  # type: ignore[arg-type]
            proved += sum(least == most or least > 0 for least, most in ends.values())
            aimed += len(ends)
        return f"{proved / max(aimed, 1):6.1%} of {aimed} claims proved"

    line("D reconstruct", "seven persons, exact statistics", *timed(seven))
    line("D reconstruct", "18 persons, exact tables", *timed(
        lambda: place(lambda seed: block.published_exactly(block.place(seed)))
    ))  # fmt: skip
    line("D reconstruct", "18 persons, noise of up to 5 known", *timed(
        lambda: place(lambda seed: block.noisy(block.place(seed), 5, seed))
    ))  # fmt: skip


def attack_h() -> None:
    """Membership, against the best score there is."""
    for epsilon in (Fraction(1, 2), Fraction(1), Fraction(2)):
        paid = prices(CHILDREN.design, epsilon, None)
        chance = Random(3)

        def likelihood(inside: bool, paid: object = paid, chance: Random = chance) -> float:
            seen = [(inside + each.share.draw(chance.randrange), each.share) for each in paid]  # type: ignore[attr-defined]
            return sum((abs(x) - abs(x - 1)) / float(share.parameter) for x, share in seen)

        def gained(score: Callable[[bool], float] = likelihood, epsilon: Fraction = epsilon) -> str:
            found = advantage(score, 10_000)
            return f"{found.gained:6.1%} gained; {most_advantage(float(epsilon)):.1%} is the most"

        line("H membership", f"ours: private tables, ε {float(epsilon):g}", *timed(gained))


def private_utility(people: int) -> None:
    """The error of private tables of twenty columns at ε = 4."""
    columns = tuple(CODES)[:WAYS]
    frame = victims(people)
    for ways, delta in ((2, Fraction(1, 500_000)), (2, None), (3, Fraction(1, 500_000))):
        chosen = columns if ways == 2 else columns[:10]
        tables = tuple(combinations(chosen, ways))
        if ways == 3:
            tables = tuple(each for each in tables if not {"CITIZENSHIP", "COUNTRY"} <= set(each))
        design = Design("MADE_UP", {name: CODES[name] for name in columns}, tables)
        began = time.process_time()
        drawn = draw(design, frame, epsilon=Fraction(4), delta=delta, below=Random(2).randrange)
        took = time.process_time() - began
        wrong, whole = dict.fromkeys((1, 2, 3), 0.0), dict.fromkeys((1, 2, 3), 0.0)
        for names in design.margins()[1:]:
            true = design.counted(frame, names)
            wrong[len(names)] += float(np.abs(drawn.tables[names] - true)[true > 0].sum())
            whole[len(names)] += float(true.sum())
        errors = "  ".join(f"{size}: {wrong[size] / whole[size]:.4f}" for size in (1, 2, 3) if whole[size])
        noise = "Laplace" if delta is None else "Gaussian, δ 2e-6"
        method = f"{people:,} × {len(chosen)}, all {ways}-way, {noise}"
        print(f"{'utility, ε 4':<16} {method:<40} {errors:<40} {took:>8.1f} processor s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    print(f"load average {os.getloadavg()[0]:.1f}")
    print(f"{'attack':<16} {'method':<34} {'told exactly':<46} {'wall s':>8} {'proc. s':>8}")
    attack_a(1_500)
    attack_b(rows)
    attack_c()
    attack_d()
    attack_h()
    private_utility(rows)


if __name__ == "__main__":
    main()
