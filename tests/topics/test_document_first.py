"""A document that somebody has already speaks louder than any name: at the desk, before registering, from a device."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.filled_forms import ARRIVAL, arrival, device_of, send
from tests.topics.test_people_search import Register, Search, register, search
from tests.topics.test_returns import at_centre
from tests.world import NOW, World
from torogoz.domain.names import PersonName
from torogoz.domain.people import DocumentTyped
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.devices.models import FilledForm
from torogoz.shared.people.likeness import Reason
from torogoz.shared.people.models import Identifier, Person
from torogoz.shared.people.queries import resembling
from torogoz.shared.people.weighing import Who
from torogoz.shared.places import actions as places

pytestmark = pytest.mark.django_db
__all__ = ["register", "search"]  # fixtures

DUI = "00016297-5"
PAPER = DocumentTyped("DUI", DUI)


@pytest.fixture
def country(world: World) -> World:
    codelists.load()
    places.load()
    return world


@pytest.fixture
def rosa(country: World, register: Register) -> Person:
    return register("Rosa Elena Quijada Portillo", birth="2001", identifiers=[PAPER])


def hidden_with(world: World, given: str, number: str) -> Person:
    """Somebody whom another institution met at another centre."""
    person = world.person(given.lower(), office="CENTRE-B", by="health_b", given=given, surname="Lovo")
    Identifier(person=person, institution=person.institution, kind="DUI", issuer="SLV").keep(number).save()
    return person


def who(name: str, birth_year: int | None) -> Who:
    """Somebody whose words stand anywhere in the form, with the DUI."""
    given, _, rest = name.partition(" ")
    return Who(PersonName(given1=given, surname1=rest), birth=str(birth_year or ""), documents=(("DUI", DUI),))


def alike(world: World, name: str, *, by: str = "registrar_a", birth_year: int | None = 1970) -> list[Person]:
    found = resembling(world.officers[by], who(name, birth_year), now=NOW)
    return [Person.objects.get(key=one.key) for one in found if one.reasons[0] is Reason.SAME_DOCUMENT]


@pytest.mark.parametrize("name", ["Zulma Xiomara", "Wilfredo Xolotl Axayacatl Tonatiuh", "Marta Menjívar"])
def test_whoever_has_the_document_is_asked_about_whatever_name_and_year_were_typed(
    country: World, rosa: Person, register: Register, name: str
) -> None:
    register("Rosa María Ayala Menjívar", birth="1970")
    first = resembling(country.officers["registrar_a"], who(name, 1970), now=NOW)[0]
    assert (first.key, first.reasons[0], first.score) == (rosa.key, Reason.SAME_DOCUMENT, 100)


def test_the_desk_puts_the_owner_of_the_document_first_and_still_finds_the_name(
    rosa: Person, register: Register, search: Search
) -> None:
    named = register("Zulma Xiomara Cañas Lovo", birth="1970")
    found = search("Zulma Xiomara Cañas Lovo", document=DUI, birth_year=1970)
    assert [one.key for one in found] == [rosa.key, named.key]
    half = search("Zulma Xiomara Quinteros", document=DUI, birth_year=1970)
    assert [one.key for one in half] == [rosa.key, named.key]


def test_the_owner_of_the_document_is_first_among_many_of_the_name(
    rosa: Person, register: Register, search: Search
) -> None:
    for _ in range(12):
        register("Zulma Xiomara Cañas Lovo", birth="1970")
    found = search("Zulma Xiomara Cañas Lovo", document=DUI, birth_year=1970)
    assert (len(found), found[0].key) == (10, rosa.key)


def test_the_page_warns_before_a_document_is_given_to_a_second_person(
    client: Client, country: World, rosa: Person
) -> None:
    client.force_login(country.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    form = at_centre(country, given1="Zulma", given2="Xiomara", surname1="", surname2="", aliases="", birth="1970")
    page = client.post(reverse("returns:new"), form).content.decode()
    assert "Ese documento ya es de una persona registrada" in page
    assert reverse("returns:arrival", args=[rosa.key]) in page
    assert Person.objects.count() == 1
    assert client.post(reverse("returns:new"), form | {"none_fits": str(rosa.key)}).status_code == 302


def test_a_form_of_a_device_waits_when_somebody_else_has_the_document(country: World, rosa: Person) -> None:
    header = {**ARRIVAL, "given1": "Wilfredo", "surname1": "Xolotl", "birth": "1960", "aliases": ""}
    header |= {"document_1_kind": "DUI", "document_1_number": DUI, "document_1_issuer": "SLV"}
    assert send(device_of(country, "registrar_a")[1], arrival(uuid4(), header)).status_code == 202
    assert FilledForm.objects.get().why == "duplicate"
    assert Person.objects.count() == 1


def test_a_document_of_elsewhere_is_told_though_another_one_was_told_before(client: Client, country: World) -> None:
    for number, given in ((DUI, "Ana"), ("02205538-0", "Eva")):
        hidden_with(country, given, number)
    client.force_login(country.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    first = at_centre(country, aliases="")
    page = client.post(reverse("returns:new"), first).content.decode()
    told = page.split('name="elsewhere_told"')[1].split('value="')[1].split('"')[0]
    other = first | {"documents-0-number": "02205538-0", "elsewhere_told": told}
    assert "Hay un registro con ese documento" in client.post(reverse("returns:new"), other).content.decode()
    assert client.post(reverse("returns:new"), first | {"elsewhere_told": told}).status_code == 302


def test_whom_the_officer_may_not_see_is_not_asked_about_and_changes_nothing(
    country: World, register: Register, search: Search
) -> None:
    register("Zulma Xiomara Cañas Lovo", birth="1970")
    before = search("Zulma Xiomara Cañas Lovo", document=DUI, birth_year=1970)
    hidden_with(country, "Rosa", DUI)
    assert search("Zulma Xiomara Cañas Lovo", document=DUI, birth_year=1970) == before
    assert alike(country, "Zulma Xiomara") == []


def test_every_result_says_why_and_the_desk_says_when_there_are_more(
    client: Client, country: World, register: Register
) -> None:
    for place in range(11):
        register(f"Rosa Elena Quijada {('Portillo', 'Lovo')[place % 2]}")
    client.force_login(country.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("returns:search"), {"text": "quijada rosa amparo"}).content.decode()
    assert "Coincide: ." not in page
    assert "Coincide: algún nombre o apellido." in page
    assert "Las 10 personas más parecidas; hay más" in page
    assert page.count('class="button second" href="/returns/people/') == 10
    one = Person.objects.order_by("-pk").first()
    assert one is not None
    one.encounters.all().delete()
    page = client.post(reverse("returns:search"), {"text": "quijada rosa amparo"}).content.decode()
    assert "10 personas parecidas" in page
    assert "hay más" not in page


def test_what_was_answered_is_kept_while_something_else_is_asked(client: Client, country: World, rosa: Person) -> None:
    """Told of a record elsewhere, then of somebody alike: neither answer is asked for twice."""
    hidden_with(country, "Ana", "02205538-0")
    client.force_login(country.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    form = at_centre(country, aliases="", birth="2001") | {
        "documents-0-number": "02205538-0",
        "elsewhere_told": "022055380",
    }
    page = client.post(reverse("returns:new"), form).content.decode()
    assert f'id="none-fits" value="{rosa.key}"' in page
    assert '<input type="hidden" name="elsewhere_told" value="022055380">' in page
