"""On random histories: the vectorised rule is the plain one, and what is called certain never changes."""

from datetime import date, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.domain.residence import RULES, Crossing, Policy, Recorded, Rule, by_turns, resolve
from torogoz.statistics.residence import rule as vectorised
from torogoz.statistics.residence.cleaning import clean

START = date(2015, 1, 1)
# Short trips and long stays, and the days on either side of every limit of the rules.
STAYS = st.one_of(
    st.integers(0, 40),
    st.integers(0, 500),
    st.sampled_from((0, 1, 121, 122, 123, 181, 182, 183, 184, 242, 243, 244, 364, 365, 366, 486, 487, 488)),
)
HISTORIES = st.tuples(
    st.booleans(), st.integers(0, 900), st.lists(STAYS, max_size=14), st.sampled_from((None, True, False))
)
ANY_RULE = st.one_of(
    st.sampled_from(tuple(RULES.values())),
    st.integers(1, 400).flatmap(
        lambda threshold: st.integers(threshold, 500).map(lambda window: Rule("x", window, threshold, "", "", "", ""))
    ),
)


def crossings_of(arrival: bool, begins: int, stays: list[int]) -> list[Crossing]:
    days = [START + timedelta(begins + sum(stays[:count])) for count in range(len(stays) + 1)]
    return [Crossing(arrival if turn % 2 == 0 else not arrival, day) for turn, day in enumerate(days)]


@settings(max_examples=150, deadline=None)
@given(st.lists(HISTORIES, min_size=1, max_size=8), ANY_RULE)
def test_the_vectorised_rule_is_the_plain_one(
    people: list[tuple[bool, int, list[int], bool | None]], rule: Rule
) -> None:
    histories = [(crossings_of(*person[:3]), person[3]) for person in people]
    frame = pl.DataFrame(
        [
            (number, crossing.arrival, crossing.day, None if resident is None else int(resident))
            for number, (crossings, resident) in enumerate(histories)
            for crossing in crossings
        ],
        schema={
            "personId": pl.Int64,
            "is_arrival": pl.Boolean,
            "date_crossing": pl.Date,
            "res_status_initial": pl.Int8,
        },
        orient="row",
    )
    plain = [
        (
            sequence,
            each.days_to_next,
            int(each.resident_before),
            int(each.resident_after),
            int(each.migrant),
            each.before_known,
            each.after_known,
            each.migrant_known,
        )
        for crossings, resident in histories
        for sequence, each in enumerate(resolve(crossings, rule, resident), start=1)
    ]
    assert vectorised.resolve(frame, rule).select(list(vectorised.RESULT_SCHEMA)).rows() == plain


@settings(max_examples=300, deadline=None)
@given(HISTORIES, ANY_RULE, st.integers(0, 2000), st.lists(STAYS, max_size=5))
def test_what_is_certain_at_a_day_is_so_whatever_the_person_does_next(
    person: tuple[bool, int, list[int], bool | None], rule: Rule, day: int, onwards: list[int]
) -> None:
    """Two lives that are the same until the close of a day: what one calls certain by then, the other has too."""
    resident = person[3]
    crossings = crossings_of(*person[:3])
    close = START + timedelta(day)
    same = [each for each in crossings if each.day <= close]
    other = list(same)
    for place, days in enumerate(onwards):
        last = other[-1].day if other else close
        leads = other[-1].arrival if other else True
        other.append(Crossing(not leads, max(last, close + timedelta(1 if place == 0 else 0)) + timedelta(days)))
    one, two = resolve(crossings, rule, resident), resolve(other, rule, resident)
    for left, right in zip(one[: len(same)], two[: len(same)], strict=True):
        if left.before_known <= close:
            assert (right.resident_before, right.before_known) == (left.resident_before, left.before_known)
        if left.after_known <= close:
            assert (right.resident_after, right.after_known) == (left.resident_after, left.after_known)
        if left.migrant_known <= close:
            assert (right.migrant, right.migrant_known) == (left.migrant, left.migrant_known)


HOURS = st.one_of(st.sampled_from((0, 1, 12, 23, 24, 25, 48)), st.integers(1, 3000))
RECORDS = st.lists(st.tuples(st.booleans(), HOURS), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=6), st.sampled_from(tuple(Policy)))
def test_the_vectorised_policies_are_the_plain_ones(people: list[list[tuple[bool, int]]], policy: Policy) -> None:
    begins = datetime.combine(START, datetime.min.time())
    histories = []
    for records in people:
        at, history = begins, []
        for arrival, hours in records:
            if history and hours == 0 and history[-1].arrival != arrival:
                hours = 1  # in and out at one moment may be exchanged, which has tests of its own
            at += timedelta(hours=hours)
            history.append(Recorded(arrival, at))
        histories.append(history)
    raw = pl.DataFrame(
        [
            (number, int(record.arrival), record.at.isoformat(timespec="minutes"))
            for number, history in enumerate(histories)
            for record in history
        ],
        schema=["personId", "is_arrival", "date_crossing"],
        orient="row",
    )
    plain = [
        (number, record.arrival, record.at.date(), record.origin.value)
        for number, history in enumerate(histories)
        for record in by_turns(history, policy)
    ]
    found = clean(raw, policy, today=date(2030, 1, 1))
    assert found.crossings.select("personId", "is_arrival", "date_crossing", "origin").rows() == plain
    assert found.crossings["row"].drop_nulls().len() + found.rejected.height == raw.height
    vectorised.resolve(found.crossings)  # by turns, whatever the policy
