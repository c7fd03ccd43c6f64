"""In two worlds that differ only in what an officer may not see, every question has one answer; a leak is found.

The whole of it, a hundred thousand cases, is `script/bench access`. Here are a few worlds, and leaks planted on
purpose: were the questions blind to them, that no leak is found would say nothing.
"""

from collections.abc import Callable
from unittest import mock

import pytest
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access import questions, worlds
from tests.world import NOW, World
from torogoz.shared.cases import handover_actions, handover_queries
from torogoz.shared.cases import queries as cases
from torogoz.shared.cases.models import Handover
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.exports import queries as exports
from torogoz.shared.people import queries as people
from torogoz.shared.people.models import Encounter, Section
from torogoz.shared.places import actions as places
from torogoz.topics.returns import actions as returns
from torogoz.topics.returns import queries as arrivals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_attends")]

ENOUGH = 25
"""Worlds in which a planted leak must have been found."""


@pytest.fixture
def ground(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    codelists.load()
    places.load()
    return world


def leaks_in(world: World, seed: int, *, over_http: bool = False, about: str = "") -> list[questions.Leak]:
    with transaction.atomic():
        made = worlds.cast(world, seed)
        asked = questions.compare(made, seed, over_http=over_http, about=about)
        found = [leak for _, leaks in asked for leak in leaks]
        transaction.set_rollback(True)
    return found


@settings(max_examples=1, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_what_is_hidden_changes_no_answer(ground: World, seed: int) -> None:
    assert leaks_in(ground, seed, over_http=seed % 2 == 0) == []


def everything(*_args: object, **_named: object) -> Q:
    return Q()


def ordered_by_all_their_encounters(visible: Callable[..., object]) -> Callable[..., object]:
    """A list whose order counts encounters that the officer may not see."""

    def sorted_so(*args: object, **named: object) -> list[object]:
        rows: list[object] = visible(*args, **named)  # type: ignore[assignment]
        return sorted(rows, key=lambda row: -row.person.encounters.count())  # type: ignore[attr-defined]

    return sorted_so


def found_by_all_their_encounters(search: Callable[..., object]) -> Callable[..., object]:
    """A search whose ranks do."""

    def ranked_so(*args: object, **named: object) -> list[object]:
        rows: list[object] = search(*args, **named)  # type: ignore[assignment]
        return sorted(rows, key=lambda row: -Encounter.objects.filter(person__key=row.key).count())  # type: ignore[attr-defined]

    return ranked_so


"""Where a leak is planted, what is put there instead, and the questions that must notice."""
PLANTED: dict[str, tuple[object, str, object, str]] = {
    "a query that forgets the policy": (people, "visible", everything, "the page of"),
    "sections of everybody": (people, "visible_sections", everything, "the page of"),
    "an export of all sections": (exports, "visible_sections", everything, "an export"),
    "an export of all people": (exports, "visible", everything, "an export"),
    "a count over all hand-overs": (
        handover_queries,
        "waiting_handovers",
        lambda officer, now: Handover.objects.count(),
        "how many",
    ),
    "a list sorted by what is hidden": (
        arrivals,
        "arrivals_of_day",
        ordered_by_all_their_encounters(arrivals.arrivals_of_day),
        "the list",
    ),
    "a search ranked by what is hidden": (
        people,
        "search_seen_by",
        found_by_all_their_encounters(people.search_seen_by),
        "the search",
    ),
    "a refusal that counts every hand-over": (
        handover_actions,
        "live_between",
        lambda by, person, receiver, now: Handover.objects.filter(person=person, to_office=receiver.office).exists(),
        "the answer to a hand-over",
    ),
    "a refusal that knows every arrival": (
        returns,
        "arrived_between",
        lambda by, person, first, end, now: Encounter.objects.filter(
            person=person, occurred_at__gte=first, occurred_at__lt=end
        ).exists(),
        "the answer to a second arrival",
    ),
    "a count over all sections": (
        people,
        "corrections_seen_by",
        lambda officer, person, now: list(Section.objects.filter(encounter__person=person)),
        "the corrections",
    ),
    "the consents of everybody": (
        cases,
        "consents_seen_by",
        lambda officer, person, now: list(person.consents.select_related("recipient", "institution")),
        "the consents",
    ),
}


@pytest.mark.load  # minutes each: `pytest -m load tests/property/test_non_interference.py`
@pytest.mark.parametrize("leak", sorted(PLANTED))
def test_a_planted_leak_is_found(ground: World, leak: str) -> None:
    where, name, planted, about = PLANTED[leak]
    with mock.patch.object(where, name, planted):
        assert any(leaks_in(ground, seed, about=about) for seed in range(ENOUGH)), (
            f"{leak}: nobody noticed in {ENOUGH} worlds"
        )
