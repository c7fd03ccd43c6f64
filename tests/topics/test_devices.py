"""Devices: registered with a token that is shown once, let in by it alone, given the forms of their officer."""

import base64
import hashlib
import json
import re
import zlib
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.filled_forms import device_of, says
from tests.world import World
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.devices import tokens
from torogoz.shared.devices.actions import LASTS, register_device, revoke_device
from torogoz.shared.devices.models import Device
from torogoz.shared.institutions.models import Institution, Membership
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.places import actions as places

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
LISTED = "{http://openrosa.org/xforms/xformsList}"


@pytest.fixture
def country(world: World) -> World:
    codelists.load()
    places.load()
    return world


def signed_in(world: World, username: str) -> Client:
    browser = Client()
    browser.force_login(world.officers[username], backend=BACKEND)
    return browser


def listed(asked: Client) -> dict[str, dict[str, str]]:
    root = ET.fromstring(asked.get("/devices/formList").content)
    forms = [{child.tag.removeprefix(LISTED): child.text or "" for child in form} for form in root]
    return {form["formID"]: form for form in forms}


def test_a_device_of_an_institution_that_is_not_offered_is_refused_and_the_page_says_so(country: World) -> None:
    answer = signed_in(country, "registrar_a").post("/devices/", {"name": "Tableta", "institution": "ZZZ"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "le falta una parte que la página pone sola" in shown
    assert "Tableta" in shown
    assert not Device.objects.exists()


def test_a_device_is_registered_with_a_token_that_is_shown_once_and_kept_as_a_hash(country: World) -> None:
    browser = signed_in(country, "registrar_a")
    page = browser.post("/devices/", {"name": "Tableta de la mesa 2", "institution": "DGME"}).content.decode()
    device = Device.objects.get()
    found = re.search(r"<code>((?:[0-9A-Z]{4}-){5}[0-9A-Z]{4})</code>", page)
    assert found
    token = found.group(1)
    assert token not in {str(value) for value in vars(device).values()}
    assert token not in browser.get("/devices/").content.decode()
    asked = Client(headers={"Authorization": says(device.code, token.lower().replace("-", " "))})
    assert asked.get("/devices/formList").status_code == 200
    assert AccessEvent.objects.get(what="device", verb="create").officer == "registrar_a"


def test_the_square_sets_odk_collect_up() -> None:
    settings = json.loads(
        zlib.decompress(base64.b64decode(tokens.settings_of_collect("https://x/devices", "a", "b", "n")))
    )
    general = settings["general"]
    assert (general["server_url"], general["username"], general["password"]) == ("https://x/devices", "a", "b")
    assert set(settings) == {"general", "admin", "project"}


@pytest.mark.parametrize(
    ("username", "form"),
    [("registrar_a", "torogoz-dgme-registrar"), ("health_a", "torogoz-minsal-specialist")],
)
def test_a_device_lists_and_fetches_the_forms_of_its_officer_and_no_other(
    country: World, username: str, form: str
) -> None:
    _device, asked = device_of(country, username)
    forms = listed(asked)
    assert list(forms) == [form]
    whole = asked.get(forms[form]["downloadUrl"])
    assert forms[form]["hash"] == "md5:" + hashlib.md5(whole.content, usedforsecurity=False).hexdigest()
    assert whole["X-OpenRosa-Version"] == "1.0"
    assert whole["Content-Type"].startswith("text/xml")
    data = ET.fromstring(whole.content).find(".//{http://www.w3.org/2002/xforms}data")
    assert data is not None
    assert data.get("version") == forms[form]["version"]
    assert asked.get(forms[form]["manifestUrl"]).content.count(b"mediaFile") == 0
    for other in {"torogoz-dgme-registrar", "torogoz-minsal-specialist", "torogoz-nobody-nothing"} - {form}:
        answers = {asked.get(f"/devices/forms/{other}{end}").content for end in (".xml", "/manifest")}
        assert answers == {asked.get("/devices/forms/torogoz-at-all.xml").content}
        assert asked.get(f"/devices/forms/{other}.xml").status_code == 404
        assert not ET.fromstring(asked.get(f"/devices/formList?formID={other}").content)
    refused = AccessEvent.objects.filter(what="blank_form", allowed=False)
    assert {(event.officer, event.channel) for event in refused} == {(username, "device")}


def test_why_a_device_is_not_let_in_is_not_told_apart(country: World) -> None:
    now = timezone.now()
    device, asked = device_of(country, "health_a")
    assert asked.get("/devices/formList").status_code == 200
    wrong = Client(headers={"Authorization": says(device.code, tokens.fresh_token())}).get("/devices/formList")
    nobody = Client(headers={"Authorization": says("equipo-00000000", tokens.fresh_token())}).get("/devices/formList")
    revoke_device(by=country.officers["health_a"], device=device, now=now)
    revoked = asked.get("/devices/formList")
    ended, ended_asks = device_of(country, "police_a")
    Membership.objects.filter(officer=ended.officer).update(valid_until=now)
    unposted = ended_asks.get("/devices/formList")
    old, old_asks = device_of(country, "women_a")
    Device.objects.filter(pk=old.pk).update(registered_at=now - 2 * LASTS, valid_until=now - timedelta(seconds=1))
    expired = old_asks.get("/devices/formList")
    for answer in (wrong, nobody, revoked, unposted, expired):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Basic ")
        assert answer.content == wrong.content
    assert AccessEvent.objects.filter(what="device", verb="sign_in", allowed=False).count() == 5


def test_the_session_of_an_officer_opens_nothing_that_devices_ask(country: World) -> None:
    browser = signed_in(country, "registrar_a")
    for address in ("formList", "forms/torogoz-dgme-registrar.xml", "forms/torogoz-dgme-registrar/manifest"):
        assert browser.get(f"/devices/{address}").status_code == 401


def test_whoever_tries_tokens_is_shut_out_after_five(country: World) -> None:
    device, asked = device_of(country, "registrar_a")
    guesser = Client(headers={"Authorization": says(device.code, "0000")})
    assert [guesser.get("/devices/formList").status_code for _ in range(6)] == [401] * 4 + [429] * 2
    assert asked.get("/devices/formList").status_code == 429


def test_a_supervisor_revokes_devices_of_the_own_institution_and_knows_of_no_other(country: World) -> None:
    ours, _ = device_of(country, "registrar_b")
    theirs, _ = device_of(country, "health_a")
    browser = signed_in(country, "supervisor_a")
    page = browser.get("/devices/").content.decode()
    assert ours.code in page
    assert theirs.code not in page
    assert browser.post(f"/devices/{theirs.key}/revoke/").status_code == 404
    assert browser.post(f"/devices/{ours.key}/revoke/").status_code == 302
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.revoked_by, theirs.revoked_at) == (country.officers["supervisor_a"], None)
    assert signed_in(country, "registrar_a").get("/devices/").content.decode().count(ours.code) == 0


def test_nobody_registers_a_device_for_what_the_role_does_not_write(country: World) -> None:
    page = signed_in(country, "logistics_a").get("/devices/").content.decode()
    assert "no hay equipo que registrar" in page
    minsal = Institution.objects.get(code="MINSAL")
    with pytest.raises(NotAllowed):
        register_device(by=country.officers["registrar_a"], institution=minsal, name="x", now=timezone.now())


@override_settings(TWO_FACTOR=True)
def test_a_device_needs_no_second_factor_but_its_officer_does_to_register_it(country: World) -> None:
    _device, asked = device_of(country, "registrar_a")
    assert asked.get("/devices/formList").status_code == 200
    assert signed_in(country, "registrar_a").get("/devices/").status_code == 302
