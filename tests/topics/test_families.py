"""Relatives and groups: one row read from both sides, and nothing of anybody whom the officer may not see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import NOW, World
from torogoz.domain.families import Evidence, FamilyRefused, GroupKind, Kin
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.households import family_actions as actions
from torogoz.shared.households.family_queries import family_seen_by, suggested
from torogoz.shared.households.models import Group, Member, Relationship
from torogoz.shared.people import index
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person

pytestmark = pytest.mark.django_db
NOBODY = "7e1c5f0e-0d9b-4b7e-9f53-3f1f5c1b0099"


@pytest.fixture
def people(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Ana and her daughter Luz were met at A by DGME, her brother Beto at B by MINSAL."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    codelists.load()
    for nickname, given, office, by, birth in (
        ("ana", "Ana", "CENTRE-A", "registrar_a", "1990-05-17"),
        ("luz", "Luz", "CENTRE-A", "registrar_a", "2015-05-17"),
        ("beto", "Beto", "CENTRE-B", "registrar_b", "1988-05-17"),
    ):
        person = world.person(nickname, office=office, by=by, given=given, surname="Quijada")
        person.birth = birth
        person.birth_min = person.birth_max = timezone.datetime.fromisoformat(birth).date()
        person.save()
        index.add(person, index.words_of(person))
    return world


def as_officer(client: Client, world: World, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def related(
    world: World, one: str, other: str, kin: Kin, by: str = "registrar_a", evidence: Evidence = Evidence.STATED
) -> Relationship:
    return actions.relate(
        by=world.officers[by], person=world.people[one], other=world.people[other], kin=kin, evidence=evidence, now=NOW
    )


def page(world: World, username: str, address: str, nickname: str) -> str:
    answer = as_officer(Client(), world, username).get(reverse(address, args=[world.people[nickname].key]))
    return answer.content.decode()


def test_a_relationship_is_noted_once_and_read_from_both_sides(client: Client, people: World) -> None:
    browser = as_officer(client, people, "registrar_a")
    address = reverse("households:relate", args=[people.people["luz"].key])
    form = browser.get(address).content.decode()
    assert "Ana Quijada · 1990-05-17" in form, "who was met the same day under the same surname is proposed"
    chosen = {"other": str(people.people["ana"].key), "kin": "parent", "evidence": "stated", "save": "1"}
    assert browser.post(address, chosen).status_code == 302
    assert Relationship.objects.count() == 1
    for nickname, kin, name in (("luz", "Su madre o padre", "Ana"), ("ana", "Su hija o hijo", "Luz")):
        for shown in (page(people, "children_a", "households:family", nickname),
                      page(people, "children_a", "returns:person", nickname)):  # fmt: skip
            assert f"<strong>{kin}</strong>" in shown
            assert f"{name} Quijada</a>" in shown
            assert "De palabra" in shown
    event = AccessEvent.objects.get(verb="create", what="relationship")
    assert {str(people.people["ana"].key), str(people.people["luz"].key)} < set(event.subjects)
    seen = AccessEvent.objects.filter(verb="view", what="person").order_by("-sequence")[0]
    assert set(seen.subjects) == {str(people.people["ana"].key), str(people.people["luz"].key)}
    assert "family" in seen.sections


def test_of_a_relative_who_may_not_be_seen_nothing_is_shown_but_to_the_institution_that_wrote_it(
    people: World,
) -> None:
    related(people, "ana", "luz", Kin.CHILD)
    without = {
        username: (page(people, username, "households:family", "ana"), page(people, username, "returns:person", "ana"))
        for username in ("children_a", "psychosocial_a", "legal_aid_a")
    }
    related(people, "ana", "beto", Kin.SIBLING)
    for username, pages in without.items():
        again = page(people, username, "households:family", "ana"), page(people, username, "returns:person", "ana")
        strip = [[line for line in text.splitlines() if "csrf" not in line] for text in (*pages, *again)]
        assert strip[:2] == strip[2:], username
    assert "Beto" in page(people, "registrar_a", "households:family", "ana")
    # An officer of the institution that wrote it, who does not reach the brother, is told that somebody is there.
    people.people["beto"].encounters.update(institution=people.officers["health_b"].memberships.get().institution)
    seen = family_seen_by(people.officers["registrar_a"], people.people["ana"], NOW)
    hidden = next(one for one in seen.relatives if one.hidden)
    assert (hidden.kin, hidden.person, hidden.name, hidden.note) == (Kin.SIBLING, None, "", "")
    shown = page(people, "registrar_a", "households:family", "ana")
    assert "una persona registrada que usted no puede ver" in shown
    assert "Beto" not in shown
    assert people.people["beto"].key not in seen.keys


def test_nobody_is_related_to_somebody_whom_the_officer_may_not_see(client: Client, people: World) -> None:
    with pytest.raises(NotAllowed):
        related(people, "ana", "beto", Kin.SIBLING, by="children_a")
    browser = as_officer(client, people, "children_a")
    address = reverse("households:relate", args=[people.people["ana"].key])
    typed = {"kin": "sibling", "evidence": "stated", "save": "1"}
    answers = []
    for key in (str(people.people["beto"].key), NOBODY):
        answer = browser.post(address, typed | {"other": key}).content.decode()
        assert "Elija a alguien de la lista" in answer
        answers.append([line for line in answer.splitlines() if "csrf" not in line])
    assert answers[0] == answers[1]
    assert not Relationship.objects.exists()


def test_a_kin_that_is_not_offered_is_refused_in_our_words(client: Client, people: World) -> None:
    browser = as_officer(client, people, "registrar_a")
    typed = {"name": "Abuela Inventada", "kin": "zzz", "evidence": "stated", "save": "1"}
    answer = browser.post(reverse("households:relate", args=[people.people["ana"].key]), typed).content.decode()
    assert "La opción «zzz» no es una de las que se ofrecen. No se guardó nada; elija otra vez." in answer
    assert "Abuela Inventada" in answer
    assert not Relationship.objects.exists()


def test_a_relative_without_a_record_is_a_sealed_name(client: Client, people: World) -> None:
    browser = as_officer(client, people, "registrar_a")
    address = reverse("households:relate", args=[people.people["luz"].key])
    typed = {"name": "Abuela Inventada", "contact": "Cantón Inventado", "kin": "relative", "evidence": "unverified"}
    refused = browser.post(address, typed | {"name": "", "save": "1"}).content.decode()
    assert "Elija a alguien de la lista" in refused
    assert browser.post(address, typed | {"save": "1"}).status_code == 302
    stored = Relationship.objects.get()
    assert b"Abuela" not in bytes(stored.sealed)
    shown = page(people, "children_a", "households:family", "luz")
    assert "Abuela Inventada" in shown
    assert "Cantón Inventado" in shown
    assert "sin registro" in shown
    assert "Abuela" not in page(people, "police_a", "returns:person", "luz")


def test_what_cannot_be_or_is_noted_already_is_refused(people: World) -> None:
    related(people, "ana", "luz", Kin.CHILD)
    for one, other, kin in (("ana", "luz", Kin.CHILD), ("luz", "ana", Kin.PARENT)):
        with pytest.raises(FamilyRefused, match="noted already"):
            related(people, one, other, kin)
    with pytest.raises(FamilyRefused, match="born later"):
        related(people, "ana", "luz", Kin.PARENT)
    with pytest.raises(FamilyRefused, match="same person"):
        related(people, "ana", "ana", Kin.SIBLING)
    assert Relationship.objects.count() == 1


def test_a_document_is_noted_and_what_is_over_stays_readable(client: Client, people: World) -> None:
    stored = related(people, "luz", "ana", Kin.PARENT)
    browser = as_officer(client, people, "registrar_a")
    for step, word in (("document", "Con documento"), ("end", "Terminada")):
        where = reverse("households:family_step", args=[people.people["ana"].key, stored.key, step])
        assert word in browser.post(where, follow=True).content.decode()
    assert browser.post(where).status_code == 302
    assert AccessEvent.objects.filter(verb="edit", what="relationship").count() == 2
    related(people, "luz", "ana", Kin.PARENT)


def test_others_change_neither_relationships_nor_groups(client: Client, people: World) -> None:
    stored = related(people, "luz", "ana", Kin.PARENT)
    for username in ("children_b", "health_a", "police_a", "logistics_a"):
        browser = as_officer(Client(), people, username)
        key = people.people["ana"].key
        assert browser.post(reverse("households:family_step", args=[key, stored.key, "end"])).status_code == 404
        assert browser.get(reverse("households:family", args=[key])).status_code == 404
        with pytest.raises(NotAllowed):
            actions.end_relationship(
                by=people.officers[username], person=people.people["ana"], relationship=stored, now=NOW
            )
    stored.refresh_from_db()
    assert stored.ended_at is None


def formed(people: World, *others: str, head: str = "ana") -> Group:
    return actions.form_group(
        by=people.officers["registrar_a"],
        person=people.people["ana"],
        others=[people.people[nickname] for nickname in others],
        kind=GroupKind.TRAVEL,
        formed_on=timezone.localdate(NOW),
        head=people.people[head],
        said_size=4,
        now=NOW,
    )


def test_a_group_shows_and_counts_only_the_members_whom_the_officer_may_see(people: World) -> None:
    formed(people, "luz", "beto", head="beto")
    whole = page(people, "registrar_a", "returns:person", "ana")
    assert "3 personas" in whole
    assert "(dicen ser 4)" in whole
    assert "Beto Quijada</a> · encabeza el grupo" in whole
    part = page(people, "children_a", "returns:person", "ana")
    assert "2 personas" in part
    assert "Luz Quijada</a>" in part
    assert not [word for word in ("Beto", "dicen ser", "encabeza") if word in part]


def test_a_group_of_which_nobody_else_may_be_seen_is_not_shown(people: World) -> None:
    before = page(people, "children_a", "households:family", "ana")
    formed(people, "beto")
    after = page(people, "children_a", "households:family", "ana")
    assert "No está en ningún grupo" in before
    assert [line for line in before.splitlines() if "csrf" not in line] == [
        line for line in after.splitlines() if "csrf" not in line
    ]


def test_a_group_is_formed_joined_and_left_on_the_pages(client: Client, people: World) -> None:
    browser = as_officer(client, people, "registrar_a")
    ana, luz, beto = (people.people[nickname] for nickname in ("ana", "luz", "beto"))
    address = reverse("households:group", args=[ana.key])
    typed = {"kind": "travel", "formed_on": "2026-11-20", "members": [str(luz.key)], "head": str(ana.key), "save": "1"}
    refused = browser.post(address, typed | {"members": []}).content.decode()
    assert "Un grupo es de dos o más" in refused
    assert browser.post(address, typed).status_code == 302
    group = Group.objects.get()
    joining = reverse("households:join", args=[ana.key, group.key])
    found = browser.post(joining, {"text": "Beto Quijada", "search": "1"}).content.decode()
    assert str(beto.key) in found
    assert str(luz.key) not in found, "who is in it is not proposed"
    assert browser.post(joining, {"members": [str(beto.key)], "save": "1"}).status_code == 302
    member = Member.objects.get(group=group, person=luz)
    browser.post(reverse("households:family_step", args=[luz.key, member.key, "leave"]))
    shown = page(people, "registrar_a", "households:family", "ana")
    assert "2 personas" in shown
    assert "hasta el <time>2026-11-20</time>" in shown
    assert AccessEvent.objects.filter(what="group", allowed=True).count() == 3


def test_who_came_alone_is_noted_and_joined_by_nobody(client: Client, people: World) -> None:
    browser = as_officer(client, people, "registrar_a")
    luz = people.people["luz"]
    address = reverse("households:group", args=[luz.key])
    typed = {"kind": "alone", "formed_on": "2026-11-20", "save": "1"}
    wrong = browser.post(address, typed | {"members": [str(people.people["ana"].key)]}).content.decode()
    assert "Deje solo una de las dos cosas" in wrong
    assert browser.post(address, typed).status_code == 302
    assert "Llegó sola o solo" in page(people, "children_a", "returns:person", "luz")
    with pytest.raises(NotAllowed):
        actions.join_group(
            by=people.officers["registrar_a"], person=luz, group=Group.objects.get(), others=[people.people["ana"]],
            now=NOW,
        )  # fmt: skip


def test_who_is_proposed_may_be_seen_and_was_met_the_same_day(people: World) -> None:
    officer, ana = people.officers["registrar_a"], people.people["ana"]
    assert suggested(officer, ana, "", NOW) == [people.people["luz"]]
    assert people.people["beto"] in suggested(officer, ana, "Beto Quijada", NOW)
    assert people.people["beto"] not in suggested(people.officers["children_a"], ana, "Beto Quijada", NOW)
    people.people["luz"].encounters.update(occurred_at=NOW - timedelta(days=9))
    assert suggested(officer, ana, "", NOW) == []
    assert isinstance(ana, Person)
