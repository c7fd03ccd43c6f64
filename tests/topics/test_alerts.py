"""From the record to alerts: counted as a person would count, shown to data protection and never to who is meant."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import REFUSED, Basis, Decision, Role, Verb
from torogoz.domain.oversight import AlertState, Kind
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Membership
from torogoz.shared.oversight import actions, queries
from torogoz.shared.oversight.models import Alert, AlertStep, OfficerDay
from torogoz.shared.people.models import Person

DAY = timezone.localdate(NOW)  # 10 in the morning in El Salvador
INSTITUTIONS = {"registrar_a": "DGME", "registrar_b": "DGME", "health_a": "MINSAL", "data_protection": "DGME"}


def opened(
    officer: str,
    *people: Person,
    hours: float = 0,
    verb: Verb = Verb.VIEW,
    what: str = "person",
    basis: Basis | None = Basis.OWN,
) -> None:
    institution = INSTITUTIONS[officer]
    record(
        officer=officer,
        institution=institution,
        verb=verb,
        what=what,
        subjects=[str(person.key) for person in people],
        decision=Decision(True, basis, institution) if basis else REFUSED,
        channel="page",
        now=NOW + timedelta(hours=hours),
    )


def crowd(world: World, number: int, office: str, by: str) -> list[Person]:
    return [world.person(f"{office}{each}", office=office, by=by) for each in range(number)]


def without_token(page: bytes) -> bytes:
    """The page without the token against forged forms, which is new each time."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def sign_in(client: Client, world: World, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def row(officer: str) -> OfficerDay:
    return OfficerDay.objects.get(day=DAY, officer=officer)


def test_each_person_counts_once_a_day_at_the_own_centre_elsewhere_or_at_none(world: World) -> None:
    here, there = (world.person(nick, office=f"CENTRE-{nick}", by="registrar_a") for nick in ("A", "B"))
    both = world.person("both", office="CENTRE-B", by="registrar_b")
    world.encounter(both, office="CENTRE-A", by="registrar_a")
    nowhere = world.person("nowhere", office="CENTRE-A", by="registrar_a")
    nowhere.encounters.update(recorded_at=NOW + timedelta(hours=3))  # met at a centre only after she was opened
    for _ in range(2):
        for person in (here, there, both, nowhere):
            opened("registrar_a", person)
    opened("registrar_a", there, verb=Verb.PRINT, basis=Basis.GLASS)
    opened("registrar_a", here, there, both, verb=Verb.LIST)
    opened("registrar_a", there, both, verb=Verb.EXPORT)
    opened("registrar_a", there, basis=None)
    opened("registrar_a", there, verb=Verb.CREATE, what="glass", basis=Basis.GLASS)
    opened("registrar_a", there, hours=12.5)  # half past ten at night
    opened("registrar_a", here, hours=14)  # of the next day
    actions.sum_up(day=DAY)
    counted = row("registrar_a")
    assert {
        name: getattr(counted, name)
        for name in ("opened", "own", "elsewhere", "night", "listed", "exported", "refused", "glass", "role", "bases")
    } == {
        "opened": 4, "own": 2, "elsewhere": 1, "night": 1, "listed": 3, "exported": 2, "refused": 1, "glass": 1,
        "role": "registrar", "bases": {"glass": 1, "own": 9},
    }  # fmt: skip


def test_a_centre_is_the_own_one_only_while_the_officer_is_posted_there(world: World) -> None:
    person = world.person("ana", office="CENTRE-A", by="registrar_a")
    Membership.objects.filter(officer__username="registrar_a").update(valid_until=NOW + timedelta(hours=1))
    opened("registrar_a", person)
    opened("registrar_b", person)
    opened("health_a", person, hours=2)
    actions.sum_up(day=DAY)
    assert [(row(name).own, row(name).elsewhere) for name in ("registrar_a", "registrar_b", "health_a")] == [
        (1, 0),
        (0, 1),
        (1, 0),
    ]
    opened("registrar_a", world.person("luz", office="CENTRE-A", by="registrar_a"), hours=2)
    actions.sum_up(day=DAY)
    assert (row("registrar_a").own, row("registrar_a").elsewhere) == (1, 1)


def test_summing_up_again_gives_the_same_and_days_that_were_missed_are_made_up_for(world: World) -> None:
    person = world.person("ana", office="CENTRE-A", by="registrar_a")
    opened("registrar_a", person, hours=-48)
    opened("registrar_a", person)
    for _ in range(2):
        actions.look_back(until=DAY, now=NOW)
    assert sorted(OfficerDay.objects.values_list("day", "opened")) == [(DAY - timedelta(days=2), 1), (DAY, 1)]


def test_who_reads_many_outside_the_own_centre_raises_one_alert_however_often_it_is_looked_for(world: World) -> None:
    for person in crowd(world, 61, "CENTRE-B", "registrar_b"):
        opened("registrar_a", person)
        opened("registrar_b", person)
    for _ in range(2):
        actions.look_back(until=DAY, now=NOW)
    alert = Alert.objects.get()
    assert (alert.kind, alert.officer, alert.measured, alert.own, alert.peers) == (
        Kind.ELSEWHERE, "registrar_a", 61, None, None,
    )  # fmt: skip


def raised(world: World, officer: str = "health_a") -> Alert:
    """An alert about three broken glasses of one officer."""
    person = world.person("glass", office="CENTRE-B", by="registrar_b")
    for _ in range(3):
        opened(officer, person, verb=Verb.CREATE, what="glass", basis=Basis.GLASS)
    (alert,) = actions.look_back(until=DAY, now=NOW)
    return alert


def test_one_file_that_many_open_is_an_alert_about_the_file(world: World) -> None:
    person = world.person("famous", office="CENTRE-A", by="registrar_a")
    for username in [name for name in world.officers if name != "data_protection"][:16]:
        INSTITUTIONS.setdefault(username, "DGME")
        opened(username, person)
    (alert,) = actions.look_back(until=DAY, now=NOW)
    assert (alert.kind, alert.person, alert.measured, alert.officer) == (Kind.READERS, str(person.key), 16, "")
    assert alert.officers.count() == 16
    assert not actions.look_back(until=DAY + timedelta(days=3), now=NOW), "the same week is asked about once"


def test_data_protection_answers_an_alert_with_a_reason_and_nothing_is_overwritten(
    client: Client, world: World
) -> None:
    alert = raised(world)
    sign_in(client, world, "data_protection")
    page = client.get("/oversight/").content.decode()
    assert "1 alerta que nadie ha revisado" in page
    assert "Aperturas de urgencia repetidas" in page
    address = f"/oversight/alerts/{alert.key}/"
    assert "3 aperturas en siete días" in client.get(address).content.decode()
    refused = client.post(address, {"state": "explained", "reason": "corta"})
    assert refused.status_code == 200
    assert 'aria-invalid="true"' in refused.content.decode()
    assert not AlertStep.objects.exists()
    for state, reason in (("looked_into", "Se preguntó a su jefatura."), ("explained", "Noche de tres vuelos.")):
        assert client.post(address, {"state": state, "reason": reason}).status_code == 302
    alert.refresh_from_db()
    assert alert.state == AlertState.EXPLAINED
    assert list(alert.steps.order_by("pk").values_list("state", "by__username")) == [
        ("looked_into", "data_protection"),
        ("explained", "data_protection"),
    ]
    again = client.post(address, {"state": "explained", "reason": "Otra vez lo mismo."}).content.decode()
    assert "ya está en ese estado" in again
    assert "Noche de tres vuelos." in again
    assert "0 alertas que nadie ha revisado" in client.get("/oversight/").content.decode()


def test_only_data_protection_reaches_an_alert_and_a_refusal_is_as_for_one_that_does_not_exist(world: World) -> None:
    alert = raised(world)
    for username in world.officers:
        client = sign_in(Client(), world, username)
        answer = client.get(f"/oversight/alerts/{alert.key}/")
        missing = client.get("/oversight/alerts/11111111-1111-4111-8111-111111111111/")
        assert answer.status_code == (200 if username == "data_protection" else 404), username
        assert username == "data_protection" or without_token(answer.content) == without_token(missing.content)
        posted = client.post(f"/oversight/alerts/{alert.key}/", {"state": "explained", "reason": "nada que ver aquí"})
        assert posted.status_code == (302 if username == "data_protection" else 404)
    assert AlertStep.objects.count() == 1


def test_an_officer_of_data_protection_never_sees_an_alert_about_herself_and_another_one_does(
    client: Client, world: World
) -> None:
    officer = world.officers["health_a"]
    posting = Membership.objects.get(officer=officer)
    Membership.objects.create(
        officer=officer,
        institution=posting.institution,
        office=posting.office,
        role=Role.DATA_PROTECTION.value,
        valid_from=LONG_AGO,
    )
    before = sign_in(client, world, "health_a").get("/oversight/").content
    alert = raised(world)
    after = client.get("/oversight/").content
    assert b"Aperturas de urgencia repetidas" not in after
    assert [line for line in before.splitlines() if b"alerta" in line] == [
        line for line in after.splitlines() if b"alerta" in line
    ], "not even their number changes"
    assert client.get(f"/oversight/alerts/{alert.key}/").status_code == 404
    with pytest.raises(actions.NotAllowed):
        actions.answer(by=officer, alert=alert, state=AlertState.EXPLAINED, reason="it was me, all is well", now=NOW)
    assert queries.open_alerts(officer, NOW) == 0
    assert queries.open_alerts(world.officers["data_protection"], NOW) == 1


def test_an_alert_that_no_officer_of_data_protection_may_see_is_said_to_who_runs_the_command(world: World) -> None:
    raised(world, officer="data_protection")
    assert queries.seen_by_nobody(NOW) == 1
    out = StringIO()
    call_command("audit", "anomalies", "--until", f"{DAY}", stdout=out)
    assert "nobody can see them" in out.getvalue()
    assert "data_protection" not in out.getvalue()


def test_the_summary_adds_up_by_officer_institution_and_day(client: Client, world: World) -> None:
    here, there = (world.person(nick, office=f"CENTRE-{nick}", by="registrar_a") for nick in ("A", "B"))
    for hours in (0, 24):
        opened("registrar_a", here, hours=hours)
        opened("registrar_a", there, hours=hours)
        opened("health_a", here, hours=hours)
    actions.look_back(until=DAY + timedelta(days=1), now=NOW)
    sign_in(client, world, "data_protection")

    def lines(by: str, **more: str) -> list[tuple[str, int, int, int]]:
        asked = {"by": by, "since": f"{DAY - timedelta(days=6)}", "until": f"{DAY + timedelta(days=1)}", **more}
        rows = client.get("/oversight/summaries/", asked).context["rows"]
        return [(one["line"].name, one["line"].opened, one["line"].own, one["line"].elsewhere) for one in rows]

    assert lines("officer") == [("registrar_a · DGME", 4, 2, 2), ("health_a · MINSAL", 2, 2, 0)]
    assert lines("institution") == [("DGME", 4, 2, 2), ("MINSAL", 2, 2, 0)]
    assert lines("day") == [(f"{DAY + timedelta(days=1)}", 3, 2, 1), (f"{DAY}", 3, 2, 1)]
    assert lines("officer", institution="minsal") == [("health_a · MINSAL", 2, 2, 0)]
    page = client.get("/oversight/summaries/", {"by": "officer", "since": "2020-01-01", "until": "2026-11-20"})
    assert "Pida un período más corto" in page.content.decode()
    assert client.get("/oversight/summaries/").status_code == 200


def test_only_data_protection_reaches_the_summary(client: Client, world: World) -> None:
    for username in world.officers:
        status = sign_in(client, world, username).get("/oversight/summaries/").status_code
        assert status == (200 if username == "data_protection" else 404)
