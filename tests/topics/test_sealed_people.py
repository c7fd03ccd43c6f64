"""What is sealed of people: the bytes of the database hold no number and no sensitive answer."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.world import World, make_world
from torogoz.domain.people import DocumentTyped
from torogoz.shared.people.actions import add_identifier, write_section
from torogoz.shared.people.document_actions import correct_document
from torogoz.shared.people.models import DocumentCorrection, Identifier, Section
from torogoz.shared.people.queries import search_seen_by
from torogoz.shared.vault import sealing
from torogoz.shared.vault.columns import about
from torogoz.shared.vault.sealing import Batch

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
BEFORE, AFTER = [("people", "0002_search_index")], [("people", "0006_nothing_clear_in_freed_pages")]
NOTE, DUI = "tomar-losartan-cada-noche", "00016297-5"


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def unsealed(database_beside: None) -> Any:
    """The models as they were when numbers and answers were stored in the clear, in a database that has no others."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # some builds of SQLite overwrite what is freed, and some do not
            cursor.execute("PRAGMA secure_delete=OFF")
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    return executor.loader.project_state(BEFORE).apps


@contextmanager
def somebody_who_might_still_see_it() -> Iterator[None]:
    """An open transaction that has read no table, as another process of the site may have one at any moment."""
    if connection.vendor == "sqlite":  # waits for a writer, and so never has an old row to keep
        yield
        return
    beside = connection.copy()
    beside.set_autocommit(False)
    try:
        with beside.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT 1")
        yield
    finally:
        beside.close()


def every_byte(folder: Path) -> bytes:
    """What lies in the files of the database, and so what leaves with a copy of them: also what was freed."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            with tempfile.NamedTemporaryFile(dir=folder, suffix=".sqlite3") as file:
                with closing(sqlite3.connect(file.name)) as copy:
                    connection.connection.backup(copy)
                return Path(file.name).read_bytes()
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') AND pg_relation_size(oid) > 0"
        )
        return b"".join(bytes(file) for (file,) in cursor.fetchall())


def holds(database: bytes, clear: str) -> bool:
    return clear.encode() in database


def test_no_number_and_no_sensitive_answer_is_in_the_bytes_of_the_database(world: World, tmp_path: Path) -> None:
    person = world.person("ana", office="CENTRE-A", by="registrar_a")
    registrar = world.officers["registrar_a"]
    add_identifier(by=registrar, person=person, document=DocumentTyped("DUI", DUI), now=NOW)
    encounter = person.encounters.get()
    answers = {"care": "TREATED", "health_note": NOTE}
    write = {"encounter": encounter, "expected_version": 0, "now": NOW}
    write_section(by=world.officers["health_a"], code="health", answers=answers, **write)
    ordinary = {"occupation": "carpintera-de-ribera"}
    write_section(by=world.officers["labour_a"], code="labour", answers=ordinary, **write)
    assert (Identifier.objects.get().number, Section.objects.get(code="health").answers) == (DUI, answers)
    found = search_seen_by(registrar, document=DUI, now=NOW)
    assert [candidate.key for candidate in found] == [person.key]
    typed, note = DocumentTyped("PASSPORT", "B7654321", "GTM"), "la-tarjeta-lo-muestra"
    mistyped = add_identifier(by=registrar, person=person, document=DocumentTyped("DUI", "22392349-9"), now=NOW)
    correct_document(
        by=registrar, person=person, document=mistyped.key, typed=typed, expected_version=1,
        reason=DocumentCorrection.Reason.SPELT, note=note, now=NOW,
    )  # fmt: skip
    assert DocumentCorrection.objects.get().said_in(Batch())["note"] == note
    database = every_byte(tmp_path)
    for clear in (DUI, DUI.replace("-", ""), NOTE, "TREATED", "22392349-9", "223923499", "B7654321", note):
        assert not holds(database, clear), clear
    assert holds(database, "carpintera-de-ribera")  # an ordinary answer, which shows that the search would find one


def test_what_was_stored_in_the_clear_is_sealed_and_leaves_no_trace(unsealed: Any, tmp_path: Path) -> None:
    keep_in_the_clear(unsealed)
    assert holds(every_byte(tmp_path), DUI)
    assert holds(every_byte(tmp_path), NOTE)
    executor = MigrationExecutor(connection)
    with somebody_who_might_still_see_it():
        executor.migrate(AFTER)
    sealed = executor.loader.project_state(AFTER).apps
    kept = sealed.get_model("people", "Identifier").objects.get()
    opened = sealing.opened("DGME", bytes(kept.sealed), about("people_identifier", "sealed", kept.key))
    assert (opened.decode(), kept.institution.code) == (DUI, "DGME")
    assert bytes(kept.hashed) == sealing.keyed_hash("document", "000162975")
    sections = sealed.get_model("people", "Section").objects
    health = sections.get(code="health")
    assert health.plain == {}
    assert sealing.open_json("MINSAL", bytes(health.sealed), about("people_section", "sealed", health.key)) == {
        "health_note": NOTE
    }
    labour = sections.get(code="labour")
    assert (labour.plain, labour.sealed) == ({"occupation": "pintor"}, None)
    database = every_byte(tmp_path)
    for clear in (DUI, "000162975", NOTE):
        assert not holds(database, clear), clear
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps.get_model("people", "Identifier").objects.get()
    assert (old.number, old.folded) == (DUI, "000162975")


def keep_in_the_clear(apps: Any) -> None:
    """One made-up person with a document, an ordinary section and a sensitive one, all in the clear."""
    officer = apps.get_model("institutions", "Officer").objects.create(username="registrar", full_name="Inventada")
    own = {
        code: apps.get_model("institutions", "Institution").objects.create(code=code)
        for code in ("DGME", "MINSAL", "MTPS")
    }
    centre = apps.get_model("institutions", "Office").objects.create(
        code="CENTRE-A", institution=own["DGME"], department="SV-SS"
    )
    recorded = {"recorded_by": officer, "recorded_at": NOW}
    person = apps.get_model("people", "Person").objects.create(
        sex="F", birth="", nationality="SLV", institution=own["DGME"], **recorded
    )
    encounter = apps.get_model("people", "Encounter").objects.create(
        person=person, kind="return", occurred_at=NOW, office=centre, institution=own["DGME"], **recorded
    )
    apps.get_model("people", "Identifier").objects.create(
        person=person, kind="DUI", issuer="SLV", number=DUI, folded="000162975"
    )
    for code, institution, answers in (
        ("health", "MINSAL", {"health_note": NOTE}),
        ("labour", "MTPS", {"occupation": "pintor"}),
    ):
        apps.get_model("people", "Section").objects.create(
            encounter=encounter, code=code, form_version=1, institution=own[institution], answers=answers, **recorded
        )
