"""The residence rule, scenario by scenario: eleven of residents, eleven of people who live abroad, and the edges."""

from datetime import date, timedelta

import pytest

from torogoz.domain.residence import (
    RULES,
    Crossing,
    NotAlternating,
    Resolved,
    Rule,
    State,
    UnknownRule,
    outcome,
    resolve,
    rule_called,
)

START = date(2020, 1, 1)
OUT, IN = False, True
RULE = RULES["12/16"]


def history(first: bool, *stays: int, resident: bool | None = None, rule: Rule = RULE) -> list[Resolved]:
    """What the rule makes of a person who first arrives (IN) or departs (OUT), and then crosses after each stay."""
    days = [START + timedelta(sum(stays[:count])) for count in range(len(stays) + 1)]
    return resolve(
        [Crossing(first if turn % 2 == 0 else not first, day) for turn, day in enumerate(days)], rule, resident
    )


def moves(*args: bool | int, resident: bool | None = None) -> list[int]:
    """The places of the crossings that are migrations."""
    first, *stays = args
    return [place for place, each in enumerate(history(bool(first), *stays, resident=resident)) if each.migrant]


# Eleven scenarios of a person who lives here.
RESIDENTS = {
    "comes home and stays": ([IN], True, []),
    "leaves and never returns": ([OUT], True, [0]),
    "leaves for a week": ([OUT, 7], True, []),
    "leaves for a year less a day and stays home": ([OUT, 364], True, []),
    "leaves for a year": ([OUT, 365], True, [0, 1]),
    "leaves, visits home for a month, and stays away": ([OUT, 100, 30], True, [0]),
    "leaves, visits home for 122 days in all, and stays away": ([OUT, 100, 61, 50, 61], True, [0]),
    "leaves, visits home for 123 days in all, and stays away": ([OUT, 100, 61, 50, 62], True, [2]),
    "travels every month": ([OUT, *[15] * 31], True, []),
    "leaves and returns on the same day": ([OUT, 0], True, []),
    "moves abroad and back": ([OUT, 400, 400], True, [0, 1, 2]),
}
# Eleven of a person who lives abroad.
NON_RESIDENTS = {
    "departs and stays away": ([OUT], False, []),
    "arrives and never leaves": ([IN], False, [0]),
    "visits for a week": ([IN, 7], False, []),
    "visits for a year less a day": ([IN, 364], False, []),
    "stays a year": ([IN, 365], False, [0, 1]),
    "arrives, travels for a month, and stays": ([IN, 100, 30], False, [0]),
    "arrives, is away for 122 days in all, and stays": ([IN, 100, 61, 50, 61], False, [0]),
    "arrives, is away for 123 days in all, and stays": ([IN, 100, 61, 50, 62], False, [2]),
    "visits every month": ([IN, *[15] * 31], False, []),
    "arrives and departs on the same day": ([IN, 0], False, []),
    "moves here and away again": ([IN, 400, 400], False, [0, 1, 2]),
}


@pytest.mark.parametrize("name", RESIDENTS)
def test_a_resident(name: str) -> None:
    crossings, resident, migrations = RESIDENTS[name]
    assert moves(*crossings, resident=resident) == migrations


@pytest.mark.parametrize("name", NON_RESIDENTS)
def test_a_person_who_lives_abroad(name: str) -> None:
    crossings, resident, migrations = NON_RESIDENTS[name]
    assert moves(*crossings, resident=resident) == migrations


def test_the_two_sides_are_mirrors_of_each_other() -> None:
    assert [each[2] for each in RESIDENTS.values()] == [each[2] for each in NON_RESIDENTS.values()]


def test_who_arrives_first_lived_abroad_and_who_departs_first_lived_here() -> None:
    assert [history(IN)[0].resident_before, history(OUT)[0].resident_before] == [False, True]


def test_exactly_365_days_are_a_move_and_364_are_not() -> None:
    assert [outcome([days, 487], RULE)[0] for days in (364, 365)] == [False, True]


def test_exactly_122_days_on_the_old_side_keep_the_migrant_and_123_do_not() -> None:
    assert [outcome([100, days, 487], RULE)[0] for days in (122, 123)] == [True, False]


def test_a_move_is_certain_after_the_threshold_and_the_days_away() -> None:
    assert outcome([100, 30, 400], RULE) == (True, 365 + 30)


def test_that_there_was_no_move_is_certain_once_the_allowance_is_used_up() -> None:
    assert outcome([100, 200, 487], RULE) == (False, 122 + 100)


def test_twelve_months_without_a_break_end_with_the_first_day_abroad() -> None:
    rule = RULES["12/12"]
    assert history(IN, 200, 1, rule=rule)[0].migrant is False
    assert history(IN, 200, 0, rule=rule)[0].migrant is True


def test_most_of_twelve_months_is_183_days() -> None:
    rule = RULES["6m+1d"]
    assert [history(IN, days, rule=rule)[0].migrant for days in (182, 183)] == [False, True]


def test_a_crossing_is_provisional_until_the_day_on_which_it_is_certain() -> None:
    (arrival,) = history(IN)
    assert arrival.migrant_known == START + timedelta(365)
    assert arrival.state(START + timedelta(364)) is State.PROVISIONAL
    assert arrival.state(START + timedelta(365)) is State.MIGRANT


def test_an_arrival_of_last_month_is_provisional_whether_or_not_there_are_earlier_crossings() -> None:
    alone = history(IN)[-1]
    with_earlier = history(IN, 20, 700)[-1]
    for crossing, day in ((alone, START), (with_earlier, START + timedelta(720))):
        assert crossing.state(day + timedelta(30)) is State.PROVISIONAL


def test_a_crossing_back_that_cannot_be_a_move_is_settled_on_its_day() -> None:
    departure, back = history(OUT, 30)
    assert departure.state(back.migrant_known) is State.PROVISIONAL
    assert back.migrant_known == START + timedelta(30)
    assert back.state(START + timedelta(30)) is State.NOT


def test_a_crossing_back_that_may_still_be_a_move_is_not_settled() -> None:
    """Away for 243 days, then here: both may prove to be moves, so nothing can be said on the day of the return."""
    _, back = history(OUT, 243)
    assert back.state(START + timedelta(243)) is State.PROVISIONAL
    assert moves(OUT, 243, 122, 122) == [0, 1]
    assert moves(OUT, 243, 30) == [0]


def test_two_arrivals_in_a_row_and_a_step_back_in_time_are_refused() -> None:
    with pytest.raises(NotAlternating):
        resolve([Crossing(True, START), Crossing(True, START)])
    with pytest.raises(NotAlternating):
        resolve([Crossing(True, START), Crossing(False, START - timedelta(1))])


def test_nobody_is_resolved_into_nothing() -> None:
    assert resolve([]) == []


def test_an_unknown_rule_names_those_that_there_are() -> None:
    with pytest.raises(UnknownRule, match="12/16, 12/12, 6m"):
        rule_called("13/17")


def test_a_rule_that_asks_for_more_days_than_it_watches_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="threshold"):
        Rule("x", 100, 101, "", "", "", "")


def test_every_rule_has_its_source_and_names_in_both_languages() -> None:
    for rule in RULES.values():
        assert rule.source
        assert rule.adopted[:4].isdigit()
        assert rule.name_es != rule.name_en
