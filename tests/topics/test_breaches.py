"""The register of breaches: loud while somebody has yet to be told, and read by one institution's officer alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.topics.test_data_rights import BACKEND, posted
from tests.world import World
from torogoz.domain.access import Role
from torogoz.domain.breaches import BreachRefused, Category, Told
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.data_rights import breach_actions as actions
from torogoz.shared.data_rights import breach_queries as queries
from torogoz.shared.data_rights.models import Breach
from torogoz.shared.people.actions import NotAllowed

pytestmark = pytest.mark.django_db
WHAT = "Se perdió una computadora portátil del centro, sin cifrar"


@pytest.fixture
def breach(world: World) -> Breach:
    now = timezone.now()
    return actions.record_breach(
        by=world.officers["data_protection"],
        discovered_at=now - timedelta(hours=80),
        began_at=None,
        what=WHAT,
        categories=[Category.IDENTITY, Category.DOCUMENTS],
        people=None,
        now=now,
    )


def test_who_has_yet_to_be_told_is_loud_on_every_page_until_all_three_are(world: World, breach: Breach) -> None:
    now, officer = timezone.now(), world.officers["data_protection"]
    client = Client()
    client.force_login(officer, backend=BACKEND)
    page = reverse("data_rights:breach", args=[breach.key])
    assert "(sin avisar: 1)" in client.get(reverse("audit:index")).content.decode()
    assert client.get(page).content.decode().count("Vencido: avise ahora") == 3
    for number, told in enumerate(Told, start=1):
        answer = client.post(
            reverse("data_rights:breach_notice", args=[breach.key, told.value]),
            {f"{told.value}-done_at": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}", f"{told.value}-how": "por oficio"},
        )
        assert answer.status_code == 302
        assert queries.overdue_breaches(officer, now) == (number < len(Told))
    assert "sin avisar" not in client.get(reverse("audit:index")).content.decode()
    assert client.get(page).content.decode().count("Avisado fuera de plazo") == 6  # once in the list, once by each


def test_how_many_are_reached_is_unknown_until_it_is_known_and_never_zero(world: World, breach: Breach) -> None:
    officer = world.officers["data_protection"]
    client = Client()
    client.force_login(officer, backend=BACKEND)
    address = reverse("data_rights:breach", args=[breach.key])
    assert "No se sabe a cuántas personas alcanza" in client.get(address).content.decode()
    letter = client.get(reverse("data_rights:breach_letter", args=[breach.key, "ace"])).content.decode()
    assert "Personas: todavía no se sabe" in letter
    assert WHAT in letter
    client.post(address, {"words": "Se contaron los expedientes de la copia", "people": "1200"})
    assert "Personas: 1\u202f200." in client.get(address).content.decode().replace("\u2009", "\u202f")
    assert WHAT not in client.get(reverse("data_rights:breach_letter", args=[breach.key, "persons"])).content.decode()


def test_the_officer_of_another_institution_is_told_that_nothing_is_there(world: World, breach: Breach) -> None:
    elsewhere = posted(world, "MINSAL", Role.DATA_PROTECTION)
    client = Client()
    client.force_login(elsewhere, backend=BACKEND)
    for address in (
        reverse("data_rights:breach", args=[breach.key]),
        reverse("data_rights:breach_letter", args=[breach.key, "ace"]),
    ):
        assert client.get(address).status_code == 404
    assert breach.number not in client.get(reverse("data_rights:breaches")).content.decode()
    assert queries.overdue_breaches(elsewhere, timezone.now()) == 0
    for officer in (elsewhere, world.officers["supervisor_a"]):
        with pytest.raises(NotAllowed):
            actions.add_to_breach(by=officer, breach=breach, words=WHAT, people=3, now=timezone.now())


def test_each_is_told_once_and_every_step_is_recorded(world: World, breach: Breach) -> None:
    officer, now = world.officers["data_protection"], timezone.now()
    actions.note_notice(by=officer, breach=breach, told=Told.ACE, done_at=now, how="oficio 12", now=now)
    with pytest.raises(BreachRefused) as again:
        actions.note_notice(by=officer, breach=breach, told=Told.ACE, done_at=now, how="oficio 13", now=now)
    assert again.value.code == "done"
    assert breach.notices.count() == 1
    events = AccessEvent.objects.filter(what="breach", index__subject=str(breach.key))
    assert [event.verb for event in events.order_by("sequence")] == ["create", "edit"]


def test_what_happened_is_sealed(world: World, breach: Breach) -> None:
    assert WHAT.encode() not in bytes(Breach.objects.get().what)
    assert Breach.objects.get().told == WHAT
