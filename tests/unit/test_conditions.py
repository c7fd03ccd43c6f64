"""Conditions of questions: read, and evaluated where unknown is never no."""

from itertools import product

import pytest

from torogoz.domain.conditions import Condition, Truth, UnclearCondition, facts, in_words, met, read


@pytest.mark.parametrize(
    ("text", "values", "truth"),
    [
        ("a = Y", {"a": "Y"}, True),
        ("a = Y", {"a": "N"}, False),
        ("a = Y", {"a": "_U"}, None),
        ("a = Y", {}, None),
        ("a != Y", {"a": "N"}, True),
        ("a != Y", {"a": "_U"}, None),
        ("a in (X, Y)", {"a": "Y"}, True),
        ("a in (X, Y)", {"a": "Z"}, False),
        ("a has X", {"a": ["X", "Y"]}, True),
        ("a has X", {"a": ["NONE"]}, False),
        ("a has X", {"a": ["_U"]}, None),
        ("a has X", {"a": []}, None),
        ("n >= 3", {"n": 3}, True),
        ("n < 3", {"n": 3}, False),
        ("n > 3", {"n": "tres"}, None),
        ("not a = Y", {"a": "_Z"}, True),
        ("a = Y", {"a": "_Z"}, False),
        ("n < 3", {"n": "_Z"}, False),
        ("a = Y or b = Y", {"a": "Y"}, True),
        ("a = Y or b = Y", {"a": "N"}, None),
        ("a = Y and b = Y", {"a": "N"}, False),
        ("a = Y and b = Y", {"a": "Y"}, None),
        ("not (a = Y and b = Y)", {"a": "N"}, True),
        ("a = Y or b = Y and c = Y", {"a": "Y", "c": "N"}, True),
        ("(a = Y or b = Y) and c = Y", {"a": "Y", "c": "N"}, False),
    ],
)
def test_a_condition_is_yes_no_or_unknown(text: str, values: dict[str, object], truth: Truth) -> None:
    assert met(read(text), values) is truth


def test_what_is_not_known_never_turns_a_yes_or_a_no_around() -> None:
    """Whatever an unknown answer turns out to be, a yes or no that was given without it stands."""
    condition = read("(a = Y or not b = Y) and (c = Y or a = N)")
    for values in product(("Y", "N", "_U"), repeat=3):
        said = met(condition, dict(zip("abc", values, strict=True)))
        if said is not None:
            filled = product(*(("Y", "N") if value == "_U" else (value,) for value in values))
            assert {met(condition, dict(zip("abc", each, strict=True))) for each in filled} == {said}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a fact is expected, not the end"),
        ("a", "a comparison is expected, not the end"),
        ("a = ", "a code is expected"),
        ("a = _U", "_U is no answer"),
        ("a is Y", "a comparison"),
        ("a > Y", "a whole number is expected"),
        ("a = Y b = N", "nothing is expected at “b”"),
        ("(a = Y", "“)” is expected"),
        ("a in Y", "“(” is expected"),
        ("a = Y; drop", "“;” means nothing here"),
        ("and = Y", "a fact is expected"),
        ("__import__('os')", "means nothing here"),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_the_place(text: str, why: str) -> None:
    with pytest.raises(UnclearCondition) as refused:
        read(text)
    assert why in str(refused.value)


def test_the_facts_of_a_condition_are_known() -> None:
    assert facts(read("a = Y and not (b has X or n > 2)")) == {"a", "b", "n"}


def words(condition: Condition, language: str) -> str:
    return in_words(condition, lambda fact: f"¿{fact}?", lambda _, code: code.lower(), language)


def test_a_condition_is_said_in_both_languages() -> None:
    condition = read("a = Y and (b has X or not n > 2)")
    assert words(condition, "es") == "«¿a?» es «y» y («¿b?» incluye «x» o no es así que («¿n?» > 2))"
    assert words(condition, "en") == "“¿a?” is “y” and (“¿b?” includes “x” or it is not so that (“¿n?” > 2))"
