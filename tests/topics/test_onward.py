"""Belongings, the way home and lodging over HTTP; officers who arrange them, others, and the police."""

import re
import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import Role
from torogoz.domain.onward import GivenTo, OnwardRefused, taken_in
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person
from torogoz.topics.returns import onward_actions, onward_queries
from torogoz.topics.returns.models import Bag, Shelter, Stay, Trip

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
PLACE, THINGS = "Cantón El Jícaro", "Un teléfono negro"
OUTSIDE = ("police_a", "police_supervisor_a", "health_a", "psychosocial_a", "consular_a", "health_b", "statistician")


@pytest.fixture
def rosa(world: World, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return world.person("rosa", office="CENTRE-A", by="registrar_a", given="Rosa")


@pytest.fixture
def shelter(world: World) -> Shelter:
    return placed(world, "Casa del Centro", 2)


def placed(world: World, name: str, capacity: int) -> Shelter:
    return onward_actions.add_shelter(
        by=world.officers["logistics_a"], centre=world.offices["CENTRE-A"], name=name, capacity=capacity, now=NOW
    )


def lodged(world: World, person: Person, shelter: Shelter, first: int = 0, nights: int = 2) -> Stay:
    begin = TODAY + timedelta(days=first)
    return onward_actions.give_bed(
        by=world.officers["logistics_a"],
        encounter=person.encounters.get(),
        shelter=shelter,
        first_night=begin,
        leaves_on=begin + timedelta(days=nights),
        now=NOW,
    )


def as_officer(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(answer: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())  # type: ignore[attr-defined]


def test_a_bag_is_kept_listed_and_given_back_once(world: World, rosa: Person) -> None:
    browser = as_officer(world, "logistics_a")
    where = f"/returns/people/{rosa.key}/onward/"
    assert where in said(browser.get(f"/returns/people/{rosa.key}/"))
    refused = browser.post(f"{where}bags/", {"number": "", "things": THINGS})
    assert refused.status_code == 422
    assert THINGS in said(refused)
    assert browser.post(f"{where}bags/", {"number": "sv 00 17", "things": THINGS}).status_code == 302
    bag = Bag.objects.get()
    assert bag.number == "SV0017"
    assert THINGS.encode() not in bytes(bag.sealed)
    again = browser.post(f"{where}bags/", {"number": "SV0017", "things": "Otra cosa"})
    assert "ya está registrada en este centro" in said(again)
    assert THINGS in said(browser.get(where))
    assert browser.post(f"{where}bags/{uuid4()}/", {"to": "person"}).status_code == 404
    assert browser.post(f"{where}bags/{bag.key}/", {"to": "relative"}).status_code == 302
    assert "ya se entregó" in said(browser.post(f"{where}bags/{bag.key}/", {"to": "person"}))
    assert Bag.objects.get().given_to == GivenTo.RELATIVE


def test_a_bag_of_somebody_else_is_not_given_back_from_this_page(world: World, rosa: Person) -> None:
    other = world.person("luz", office="CENTRE-A", by="registrar_a", given="Luz")
    by = world.officers["logistics_a"]
    bag = onward_actions.keep_bag(by=by, encounter=other.encounters.get(), number="A1", things=THINGS, now=NOW)
    browser = as_officer(world, "logistics_a")
    assert browser.post(f"/returns/people/{rosa.key}/onward/bags/{bag.key}/", {"to": "person"}).status_code == 404
    assert Bag.objects.get().given_to == ""


def test_the_way_home_is_recorded_and_sealed(world: World, rosa: Person) -> None:
    browser = as_officer(world, "registrar_a")
    where = f"/returns/people/{rosa.key}/onward/"
    sent = {"way": "terminal", "leaves_on": "2026-11-20", "leaves_at": "14:30", "place": PLACE}
    assert browser.post(f"{where}trips/", sent | {"way": ""}).status_code == 422
    assert browser.post(f"{where}trips/", sent).status_code == 302
    assert PLACE.encode() not in bytes(Trip.objects.get().sealed)
    page = said(browser.get(where))
    assert PLACE in page
    assert "2026-11-20 14:30" in page


def test_no_night_is_over_the_capacity_and_nobody_sleeps_in_two_places(
    world: World, rosa: Person, shelter: Shelter
) -> None:
    luz, eva = (world.person(name, office="CENTRE-A", by="registrar_a", given=name) for name in ("luz", "eva"))
    lodged(world, rosa, shelter, 0, 3)
    lodged(world, luz, shelter, 1, 1)
    with pytest.raises(OnwardRefused, match="2026-11-21"):
        lodged(world, eva, shelter, 0, 3)
    lodged(world, eva, shelter, 2, 2)
    other = placed(world, "Segunda casa", 5)
    with pytest.raises(OnwardRefused, match="already"):
        lodged(world, rosa, other, 2, 1)
    with pytest.raises(OnwardRefused, match="already"):
        lodged(world, rosa, shelter, 1, 1)
    lodged(world, rosa, other, 3, 1)
    assert Stay.objects.count() == 4


def test_who_leaves_earlier_frees_the_bed(world: World, rosa: Person, shelter: Shelter) -> None:
    by, luz = world.officers["logistics_a"], world.person("luz", office="CENTRE-A", by="registrar_a")
    full = placed(world, "Una cama", 1)
    stay = lodged(world, rosa, full, 0, 3)
    with pytest.raises(OnwardRefused, match="no room"):
        lodged(world, luz, full, 1, 1)
    with pytest.raises(OnwardRefused, match="shortened"):
        onward_actions.leave_bed(by=by, stay=stay, leaves_on=TODAY + timedelta(days=3), now=NOW)
    onward_actions.leave_bed(by=by, stay=stay, leaves_on=TODAY + timedelta(days=1), now=NOW)
    lodged(world, luz, full, 1, 1)
    lodged(world, rosa, shelter, 1, 1)
    cancelled = lodged(world, rosa, shelter, 5, 1)
    onward_actions.leave_bed(by=by, stay=cancelled, leaves_on=TODAY + timedelta(days=5), now=NOW)
    lodged(world, rosa, full, 5, 1)


def test_beds_are_given_on_the_page_and_a_full_night_is_said(world: World, rosa: Person) -> None:
    full = placed(world, "Una cama", 1)
    browser, where = as_officer(world, "logistics_a"), f"/returns/people/{rosa.key}/onward/"
    sent = {"shelter": str(full.key), "first_night": "2026-11-20", "leaves_on": "2026-11-22"}
    assert browser.post(f"{where}stays/", sent).status_code == 302
    luz = world.person("luz", office="CENTRE-A", by="registrar_a")
    refused = browser.post(f"/returns/people/{luz.key}/onward/stays/", sent)
    assert refused.status_code == 422
    assert "No hay lugar en 2026-11-20, 2026-11-21" in said(refused)
    page = said(browser.get("/returns/lodging/?night=2026-11-20"))
    assert page.count("Lleno") == 2
    assert "Rosa" in page
    assert "Rosa" not in said(browser.get("/returns/lodging/?night=2026-11-22"))
    stay = Stay.objects.get()
    assert browser.post(f"{where}stays/{stay.key}/", {"leaves_on": "2026-11-21"}).status_code == 302
    assert (
        browser.post(f"/returns/people/{luz.key}/onward/stays/{stay.key}/", {"leaves_on": "2026-11-20"}).status_code
        == 404
    )
    assert said(browser.get("/returns/lodging/?night=2026-11-20")).count("Lleno") == 1
    assert browser.get("/returns/lodging/?night=nunca").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_last_beds_are_not_given_twice_by_officers_who_ask_at_once(world: World) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the embedded database of a test lives in memory and has one connection")
    few, many = placed(world, "Tres camas", 3), placed(world, "Muchas camas", 50)
    people = [world.person(f"p{number}", office="CENTRE-A", by="registrar_a") for number in range(8)]
    start, refused = threading.Barrier(9), []

    def ask(person: Person, wanted: list[Shelter]) -> None:
        try:
            start.wait()
            for shelter in wanted:
                try:
                    lodged(world, person, shelter)
                except OnwardRefused as why:
                    refused.append(why.code)
        finally:
            connection.close()

    asking = [(person, [few]) for person in people] + [(people[0], [many, few])]
    threads = [threading.Thread(target=ask, args=one) for one in asking]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Stay.objects.filter(shelter=few).count() == 3
    assert max(taken_in(one.nights for one in Stay.objects.filter(encounter__person=people[0])).values()) == 1
    assert Stay.objects.count() + len(refused) == 10


@pytest.mark.parametrize("username", OUTSIDE)
def test_for_the_police_and_all_who_do_not_arrange_it_there_is_nothing(
    world: World, rosa: Person, shelter: Shelter, username: str
) -> None:
    browser = as_officer(world, username)
    before = said(browser.get(f"/returns/people/{rosa.key}/"))
    lodged(world, rosa, shelter)
    where = f"/returns/people/{rosa.key}/onward/"
    assert said(browser.get(f"/returns/people/{rosa.key}/")) == before
    answer = browser.get(where)
    assert (answer.status_code, said(answer)) == (404, said(browser.get(f"/returns/people/{uuid4()}/onward/")))
    for address in ("bags/", "trips/", "stays/", f"stays/{Stay.objects.get().key}/"):
        assert browser.post(f"{where}{address}").status_code == 404
    assert browser.get("/returns/lodging/").status_code == 404
    with pytest.raises(NotAllowed):
        onward_actions.leave_bed(by=world.officers[username], stay=Stay.objects.get(), leaves_on=TODAY, now=NOW)


def test_another_centre_neither_sees_nor_fills_these_beds(world: World, rosa: Person, shelter: Shelter) -> None:
    officer = Officer.objects.create(username="logistics_b", full_name="Personal inventado", made_up=True)
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="GAMI"),
        office=world.offices["CENTRE-B"],
        role=Role.LOGISTICS.value,
        valid_from=LONG_AGO,
    )
    world.officers["logistics_b"] = officer
    lodged(world, rosa, shelter)
    browser = as_officer(world, "logistics_b")
    page = said(browser.get("/returns/lodging/"))
    assert shelter.name not in page
    assert "Rosa" not in page
    assert browser.get(f"/returns/people/{rosa.key}/onward/").status_code == 404
    luz = world.person("luz", office="CENTRE-B", by="registrar_b")
    sent = {"shelter": str(shelter.key), "first_night": "2026-11-20", "leaves_on": "2026-11-22"}
    assert browser.post(f"/returns/people/{luz.key}/onward/stays/", sent).status_code == 422
    with pytest.raises(NotAllowed):
        onward_actions.give_bed(
            by=officer,
            encounter=luz.encounters.get(),
            shelter=shelter,
            first_night=TODAY,
            leaves_on=TODAY + timedelta(days=1),
            now=NOW,
        )
    assert onward_queries.shelters_of(officer, NOW) == []


def test_a_place_is_registered_once_for_a_centre(world: World, shelter: Shelter) -> None:
    browser = as_officer(world, "supervisor_a")
    sent = {"centre": "CENTRE-A", "name": "Casa  del Centro", "capacity": "10"}
    assert "Ya hay un albergue con ese nombre" in said(browser.post("/returns/lodging/", sent))
    assert browser.post("/returns/lodging/", sent | {"capacity": "ninguna"}).status_code == 422
    assert browser.post("/returns/lodging/", sent | {"name": "Otra casa"}).status_code == 302
    assert browser.post("/returns/lodging/", sent | {"centre": "CENTRE-B", "name": "X"}).status_code == 422
    assert Shelter.objects.count() == 2
