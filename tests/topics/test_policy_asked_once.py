"""A page that is only read asks the tables of the policy once; the next page asks anew."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.world import NOW, World
from torogoz.shared.institutions.access import postings
from torogoz.shared.institutions.models import Membership
from torogoz.shared.institutions.once import asked_once, only_reading

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def told() -> Callable[..., list[int]]:
    """A question whose answer is another each time that it is really asked."""
    answers = iter(range(100))
    question = asked_once(lambda *words: next(answers))
    return lambda *words: [question(*words), question(*words)]


def test_outside_of_a_reading_every_question_is_asked(told: Callable[..., list[int]]) -> None:
    assert told("a") == [0, 1]


def test_in_a_reading_the_same_words_are_answered_once_and_no_reading_knows_of_another(
    told: Callable[..., list[int]],
) -> None:
    with only_reading():
        assert [told("a"), told("b"), told("a")] == [[0, 0], [1, 1], [0, 0]]
    with only_reading():
        assert told("a") == [2, 2]
    assert told("a") == [3, 4]


def test_a_page_of_a_person_reads_postings_rules_and_grants_once_each(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    rosa = world.person("rosa", office="CENTRE-A", by="registrar_a")
    client.force_login(world.officers["health_a"], backend=BACKEND)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("returns:person", args=[rosa.key])).status_code == 200
    for table in ("institutions_membership", "institutions_sharingrule", "institutions_persongrant"):
        about = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
        assert len(about) == len(set(about)), table


def test_a_posting_that_has_ended_opens_nothing_in_the_next_request(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    rosa = world.person("rosa", office="CENTRE-A", by="registrar_a")
    client.force_login(world.officers["health_a"], backend=BACKEND)
    page = reverse("returns:person", args=[rosa.key])
    assert client.get(page).status_code == 200
    Membership.objects.filter(officer=world.officers["health_a"]).update(valid_until=NOW)
    assert client.get(page).status_code == 404
    assert postings(world.officers["health_a"], NOW) == ()
