"""Correcting who a person is: what stood before stays, what somebody else corrected meanwhile is shown beside."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import World
from torogoz.shared.audit.models import AccessEvent, RecordIsAppendOnly
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.people.models import Correction, Name, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(world: World) -> Person:
    codelists.load()
    return world.person("ana", office="CENTRE-A", by="registrar_a", given="Ana", surname="Quijada")


def as_officer(client: Client, world: World, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def typed(version: int = 1, **changes: str) -> dict[str, str]:
    form = {
        "given1": "Anabel", "surname1": "Quijada", "birth": "1990-05", "sex": "F", "nationality": "SLV",
        "why": "spelt", "note": "Así en la partida", "expected_version": str(version), "save": "1",
    }  # fmt: skip
    return form | changes


def test_a_registrar_corrects_and_what_stood_before_stays(client: Client, world: World, ana: Person) -> None:
    browser = as_officer(client, world, "registrar_a")
    address = reverse("returns:correct", args=[ana.key])
    assert 'value="Ana"' in browser.get(address).content.decode()
    answer = browser.post(address, typed())
    assert answer.status_code == 302
    assert Name.objects.get(person=ana).given1 == "Anabel"
    kept = Correction.objects.get()
    assert (kept.version, kept.before["given1"], kept.reason) == (2, "Ana", "spelt")
    page = browser.get(address).content.decode()
    assert "Así en la partida" in page
    assert "<td>Ana</td><td>Anabel</td>" in page
    assert AccessEvent.objects.filter(verb="edit", what="person", allowed=True).count() == 1


def test_nothing_is_written_when_nothing_differs(client: Client, world: World, ana: Person) -> None:
    browser = as_officer(client, world, "registrar_a")
    browser.post(reverse("returns:correct", args=[ana.key]), typed(given1="Ana"))
    ana.refresh_from_db()
    assert ana.version == 1
    assert not Correction.objects.exists()


def test_without_a_reason_nothing_is_saved_and_nothing_typed_is_lost(client: Client, world: World, ana: Person) -> None:
    browser = as_officer(client, world, "registrar_a")
    page = browser.post(reverse("returns:correct", args=[ana.key]), typed(why="")).content.decode()
    assert "Elija una respuesta." in page
    assert 'value="Anabel"' in page
    assert not Correction.objects.exists()


def test_a_wrong_date_is_told_beside_its_field(client: Client, world: World, ana: Person) -> None:
    browser = as_officer(client, world, "registrar_a")
    page = browser.post(reverse("returns:correct", args=[ana.key]), typed(birth="2090")).content.decode()
    assert "está después de hoy" in page
    assert Name.objects.get(person=ana).given1 == "Ana"


def test_what_somebody_else_corrected_meanwhile_is_shown_beside(client: Client, world: World, ana: Person) -> None:
    as_officer(client, world, "supervisor_a").post(
        reverse("returns:correct", args=[ana.key]), typed(given1="Anita", surname1="Quesada")
    )
    answer = as_officer(client, world, "registrar_a").post(reverse("returns:correct", args=[ana.key]), typed())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<td>Anita</td><td><strong>Anabel</strong></td>" in page
    assert Name.objects.get(person=ana).given1 == "Anita"
    again = client.post(reverse("returns:correct", args=[ana.key]), typed(version=2))
    assert again.status_code == 302
    assert [one.before["given1"] for one in Correction.objects.order_by("version")] == ["Ana", "Anita"]


@pytest.mark.parametrize(
    "username", ["health_a", "health_b", "logistics_a", "police_a", "registrar_b", "data_protection"]
)
def test_who_may_not_correct_is_told_that_nothing_is_there(
    client: Client, world: World, ana: Person, username: str
) -> None:
    browser = as_officer(client, world, username)
    assert browser.get(reverse("returns:correct", args=[ana.key])).status_code == 404
    assert browser.post(reverse("returns:correct", args=[ana.key]), typed()).status_code == 404
    assert Name.objects.get(person=ana).given1 == "Ana"


def test_the_history_is_only_added_to(client: Client, world: World, ana: Person) -> None:
    as_officer(client, world, "registrar_a").post(reverse("returns:correct", args=[ana.key]), typed())
    with pytest.raises(RecordIsAppendOnly, match="correct the person once more"):
        Correction.objects.update(note="")
    with pytest.raises(RecordIsAppendOnly):
        Correction.objects.all().delete()
