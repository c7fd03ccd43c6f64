"""Clusters: nothing impossible is in one, the order of records changes nothing, and a group depends on itself alone."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from torogoz.statistics.linkage.clusters import clusters, least_cut
from torogoz.statistics.linkage.impossible import Impossible
from torogoz.statistics.linkage.records import prepare

SIZE = 9
Edges = list[tuple[int, int, float]]
edges = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.floats(-8, 12, allow_nan=False)), max_size=24
)


def as_arrays(found: Edges) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]:
    """Each pair once, as `clusters` takes them."""
    kept = {(min(a, b), max(a, b)): weight for a, b, weight in found if a != b}
    a = np.array([pair[0] for pair in kept], dtype=np.int64)
    b = np.array([pair[1] for pair in kept], dtype=np.int64)
    return (a, b), np.array(list(kept.values()), dtype=float)


def never(members: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.zeros((len(members), len(members)), dtype=bool)


def together(named: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(named == one).tolist()) for one in np.unique(named)}


@settings(deadline=None)
@given(edges, st.lists(st.integers(0, 3), min_size=SIZE, max_size=SIZE), st.sampled_from([-1.0, 0.0, 3.0]))
def test_no_cluster_holds_two_who_cannot_be_one(found: Edges, documents: list[int], least: float) -> None:
    number = np.array(documents, dtype=np.int32) * 111_111_111
    impossible = Impossible(number, *(np.zeros(SIZE, dtype=np.int32) for _ in range(4)))
    pairs, weight = as_arrays(found)
    named = clusters(SIZE, pairs, weight, least, impossible.among)
    for members in together(named):
        assert len({documents[place] for place in members if documents[place]}) <= 1


@settings(deadline=None)
@given(edges, st.permutations(range(SIZE)))
def test_records_in_another_order_come_out_the_same(found: Edges, order: list[int]) -> None:
    distinct = [(a, b, weight + place * 1e-3) for place, (a, b, weight) in enumerate(found)]
    pairs, weight = as_arrays(distinct)
    moved = np.array(order)
    other = clusters(SIZE, (moved[pairs[0]], moved[pairs[1]]), weight, 0.0, never)
    expected = {frozenset(int(moved[place]) for place in members) for members in together(
        clusters(SIZE, pairs, weight, 0.0, never))}  # fmt: skip
    sizes = sorted(len(members) for members in together(other))
    assert sizes == sorted(len(members) for members in expected)


@settings(deadline=None)
@given(edges, edges)
def test_a_group_comes_out_the_same_whatever_else_is_in_the_register(found: Edges, others: Edges) -> None:
    pairs, weight = as_arrays(found)
    alone = clusters(SIZE, pairs, weight, 0.0, never)
    more, more_weight = as_arrays(others)
    both = clusters(
        2 * SIZE,
        (np.r_[pairs[0], more[0] + SIZE], np.r_[pairs[1], more[1] + SIZE]),
        np.r_[weight, more_weight],
        0.0,
        never,
    )
    assert both[:SIZE].tolist() == alone.tolist()


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 7), st.randoms(use_true_random=False))
def test_the_least_cut_is_the_least_of_all_cuts(size: int, random: object) -> None:
    capacity = np.zeros((size, size))
    for one in range(size):
        for other in range(one):
            capacity[one, other] = capacity[other, one] = random.randrange(0, 20)  # type: ignore[attr-defined]
    side = least_cut(capacity)
    assert 0 < side.sum() < size
    every = []
    for mask in range(1, 2 ** (size - 1)):
        inside = np.array([mask >> place & 1 == 1 for place in range(size)])
        every.append(capacity[np.ix_(inside, ~inside)].sum())
    assert capacity[np.ix_(side, ~side)].sum() == min(every)


def test_a_record_between_two_brothers_does_not_join_them() -> None:
    # 0-1 are one brother, 3-4 the other; 2 is a misspelt record that looks like both.
    pairs = (np.array([0, 3, 1, 2, 0, 0, 1, 1]), np.array([1, 4, 2, 3, 3, 4, 3, 4]))
    weight = np.array([9.0, 9.0, 3.0, 1.0, -6.0, -6.0, -6.0, -6.0])
    named = clusters(5, pairs, weight, 0.0, never)
    assert named[0] == named[1] != named[3] == named[4]


def test_records_of_two_valid_duis_years_apart_or_of_one_night_in_two_shelters_are_kept_apart() -> None:
    rows = pl.DataFrame(
        {
            "id": list("abcd"),
            "given1": ["Ana"] * 4,
            "birth": ["1990", "1990", "1994", ""],
            "document_kind": ["DUI", "DUI", "", ""],
            "document": ["00016297-5", "22392349-9", "", ""],
            "night": ["", "2026-11-20", "", "2026-11-20"],
            "shelter": ["", "A", "", "B"],
        }
    )
    assert kept_apart(rows) == {(0, 1), (0, 2), (1, 2), (1, 3)}


def test_a_slip_in_a_dui_or_in_the_decade_of_a_birth_keeps_nobody_apart() -> None:
    numbers = ["00016297-5", "05016297-5", "50016297-0", "00061297-5", "00016297-5"]
    documents = pl.DataFrame({"id": list("abcde"), "document_kind": ["DUI"] * 5, "document": numbers})
    # 1 and 0 are a valid digit apart, 2 is two away from 0 and two swapped from 1; 3 is no valid DUI
    assert kept_apart(documents) == {(0, 2), (2, 4), (1, 2)}
    births = ["1980-05-17", "1990-05-17", "1990-05-18", "1984-05-17", "1980-01-01", "1990-01-01", "1990"]
    told = kept_apart(pl.DataFrame({"id": list("abcdefg"), "birth": births}))
    assert (0, 1) not in told
    assert told >= {(0, 2), (0, 3), (1, 3), (4, 5), (0, 6)}


def kept_apart(rows: pl.DataFrame) -> set[tuple[int, int]]:
    apart = Impossible.of(prepare(rows)).among(np.arange(rows.height))
    return {(int(a), int(b)) for a, b in np.argwhere(np.triu(apart))}
