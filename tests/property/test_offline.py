"""Whatever the line and the server do, what two devices filled in is stored once, and as without any fault."""

import uuid
from hashlib import sha256
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from tests.effort import tries
from tests.filled_forms import device_of
from tests.offline import plan, play, play_many, stored, taken_back
from tests.world import World
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.devices import actions
from torogoz.shared.institutions.models import Officer
from torogoz.shared.places import actions as places

pytestmark = pytest.mark.django_db
SCHEDULES, PLANS = tries(20), 6


@pytest.fixture
def devices(world: World) -> list[Client]:
    codelists.load()
    places.load()
    return [device_of(world, username)[1] for username in ("registrar_a", "health_a")]


@pytest.fixture
def deciders(world: World) -> list[Officer]:
    return [world.officers["registrar_a"], world.officers["health_a"]]


def test_nothing_is_lost_and_nothing_is_written_twice(devices: list[Client], deciders: list[Officer]) -> None:
    played = play_many(range(SCHEDULES), PLANS, devices, deciders)
    assert (played.schedules, played.lost, played.doubled, played.unlike) == (SCHEDULES, 0, 0, [])
    assert all(
        played.faults[kind] > SCHEDULES // 2 for kind in ("lost", "late", "cut", "killed", "repeated", "unanswered")
    )


def test_what_is_stored_without_faults_is_what_was_filled_in(devices: list[Client], deciders: list[Officer]) -> None:
    with taken_back():
        play(plan(1), devices, deciders, 1, faulty=False)
        end = stored()
        counted = {what: len(rows) for what, rows in end.items()}
    assert counted == {"people": 2, "arrivals": 2, "sections": 4, "attachments": 1, "forms": plan(1).forms}
    assert any("'detained_days', 77" in str(row) for row in end["sections"])


def test_the_game_finds_a_server_that_forgets_what_came(devices: list[Client], deciders: list[Officer]) -> None:
    def forgetful(clear: bytes) -> Any:
        return sha256(clear + uuid.uuid4().bytes)

    with mock.patch.object(actions, "sha256", forgetful), pytest.raises((AssertionError, KeyError)):
        play_many(range(6), PLANS, devices, deciders)
