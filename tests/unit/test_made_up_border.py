"""The made-up border of the demonstration: the same people every day, and lives that the rule has to tell apart."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from torogoz.domain.residence import Policy
from torogoz.site.demonstration.crossings import made_up_crossings
from torogoz.statistics.residence.classify import classify
from torogoz.statistics.residence.covariates import with_codes

UNTIL = datetime(2025, 1, 1, tzinfo=UTC)
PEOPLE = 1_000


@pytest.fixture(scope="module")
def border() -> pl.DataFrame:
    return made_up_crossings(PEOPLE, until=UNTIL)


def test_the_same_seed_gives_the_same_border_and_another_another(border: pl.DataFrame) -> None:
    assert made_up_crossings(PEOPLE, until=UNTIL).equals(border)
    assert not made_up_crossings(PEOPLE, until=UNTIL, seed=1).equals(border)


def test_a_later_day_only_adds_crossings(border: pl.DataFrame) -> None:
    later = made_up_crossings(PEOPLE, until=datetime(2025, 3, 1, tzinfo=UTC))
    assert later.head(border.height).equals(border)
    assert later.height > border.height


def test_nothing_lies_after_the_end_and_all_is_in_order(border: pl.DataFrame) -> None:
    assert border["date_crossing"].is_sorted()
    assert border["date_crossing"].max() < "2025-01-01"


def test_a_land_border_misses_crossings_and_a_perfect_one_none() -> None:
    leaky = classify(made_up_crossings(PEOPLE, until=UNTIL), policy=Policy.DROP_IMPUTE, today=date(2026, 1, 1))
    perfect = classify(made_up_crossings(PEOPLE, until=UNTIL, perfect=True), today=date(2026, 1, 1))
    assert 0.005 < leaky.quality.missing_rate < 0.04
    assert leaky.quality.imputed > 0
    assert perfect.quality.missing_rate == 0
    assert perfect.rejected.is_empty()


def test_most_people_travel_and_some_move_in_both_directions() -> None:
    found = classify(made_up_crossings(PEOPLE, until=UNTIL, perfect=True), today=date(2026, 1, 1)).crossings
    moved = found.filter(pl.col("state") == "migrant")
    assert 0.01 < moved.height / found.height < 0.1
    assert set(moved["is_arrival"]) == {True, False}


def test_every_code_of_the_made_up_border_is_one_that_tables_know(border: pl.DataFrame) -> None:
    frame = border.head(2_000).with_columns(date_crossing=pl.col("date_crossing").str.slice(0, 10).str.to_date())
    coded = with_codes(frame)
    assert (coded["CITIZENSHIP"] != "_U").all()
    assert (coded["MODE"] != "_U").all()
    assert 0 < (coded["AGE"] == "_U").sum() < 0.05 * coded.height
