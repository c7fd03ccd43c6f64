"""How a person is reached: sealed, for whom the protocol names, and not at all where the person forbade it."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import NOW, World
from torogoz.domain.access import Verb
from torogoz.domain.contacts import ContactRefused, Safe, Way, Whose
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.households.actions import add_contact, end_contact, forbid_contact
from torogoz.shared.households.models import Contact
from torogoz.shared.households.queries import contacts_seen_by
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person
from torogoz.shared.vault import rotation
from torogoz.shared.vault.keyring import Purpose

pytestmark = pytest.mark.django_db

NUMBER = "+50370123456"
READERS = {"registrar_a", "registrar_b", "supervisor_a", "psychosocial_a", "children_a", "children_supervisor_a",
           "women_a", "consular_a", "legal_aid_a"}  # fmt: skip


@pytest.fixture
def ana(world: World) -> Person:
    codelists.load()
    return world.person("ana", office="CENTRE-A", by="registrar_a", given="Ana", surname="Quijada")


def as_officer(client: Client, world: World, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def typed(**changes: str) -> dict[str, str]:
    form = {"way": "phone", "value": "7012-3456", "country": "SLV", "whose": "relative", "name": "Tía Inventada",
            "safe": "Y", "hours": "por la tarde", "spoken": "español", "save": "1"}  # fmt: skip
    return form | changes


def noted(world: World, person: Person, by: str = "registrar_a", value: str = "7012-3456") -> Contact:
    contact, _read = add_contact(
        by=world.officers[by], person=person, way=Way.PHONE, value=value, country="SLV", whose=Whose.OWN,
        safe=Safe.YES, now=NOW,
    )  # fmt: skip
    return contact


def test_a_contact_is_noted_sealed_and_shown_with_whose_it_is(client: Client, world: World, ana: Person) -> None:
    browser, address = as_officer(client, world, "registrar_a"), reverse("households:contacts", args=[ana.key])
    assert "Todavía no hay ninguno anotado" in browser.get(address).content.decode()
    assert browser.post(address, typed()).status_code == 302
    page = browser.get(address).content.decode()
    assert f'<a href="tel:{NUMBER}">{NUMBER}</a>' in page
    assert "Tía Inventada" in page
    stored = Contact.objects.get()
    assert b"70123456" not in bytes(stored.sealed)
    assert b"Inventada" not in bytes(stored.sealed)
    assert stored.institution.code == "DGME"
    event = AccessEvent.objects.get(verb=Verb.CREATE, what="contact")
    assert (event.subjects, event.sections) == ([str(ana.key), str(stored.key)], ["contacts"])
    assert AccessEvent.objects.filter(verb=Verb.VIEW, what="contact", allowed=True).count() == 2


def test_who_reads_them_is_who_the_protocol_names_and_to_the_rest_the_page_is_not_there(
    world: World, ana: Person
) -> None:
    noted(world, ana)
    address = reverse("households:contacts", args=[ana.key])
    for username, officer in world.officers.items():
        answer = as_officer(Client(), world, username).get(address)
        assert answer.status_code == (200 if username in READERS else 404), username
        assert (NUMBER in answer.content.decode()) == (username in READERS)
        assert bool(contacts_seen_by(officer, ana, NOW)) == (username in READERS)


def test_a_specialist_of_another_centre_cannot_note_end_or_forbid(client: Client, world: World, ana: Person) -> None:
    contact = noted(world, ana)
    browser = as_officer(client, world, "children_b")
    assert browser.post(reverse("households:contacts", args=[ana.key]), typed()).status_code == 404
    for step in ("end", "forbid"):
        where = reverse("households:contact_step", args=[ana.key, contact.key, step])
        assert browser.post(where).status_code == 404
    with pytest.raises(NotAllowed):
        noted(world, ana, by="children_b", value="7777-7777")
    for act in (end_contact, forbid_contact):
        with pytest.raises(NotAllowed):
            act(by=world.officers["children_b"], contact=contact, now=NOW)
    contact.refresh_from_db()
    assert (contact.ended_at, contact.forbidden_at, Contact.objects.count()) == (None, None, 1)


def test_what_the_person_forbade_is_shown_to_nobody_and_not_noted_again(
    client: Client, world: World, ana: Person
) -> None:
    contact = noted(world, ana)
    browser, address = as_officer(client, world, "registrar_a"), reverse("households:contacts", args=[ana.key])
    browser.post(reverse("households:contact_step", args=[ana.key, contact.key, "forbid"]))
    for username in READERS:
        page = as_officer(Client(), world, username).get(address).content.decode()
        assert "No contactar" in page
        assert "7012" not in page
        assert [(one.value, one.name, one.note) for one in contacts_seen_by(world.officers[username], ana, NOW)] == [
            ("", "", "")
        ]
    page = browser.post(address, typed()).content.decode()
    assert "La persona pidió que no se use ese dato" in page
    assert 'value="7012-3456"' in page, "what was typed is not lost"
    assert Contact.objects.count() == 1
    browser.post(reverse("households:contact_step", args=[ana.key, contact.key, "end"]))
    assert browser.post(address, typed()).status_code == 302


def test_the_same_telephone_is_noted_once_while_in_force(world: World, ana: Person) -> None:
    contact = noted(world, ana)
    with pytest.raises(ContactRefused, match="noted already"):
        noted(world, ana, by="psychosocial_a", value="+503 7012 3456")
    end_contact(by=world.officers["registrar_a"], contact=contact, now=NOW)
    noted(world, ana, by="psychosocial_a")
    assert [one.ended for one in contacts_seen_by(world.officers["registrar_a"], ana, NOW)] == [False, True]


def test_only_a_number_that_is_safe_and_whole_can_be_dialled(client: Client, world: World, ana: Person) -> None:
    browser, address = as_officer(client, world, "registrar_a"), reverse("households:contacts", args=[ana.key])
    asked = browser.post(address, typed(country="")).content.decode()
    assert "Elija de qué país es el teléfono" in asked
    browser.post(address, typed(safe="_U"))
    page = browser.post(address, typed(value="2255-1234", country="_U"), follow=True).content.decode()
    assert "No se sabe de qué país es" in page
    assert "tel:" not in page
    assert "Pregunte si es seguro" in page


def test_a_contact_without_whose_it_is_is_refused_and_nothing_typed_is_lost(
    client: Client, world: World, ana: Person
) -> None:
    browser, address = as_officer(client, world, "registrar_a"), reverse("households:contacts", args=[ana.key])
    page = browser.post(address, typed(name="")).content.decode()
    assert "Escriba de quién es" in page
    assert 'value="7012-3456"' in page
    switched = browser.post(
        address, urlencode(typed() | {"switch_language": "en"}), content_type="application/x-www-form-urlencoded"
    ).content.decode()
    assert "How to reach Ana Quijada" in switched
    assert 'value="Tía Inventada"' in switched
    assert not Contact.objects.exists()


def test_contacts_are_sealed_anew_when_the_keys_rotate(world: World, ana: Person) -> None:
    contact = noted(world, ana)
    before = bytes(contact.sealed)
    rotation.rotate(Purpose.SEAL, "DGME", NOW)
    rotation.rewrap(NOW)
    contact.refresh_from_db()
    assert bytes(contact.sealed) != before
    assert contacts_seen_by(world.officers["registrar_a"], ana, NOW)[0].value == NUMBER


def test_a_forbidden_number_is_hidden_in_every_way_and_after_a_merge(world: World, ana: Person) -> None:
    officer = world.officers["registrar_a"]
    twin = world.person("twin", office="CENTRE-A", by="registrar_a", given="Ana", surname="Quijada")
    noted(world, twin, value="+503 7012 3456")
    forbid_contact(by=officer, contact=noted(world, ana), now=NOW)
    with pytest.raises(ContactRefused, match="asked that this not be used"):
        add_contact(by=officer, person=ana, way=Way.WHATSAPP, value=NUMBER, whose=Whose.OWN, safe=Safe.YES, now=NOW)
    # What a merge does (people/moving.py): what hung on the record that goes hangs on the one that stays.
    Contact.objects.filter(person=twin).update(person=ana)
    seen = contacts_seen_by(officer, ana, NOW)
    assert [(one.forbidden, one.value) for one in seen] == [(True, ""), (True, "")]
