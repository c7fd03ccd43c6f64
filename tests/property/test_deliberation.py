"""What holds of every rule of decision, whatever the seats say."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from torogoz.domain.deliberation import Base, Result, Rule, Rules, Stance, Voice, decide

Positions = list[tuple[Stance | None, int, str]]

AGREEMENT = {Result.AGREED, Result.WITH_RESERVATIONS, Result.BY_MAJORITY}
POSITIONS = st.lists(
    st.tuples(st.sampled_from([None, *Stance]), st.integers(1, 3), st.sampled_from(["government", "diaspora"])),
    max_size=12,
)
RULES = st.builds(
    Rules,
    rule=st.sampled_from(Rule),
    share=st.fractions(min_value=Fraction(1, 10), max_value=Fraction(9, 10), max_denominator=10),
    more_than=st.booleans(),
    base=st.sampled_from(Base),
    quorum_seats=st.integers(0, 6),
    quorum_groups=st.dictionaries(st.sampled_from(["government", "diaspora"]), st.integers(0, 3)),
)


def voices(positions: Positions) -> list[Voice]:
    return [Voice(f"{number:02}", group, stance, seats) for number, (stance, seats, group) in enumerate(positions)]


@given(RULES, POSITIONS, st.integers(0, 11))
def test_the_order_of_the_voices_changes_nothing(rules: Rules, positions: Positions, first: int) -> None:
    said = voices(positions)
    assert decide(rules, said) == decide(rules, said[first:][::-1] + said[:first])


@given(RULES, POSITIONS)
def test_every_seat_is_counted_once_and_every_outcome_says_why(rules: Rules, positions: Positions) -> None:
    outcome = decide(rules, voices(positions))
    assert sum(outcome.tally.values()) + outcome.silent == sum(seats for _, seats, _ in positions)
    assert outcome.reasons


@given(RULES, POSITIONS)
def test_no_consensus_stands_against_a_block(rules: Rules, positions: Positions) -> None:
    outcome = decide(rules, voices([*positions, (Stance.BLOCK, 1, "government")]))
    if rules.rule is not Rule.MAJORITY:
        assert outcome.result not in AGREEMENT


@given(RULES, POSITIONS, st.integers(0, 11))
def test_who_changes_from_disagreement_to_agreement_never_breaks_an_agreement(
    rules: Rules, positions: Positions, which: int
) -> None:
    before = decide(rules, voices(positions)).result
    changed = [
        (Stance.AGREE, seats, group) if number == which and stance is Stance.DISAGREE else (stance, seats, group)
        for number, (stance, seats, group) in enumerate(positions)
    ]
    if before in AGREEMENT:
        assert decide(rules, voices(changed)).result in AGREEMENT


@given(POSITIONS)
def test_a_stricter_rule_never_agrees_where_a_weaker_one_does_not(positions: Positions) -> None:
    said = voices(positions)
    agreed = [
        decide(Rules(rule), said).result in AGREEMENT for rule in (Rule.UNANIMITY, Rule.RESERVATIONS, Rule.CONSENSUS)
    ]
    assert agreed == sorted(agreed)
