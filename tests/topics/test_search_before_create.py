"""Nobody is registered before those alike were looked at: on the page, by an action, whoever calls."""

import ast
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

import torogoz
from tests.topics.test_returns import at_centre
from tests.world import NOW, World
from torogoz.domain.people import DocumentTyped
from torogoz.shared.audit.models import AccessEvent, RecordIsAppendOnly
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.people import index
from torogoz.shared.people.actions import Resembles, register_person
from torogoz.shared.people.models import Person, SearchDecision
from torogoz.shared.places import actions as places
from torogoz.topics.returns.models import Arrival

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(world: World) -> Person:
    """Rosa Quijada, whom DGME met at centre A."""
    codelists.load()
    places.load()
    person = world.person("rosa", office="CENTRE-A", by="registrar_a", given="Rosa", surname="Quijada")
    index.write(person)
    return person


def register(world: World, by: str = "registrar_a", office: str = "CENTRE-A", **more: object) -> Person:
    officer, where = world.officers[by], world.offices[office]
    who = {"given1": "Rosa", "surname1": "Quijada", "birth": "1990"} | more
    return register_person(by=officer, office=where, now=NOW, **who)  # type: ignore[arg-type]


def test_somebody_alike_is_looked_at_first_and_what_came_of_it_is_kept(world: World, rosa: Person) -> None:
    with pytest.raises(Resembles) as alike:
        register(world)
    assert [one.key for one in alike.value.candidates] == [rosa.key]
    assert Person.objects.count() == 1
    with pytest.raises(Resembles):
        register(world, none_fits=[uuid4()])
    new = register(world, none_fits=[rosa.key])
    kept = SearchDecision.objects.get()
    assert (kept.person, kept.outcome, kept.decided_by) == (new, "none_fits", world.officers["registrar_a"])
    assert [one["key"] for one in kept.candidates] == [str(rosa.key)]
    with pytest.raises(RecordIsAppendOnly):
        SearchDecision.objects.update(outcome="nobody")


def test_that_nobody_was_alike_is_kept_too(world: World, rosa: Person) -> None:
    new = register(world, given1="Marvin", surname1="Zúniga")
    assert SearchDecision.objects.get(person=new).outcome == "nobody"


def test_whoever_has_the_document_is_alike_whatever_the_name(world: World, rosa: Person) -> None:
    paper = DocumentTyped("DUI", "00016297-5", "SLV")
    first = register(world, given1="Marvin", surname1="Zúniga", identifiers=[paper])
    world.encounter(first, office="CENTRE-A", by="registrar_a")
    with pytest.raises(Resembles) as alike:
        register(world, given1="Otra", surname1="Persona", birth="", identifiers=[paper])
    assert [one.key for one in alike.value.candidates] == [first.key]


def test_a_supervisor_looks_first_as_well(world: World, rosa: Person) -> None:
    with pytest.raises(Resembles):
        register(world, by="supervisor_a")


def test_whom_the_officer_may_not_see_is_not_hinted_at(world: World) -> None:
    """Another institution met her at another centre: the same name and birth are registered in peace."""
    hidden = world.person("hidden", office="CENTRE-B", by="health_b", given="Rosa", surname="Quijada")
    index.write(hidden)
    new = register(world)
    assert SearchDecision.objects.get(person=new).outcome == "nobody"


def test_the_page_shows_them_loses_nothing_and_saves_when_none_fits(client: Client, world: World, rosa: Person) -> None:
    client.force_login(world.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    form = at_centre(world, given2="", surname2="", aliases="", birth="1990-05")
    page = client.post(reverse("returns:new"), form).content.decode()
    assert "¿es alguna de estas personas?" in page
    assert reverse("returns:arrival", args=[rosa.key]) in page
    assert 'value="00016297-5"' in page
    assert f'name="none_fits" id="none-fits" value="{rosa.key}"' in page
    assert not Arrival.objects.exists()
    event = AccessEvent.objects.filter(verb="search", what="person").get()
    assert event.subjects == [str(rosa.key)]
    answer = client.post(reverse("returns:new"), form | {"none_fits": str(rosa.key)})
    assert answer.status_code == 302
    assert SearchDecision.objects.get().outcome == "none_fits"


def test_who_is_chosen_gets_the_arrival_that_was_typed(client: Client, world: World, rosa: Person) -> None:
    client.force_login(world.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    rosa.encounters.update(occurred_at="2025-01-02T10:00Z")
    answer = client.post(reverse("returns:arrival", args=[rosa.key]), at_centre(world))
    assert answer.status_code == 302
    kept = SearchDecision.objects.get()
    assert (kept.person, kept.outcome) == (rosa, "chosen")
    assert Person.objects.count() == 1


def test_a_document_that_is_elsewhere_is_told_before_saving_and_saving_is_still_possible(
    client: Client, world: World, rosa: Person
) -> None:
    hidden = register(
        world, given1="Marvin", surname1="Zúniga", identifiers=[DocumentTyped("DUI", "00016297-5", "SLV")]
    )
    world.encounter(hidden, office="CENTRE-B", by="health_b")
    client.force_login(world.officers["registrar_a"], backend="django.contrib.auth.backends.ModelBackend")
    form = at_centre(world, given1="Marvin", given2="", surname1="Zúniga", surname2="", aliases="")
    page = client.post(reverse("returns:new"), form).content.decode()
    assert "Hay un registro con ese documento en otra institución" in page
    assert str(hidden.key) not in page
    assert AccessEvent.objects.filter(what="elsewhere", subjects=[str(hidden.key)]).exists()
    assert not Arrival.objects.exists()
    assert client.post(reverse("returns:new"), form | {"elsewhere_told": "000162975"}).status_code == 302


def test_people_are_made_in_one_place_and_by_the_demonstration() -> None:
    """No other code of the product makes a row of a person: an importer that did would skip the search."""
    package = Path(str(torogoz.__path__[0]))
    makers = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in ("Person", "Person.objects.create", "Person.objects.get_or_create"):
                    makers.add(path.relative_to(package).as_posix())
    assert makers <= {"shared/people/actions.py", "site/demonstration/loading.py"}, makers
    assert "shared/people/actions.py" in makers
