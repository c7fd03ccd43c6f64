"""Sessions of psychosocial attention: read by who attends; others learn at most that the stop was done."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import Role
from torogoz.domain.sessions import SessionKind, SessionRefused
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions.models import Institution, Membership, Officer, PersonGrant
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person
from torogoz.topics.returns import attention_actions, attention_queries
from torogoz.topics.returns.models import Attention, StopMade

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
NOTES = "Contó lo que pasó en el camino"


@pytest.fixture
def rosa(world: World, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return world.person("rosa", office="CENTRE-A", by="registrar_a", given="Rosa")


def held(world: World, person: Person, **changes: object) -> Attention:
    values: dict[str, object] = {
        "by": world.officers["psychosocial_a"],
        "encounter": person.encounters.get(),
        "kind": SessionKind.INDIVIDUAL,
        "held_on": TODAY,
        "next_on": None,
        "notes": NOTES,
        "now": NOW,
    }
    return attention_actions.record_session(**(values | changes))  # type: ignore[arg-type]


def as_officer(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(answer: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())  # type: ignore[attr-defined]


def test_a_session_is_recorded_on_its_page_and_nothing_typed_is_lost(world: World, rosa: Person) -> None:
    browser = as_officer(world, "psychosocial_a")
    where = f"/returns/people/{rosa.key}/sessions/"
    assert where in said(browser.get(f"/returns/people/{rosa.key}/"))
    typed = {"kind": "individual", "held_on": "2026-11-20", "next_on": "2026-11-20", "notes": NOTES}
    refused = browser.post(where, typed)
    assert refused.status_code == 422
    assert NOTES in said(refused)
    assert "debe ser después de la sesión" in said(refused)
    assert not Attention.objects.exists()
    assert browser.post(where, typed | {"next_on": "2026-11-27"}).status_code == 302
    page = said(browser.get(where))
    assert NOTES in page
    assert "2026-11-27" in page
    event = AccessEvent.objects.filter(what="session", verb="view").order_by("-pk")[0]
    assert str(Attention.objects.get().key) in str(event.subjects)


def test_what_was_said_is_sealed_and_the_stop_of_that_day_is_done(world: World, rosa: Person) -> None:
    session = held(world, rosa)
    assert NOTES.encode() not in bytes(session.sealed)
    assert [(one.stop, one.progress) for one in StopMade.objects.all()] == [("psychosocial", "done")]
    held(world, rosa, kind=SessionKind.GROUP)
    assert StopMade.objects.count() == 1


def test_a_session_of_a_later_day_says_nothing_of_the_stop(world: World, rosa: Person) -> None:
    later = NOW + timedelta(days=9)
    held(world, rosa, held_on=TODAY + timedelta(days=9), now=later)
    assert not StopMade.objects.exists()
    with pytest.raises(SessionRefused):
        held(world, rosa, held_on=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    "username",
    ["registrar_a", "supervisor_a", "health_a", "police_a", "consular_a", "children_a", "logistics_a", "registrar_b"],
)
def test_nobody_else_learns_that_there_was_a_session(world: World, rosa: Person, username: str) -> None:
    browser = as_officer(world, username)
    pages = (f"/returns/people/{rosa.key}/", f"/returns/people/{rosa.key}/sessions/", "/returns/appointments/")
    before = [said(browser.get(page)) for page in pages]
    held(world, rosa, next_on=TODAY + timedelta(days=7))
    assert [said(browser.get(page)) for page in pages] == before
    assert browser.get(pages[1]).status_code == browser.get(pages[2]).status_code == 404
    assert browser.post(pages[1], {"kind": "group", "held_on": "2026-11-20", "notes": "x"}).status_code == 404
    with pytest.raises(NotAllowed):
        held(world, rosa, by=world.officers[username])
    assert said(browser.get(pages[1])) == said(browser.get(f"/returns/people/{uuid4()}/sessions/"))


def test_neither_the_head_of_the_institution_nor_a_consent_reads_what_was_said(world: World, rosa: Person) -> None:
    held(world, rosa)
    head = Officer.objects.create(username="gami_head", full_name="Personal inventado", made_up=True)
    Membership.objects.create(
        officer=head,
        institution=Institution.objects.get(code="GAMI"),
        office=world.offices["CENTRE-A"],
        role=Role.SUPERVISOR.value,
        valid_from=LONG_AGO,
    )
    world.officers["gami_head"] = head
    assert as_officer(world, "gami_head").get(f"/returns/people/{rosa.key}/sessions/").status_code == 404
    PersonGrant.objects.create(
        person=rosa.key,
        institution=Institution.objects.get(code="MINSAL"),
        basis="consent",
        purpose="attention",
        sections=["identity", "psychosocial", "health"],
        valid_from=NOW - timedelta(hours=1),
        valid_until=NOW + timedelta(days=1),
    )
    assert as_officer(world, "health_b").get(f"/returns/people/{rosa.key}/").status_code == 200
    assert as_officer(world, "health_b").get(f"/returns/people/{rosa.key}/sessions/").status_code == 404


def test_who_is_expected_again_until_the_next_session(world: World, rosa: Person) -> None:
    other = world.person("luz", office="CENTRE-B", by="registrar_b", given="Luz")
    held(world, rosa, next_on=TODAY + timedelta(days=7))
    by, later = world.officers["psychosocial_a"], NOW + timedelta(days=10)
    found = attention_queries.appointments(by, TODAY + timedelta(days=10), later)
    assert [(one.person, one.day, one.late) for one in found] == [(rosa, TODAY + timedelta(days=7), 3)]
    page = said(as_officer(world, "psychosocial_a").get("/returns/appointments/"))
    assert "Rosa" in page
    assert "Luz" not in page
    held(world, rosa, held_on=TODAY + timedelta(days=10), now=later)
    assert attention_queries.appointments(by, TODAY + timedelta(days=10), later) == []
    assert as_officer(world, "psychosocial_a").get(f"/returns/people/{other.key}/sessions/").status_code == 404
