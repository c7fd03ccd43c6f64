"""The rule by which reviews become a verdict, and the table of practices there and back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from torogoz.domain import practices as rules
from torogoz.domain.practices import TEXTS, Opinion, PracticeRefused, State, Step, Verdict, Written
from torogoz.exchange.readers import practices as tables

MEETS, NOT, CANNOT = Opinion.MEETS, Opinion.DOES_NOT_MEET, Opinion.CANNOT_TELL


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({"a": 2, "b": 2}, MEETS),
        ({"a": 3, "b": 1}, MEETS),
        ({"a": 2, "b": 1}, NOT),
        ({"a": 1, "b": 3}, NOT),
        ({"a": None, "b": 3}, CANNOT),
        ({"a": 2, "b": None}, MEETS),
        ({"a": None, "b": 1}, NOT),
        ({"a": None, "b": None}, CANNOT),
    ],
)
def test_what_cannot_be_told_is_no_score_and_never_zero(scores: dict[str, int | None], said: Opinion) -> None:
    assert rules.opinion(scores, ["a"]) is said


@pytest.mark.parametrize(
    ("opinions", "verdict"),
    [
        ([], Verdict.WAITING),
        ([MEETS], Verdict.WAITING),
        ([MEETS, MEETS], Verdict.PUBLISH),
        ([NOT, NOT], Verdict.SEND_BACK),
        ([CANNOT, CANNOT], Verdict.SEND_BACK),
        ([MEETS, NOT], Verdict.THIRD),
        ([NOT, CANNOT], Verdict.THIRD),
        ([MEETS, NOT, MEETS], Verdict.PUBLISH),
        ([MEETS, NOT, NOT], Verdict.SEND_BACK),
        ([MEETS, NOT, CANNOT], Verdict.SEND_BACK),
    ],
)
def test_two_that_agree_decide_whatever_the_order(opinions: list[Opinion], verdict: Verdict) -> None:
    assert {rules.verdict(list(order)) for order in permutations(opinions)} == {verdict}


def test_what_is_published_was_in_review_and_nothing_else() -> None:
    for state in State:
        if state is not State.IN_REVIEW:
            with pytest.raises(PracticeRefused):
                rules.move(state, Step.PUBLISH)


def test_another_word_is_another_checksum() -> None:
    texts = {f"{field}_es": "uno" for field in TEXTS}
    assert rules.checksum(texts) == rules.checksum(dict(reversed(texts.items())))
    assert rules.checksum(texts) != rules.checksum(texts | {"title_en": "one"})


KNOWN = tables.Known({"MTPS"}, {"MINSAL"}, {"SLV"}, {"7"}, {"human_rights"})


def test_the_table_comes_back_as_it_went_byte_by_byte() -> None:
    written = Written(
        texts={name: f'=con "comas", ñ y\nrenglones {name}' for name in tables.WORDS} | {"title_es": "'=x"},
        machine=True,
        place="San Salvador",
        country="SLV",
        began_on=date(2020, 1, 1),
        with_institutions=("MTPS",),
        organisations=("Una", "Otra"),
        objectives=("7",),
        principles=("human_rights",),
        evidence="uno\ndos",
        cost_amount=Decimal("0.00"),
        cost_currency="USD",
    )

    def table(held: Written) -> bytes:
        return b"".join(tables.table(iter([(tables.cells("MINSAL", held), ("k", "", "no"))])))

    first = table(written)
    rows, faults = tables.read(first, KNOWN)
    assert faults == []
    assert rows[0].written.cost_amount == Decimal(0), "zero is not empty"
    assert table(rows[0].written) == first


@pytest.mark.parametrize(
    ("spoil", "column"),
    [
        (lambda text: text.replace("language", "tongue"), "language"),
        (lambda text: text.replace("SLV", "XXX"), "country"),
        (lambda text: text.replace("MINSAL", "PNC"), "institution"),
        (lambda text: text.replace("12.50", "gratis"), "cost_amount"),
        (lambda text: text.replace("USD", "XXX"), "cost_currency"),
        (lambda text: text + '"', "-"),
        (lambda text: text + "a,b\r\n", "-"),
        (lambda text: text.split("\r\n")[0], "-"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(spoil: Callable[[str], str], column: str) -> None:
    right = "institution,language,title_es,title_en,country,cost_amount,cost_currency\r\nMINSAL,es,T,,SLV,12.50,USD\r\n"
    assert tables.read(right.encode(), KNOWN)[1] == []
    faults = tables.read(spoil(right).encode(), KNOWN)[1]
    assert column in {fault.column for fault in faults}
    assert all(fault.spanish and fault.english and fault.line for fault in faults)


def test_a_table_that_is_not_utf8_is_refused_in_words() -> None:
    assert "UTF-8" in tables.read("institución".encode("latin-1"), KNOWN)[1][0].spanish
