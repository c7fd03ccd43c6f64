"""The residence rule against the reference outputs of migrbc 2.0.9: 1,000 made-up persons, 5,679 crossings.

Every value agrees on every row but one date on 35 rows. There the reference's date_finalised_LTM is wrong, not only
different: it says that a crossing is settled while a later crossing of the same person can still make it a migration.
It measures calendar days from the day on which the status was certain, up to 2 × (487 − 365) = 244, where the days
spent on the person's new side decide, and 243 of them are too many. For each of the 35 a continuation is shown.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, product
from pathlib import Path

import polars as pl
import pytest

from torogoz.domain.residence import Crossing, resolve
from torogoz.statistics.residence import rule

COLUMNS = tuple(rule.RESULT_SCHEMA)
EXACT = COLUMNS[:-1]
TOO_EARLY = 35
LONG, SHORT = (1, 20, 60, 100, 122, 123, 150, 243, 365), range(1, 123)


@pytest.fixture(scope="module")
def golden() -> pl.DataFrame:
    path = Path(__file__).resolve().parents[2].parent / "shared" / "golden" / "residence" / "crossings_1000.csv"
    if not path.is_file():
        pytest.skip("no folder of reference outputs beside the project (../shared/golden)")
    return pl.read_csv(path, try_parse_dates=True)


@pytest.fixture(scope="module")
def ours(golden: pl.DataFrame) -> pl.DataFrame:
    return rule.resolve(golden.select("personId", "is_arrival", "date_crossing"))


@pytest.mark.parametrize("column", EXACT)
def test_every_row_has_the_value_of_the_reference(golden: pl.DataFrame, ours: pl.DataFrame, column: str) -> None:
    assert ours[column].cast(golden[column].dtype).to_list() == golden[column].to_list()


def test_the_reference_has_no_row_that_we_leave_out(golden: pl.DataFrame, ours: pl.DataFrame) -> None:
    assert ours["personId"].to_list() == golden["personId"].to_list()
    assert golden.height == 5_679


def test_the_day_on_which_a_migration_is_certain_differs_on_35_rows_and_is_always_later(
    golden: pl.DataFrame, ours: pl.DataFrame
) -> None:
    days = (ours["date_finalised_LTM"] - golden["date_finalised_LTM"]).dt.total_days()
    assert (days != 0).sum() == TOO_EARLY
    assert (days < 0).sum() == 0


def test_on_each_of_those_rows_the_reference_is_wrong(golden: pl.DataFrame, ours: pl.DataFrame) -> None:
    """For each, a way to go on after the reference's day of certainty that turns its answer round."""
    place = (ours["date_finalised_LTM"] != golden["date_finalised_LTM"]).arg_true()
    people = {key[0]: each.to_dicts() for key, each in golden.group_by("personId", maintain_order=True)}
    for row in place:
        said = golden.row(row, named=True)
        crossings = [Crossing(bool(each["is_arrival"]), each["date_crossing"]) for each in people[said["personId"]]]
        turned = any(
            _migrant(way, said["journey_sequence"] - 1) != bool(said["is_long_term_mig"])
            for way in _ways_on(crossings, said["date_finalised_LTM"])
        )
        assert turned, f"person {said['personId']}, crossing {said['journey_sequence']}"


def _ways_on(crossings: list[Crossing], known: date) -> Iterator[list[Crossing]]:
    """What is known at the close of `known`, and up to three crossings after it, the coarse steps first."""
    so_far = [each for each in crossings if each.day <= known]
    coarse = (steps for count in range(4) for steps in product(LONG, repeat=count))
    for steps in chain(coarse, product(SHORT, SHORT)):
        way = list(so_far)
        for days in steps:
            way.append(Crossing(not way[-1].arrival, max(way[-1].day, known) + timedelta(days)))
        yield way


def _migrant(crossings: list[Crossing], place: int) -> bool:
    return resolve(crossings)[place].migrant
