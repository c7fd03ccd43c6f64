"""The private tables of a data set: what is drawn, that it agrees, what it costs, and what is refused."""

from fractions import Fraction
from itertools import combinations
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made_up_victims import CODES, victims
from torogoz.domain.chain import GENESIS
from torogoz.statistics.disclosure.private import ledger
from torogoz.statistics.disclosure.private.consistent import Noisy, agreed
from torogoz.statistics.disclosure.private.design import Design, NotInDesign, bounded
from torogoz.statistics.disclosure.private.drawing import draw, prices
from torogoz.statistics.tabulation import VALUE

SEVEN = ("YEAR", "AGE", "SEX", "COUNTRY", "DURATION", "DEBT", "THREATS")


def design_of(*tables: tuple[str, ...], columns: tuple[str, ...] = SEVEN, **more: object) -> Design:
    return Design("MADE_UP", {name: CODES[name] for name in columns}, tables, **more)  # type: ignore[arg-type]


def test_without_noise_the_agreed_tables_are_the_true_ones() -> None:
    rows = victims(900)
    design = design_of(("AGE", "SEX"), ("SEX", "COUNTRY"), ("AGE", "SEX", "DEBT"))
    exact = [Noisy(columns, design.counted(rows, columns), 1.0) for columns in design.measured()]
    for columns, counts in agreed(design, exact).items():
        assert (counts == design.counted(rows, columns)).all(), columns


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000), people=st.sampled_from([0, 1, 7, 60, 900]), epsilon=st.sampled_from(["1/10", "1", "8"])
)
def test_totals_are_the_sums_of_their_parts_and_nobody_is_negative(seed: int, people: int, epsilon: str) -> None:
    design = design_of(("AGE", "SEX"), ("SEX", "COUNTRY"), ("SEX", "DEBT"), ("DURATION",))
    drawn = draw(design, victims(people, seed), epsilon=Fraction(epsilon), below=Random(seed).randrange)
    for columns, counts in drawn.tables.items():
        assert (counts >= 0).all()
        for place, column in enumerate(columns):
            part = tuple(each for each in columns if each != column)
            assert (counts.sum(axis=place) == drawn.tables[part]).all(), (columns, part)


def test_tables_of_three_columns_agree_with_their_tables_of_two() -> None:
    design = design_of(("AGE", "SEX", "DEBT"), ("SEX", "DEBT", "THREATS"))
    drawn = draw(design, victims(4_000), epsilon=Fraction(2), below=Random(3).randrange)
    for columns in (each for each in drawn.tables if len(each) == 3):
        for place, column in enumerate(columns):
            part = tuple(each for each in columns if each != column)
            assert np.abs(drawn.tables[columns].sum(axis=place) - drawn.tables[part]).max() <= 1
        assert drawn.tables[columns].sum() == drawn.tables[()]


def test_what_cannot_be_is_zero_and_says_so_however_much_noise_there_is() -> None:
    rows = victims(2_000).filter((pl.col("AGE") != "Y0T8") | (pl.col("DURATION") != "M_GE25"))
    impossible = ({"AGE": "Y0T8", "DURATION": "M_GE25"},)
    design = design_of(("AGE", "DURATION", "SEX"), impossible=impossible)
    for seed in range(5):
        cells = draw(design, rows, epsilon=Fraction(1, 50), below=Random(seed).randrange).cells()
        never = cells.filter((pl.col("AGE") == "Y0T8") & (pl.col("DURATION") == "M_GE25"))
        assert never[VALUE].to_list() == [0.0] * never.height
        assert set(never["CONF_STATUS"]) == {"F"}


def test_a_row_that_cannot_be_stops_the_drawing() -> None:
    design = design_of(("AGE", "DURATION"), impossible=({"AGE": "Y0T8", "DURATION": "M_GE25"},))
    with pytest.raises(NotInDesign, match="impossible"):
        draw(design, victims(4_000), epsilon=Fraction(1))


def test_a_count_below_ten_after_noise_is_not_shown() -> None:
    cells = draw(design_of(("AGE", "COUNTRY")), victims(800), epsilon=Fraction(1), below=Random(1).randrange).cells()
    shown = cells.filter(pl.col("CONF_STATUS") == "F")
    assert shown[VALUE].min() >= 10  # type: ignore[operator]
    assert cells.filter(pl.col("CONF_STATUS") == "C")[VALUE].null_count() == cells.height - shown.height > 100


def test_a_row_with_an_unlisted_code_stops_the_drawing_and_is_not_quoted() -> None:
    strange = victims(50).with_columns(SEX=pl.lit("María"))
    with pytest.raises(NotInDesign) as refusal:
        draw(design_of(("SEX",)), strange, epsilon=Fraction(1))
    assert "María" not in str(refusal.value)
    assert "50 rows" in str(refusal.value)


def test_the_codes_of_a_table_come_from_the_design_and_never_from_the_data() -> None:
    design = design_of(("SEX", "COUNTRY"))
    keys = [
        draw(design, victims(people), epsilon=Fraction(1)).cells().select("SEX", "COUNTRY").rows()
        for people in (0, 1, 500)
    ]
    assert keys[0] == keys[1] == keys[2]


def test_noise_is_paid_once_for_tables_that_lie_in_another() -> None:
    design = design_of(("SEX",), ("SEX", "AGE"), ("COUNTRY",))
    assert set(design.measured()) == {("AGE", "SEX"), ("COUNTRY",)}
    assert sum(each.share.epsilon for each in prices(design, Fraction(3), None) if each.share.epsilon) == 3


def test_a_person_adds_no_more_rows_than_the_bound_and_the_person_s_number_goes() -> None:
    rows = pl.DataFrame({"who": ["a", "a", "a", "b", None, None], "SEX": ["F", "F", "M", "M", "F", "F"]})
    kept = bounded(rows, "who", 2)
    assert kept.rows() == [("F",), ("F",), ("M",), ("F",), ("F",)]


def test_adding_one_person_changes_each_measured_table_by_at_most_the_bound() -> None:
    design = design_of(("AGE", "SEX"), ("SEX", "DEBT"), rows_of_one=3)
    rows = victims(400).with_columns(who=pl.int_range(pl.len()) // 7)
    few = bounded(rows.filter(pl.col("who") != 5), "who", 3)
    all_ = bounded(rows, "who", 3)
    for columns in design.measured():
        assert np.abs(design.counted(all_, columns) - design.counted(few, columns)).sum() <= 3


def test_two_way_counts_of_twenty_columns_keep_the_error_of_the_target() -> None:
    """Target: weighted error ≤ 0.068 at ε = 4 over 50 000 × 20; here a tenth of the rows, so ten times the target."""
    columns = tuple(CODES)[:20]
    rows = victims(5_000)
    design = design_of(*combinations(columns, 2), columns=columns)
    drawn = draw(design, rows, epsilon=Fraction(4), delta=Fraction(1, 10**6), below=Random(2).randrange)
    wrong = total = 0
    for columns_of_two in (each for each in design.margins() if len(each) == 2):
        true = design.counted(rows, columns_of_two)
        wrong += int(np.abs(drawn.tables[columns_of_two] - true)[true > 0].sum())
        total += int(true.sum())
    assert wrong / total <= 0.068


def lines(epsilon: str, period: str = "2025") -> tuple[ledger.Spending, ...]:
    paid = prices(design_of(("SEX",), ("AGE",)), Fraction(epsilon), None)
    return ledger.spendings("MADE_UP", period, "2026", paid, Fraction(epsilon), None)


def test_the_ledger_refuses_what_the_budget_does_not_hold_and_says_what_is_left() -> None:
    before = lines("3/2")
    ledger.check(before, lines("1/2"), ledger.Budget(Fraction(2)))
    with pytest.raises(ledger.BudgetSpent, match=r"ε 1\.5 of ε 2 are spent.*would cost ε 0\.6"):
        ledger.check(before, lines("3/5"), ledger.Budget(Fraction(2)))
    ledger.check(before, lines("2", "2026"), ledger.Budget(Fraction(2)))


def test_gaussian_drawings_need_a_budget_of_delta_too() -> None:
    paid = prices(design_of(("SEX",)), Fraction(1), Fraction(1, 10**6))
    new = ledger.spendings("MADE_UP", "", "1", paid, Fraction(1), Fraction(1, 10**6))
    with pytest.raises(ledger.BudgetSpent):
        ledger.check((), new, ledger.Budget(Fraction(8)))
    ledger.check((), new, ledger.Budget(Fraction(8), Fraction(1, 10**6)))


def test_a_ledger_reads_back_and_a_changed_or_missing_line_shows() -> None:
    previous, text = GENESIS, []
    for entry in (*lines("1"), *lines("1/3", "2026")):
        line, previous = ledger.line_of(entry, previous)
        text.append(line)
    entries, last = ledger.read(text)
    assert tuple(entries) == (*lines("1"), *lines("1/3", "2026"))
    assert last == previous
    cheaper = [text[0].replace('"cells": 4', '"cells": 3'), *text[1:]]
    assert cheaper != text
    for broken in (cheaper, text[1:], [text[1], text[0]], ["no ledger"]):
        with pytest.raises(ledger.LedgerBroken, match="line 1"):
            ledger.read(broken)
    assert [float(total) for _, total in ledger.running(entries)][-1] == pytest.approx(1 / 3)
