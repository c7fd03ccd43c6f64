"""The record of accesses: whole or known not to be, searchable by one role, and telling nobody's name."""

import csv
import threading
from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.world import NOW, World
from torogoz.domain.access import REFUSED, Basis, Decision, Verb
from torogoz.shared.audit import append_only, queries, views
from torogoz.shared.audit.actions import record
from torogoz.shared.audit.declared import declaring
from torogoz.shared.audit.disclosures import disclosures_of
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


def as_data_protection(client: Client, world: World) -> Client:
    client.force_login(world.officers["data_protection"], backend="django.contrib.auth.backends.ModelBackend")
    return client


ANA, LUZ = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def test_a_list_is_one_event_and_is_found_by_each_person_it_showed(client: Client, world: World) -> None:
    keep(*(f"{number:08}-1111-4111-8111-111111111111" for number in range(60)), ANA, officer="registrar_b")
    keep(LUZ, officer="health_a", minutes=1)
    page = as_data_protection(client, world).get("/audit/", {"person": ANA})
    assert [(row["event"].officer, len(row["event"].subjects)) for row in page.context["rows"]] == [("registrar_b", 61)]
    assert f"<strong><code>{ANA}</code></strong>" in page.content.decode()
    assert "1 acceso," in page.content.decode()


def test_the_record_is_searched_by_act_and_basis(client: Client, world: World) -> None:
    keep(ANA, decision=Decision(True, Basis.GLASS, "MINSAL"))
    keep(LUZ, decision=Decision(True, Basis.CONSENT, "MINSAL"))
    as_data_protection(client, world)

    def subjects(**asked: str) -> list[str]:
        return [row["event"].subjects[0] for row in client.get("/audit/", asked).context["rows"]]

    assert subjects(basis="glass") == [ANA]
    assert subjects(basis="consent", verb="view") == [LUZ]
    assert subjects(basis="consent", verb="export") == []


def test_older_events_are_reached_by_where_the_list_stopped_and_none_is_missed_or_shown_twice(
    client: Client, world: World
) -> None:
    for number in range(125):
        keep(ANA, minutes=number // 7)  # many at the same moment
    as_data_protection(client, world)
    seen: list[int] = []
    address = f"person={ANA}"
    while address:
        page = client.get(f"/audit/?{address}")
        seen += [row["event"].sequence for row in page.context["rows"] if row["event"].what == "person"]
        keep(LUZ, minutes=9_999)  # what happens meanwhile moves nothing
        address = page.context["older"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 125


@pytest.mark.parametrize("after", ["0", "-1", "x", "99999999999999999999", "١٢"])
def test_a_place_in_the_list_that_does_not_exist_gives_its_top(client: Client, world: World, after: str) -> None:
    keep(ANA)
    assert len(as_data_protection(client, world).get("/audit/", {"after": after}).context["rows"]) == 1


def test_more_than_a_thousand_are_not_counted(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "COUNTED", 3)
    for _ in range(4):
        keep(ANA)
    assert "Más de 3 accesos" in as_data_protection(client, world).get("/audit/").content.decode()


def test_the_record_is_taken_away_as_a_file_in_which_no_text_is_a_formula(client: Client, world: World) -> None:
    keep(ANA, officer="=HYPERLINK(1)")
    keep(LUZ, officer="police_a", decision=REFUSED)
    answer = as_data_protection(client, world).get("/audit/events.csv", {"until": "2026-11-20"})
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["officer"], row["subjects"], row["allowed"]) for row in rows] == [
        ("police_a", LUZ, "no"),
        ("'=HYPERLINK(1)", ANA, "yes"),
    ]
    last = AccessEvent.objects.order_by("-sequence")[0]
    assert (last.officer, last.verb, last.channel) == ("data_protection", "audit", "export")
    assert last.path == "/audit/events.csv?until=2026-11-20"


def test_more_than_fit_into_a_file_are_refused_whole(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_ROWS", 1)
    keep(ANA)
    keep(ANA)
    answer = as_data_protection(client, world).get("/audit/events.csv")
    assert answer.status_code == 400
    assert "No se extrajo nada" in answer.content.decode()


def test_what_was_asked_is_kept_with_the_reading_unless_it_found_nothing(client: Client, world: World) -> None:
    keep(ANA, officer="health_a")
    as_data_protection(client, world)
    client.get("/audit/", {"officer": "health_a", "basis": "office"})
    assert AccessEvent.objects.order_by("-sequence")[0].path == "/audit/?officer=health_a&basis=office"
    client.get("/audit/", {"officer": "María Inventada, a name typed where a username belongs"})
    assert AccessEvent.objects.order_by("-sequence")[0].path == "/audit/"


@pytest.mark.django_db
def test_no_way_to_ask_reads_the_whole_record() -> None:
    keep(ANA)
    for asked in (
        queries.Asked(),
        queries.Asked(subject=ANA),
        queries.Asked(officer="health_a"),
        queries.Asked(institution="MINSAL"),
        queries.Asked(verb="view"),
        queries.Asked(basis="office"),
        queries.Asked(since=NOW),
        queries.Asked(refused=True),
    ):
        plan = queries.events(asked)[:51].explain()
        if connection.vendor == "sqlite":
            assert "audit_accessevent USING" in plan, plan
            assert "SCAN audit_accessevent\n" not in plan + "\n", plan
            assert asked.subject or "USE TEMP B-TREE FOR ORDER BY" not in plan, plan


# ── Before purposes were asked, and since ───────────────────────────────────────────────────────────────────────


def keep_as_before_purposes(*subjects: str) -> AccessEvent:
    """An event as it was recorded before purposes were asked; its hash is written out here, by hand."""
    last = AccessEvent.objects.order_by("-sequence").first()
    event = AccessEvent(
        sequence=last.sequence + 1 if last else 1, at=NOW, officer="health_a", institution="MINSAL", verb="view",
        what="person", subjects=list(subjects), sections=["identity"], allowed=True, basis="office", channel="page",
        path="/people/", request_id="r", seal=1, previous_hash=last.hash if last else "0" * 64,
    )  # fmt: skip
    words = (
        '{"allowed":true,"at":"2026-11-20T16:00:00.000000+00:00","basis":"office","channel":"page","institution":"MINSAL",'
        f'"officer":"health_a","path":"/people/","request_id":"r","sections":["identity"],"sequence":{event.sequence},'
        f'"subjects":["{subjects[0]}"],"verb":"view","what":"person"}}'
    )
    event.hash = sha256(f"{event.previous_hash}\n{words}".encode()).hexdigest()
    event.save(force_insert=True)
    AccessSubject.objects.create(event=event, subject=subjects[0])
    return event


@pytest.mark.django_db
def test_a_chain_of_old_and_new_events_verifies_as_one() -> None:
    keep_as_before_purposes("person 1")
    keep_as_before_purposes("person 2")
    with declaring(lambda username: "legal"):
        keep("person 3")
    keep("person 4")
    found = queries.verify()
    assert found.whole, found.faults
    assert "4 events, unbroken" in run("verify")
    assert [(event.seal, event.purpose) for event in AccessEvent.objects.order_by("sequence")] == [
        (1, ""),
        (1, ""),
        (2, "legal"),
        (2, ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ("purpose = 'family'", 2),
        ("purpose = ''", 2),
        ("purpose = 'legal'", 3),
        ("purpose = 'legal'", 1),
        ("seal = 1", 2),
        ("seal = 1", 3),
        ("seal = 2", 1),
        ("seal = 3", 3),
        ("purpose = '', seal = 1", 2),
    ],
)
def test_a_purpose_that_was_altered_taken_away_or_put_in_is_detected(change: str, sequence: int) -> None:
    keep_as_before_purposes("person 1")
    with declaring(lambda username: "legal"):
        keep("person 2")
    keep("person 3")
    around_the_guard(f"UPDATE audit_accessevent SET {change} WHERE sequence = %s", [sequence])
    with pytest.raises(CommandError, match=f"event {sequence} was altered"):
        run("verify")


def test_the_page_tells_what_was_not_asked_from_what_was_not_declared(client: Client, world: World) -> None:
    keep_as_before_purposes(ANA)
    keep(ANA)
    page = as_data_protection(client, world).get("/audit/", {"person": ANA}).content.decode()
    assert page.count(">no se pedía</td>") == 1
    assert [one.purpose for one in disclosures_of([ANA])] == [None, ""]
