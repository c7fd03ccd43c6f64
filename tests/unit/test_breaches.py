"""The seventy-two hours of a breach, to the second, and what cannot be recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from torogoz.domain.breaches import (
    BreachRefused,
    Category,
    Clock,
    Told,
    check_breach,
    check_notice,
    notices,
)

FOUND = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)  # the hours run over holidays too
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("done", "now", "clock", "left"),
    [
        (None, FOUND, Clock.RUNNING, 72),
        (None, FOUND + 71 * HOUR + SECOND, Clock.RUNNING, 0),
        (None, FOUND + 72 * HOUR, Clock.RUNNING, 0),
        (None, FOUND + 72 * HOUR + SECOND, Clock.OVERDUE, -1),
        (FOUND + 72 * HOUR, FOUND + 90 * HOUR, Clock.IN_TIME, -18),
        (FOUND + 72 * HOUR + SECOND, FOUND + 90 * HOUR, Clock.LATE, -18),
    ],
)
def test_each_of_the_three_has_seventy_two_hours(done: datetime | None, now: datetime, clock: Clock, left: int) -> None:
    ace, prosecutor, persons = notices(FOUND, {Told.ACE: done} if done else {})
    assert (ace.clock(now), ace.hours_left(now)) == (clock, left)
    assert prosecutor.clock(now) == persons.clock(now) != Clock.IN_TIME
    assert [one.told for one in (ace, prosecutor, persons)] == list(Told)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"discovered_at": FOUND + 2 * HOUR}, "discovered_at", "future"),
        ({"began_at": FOUND + SECOND}, "began_at", "order"),
        ({"discovered_at": FOUND.replace(year=1800)}, "discovered_at", "long_ago"),
        ({"began_at": FOUND.replace(year=1)}, "began_at", "long_ago"),
        ({"what": "robo"}, "what", "words"),
        ({"categories": []}, "categories", "categories"),
        ({"people": -1}, "people", "people"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(changes: dict[str, Any], field: str, code: str) -> None:
    typed: dict[str, Any] = {
        "discovered_at": FOUND,
        "began_at": None,
        "what": "Se perdió una computadora del centro",
        "categories": [Category.IDENTITY],
        "people": None,
        "now": FOUND + HOUR,
    }
    check_breach(**typed)
    with pytest.raises(BreachRefused) as refused:
        check_breach(**typed | changes)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert refused.value.explain("es") != refused.value.explain("en")


@pytest.mark.parametrize(("done", "code"), [(FOUND - SECOND, "before"), (FOUND + 2 * HOUR, "future")])
def test_nobody_was_told_before_the_discovery_or_in_the_future(done: datetime, code: str) -> None:
    with pytest.raises(BreachRefused) as refused:
        check_notice(discovered_at=FOUND, done_at=done, now=FOUND + HOUR)
    assert refused.value.code == code
