"""The public register of outside data."""

import pytest
from django.test import Client
from django.utils import timezone

from torogoz.shared.sources.actions import import_file
from torogoz.shared.sources.models import Vintage
from torogoz.shared.sources.reading import HEADLINES

pytestmark = pytest.mark.django_db


@pytest.fixture
def headlines() -> Vintage:
    """The shipped figures, imported, with rows set aside."""
    vintage = import_file(path=HEADLINES, now=timezone.now())[0].vintage
    for row in range(3):
        vintage.set_aside.create(row=row, column="name", value="María Pérez", reason="not a country")
    return vintage


def test_everyone_sees_who_published_what_and_its_checksum(client: Client, headlines: Vintage) -> None:
    page = client.get("/sources/").content.decode()
    assert "Cifras publicadas" in page
    assert headlines.publisher in page
    assert headlines.sha256 in page.replace("<wbr>", "")
    assert headlines.licence in page
    assert '3: <span lang="en">not a country</span>' in page


def test_the_register_shows_no_value_that_was_set_aside(client: Client, headlines: Vintage) -> None:
    assert "María" not in client.get("/sources/").content.decode()


def test_what_is_held_back_is_said_to_be(client: Client, headlines: Vintage) -> None:
    assert "Guardada, pero sin usar" not in client.get("/sources/").content.decode()
    Vintage.objects.update(held_back=True)
    assert "Guardada, pero sin usar" in client.get("/sources/").content.decode()


def test_an_empty_register_says_what_to_do(client: Client) -> None:
    assert "torogoz import" in client.get("/sources/").content.decode()
