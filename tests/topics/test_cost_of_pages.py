"""How many questions pages ask the database that officers, for whom no page is kept, open all day."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.made_up import SECRET, arrivals, release_of_made_up_rows
from tests.topics.test_commitment_themes import adopted, part
from tests.world import LONG_AGO, World
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import shipped
from torogoz.shared.provisions.models import Instrument, Provision, ProvisionText, Recommendation

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


def documents(numbers: range) -> None:
    """Documents of treaty bodies with two recommendations each."""
    for number in numbers:
        code = f"cmw-{number}"
        document = Instrument.objects.create(
            code=code, kind=Instrument.Kind.RECOMMENDATIONS, name_es=code, name_en=code
        )
        for place in (1, 2):
            one = Provision.objects.create(
                instrument=document, code=f"{number}.{place}", position=place, kind="recommendation"
            )
            ProvisionText.objects.create(
                provision=one, language="es", role="source", text=f"Texto {number}.{place}", written_at=LONG_AGO
            )
            Recommendation.objects.create(provision=one, mechanism="CMW", made_by="CMW")


def test_the_list_of_recommendations_asks_as_much_however_many_documents_hold_them(officer: Client) -> None:
    codelists.load()
    shipped.load(now=LONG_AGO)
    asked = []
    for numbers, count in ((range(2), 4), (range(2, 12), 24)):
        documents(numbers)
        with CaptureQueriesContext(connection) as queries:
            page = officer.get("/commitments/list/?mechanism=all").content.decode()
        assert f"{count} disposiciones" in page
        asked.append(len(queries))
    assert page.index("Texto 1.2") < page.index("Texto 2.1") < page.index("Texto 10.1")
    assert asked[1] <= asked[0] <= 26


@pytest.mark.parametrize("page", ["", "divergences/", "without/target/", "without/responsible/"])
def test_the_follow_up_asks_as_much_for_three_positions_as_for_two(officer: Client, page: str) -> None:
    codelists.load()
    shipped.load(now=LONG_AGO)
    asked = []
    for code in ("position-one", "position-two"):
        adopted(part("A", kind="section"), part("A1", "A"), part("A1.1", "A1"), part("Z"), code=code)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(f"/commitments/follow-up/{page}").status_code == 200
        asked.append(len(queries))
    assert asked[1] <= asked[0] <= 27
