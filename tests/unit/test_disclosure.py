"""Disclosure control on tables that can be checked by hand; the first cases are those of the Handbook on SDC, ch. 5."""

import numpy as np
import pytest

from tests.made_up_tables import TOTAL, linked_tables, table
from torogoz.statistics.disclosure.audit import audit
from torogoz.statistics.disclosure.protect import CannotProtect, protect
from torogoz.statistics.disclosure.rules import GENERAL, TRAFFICKING, Rule
from torogoz.statistics.disclosure.system import Key, Mask, Real, Relation, Sum, System, system_of


def attack(system: System, hidden: Mask, counts: Real, least: float = 0.0) -> Real:
    return audit(system, ~hidden, counts, np.full(system.size, least)).width


def test_a_table_without_small_counts_is_shown_whole() -> None:
    _, counts, system = table([[10, 0], [7, 30]])
    assert not protect(system, counts, GENERAL).hidden.any()


def test_the_single_woman_of_a_table_is_hidden_and_cannot_be_worked_out() -> None:
    keys, counts, system = table([[12, 1], [9, 8], [20, 11]])
    suppression = protect(system, counts, GENERAL)
    assert suppression.small[keys.index(("0", "1"))]
    assert suppression.small.sum() == 1
    assert suppression.to_protect_others.sum() == 3
    assert (attack(system, suppression.hidden, counts)[suppression.hidden] >= 5).all()


def test_what_a_reader_knows_already_protects_nobody_and_stays_shown() -> None:
    keys, counts, system = table([[27, 4], [30, 40]])
    known = np.array([key == ("0", "0") for key in keys])
    alone = protect(system, counts, GENERAL).hidden
    assert alone[known].all()
    assert (attack(system, alone & ~known, counts)[alone & ~known] == 0).any()  # whoever knows 27 knows four
    hidden = protect(system, counts, GENERAL, known=known).hidden
    assert not hidden[known].any()
    assert (attack(system, hidden, counts)[hidden] >= 5).all()


def test_a_small_cell_that_everything_known_gives_away_is_refused() -> None:
    keys, counts, system = table([[27, 4], [30, 40]])
    known = np.array([key != ("0", "1") for key in keys])
    with pytest.raises(CannotProtect):
        protect(system, counts, GENERAL, known=known)


def test_what_a_cell_is_known_to_be_at_least_narrows_what_protects() -> None:
    keys, counts, system = table([[27, 4], [30, 40]])
    least = np.where(np.array([key == ("0", "0") for key in keys]), 27.0, 0.0)  # it has not grown, and cannot shrink
    hidden = protect(system, counts, GENERAL, least=least).hidden
    assert (audit(system, ~hidden, counts, least).width[hidden] >= 5).all()


def test_among_victims_a_zero_is_hidden_too_since_six_and_none_tells_of_all_six() -> None:
    keys, counts, system = table([[6, 0], [14, 12]])
    assert not protect(system, counts, GENERAL).hidden.any()
    suppression = protect(system, counts, TRAFFICKING)
    assert suppression.small[keys.index(("0", "0"))]
    assert suppression.small[keys.index(("0", "1"))]
    assert (attack(system, suppression.hidden, counts)[suppression.hidden] >= 10).all()


def test_two_areas_that_differ_by_few_persons_are_not_both_shown() -> None:
    # The larger area less the smaller one leaves 2, 1, 2, 0, 0, 0: cells that no table shows.
    larger, smaller = [22, 31, 17, 12, 9, 8], [20, 30, 15, 12, 9, 8]
    keys: list[Key] = []
    figures: list[int] = []
    for place, (whole, part) in enumerate(zip(larger, smaller, strict=True)):
        keys += [("larger", str(place)), ("smaller", str(place)), ("rest", str(place))]
        figures += [whole, part, whole - part]
    for area, row in (("larger", larger), ("smaller", smaller)):
        keys.append((area, TOTAL))
        figures.append(sum(row))
    keys.append(("rest", TOTAL))
    figures.append(5)
    counts = np.array(figures, dtype=np.float64)
    system = system_of(keys, [Sum(0, "larger", ("smaller", "rest")), Sum(1, TOTAL, tuple("012345"))])
    unseen = np.array([key[0] == "rest" for key in keys])
    assert (attack(system, unseen, counts)[unseen] == 0).all()
    hidden = protect(system, counts, GENERAL, never_shown=unseen).hidden
    assert hidden.any()
    assert not (hidden & unseen).any()
    small_rest = unseen & (counts > 0) & (counts < 5)
    assert (attack(system, hidden | unseen, counts)[small_rest] >= 5).all()


def test_who_is_alone_in_a_cell_cannot_work_out_the_other_small_cell_of_the_row() -> None:
    keys, counts, system = table([[1, 9, 30], [9, 30, 30], [30, 30, 4]])
    hidden = protect(system, counts, GENERAL).hidden
    own, other = keys.index(("0", "0")), keys.index(("2", "2"))
    knows = hidden.copy()
    knows[own] = False
    assert attack(system, knows, counts, least=1.0)[other] >= 1


def test_totals_are_dearer_than_cells_when_their_worth_says_so() -> None:
    keys, counts, system = table([[3, 40], [40, 6]])
    worth = np.where([TOTAL in key for key in keys], 1e6, counts)
    hidden = protect(system, counts, GENERAL, worth=worth).hidden
    assert not any(hidden[place] for place, key in enumerate(keys) if TOTAL in key)


def test_what_an_earlier_release_hid_stays_hidden() -> None:
    keys, counts, system = table([[12, 11], [9, 8], [20, 11]])
    kept = np.array([key == ("1", "0") for key in keys])
    hidden = protect(system, counts, GENERAL, keep_hidden=kept).hidden
    assert hidden[keys.index(("1", "0"))]
    assert (attack(system, hidden, counts)[hidden] >= 5).all()


def test_the_same_table_is_protected_in_the_same_way_every_time() -> None:
    generator = np.random.default_rng(5)
    _, counts, system = table(generator.poisson(6, (6, 7)).tolist())
    first = protect(system, counts, GENERAL).hidden
    assert all((protect(system, counts, GENERAL).hidden == first).all() for _ in range(3))


def test_a_threshold_of_ten_hides_a_count_of_nine() -> None:
    keys, counts, system = table([[9, 40], [40, 40]])
    assert protect(system, counts, Rule(threshold=10)).small[keys.index(("0", "0"))]
    assert not protect(system, counts, GENERAL).hidden.any()


def test_a_cell_that_two_tables_share_is_one_cell() -> None:
    events = [("a", "x", "p"), ("a", "y", "q"), ("b", "x", "q")]
    keys, counts, system = linked_tables(events, [["a", "b"], ["x", "y"], ["p", "q"]], [(0, 1), (0, 2)])
    assert len(keys) == len(set(keys)) == 15
    assert counts[keys.index(("a", TOTAL, TOTAL))] == 2
    assert len(system.relations) == 5 + 3 + 3


def test_counts_that_do_not_add_up_are_refused() -> None:
    system = System(3, (Relation(0, (1, 2)),))
    with pytest.raises(ValueError, match="a total of 9 has parts of 8"):
        protect(system, np.array([9.0, 3.0, 5.0]), GENERAL)


def test_shown_cells_that_contradict_their_sum_are_found_by_the_audit() -> None:
    system = System(3, (Relation(0, (1, 2)),))
    with pytest.raises(ValueError, match="contradict"):
        audit(system, np.array([True, True, False]), np.array([3.0, 5.0, 0.0]), np.zeros(3))


def test_the_audit_knows_what_a_reader_with_a_pencil_knows() -> None:
    system = System(4, (Relation(0, (1, 2, 3)),))
    shown = np.array([True, False, False, True])
    intervals = audit(system, shown, np.array([20.0, 0.0, 0.0, 12.0]), np.zeros(4))
    assert intervals.lower.tolist() == [20, 0, 0, 12]
    assert intervals.upper.tolist() == [20, 8, 8, 12]
    knows_more = audit(system, shown, np.array([20.0, 0.0, 0.0, 12.0]), np.ones(4))
    assert knows_more.upper.tolist() == [20, 7, 7, 12]
