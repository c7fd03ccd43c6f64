"""Attack E: what lies between two questions, and between yesterday and today; and F: trackers."""

import numpy as np
import polars as pl
import pytest

from tests.naive import SECRET, Register, blanked, exact, noise_table, of_cube
from torogoz.statistics.attacks.asking import VALUE, Ask, compared
from torogoz.statistics.attacks.differencing import between, cumulated, differences
from torogoz.statistics.attacks.tracking import disagreements, tracked
from torogoz.statistics.disclosure.keys import seed_of
from torogoz.statistics.disclosure.strict import BaseCube, base_cube

AGES = tuple(str(age) for age in range(14, 40))
CODES = {
    "AGE": AGES,
    "MONTH": tuple(f"2025-{month:02d}" for month in range(1, 13)),
    "AREA": ("A", "B", "C", "D", "E", "F", "G"),
    "SEX": ("F", "M"),
    "REASON": ("ECO", "VIO", "FAM", "OTH"),
}
SMALL = 4


def people(rows: int, seed: int) -> pl.DataFrame:
    """Made-up returns in which areas and reasons are of very different sizes."""
    chance = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "AGE": chance.choice(AGES, rows),
            "MONTH": chance.choice(CODES["MONTH"], rows),
            "AREA": chance.choice(CODES["AREA"], rows, p=(0.4, 0.25, 0.15, 0.1, 0.06, 0.03, 0.01)),
            "SEX": chance.choice(CODES["SEX"], rows, p=(0.25, 0.75)),
            "REASON": chance.choice(CODES["REASON"], rows, p=(0.7, 0.2, 0.08, 0.02)),
        }
    )


def cube_of(frame: pl.DataFrame, keys: np.ndarray) -> BaseCube:
    return base_cube(frame, CODES, keys, noise_table("D5 V3 js2"), seed=seed_of("E", SECRET), sweeps=8)


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return people(1_500, 3)


@pytest.fixture(scope="module")
def register(frame: pl.DataFrame) -> Register:
    return Register(frame, CODES)


@pytest.fixture(scope="module")
def ours(frame: pl.DataFrame, register: Register) -> Ask:
    return of_cube(cube_of(frame, register.keys))


BY = ("AREA", "REASON")


def adults(ask: Ask) -> pl.DataFrame:
    """Those of exactly 18: persons from 18 less persons from 19."""
    return differences(ask, BY, {"AGE": AGES[4:]}, {"AGE": AGES[5:]})


def one_area(ask: Ask) -> pl.DataFrame:
    """Area G, by age: everybody less everybody who is not of G."""
    return differences(ask, ("AGE",), {"AREA": CODES["AREA"]}, {"AREA": CODES["AREA"][:-1]})


def months(ask: Ask) -> pl.DataFrame:
    """Each month by area, as a cumulation less the one before."""
    return cumulated(ask, ("AREA",), "MONTH", CODES["MONTH"])


@pytest.mark.parametrize("attack", [adults, one_area, months])
def test_differences_of_large_answers_tell_small_counts_where_only_small_answers_are_refused(
    register: Register, attack
) -> None:  # type: ignore[no-untyped-def]
    truth = attack(register.asked(exact))
    found = compared("E", attack(register.asked(blanked(SMALL + 1))), truth, 1, SMALL)
    assert found.aimed >= 5
    assert found.share > 0.4


@pytest.mark.parametrize("attack", [adults, one_area, months])
def test_differences_from_the_strict_cube_tell_no_more_than_the_question_itself(
    register: Register, ours: Ask, attack
) -> None:  # type: ignore[no-untyped-def]
    truth = attack(register.asked(exact))
    asked = {
        adults: lambda: ours(BY, {"AGE": [AGES[4]]}),
        one_area: lambda: ours(("AGE",), {"AREA": ["G"]}),
        months: lambda: ours(("AREA", "MONTH"), {}),
    }[attack]()
    apart = compared("E", attack(ours), truth, 1, SMALL)
    alone = compared("E", asked, truth, 1, SMALL)
    assert apart.share - alone.share <= 0.02


def test_yesterday_less_today_tells_each_newcomer_of_exact_tables_and_not_of_ours(frame: pl.DataFrame) -> None:
    newcomers = people(12, 99)
    both = pl.concat([frame, newcomers])
    true = Register(newcomers, CODES).asked(exact)(BY, {})
    naive = between(Register(both, CODES).asked(exact)(BY, {}), Register(frame, CODES).asked(exact)(BY, {}), BY)
    assert compared("E", naive, true, 1, SMALL).share == 1.0
    keys = Register(both, CODES).keys  # the same persons have the same keys on both days
    yesterday, today = of_cube(cube_of(frame, keys[: frame.height])), of_cube(cube_of(both, keys))
    found = compared("E", between(today(BY, {}), yesterday(BY, {}), BY), true, 1, SMALL)
    assert found.share < 0.5


# ── F ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def victims_of_the_tracker(frame: pl.DataFrame) -> list[dict[str, str]]:
    """Persons alone in their area, month and age: an attacker knows these three and wants the reason."""
    known = ["AREA", "MONTH", "AGE"]
    alone = frame.filter(pl.len().over(known) == 1).sample(40, seed=4)
    return alone.select(*known, "REASON").to_dicts()


def reasons_told(ask: Ask, people_known: list[dict[str, str]]) -> float:
    """The share of those persons whose reason the tracker names: the only one that it counts one person for."""
    right = 0
    for person in people_known:
        known = {name: code for name, code in person.items() if name != "REASON"}
        counts = {reason: tracked(ask, CODES, known, "REASON", reason) for reason in CODES["REASON"]}
        named = [reason for reason, count in counts.items() if count == 1]
        right += named == [person["REASON"]]
    return right / len(people_known)


def test_a_tracker_names_the_reason_of_a_known_person_though_small_answers_are_refused(
    frame: pl.DataFrame, register: Register
) -> None:
    known = victims_of_the_tracker(frame)
    assert reasons_told(register.asked(exact), known) == 1.0
    assert reasons_told(register.asked(blanked(SMALL + 1)), known) > 0.15


def test_a_tracker_on_the_strict_cube_names_no_more_than_guessing_would(frame: pl.DataFrame, ours: Ask) -> None:
    """Seven in ten returns have the first reason: who always names it is right so often, and needs no tracker."""
    known = victims_of_the_tracker(frame)
    guessed = sum(person["REASON"] == "ECO" for person in known) / len(known)
    told = reasons_told(ours, known)
    assert told < guessed / 2
    rare = [person for person in known if person["REASON"] != "ECO"]
    assert len(rare) >= 8
    assert reasons_told(ours, rare) < 0.2


def test_outputs_that_disagree_are_named() -> None:
    one = pl.DataFrame({"SEX": ["F", "M"], VALUE: [4.0, None]})
    other = one.with_columns(pl.Series(VALUE, [5.0, None]))
    assert disagreements({"page": one, "CSV": one, "map": other}) == ["map differs from page in 1 of 2 cells"]
