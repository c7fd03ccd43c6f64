"""Spanish first; English for whoever asks for it."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.world import World
from torogoz.shared.ui.publishers import said

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


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


def test_the_switch_of_a_form_speaks_at_once_and_sets_the_cookie_that_the_other_switch_sets(
    world: World, client: Client
) -> None:
    client.force_login(world.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.post("/returns/search/", "text=Rosa&switch_language=en", content_type=FORM)
    set_here = client.cookies[settings.LANGUAGE_COOKIE_NAME].OutputString()
    assert page.headers["Content-Language"] == "en"
    assert b'<html lang="en"' in client.get("/returns/search/").content
    client.post(reverse("set_language"), {"language": "en", "next": "/about/"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].OutputString() == set_here


@pytest.mark.parametrize("value", ["xx", "", "en-GB", "../en", "EN"])
def test_a_switch_to_a_language_that_is_not_spoken_here_changes_nothing(
    world: World, client: Client, value: str
) -> None:
    client.force_login(world.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.post("/returns/search/", urlencode({"text": "Rosa", "switch_language": value}), content_type=FORM)
    assert page.headers["Content-Language"] == "es"
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_the_switch_of_a_form_is_not_for_who_has_not_signed_in(client: Client) -> None:
    page = client.post(reverse("set_language"), "language=es&next=/&switch_language=en", content_type=FORM)
    assert page.headers["Content-Language"] == "es"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"


@pytest.mark.parametrize("size", [3_000_000, 10])
def test_what_is_no_form_or_too_large_is_left_to_who_reads_it(world: World, client: Client, size: int) -> None:
    client.force_login(world.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    body = b"switch_language=en&text=" + b"a" * size
    page = client.post("/returns/search/", body, content_type=FORM if size > 10 else "text/plain")
    assert page.status_code == (400 if size > 10 else 200)
    assert page.headers["Content-Language"] == "es"
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_publishers_are_named_in_the_language_of_the_page_and_files_keep_their_own_words() -> None:
    unhcr = "United Nations High Commissioner for Refugees (UNHCR)"
    assert said(unhcr, "en") == unhcr
    assert said(unhcr, "es") == "Alto Comisionado de las Naciones Unidas para los Refugiados (ACNUR)"
    assert said("Someone else", "es") == "Someone else"
    assert said("Made up for the demonstration, as if of: National Civil Police (PNC)", "es") == (
        "Inventado para la demostración, como si fuera de: Policía Nacional Civil (PNC)"
    )
