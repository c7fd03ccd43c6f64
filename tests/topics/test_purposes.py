"""For what an officer works: declared in the session, asked of what stands on a consent, kept with every access."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.consented import consented
from tests.topics.test_attachments import body_of
from tests.topics.test_cases import WHY
from tests.world import NOW, World
from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.consents import Purpose
from torogoz.shared.attachments.actions import attach
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.audit.actions import record
from torogoz.shared.audit.declared import declaring
from torogoz.shared.audit.disclosures import disclosures_of
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.cases import actions
from torogoz.shared.cases.models import Consent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.access import may, visible, visible_sections
from torogoz.shared.institutions.models import Institution, Officer, PersonGrant, PersonLimit
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.people.queries import subject_of
from torogoz.shared.people.shut import to_declare
from torogoz.shared.places import actions as places

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def rosa(world: World, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A made-up woman met at centre A by DGME, whom the health officer of centre B does not reach."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    codelists.load()
    places.load()
    person = world.person("rosa", office="CENTRE-A", by="registrar_a", given="Rosa", surname="Quijada")
    world.section(person, "migration", by="registrar_a", answers={"time_abroad": "LT1M"})
    world.section(person, "health", by="health_a", answers={})
    return person


def consent(world: World, person: Person, purpose: Purpose, to: str = "MINSAL", by: str = "registrar_a") -> Consent:
    sections = ["identity", "migration"] if by == "registrar_a" else ["health"]
    return consented(world.officers[by], person, to, sections, NOW - timedelta(minutes=1), purpose=purpose)


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def declare(client: Client, purpose: Purpose, onward: str = "/") -> None:
    answer = client.post(reverse("purpose"), {"purpose": purpose.value, "next": onward})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == onward


def page_of(client: Client, person: Person | str) -> tuple[int, str]:
    answer = client.get(reverse("returns:person", args=[person.key if isinstance(person, Person) else person]))
    return answer.status_code, TOKEN.sub("", answer.content.decode())


@contextmanager
def working_for(officer: Officer, purpose: Purpose) -> Iterator[None]:
    with declaring(lambda username: purpose.value if username == officer.username else ""):
        yield


# ── What it opens ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_consent_opens_under_its_purpose_at_once_and_shuts_at_once_under_another(world: World, rosa: Person) -> None:
    consent(world, rosa, Purpose.LEGAL)
    client = signed_in(world, "health_b")
    assert page_of(client, rosa)[0] == 404
    declare(client, Purpose.LEGAL)
    status, page = page_of(client, rosa)
    assert status == 200
    assert "Quijada" in page
    declare(client, Purpose.FAMILY)
    assert page_of(client, rosa)[0] == 404


def test_what_one_declares_opens_nothing_to_a_colleague_nor_to_another_institution(world: World, rosa: Person) -> None:
    consent(world, rosa, Purpose.LEGAL)
    declare(signed_in(world, "health_b"), Purpose.LEGAL)
    assert page_of(signed_in(world, "health_supervisor_b"), rosa)[0] == 404
    children = signed_in(world, "children_b")
    declare(children, Purpose.LEGAL)
    assert page_of(children, rosa)[0] == 404
    assert page_of(signed_in(world, "health_b"), rosa)[0] == 404, "another session of the same officer"


def test_the_purpose_of_the_role_needs_no_declaring(world: World, rosa: Person) -> None:
    consent(world, rosa, Purpose.ATTENTION)
    assert page_of(signed_in(world, "health_b"), rosa)[0] == 200


def test_the_protocol_a_hand_over_and_broken_glass_open_under_any_purpose(world: World, rosa: Person) -> None:
    own, outside = signed_in(world, "health_a"), signed_in(world, "health_b")
    glass = actions.break_glass(by=world.officers["health_b"], person=rosa, reason=WHY, now=NOW)
    for purpose in Purpose:
        declare(own, purpose)
        declare(outside, purpose)
        assert (page_of(own, rosa)[0], page_of(outside, rosa)[0]) == (200, 200)
    PersonGrant.objects.filter(pk=glass.grant_id).update(
        basis="handover", sections=["identity"], officer=None, office=world.offices["CENTRE-B"]
    )
    for purpose in Purpose:
        declare(outside, purpose)
        assert page_of(outside, rosa)[0] == 200


def test_a_file_of_a_shared_section_opens_under_the_purpose_and_under_no_other(
    world: World, rosa: Person, settings: object
) -> None:
    section = Section.objects.get(code="health")
    file: Attachment = attach(
        by=world.officers["health_a"], encounter=section.encounter, code="health", name="a.pdf",
        chunks=iter([b"%PDF-1.7\n receta inventada"]), now=NOW - timedelta(minutes=2),
    )  # fmt: skip
    consent(world, rosa, Purpose.REINTEGRATION, to="ISDEMU", by="health_a")
    client, address = signed_in(world, "women_a"), reverse("attachments:file", args=[file.key])
    assert client.get(address).status_code == 404
    declare(client, Purpose.REINTEGRATION)
    assert b"receta" in body_of(client.get(address))


def test_lists_searches_and_exports_show_nobody_by_a_consent_whatever_is_declared(world: World, rosa: Person) -> None:
    consent(world, rosa, Purpose.LEGAL)
    officer = world.officers["health_supervisor_b"]
    for purpose in Purpose:
        with working_for(officer, purpose):
            for verb in (Verb.LIST, Verb.SEARCH, Verb.EXPORT, Verb.EDIT):
                assert not Person.objects.filter(visible(officer, verb, NOW)).exists()
                assert not may(officer, verb, subject_of(rosa), "identity", NOW)
            opened = Encounter.objects.filter(visible(officer, Verb.VIEW, NOW, "", "migration")).exists()
            rows = set(Section.objects.filter(visible_sections(officer, Verb.VIEW, NOW)).values_list("code", flat=True))
            assert (opened, rows) == ((True, {"migration"}) if purpose is Purpose.LEGAL else (False, set()))


def test_a_command_and_a_device_declare_nothing_and_a_consent_opens_nothing_to_them(world: World, rosa: Person) -> None:
    for purpose in Purpose:
        consent(world, rosa, purpose)
    officer = world.officers["health_b"]
    assert not may(officer, Verb.VIEW, subject_of(rosa), "identity", NOW)
    with working_for(world.officers["registrar_a"], Purpose.LEGAL):
        assert not may(officer, Verb.VIEW, subject_of(rosa), "identity", NOW), "somebody else declared it"
    given = Decision(True, Basis.OWN, "MINSAL")
    event = record(
        officer="health_b", institution="MINSAL", verb=Verb.VIEW, what="person", subjects=["x"], decision=given,
        channel="command", now=NOW,
    )  # fmt: skip
    assert event.purpose == ""


# ── Who is told what to declare ─────────────────────────────────────────────────────────────────────────────────


def test_only_the_recipient_is_told_which_purpose_to_declare_and_nobody_else_that_there_is_a_consent(
    world: World, rosa: Person
) -> None:
    consent(world, rosa, Purpose.LEGAL)
    status, page = page_of(signed_in(world, "health_b"), rosa)
    assert status == 404
    assert "Trabajo para: Asistencia legal" in page
    assert "Quijada" not in page
    for other in ("children_b", "registrar_b", "statistician", "data_protection", "logistics_a"):
        client = signed_in(world, other)
        told, of_nobody = page_of(client, rosa), page_of(client, NOWHERE)
        assert "Trabajo para:" not in told[1]
        if other in ("children_b", "statistician", "data_protection"):
            assert told[0] == of_nobody[0] == 404
            assert told[1].replace(str(rosa.key), NOWHERE) == of_nobody[1]


def test_the_page_of_a_person_who_is_seen_anyhow_says_what_another_purpose_would_add(
    world: World, rosa: Person
) -> None:
    client = signed_in(world, "women_a")
    assert "Trabajo para:" not in page_of(client, rosa)[1]
    consent(world, rosa, Purpose.FAMILY, to="ISDEMU", by="health_a")
    status, page = page_of(client, rosa)
    assert status == 200
    assert "Trabajo para: Reunificación familiar" in page
    assert "Trabajo para:" not in page_of(signed_in(world, "labour_a"), rosa)[1]
    declare(client, Purpose.FAMILY, onward=reverse("returns:person", args=[rosa.key]))
    assert "Trabajo para:" not in page_of(client, rosa)[1]


def test_nothing_is_told_of_a_consent_that_ended_nor_of_who_is_kept_from_others(world: World, rosa: Person) -> None:
    given = consent(world, rosa, Purpose.LEGAL)
    officer = world.officers["health_b"]
    assert to_declare(officer, rosa.key, NOW) == (Purpose.LEGAL,)
    limit = PersonLimit.objects.create(person=rosa.key, institution=Institution.objects.get(code="DGME"), since=NOW)
    assert to_declare(officer, rosa.key, NOW) == ()
    limit.delete()
    actions.withdraw_consent(by=world.officers["registrar_a"], consent=given, now=NOW)
    assert to_declare(officer, rosa.key, NOW) == ()


# ── Declaring it ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "words"), [("es", "Para: Atención inmediata"), ("en", "For: Immediate attention")]
)
def test_every_page_says_which_purpose_is_in_force(world: World, rosa: Person, language: str, words: str) -> None:
    client = signed_in(world, "health_a")
    assert words in client.get("/returns/", {"lang": language}).content.decode()
    declare(client, Purpose.PROTECTION)
    assert words not in client.get("/returns/", {"lang": language}).content.decode()
    declared = {"es": "Para: Protección", "en": "For: Protection"}[language]
    for address in ("/", "/returns/", f"/returns/people/{rosa.key}/", "/purpose/"):
        assert declared in client.get(address, {"lang": language}).content.decode(), address


@pytest.mark.parametrize("username", ["statistician", "data_protection"])
def test_who_works_with_no_person_declares_nothing(world: World, username: str) -> None:
    client = signed_in(world, username)
    assert client.get("/purpose/").status_code == 404
    assert client.post("/purpose/", {"purpose": "legal"}).status_code == 404
    assert 'href="/purpose/' not in client.get("/").content.decode()


@pytest.mark.parametrize("typed", ["", "emergency", "todas"])
def test_what_is_no_purpose_is_refused_and_the_one_in_force_stays(world: World, rosa: Person, typed: str) -> None:
    client = signed_in(world, "health_a")
    declare(client, Purpose.LEGAL)
    answer = client.post("/purpose/", {"purpose": typed})
    assert answer.status_code == 422
    assert client.session["purpose"] == "legal"
    client.get("/returns/")
    assert AccessEvent.objects.order_by("-sequence")[0].purpose == "legal"


def test_it_goes_when_the_officer_leaves_and_leads_to_no_other_site(world: World, rosa: Person) -> None:
    client = signed_in(world, "health_a")
    declare(client, Purpose.LEGAL)
    assert client.post("/purpose/", {"purpose": "legal", "next": "https://elsewhere.example/"})["Location"] == "/"
    client.post("/sign-out/")
    client.force_login(world.officers["health_a"], backend=BACKEND)
    assert "Para: Atención inmediata" in client.get("/returns/").content.decode()


# ── What is kept of it ──────────────────────────────────────────────────────────────────────────────────────────


def test_each_access_is_kept_with_its_purpose_and_the_declaring_too(world: World, rosa: Person) -> None:
    consent(world, rosa, Purpose.LEGAL)
    client = signed_in(world, "health_b")
    page_of(client, rosa)
    declare(client, Purpose.LEGAL)
    page_of(client, rosa)
    kept = AccessEvent.objects.filter(officer="health_b").order_by("sequence")
    assert [(one.what, one.allowed, one.basis, one.purpose) for one in kept] == [
        ("person", False, "", "attention"),
        ("purpose", True, "own", "legal"),
        ("person", True, "consent", "legal"),
    ]


def test_what_is_read_by_broken_glass_is_kept_as_an_emergency(world: World, rosa: Person) -> None:
    actions.break_glass(by=world.officers["health_b"], person=rosa, reason=WHY, now=NOW)
    client = signed_in(world, "health_b")
    declare(client, Purpose.LEGAL)
    assert page_of(client, rosa)[0] == 200
    kept = AccessEvent.objects.filter(officer="health_b", basis="glass").order_by("sequence")
    assert [(one.what, one.purpose) for one in kept] == [("glass", "emergency"), ("person", "emergency")]


def test_the_record_is_searched_and_taken_away_by_purpose(world: World, rosa: Person) -> None:
    client = signed_in(world, "health_a")
    page_of(client, rosa)
    declare(client, Purpose.LEGAL)
    page_of(client, rosa)
    reader = signed_in(world, "data_protection")
    asked = {"officer": "health_a", "purpose": "legal"}
    found = reader.get("/audit/", asked)
    assert [row["event"].what for row in found.context["rows"]] == ["person", "purpose"]
    assert ">Asistencia legal</td>" in found.content.decode()
    rows = list(csv.DictReader(StringIO(reader.get("/audit/events.csv", asked).content.decode("utf-8-sig"))))
    assert [row["purpose"] for row in rows] == ["legal", "legal"]


def test_the_person_is_told_for_what_purpose_she_was_read(world: World, rosa: Person) -> None:
    client = signed_in(world, "health_a")
    page_of(client, rosa)
    declare(client, Purpose.LEGAL)
    page_of(client, rosa)
    assert [one.purpose for one in disclosures_of([str(rosa.key)])] == ["attention", "legal"]
