"""Attack H: whether a person is in the data. Certain under noise that is drawn once per cell; bounded under ours."""

from fractions import Fraction
from random import Random

import numpy as np
import polars as pl
import pytest

from tests.made_up import children
from tests.naive import SECRET, noise_table
from torogoz.statistics.attacks.membership import advantage
from torogoz.statistics.disclosure.keys import person_keys
from torogoz.statistics.disclosure.private.accounting import most_advantage
from torogoz.statistics.disclosure.private.drawing import draw, prices
from torogoz.statistics.private_releases import CHILDREN

PERSON = {"SEX": "F", "AGE": "Y0T11", "ACCOMPANIED": "N", "REF_AREA": "SV-MO"}
TIMES = 300


@pytest.fixture(scope="module")
def others() -> pl.DataFrame:
    """Everybody else, whom the attacker knows; few of them in the person's cells."""
    frame = children(160, 2025, 2025, seed=3)
    return frame.select(list(PERSON))


def score(cells: dict[str, int], true: dict[str, int]) -> float:
    """How far the published cells that the person would be in lie above what everybody else makes."""
    return float(sum(cells[name] - true[name] for name in true))


def drawn_cells(frame: pl.DataFrame, epsilon: Fraction, chance: Random) -> dict[str, int]:
    """The figures of the person's own cells in one drawing."""
    design = CHILDREN.design
    tables = draw(design, frame, epsilon=epsilon, below=chance.randrange).tables
    found = {}
    for columns in design.measured():
        place = tuple(design.codes[column].index(PERSON[column]) for column in columns)
        found[" ".join(columns)] = int(tables[columns][place])
    return found


def known_without(frame: pl.DataFrame) -> dict[str, int]:
    design = CHILDREN.design
    return {
        " ".join(columns): int(
            design.counted(frame, columns)[tuple(design.codes[column].index(PERSON[column]) for column in columns)]
        )
        for columns in design.measured()
    }


@pytest.mark.parametrize("epsilon", ["1/2", "1", "2"])
def test_the_best_of_attackers_on_the_noisy_counts_gains_no_more_than_differential_privacy_promises(
    epsilon: str,
) -> None:
    """The likelihood of the two worlds is the best score there is; agreement and hiding can only take from it."""
    chance = Random(3)
    paid = prices(CHILDREN.design, Fraction(epsilon), None)

    def likelihood(inside: bool) -> float:
        seen = [inside + each.share.draw(chance.randrange) for each in paid]
        return sum((abs(x) - abs(x - 1)) / float(each.share.parameter) for x, each in zip(seen, paid, strict=True))

    found, most = advantage(likelihood, 6_000), most_advantage(float(Fraction(epsilon)))
    assert most + found.give_or_take < 0.9
    assert most / 3 < found.gained <= most + found.give_or_take


def test_nobody_gains_more_from_the_published_tables_either(others: pl.DataFrame) -> None:
    chance = Random(50)
    true = known_without(others)
    both = pl.concat([others, pl.DataFrame([PERSON])])
    cost = Fraction(1, 2)
    found = advantage(lambda inside: score(drawn_cells(both if inside else others, cost, chance), true), TIMES)
    assert found.gained <= most_advantage(float(cost)) + found.give_or_take


def test_the_attack_does_gain_when_the_noise_is_small(others: pl.DataFrame) -> None:
    chance = Random(9)
    true = known_without(others)
    both = pl.concat([others, pl.DataFrame([PERSON])])
    found = advantage(lambda inside: score(drawn_cells(both if inside else others, Fraction(12), chance), true), 200)
    assert found.gained > 0.9


def test_exact_counts_give_the_person_away_and_so_do_cell_keys_whenever_the_figure_moves(others: pl.DataFrame) -> None:
    """Noise by keys is the same each time, so whoever knows the others and their keys compares and is certain."""
    table = noise_table("D5 V3 js2")
    both = pl.concat([others, pl.DataFrame([PERSON])])

    def published(inside: bool, column: str) -> float:
        frame = both if inside else others
        keys = person_keys([str(place) for place in range(frame.height)], SECRET)
        own = (frame[column] == PERSON[column]).to_numpy()
        counts = np.array([int(own.sum())])
        return float((counts + table.changes(counts, keys[own].sum().reshape(1)))[0])

    assert advantage(lambda inside: float((both if inside else others).height), 40).gained == 1.0
    assert max(advantage(lambda inside, one=column: published(inside, one), 40).gained for column in PERSON) == 1.0
