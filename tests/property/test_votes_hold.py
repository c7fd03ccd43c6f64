"""Whatever the order: the last vote counts; a secret ballot leads to nobody; no small count can be found."""

import itertools
from collections import defaultdict
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.effort import tries
from tests.made_up_polls import BODIES, attested, make_poll, say, statement, statement_poll
from tests.topics.test_polls import secret
from tests.world import NOW, make_world
from torogoz.domain.polls import MOST_CHANGES, VALUE, Answer, Kind, PollRefused, Secrecy
from torogoz.shared.polls import online_actions, urns
from torogoz.shared.polls.models import Participation, Poll
from torogoz.shared.polls.statement_counts import votes_of
from torogoz.statistics.deliberation.small_cells import FEWEST, publishable
from torogoz.statistics.deliberation.votes import UNSEEN

VOTERS, STATEMENTS = 3, 3
answers = st.sampled_from(Answer)
presses = st.lists(
    st.tuples(st.integers(0, VOTERS - 1), st.integers(0, STATEMENTS - 1), answers, st.integers(0, 30)), max_size=25
)


class Voting(TestCase):
    @given(presses)
    @settings(max_examples=tries(25), deadline=None)
    def test_the_last_vote_counts_whatever_comes_between_or_comes_again(
        self, pressed: list[tuple[int, int, Answer, int]]
    ) -> None:
        """After each press some earlier form of an older page comes in a second time, as networks do."""
        world = make_world()
        poll = statement_poll(world)
        statements = [statement(world, poll, number) for number in range(STATEMENTS)]
        voters = [attested(poll) for _ in range(VOTERS)]
        expected: dict[tuple[int, int], int] = {}
        turns: dict[tuple[int, int], int] = defaultdict(int)
        sent: list[tuple[int, int, Answer, int]] = []
        for who, what, answer, again in pressed:
            pair = who, what
            if turns[pair] >= MOST_CHANGES:
                continue
            say(poll, voters[who][1], statements[what], answer, turn=turns[pair])
            expected[pair] = VALUE[answer]
            sent.append((who, what, answer, turns[pair]))
            turns[pair] += 1
            who, what, answer, turn = sent[again % len(sent)]
            say(poll, voters[who][1], statements[what], answer, turn=turn)
        matrix = votes_of(poll, None).matrix
        row = {int(pk): at for at, pk in enumerate(matrix.voters)}
        for who, what in itertools.product(range(VOTERS), range(STATEMENTS)):
            at = row.get(voters[who][0].pk)
            found = UNSEEN if at is None else int(matrix.values[at, what])
            assert found == expected.get((who, what), UNSEEN)

    @given(st.permutations(BODIES), st.data())
    @settings(max_examples=tries(10), deadline=None)
    def test_the_urn_is_the_same_whoever_cast_which_ballot_in_which_order(self, order: list[str], data: Any) -> None:
        """Given the codes, that only voters have, the same ballots by others in another order leave the same urn."""
        world = make_world()
        poll = make_poll(world, Kind.SCALE, secrecy=Secrecy.SECRET)
        stances = data.draw(st.lists(st.sampled_from(["agree", "abstain"]), min_size=6, max_size=6))
        codes = [secret(world, poll, body, {"stance": stance}) for body, stance in zip(order, stances, strict=True)]
        lying = [(one.series, one.content["stance"]) for one in urns.ballots_in(poll)]
        cast = {urns.series_of(poll, code): stance for code, stance in zip(codes, stances, strict=True)}
        assert lying == sorted(cast.items())
        assert Participation.objects.filter(poll=poll).count() == len(BODIES)

    @given(st.lists(st.sampled_from(["vote", "reword"]), min_size=1, max_size=6))
    @settings(max_examples=tries(15), deadline=None)
    def test_the_text_of_a_statement_never_changes_after_its_first_vote(self, steps: list[str]) -> None:
        world = make_world()
        poll: Poll = statement_poll(world)
        said, (_, code) = statement(world, poll, 1), attested(poll)
        text = said.text_es
        for number, step in enumerate(steps):
            said.refresh_from_db()
            if step == "vote":
                say(poll, code, said, Answer.AGREE)
                continue
            new = {"text_es": f"Texto nuevo {number}", "text_en": f"New wording {number}"}
            try:
                online_actions.reword(by=world.officers["secretariat"], statement=said, now=NOW, **new)
                assert "vote" not in steps[:number]
                text = new["text_es"]
            except PollRefused:
                assert "vote" in steps[:number]
        said.refresh_from_db()
        assert said.text_es == text


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=1, max_size=7))
def test_no_count_from_one_to_four_is_published_or_found_by_subtraction(groups: list[tuple[int, ...]]) -> None:
    found = publishable(groups)
    if found.whole is None:
        assert (found.groups < 0).all()
        return
    whole = np.array(found.whole)
    shown = found.groups[(found.groups >= 0).all(axis=1)]
    rest = whole - shown.sum(axis=0)
    for counts in (whole, rest, *shown):
        assert not [count for count in counts if 0 < count < FEWEST]
    assert len(found.held_back) != 1 or len(groups) == 1
