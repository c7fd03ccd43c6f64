"""Linkage: who is taken for whom, by weights that were learnt from a made-up register."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import polars as pl
import pytest

from tests.load.made_up_register import register
from torogoz.statistics.linkage.blocking import pairs_between, pairs_within
from torogoz.statistics.linkage.levels import BIRTH, DOCUMENT, FAMILY, GIVEN, Agreement, Rarity, TextLevel, agreement
from torogoz.statistics.linkage.levels import BirthLevel as Birth
from torogoz.statistics.linkage.levels import NameLevel as Name
from torogoz.statistics.linkage.linking import Linked, link
from torogoz.statistics.linkage.records import Words, prepare
from torogoz.statistics.linkage.weights import NothingToLearn, probability

EMPTY = dict.fromkeys(
    ("given1", "given2", "surname1", "surname2", "married", "birth", "sex", "document_kind", "document",
     "municipality", "mother", "phone"), "",
)  # fmt: skip
ROSA = EMPTY | {
    "given1": "Rosa", "given2": "Elena", "surname1": "Martínez", "surname2": "López", "birth": "1990-06-02", "sex": "F",
    "municipality": "M010", "mother": "Julia",
}  # fmt: skip
KNOWN = ["given1", "given2", "surname1", "surname2", "married", "birth", "sex", "document_kind", "document",
         "municipality", "mother", "phone"]  # fmt: skip


@lru_cache
def learnt() -> tuple[Linked, np.ndarray]:
    """A made-up register of 20 000 records, linked; and the person of each record."""
    made_up = register(20_000, seed=7)
    return link(made_up.select("id", *KNOWN)), made_up["person"].to_numpy()


def agreed(one: Mapping[str, str], other: Mapping[str, str]) -> Agreement:
    """How far two records agree, among the names of the made-up register."""
    linked, _ = learnt()
    words = linked.left.words
    left, right = (prepare(pl.DataFrame({name: [row[name]] for name in KNOWN}), words) for row in (one, other))
    place = (np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    return agreement(left, right, place, Rarity.of([linked.left]))


def likely(one: Mapping[str, str], other: Mapping[str, str]) -> float:
    """The probability that two records are of one person."""
    linked, _ = learnt()
    return float(probability(linked.weights.of(agreed(one, other).codes()))[0])


def level(field: str, one: Mapping[str, str], other: Mapping[str, str]) -> int:
    return int(agreed(ROSA | one, ROSA | other).levels[field][0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"surname1": "MARTINEZ"}, {"surname1": "Martines"}),
        ({"married": "de Palacios", "surname2": ""}, {}),
        ({"surname1": "MARTINEZ LOPEZ", "surname2": ""}, {}),
        ({"given1": "Elena", "given2": "Rosa"}, {}),
        ({"given1": "José", "given2": "", "sex": "M"}, {"given1": "Chepe", "given2": "", "sex": "M"}),
        ({"birth": "1990-01-01"}, {}),
        ({"birth": "1990"}, {}),
        ({"birth": "1990-02-06"}, {}),
        ({"surname1": "López", "surname2": "Martínez"}, {}),
        (
            {"document_kind": "DUI", "document": "22392349-9", "birth": "1990"},
            {"document_kind": "DUI", "document": "223932499", "given2": ""},
        ),
    ],
)
def test_two_records_of_one_person_are_linked(one: dict[str, str], other: dict[str, str]) -> None:
    assert likely(ROSA | one, ROSA | other) > 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Twins: all but the given names.
        ({}, {"given1": "Carmen", "given2": "Lucía"}),
        # Siblings: surnames, mother and place.
        ({}, {"given1": "Carmen", "given2": "Lucía", "birth": "1993-11-20"}),
        # A mother and the daughter who bears her names.
        ({}, {"birth": "2012-03-09", "surname2": "Portillo", "mother": "Rosa"}),
        # Two people of common names, one place, one year.
        (
            {"given1": "José", "given2": "", "surname1": "Hernández", "surname2": "García", "sex": "M"},
            {
                "given1": "José", "given2": "Luis", "surname1": "Hernández", "surname2": "López", "sex": "M",
                "mother": "María", "birth": "1990-10-21",
            },
        ),
        # One telephone for a household.
        (
            {"phone": "70001111"},
            {
                "phone": "70001111", "given1": "Mario", "given2": "", "surname1": "Peña", "surname2": "Cruz",
                "sex": "M", "birth": "1985-03-04", "mother": "",
            },
        ),
    ],
)  # fmt: skip
def test_two_people_who_look_alike_are_not_linked(one: dict[str, str], other: dict[str, str]) -> None:
    assert likely(ROSA | one, ROSA | other) < 0.5


def test_the_order_of_two_records_changes_nothing() -> None:
    other = ROSA | {"given2": "", "birth": "1990", "surname1": "Martinez Lopez", "surname2": ""}
    assert likely(ROSA, other) == likely(other, ROSA)


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        (GIVEN, {}, {}, Name.SAME),
        (GIVEN, {"given1": "Elena", "given2": "Rosa"}, {}, Name.BOTH_CROSSED),
        (GIVEN, {"given2": ""}, {}, Name.FIRST_ONLY_THERE),
        (GIVEN, {"given1": "Elena", "given2": ""}, {}, Name.CROSSED_ONE),
        (GIVEN, {"given2": "Elenita"}, {}, Name.ONE_SAME_ONE_ALIKE),
        (GIVEN, {"given2": "Lucía"}, {}, Name.ONE_OF_TWO),
        (GIVEN, {"given1": "Carmen", "given2": "Lucía"}, {}, Name.DIFFERENT),
        (GIVEN, {"given1": "Rosa", "given2": ""}, {"given1": "Elena", "given2": ""}, Name.ONE_EACH),
        (GIVEN, {"given1": "", "given2": ""}, {}, Name.MISSING),
        (FAMILY, {"surname1": "Martines", "surname2": "Lopes"}, {}, Name.SAME),
        (FAMILY, {"surname1": "De la Cruz"}, {"surname1": "Cruz"}, Name.SAME),
        (BIRTH, {"birth": "1990-06"}, {}, Birth.PARTIAL),
        (BIRTH, {"birth": "1990-02-06"}, {}, Birth.SWAPPED),
        (BIRTH, {"birth": "1990-06-03"}, {}, Birth.DAY_OFF),
        (BIRTH, {"birth": "1990-05-31"}, {"birth": "1990-06-01"}, Birth.DAY_OFF),
        (BIRTH, {"birth": "1980-06-02"}, {}, Birth.DAY_OF_ANOTHER_YEAR),
        (BIRTH, {"birth": "1991"}, {}, Birth.YEAR_NEAR),
        (BIRTH, {"birth": "1970-11-23"}, {}, Birth.DIFFERENT),
        (BIRTH, {"birth": ""}, {}, Birth.MISSING),
        (BIRTH, {"birth": "sin fecha"}, {}, Birth.MISSING),
        (
            DOCUMENT,
            {"document_kind": "DUI", "document": "00016297-5"},
            {"document_kind": "DUI", "document": "000162975"},
            TextLevel.SAME,
        ),
        (
            DOCUMENT,
            {"document_kind": "DUI", "document": "00016297-5"},
            {"document_kind": "DUI", "document": "00061297-5"},
            TextLevel.NEAR,
        ),
        (
            DOCUMENT,
            {"document_kind": "DUI", "document": "00016297-5"},
            {"document_kind": "DUI", "document": "22392349-9"},
            TextLevel.TWO_VALID,
        ),
        (
            DOCUMENT,
            {"document_kind": "DUI", "document": "00016297-5"},
            {"document_kind": "DUI", "document": "00066297-5"},
            TextLevel.NEAR,
        ),
        (
            DOCUMENT,
            {"document_kind": "DUI", "document": "00016297-5"},
            {"document_kind": "PASSPORT", "document": "A1234567"},
            TextLevel.MISSING,
        ),
        ("phone", {"phone": "7000-1111"}, {"phone": "70001111"}, TextLevel.SAME),
        ("municipality", {"municipality": "M011"}, {}, TextLevel.DIFFERENT),
    ],
)
def test_each_way_of_agreeing_has_its_level(
    field: str, one: dict[str, str], other: dict[str, str], expected: int
) -> None:
    assert level(field, one, other) == expected == level(field, other, one)


def test_the_code_of_a_pair_holds_all_its_levels() -> None:
    linked, _ = learnt()
    found = agreed(ROSA, ROSA | {"birth": "1990"})
    parts = linked.weights.parts(found.codes())
    assert linked.weights.base + sum(float(part[0]) for part in parts.values()) == pytest.approx(
        float(linked.weights.of(found.codes())[0])
    )


def test_what_is_learnt_finds_the_people_of_a_register() -> None:
    linked, person = learnt()
    counts = np.bincount(person)
    true = int((counts * (counts - 1) // 2).sum())
    same = person[linked.pairs[0]] == person[linked.pairs[1]]
    chosen = probability(linked.weight) >= 0.5
    found = int((same & chosen).sum())
    precision, recall = found / int(chosen.sum()), found / true
    assert same.sum() / true > 0.97
    assert 2 * precision * recall / (precision + recall) > 0.965


def test_documents_teach_when_they_are_there_and_the_rest_is_learnt_without() -> None:
    linked, _ = learnt()
    assert min(linked.weights.taught) > 100
    without = register(6_000, seed=3)
    person = without["person"].to_numpy()
    untaught = link(without.select("id", *(name for name in KNOWN if not name.startswith("document"))))
    assert untaught.weights.taught == (0, 0)
    same = person[untaught.pairs[0]] == person[untaught.pairs[1]]
    chosen = probability(untaught.weight) >= 0.5
    assert (same & chosen).sum() / chosen.sum() > 0.9
    assert (same & chosen).sum() / same.sum() > 0.9


def test_two_files_give_the_pairs_that_one_file_gives_across_them() -> None:
    made_up = register(3_000, seed=5).select("id", *KNOWN)
    half = made_up.height // 2
    words = Words()
    left, right = prepare(made_up[:half], words), prepare(made_up[half:], words)
    across = set(zip(*(places.tolist() for places in pairs_between(left, right)), strict=True))
    whole = prepare(made_up)
    within = {(a, b - half) for a, b in zip(*(p.tolist() for p in pairs_within(whole)), strict=True) if a < half <= b}
    assert across == within


def test_without_a_pair_there_is_nothing_to_learn() -> None:
    rows = pl.DataFrame([ROSA, EMPTY | {"given1": "Otro", "surname1": "Distinto"}]).with_row_index("id")
    with pytest.raises(NothingToLearn, match="check the columns"):
        link(rows.with_columns(pl.col("id").cast(pl.String)))
