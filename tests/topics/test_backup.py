"""What docs/how-to/back-up-and-restore.md says, done: dump, restore somewhere empty, and the chain verifies there."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit import actions, queries

ALLOWED = Decision(allowed=True, basis=Basis.DUTY)


@pytest.fixture
def twelve_events(transactional_db: None) -> str:
    """A record of twelve events; the hash that an operator would have written down."""
    for minute in range(12):
        actions.record(
            officer="dgme",
            institution="DGME",
            verb=Verb.VIEW,
            what="person",
            subjects=[f"person-{minute}"],
            decision=ALLOWED,
            channel="page",
            now=datetime(2026, 11, 1, 8, minute, tzinfo=UTC),
        )
    return queries.head()


@pytest.fixture
def restored(tmp_path: Path, twelve_events: str) -> Iterator[dict[str, str]]:
    """The environment of an empty machine on which the back-up was restored."""
    environment = {**os.environ, "TOROGOZ_VAR": str(tmp_path)}
    if connection.vendor == "sqlite":
        environment.pop("DATABASE_URL", None)
        with sqlite3.connect(tmp_path / "torogoz.sqlite3") as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
        yield environment
        return
    settings = connection.settings_dict
    server = {**os.environ, "PGHOST": settings["HOST"], "PGPORT": str(settings["PORT"]), "PGUSER": settings["USER"]}
    dump, fresh = tmp_path / "torogoz.dump", f"restored_{os.getpid()}"
    run([tool("pg_dump"), "--format=custom", f"--file={dump}", settings["NAME"]], server)
    run([tool("createdb"), fresh], server)
    try:
        run([tool("pg_restore"), "--no-owner", f"--dbname={fresh}", str(dump)], server)
        address = f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{fresh}"
        yield {**environment, "DATABASE_URL": address}
    finally:
        run([tool("dropdb"), fresh], server)


def test_a_restored_database_verifies_up_to_the_hash_that_was_written_down(
    restored: dict[str, str], twelve_events: str
) -> None:
    verified = torogoz(restored, "audit", "verify", "--head", twelve_events)
    assert verified.returncode == 0, verified.stderr
    assert "12" in verified.stdout


def test_a_back_up_that_lost_its_newest_events_is_found_out(restored: dict[str, str], twelve_events: str) -> None:
    later = torogoz(restored, "audit", "verify", "--head", "f" * 64)
    assert later.returncode != 0


def torogoz(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "torogoz", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def tool(name: str) -> str:
    """A tool of PostgreSQL, the one that belongs to the newest server that is installed."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(beside[-1]) if beside else shutil.which(name) or name


def run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
