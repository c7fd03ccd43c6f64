"""What the public reads of commitments."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import shipped

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def loaded() -> None:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)


def test_the_overview_counts_the_position_and_names_the_objectives_without_one(client: Client, loaded: None) -> None:
    page = client.get("/commitments/").content.decode()
    assert "<strong>195</strong>" in page
    assert "<strong>39</strong> Sistema por construir" in page
    assert page.count("sin posición nacional de 2017") == 2
    english = client.get("/commitments/?lang=en").content.decode()
    assert english.count("without a national position of 2017") == 2


def test_before_anything_is_loaded_the_overview_says_what_to_do(client: Client) -> None:
    cache.clear()
    assert "torogoz provisions load" in client.get("/commitments/").content.decode()
