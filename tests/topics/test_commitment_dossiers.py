"""Dossier and review: all that is public, nothing that is not, and what is missing by name."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import followed
from tests.followed import HEALTH, LABOUR, SECRET_WORDS, provision
from tests.world import NOW, World
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.dossier_queries import Missing, dossier, review

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def responsible(world: World) -> None:
    followed.responsible(world)


def test_the_dossier_has_what_was_published_and_names_what_is_missing(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.PARTIALLY)
    followed.measure(world)
    found = dossier(provision(HEALTH), LATER)
    assert (found.code, found.instrument, found.follow_up.official) == (HEALTH, "position-2017", Status.PARTIALLY)
    assert found.title_es
    assert found.title_en
    assert [(each.body.code, each.role) for each in found.answers] == [("MINSAL", "lead")]
    assert [each.body.code for each in found.duties] == ["MINSAL"]
    assert found.missing == (Missing.TARGET, Missing.READING, Missing.ASSESSMENT)
    assert dossier(provision("T1.HR.06"), LATER).missing == tuple(Missing)


def test_no_word_of_a_draft_is_in_a_dossier_or_a_review(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.approved(world, duty)
    followed.assessed(world, publish=False)
    followed.measure(world, publish=False)
    assert SECRET_WORDS not in repr(dossier(provision(HEALTH), LATER))
    assert SECRET_WORDS not in repr(review(*YEAR, LATER))


def test_the_review_has_all_objectives_and_all_commitments_and_says_which_objectives_have_none(world: World) -> None:
    found = review(*YEAR, LATER)
    assert [each.code for each in found.objectives if not each.dossiers] == ["4", "14"]
    assert len(found.objectives) == 23
    assert len(found.dossiers) == 195


def test_the_review_has_the_reports_of_its_period_and_counts_each_column_apart(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.FULFILLED)
    followed.assessed(world, status=Status.NOT_STARTED)
    this, before = review(*YEAR, LATER), review(date(2024, 1, 1), date(2025, 12, 31), LATER)
    objective = next(each for each in this.objectives if any(one.code == HEALTH for one in each.dossiers))
    assert objective.official[Status.FULFILLED] == 1
    assert objective.assessed == {Status.NOT_STARTED: 1}
    assert objective.computed == {}
    told = next(each for each in this.dossiers if each.code == HEALTH)
    assert [each.steps for each in told.follow_up.divergences] == [4]
    earlier = next(each for each in before.dossiers if each.code == HEALTH)
    assert earlier.follow_up.official is Status.NO_INFORMATION
    assert Missing.REPORT in earlier.missing
    assert Missing.REPORT not in told.missing


def test_a_review_asks_as_many_questions_of_the_database_as_a_dossier(world: World) -> None:
    followed.duties(world)
    with CaptureQueriesContext(connection) as one:
        dossier(provision(LABOUR), LATER)
    with CaptureQueriesContext(connection) as all_of_them:
        review(*YEAR, LATER)
    assert len(all_of_them) <= len(one) + 4
