"""Who is past the retention rules is counted, for the institution that registered them, and nobody is named."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.topics.test_data_rights import BACKEND, posted, received
from tests.world import NOW, World
from torogoz.domain.access import Role
from torogoz.domain.data_rights import Right
from torogoz.domain.retention import DataClass
from torogoz.shared.data_rights.retention_queries import due_seen_by
from torogoz.shared.people.models import Encounter

pytestmark = pytest.mark.django_db
LONG = timedelta(days=11 * 366)


def test_who_was_last_met_long_ago_is_due_and_an_open_request_holds_her(world: World) -> None:
    officer, elsewhere = world.officers["data_protection"], posted(world, "MINSAL", Role.DATA_PROTECTION)
    old, back = (
        world.person(name, office="CENTRE-A", by="registrar_a", given="Rosa", surname=name) for name in ("uno", "dos")
    )
    world.person("tres", office="CENTRE-A", by="health_a")
    world.section(old, "migration", by="registrar_a", answers={})
    Encounter.objects.update(occurred_at=NOW - LONG)
    world.encounter(back, office="CENTRE-A", by="registrar_a")
    found = {one.rule.data_class: (one.due, one.held) for one in due_seen_by(officer, NOW)}
    assert found == {
        DataClass.IDENTITY: (1, 0),
        DataClass.ORDINARY: (1, 0),
        DataClass.SENSITIVE: (0, 0),
        DataClass.PROTECTED: (0, 0),
    }
    received(world, old, Right.ACCESS)
    assert due_seen_by(officer, NOW)[0].held == 1
    assert [one.due for one in due_seen_by(elsewhere, NOW)] == [1, 0, 0, 0]  # the one whom MINSAL registered
    client = Client()
    client.force_login(officer, backend=BACKEND)
    page = client.get(reverse("data_rights:retention")).content.decode()
    assert "Plazo provisional" in page
    assert str(old.key) not in page
    assert "Rosa" not in page
    client.force_login(world.officers["supervisor_a"], backend=BACKEND)
    assert client.get(reverse("data_rights:retention")).status_code == 404
