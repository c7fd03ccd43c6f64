"""The count of facts that were not asked again: for supervisors, of their own, through the policy."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.world import World, everybody
from torogoz.domain.access import Role
from torogoz.domain.names import PersonName
from torogoz.domain.people import DocumentTyped
from torogoz.domain.returns import Answer, Declaration
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.people.models import Encounter, Section
from torogoz.shared.places import actions as places
from torogoz.topics.returns import queries
from torogoz.topics.returns.actions import NewPerson, record_arrival
from torogoz.topics.returns.reuse import Reused, reuse_lines, reuse_seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(world: World) -> World:
    codelists.load()
    places.load()
    return world


def arrived(world: World, centre: str, by: str, *, documented: bool = True) -> Encounter:
    """A made-up arrival an hour ago; pregnancy and disability are not known."""
    now = timezone.now()
    papers = [DocumentTyped("DUI", "00016297-5", "SLV")] if documented else []
    arrival = record_arrival(
        by=world.officers[by],
        person=NewPerson(
            PersonName("Rosa", surname1="Quijada"), sex="F", birth="1991", documents=papers, none_fits=everybody()
        ),
        centre=world.offices[centre],
        arrived_at=now - timedelta(minutes=1),
        declared=Declaration("USA", "AIR", injured=Answer.NO),
        token=uuid4(),
        now=now,
    )
    return arrival.encounter


def written(world: World, encounter: Encounter, code: str, by: str, answers: dict[str, object]) -> None:
    section = world.section(encounter.person, code, by=by, answers=answers)
    section.recorded_at = timezone.now()
    section.save()


def counted(officer: Officer) -> dict[str, Reused]:
    now = timezone.now()
    found = reuse_seen_by(officer, now - timedelta(days=1), now + timedelta(days=1), now)
    return {each.form.code: each for each in found}


def test_facts_that_stood_there_are_counted_and_unknown_is_no_fact(country: World) -> None:
    encounter = arrived(country, "CENTRE-A", "registrar_a", documented=False)
    written(country, encounter, "police", "police_a", {"warrant": "NO"})
    police = counted(country.officers["police_supervisor_a"])["police"]
    assert (police.written, police.needed, police.known) == (1, 3, 2)
    assert police.missing == (("document", 1),)


def test_two_sections_add_up(country: World) -> None:
    for _ in range(2):
        encounter = arrived(country, "CENTRE-B", "registrar_b")
        written(country, encounter, "health", "health_b", {"care": "FIT"})
    health = counted(country.officers["health_supervisor_b"])["health"]
    assert (health.written, health.needed, health.known) == (2, 10, 6)
    assert health.missing == (("disabled", 2), ("pregnant", 2))


def test_only_the_own_sections_of_people_within_reach_are_counted(country: World) -> None:
    here = arrived(country, "CENTRE-A", "registrar_a")
    written(country, here, "police", "police_a", {"warrant": "NO"})
    written(country, here, "health", "health_a", {"care": "FIT"})
    written(country, here, "migration", "registrar_a", {"time_abroad": "LT1M"})
    assert set(counted(country.officers["police_supervisor_a"])) == {"police"}
    assert set(counted(country.officers["supervisor_a"])) == {"migration"}
    assert counted(country.officers["police_a"]) == {}
    assert counted(country.officers["health_a"]) == {}


def test_what_others_write_changes_no_count_of_mine(country: World) -> None:
    here = arrived(country, "CENTRE-A", "registrar_a")
    written(country, here, "police", "police_a", {"warrant": "NO"})
    before = counted(country.officers["police_supervisor_a"])
    written(country, here, "labour", "labour_a", {"occupation": "Albañil"})
    written(country, here, "child_protection", "children_a", {"received_by": "MOTHER", "measure": "HANDED"})
    assert counted(country.officers["police_supervisor_a"]) == before


def test_another_section_counts_when_it_was_written_before(country: World) -> None:
    here = arrived(country, "CENTRE-A", "registrar_a")
    mayor = Officer.objects.create_user(username="mayor", full_name="Personal inventado (mayor)")
    Membership.objects.create(
        officer=mayor,
        institution=Institution.objects.get(code="LOCAL"),
        office=country.offices["CENTRE-A"],
        role=Role.SPECIALIST.value,
        valid_from=timezone.now() - timedelta(days=1),
    )
    welcomed(here, mayor, timezone.now())
    assert reuse_lines(timezone.now() + timedelta(days=1)) == [(here.pk, "local_government", "N")]
    written(country, here, "labour", "labour_a", {"occupation": "Albañil", "work_wanted": "JOB"})
    later = timezone.now() + timedelta(days=1)
    assert (here.pk, "local_government", "N") in reuse_lines(later), "what came later had not been asked before"
    Section.objects.filter(code="local_government").update(recorded_at=timezone.now())
    assert (here.pk, "local_government", "Y") in reuse_lines(later)
    Section.objects.get(code="labour").keep({"occupation": "Albañil", "work_wanted": "_U"}).save()
    assert (here.pk, "local_government", "N") in reuse_lines(later), "unknown is no fact"


def welcomed(encounter: Encounter, by: Officer, at: datetime) -> None:
    """A made-up section of the municipality."""
    institution = Institution.objects.get(code="LOCAL")
    section = Section(encounter=encounter, code="local_government", form_version=1, institution=institution)
    section.recorded_by, section.recorded_at = by, at
    section.keep({"home_again": "FAMILY"}).save()


def test_the_migration_interview_is_no_later_institution(country: World) -> None:
    here = arrived(country, "CENTRE-A", "registrar_a")
    written(country, here, "migration", "registrar_a", {"time_abroad": "LT1M"})
    written(country, here, "police", "police_a", {"warrant": "NO"})
    assert reuse_lines(timezone.now() + timedelta(days=1)) == [(here.pk, "police", "Y")]


def test_the_rows_of_a_release_have_no_name_no_day_and_no_key(country: World) -> None:
    here = arrived(country, "CENTRE-A", "registrar_a")
    written(country, here, "police", "police_a", {"warrant": "NO"})
    rows = queries.person_rows(timezone.now() + timedelta(days=1))["section_reuse"]
    assert rows.select("SECTION", "ALL_KNOWN", "SEX").row(0) == ("police", "Y", "F")
    assert str(here.person.key) not in rows.write_csv()


def test_the_page_tells_the_sum_and_what_lacked_and_is_recorded(country: World, client: Client) -> None:
    encounter = arrived(country, "CENTRE-A", "registrar_a", documented=False)
    written(country, encounter, "police", "police_a", {"warrant": "NO"})
    page = signed_in(client, country, "police_supervisor_a").get("/returns/reuse/").content.decode()
    assert "De 3 datos que se necesitaron, 2 ya estaban." in page
    assert "documento de identidad (1)" in page
    event = AccessEvent.objects.get(what="reuse")
    assert (event.verb, event.allowed, event.subjects, event.sections) == ("list", True, [], ["police"])


@pytest.mark.parametrize("username", ["police_a", "registrar_a", "logistics_a", "statistician", "data_protection"])
def test_who_supervises_nobody_finds_no_page(country: World, client: Client, username: str) -> None:
    assert signed_in(client, country, username).get("/returns/reuse/").status_code == 404


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"since": "2026-02-01", "until": "2026-01-01"}, "Termina antes de empezar"),
        ({"since": "2020-01-01", "until": "2026-01-01"}, "Es más de un año"),
        ({"since": "ayer", "until": "2026-01-01"}, "Escriba la fecha como año-mes-día"),
    ],
)
def test_days_that_cannot_be_are_told(country: World, client: Client, days: dict[str, str], told: str) -> None:
    page = signed_in(client, country, "police_supervisor_a").get("/returns/reuse/", days).content.decode()
    assert told in page
    assert not AccessEvent.objects.filter(what="reuse", allowed=True).exists()


def test_days_without_a_section_are_no_zero(country: World, client: Client) -> None:
    page = signed_in(client, country, "police_supervisor_a").get("/returns/reuse/").content.decode()
    assert "no escribió ninguna sección" in page
    assert "0 %" not in page


def signed_in(client: Client, world: World, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client
