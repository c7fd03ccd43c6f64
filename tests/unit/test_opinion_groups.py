"""Votes, opinion groups and what stands for them: on made-up votes whose groups are known."""

import numpy as np
import numpy.typing as npt
import pytest

from torogoz.statistics.deliberation.next_statement import importance, least_seen_first, priority
from torogoz.statistics.deliberation.opinion_groups import (
    TooFewVoters,
    adjusted_rand,
    one_sided,
    opinion_groups,
    silhouette,
)
from torogoz.statistics.deliberation.opinion_map import opinion_map
from torogoz.statistics.deliberation.representative import (
    consensus_of_groups,
    group_votes,
    representative,
    shared,
)
from torogoz.statistics.deliberation.votes import (
    AGREE,
    DISAGREE,
    PASS,
    UNSEEN,
    BadVote,
    VoteCounts,
    VoteMatrix,
    all_cast,
    counts,
    last_votes,
)


def made_up(
    voters: int, statements: int = 20, parts: int = 2, seed: int = 1
) -> tuple[VoteMatrix, npt.NDArray[np.int64]]:
    """Votes of made-up voters of `parts` opinions, one vote in twelve against the own opinion, a fifth not seen."""
    chance = np.random.default_rng(seed)
    part = chance.integers(0, parts, voters)
    opinion = chance.choice([AGREE, DISAGREE], size=(parts, statements))
    opinion[:, 0] = AGREE  # all agree on the first
    values = opinion[part].astype(np.int8)
    values[chance.random(values.shape) < 1 / 12] *= -1
    values[chance.random(values.shape) < 1 / 20] = PASS
    values[chance.random(values.shape) < 1 / 5] = UNSEEN
    return VoteMatrix(np.arange(voters), np.arange(statements), values), part


def test_the_last_vote_counts_whatever_the_order_of_the_file() -> None:
    who, what, vote, when = [7, 7, 3, 7], [1, 1, 1, 2], [1, -1, 0, 1], [30, 20, 10, 10]
    matrix = last_votes(who, what, vote, when)
    assert (matrix.voters.tolist(), matrix.statements.tolist()) == ([3, 7], [1, 2])
    assert matrix.values.tolist() == [[PASS, UNSEEN], [AGREE, AGREE]]
    assert last_votes(who, what, vote).values[1, 0] == DISAGREE  # without times, the later entry
    assert last_votes([7, 7], [1, 1], [1, 0], [5, 5]).values.tolist() == [[PASS]]  # at one moment as well
    every = all_cast(what, vote, [1, 2, 9])
    assert (every.agree.tolist(), every.disagree.tolist(), every.seen.tolist()) == ([1, 1, 0], [1, 0, 0], [3, 1, 0])


def test_a_pass_is_seen_and_what_was_not_seen_is_no_pass() -> None:
    found = counts(np.array([[1, 0, 9], [-1, 9, 9]], dtype=np.int8))
    assert found.seen.tolist() == [2, 1, 0]
    assert found.passed.tolist() == [0, 1, 0]


def test_votes_that_are_none_or_of_nobody_known_are_refused() -> None:
    for vote in (2, 9, -2):
        with pytest.raises(BadVote):
            last_votes([1], [1], [vote])
    with pytest.raises(BadVote, match="voter 5 is not known"):
        last_votes([1, 5], [1, 1], [1, 1], voters=[1, 2])
    with pytest.raises(BadVote, match="statement 4 is not known"):
        last_votes([1], [4], [1], statements=[])
    with pytest.raises(BadVote):
        VoteMatrix(np.array([1]), np.array([1]), np.array([[5]], dtype=np.int8))


@pytest.mark.parametrize("parts", [2, 3])
def test_voters_of_made_up_opinions_are_found_and_the_groups_are_stable(parts: int) -> None:
    matrix, part = made_up(300, parts=parts, seed=parts)
    found = opinion_groups(matrix)
    placed = found.group >= 0
    assert adjusted_rand(found.group[placed], part[placed]) > 0.9
    assert found.stability.median > 0.9
    assert len(found.stability.resamples) == 20
    assert (found.grouped, sum(found.sizes)) == (int(placed.sum()), int(placed.sum()))
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    assert found.silhouette[len(found.sizes)] == max(found.silhouette.values())


def test_votes_without_opinions_give_groups_that_resamples_do_not_give_again() -> None:
    chance = np.random.default_rng(5)
    values = chance.choice(np.array([-1, 0, 1], dtype=np.int8), size=(150, 30))
    found = opinion_groups(VoteMatrix(np.arange(150), np.arange(30), values))
    assert found.stability.median < 0.5


def test_below_a_hundred_voters_with_enough_votes_there_are_no_groups() -> None:
    matrix, _ = made_up(120)
    few = matrix.values.copy()
    few[99:, 6:] = UNSEEN  # twenty-one voters keep six votes at most
    with pytest.raises(TooFewVoters, match=r"99 voters .* need 100"):
        opinion_groups(VoteMatrix(matrix.voters, matrix.statements, few))
    few[99] = AGREE
    found = opinion_groups(VoteMatrix(matrix.voters, matrix.statements, few), resamples=1)
    assert found.grouped == 100
    assert (found.group[100:] == -1).all()
    assert found.voters == int((few != UNSEEN).any(axis=1).sum())


def test_who_agrees_with_everything_or_with_nothing_is_counted_and_not_left_out() -> None:
    matrix, _ = made_up(150)
    values = matrix.values.copy()
    values[0], values[1], values[2, :6], values[2, 6:] = AGREE, DISAGREE, AGREE, UNSEEN
    values[3], values[3, 0] = AGREE, PASS
    found = VoteMatrix(matrix.voters, matrix.statements, values)
    assert one_sided(found)[:4].tolist() == [
        True,
        True,
        False,
        False,
    ]  # six votes are too few, and a pass is no vote for
    groups = opinion_groups(found, resamples=1)
    assert groups.one_sided == int(one_sided(found).sum())
    assert (groups.group[:2] >= 0).all()


def test_voters_who_all_vote_alike_have_no_groups() -> None:
    with pytest.raises(TooFewVoters, match="one place"):
        opinion_groups(VoteMatrix(np.arange(200), np.arange(9), np.ones((200, 9), dtype=np.int8)))


def test_groups_are_never_given_without_their_stability_and_are_the_same_each_time() -> None:
    matrix, _ = made_up(150)
    with pytest.raises(ValueError, match="stability"):
        opinion_groups(matrix, resamples=0)
    one, again = (opinion_groups(matrix, resamples=2) for _ in range(2))
    assert (one.group == again.group).all()
    assert one.stability == again.stability


def test_the_axes_are_those_of_a_singular_value_decomposition() -> None:
    matrix, _ = made_up(60, 12)
    found = opinion_map(matrix)
    seen = matrix.values != UNSEEN
    filled = np.where(seen, matrix.values, found.means)
    _, size, axes = np.linalg.svd(filled - filled.mean(axis=0), full_matrices=False)
    assert np.abs((found.axes * axes[:2]).sum(axis=1)) == pytest.approx([1, 1])
    assert found.explained == pytest.approx(size[:2] ** 2 / (size**2).sum())
    voter = seen[3]
    expected = np.sqrt(12 / voter.sum()) * found.axes[:, voter] @ (matrix.values[3, voter] - found.means[voter])
    assert found.positions[3] == pytest.approx(expected)


def test_a_statement_that_was_moderated_out_moves_nobody() -> None:
    matrix, _ = made_up(60, 12)
    other = matrix.values.copy()
    other[:, 4] = np.where(other[:, 4] == UNSEEN, UNSEEN, -1)
    one = opinion_map(matrix, without=[4])
    again = opinion_map(VoteMatrix(matrix.voters, matrix.statements, other), without=[4])
    assert one.positions == pytest.approx(again.positions)
    assert (one.extremity[4], one.axes[0, 4]) == (0, 0)


def test_who_voted_on_nothing_stands_at_the_centre() -> None:
    matrix, _ = made_up(60, 12)
    values = matrix.values.copy()
    values[0] = UNSEEN
    assert opinion_map(VoteMatrix(matrix.voters, matrix.statements, values)).positions[0].tolist() == [0, 0]


def test_the_silhouette_is_the_one_counted_point_by_point() -> None:
    chance = np.random.default_rng(2)
    points, labels = chance.normal(size=(25, 2)), np.array([*chance.integers(0, 3, 24), 3])

    def far(one: int, others: npt.NDArray[np.int64]) -> float:
        return float(np.mean([np.linalg.norm(points[one] - points[other]) for other in others]))

    expected = []
    for at in range(25):
        own = np.flatnonzero((labels == labels[at]) & (np.arange(25) != at))
        if not len(own):
            expected.append(0.0)  # alone in its cluster
            continue
        inside = far(at, own)
        outside = min(far(at, np.flatnonzero(labels == other)) for other in set(labels.tolist()) - {int(labels[at])})
        expected.append((outside - inside) / max(outside, inside))
    assert silhouette(points, labels) == pytest.approx(float(np.mean(expected)))
    with pytest.raises(ValueError, match="two clusters"):
        silhouette(points, np.zeros(25, dtype=np.int64))


def test_the_adjusted_rand_index_is_1_for_the_same_partition_by_other_names_and_0_by_chance() -> None:
    assert adjusted_rand([0, 0, 1, 1], [5, 5, 2, 2]) == 1
    assert adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]) == pytest.approx(
        0.571, abs=1e-3
    )  # Hubert & Arabie's formula by hand
    assert adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)
    chance = np.random.default_rng(1)
    assert adjusted_rand(chance.integers(0, 3, 3000), chance.integers(0, 3, 3000)) == pytest.approx(0, abs=0.01)


def test_known_groups_of_a_council_take_the_same_formulas() -> None:
    """Twelve institutions: eight of government and four of society, who oppose the second statement."""
    values = np.ones((12, 3), dtype=np.int8)
    values[8:, 1] = DISAGREE
    values[:, 2] = [AGREE, DISAGREE] * 6
    matrix = VoteMatrix(np.arange(12), np.array([10, 20, 30]), values)
    votes = group_votes(matrix, [0] * 8 + [1] * 4)
    assert votes.members == (8, 4)
    assert votes.disagree.tolist() == [[0, 0, 4], [0, 4, 2]]
    chosen = representative(votes, matrix.statements)
    assert [(each.statement, each.agrees, each.sure) for each in chosen[1]][-1] == (20, False, True)
    assert consensus_of_groups(votes).minimum.tolist() == pytest.approx([5 / 6, 1 / 6, 0.5])
    agreed, opposed = shared(counts(values), matrix.statements)
    assert [each.statement for each in agreed] == [10, 20]  # a majority of all, though four of twelve are opposed
    assert opposed == ()


def test_who_is_in_no_group_is_counted_in_none() -> None:
    matrix, _ = made_up(10, 4)
    votes = group_votes(matrix, [-1] * 10)
    assert (votes.groups, votes.agree.shape) == ((), (0, 4))
    with pytest.raises(ValueError, match="at least one group"):
        consensus_of_groups(votes)
    with pytest.raises(ValueError, match="one group"):
        group_votes(matrix, [0])


def test_a_moderated_statement_stands_for_nobody() -> None:
    matrix, part = made_up(200, seed=4)
    votes = group_votes(matrix, part)
    named = {each.statement for chosen in representative(votes, matrix.statements).values() for each in chosen}
    hidden = next(iter(named))
    without = representative(votes, matrix.statements, without=[hidden])
    assert hidden not in {each.statement for chosen in without.values() for each in chosen}
    agreed, _ = shared(counts(matrix.values), matrix.statements, without=[0])
    assert 0 not in [each.statement for each in agreed]


def test_what_was_seen_least_is_shown_first_and_nothing_twice() -> None:
    assert least_seen_first([5, 6, 7, 8, 9], [3, 1, 1, 0, 2], voted=[8], without=[9]) == [6, 7, 5]
    with pytest.raises(ValueError, match="each statement"):
        least_seen_first([1], [1, 2])


def test_the_weight_of_a_statement_falls_as_it_is_seen_and_meta_statements_weigh_49() -> None:
    votes = VoteCounts(np.array([0, 20, 20]), np.array([0, 10, 10]), np.array([0, 40, 40]))
    assert importance(votes, 0).tolist() == pytest.approx([0.25, (1 - 11 / 42) * 21 / 42, (1 - 11 / 42) * 21 / 42])
    weight = priority(votes, 0, meta=[False, False, True])
    assert weight[0] == pytest.approx((0.25 * 9) ** 2)
    assert weight[1] == pytest.approx(((1 - 11 / 42) * 0.5 * (1 + 8 / 256)) ** 2)
    assert weight[2] == 49
