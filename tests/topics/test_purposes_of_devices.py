# ruff: noqa: F811 - fixtures are asked for by their name
"""What a device asks through OpenRosa, or a command takes out, declares no purpose: a consent opens nothing to it.

Not even when the request brings the session of its own officer along, in which a purpose was declared.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.filled_forms import CARE, PICTURE, care, registered, says, send
from tests.topics.test_purposes import BACKEND, consent, declare, page_of, rosa, working_for  # noqa: F401
from tests.world import NOW, World
from torogoz.domain.consents import Purpose
from torogoz.domain.people import DocumentTyped
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.devices.models import FilledForm
from torogoz.shared.exports.actions import export_people
from torogoz.shared.exports.models import Export
from torogoz.shared.people.actions import add_identifier
from torogoz.shared.people.models import Person, Section

pytestmark = pytest.mark.django_db
ONE = UUID("11111111-0000-4000-8000-000000000001")
DUI = "02345678-7"
FORM = "torogoz-minsal-specialist"
WITH_A_PICTURE = {**CARE, "file_health": "1.png"}


@pytest.fixture
def device(world: World, rosa: Person) -> Client:
    """The device of the health officer of centre B, which also brings along the session in which that officer works for
    attention; a consent to MINSAL for every purpose opens rosa, of centre A, to who declares it."""
    registrar = world.officers["registrar_a"]
    add_identifier(by=registrar, person=rosa, document=DocumentTyped("DUI", DUI), now=NOW)
    for purpose in Purpose:
        consent(world, rosa, purpose)
    client = Client()
    client.force_login(world.officers["health_b"], backend=BACKEND)
    declare(client, Purpose.ATTENTION)
    assert page_of(client, rosa)[0] == 200, "the page opens to the session"
    registered_device, token = registered(world, "health_b")
    client.defaults["HTTP_AUTHORIZATION"] = says(registered_device.code, token)
    client.defaults["HTTP_X_OPENROSA_VERSION"] = "1.0"
    return client


def told_since(last: int) -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(sequence__gt=last).order_by("sequence"))


def last_event() -> int:
    return AccessEvent.objects.order_by("-sequence").values_list("sequence", flat=True)[0]


def test_forms_are_listed_and_fetched_without_a_purpose_and_say_nothing_of_anybody(
    device: Client, rosa: Person
) -> None:
    last = last_event()
    pages = [
        device.get(reverse("devices:form_list")),
        device.get(reverse("devices:form", args=[FORM])),
        device.get(reverse("devices:manifest", args=[FORM])),
    ]
    for page in pages:
        assert page.status_code == 200
        for word in ("Rosa", "Quijada", DUI, DUI.replace("-", ""), str(rosa.key)):
            assert word not in page.content.decode()
    assert {event.purpose for event in told_since(last)} <= {""}


def test_a_form_with_its_picture_reaches_nobody_whom_only_a_consent_opens(device: Client, rosa: Person) -> None:
    last, before = last_event(), Section.objects.count()
    nobody = send(device, care(ONE, "05555555-5", WITH_A_PICTURE), {"1.png": PICTURE})
    hers = send(device, care(UUID(int=2), DUI, WITH_A_PICTURE), {"1.png": PICTURE})
    assert (hers.status_code, hers.content) == (nobody.status_code, nobody.content) == (202, nobody.content)
    assert list(FilledForm.objects.values_list("state", "why", "encounter")) == [("held", "person", None)] * 2
    assert Section.objects.count() == before
    assert not Attachment.objects.exists()
    events = told_since(last)
    assert events
    assert {event.purpose for event in events} == {""}
    assert not any(str(rosa.key) in event.subjects for event in events)


def test_what_is_handed_in_of_who_is_within_reach_is_kept_without_a_purpose(
    world: World, device: Client, rosa: Person
) -> None:
    world.encounter(rosa, office="CENTRE-B", by="registrar_a")
    last = last_event()
    assert send(device, care(ONE, DUI, WITH_A_PICTURE), {"1.png": PICTURE}).status_code == 201
    assert Attachment.objects.get().code == "health"
    written = told_since(last)
    assert {event.what for event in written} >= {"filled_form", "section", "attachment"}
    assert {event.purpose for event in written} == {""}


def test_an_export_that_a_command_makes_shows_nobody_by_a_consent(world: World, device: Client) -> None:
    by, today = world.officers["health_supervisor_b"], timezone.localdate(NOW)
    made, _password = export_people(
        by=by,
        since=today - timedelta(days=30),
        until=today,
        purpose=next(iter(Export.Purpose)),
        reason="Prueba inventada",
        language="es",
        now=NOW,
    )
    assert made.people == 0
    event = AccessEvent.objects.get(what="people", channel="export")
    assert (event.subjects, event.purpose) == ([], "")
    made.path.unlink()
