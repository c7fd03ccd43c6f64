"""Cell keys against the figures of the literature, and against a plain loop."""

from itertools import product

import numpy as np
import polars as pl
import pytest

from torogoz.statistics.disclosure import ptable
from torogoz.statistics.disclosure.cellkey import (
    TooManyCells,
    UnknownCode,
    Zeros,
    as_frame,
    cell_keys,
    cube,
    ons_perturbed,
    ons_row,
    perturb,
)
from torogoz.statistics.disclosure.keys import SecretTooShort, as_fraction, from_fraction, person_keys, seed_of
from torogoz.statistics.disclosure.ptable import NoSuchDesign, PTable, design

SECRET = b"a made-up secret of the tests, long enough"
DIMENSIONS = {"SEX": ("F", "M"), "AGE": ("young", "old"), "AREA": ("A", "B", "C")}


def made_up(rows: int = 400, seed: int = 3) -> tuple[pl.DataFrame, np.ndarray]:
    chance = np.random.default_rng(seed)
    frame = pl.DataFrame({name: chance.choice(np.array(codes), rows) for name, codes in DIMENSIONS.items()})
    return frame, person_keys([f"person {place}" for place in range(rows)], SECRET)


def test_the_table_of_the_package_cellkey_has_the_figures_of_its_own_test() -> None:
    table = design(5, 3, 2, 0.5, True)
    lines = [(count, result, p) for count in range(table.last_row + 1) for result, p in table.row(count).items()]
    lower, upper = [], []
    for count in range(table.last_row + 1):
        below = np.cumsum([0.0, *table.row(count).values()])
        lower += list(below[:-1])
        upper += list(below[1:])
    assert len(lines) == 66
    assert np.mean([p for _, _, p in lines]) == pytest.approx(0.136, abs=1e-3)
    assert np.mean(lower) == pytest.approx(0.562, abs=1e-3)
    assert np.mean(upper) == pytest.approx(0.698, abs=1e-3)
    assert np.mean([result - count for count, result, _ in lines]) == pytest.approx(1.045, abs=1e-3)
    assert max(count for count, _, _ in lines) == 8
    assert table.row(0) == {0: 1.0}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, {0: 0.7345, 3: 0.1367, 4: 0.0728, 5: 0.0374, 6: 0.0186}),
        (8, {3: 0.0116, 4: 0.0254, 5: 0.0468, 6: 0.0723, 7: 0.0939, 8: 0.5, 9: 0.0939, 10: 0.0723, 12: 0.0254}),
    ],
)
def test_rows_of_the_table_have_their_published_probabilities(count: int, expected: dict[int, float]) -> None:
    row = design(5, 3, 2, 0.5, True).row(count)
    assert {result: row[result] for result in expected} == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("largest", "variance", "js"), [(2, 1, 0), (3, 2, 1), (5, 3, 2), (8, 6, 2)])
def test_a_table_has_no_bias_and_keeps_to_its_largest_change_variance_and_forbidden_results(
    largest: int, variance: float, js: int
) -> None:
    table = design(largest, variance, js)
    for count in range(1, table.last_row + 1):
        row = table.row(count)
        assert sum(row.values()) == pytest.approx(1)
        assert sum(result * p for result, p in row.items()) == pytest.approx(count, abs=1e-5)
        assert table.variance(count) <= variance + 1e-5
        assert all(abs(result - count) <= largest and (result == 0 or result > js) for result in row)


@pytest.mark.parametrize(
    ("largest", "variance", "js", "pstay"), [(2, 1, 0, 0), (5, 3, 2, 0.5), (6, 4, 1, 0.3), (8, 8, 2, 0)]
)
def test_both_ways_to_solve_a_row_find_the_same_one(
    largest: int, variance: float, js: int, pstay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = design(largest, variance, js, pstay)
    monkeypatch.setattr(ptable, "_of_one_family", lambda *_: None)
    assert design(largest, variance, js, pstay).chances == pytest.approx(quick.chances, abs=1e-4)


def test_what_cannot_be_designed_is_refused_with_its_reason() -> None:
    with pytest.raises(NoSuchDesign, match="D ≥ 1"):
        design(0, 1)
    with pytest.raises(NoSuchDesign, match="count of 1"):
        design(2, 1, 3)


def test_the_example_of_the_handbook_adds_three_keys_and_makes_four_of_three() -> None:
    keys = from_fraction([0.9, 0.3, 0.6])
    counts, sums = cell_keys(np.zeros(3, dtype=np.int64), 1, keys)
    assert as_fraction(sums)[0] == pytest.approx(0.8)
    assert perturb(counts, sums, design(2, 1)).tolist() == [4]


def test_the_largest_key_of_all_is_still_a_fraction_and_has_a_row() -> None:
    largest = np.array([2**64 - 1, 0], dtype=np.uint64)
    assert (as_fraction(largest) < 1).all()
    assert perturb(np.array([40, 40]), largest, design(5, 3, 2)).tolist() == [45, 35]


def test_counts_over_750_use_rows_501_to_750_over_again_as_ons_does() -> None:
    assert ons_row(np.array([1, 750, 751, 1000, 1001])).tolist() == [1, 750, 501, 750, 501]
    changes = np.zeros((751, 256), dtype=np.int64)
    changes[501, 3], changes[750, 3] = 7, -2
    assert ons_perturbed(np.array([750, 751, 1000, 5]), np.array([3, 259, 3, 3]), changes).tolist() == [
        748,
        758,
        998,
        5,
    ]


def test_a_person_has_one_key_and_another_secret_gives_another() -> None:
    keys = person_keys(["a", "b", "a"], SECRET)
    assert keys[0] == keys[2] != keys[1]
    assert person_keys(["a"], SECRET + b"x")[0] != keys[0]
    assert seed_of("x", SECRET) != seed_of("y", SECRET)
    with pytest.raises(SecretTooShort, match="32"):
        person_keys(["a"], b"short")


def test_a_key_is_the_first_64_bits_of_the_hmac_of_rfc_4231() -> None:
    # RFC 4231, test case 6, whose key is long enough for ours.
    keys = person_keys(["Test Using Larger Than Block-Size Key - Hash Key First"], b"\xaa" * 131)
    assert keys[0] == 0x60E431591EE0B67F


def test_sums_of_keys_run_over_exactly_however_many_records_a_cell_has() -> None:
    keys = np.full(2**21 + 5, 2**64 - 1, dtype=np.uint64)
    counts, sums = cell_keys(np.zeros(keys.size, dtype=np.int64), 1, keys)
    assert counts[0] == keys.size
    assert int(sums[0]) == (keys.size * (2**64 - 1)) % 2**64


def test_every_margin_equals_a_plain_loop_over_the_records() -> None:
    frame, keys = made_up()
    table = design(5, 3, 2)
    margins = cube(frame, DIMENSIONS, keys, table)
    assert len(margins) == 8
    records = list(zip(frame.rows(named=True), keys.tolist(), strict=True))
    for names, margin in margins.items():
        for place, codes in zip(
            np.ndindex(margin.counts.shape), product(*(DIMENSIONS[name] for name in names)), strict=True
        ):
            inside = [key for row, key in records if all(row[n] == c for n, c in zip(names, codes, strict=True))]
            assert margin.counts[place] == len(inside)
            assert int(margin.keys[place]) == sum(inside) % 2**64
            alone = perturb(np.array([len(inside)]), np.array([sum(inside) % 2**64], dtype=np.uint64), table)
            assert margin.perturbed[place] == alone[0]


def test_the_same_persons_bring_the_same_noise_in_another_order_and_another_table() -> None:
    frame, keys = made_up()
    turned = np.random.default_rng(1).permutation(frame.height)
    whole = cube(frame, DIMENSIONS, keys, design(5, 3, 2))
    again = cube(frame[turned], DIMENSIONS, keys[turned], design(5, 3, 2))
    fewer = cube(frame, {"SEX": ("F", "M")}, keys, design(5, 3, 2))
    for names in whole:
        assert (whole[names].perturbed == again[names].perturbed).all()
    assert (fewer["SEX",].perturbed == whole["SEX",].perturbed).all()


def test_zeros_may_become_small_counts_but_structural_ones_never() -> None:
    frame = pl.DataFrame({"SEX": ["F"], "AGE": ["young"], "AREA": ["A"]})
    structural = np.zeros((2, 2, 3), dtype=bool)
    structural[1] = True
    zeros = Zeros(0.5, 3, SECRET, {("SEX", "AGE", "AREA"): structural})
    wide = {**DIMENSIONS, "AREA": tuple("ABC")}
    shown = cube(frame, wide, person_keys(["a"], SECRET), design(5, 3, 2), zeros=zeros)["SEX", "AGE", "AREA"]
    assert (shown.perturbed[1] == 0).all()
    assert set(np.unique(shown.perturbed[0, 1])) == {0, 3}
    assert (cube(frame, wide, person_keys(["a"], SECRET), design(5, 3, 2))["AREA",].perturbed[1:] == 0).all()


def test_a_strange_code_and_a_crossing_without_end_are_refused() -> None:
    frame, keys = made_up()
    with pytest.raises(UnknownCode, match="AREA has the code"):
        cube(frame, {**DIMENSIONS, "AREA": ("A", "B")}, keys, design(2, 1))
    with pytest.raises(TooManyCells):
        cube(frame, {**DIMENSIONS, **{f"D{n}": ("F",) * 100 for n in range(5)}}, keys, design(2, 1))
    with pytest.raises(ValueError, match="400 rows, but 399 keys"):
        cube(frame, DIMENSIONS, keys[1:], design(2, 1))


def test_the_long_table_writes_totals_as_such() -> None:
    frame, keys = made_up()
    margins = cube(frame, DIMENSIONS, keys, PTable(np.array([[0.0, 1.0, 0.0]])))
    table = as_frame(margins, DIMENSIONS)
    assert table.height == 3 * 3 * 4
    assert table.filter(SEX="_T", AGE="_T", AREA="_T")["OBS_VALUE"].to_list() == [400]
    women = table.filter(SEX="F", AGE="_T", AREA="B")["OBS_VALUE"].to_list()
    assert women == [frame.filter(SEX="F", AREA="B").height]
