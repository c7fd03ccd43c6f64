"""What is unusual in how officers read: by tables, each threshold from both sides."""

from datetime import date, timedelta

import pytest

from torogoz.domain.oversight import (
    AlertRefused,
    AlertState,
    Day,
    Kind,
    check_step,
    crowded_files,
    is_night,
    quantile,
    repeated_glass,
    unusual_days,
)

TODAY = date(2026, 11, 20)


def day(officer: str, ago: int = 0, role: str = "registrar", **counts: int) -> Day:
    return Day(officer, "DGME", role, TODAY - timedelta(days=ago), **counts)


def days(officer: str, *elsewhere: int, role: str = "registrar") -> list[Day]:
    """Days of work, yesterday first."""
    return [day(officer, ago, role, elsewhere=number) for ago, number in enumerate(elsewhere, start=1)]


PEERS = [one for name in ("b", "c", "d") for one in days(name, *([2] * 9), 6)]  # nine of ten of their days: 2
BUSY_PEERS = [one for name in ("b", "c", "d") for one in days(name, *([10] * 10))]
QUIET = days("a", *([1] * 10))
WIDE = days("a", *([20, 40] * 5))
SNOOPS_DAILY = days("a", *([200] * 10))


@pytest.mark.parametrize(
    ("measured", "history", "asked"),
    [
        (60, [], False),  # with nobody to compare with: four times the floor of 15
        (61, [], True),
        (15, [*QUIET, *PEERS], False),  # the floor
        (16, [*QUIET, *PEERS], True),  # above the floor, the own bar (1 + 6) and the peers' (3 × 2)
        (16, QUIET, True),  # ten own days alone are enough to compare
        (16, QUIET[:9], False),  # nine days are not
        (16, PEERS, True),  # a new officer is compared with peers
        (16, PEERS[:20], False),  # two are too few
        (16, days("b", *([2] * 30)), False),
        (30, [*QUIET, *BUSY_PEERS], False),  # three times what nine of ten days of peers stay below
        (31, [*QUIET, *BUSY_PEERS], True),
        (118, WIDE, False),  # own days between 20 and 40: a bar of 30 + 6 × 1.4826 × 10
        (119, WIDE, True),
        (61, [*SNOOPS_DAILY, *PEERS], True),  # the habit of each day is no excuse when no peer has it
        (60, [*SNOOPS_DAILY, *PEERS], False),
    ],
)
def test_reading_outside_the_own_centre_is_compared_with_the_own_days_and_with_peers(
    measured: int, history: list[Day], asked: bool
) -> None:
    found = unusual_days([day("a", elsewhere=measured)], history, {})
    assert [(one.kind, one.officer, one.measured) for one in found] == (
        [(Kind.ELSEWHERE, "a", measured)] if asked else []
    )


def test_peers_are_of_the_same_institution_and_role() -> None:
    others = [one for name in ("b", "c", "d") for one in days(name, *([2] * 10), role="specialist")]
    assert not unusual_days([day("a", elsewhere=16)], others, {})


@pytest.mark.parametrize(("kind", "floor"), [(Kind.NIGHT, 10), (Kind.REFUSED, 10), (Kind.ELSEWHERE, 15)])
def test_each_kind_has_its_floor_and_says_what_is_usual(kind: Kind, floor: int) -> None:
    history = [*(day("a", ago) for ago in range(1, 11)), *(day(name, ago) for name in "bcd" for ago in range(1, 11))]
    assert not unusual_days([day("a", **{kind.value: floor})], history, {})
    (found,) = unusual_days([day("a", **{kind.value: floor + 1})], history, {})
    assert (found.kind, found.own, found.peers, found.limit) == (kind, 0, 0, floor)
    (alone,) = unusual_days([day("a", **{kind.value: 4 * floor + 1})], [], {})
    assert (alone.own, alone.peers) == (None, None), "what is not known is not zero"


def test_what_was_explained_is_asked_again_only_when_it_is_half_as_much_again() -> None:
    answered = {(Kind.ELSEWHERE, "a"): 20}
    assert not unusual_days([day("a", elsewhere=30)], QUIET, answered)
    assert unusual_days([day("a", elsewhere=31)], QUIET, answered)
    assert unusual_days([day("e", elsewhere=61)], QUIET, answered), "another officer's explanation is not one's own"


@pytest.mark.parametrize(("times", "asked"), [((1, 1), False), ((1, 1, 1), True), ((3,), True), ((2,), False)])
def test_glass_broken_three_times_in_a_week_is_asked_about(times: tuple[int, ...], asked: bool) -> None:
    week = [day("a", ago, glass=number) for ago, number in enumerate(times)] + [day("b", glass=2)]
    assert [(one.officer, one.measured) for one in repeated_glass(week, TODAY, {})] == (
        [("a", sum(times))] if asked else []
    )


def test_glass_asked_about_this_week_is_asked_again_when_it_is_half_as_much_again() -> None:
    assert not repeated_glass([day("a", glass=4)], TODAY, {(Kind.GLASS, "a"): 3})
    assert repeated_glass([day("a", glass=5)], TODAY, {(Kind.GLASS, "a"): 3})


@pytest.mark.parametrize(("many", "usual", "asked"), [(15, 3, False), (16, 3, True), (20, 10, False), (21, 10, True)])
def test_one_file_opened_by_many_is_compared_with_the_other_files_of_the_week(
    many: int, usual: int, asked: bool
) -> None:
    readers = {f"person {number}": [f"o{each}" for each in range(usual)] for number in range(200)}
    readers["famous"] = [f"o{each}" for each in range(many)]
    found = crowded_files(readers, TODAY, {})
    assert [(one.person, one.measured, len(one.officers)) for one in found] == (
        [("famous", many, many)] if asked else []
    )
    assert not crowded_files({}, TODAY, {})


def test_in_a_quiet_week_what_is_usual_is_not_known() -> None:
    (found,) = crowded_files({"famous": [f"o{each}" for each in range(16)]}, TODAY, {})
    assert (found.limit, found.peers) == (15, None)


@pytest.mark.parametrize(("hour", "night"), [(21, False), (22, True), (0, True), (4, True), (5, False), (12, False)])
def test_the_night(hour: int, night: bool) -> None:
    assert is_night(hour) is night


@pytest.mark.parametrize(
    ("values", "share", "least"),
    [([1], 0.9, 1), ([*range(1, 11)], 0.9, 9), ([*range(1, 101)], 0.99, 99), ([5, 1], 0.5, 1)],
)
def test_a_quantile_is_a_value_below_or_at_which_the_share_lies(values: list[int], share: float, least: int) -> None:
    assert quantile(values, share) == least


@pytest.mark.parametrize(
    ("state", "following", "reason", "goes"),
    [
        (AlertState.NEW, AlertState.LOOKED_INTO, "asked her chief", True),
        (AlertState.EXPLAINED, AlertState.BREACH, "the explanation was false", True),
        (AlertState.BREACH, AlertState.EXPLAINED, "it was the night of the flood", True),
        (AlertState.NEW, AlertState.EXPLAINED, "  short   ", False),
        (AlertState.EXPLAINED, AlertState.EXPLAINED, "the same once more", False),
        (AlertState.EXPLAINED, AlertState.NEW, "as if nobody had looked", False),
    ],
)
def test_a_step_of_an_alert_needs_a_reason_and_leads_elsewhere(
    state: AlertState, following: AlertState, reason: str, goes: bool
) -> None:
    if goes:
        check_step(state, following, reason)
    else:
        with pytest.raises(AlertRefused):
            check_step(state, following, reason)
