"""The log of observations gives back what full copies of every state would: a model without any cleverness."""

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.statistics import bitemporal

KEYS = ["K", "TIME_PERIOD"]
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
Cells = dict[tuple[str, str], tuple[float | None, str]]

CELLS: st.SearchStrategy[Cells] = st.dictionaries(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["2016", "2017"])),
    st.tuples(st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0])), st.sampled_from("AP")),
    max_size=6,
)
HISTORY = st.lists(CELLS, min_size=1, max_size=6)


def frame(cells: Cells) -> pl.DataFrame:
    rows = [(*key, *said) for key, said in cells.items()]
    schema = {"K": pl.String, "TIME_PERIOD": pl.String, "OBS_VALUE": pl.Float64, "OBS_STATUS": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def cells_of(state: pl.DataFrame) -> Cells:
    return {(k, t): (v, s) for k, t, v, s in state.select("K", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS").iter_rows()}


def moment(number: int) -> datetime:
    return BEGINS + timedelta(hours=number)


def logged(states: list[Cells]) -> pl.DataFrame:
    log = bitemporal.empty(frame({}))
    for number, cells in enumerate(states):
        log = bitemporal.append(log, frame(cells), KEYS, at=moment(number), run=str(number))
    return log


@settings(max_examples=120, deadline=None)
@given(HISTORY)
def test_every_past_state_is_given_back_whole(states: list[Cells]) -> None:
    log = logged(states)
    for number, cells in enumerate(states):
        assert cells_of(bitemporal.as_of(log, KEYS, moment(number))) == cells
        between = moment(number) + timedelta(minutes=30)
        assert cells_of(bitemporal.as_of(log, KEYS, between)) == cells


@settings(max_examples=120, deadline=None)
@given(HISTORY)
def test_the_history_holds_each_state_in_its_interval_and_nothing_else(states: list[Cells]) -> None:
    found = bitemporal.history(logged(states), KEYS)
    for number, cells in enumerate(states):
        at = moment(number)
        holds = (pl.col("VALID_FROM") <= at) & ((pl.col("VALID_TO") > at) | pl.col("VALID_TO").is_null())
        assert cells_of(found.filter(holds)) == cells
    assert found.filter(pl.col("VALID_FROM") >= pl.col("VALID_TO")).is_empty()


@settings(max_examples=120, deadline=None)
@given(HISTORY, st.data())
def test_the_updates_after_a_moment_lead_from_its_state_to_the_last(states: list[Cells], data: st.DataObject) -> None:
    since = data.draw(st.integers(0, len(states) - 1))
    reader = dict(states[since])
    found = bitemporal.updated_after(logged(states), KEYS, moment(since))
    for row in found.iter_rows(named=True):
        key = (row["K"], row["TIME_PERIOD"])
        assert (key in reader) == (row["HOW"] != "added")
        if row["HOW"] == "removed":
            del reader[key]
        else:
            assert reader.get(key) != (row["OBS_VALUE"], row["OBS_STATUS"])
            reader[key] = (row["OBS_VALUE"], row["OBS_STATUS"])
    assert reader == states[-1]


@settings(max_examples=120, deadline=None)
@given(CELLS, CELLS)
def test_a_difference_names_each_differing_cell_once_with_its_kind(before: Cells, after: Cells) -> None:
    expected = {}
    for key in before.keys() | after.keys():
        if key not in before:
            expected[key] = "added"
        elif key not in after:
            expected[key] = "removed"
        elif before[key][0] != after[key][0] and None not in (before[key][0], after[key][0]):
            expected[key] = "changed"
        elif before[key] != after[key]:
            expected[key] = "status-changed"
    found = bitemporal.difference(frame(before), frame(after), KEYS)
    assert {(k, t): how for k, t, how in found.select("K", "TIME_PERIOD", "HOW").iter_rows()} == expected
    assert found.height == len(expected)
