"""Attack D: the records of a small place from its statistics; and none, and no certain claim, from ours."""

from collections.abc import Mapping
from itertools import product
from statistics import mean, median

import numpy as np
import polars as pl
import pytest
from ortools.sat.python import cp_model

from tests.naive import SECRET, noise_table
from torogoz.statistics.attacks.reconstruction import Group, Kind, Statistics, certain_claims, reconstructed, solutions
from torogoz.statistics.disclosure.keys import person_keys, seed_of
from torogoz.statistics.disclosure.strict import base_cube

# Seven made-up persons in the manner of Garfinkel, Abowd & Martindale (CACM 62(3), 2019): age, sex, B or W, married or
# single. Their ages and marriages are those of the article as it is retold; the statistics below are computed here.
BLOCK: tuple[Kind, ...] = (
    (8, "F", "B", "S"), (18, "M", "W", "S"), (24, "F", "W", "S"), (30, "M", "W", "M"), (36, "F", "B", "M"),
    (66, "F", "B", "M"), (84, "M", "B", "M"),
)  # fmt: skip
OLDEST, AGE_OF_MARRIAGE, LEAST = 115, 15, 3
KINDS = [
    kind for kind in product(range(OLDEST + 1), "FM", "BW", "SM") if kind[3] == "S" or int(kind[0]) >= AGE_OF_MARRIAGE
]
GROUPS: Mapping[str, Group] = {
    "everybody": lambda kind: True,
    "women": lambda kind: kind[1] == "F",
    "men": lambda kind: kind[1] == "M",
    "B": lambda kind: kind[2] == "B",
    "W": lambda kind: kind[2] == "W",
    "single adults": lambda kind: kind[3] == "S" and int(kind[0]) >= 18,
    "married adults": lambda kind: kind[3] == "M" and int(kind[0]) >= 18,
    "women, B": lambda kind: kind[1:3] == ("F", "B"),
    "men, B": lambda kind: kind[1:3] == ("M", "B"),
    "women, W": lambda kind: kind[1:3] == ("F", "W"),
    "men, W": lambda kind: kind[1:3] == ("M", "W"),
    "under 5": lambda kind: int(kind[0]) < 5,
    "under 18": lambda kind: int(kind[0]) < 18,
    "from 64": lambda kind: int(kind[0]) >= 64,
}


def ages_of(group: Group) -> list[int]:
    return [int(kind[0]) for kind in BLOCK if group(kind)]


def as_the_article_publishes(*, medians: bool = True) -> Statistics:
    """Count, mean and median of the age of each group; of groups of fewer than three, only that they are fewer."""
    published = Statistics(KINDS, most=len(BLOCK))
    for group in GROUPS.values():
        ages = ages_of(group)
        if len(ages) < LEAST:
            published.count(group, 0, LEAST - 1)
            continue
        published.count(group, len(ages), len(ages))
        published.total(group, 0, round(mean(ages) * len(ages)), round(mean(ages) * len(ages)))
        if medians:
            published.median(group, 0, len(ages), median(ages))
    return published


def test_the_statistics_of_seven_persons_give_all_seven_and_nobody_else_fits() -> None:
    found = reconstructed(as_the_article_publishes())
    assert found.records is not None
    assert sorted(found.records) == sorted(BLOCK)
    assert found.unique


def test_another_solver_finds_the_same_seven_and_proves_the_same() -> None:
    """The same programme in CP-SAT: an attack must not rest on one solver."""
    published = as_the_article_publishes()
    model = cp_model.CpModel()
    numbers = [model.new_int_var(0, 7, "") for _ in KINDS] + [model.new_bool_var("") for _ in range(published.extra)]
    for terms, low, high in published.rows:
        total = sum(round(value) * numbers[place] for place, value in terms.items())
        if np.isfinite(low):
            model.add(total >= round(low))
        if np.isfinite(high):
            model.add(total <= round(high))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    found = [kind for kind, number in zip(KINDS, numbers, strict=False) if solver.value(number)]
    assert sorted(found) == sorted(BLOCK)
    model.add(sum(numbers[KINDS.index(kind)] for kind in found) <= 6)
    assert solver.solve(model) == cp_model.INFEASIBLE


def test_without_the_medians_others_fit_too() -> None:
    found = reconstructed(as_the_article_publishes(medians=False))
    assert found.records is not None
    assert not found.unique


def test_what_contradicts_itself_fits_nobody() -> None:
    published = Statistics([("F",), ("M",)], most=9)
    published.count(lambda kind: True, 4, 4)
    published.count(lambda kind: kind == ("F",), 5, 5)
    assert reconstructed(published).records is None
    assert certain_claims(published, {"a woman": lambda kind: kind == ("F",)}) == {}


# ── A place of eighteen made-up persons: sex, age band, reason, came alone ──────────────────────────────────────────

CODES = {"SEX": ("F", "M"), "AGE": ("Y0T11", "Y12T17", "Y_GE18"), "REASON": ("ECO", "VIO", "FAM"), "ALONE": ("Y", "N")}
PLACE_KINDS: list[Kind] = list(product(*CODES.values()))
TABLES = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3), (0, 1, 3)]


def place(seed: int, people: int = 18) -> list[Kind]:
    chance = np.random.default_rng(seed)
    shares = chance.dirichlet(np.full(len(PLACE_KINDS), 0.25))
    return [PLACE_KINDS[each] for each in chance.choice(len(PLACE_KINDS), people, p=shares)]


def member(cell: Mapping[int, str]) -> Group:
    return lambda kind: all(kind[position] == code for position, code in cell.items())


def cells_of_tables() -> list[dict[int, str]]:
    codes = list(CODES.values())
    found: dict[tuple[tuple[int, str], ...], dict[int, str]] = {(): {}}
    for table in TABLES:
        for size in range(1, len(table) + 1):
            for combination in product(*(codes[position] for position in table[:size])):
                cell = dict(zip(table[:size], combination, strict=True))
                found[tuple(sorted(cell.items()))] = cell
    return list(found.values())


def published_exactly(people: list[Kind]) -> Statistics:
    published = Statistics(PLACE_KINDS, most=40)
    for cell in cells_of_tables():
        true = sum(member(cell)(kind) for kind in people)
        published.count(member(cell), true, true)
    return published


CLAIMS = {" ".join(map(str, kind)): member(dict(enumerate(map(str, kind)))) for kind in PLACE_KINDS}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_exact_tables_of_a_small_place_prove_most_of_what_is_claimed_of_it(seed: int) -> None:
    people = place(seed)
    proved = certain_claims(published_exactly(people), CLAIMS)
    exactly = {name for name, (least, most) in proved.items() if least == most}
    assert len(exactly) / len(CLAIMS) > 0.6
    for name in exactly:
        assert proved[name][0] == sum(CLAIMS[name](kind) for kind in people)


def noisy(people: list[Kind], largest: int, seed: int) -> Statistics:
    """What an attacker of perturbed tables knows: each count to within the largest change, which may leak."""
    chance = np.random.default_rng(seed)
    published = Statistics(PLACE_KINDS, most=40)
    for cell in cells_of_tables():
        true = sum(member(cell)(kind) for kind in people)
        said = true + int(chance.integers(-largest, largest + 1)) if true else 0
        published.count(member(cell), max(said - largest, 0), max(said, 0) + largest)
    return published


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_perturbed_tables_leave_many_places_and_prove_nobody_even_if_the_noise_is_known(seed: int) -> None:
    published = noisy(place(seed), 5, seed)
    assert not reconstructed(published).unique
    assert len(solutions(published, 3)) > 1
    proved = certain_claims(published, CLAIMS)
    assert proved
    assert [name for name, (least, most) in proved.items() if least > 0 or most == 0] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_who_takes_the_strict_cube_for_the_truth_reconstructs_made_up_people(seed: int) -> None:
    people = place(seed)
    frame = pl.DataFrame(people, schema=dict.fromkeys(CODES, pl.String), orient="row")
    keys = person_keys([str(each) for each in range(len(people))], SECRET)
    cube = base_cube(frame, CODES, keys, noise_table("D5 V3 js2"), seed=seed_of(str(seed), SECRET))
    answers = {
        name: int(cube.answer((), dict(zip(CODES, ([code] for code in name.split()), strict=True)))["OBS_VALUE"][0])
        for name in CLAIMS
    }
    claimed = [name for name, count in answers.items() if count > 0]
    true = sum(answers[name] == sum(CLAIMS[name](kind) for kind in people) for name in claimed)
    assert claimed
    assert true / len(claimed) < 0.5


def test_small_noise_still_proves_claims_so_the_attack_can_tell() -> None:
    proved = certain_claims(noisy(place(2), 1, 2), CLAIMS)
    assert [name for name, (least, most) in proved.items() if least > 0 or least == most]


def test_the_register_of_kinds_is_whole() -> None:
    assert len(set(PLACE_KINDS)) == 36
    assert pl.Series(list(CLAIMS)).n_unique() == 36
