"""Instruments: scores worked out by hand, what is not known, definitions that cannot be."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torogoz.domain.instruments import (
    NOT_APPLICABLE,
    UNKNOWN,
    AnswerRefused,
    Band,
    Dimension,
    Instrument,
    InstrumentRefused,
    Item,
    NotComparable,
    Option,
    Words,
    as_data,
    change,
    from_data,
    score,
)
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.instruments import instrument_from, instrument_of

W = Words("palabra", "word")
SHIPPED = Path("src/torogoz/topics/returns/instruments/reintegration_v1.yaml")
THREE = (Option("good", W, Fraction(1)), Option("fair", W, Fraction(1, 2)), Option("bad", W, Fraction(0)))

# Two dimensions, the first counting double; in it `a` counts three times `b`. Three of four must be answered.
SMALL = Instrument(
    code="SMALL",
    version=1,
    words=W,
    dimensions=(Dimension("X", W, Fraction(2)), Dimension("Y", W)),
    items=(
        Item("a", "X", W, THREE, Fraction(3)),
        Item("b", "X", W, THREE),
        Item("c", "X", W, THREE, may_not_apply=True),
        Item("d", "X", W, THREE),
        Item("e", "Y", W, THREE, may_not_apply=True),
    ),
    bands=(Band("LOW", W, Fraction(0)), Band("HIGH", W, Fraction(1, 2))),
    least_answered=Fraction(3, 4),
    source="made up for tests",
    dated=date(2026, 11, 1),
    provisional=False,
)


@pytest.mark.parametrize(
    ("answers", "x", "y", "whole", "band"),
    [
        # X = (3*1 + 1/2 + 0 + 0) / 6 = 7/12; Y = 1/2; whole = (2*7/12 + 1/2) / 3 = 5/9
        ({"a": "good", "b": "fair", "c": "bad", "d": "bad", "e": "fair"}, "7/12", "1/2", "5/9", "HIGH"),
        # d is unknown: X = 7/2 / 5 = 7/10, not 7/12; whole = (7/5 + 0) / 3 = 7/15
        ({"a": "good", "b": "fair", "c": "bad", "d": UNKNOWN, "e": "bad"}, "7/10", "0", "7/15", "LOW"),
        # c does not apply: three of three; X = 7/2 / 5
        ({"a": "good", "b": "fair", "c": NOT_APPLICABLE, "d": "bad", "e": "bad"}, "7/10", "0", "7/15", "LOW"),
        # c does not apply and d is unknown: two of three is under three of four, so X and the whole are not known
        ({"a": "good", "b": "fair", "c": NOT_APPLICABLE, "e": "good"}, None, "1", None, None),
        # nothing of Y applies: the whole is not the mean of the rest
        (dict.fromkeys("abcd", "good") | {"e": NOT_APPLICABLE}, "1", None, None, None),
        # exactly on the border of a band
        (dict.fromkeys("abcde", "fair"), "1/2", "1/2", "1/2", "HIGH"),
        ({}, None, None, None, None),
        (dict.fromkeys("abcde", ""), None, None, None, None),
    ],
)
def test_scores_worked_out_by_hand(
    answers: dict[str, str], x: str | None, y: str | None, whole: str | None, band: str | None
) -> None:
    result = score(SMALL, answers)
    found = (result.dimensions["X"].score, result.dimensions["Y"].score, result.whole.score)
    assert found == tuple(None if one is None else Fraction(one) for one in (x, y, whole))
    assert result.band == band


def test_how_much_was_answered_is_told_of_what_applies() -> None:
    part = score(SMALL, {"a": "good", "c": NOT_APPLICABLE, "d": UNKNOWN}).dimensions["X"]
    assert (part.answered, part.asked) == (1, 3)


@pytest.mark.parametrize(
    ("answers", "code"),
    [({"z": "good"}, "no_item"), ({"a": "great"}, "no_option"), ({"a": NOT_APPLICABLE}, "no_option")],
)
def test_an_answer_that_the_instrument_lacks_is_refused(answers: dict[str, str], code: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        score(SMALL, answers)
    assert refused.value.code == code


def test_the_change_is_told_by_dimension_and_is_unknown_where_either_is() -> None:
    before = score(SMALL, dict.fromkeys("abcd", "bad"))
    after = score(SMALL, dict.fromkeys("abcde", "fair"))
    assert change(before, after) == {None: None, "X": Fraction(1, 2), "Y": None}


def test_results_of_two_versions_are_not_compared() -> None:
    result = score(SMALL, {})
    with pytest.raises(NotComparable):
        change(result, replace(result, version=2))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"items": ()}, "empty"),
        ({"items": (*SMALL.items, SMALL.items[0])}, "twice"),
        ({"dimensions": (Dimension("X", W, Fraction(0)), SMALL.dimensions[1])}, "weight"),
        ({"dimensions": (*SMALL.dimensions, Dimension("Z", W))}, "no_item"),
        ({"dimensions": SMALL.dimensions[:1]}, "no_dimension"),
        ({"items": (replace(SMALL.items[0], options=THREE[:1]), *SMALL.items[1:])}, "options"),
        (
            {"items": (replace(SMALL.items[0], options=(*THREE, Option("x", W, Fraction(2)))), *SMALL.items[1:])},
            "value",
        ),
        (
            {"items": (replace(SMALL.items[0], options=(*THREE, Option("_U", W, Fraction(0)))), *SMALL.items[1:])},
            "reserved",
        ),
        ({"bands": SMALL.bands[1:]}, "bands"),
        ({"bands": (*SMALL.bands, Band("LAST", W, Fraction(1, 4)))}, "bands"),
        ({"least_answered": Fraction(0)}, "share"),
        ({"source": " "}, "source"),
        ({"provisional": True}, "notice"),
        ({"provisional": True, "notice": Words("provisional", "")}, "notice"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(InstrumentRefused) as refused:
        replace(SMALL, **wrong)  # type: ignore[arg-type]
    assert refused.value.code == code


ANSWERS = st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["good", "fair", "bad", UNKNOWN, ""]))


@given(ANSWERS)
def test_a_score_lies_between_nought_and_one_or_is_not_known(answers: dict[str, str]) -> None:
    result = score(SMALL, answers)
    for part in (result.whole, *result.dimensions.values()):
        assert part.score is None or 0 <= part.score <= 1
    assert (result.band is None) == (result.whole.score is None)


@given(ANSWERS, st.sampled_from("abcde"))
def test_a_better_answer_never_lowers_a_score(answers: dict[str, str], item: str) -> None:
    scores = [score(SMALL, answers | {item: answer}).whole.score for answer in ("bad", "fair", "good")]
    known = [one for one in scores if one is not None]
    assert known == sorted(known)
    assert len(known) in (0, 3)


@given(ANSWERS)
def test_a_result_is_read_back_as_it_was_kept(answers: dict[str, str]) -> None:
    result = score(SMALL, answers)
    assert from_data(json.loads(json.dumps(as_data(result)))) == result


@given(ANSWERS)
def test_unknown_and_not_answered_give_the_same(answers: dict[str, str]) -> None:
    left_out = {item: answer for item, answer in answers.items() if answer not in (UNKNOWN, "")}
    assert score(SMALL, answers) == score(SMALL, left_out)


def test_what_ships_has_three_dimensions_of_five_equal_items_and_says_whose_it_is_not() -> None:
    shipped = instrument_of(SHIPPED)
    assert [len(shipped.items_of(one.code)) for one in shipped.dimensions] == [5, 5, 5]
    assert {dimension.weight for dimension in shipped.dimensions} == {Fraction(1)}
    assert {item.weight for item in shipped.items} == {Fraction(1)}
    assert shipped.provisional
    assert "No es la encuesta" in shipped.notice.es
    assert "not IOM's" in shipped.notice.en
    best = {item.code: max(item.values, key=lambda code: item.values[code]) for item in shipped.items}
    assert score(shipped, best).whole.score == 1
    assert score(shipped, best).band == "HIGH"


def test_a_weight_is_read_exactly_as_it_is_written() -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("code: ECONOMIC,", "code: ECONOMIC, weight: 0.1,", 1)
    assert instrument_from(text, "x.yaml").dimensions[0].weight == Fraction(1, 10)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("code: REINTEGRATION", "code: [", "is not YAML"),
        ("version: 1", "version: one", "whole number"),
        ("dated: 2026-11-26", "dated: soon", "`dated` is a day"),
        ("least_answered: 0.7\n", "", "'least_answered' is missing"),
        ("least_answered: 0.7", "least_answered: most", "cannot be"),
        ("value: 0.25", "value: 25", "between 0 and 1"),
        ("provisional: true", "provisional: true\nowner: me", "owner"),
    ],
)
def test_a_file_that_is_no_definition_is_refused_with_what_is_wrong(before: str, after: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        instrument_from(SHIPPED.read_text(encoding="utf-8").replace(before, after), "x.yaml")
