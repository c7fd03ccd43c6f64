"""Attack G: persons who compare notes."""

from fractions import Fraction
from random import Random

import numpy as np
import polars as pl
import pytest

from tests.made_up_tables import linked_tables
from tests.naive import Register, exact
from torogoz.statistics.attacks.asking import VALUE
from torogoz.statistics.attacks.coalition import learnt_of_groups, pinned
from torogoz.statistics.disclosure.private.design import Design
from torogoz.statistics.disclosure.private.drawing import draw
from torogoz.statistics.disclosure.protect import protect
from torogoz.statistics.disclosure.rules import GENERAL

CODES = {"AREA": tuple("ABCDEFGH"), "SEX": ("F", "M"), "FORM": ("LABOUR", "SEXUAL", "OTHER")}


def test_the_woman_of_the_handbook_is_told_by_her_own_row_and_a_group_of_six_to_none_tells_all() -> None:
    figures = pl.DataFrame(
        {"GROUP": ["a", "a", "b", "b", "c", "c"], "WHAT": ["x", "y"] * 3, VALUE: [1.0, 4.0, 6.0, 0.0, 5.0, 1.0]}
    )
    assert learnt_of_groups(figures, ["GROUP"], 0).rows() == [("b", "x", 6.0)]
    assert sorted(learnt_of_groups(figures, ["GROUP"], 1).rows()) == [("a", "y", 4.0), ("b", "x", 6.0), ("c", "x", 5.0)]


def made_up(seed: int) -> pl.DataFrame:
    """Made-up people of eight areas in which the form goes with the area, as it does among victims."""
    chance = np.random.default_rng(seed)
    area = chance.choice(8, 400, p=np.array([30, 20, 15, 12, 10, 6, 4, 3]) / 100)
    form = np.where(chance.random(400) < 0.9, area % 3, chance.choice(3, 400))
    return pl.DataFrame(
        {
            "AREA": np.array(CODES["AREA"])[area],
            "SEX": chance.choice(CODES["SEX"], 400, p=(0.7, 0.3)),
            "FORM": np.array(CODES["FORM"])[form],
        }
    )


@pytest.mark.parametrize("k", [1, 2, 3])
def test_exact_tables_tell_a_coalition_about_all_others_and_private_tables_tell_nothing_of_any_group(k: int) -> None:
    """In private tables a zero is not shown, so no group is shown to be all of one kind."""
    design = Design("MADE_UP", CODES, (("AREA", "SEX", "FORM"),))
    naive = ours = 0
    for seed in range(6):
        frame = made_up(seed)
        naive += learnt_of_groups(Register(frame, CODES).asked(exact)(tuple(CODES), {}), ["AREA", "SEX"], k).height
        cells = draw(design, frame, epsilon=Fraction(4), below=Random(seed).randrange).cells()
        inner = cells.filter(pl.col(name) != "_T" for name in CODES).select(*CODES, VALUE)
        ours += learnt_of_groups(inner, ["AREA", "SEX"], k).height
    assert naive >= 10
    assert ours == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_person_alone_in_a_cell_pins_no_other_cell_of_our_tables_and_several_of_naive_ones(seed: int) -> None:
    chance = np.random.default_rng(seed)
    codes = [["a", "b", "c"], ["p", "q", "r", "s"], ["x", "y"]]
    drawn = [chance.choice(own, 150, p=chance.dirichlet(np.full(len(own), 0.6))) for own in codes]
    events = [tuple(str(code) for code in row) for row in zip(*drawn, strict=True)]
    _, counts, system = linked_tables(events, codes, [(0, 1), (1, 2)])
    small = GENERAL.is_small(counts)
    hidden = protect(system, counts, GENERAL).hidden
    naive = pinned(system, ~small, small, counts, GENERAL.floor, np.flatnonzero(small & (counts == 1)))
    ours = pinned(system, ~hidden, small, counts, GENERAL.floor, np.flatnonzero(hidden & (counts == 1)))
    assert naive.share > 0.3
    assert ours.aimed > 0
    assert ours.exact == 0
