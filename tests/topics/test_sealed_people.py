"""What is sealed of people: the bytes of the database hold no number and no sensitive answer."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.effort import once
from tests.topics.test_backup import tool
from tests.world import World, make_world
from torogoz.domain.people import DocumentTyped
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import add_identifier, write_section
from torogoz.shared.people.document_actions import correct_document
from torogoz.shared.people.models import DocumentCorrection, Identifier, Section
from torogoz.shared.people.queries import search_seen_by
from torogoz.shared.vault.sealing import Batch

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
BEFORE, AFTER = [("people", "0002_search_index")], [("people", "0006_nothing_clear_in_freed_pages")]
NOTE, DUI = "tomar-losartan-cada-noche", "00016297-5"


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def unsealed(transactional_db: None) -> Iterator[Any]:
    """The models as they were when numbers and answers were stored in the clear."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    MigrationExecutor(connection).migrate(AFTER)
    call_command("migrate", verbosity=0)


def every_byte(folder: Path) -> bytes:
    """The database as it leaves in a back-up."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(folder / "copy.sqlite3") as copy:
            connection.connection.backup(copy)
        return (folder / "copy.sqlite3").read_bytes()
    settings = connection.settings_dict
    server = {**os.environ, "PGHOST": settings["HOST"], "PGPORT": str(settings["PORT"]), "PGUSER": settings["USER"]}
    dump = subprocess.run([tool("pg_dump"), "--inserts", settings["NAME"]], env=server, capture_output=True, check=True)
    return dump.stdout


def holds(database: bytes, clear: str) -> bool:
    """Whether a text is in it, as it is or as PostgreSQL writes bytes."""
    return clear.encode() in database or clear.encode().hex().encode() in database


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


@once
def test_what_was_stored_in_the_clear_is_sealed_and_leaves_no_trace(unsealed: Any, tmp_path: Path) -> None:
    make_world_of(unsealed)
    assert holds(every_byte(tmp_path), DUI)
    assert holds(every_byte(tmp_path), NOTE)
    MigrationExecutor(connection).migrate(AFTER)
    kept = Identifier.objects.get()
    assert (kept.number, kept.folded, kept.institution.code) == (DUI, "000162975", "DGME")
    assert Section.objects.get(code="health").answers == {"health_note": NOTE}
    assert Section.objects.get(code="labour").plain == {"occupation": "pintor"}
    database = every_byte(tmp_path)
    for clear in (DUI, "000162975", NOTE):
        assert not holds(database, clear), clear
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps.get_model("people", "Identifier").objects.get()
    assert (old.number, old.folded) == (DUI, "000162975")


def make_world_of(apps: Any) -> None:
    """One made-up person with a document, an ordinary section and a sensitive one, all in the clear."""
    world = make_world()
    officer: Officer = world.officers["registrar_a"]
    own = {code: Institution.objects.get(code=code).pk for code in ("DGME", "MINSAL", "MTPS")}
    recorded = {"recorded_by_id": officer.pk, "recorded_at": NOW}
    person = apps.get_model("people", "Person").objects.create(
        sex="F", birth="", nationality="SLV", institution_id=own["DGME"], **recorded
    )
    place = {"office_id": world.offices["CENTRE-A"].pk, "institution_id": own["DGME"]}
    encounter = apps.get_model("people", "Encounter").objects.create(
        person_id=person.pk, kind="return", occurred_at=NOW, **place, **recorded
    )
    apps.get_model("people", "Identifier").objects.create(
        person_id=person.pk, kind="DUI", issuer="SLV", number=DUI, folded="000162975"
    )
    for code, institution, answers in (
        ("health", "MINSAL", {"health_note": NOTE}),
        ("labour", "MTPS", {"occupation": "pintor"}),
    ):
        apps.get_model("people", "Section").objects.create(
            encounter=encounter, code=code, form_version=1, institution_id=own[institution], answers=answers, **recorded
        )
