"""What a commitment is told to be: all that is public, nothing that is not, and what is missing by name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import followed
from tests.followed import HEALTH, LABOUR, SECRET_WORDS, provision
from tests.world import NOW, World
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.shipped import POSITION
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.entry_queries import entries
from torogoz.topics.commitments.review_content import Missing, ProvisionEntry, canonical
from torogoz.topics.commitments.review_queries import dossier_content

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def responsible(world: World) -> None:
    followed.responsible(world)


def entry(code: str) -> ProvisionEntry:
    return entries([provision(code)], LATER)[0]


def test_a_commitment_has_what_was_published_and_names_what_is_missing(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.PARTIALLY)
    followed.measure(world)
    found = entry(HEALTH)
    assert (found.code, found.follow_up.official) == (HEALTH, Status.PARTIALLY)
    assert found.name_es
    assert found.name_en
    assert [(each.body.code, each.leads) for each in found.responsible] == [("MINSAL", True)]
    assert found.missing == (Missing.TARGET, Missing.READING, Missing.ASSESSMENT)
    assert entry("T1.HR.06").missing == tuple(Missing)


def test_no_word_of_a_draft_is_in_a_dossier(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.approved(world, duty)
    followed.assessed(world, publish=False)
    followed.measure(world, publish=False)
    assert SECRET_WORDS not in canonical(dossier_content(provision(HEALTH), LATER))


def test_all_commitments_ask_as_many_questions_of_the_database_as_one(world: World) -> None:
    followed.duties(world)
    with CaptureQueriesContext(connection) as one:
        entry(LABOUR)
    with CaptureQueriesContext(connection) as all_of_them:
        assert len(entries(provisions.commitments(POSITION), LATER)) == 195
    assert len(all_of_them) <= len(one) + 2
