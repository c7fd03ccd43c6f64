"""What the menus and the desks offer opens: no officer is led to a page that is not there for who asks."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve

from tests.world import World
from torogoz.shared.codelists import actions as codelists

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLES = (
    "registrar_a",
    "supervisor_a",
    "logistics_a",
    "health_a",
    "police_supervisor_a",
    "children_a",
    "consular_a",
    "statistician",
    "data_protection",
    "secretariat",
    "focal_health",
    "ombudsman",
)
"""One officer of each role, of several institutions."""
LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')


def links(client: Client, address: str) -> Iterator[str]:
    """The pages of this site that a page leads to, each once."""
    page = client.get(address).content.decode()
    return (link.replace("&amp;", "&") for link in dict.fromkeys(LINK.findall(page)))


def is_public(address: str) -> bool:
    """Whether anybody may ask for it; an address that leads nowhere is asked for as any other."""
    try:
        return not getattr(resolve(address.split("?")[0]).func, "login_required", True)
    except Resolver404:
        return False


@pytest.fixture
def country(world: World) -> World:
    codelists.load()
    cache.clear()
    world.person("rosa", office="CENTRE-A", by="registrar_a")
    return world


@pytest.mark.parametrize("username", [None, *ROLES])
def test_every_link_of_the_menu_and_of_the_desks_opens(country: World, username: str | None) -> None:
    client = Client()
    if username:
        client.force_login(country.officers[username], backend=BACKEND)
    menu = [link for link in links(client, "/") if link != "/"]
    assert menu
    asked = {"/"}
    lost = []
    for desk in menu:
        found = [link for link in links(client, desk) if username is None or not is_public(link) or link in menu]
        for link in [desk, *found]:
            if link not in asked:
                asked.add(link)
                answer = client.get(link)
                if answer.status_code not in (200, 302):
                    lost.append(f"{answer.status_code} {link}, from {desk}")
    assert not lost, "\n".join(lost)


def test_the_menu_leads_a_stranger_to_the_figures_of_returns_and_who_attends_people_to_the_desk(country: World) -> None:
    leads = {}
    for username in (None, "registrar_a", "secretariat"):
        client = Client()
        if username:
            client.force_login(country.officers[username], backend=BACKEND)
        page = client.get("/").content.decode()
        found = re.search(r'<a href="([^"]+)"[^>]*>Retorno y reintegración</a>', page)
        assert found
        assert client.get(found[1]).status_code == 200
        assert ("Entrar como personal" in page) is (username is None)
        leads[username] = found[1]
    assert leads == {None: "/flows/RETURNS/", "registrar_a": "/returns/", "secretariat": "/flows/RETURNS/"}
