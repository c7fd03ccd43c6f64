"""Sections over HTTP: questions that do not apply, what is more sensitive than its section, older versions."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.world import World, everybody
from torogoz.domain.access import Role
from torogoz.domain.names import PersonName
from torogoz.domain.returns import Answer, Declaration
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Office, Officer
from torogoz.shared.people.actions import AnswersRefused, write_section
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.people.queries import sections_seen_by
from torogoz.shared.places import actions as places
from torogoz.topics.returns.actions import NewPerson, record_arrival

pytestmark = pytest.mark.django_db
WEEKS = "gestation_weeks"
HEALTH = {"symptoms": ["FEVER"], "care": "TREATED", "expected_version": "0"}
POLICE = {"warrant": "NO", "court": "Juzgado Primero de Paz", "expected_version": "0"}


@pytest.fixture
def country(world: World) -> World:
    codelists.load()
    places.load()
    return world


def arrived(world: World, pregnant: Answer = Answer.UNKNOWN) -> Encounter:
    """A made-up arrival at centre A, a minute ago."""
    now = timezone.now()
    arrival = record_arrival(
        by=world.officers["registrar_a"],
        person=NewPerson(
            PersonName("Rosa", "Elena", "Quijada", "Portillo"), sex="F", birth="1991-05", none_fits=everybody()
        ),
        centre=world.offices["CENTRE-A"],
        arrived_at=now - timedelta(minutes=1),
        declared=Declaration("USA", "AIR", pregnant=pregnant),
        token=uuid4(),
        now=now,
    )
    return arrival.encounter


def signed_in(client: Client, officer: Officer) -> Client:
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(person: Person, code: str) -> str:
    return f"/returns/people/{person.key}/sections/{code}/"


@pytest.mark.parametrize(("pregnant", "asked"), [(Answer.YES, True), (Answer.UNKNOWN, True), (Answer.NO, False)])
def test_what_the_header_says_does_not_apply_is_not_asked_and_unknown_is_no_no(
    country: World, client: Client, pregnant: Answer, asked: bool
) -> None:
    person = arrived(country, pregnant).person
    page = signed_in(client, country.officers["health_a"]).get(address(person, "health")).content.decode()
    assert (f'name="{WEEKS}"' in page) is asked
    assert ("Por lo que ya se sabe, no se pregunta: ¿De cuántas semanas" in page) is not asked


def test_an_answer_to_what_was_not_asked_is_not_stored_unseen(country: World, client: Client) -> None:
    person = arrived(country, Answer.NO).person
    browser = signed_in(client, country.officers["health_a"])
    page = browser.post(address(person, "health"), {**HEALTH, WEEKS: "20"}).content.decode()
    assert "esta pregunta no corresponde" in page
    assert not Section.objects.exists()


def test_an_answer_that_does_not_apply_is_shown_and_left_out_only_when_the_officer_agrees(
    country: World, client: Client
) -> None:
    person = arrived(country).person
    browser = signed_in(client, country.officers["police_a"])
    page = browser.get(address(person, "police")).content.decode()
    assert "Solo si «¿Hay una orden judicial vigente?» es «Sí, verificada con el documento» o" in page
    assert "leave_out" not in page
    page = browser.post(address(person, "police"), POLICE).content.decode()
    assert "esta pregunta no corresponde" in page
    assert "Juzgado Primero de Paz</textarea>" in page
    assert 'name="leave_out"' in page
    assert not Section.objects.exists()
    stored = browser.post(address(person, "police"), {**POLICE, "leave_out": "on"}, follow=True).content.decode()
    assert "No se guardó la respuesta, pues no corresponde: Tribunal y número de la orden" in stored
    assert Section.objects.get().answers == {"warrant": "NO"}


def test_the_question_may_be_corrected_instead(country: World, client: Client) -> None:
    person = arrived(country).person
    browser = signed_in(client, country.officers["police_a"])
    assert browser.post(address(person, "police"), {**POLICE, "warrant": "YES"}).status_code == 302
    assert Section.objects.get().answers == {"warrant": "YES", "court": "Juzgado Primero de Paz"}


def test_agreeing_leaves_out_nothing_else_that_is_wrong(country: World, client: Client) -> None:
    person = arrived(country, Answer.NO).person
    browser = signed_in(client, country.officers["health_a"])
    sent = {**HEALTH, WEEKS: "20", "care": "MIRACLE", "leave_out": "on"}
    page = browser.post(address(person, "health"), sent).content.decode()
    assert "no es una de las respuestas" in page or "MIRACLE" in page
    assert not Section.objects.exists()


def test_the_same_rules_hold_for_whatever_writes_a_section(country: World) -> None:
    encounter = arrived(country)
    with pytest.raises(AnswersRefused) as refused:
        write_section(
            by=country.officers["police_a"],
            encounter=encounter,
            code="police",
            answers={"warrant": "NO", "court": "x"},
            expected_version=0,
            now=timezone.now(),
        )
    assert set(refused.value.errors) == {"court"}
    assert refused.value.typed == {"warrant": "NO", "court": "x"}


# ── What is more sensitive than its section ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def feared(country: World) -> Section:
    return write_section(
        by=country.officers["registrar_a"],
        encounter=arrived(country),
        code="migration",
        answers={"time_abroad": "LT1M", "return_fear": "GANGS"},
        expected_version=0,
        now=timezone.now(),
    )


def test_a_sensitive_answer_is_sealed_in_an_ordinary_section(feared: Section) -> None:
    feared.refresh_from_db()
    assert feared.plain == {"time_abroad": "LT1M"}
    assert b"GANGS" not in bytes(feared.sealed or b"")
    assert feared.answers == {"time_abroad": "LT1M", "return_fear": "GANGS"}


@pytest.mark.parametrize(
    ("username", "reads"), [("registrar_a", True), ("labour_a", False), ("children_a", False), ("health_a", False)]
)
def test_only_who_writes_the_section_reads_what_is_more_sensitive_than_it(
    country: World, client: Client, feared: Section, username: str, reads: bool
) -> None:
    person = feared.encounter.person
    page = signed_in(client, country.officers[username]).get(f"/returns/people/{person.key}/").content.decode()
    assert "Menos de un mes" in page
    assert ("Corre peligro" in page) is reads
    assert ("pandillas" in page) is reads
    seen = sections_seen_by(country.officers[username], feared.encounter, timezone.now()).shared
    answers = next(one.answers for one in seen if one.form.code == "migration")
    assert ("return_fear" in answers) is reads


def test_a_page_with_and_without_a_hidden_answer_is_the_same(country: World, client: Client, feared: Section) -> None:
    person = feared.encounter.person
    browser = signed_in(client, country.officers["labour_a"])

    def told() -> str:
        page = browser.get(f"/returns/people/{person.key}/").content.decode()
        return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", page)

    before = told()
    feared.keep({"time_abroad": "LT1M"}).save()
    assert told() == before


# ── Older versions, and what another section has asked ──────────────────────────────────────────────────────────


def test_an_old_section_is_read_and_corrected_under_its_own_version(country: World, client: Client) -> None:
    person = arrived(country, Answer.NO).person
    country.section(
        person, "health", by="health_a", answers={"symptoms": ["NONE"], "gestation_weeks": 0, "care": "FIT"}
    )
    browser = signed_in(client, country.officers["health_a"])
    page = browser.get(f"/returns/people/{person.key}/").content.decode()
    assert "<dt>¿De cuántas semanas es el embarazo?</dt><dd>0</dd>" in page
    page = browser.get(address(person, "health")).content.decode()
    assert f'name="{WEEKS}" value="0"' in page
    assert browser.post(address(person, "health"), {**HEALTH, WEEKS: "0", "expected_version": "1"}).status_code == 302
    stored = Section.objects.get()
    assert (stored.form_version, stored.answers[WEEKS]) == (1, 0)


def test_a_new_section_may_be_stored_under_the_version_that_a_device_still_had(country: World) -> None:
    stored = write_section(
        by=country.officers["police_a"],
        encounter=arrived(country),
        code="police",
        answers={"warrant": "NO", "court": "x"},
        expected_version=0,
        now=timezone.now(),
        form_version=1,
    )
    assert stored.form_version == 1


@pytest.fixture
def mayor(country: World) -> Officer:
    """An officer of a made-up municipality, at the reception centre for the day."""
    officer = Officer.objects.create_user(username="local_a", full_name="Personal inventado (local_a)")
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="LOCAL"),
        office=Office.objects.get(code="CENTRE-A"),
        role=Role.SPECIALIST.value,
        valid_from=timezone.now() - timedelta(days=1),
    )
    return officer


def test_what_another_section_asked_is_shown_and_recorded_and_not_asked(
    country: World, client: Client, mayor: Officer
) -> None:
    encounter = arrived(country)
    write_section(
        by=country.officers["labour_a"],
        encounter=encounter,
        code="labour",
        answers={"occupation": "Albañil", "work_wanted": "JOB", "schooling": "PRIMARY"},
        expected_version=0,
        now=timezone.now(),
    )
    page = signed_in(client, mayor).get(address(encounter.person, "local_government")).content.decode()
    assert "<dt>¿En qué trabajaba?</dt><dd>Albañil</dd>" in page
    assert "De primero a sexto grado" not in page
    assert 'name="occupation"' not in page
    assert set(AccessEvent.objects.get(officer="local_a").sections) == {"local_government", "identity", "labour"}


# ── Doubts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def met_as(world: World, sex: str, birth: str) -> Encounter:
    """A made-up arrival of whom it was said that there is a pregnancy."""
    encounter = arrived(world, Answer.YES)
    Person.objects.filter(pk=encounter.person_id).update(sex=sex, birth=birth)
    return encounter


@pytest.mark.parametrize(("sex", "birth"), [("M", "1991-05"), ("F", "2024"), ("F", "1950-01-01")])
def test_weeks_of_a_doubtful_pregnancy_are_doubted_in_words_and_kept_when_they_are_so(
    country: World, client: Client, sex: str, birth: str
) -> None:
    encounter = met_as(country, sex, birth)
    page = address(encounter.person, "health")
    officer = signed_in(client, country.officers["health_a"])
    doubted = officer.post(page, HEALTH | {WEEKS: "12"}).content.decode()
    assert "su edad hace dudoso un embarazo" in doubted
    assert f'name="{WEEKS}_sure"' in doubted
    assert Section.objects.count() == 0
    assert officer.post(page, HEALTH | {WEEKS: "12", f"{WEEKS}_sure": "on"}).status_code == 302
    assert Section.objects.get().answers[WEEKS] == 12


@pytest.mark.parametrize("birth", ["1991-05", "", "2014"])
def test_what_may_well_be_so_or_is_not_known_is_not_doubted(country: World, client: Client, birth: str) -> None:
    encounter = met_as(country, "F", birth)
    officer = signed_in(client, country.officers["health_a"])
    assert officer.post(address(encounter.person, "health"), HEALTH | {WEEKS: "12"}).status_code == 302


def test_child_protection_of_an_adult_is_doubted(country: World, client: Client) -> None:
    encounter = arrived(country)
    officer = signed_in(client, country.officers["children_a"])
    section = {"received_by": "MOTHER", "measure": "HANDED", "expected_version": "0"}
    page = address(encounter.person, "child_protection")
    assert "es una persona adulta" in officer.post(page, section).content.decode()
    assert officer.post(page, section | {"received_by_sure": "on"}).status_code == 302


def test_a_page_that_is_read_answers_head_and_one_that_does_something_does_not(country: World, client: Client) -> None:
    encounter = arrived(country)
    officer = signed_in(client, country.officers["health_a"])
    for page in (address(encounter.person, "health"), f"/returns/people/{encounter.person.key}/"):
        answer = officer.head(page)
        assert (answer.status_code, answer.content) == (200, b"")
    assert officer.head(address(encounter.person, "police")).status_code == 404
    assert officer.head(f"/devices/{uuid4()}/revoke/").status_code == 405
