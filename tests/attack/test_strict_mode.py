"""Attacks on the figures of cross tables: averaging, and adding up answers until a hidden cell comes out.

Each attack is first shown to work where it should: on plain cell keys, and on a cube that forgets what is hidden.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from torogoz.statistics.disclosure.cellkey import cube
from torogoz.statistics.disclosure.keys import person_keys
from torogoz.statistics.disclosure.protect import protect
from torogoz.statistics.disclosure.ptable import PTable, design
from torogoz.statistics.disclosure.rules import GENERAL
from torogoz.statistics.disclosure.strict import BaseCube, Hidden, base_cube, own_view
from torogoz.statistics.disclosure.system import Sum, system_of

SECRET = b"a made-up secret of the tests, long enough"
CODES = {
    "SEX": ("F", "M", "_O"),
    "AGE": tuple("abcdefgh"),
    "AREA": tuple(f"A{number}" for number in range(12)),
    "MODE": ("AIR", "LAND"),
    "WHY": ("u", "v", "w", "x"),
}
Asked = Callable[[tuple[str, ...]], np.ndarray]


@lru_cache
def people(rows: int = 12_000, seed: int = 9) -> pl.DataFrame:
    """Made-up records in which the variables depend on each other."""
    chance = np.random.default_rng(seed)
    sex = chance.choice(3, rows, p=[0.3, 0.69, 0.01])
    age = np.clip(chance.gamma(5, 0.7, rows) + (sex == 0), 0, 7).astype(int)
    shares = 1 / (1 + np.arange(12))
    area = (chance.choice(12, rows, p=shares / shares.sum()) + (age > 5)) % 12
    mode = (chance.random(rows) < np.where(area > 4, 0.7, 0.2)).astype(int)
    why = np.where(chance.random(rows) < 0.2, sex, chance.choice(4, rows, p=[0.7, 0.2, 0.08, 0.02]))
    columns = dict(zip(CODES, (sex, age, area, mode, why), strict=True))
    return pl.DataFrame({name: np.array(CODES[name])[column] for name, column in columns.items()})


@lru_cache
def keys() -> np.ndarray:
    return person_keys([f"person {number}" for number in range(people().height)], SECRET)


@lru_cache
def strict_cube() -> BaseCube:
    return base_cube(people(), CODES, keys(), design(8, 8, 2), seed=3)


def true_and_asked(asked: Asked, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    plain = cube(people(), CODES, keys(), PTable(np.array([[1.0]])), margins=[names])[names].counts
    return plain, asked(names)


def cell_key_answers(table: PTable) -> Asked:
    made = cube(people(), CODES, keys(), table)
    return lambda names: made[names].perturbed


def strict_answers() -> Asked:
    def asked(names: tuple[str, ...]) -> np.ndarray:
        figures = strict_cube().answer(names)["OBS_VALUE"].to_numpy().astype(np.int64)
        return figures.reshape([len(CODES[name]) for name in names])

    return asked


def averaged(asked: Asked, names: tuple[str, ...]) -> np.ndarray:
    """The averaging attack: a question and its parts by every other variable, weighted by how few the parts are."""
    total, weight = asked(names).astype(float), 1.0
    for other in set(CODES) - set(names):
        finer = tuple(name for name in CODES if name in (*names, other))
        total = total + asked(finer).sum(axis=finer.index(other)) / len(CODES[other])
        weight += 1 / len(CODES[other])
    return np.rint(total / weight).astype(np.int64)


def recovered(asked: Asked, attack: Callable[[Asked, tuple[str, ...]], np.ndarray], low: int, high: int) -> float:
    """The per cent of true 3-way counts from `low` to `high` that an attack finds exactly."""
    hits, cells = 0, 0
    for names in combinations(CODES, 3):
        true, _ = true_and_asked(asked, names)
        inside = (true >= low) & (true <= high)
        hits += int((attack(asked, names) == true)[inside].sum())
        cells += int(inside.sum())
    return 100 * hits / cells


def one_question(asked: Asked, names: tuple[str, ...]) -> np.ndarray:
    return asked(names)


@pytest.mark.parametrize(("low", "high"), [(4, 12), (13, 60), (61, 10_000)])
def test_averaging_works_on_plain_cell_keys_and_gains_nothing_in_strict_mode(low: int, high: int) -> None:
    light = cell_key_answers(design(2, 1))
    assert recovered(light, averaged, low, high) >= recovered(light, one_question, low, high) + 4
    strict = strict_answers()
    assert recovered(strict, averaged, low, high) - recovered(strict, one_question, low, high) <= 2


@pytest.mark.parametrize(("low", "high"), [(4, 12), (13, 60), (61, 10_000)])
def test_one_question_in_strict_mode_is_no_more_exact_than_one_with_standard_noise(low: int, high: int) -> None:
    standard = cell_key_answers(design(5, 3, 2))
    assert recovered(strict_answers(), one_question, low, high) <= recovered(standard, one_question, low, high) + 2


def test_small_counts_are_found_no_better_than_a_guess_from_single_margins_finds_them() -> None:
    blind = base_cube(people(), CODES, keys(), design(8, 8, 2), seed=3, sweeps=0)

    def guess(names: tuple[str, ...]) -> np.ndarray:
        return blind.answer(names)["OBS_VALUE"].to_numpy().reshape([len(CODES[name]) for name in names])

    assert recovered(strict_answers(), one_question, 1, 3) <= recovered(guess, one_question, 1, 3) + 8


def hiding(forgetful: bool) -> tuple[BaseCube, np.ndarray]:
    """A cube over a protected table of SEX by AREA; a forgetful one does not hide what is cut out of a hidden cell."""
    codes = {"SEX": ("F", "M", "_O"), "AREA": tuple("ABCD"), "AGE": ("a", "b"), "WHY": ("x", "y")}
    chance = np.random.default_rng(21)
    rows = 150
    frame = pl.DataFrame(
        {
            "SEX": chance.choice(np.array(codes["SEX"]), rows, p=[0.25, 0.7, 0.05]),
            "AREA": chance.choice(np.array(codes["AREA"]), rows, p=[0.6, 0.25, 0.1, 0.05]),
            "AGE": chance.choice(np.array(codes["AGE"]), rows),
            "WHY": chance.choice(np.array(codes["WHY"]), rows),
        }
    )
    cells = [(sex, area) for sex in ("_T", *codes["SEX"]) for area in ("_T", *codes["AREA"])]
    counts = np.array(
        [
            frame.filter(
                pl.lit(sex == "_T") | (pl.col("SEX") == sex), pl.lit(area == "_T") | (pl.col("AREA") == area)
            ).height
            for sex, area in cells
        ],
        dtype=np.float64,
    )
    system = system_of(cells, [Sum(0, "_T", codes["SEX"]), Sum(1, "_T", codes["AREA"])])
    hidden = protect(system, counts, GENERAL).hidden.reshape(4, 5)
    tables = (
        Hidden(("SEX",), hidden[1:, 0]),
        Hidden(("AREA",), hidden[0, 1:]),
        *(() if forgetful else (Hidden(("SEX", "AREA"), hidden[1:, 1:]),)),
    )
    made = base_cube(
        frame,
        codes,
        person_keys([str(number) for number in range(rows)], SECRET),
        design(8, 8, 2),
        seed=5,
        views={name: own_view(name, listed) for name, listed in codes.items()},
        hidden=tables,
    )
    return made, hidden[1:, 1:]


def worked_out(made: BaseCube, hidden: np.ndarray) -> int:
    """How many hidden cells are a sum of answers that are shown: linear algebra over every question there is."""
    shape = tuple(len(codes) for codes in made.variables.values())
    numbered = np.arange(int(np.prod(shape))).reshape(shape)
    known = []
    for size in range(len(shape) + 1):
        for names in combinations(made.variables, size):
            status = made.answer(names)["CONF_STATUS"].to_list()
            axes = [list(made.variables).index(name) for name in names]
            turned = np.moveaxis(numbered, axes, range(size)).reshape(len(status), -1)
            for parts, mark in zip(turned, status, strict=True):
                if mark == "F":
                    row = np.zeros(numbered.size)
                    row[parts] = 1
                    known.append(row)
    rank = np.linalg.matrix_rank(np.array(known))
    found = 0
    for sex, area in zip(*np.nonzero(hidden), strict=True):
        wanted = np.zeros(numbered.size)
        wanted[numbered[sex, area].ravel()] = 1
        found += int(np.linalg.matrix_rank(np.vstack([*known, wanted])) == rank)
    return found


def test_no_sum_of_answers_gives_a_hidden_cell_back_though_it_does_when_its_parts_are_shown() -> None:
    forgetful, hidden = hiding(forgetful=True)
    assert worked_out(forgetful, hidden) >= 4
    careful, hidden = hiding(forgetful=False)
    assert worked_out(careful, hidden) == 0
