"""The page of blank forms: what each officer may fill in, and nobody else's."""

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.world import World
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.statistics.forms.shipped import current_form

pytestmark = pytest.mark.django_db
X = {"x": "http://www.w3.org/2002/xforms"}


@pytest.fixture
def country(world: World) -> World:
    codelists.load()
    places.load()
    return world


def signed_in(client: Client, world: World, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("username", "name", "groups"),
    [
        ("registrar_a", "torogoz-dgme-registrar", ["header", "section_migration"]),
        ("health_a", "torogoz-minsal-specialist", ["person", "section_health"]),
        ("police_a", "torogoz-pnc-specialist", ["person", "section_police"]),
        ("children_a", "torogoz-conapina-specialist", ["person", "section_child_protection"]),
    ],
)
def test_an_officer_fetches_what_the_own_role_writes_and_no_more(
    country: World, client: Client, username: str, name: str, groups: list[str]
) -> None:
    browser = signed_in(client, country, username)
    assert f"/forms/{name}.xml" in browser.get("/forms/").content.decode()
    answer = browser.get(f"/forms/{name}.xml")
    data = ET.fromstring(answer.content).find(".//x:instance/x:data", X)
    assert data is not None
    assert data.get("id") == name
    assert [child.tag.partition("}")[2] for child in data][:-1] == groups
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.xml"'


@pytest.mark.parametrize("username", ["police_a", "registrar_a", "logistics_a", "statistician", "data_protection"])
def test_the_form_of_another_institution_answers_as_one_that_there_is_not(
    country: World, client: Client, username: str
) -> None:
    browser = signed_in(client, country, username)
    assert browser.get("/forms/torogoz-minsal-specialist.xml").status_code == 404
    assert browser.get("/forms/torogoz-nobody-nothing.xml").status_code == 404
    assert AccessEvent.objects.filter(what="blank_form", allowed=False).count() == 2


def test_who_writes_nothing_is_told_so(country: World, client: Client) -> None:
    page = signed_in(client, country, "logistics_a").get("/forms/").content.decode()
    assert "no hay ningún formulario que bajar" in page


def test_nobody_fetches_a_form_without_signing_in(country: World, client: Client) -> None:
    assert client.get("/forms/").status_code == 302
    assert client.get("/forms/torogoz-dgme-registrar.xml").status_code == 302


def test_the_lists_of_a_form_are_the_country_s(country: World, client: Client) -> None:
    written = signed_in(client, country, "registrar_a").get("/forms/torogoz-dgme-registrar.xml").content
    root = ET.fromstring(written)
    counts = {
        instance.get("id"): len(instance.findall("x:root/x:item", X))
        for instance in root.iterfind(".//x:instance[@id]", X)
    }
    assert counts["DISTRICT"] == 262 + 1
    assert counts["DEPARTMENT"] == 14 + 1
    assert counts["AREA"] > 240
    within = [item.findtext("x:within", "", X) for item in root.iterfind(".//x:instance[@id='DISTRICT']//x:item", X)]
    assert all(within[:-1])
    assert within[-1] == ""


def test_the_workbook_has_the_questions_of_the_section(country: World, client: Client) -> None:
    written = signed_in(client, country, "police_a").get("/forms/torogoz-pnc-specialist.xlsx").content
    sheets = load_workbook(BytesIO(written), read_only=True)
    rows = list(sheets["survey"].iter_rows(values_only=True))
    names = [row[1] for row in rows]
    assert [name for name in names if name in {each.code for each in current_form("police").questions}] == [
        each.code for each in current_form("police").questions
    ]
