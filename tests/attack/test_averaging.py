"""Attack B: averaging breaks noise that is drawn cell by cell, and gains nothing from the strict cube."""

from collections.abc import Mapping

import polars as pl
import pytest

from tests.made_up_victims import CODES, victims
from tests.naive import SECRET, Register, exact, keyed, noise_table, of_cube
from torogoz.statistics.attacks.asking import Ask, compared
from torogoz.statistics.attacks.averaging import averaged
from torogoz.statistics.disclosure.keys import seed_of
from torogoz.statistics.disclosure.strict import base_cube

BASE = ("COUNTRY", "SEX", "AGE")
OTHERS = tuple(name for name in CODES if name not in BASE)
ROWS = 12_000


@pytest.fixture(scope="module")
def register() -> Register:
    return Register(victims(ROWS), CODES)


@pytest.fixture(scope="module")
def truth(register: Register) -> pl.DataFrame:
    return register.asked(exact)(BASE, {})


def shares(ask: Ask, truth: pl.DataFrame, least: int, others: tuple[str, ...] = OTHERS) -> tuple[float, float]:
    """The share of true counts of at least so many that one query tells, and that the average of all queries tells."""
    one = compared("B", ask(BASE, {}), truth, least, 1e9).share
    return one, compared("B", averaged(ask, BASE, others), truth, least, 1e9).share


@pytest.mark.parametrize(("noise", "at_least"), [("D2 V1 js0", 0.70), ("D5 V3 js2", 0.45)])
def test_one_further_variable_tells_most_counts_under_noise_drawn_cell_by_cell(
    register: Register, truth: pl.DataFrame, noise: str, at_least: float
) -> None:
    one, many = shares(register.asked(keyed(noise)), truth, 4)
    assert many >= at_least
    assert many - one > 0.15


def test_without_noise_the_average_is_the_count(register: Register, truth: pl.DataFrame) -> None:
    assert shares(register.asked(exact), truth, 1, OTHERS[:4]) == (1.0, 1.0)


FEW: Mapping[str, tuple[str, ...]] = {
    name: CODES[name] for name in ("YEAR", "SEX", "AGE", "DURATION", "DEBT", "THREATS")
}
FEW_BASE = ("YEAR", "SEX", "AGE")


@pytest.mark.parametrize("seed", [1, 2])
def test_further_queries_gain_nothing_from_the_strict_cube(seed: int) -> None:
    frame = victims(6_000, seed)
    register = Register(frame, FEW)
    cube = base_cube(frame, FEW, register.keys, noise_table("D5 V3 js2"), seed=seed_of(f"B {seed}", SECRET), sweeps=20)
    truth, ask = register.asked(exact)(FEW_BASE, {}), of_cube(cube)
    for least, most in ((1, 3), (4, 12), (13, 60), (4, 10**9)):
        one = compared("B", ask(FEW_BASE, {}), truth, least, most).share
        many = compared("B", averaged(ask, FEW_BASE, ("DURATION", "DEBT", "THREATS"), 2), truth, least, most).share
        assert many - one <= 0.02
