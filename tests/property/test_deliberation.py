"""What holds of every ballot: majorities, shares of money, groups and likeness, whatever the votes."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from torogoz.statistics.deliberation.agreement import consensus, group_aware, kendall_w, wilson
from torogoz.statistics.deliberation.equal_shares import Stage, Utility, equal_shares
from torogoz.statistics.deliberation.opinion_groups import adjusted_rand
from torogoz.statistics.deliberation.priorities import schulze
from torogoz.statistics.deliberation.progress import Path, linear_pace
from torogoz.statistics.deliberation.representative import group_votes, representative
from torogoz.statistics.deliberation.votes import UNSEEN, VoteMatrix, counts, last_votes

OPTIONS = "abcde"
rankings = st.lists(st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 5)), max_size=12)
budgets = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.fixed_dictionaries({f"p{at}": st.integers(1, 30) for at in range(n)}),
        st.lists(st.sets(st.sampled_from([f"p{at}" for at in range(n)])), min_size=1, max_size=7),
        st.integers(0, 60),
    )
)
votes = arrays.arrays(
    np.int8,
    st.tuples(st.integers(1, 12), st.integers(1, 6)),
    elements=st.sampled_from([-1, 0, 1, UNSEEN]),
)


@given(rankings)
def test_who_beats_every_other_option_stands_alone_in_front_and_every_option_has_one_place(
    ballots: list[dict[str, int]],
) -> None:
    found = schulze(OPTIONS, ballots)
    assert sorted(option for place in found.places for option in place) == list(OPTIONS)
    if found.condorcet_winner is not None:
        assert found.places[0] == (found.condorcet_winner,)
    assert (found.pairwise + found.pairwise.T <= found.ballots).all()


@given(rankings)
def test_ballots_turned_round_turn_the_order_round(ballots: list[dict[str, int]]) -> None:
    """Of complete ballots, since options left out are last in both."""
    full = [{option: ballot.get(option, 6) for option in OPTIONS} for ballot in ballots]
    turned = [{option: 7 - place for option, place in ballot.items()} for ballot in full]
    one, other = schulze(OPTIONS, full), schulze(OPTIONS, turned)
    assert (one.pairwise == other.pairwise.T).all()
    assert (one.strongest == other.strongest.T).all()


@settings(deadline=None)
@given(budgets, st.sampled_from(Utility), st.booleans())
def test_no_budget_is_exceeded_and_nobody_pays_more_than_a_share_or_for_what_was_not_approved(
    case: tuple[dict[str, int], list[set[str]], int], utility: Utility, complete: bool
) -> None:
    costs, ballots, budget = case
    found = equal_shares(costs, ballots, budget, utility=utility, complete=complete)
    assert found.spent == sum(costs[each] for each in found.winners) <= budget
    assert len(set(found.winners)) == len(found.winners)
    for voter, ballot in enumerate(ballots):
        paid = [(each.project, each.paid[voter]) for each in found.purchases if each.stage is Stage.SHARES]
        assert sum((amount for _, amount in paid), Fraction(0)) <= found.share
        assert all(amount == 0 for project, amount in paid if project not in ballot)
    if complete:  # nothing that somebody approved still fits
        wanted = set().union(*ballots) - set(found.winners)
        assert all(costs[each] > found.unspent for each in wanted)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=7))
def test_consensus_lies_between_0_and_1_and_the_scale_may_be_turned_round(answers: list[int]) -> None:
    found, turned = consensus(answers), consensus(answers[::-1])
    if sum(answers) == 0:
        assert found is None
        return
    assert found is not None
    assert turned is not None
    assert 0 <= found <= 1
    assert abs(found - turned) < 1e-9


@given(arrays.arrays(np.int64, st.tuples(st.integers(2, 8), st.integers(2, 6)), elements=st.integers(1, 4)))
def test_concordance_lies_between_0_and_1(scores: np.ndarray) -> None:
    found = kendall_w(scores)
    assert found is None or -1e-9 <= found.w <= 1 + 1e-9


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share(agreed: int, others: int) -> None:
    ends = wilson(agreed, agreed + others)
    if ends is not None:
        assert ends[0] <= agreed / (agreed + others) + 1e-12
        assert agreed / (agreed + others) <= ends[1] + 1e-12


@given(votes, st.data())
def test_votes_of_groups_add_up_to_those_of_all_and_each_group_has_a_statement(
    values: np.ndarray, data: st.DataObject
) -> None:
    matrix = VoteMatrix(np.arange(len(values)), np.arange(values.shape[1]), values)
    group = data.draw(st.lists(st.integers(0, 2), min_size=len(values), max_size=len(values)))
    found, every = group_votes(matrix, group), counts(values)
    assert (found.agree.sum(axis=0) == every.agree).all()
    assert (found.disagree.sum(axis=0) == every.disagree).all()
    assert (found.seen.sum(axis=0) == every.seen).all()
    chosen = representative(found, matrix.statements)
    assert all(1 <= len(each) <= 5 for each in chosen.values())
    aware = group_aware(found.agree, found.seen)
    assert (aware.minimum <= aware.geometric + 1e-12).all()
    assert (aware.product <= aware.minimum + 1e-12).all()


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([-1, 0, 1]), st.integers(0, 9)), min_size=1
    )
)
def test_the_last_vote_is_the_one_that_a_plain_loop_keeps(cast: list[tuple[int, int, int, int]]) -> None:
    kept: dict[tuple[int, int], int] = {}
    for voter, statement, vote, _ in sorted(cast, key=lambda each: each[3]):
        kept[voter, statement] = vote
    matrix = last_votes(*zip(*cast, strict=True))
    for row, voter in enumerate(matrix.voters.tolist()):
        for column, statement in enumerate(matrix.statements.tolist()):
            assert matrix.values[row, column] == kept.get((voter, statement), UNSEEN)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.permutations([0, 1, 2, 3]))
def test_a_partition_is_the_same_by_other_names(labels: list[int], names: list[int]) -> None:
    assert adjusted_rand(labels, [names[each] for each in labels]) == 1


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.5, 30), st.floats(0.05, 0.95))
def test_who_goes_straight_to_the_target_is_on_time(base: float, target: float, years: float, share: float) -> None:
    path = Path(base, 2020, base + share * (target - base), 2020 + share * years, target, 2020 + years)
    pace = linear_pace(path)
    assert pace is None or abs(target - base) < 1e-3 or abs(pace - 1) < 1e-6
