"""The record of accesses: whole or known not to be, searchable by one role, and telling nobody's name."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.world import NOW, World
from torogoz.domain.access import REFUSED, Basis, Decision, Verb
from torogoz.shared.audit import append_only, queries
from torogoz.shared.audit.actions import record
from torogoz.shared.audit.models import AccessEvent, AccessSubject, RecordIsAppendOnly

ALLOWED = Decision(True, Basis.OFFICE, "MINSAL")


def keep(*subjects: str, officer: str = "health_a", decision: Decision = ALLOWED, minutes: int = 0) -> AccessEvent:
    """One event of the record."""
    return record(
        officer=officer,
        institution="MINSAL",
        verb=Verb.VIEW,
        what="person",
        subjects=subjects,
        decision=decision,
        channel="page",
        now=NOW + timedelta(minutes=minutes),
        sections=["identity"],
        path="/people/",
        request_id="r",
    )


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


def around_the_guard(statement: str, values: list[object]) -> None:
    """What somebody who owns the database can do."""
    append_only.take_off(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    append_only.put_on(connection)


@pytest.mark.django_db
def test_a_whole_chain_verifies_after_reading_it_back() -> None:
    for number in range(5):
        keep(f"person {number}", minutes=number)
    found = queries.verify()
    assert found.whole, found.faults
    assert (found.events, found.head) == (5, queries.head())
    assert "5 events, unbroken" in run("verify", "--head", run("head").strip())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("UPDATE audit_accessevent SET officer = %s WHERE sequence = 2", ["somebody_else"]),
        ("UPDATE audit_accessevent SET allowed = %s WHERE sequence = 3", [False]),
        ("UPDATE audit_accessevent SET at = %s WHERE sequence = 1", [NOW + timedelta(days=1)]),
        ("UPDATE audit_accessevent SET sequence = %s WHERE sequence = 5", [6]),
        ("UPDATE audit_accesssubject SET subject = %s WHERE subject = 'person 2'", ["person 9"]),
        ("DELETE FROM audit_accesssubject WHERE subject = %s", ["person 3"]),
    ],
)
def test_an_altered_row_is_detected(statement: str, values: list[object]) -> None:
    for number in range(5):
        keep(f"person {number}")
    around_the_guard(statement, values)
    assert not queries.verify().whole
    with pytest.raises(CommandError, match="not whole"):
        run("verify")


@pytest.mark.django_db
@pytest.mark.parametrize("sequence", [1, 3])
def test_a_removed_row_is_detected(sequence: int) -> None:
    for number in range(5):
        keep(f"person {number}")
    event = AccessEvent.objects.get(sequence=sequence)
    around_the_guard("DELETE FROM audit_accesssubject WHERE event_id = %s", [event.pk])
    around_the_guard("DELETE FROM audit_accessevent WHERE id = %s", [event.pk])
    assert not queries.verify().whole


@pytest.mark.django_db
def test_rows_removed_from_the_end_are_detected_by_the_head_kept_elsewhere() -> None:
    for number in range(3):
        keep(f"person {number}")
    kept = run("head").strip()
    last = AccessEvent.objects.get(sequence=3)
    around_the_guard("DELETE FROM audit_accesssubject WHERE event_id = %s", [last.pk])
    around_the_guard("DELETE FROM audit_accessevent WHERE id = %s", [last.pk])
    assert queries.verify().whole, "an end that is gone leaves an unbroken chain"
    with pytest.raises(CommandError, match="removed from its end"):
        run("verify", "--head", kept)


@pytest.mark.django_db
@pytest.mark.parametrize("table", append_only.TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_take_away_a_row(table: str, statement: str) -> None:
    keep("person 1")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert queries.verify().whole


@pytest.mark.django_db
def test_the_models_refuse_it_sooner() -> None:
    event = keep("person 1")
    for change in (
        lambda: AccessEvent.objects.update(officer="x"),
        lambda: AccessEvent.objects.all().delete(),
        lambda: AccessSubject.objects.all().delete(),
        lambda: AccessEvent.objects.bulk_update([event], ["officer"]),
    ):
        with pytest.raises(RecordIsAppendOnly):
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessSubject.objects.get().delete()


@pytest.mark.django_db(transaction=True)
def test_events_recorded_at_the_same_time_make_one_unbroken_chain() -> None:
    def work(name: str) -> None:
        try:
            for number in range(8):
                keep(f"person {number}", officer=name)
        finally:
            connection.close()

    if connection.vendor == "sqlite":
        pytest.skip("the embedded database of a test lives in memory and has one connection")
    threads = [threading.Thread(target=work, args=(f"officer {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = queries.verify()
    assert found.whole, found.faults
    assert found.events == 48


@pytest.mark.django_db
def test_only_data_protection_reads_the_record_and_that_reading_is_recorded(client: Client, world: World) -> None:
    for username, officer in world.officers.items():
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        before = AccessEvent.objects.count()
        answer = client.get("/audit/")
        last = AccessEvent.objects.order_by("-sequence")[0]
        assert AccessEvent.objects.count() == before + 1
        assert (last.officer, last.verb) == (username, "audit")
        allowed = username == "data_protection"
        assert (answer.status_code, last.allowed) == ((200, True) if allowed else (404, False))


@pytest.mark.django_db
def test_the_record_is_searched_by_person_officer_institution_and_period(client: Client, world: World) -> None:
    person = world.person("ana", office="CENTRE-A", by="registrar_a", given="Zoraida", surname="Inventadísima")
    keep(str(person.key), officer="health_a")
    keep("11111111-1111-4111-8111-111111111111", officer="police_a", decision=REFUSED, minutes=60 * 24 * 3)
    client.force_login(world.officers["data_protection"], backend="django.contrib.auth.backends.ModelBackend")

    def rows(**asked: str) -> list[tuple[str, str]]:
        shown = client.get("/audit/", asked).context["rows"]
        return [(row["event"].officer, row["event"].what) for row in shown if row["event"].what == "person"]

    assert rows() == [("police_a", "person"), ("health_a", "person")]
    assert rows(person=str(person.key)) == [("health_a", "person")]
    assert rows(officer="police_a") == [("police_a", "person")]
    assert rows(institution="minsal") == [("police_a", "person"), ("health_a", "person")]
    assert rows(since="2026-11-21") == [("police_a", "person")]
    assert rows(until="2026-11-20") == [("health_a", "person")]
    assert rows(refused="on") == [("police_a", "person")]
    page = client.get("/audit/", {"person": str(person.key)}).content.decode()
    assert str(person.key) in page
    assert "Zoraida" not in page
    assert "Inventadísima" not in page


@pytest.mark.django_db
def test_a_period_that_ends_before_it_begins_is_refused_beside_the_field(client: Client, world: World) -> None:
    client.force_login(world.officers["data_protection"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/audit/", {"since": "2026-11-21", "until": "2026-11-20"}).content.decode()
    assert "termina antes de empezar" in page
    assert "2026-11-21" in page


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_that_can_be_written_are_searched(client: Client, world: World, day: str) -> None:
    client.force_login(world.officers["data_protection"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/audit/?since=0001-01-01&until={day}").status_code == 200
