"""Two people held against each other by the shipped weights: how likely they are one, and why."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from torogoz.statistics.linkage.comparison import (
    Cannot,
    Described,
    Holds,
    compare,
    every_code,
    weights_between,
)

ROSA = Described(
    given1="Rosa", given2="Elena", surname1="Martínez", surname2="López", birth="1990-06-02", sex="F",
    municipality="M010", mother="Julia",
)  # fmt: skip
TWIN = {"given1": "Carmen", "given2": "Lucía"}


def codes(one: Described, other: Described, holds: Holds) -> set[str]:
    return {reason.code for reason in compare(one, other).that(holds)}


@pytest.mark.parametrize(
    "changed",
    [
        {"surname1": "MARTINES"},
        {"married": "de Palacios", "surname2": ""},
        {"surname1": "MARTINEZ LOPEZ", "surname2": ""},
        {"given1": "Elena", "given2": "Rosa"},
        {"birth": "1990-01-01"},
        {"birth": "1990"},
        {"birth": "1990-02-06"},
        {"surname1": "López", "surname2": "Martínez"},
    ],
)
def test_one_person_written_twice_is_likely_one(changed: dict[str, str]) -> None:
    found = compare(ROSA, replace(ROSA, **changed))
    assert found.probability > 0.9
    assert found.score > 90
    assert not found.cannot


@pytest.mark.parametrize(
    "changed",
    [
        TWIN,
        TWIN | {"birth": "1993-11-20"},
        {"birth": "2012-03-09", "surname2": "Portillo", "mother": "Rosa"},
    ],
)
def test_twins_sisters_and_a_daughter_who_bears_the_names_are_rather_two(changed: dict[str, str]) -> None:
    assert compare(ROSA, replace(ROSA, **changed)).probability < 0.4


def test_what_agrees_and_what_does_not_is_said_field_by_field() -> None:
    other = replace(ROSA, birth="1990-02-06", municipality="M020", given2="", mother="")
    assert codes(ROSA, other, Holds.AGREES) == {"given_first_only_there", "family_same", "birth_swapped", "sex_same"}
    assert codes(ROSA, other, Holds.DIFFERS) == {"municipality_different"}
    assert codes(ROSA, replace(ROSA, given1="Rosa", given2="Lucía"), Holds.PARTLY) == {"given_one_of_two"}


def test_a_field_that_one_of_the_two_lacks_is_no_reason() -> None:
    fields = {reason.field for reason in compare(ROSA, replace(ROSA, birth="", sex="_U", mother="")).reasons}
    assert fields == {"given", "family", "municipality"}


def test_the_weightiest_reason_comes_first_and_bits_add_up_with_the_base() -> None:
    found = compare(ROSA, replace(ROSA, **TWIN))
    assert [abs(reason.bits) for reason in found.reasons] == sorted(
        (abs(reason.bits) for reason in found.reasons), reverse=True
    )
    assert found.reasons[0].code == "given_different"
    assert found.reasons[0].bits < 0


def test_two_duis_or_many_years_keep_two_apart_and_one_document_in_common_says_most() -> None:
    dui, other_dui, passport = ("DUI", "00016297-5"), ("DUI", "22392349-9"), ("PASSPORT", "A01234567")
    one = replace(ROSA, documents=(dui, passport))
    assert compare(one, replace(ROSA, documents=(other_dui,))).cannot == (Cannot.TWO_DUIS,)
    assert compare(ROSA, replace(ROSA, birth="1994-06-02")).cannot == (Cannot.YEARS_APART,)
    same = compare(one, replace(ROSA, documents=(("PASSPORT", "a01234567"), ("OTHER", "9"))))
    assert same.cannot == ()
    assert "document_same" in {reason.code for reason in same.that(Holds.AGREES)}
    assert compare(one, replace(ROSA, documents=(other_dui, passport))).cannot == (Cannot.TWO_DUIS,)


def test_many_are_weighed_at_once_as_two_are() -> None:
    papers = (("DUI", "00016297-5"), ("PASSPORT", "A01234567"))
    ones = [ROSA, replace(ROSA, documents=papers), replace(ROSA, given2="", sex="_U")]
    others = [replace(ROSA, **TWIN), replace(ROSA, documents=papers[1:]), Described(surname1="Paz"), ROSA]
    expected = [[compare(one, other).weight for other in others] for one in ones]
    assert np.allclose(weights_between(ones, others), expected)
    assert weights_between(ones, []).shape == (3, 0)


def test_what_is_one_slip_away_keeps_nobody_apart() -> None:
    one, slip = (replace(ROSA, documents=(("DUI", number),)) for number in ("00016297-5", "05016297-5"))
    assert compare(one, slip).cannot == ()
    assert "document_near" in {reason.code for reason in compare(one, slip).that(Holds.AGREES)}
    year = int(ROSA.birth[:4])
    assert compare(ROSA, replace(ROSA, birth=f"{year + 10}{ROSA.birth[4:]}")).cannot == ()
    assert compare(ROSA, replace(ROSA, birth=f"{year + 10}")).cannot == (Cannot.YEARS_APART,)


@pytest.mark.parametrize("changed", [{}, TWIN, {"birth": "1990"}, {"documents": (("DUI", "00016297-5"),)}])
def test_the_order_of_two_people_changes_nothing(changed: dict[str, Any]) -> None:
    other = (
        replace(ROSA, given2="", phone="70001111", **changed) if "given2" not in changed else replace(ROSA, **changed)
    )
    assert compare(ROSA, other) == compare(other, ROSA)


def test_certainty_is_never_shown_and_the_weights_say_what_they_were_learnt_from() -> None:
    sure = compare(replace(ROSA, documents=(("DUI", "00016297-5"),)), replace(ROSA, documents=(("DUI", "000162975"),)))
    assert sure.score == 99
    assert compare(ROSA, Described(given1="Mario", surname1="Peña", birth="1950")).score == 1
    assert "made-up people" in sure.learnt_from


def test_every_reason_has_a_code_that_a_page_can_be_held_to_know() -> None:
    known = set(every_code())
    other = replace(ROSA, birth="1991", given2="Elenita", surname1="Gómez", sex="M", documents=(("DUI", "00016297-5"),))
    one = replace(ROSA, documents=(("DUI", "00061297-5"),), phone="70001111", married="Paz")
    for pair in ((one, other), (one, replace(other, phone="70001112", married="Pas")), (ROSA, ROSA)):
        assert {reason.code for reason in compare(*pair).reasons} <= known
    assert {"birth_swapped", "document_two_valid", "sex_different"} <= known
    assert "sex_near" not in known
