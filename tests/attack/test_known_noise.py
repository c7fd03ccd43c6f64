"""Attack C: cells of rounded or perturbed tables pinned by their totals, the size of the noise being known."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from tests.made_up_tables import TOTAL
from tests.made_up_victims import COUNTRIES, MEANS, TYPES, victims
from tests.naive import SECRET, Register, exact, keyed, noise_table, of_cube, randomly_rounded, rounded
from torogoz.statistics.attacks.asking import VALUE, Ask, Recovery
from torogoz.statistics.attacks.bounds import noisy_cells, told
from torogoz.statistics.disclosure.keys import seed_of
from torogoz.statistics.disclosure.strict import base_cube
from torogoz.statistics.disclosure.system import Key, Real, Sum, System, system_of

ANSWERS = (*TYPES, *MEANS)
CODES = {"COUNTRY": COUNTRIES, "CITIZENSHIP": COUNTRIES, **dict.fromkeys(ANSWERS, ("Y", "N"))}
BASES = ("COUNTRY", "CITIZENSHIP")
PAIRS = [("COUNTRY", answer) for answer in ANSWERS]
ROWS = 250
LARGEST = {"D2 V1 js0": 2, "D3 V2 js0": 3, "D5 V3 js2": 5}


def rows() -> pl.DataFrame:
    """Made-up victims by country, each answer yes or not: many cells of one, two and three persons."""
    return victims(ROWS, 1).with_columns(pl.col(list(ANSWERS)).replace("_U", "N")).select(list(CODES))


@pytest.fixture(scope="module")
def register() -> Register:
    return Register(rows(), CODES)


def table(ask: Ask, pair: tuple[str, str]) -> tuple[list[Key], Real, System]:
    """A table of two columns with its margins and total, as asked for one by one, and its sums."""
    codes = [CODES[name] for name in pair]
    cells: dict[Key, float] = {}
    for by in ((), (pair[0],), (pair[1],), pair):
        for *key, value in ask(by, {}).select(*by, VALUE).iter_rows():
            named = dict(zip(by, key, strict=True))
            cells[tuple(named.get(name, TOTAL) for name in pair)] = value
    keys = sorted(cells)
    sums = [Sum(place, TOTAL, tuple(own)) for place, own in enumerate(codes)]
    return keys, np.array([cells[key] for key in keys]), system_of(keys, sums)


def attacked(
    register: Register, ask: Ask, below: int, above: int, pairs: Sequence[tuple[str, str]] = PAIRS
) -> Recovery:
    """Over all pairs: how many true counts of 1 to 3 are pinned by whoever knows how far noise goes."""
    aimed = exactly = 0
    for pair in pairs:
        _, true, _ = table(register.asked(exact), pair)
        _, shown, system = table(ask, pair)
        aim = (true >= 1) & (true <= 3)
        found = noisy_cells(system, shown - below, shown + above, aim)
        recovery = told("C", found, true, aim)
        aimed, exactly = aimed + recovery.aimed, exactly + recovery.exact
    return Recovery("C", aimed, exactly)


def test_conventional_rounding_is_unpicked_by_its_totals(register: Register) -> None:
    found = attacked(register, register.asked(rounded(3)), 1, 1)
    assert found.aimed > 500
    assert found.share > 0.12


def test_random_rounding_to_base_three_gives_some_small_counts_away(register: Register) -> None:
    pairs = [(base, answer) for base in BASES for answer in ANSWERS]
    assert attacked(register, register.asked(randomly_rounded), 2, 2, pairs).share > 0.002


@pytest.mark.parametrize("noise", list(LARGEST))
def test_cell_keys_pin_no_small_count_even_if_their_largest_change_is_known(register: Register, noise: str) -> None:
    assert attacked(register, register.asked(keyed(noise)), LARGEST[noise], LARGEST[noise]).exact == 0


@pytest.mark.parametrize("largest", [1, 3])
def test_the_strict_cube_pins_no_small_count_whatever_the_attacker_takes_for_its_noise(
    register: Register, largest: int
) -> None:
    few = {name: CODES[name] for name in ("COUNTRY", *ANSWERS[:5])}
    cube = base_cube(rows(), few, register.keys, noise_table("D5 V3 js2"), seed=seed_of("C", SECRET), sweeps=8)
    found = attacked(register, of_cube(cube), largest, largest, PAIRS[:5])
    assert found.aimed > 150
    assert found.exact == 0
