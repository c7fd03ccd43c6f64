"""How a body of institutions decides: rules, quorum, reasons, and dissent that stays."""

from fractions import Fraction

import pytest

from torogoz.domain.deliberation import (
    Base,
    DeliberationRefused,
    Reason,
    Result,
    Rule,
    Rules,
    Stance,
    Voice,
    Why,
    check_stance,
    decide,
    seats_asked,
)

SHORT = {
    "+": Stance.AGREE,
    "r": Stance.RESERVATIONS,
    "0": Stance.ABSTAIN,
    "-": Stance.DISAGREE,
    "x": Stance.BLOCK,
    "?": None,
}


def voices(said: str, group: str = "government") -> list[Voice]:
    return [Voice(f"body {number}", group, SHORT[sign], reason=sign) for number, sign in enumerate(said)]


@pytest.mark.parametrize(
    ("said", "unanimity", "with_reservations", "consensus", "majority"),
    [
        ("+++", Result.AGREED, Result.AGREED, Result.AGREED, Result.AGREED),
        ("++?", Result.AGREED, Result.AGREED, Result.AGREED, Result.AGREED),
        ("++0", Result.NOT_AGREED, Result.AGREED, Result.AGREED, Result.BY_MAJORITY),
        ("++r", Result.NOT_AGREED, Result.WITH_RESERVATIONS, Result.WITH_RESERVATIONS, Result.BY_MAJORITY),
        ("++-", Result.NOT_AGREED, Result.NOT_AGREED, Result.WITH_RESERVATIONS, Result.BY_MAJORITY),
        ("++x", Result.NOT_AGREED, Result.NOT_AGREED, Result.NOT_AGREED, Result.BY_MAJORITY),
        ("+--", Result.NOT_AGREED, Result.NOT_AGREED, Result.WITH_RESERVATIONS, Result.NOT_AGREED),
        ("000", Result.NOT_AGREED, Result.NOT_AGREED, Result.NOT_AGREED, Result.NOT_AGREED),
        ("-xx", Result.NOT_AGREED, Result.NOT_AGREED, Result.NOT_AGREED, Result.NOT_AGREED),
        ("???", Result.NO_QUORUM, Result.NO_QUORUM, Result.NO_QUORUM, Result.NO_QUORUM),
    ],
)
def test_each_rule_makes_its_own_outcome_of_the_same_positions(
    said: str, unanimity: Result, with_reservations: Result, consensus: Result, majority: Result
) -> None:
    by_rule = {
        Rule.UNANIMITY: unanimity,
        Rule.RESERVATIONS: with_reservations,
        Rule.CONSENSUS: consensus,
        Rule.MAJORITY: majority,
    }
    for rule, expected in by_rule.items():
        assert decide(Rules(rule), voices(said)).result is expected, rule


def test_a_body_that_has_not_spoken_is_neither_for_nor_against() -> None:
    outcome = decide(Rules(Rule.UNANIMITY), voices("++??"))
    assert outcome.result is Result.AGREED
    assert outcome.silent == 2
    assert sum(outcome.tally.values()) == 2


def test_an_abstention_speaks_for_the_quorum_and_a_silence_does_not() -> None:
    rules = Rules(Rule.CONSENSUS, quorum_seats=3)
    assert decide(rules, voices("++0?")).result is Result.AGREED
    outcome = decide(rules, voices("++??"))
    assert outcome.result is Result.NO_QUORUM
    assert outcome.reasons == (Reason(Why.SEATS_MISSING, seats=2, of=4, asked=3),)


def test_a_group_without_its_seats_leaves_the_body_without_quorum() -> None:
    rules = Rules(Rule.CONSENSUS, quorum_groups={"diaspora": 2})
    there = [*voices("++++"), Voice("one association", "diaspora", Stance.AGREE), Voice("other", "diaspora", None)]
    outcome = decide(rules, there)
    assert outcome.result is Result.NO_QUORUM
    assert outcome.reasons == (Reason(Why.GROUP_MISSING, seats=1, of=2, asked=2, group="diaspora"),)


def test_a_body_with_several_seats_weighs_as_many() -> None:
    rules = Rules(Rule.MAJORITY, share=Fraction(1, 2), more_than=True)
    said = [Voice("large", "university", Stance.DISAGREE, seats=2, reason="…"), *voices("++")]
    assert decide(rules, said).result is Result.NOT_AGREED
    assert decide(rules, [*said, Voice("third", "business", Stance.AGREE)]).result is Result.BY_MAJORITY


@pytest.mark.parametrize(
    ("base", "of", "result"),
    [(Base.SIDES, 3, Result.BY_MAJORITY), (Base.PRESENT, 5, Result.NOT_AGREED), (Base.SEATS, 6, Result.NOT_AGREED)],
)
def test_of_which_seats_a_majority_is_asked_changes_the_outcome(base: Base, of: int, result: Result) -> None:
    outcome = decide(Rules(Rule.MAJORITY, share=Fraction(2, 3), base=base), voices("++-00?"))
    assert (outcome.result, outcome.reasons[0].of) == (result, of)


def test_two_thirds_are_counted_exactly() -> None:
    assert seats_asked(Rules(Rule.MAJORITY, share=Fraction(2, 3)), 18) == 12
    assert seats_asked(Rules(Rule.MAJORITY, share=Fraction(2, 3)), 17) == 12
    assert seats_asked(Rules(Rule.MAJORITY, share=Fraction(1, 2)), 18) == 9
    assert seats_asked(Rules(Rule.MAJORITY, share=Fraction(1, 2), more_than=True), 18) == 10
    assert seats_asked(Rules(Rule.MAJORITY, share=Fraction(1, 2), more_than=True), 17) == 9


def test_dissent_and_its_reasons_stay_whatever_the_outcome() -> None:
    for rule in Rule:
        kept = decide(Rules(rule), voices("++r-0")).dissent
        assert [(voice.body, voice.stance, voice.reason) for voice in kept] == [
            ("body 2", Stance.RESERVATIONS, "r"),
            ("body 3", Stance.DISAGREE, "-"),
        ]


@pytest.mark.parametrize("stance", [Stance.RESERVATIONS, Stance.DISAGREE, Stance.BLOCK])
def test_who_has_reservations_disagrees_or_blocks_owes_a_reason(stance: Stance) -> None:
    with pytest.raises(DeliberationRefused):
        check_stance(stance, "  ")
    assert check_stance(stance, " porque sí ") == "porque sí"
    assert check_stance(Stance.ABSTAIN, "") == ""


@pytest.mark.parametrize(("top", "more_than"), [(0, False), (3, False), (2, True), (-1, False)])
def test_a_majority_that_nobody_could_miss_or_reach_is_refused(top: int, more_than: bool) -> None:
    with pytest.raises(DeliberationRefused):
        Rules(Rule.MAJORITY, share=Fraction(top, 2), more_than=more_than)
