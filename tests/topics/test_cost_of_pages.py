"""How many questions pages ask the database that officers, for whom no page is kept, open all day."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.made_up import SECRET, arrivals, release_of_made_up_rows
from tests.world import LONG_AGO, World
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import shipped

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def officer(world: World) -> Client:
    cache.clear()
    client = Client()
    client.force_login(world.officers["secretariat"], backend=BACKEND)
    return client


def test_the_register_of_indicators_is_worked_out_once_for_an_edition_and_anew_for_the_next(
    officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    before = officer.get("/indicators/").context["counts"]
    release_of_made_up_rows(arrivals(800), secret=SECRET)
    after = officer.get("/indicators/").context["counts"]
    assert after["given"] > before["given"]
    with django_assert_max_num_queries(15):
        assert officer.get("/indicators/").context["counts"] == after


def test_the_list_of_commitments_asks_as_much_however_many_there_are(
    officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    codelists.load()
    shipped.load(now=LONG_AGO)
    with django_assert_max_num_queries(26):
        assert "195 disposiciones" in officer.get("/commitments/list/").content.decode()
