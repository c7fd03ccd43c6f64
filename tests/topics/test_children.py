"""A child who arrives alone: shown as alone until a parent is seen, and moved by nobody without a study."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import NOW, World
from torogoz.domain.children import ChildRefused, Company, Lacks, Minority, Move, Study
from torogoz.domain.families import Evidence, GroupKind, Kin
from torogoz.domain.onward import OnwardRefused, Way
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.households.child_actions import MoveRefused, record_move, record_study
from torogoz.shared.households.child_queries import ChildSeen, child_seen_by, children_seen_by
from torogoz.shared.households.family_actions import end_relationship, form_group, leave_group, relate, show_evidence
from torogoz.shared.households.family_queries import family_seen_by
from torogoz.shared.households.models import BestInterests, ChildMove, Member, Relationship
from torogoz.shared.people import index
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.merge_actions import merge, unmerge
from torogoz.shared.people.models import Pair, Person
from torogoz.topics.returns.onward_actions import plan_trip

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate(NOW)
REASONS = "Razones inventadas, que solo lee quien protege a la niñez."


@pytest.fixture
def people(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Luz, who is eleven, and Ana were met at A by DGME; Beto at B."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    codelists.load()
    for nickname, given, office, by, birth in (
        ("luz", "Luz", "CENTRE-A", "registrar_a", date(2015, 5, 17)),
        ("ana", "Ana", "CENTRE-A", "registrar_a", date(1990, 5, 17)),
        ("beto", "Beto", "CENTRE-B", "registrar_b", date(1988, 5, 17)),
    ):
        person = world.person(nickname, office=office, by=by, given=given, surname="Quijada")
        person.birth, person.birth_min, person.birth_max = birth.isoformat(), birth, birth
        person.save()
    return world


def as_officer(client: Client, world: World, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def seen(world: World, username: str, nickname: str = "luz") -> ChildSeen:
    officer, person = world.officers[username], world.people[nickname]
    found = child_seen_by(officer, person, family_seen_by(officer, person, NOW), NOW)
    assert found is not None
    return found


def mother(
    world: World, nickname: str = "ana", evidence: Evidence = Evidence.STATED, kin: Kin = Kin.PARENT
) -> Relationship:
    return relate(
        by=world.officers["registrar_a"], person=world.people["luz"], other=world.people[nickname], kin=kin,
        evidence=evidence, now=NOW,
    )  # fmt: skip


def arrived_with(world: World, *others: str, kind: GroupKind = GroupKind.TRAVEL, on: date = TODAY) -> None:
    form_group(
        by=world.officers["registrar_a"], person=world.people["luz"], others=[world.people[one] for one in others],
        kind=kind, formed_on=on, now=NOW,
    )  # fmt: skip


def studied(
    world: World, *permits: Move, by: str = "children_a", study: Study = Study.BIA, panel: tuple[str, ...] = ()
) -> BestInterests:
    return record_study(
        by=world.officers[by], person=world.people["luz"], study=study, done_on=TODAY,
        review_on=TODAY + timedelta(days=30), permits=permits, reasons=REASONS, child_view="Quiere ir con su mamá.",
        panel=panel, now=NOW,
    )  # fmt: skip


def hand_over(world: World, receiver: Relationship | None, by: str = "registrar_a", **said: object) -> ChildMove:
    return record_move(
        by=world.officers[by], person=world.people["luz"], move=Move.HAND_OVER, receiver=receiver, now=NOW,
        **{"document": "DUI inventado", **said},
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_child_is_alone_until_a_parent_with_a_document_is_seen(people: World) -> None:
    assert (seen(people, "registrar_a").minority, seen(people, "registrar_a").company) == (
        Minority.CHILD, Company.UNKNOWN,
    )  # fmt: skip
    arrived_with(people, "ana")
    assert seen(people, "registrar_a").company is Company.UNACCOMPANIED
    relationship = mother(people)
    assert seen(people, "registrar_a").company is Company.UNVERIFIED
    show_evidence(
        by=people.officers["registrar_a"], person=people.people["luz"], relationship=relationship,
        evidence=Evidence.DOCUMENT, now=NOW,
    )  # fmt: skip
    assert seen(people, "children_a").company is Company.ACCOMPANIED
    assert not seen(people, "children_a").needs_protection
    leave_group(by=people.officers["registrar_a"], member=Member.objects.get(person=people.people["ana"]), now=NOW)
    assert seen(people, "children_a").company is Company.UNACCOMPANIED
    end_relationship(by=people.officers["registrar_a"], person=people.people["luz"], relationship=relationship, now=NOW)
    assert seen(people, "children_a").needs_protection


def test_company_of_an_older_journey_does_not_count(people: World) -> None:
    mother(people, evidence=Evidence.DOCUMENT)
    arrived_with(people, "ana", on=TODAY - timedelta(days=400))
    assert seen(people, "registrar_a").company is Company.UNKNOWN
    arrived_with(people, kind=GroupKind.ALONE)
    assert seen(people, "children_a").company is Company.UNACCOMPANIED


def test_a_parent_whom_the_officer_may_not_see_changes_nothing(people: World) -> None:
    address = reverse("households:child", args=[people.people["luz"].key])
    browser = as_officer(Client(), people, "children_a")
    before = [line for line in browser.get(address).content.decode().splitlines() if "csrf" not in line]
    mother(people, "beto", evidence=Evidence.DOCUMENT)
    arrived_with(people, "beto")
    after = [line for line in browser.get(address).content.decode().splitlines() if "csrf" not in line]
    assert after == before
    assert seen(people, "children_a").company is Company.UNKNOWN
    assert seen(people, "registrar_a").company is Company.ACCOMPANIED


def test_a_child_is_not_handed_over_without_a_study_and_everything_missing_is_told(
    client: Client, people: World
) -> None:
    relationship = mother(people)
    browser, address = (
        as_officer(client, people, "registrar_a"), reverse("households:move", args=[people.people["luz"].key]),
    )  # fmt: skip
    typed = {"move": "hand_over", "receiver": str(relationship.key), "destination": "San Miguel", "save": "1"}
    page = browser.post(address, typed).content.decode()
    for words in ("Falta la evaluación del interés superior", "Escriba qué documento", "Véalo primero"):
        assert words in page
    assert 'value="San Miguel"' in page
    for move in (Move.TRANSFER, Move.RETURN, Move.SOLUTION):
        with pytest.raises(MoveRefused):
            record_move(by=people.officers["registrar_a"], person=people.people["luz"], move=move, now=NOW)
    assert not ChildMove.objects.exists()


def test_a_child_is_handed_over_once_all_is_there(client: Client, people: World) -> None:
    relationship = mother(people, evidence=Evidence.DOCUMENT)
    studied(people, Move.HAND_OVER)
    assert [one.person.pk for one in children_seen_by(people.officers["children_a"], NOW)[0]] == [
        people.people["luz"].pk
    ]
    address = reverse("households:move", args=[people.people["luz"].key])
    typed = {"move": "hand_over", "receiver": str(relationship.key), "document": "DUI inventado 1", "save": "1"}
    page = as_officer(client, people, "registrar_a").post(address, typed, follow=True).content.decode()
    assert "Se entregó a una persona adulta" in page
    stored = ChildMove.objects.get()
    assert b"inventado" not in bytes(stored.sealed)
    event = AccessEvent.objects.get(what="child_move")
    assert (event.verb, event.subjects) == ("create", [str(people.people["luz"].key), str(stored.key)])
    assert children_seen_by(people.officers["children_a"], NOW) == ([], False), "who was placed waits no more"
    with pytest.raises(MoveRefused) as why:
        record_move(by=people.officers["registrar_a"], person=people.people["luz"], move=Move.RETURN, now=NOW)
    assert why.value.lacks == (Lacks.NOT_PERMITTED,)


def test_a_receiver_without_a_record_shows_an_adult_age_by_a_document(people: World) -> None:
    aunt = relate(
        by=people.officers["registrar_a"], person=people.people["luz"], other=None, kin=Kin.RELATIVE,
        evidence=Evidence.DOCUMENT, name="Tía Inventada", now=NOW,
    )  # fmt: skip
    studied(people, Move.HAND_OVER)
    with pytest.raises(MoveRefused) as why:
        hand_over(people, aunt)
    assert why.value.lacks == (Lacks.RECEIVER_AGE,)
    assert hand_over(people, aunt, seen_adult=True).receiver == aunt
    # What a record says of the age is not overruled by a tick.
    Person.objects.filter(pk=people.people["ana"].pk).update(
        birth="2011-01-01", birth_min=date(2011, 1, 1), birth_max=date(2011, 1, 1)
    )
    sister = mother(people, evidence=Evidence.DOCUMENT, kin=Kin.SIBLING)
    with pytest.raises(MoveRefused) as why:
        hand_over(people, sister, seen_adult=True)
    assert why.value.lacks == (Lacks.RECEIVER_AGE,)


def test_the_reasons_are_read_by_child_protection_at_the_office_and_what_is_permitted_by_who_reads_the_family(
    people: World,
) -> None:
    studied(people, Move.TRANSFER)
    address = reverse("households:child", args=[people.people["luz"].key])
    for username in ("registrar_a", "supervisor_a", "psychosocial_a", "children_supervisor_a", "legal_aid_a"):
        page = as_officer(Client(), people, username).get(address).content.decode()
        assert "Trasladar a otro lugar" in page, username
        assert "Razones inventadas" not in page, username
        assert "Quiere ir con su mamá" not in page, username
    page = as_officer(Client(), people, "children_a").get(address).content.decode()
    assert REASONS in page
    assert b"Razones" not in bytes(BestInterests.objects.get().sealed)
    shown = AccessEvent.objects.filter(what="child", officer="children_a").order_by("-sequence")[0]
    assert shown.sections == ["family", "child_protection"]
    for username in ("police_a", "police_supervisor_a", "health_a", "logistics_a", "children_b", "data_protection"):
        assert as_officer(Client(), people, username).get(address).status_code == 404, username


def test_only_child_protection_of_the_centre_records_a_study(client: Client, people: World) -> None:
    for username in ("registrar_a", "supervisor_a", "children_supervisor_a", "children_b", "police_a"):
        with pytest.raises(NotAllowed):
            studied(people, Move.TRANSFER, by=username)
        page = as_officer(Client(), people, username).get(reverse("households:study", args=[people.people["luz"].key]))
        assert page.status_code == 404, username
    assert not BestInterests.objects.exists()
    browser, address = (
        as_officer(client, people, "children_a"), reverse("households:study", args=[people.people["luz"].key]),
    )  # fmt: skip
    typed = {
        "study": "bid", "done_on": "2026-11-20", "review_on": "2026-12-20", "permits": ["solution"],
        "reasons": REASONS, "child_view": "No se le pudo preguntar: duerme.", "panel": "Ana Uno\nBeto Dos", "save": "1",
    }  # fmt: skip
    page = browser.post(address, typed).content.decode()
    assert "Un panel es de 3 personas o más" in page
    assert "Beto Dos" in page, "what was typed is not lost"
    assert browser.post(address, typed | {"panel": "Ana Uno\nBeto Dos\nCarla Tres"}).status_code == 302
    assert BestInterests.objects.get().panel_size == 3
    record_move(by=people.officers["registrar_a"], person=people.people["luz"], move=Move.SOLUTION, now=NOW)
    with pytest.raises(ChildRefused, match="take out"):
        studied(people, study=Study.BID, panel=("A", "B", "C", people.officers["children_a"].full_name))


def test_the_list_of_children_holds_whom_the_officer_may_see_and_who_has_no_age(client: Client, people: World) -> None:
    Person.objects.filter(pk=people.people["beto"].pk).update(birth="", birth_min=None, birth_max=None)
    for username, names in (
        ("children_a", {"Luz"}), ("children_b", {"Beto"}), ("registrar_a", {"Luz", "Beto"}),
    ):  # fmt: skip
        page = as_officer(Client(), people, username).get(reverse("households:children")).content.decode()
        assert {name for name in ("Luz", "Ana", "Beto") if name in page} == names, username
    event = AccessEvent.objects.get(what="children", officer="children_a")
    assert (event.verb, event.channel, event.subjects) == ("list", "list", [str(people.people["luz"].key)])
    for username in ("police_a", "health_a", "logistics_a", "statistician", "data_protection"):
        assert as_officer(Client(), people, username).get(reverse("households:children")).status_code == 404


def test_a_child_who_is_alone_does_not_travel_on_before_it_is_decided_with_whom(people: World) -> None:
    met = people.people["luz"].encounters.get()

    def travel(username: str) -> object:
        return plan_trip(
            by=people.officers[username], encounter=met, way=Way.FAMILY, leaves_at=NOW, place="San Miguel", now=NOW
        )

    relationship = mother(people, evidence=Evidence.DOCUMENT)
    for username in ("registrar_a", "logistics_a"):
        with pytest.raises(OnwardRefused, match="nobody travels before"):
            travel(username)
    arrived_with(people, "ana")
    travel("registrar_a")
    with pytest.raises(OnwardRefused):  # who sees no family sees no company either
        travel("logistics_a")
    hand_over(people, relationship)
    travel("logistics_a")
    Person.objects.filter(pk=people.people["ana"].pk).update(birth="", birth_min=None, birth_max=None)
    people.people["ana"].refresh_from_db()
    with pytest.raises(OnwardRefused, match="the age is not on record"):
        plan_trip(
            by=people.officers["registrar_a"], encounter=people.people["ana"].encounters.get(), way=Way.OWN,
            leaves_at=NOW, place="San Miguel", now=NOW,
        )  # fmt: skip


def test_what_hangs_on_a_merged_record_hangs_on_the_survivor_and_comes_back(people: World) -> None:
    twin = people.person("twin", office="CENTRE-A", by="registrar_a", given="Luz", surname="Quijada")
    relationship = mother(people, evidence=Evidence.DOCUMENT)
    arrived_with(people, "ana")
    studied(people, Move.HAND_OVER)
    first, second = sorted((people.people["luz"], twin), key=lambda person: person.pk)
    for person in (first, second):
        index.erase(person)
        index.write(person)
    pair = Pair.objects.create(first=first, second=second, score=90, reasons=[], found_at=NOW, verdict="same")
    supervisor = people.officers["supervisor_a"]
    done = merge(by=supervisor, pair=pair, survivor=twin, reason="La misma partida de nacimiento.", now=NOW)
    relationship.refresh_from_db()
    assert relationship.person == twin
    assert BestInterests.objects.get().person == twin
    people.people["twin"] = twin
    Person.objects.filter(pk=twin.pk).update(
        birth="2015-05-17", birth_min=date(2015, 5, 17), birth_max=date(2015, 5, 17)
    )
    twin.refresh_from_db()
    assert seen(people, "children_a", "twin").company is Company.ACCOMPANIED
    assert seen(people, "children_a", "twin").studies[0].said is not None, "what is sealed opens on the survivor"
    unmerge(by=supervisor, merge=done, reason="Eran dos hermanas gemelas.", now=NOW)
    relationship.refresh_from_db()
    assert relationship.person == people.people["luz"]
    assert BestInterests.objects.get().person == people.people["luz"]


def test_the_person_page_says_that_a_child_is_alone_and_of_an_adult_nothing(people: World) -> None:
    for username, told in (("registrar_a", True), ("children_a", True), ("police_a", False), ("logistics_a", False)):
        browser = as_officer(Client(), people, username)
        page = browser.get(reverse("returns:person", args=[people.people["luz"].key])).content.decode()
        assert ("No consta con quién llegó" in page) == told, username
    page = as_officer(Client(), people, "registrar_a").get(reverse("returns:person", args=[people.people["ana"].key]))
    assert "No consta con quién llegó" not in page.content.decode()
