"""Equal shares: who pays what, what completion adds, and what is refused."""

from fractions import Fraction

import pytest

from torogoz.statistics.deliberation.equal_shares import Stage, Utility, equal_shares


def test_a_minority_with_its_part_of_the_money_gets_its_project() -> None:
    """Six of ten want the road projects, four the clinic: by plain counting the clinic would never be paid."""
    ballots = [{"road 1", "road 2", "road 3"}] * 6 + [{"clinic"}] * 4
    costs = {"road 1": 30, "road 2": 30, "road 3": 30, "clinic": 40}
    found = equal_shares(costs, ballots, 100, complete=False)
    assert found.winners == ("road 1", "road 2", "clinic")
    assert (found.share, found.spent, found.unspent, found.added) == (10, 100, 0, 0)


def test_supporters_pay_the_same_or_all_that_they_hold() -> None:
    costs = {"a": 6, "b": 6}
    found = equal_shares(costs, [{"a"}, {"a", "b"}, {"b"}], 15, complete=False)
    first, second = found.purchases
    assert first.paid == (3, 3, 0)
    assert second.paid == (0, 2, 4)  # the one in the middle has 2 left
    assert (first.price, second.price) == (Fraction(1, 2), Fraction(2, 3))


def test_by_cost_a_large_project_comes_first_and_by_number_the_cheap_ones() -> None:
    costs = {"large": 10, "small": 4}
    ballots = [{"large", "small"}, {"large", "small"}, {"large"}]
    assert equal_shares(costs, ballots, 12, complete=False, utility=Utility.COST).winners == ("large",)
    assert equal_shares(costs, ballots, 12, complete=False, utility=Utility.CARDINALITY).winners == ("small",)


def test_add_one_gives_all_voters_the_same_more_and_greedy_takes_what_still_fits() -> None:
    costs = {"a": 60, "b": 30, "c": 9}
    ballots = [{"a"}] * 5 + [{"b"}] * 2 + [{"c"}] + [set()] * 2
    alone = equal_shares(costs, ballots, 100, complete=False)
    assert alone.winners == ("c",)  # each holds 10: five hold 50 of the 60 that a costs, two hold 20 of the 30 of b
    completed = equal_shares(costs, ballots, 100)
    assert completed.added == 5
    assert [(each.project, each.stage) for each in completed.purchases] == [
        ("a", Stage.SHARES),
        ("b", Stage.SHARES),
        ("c", Stage.SHARES),
    ]


def test_a_project_that_nobody_approved_is_not_bought_though_money_is_left() -> None:
    found = equal_shares({"a": 5, "unwanted": 1}, [{"a"}], 100)
    assert found.winners == ("a",)
    assert found.unspent == 95


def test_a_tie_goes_to_the_project_that_stands_first() -> None:
    for order in ("ab", "ba"):
        found = equal_shares(dict.fromkeys(order, 5), [{"a"}, {"b"}], 9)
        assert found.winners == (order[0],)


def test_nobody_pays_for_what_greedy_completion_buys() -> None:
    found = equal_shares({"a": 10, "b": 10}, [{"a"}, {"b"}], 19)
    assert found.purchases[-1].stage is Stage.GREEDY
    assert (found.purchases[-1].paid, found.purchases[-1].price) == ((), None)


@pytest.mark.parametrize(
    ("costs", "ballots", "budget", "step"),
    [
        ({"a": 0}, [{"a"}], 5, 1),
        ({"a": 1}, [], 5, 1),
        ({"a": 1}, [{"z"}], 5, 1),
        ({"a": 1}, [{"a"}], -1, 1),
        ({"a": 1}, [{"a"}], 1, 0),
    ],
)
def test_what_cannot_be_counted_is_refused(
    costs: dict[str, int], ballots: list[set[str]], budget: int, step: int
) -> None:
    with pytest.raises(ValueError, match=r"voter|cost|budget|projects"):
        equal_shares(costs, ballots, budget, step=step)


def test_what_stood_level_in_a_round_is_told_with_what_was_bought() -> None:
    found = equal_shares({"a": 60, "b": 60, "c": 10}, [{"a", "b"}, {"a", "b"}, {"c"}], 150)
    assert [(one.project, one.tied) for one in found.purchases] == [("a", ("b",)), ("b", ()), ("c", ())]
    greedy = equal_shares({"a": 60, "b": 60, "c": 20}, [{"a"}, {"b"}], 100)
    assert [(one.project, one.stage, one.tied) for one in greedy.purchases] == [("a", Stage.GREEDY, ("b",))]
