"""The made-up follow-up of the demonstration: in each state, called made up, added once."""

from collections import Counter

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.made_up import release_of_made_up_rows
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions import protocol
from torogoz.shared.institutions import shipped as institutions
from torogoz.shared.places import actions as places
from torogoz.shared.provisions import shipped
from torogoz.shared.provisions.queries import commitments
from torogoz.shared.provisions.shipped import POSITION
from torogoz.site.demonstration.commitments import load_commitments
from torogoz.site.demonstration.loading import load_country
from torogoz.topics.commitments import public_queries
from torogoz.topics.commitments.report_models import ProgressReport

pytestmark = pytest.mark.django_db


def test_the_made_up_follow_up_has_each_state_a_divergence_and_says_that_it_is_made_up() -> None:
    cache.clear()
    now = timezone.now()
    codelists.load()
    places.load()
    institutions.load()
    protocol.load()
    shipped.load(now=now)
    load_country(now=now, people=5, progress=False)
    release_of_made_up_rows(now=now)
    assert load_commitments(now=now) == 6
    assert load_commitments(now=now) == 0
    states = Counter(ProgressReport.objects.values_list("state", flat=True))
    assert states == {"published": 3, "draft": 1, "submitted": 1, "approved": 1}
    found = public_queries.public_follow_up(commitments(POSITION), now)
    assert sum(bool(each.divergences) for each in found.values()) >= 1
    assert any(each.late for each in public_queries.public_duties(now))
    assert "inventado, para la demostración" in Client().get("/commitments/follow-up/").content.decode()
