"""Priorities by ranking, dots and credits: ties, incomplete ballots, and ballots that cannot be counted."""

from itertools import permutations

import pytest

from torogoz.statistics.deliberation.priorities import (
    BadBallot,
    SpentTooMuch,
    UnknownOption,
    check_dots,
    check_quadratic,
    count_dots,
    count_quadratic,
    pairwise_table,
    schulze,
)


def ranked(order: str) -> dict[str, int]:
    return {option: place for place, option in enumerate(order, 1)}


def test_unranked_options_are_tied_last() -> None:
    table = pairwise_table("abcd", [{"b": 1, "a": 7}])
    assert table.tolist() == [[0, 0, 1, 1], [1, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_options_of_one_place_are_before_nobody_and_a_perfect_tie_is_one_place() -> None:
    assert schulze("ab", [{"a": 1, "b": 1}]).places == (("a", "b"),)
    cycle = schulze("abc", [ranked("abc"), ranked("bca"), ranked("cab")])
    assert cycle.places == (("a", "b", "c"),)
    assert cycle.condorcet_winner is None


def test_without_ballots_all_options_share_one_place() -> None:
    found = schulze("abc", [])
    assert (found.places, found.ballots) == ((("a", "b", "c"),), 0)


def test_who_wins_against_every_other_option_is_first_and_who_loses_to_all_is_last() -> None:
    found = schulze("abc", [ranked("abc"), ranked("acb"), ranked("bca")])
    assert found.condorcet_winner == "a"
    assert found.places[0] == ("a",)


def test_the_order_of_the_options_changes_no_place() -> None:
    ballots = [ranked("abcd"), ranked("dbca"), {"c": 1}, {"a": 1, "d": 1}]
    expected = [set(place) for place in schulze("abcd", ballots).places]
    for options in permutations("abcd"):
        assert [set(place) for place in schulze(options, ballots).places] == expected


def test_one_ballot_cast_by_three_is_three_ballots() -> None:
    once = schulze("abc", [ranked("abc")] * 3 + [ranked("cba")])
    times = schulze("abc", [ranked("abc"), ranked("cba")], [3, 1])
    assert (once.pairwise == times.pairwise).all()
    assert (once.places, once.ballots) == (times.places, times.ballots)


@pytest.mark.parametrize(
    ("ballot", "error"), [({"z": 1}, UnknownOption), ({"a": 0}, BadBallot), ({"a": -3, "b": 1}, BadBallot)]
)
def test_a_ballot_that_cannot_be_counted_is_refused(ballot: dict[str, int], error: type[BadBallot]) -> None:
    with pytest.raises(error):
        schulze("ab", [ranked("ab"), ballot])


def test_the_list_of_options_names_each_once() -> None:
    for options in ([], ["a", "a"]):
        with pytest.raises(ValueError, match="each named once"):
            schulze(options, [])
        with pytest.raises(ValueError, match="each named once"):
            count_dots(options, [], dots=3)


def test_dots_are_added_up_and_what_is_not_spent_is_said() -> None:
    found = count_dots("abc", [{"a": 3, "b": 1}, {"b": 2}, {}], dots=4)
    assert dict(found.totals) == {"a": 3, "b": 3, "c": 0}
    assert dict(found.supporters) == {"a": 1, "b": 2, "c": 0}
    assert (found.ballots, found.unspent, found.places) == (3, 6, (("a", "b"), ("c",)))


def test_more_dots_than_a_voter_has_are_refused_and_the_ballot_is_named() -> None:
    with pytest.raises(SpentTooMuch, match=r"ballot 2: 5 dots, but a voter has 4"):
        count_dots("ab", [{"a": 4}, {"a": 3, "b": 2}], dots=4)
    with pytest.raises(SpentTooMuch, match="at most 2"):
        check_dots("ab", {"a": 3}, dots=4, most=2)
    with pytest.raises(BadBallot, match="never negative"):
        check_dots("ab", {"a": 5, "b": -1}, dots=4)
    with pytest.raises(UnknownOption):
        check_dots("ab", {"c": 1}, dots=4)


def test_a_vote_costs_its_square_and_a_vote_against_as_much() -> None:
    assert check_quadratic("ab", {"a": 3, "b": -4}, credits_each=25) == 0
    assert check_quadratic("ab", {"a": 3, "b": -3}, credits_each=25) == 7
    with pytest.raises(SpentTooMuch, match="26 credits, but a voter has 25"):
        check_quadratic("ab", {"a": 5, "b": -1}, credits_each=25)


def test_votes_against_are_taken_from_votes_for_and_counted_beside_them() -> None:
    found = count_quadratic("ab", [{"a": 3, "b": -1}, {"a": -2}], credits_each=10)
    assert (dict(found.totals), dict(found.supporters), dict(found.opponents)) == (
        {"a": 1, "b": -1},
        {"a": 1, "b": 0},
        {"a": 1, "b": 1},
    )
    assert (found.unspent, found.places) == (6, (("a",), ("b",)))
    with pytest.raises(UnknownOption, match="ballot 1"):
        count_quadratic("ab", [{"c": 1}], credits_each=10)
