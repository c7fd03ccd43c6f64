"""What a list keeps back it says."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.topics.test_returns import arrived
from tests.world import World
from torogoz.domain.returns import Declaration
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("needs", "said"), [((), True), (("PROTECTION",), True), (("FOOD",), False)])
def test_the_police_are_told_that_needs_are_not_for_them(
    client: Client, world: World, needs: tuple[str, ...], said: bool
) -> None:
    codelists.load()
    places.load()
    arrived(world, declared=Declaration("USA", "AIR", needs=needs))
    client.force_login(world.officers["police_a"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("returns:index"), {"day": "2026-11-20"}).content.decode()
    assert ("lo demás no es para su institución" in page) is said
