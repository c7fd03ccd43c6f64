"""Spanish first; English for whoever asks for it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_page_speaks_spanish_whatever_the_browser_prefers(client: Client) -> None:
    page = client.get(reverse("about"), headers={"Accept-Language": "en-US,en;q=0.9"})
    assert page.headers["Content-Language"] == "es"
    assert b'<html lang="es"' in page.content


def test_whoever_chose_english_reads_english(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "en", "next": "/about/"})
    assert b'<html lang="en"' in client.get(reverse("about")).content


def test_a_language_that_is_not_spoken_here_is_spanish(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert client.get(reverse("about")).headers["Content-Language"] == "es"


def test_a_page_says_that_it_depends_on_the_choice(client: Client) -> None:
    assert "Cookie" in client.get(reverse("about")).headers["Vary"]
