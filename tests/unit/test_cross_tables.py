"""The base cube of returns: what stands in for hidden cells, the noise that the secret chooses, the sums that hold."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from tests.made_up import SECRET, arrivals
from torogoz.statistics import crosstables
from torogoz.statistics.crosstables import NoStandIns, crossed, noise_of, with_stand_ins
from torogoz.statistics.disclosure.system import system_of
from torogoz.statistics.releases import PLANS, published, without_persons
from torogoz.statistics.tabulation import sums_of

PLAN = PLANS["RETURNS"]


@pytest.fixture(scope="module")
def made() -> tuple[pl.DataFrame, list[str], tuple[crosstables.Dimension, ...]]:
    """The cells of the year of a made-up release, with what is hidden; their dimensions."""
    rows = without_persons(arrivals(2_000, 2025, 2025))
    months = sorted(set(rows["TIME_PERIOD"]))
    dimensions = PLAN.dimensions(rows, months)
    counts = published(rows, PLAN, months).counts
    return counts.filter(pl.col("TIME_PERIOD") == "2025"), [each.name for each in dimensions], dimensions


def test_stand_ins_fit_every_sum_and_are_seldom_the_true_number(
    made: tuple[pl.DataFrame, list[str], tuple[crosstables.Dimension, ...]],
) -> None:
    cells, names, dimensions = made
    keys = np.random.default_rng(1).integers(0, 2**64, cells.height, dtype=np.uint64)
    found = with_stand_ins(cells, names, dimensions, keys, noise_of(SECRET))
    numbers = found["NUMBER"].to_numpy()
    assert (numbers >= 0).all()
    shown = found.filter(~pl.col("HIDDEN"), ~pl.col("UNSEEN"))
    assert (shown["NUMBER"] == shown["OBS_VALUE"]).all()
    relations = system_of(cells.select(names).rows(), sums_of(dimensions)).relations
    assert len(relations) > 40
    for relation in relations:
        assert numbers[list(relation.parts)].sum() == numbers[relation.total]
    small = found.filter("SMALL")
    assert small.height > 20
    assert (small["NUMBER"] == small["OBS_VALUE"]).mean() < 0.34


def test_without_stand_ins_nothing_is_published(
    made: tuple[pl.DataFrame, list[str], tuple[crosstables.Dimension, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cells, names, dimensions = made
    monkeypatch.setattr(crosstables, "milp", lambda *_args, **_words: SimpleNamespace(x=None))
    with pytest.raises(NoStandIns, match="nothing was published"):
        with_stand_ins(cells, names, dimensions, np.zeros(cells.height, dtype=np.uint64), noise_of(SECRET))


def test_the_strength_of_the_noise_follows_from_the_secret_alone() -> None:
    assert noise_of(SECRET) is noise_of(SECRET)
    designs = {
        (table.largest_change, round(table.variance(100), 2))
        for table in (noise_of(bytes([number]) * 32) for number in range(4))
    }
    assert len(designs) > 1
    for largest, variance in designs:
        assert 7 <= largest <= 9
        assert 7 <= variance <= 9.01


def test_ages_of_the_cube_are_the_bands_with_fifteen_to_nineteen_split_at_eighteen() -> None:
    made = crossed(["2025"], ["USA"])
    ages = made.variables["AGE_DETAIL"]
    assert len(ages) == 20
    band = dict(zip(ages, made.views["AGE"].of, strict=True))
    group = dict(zip(ages, made.views["AGE_GROUP"].of, strict=True))
    assert band["Y15T17"] == band["Y18T19"]
    assert group["Y15T17"] != group["Y18T19"]
    assert "AGE_DETAIL" not in made.views
    assert "ORIGIN" not in made.views
