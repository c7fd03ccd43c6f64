"""Consultations as the public and the institutions see them."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_without_a_published_consultation_the_page_says_so_in_both_languages(client: Client) -> None:
    assert "Todavía no hay consultas publicadas" in client.get("/consultation/").content.decode()
    assert "No consultation has been published yet" in client.get("/consultation/?lang=en").content.decode()
