"""A back-up made while officers write: restored elsewhere it is whole, and its keys come by another way."""

import base64
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.topics.test_backup import run, tool, torogoz
from tests.world import make_world

WRITERS, EACH = 2, 4
COUNTS = """
import json
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.people.models import Encounter, Identifier, Person, Section
keys = sorted(str(key) for key in Person.objects.values_list("key", flat=True))
rows = [model.objects.count() for model in (Encounter, Identifier, Section)]
print(json.dumps([keys, rows, AccessEvent.objects.filter(verb="create").count()]))
"""


class Writers:
    """Officers who go on writing, and the keys of the people whose registration went through."""

    def __init__(self, environment: dict[str, str], stop: Path) -> None:
        self.stop, self.written = stop, list[str]()
        command = [sys.executable, "tests/keeps_writing.py", str(stop)]
        self.processes = [
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(WRITERS)
        ]
        self.readers = [threading.Thread(target=self._read, args=[process]) for process in self.processes]
        for reader in self.readers:
            reader.start()

    def wait_for(self, more: int) -> list[str]:
        """Return once so many more were written: all that were written until then."""
        enough, late = len(self.written) + more, time.monotonic() + 60
        while len(self.written) < enough:
            ended = [process for process in self.processes if process.poll()]
            assert not ended, ended[0].stderr.read() if ended[0].stderr else ""
            assert time.monotonic() < late
            time.sleep(0.05)
        return list(self.written)

    def end(self) -> list[str]:
        """Let them end what they are at; nobody met an error."""
        self.stop.touch()
        for process, reader in zip(self.processes, self.readers, strict=True):
            reader.join(60)
            with process:  # closes its pipes
                assert process.wait(60) == 0, process.stderr.read() if process.stderr else ""
        return list(self.written)

    def _read(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            self.written.append(line.strip())


@contextmanager
def source(folder: Path, key: str) -> Iterator[dict[str, str]]:
    """The environment of the machine at work, with the country of the tests in its database."""
    folder.mkdir()
    environment = {**os.environ, "TOROGOZ_VAR": str(folder), "TOROGOZ_MASTER_KEY": key}
    environment.pop("DATABASE_URL", None)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(folder / "torogoz.sqlite3") as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")  # as a database at work is
        yield environment
    else:
        yield {**environment, "DATABASE_URL": address(connection.settings_dict["NAME"])}


@contextmanager
def restored(environment: dict[str, str], folder: Path, during: Writers) -> Iterator[dict[str, str]]:
    """Back up as docs/how-to/back-up-and-restore.md says, and restore on an empty machine; its environment."""
    folder.mkdir()
    elsewhere = {**environment, "TOROGOZ_VAR": str(folder)}
    if connection.vendor == "sqlite":
        at_work = sqlite3.connect(Path(environment["TOROGOZ_VAR"]) / "torogoz.sqlite3")
        with sqlite3.connect(folder / "torogoz.sqlite3") as copy:
            at_work.backup(copy)
        at_work.close()
        during.wait_for(WRITERS)
        yield elsewhere
        return
    settings, fresh = connection.settings_dict, f"under_load_{os.getpid()}"
    server = {**os.environ, "PGHOST": settings["HOST"], "PGPORT": str(settings["PORT"]), "PGUSER": settings["USER"]}
    run([tool("pg_dump"), "--format=custom", f"--file={folder / 'dump'}", settings["NAME"]], server)
    during.wait_for(WRITERS)
    run([tool("createdb"), fresh], server)
    try:
        run([tool("pg_restore"), "--no-owner", f"--dbname={fresh}", str(folder / "dump")], server)
        yield {**elsewhere, "DATABASE_URL": address(fresh)}
    finally:
        run([tool("dropdb"), fresh], server)


def address(name: str) -> str:
    settings = connection.settings_dict
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{name}"


def counted(environment: dict[str, str]) -> tuple[set[str], list[int], int]:
    """The keys of people; how many encounters, documents, sections; how many events of something created."""
    shell = [sys.executable, "-m", "torogoz", "shell", "--no-imports", "-c", COUNTS]
    done = subprocess.run(shell, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    keys, rows, events = json.loads(done.stdout)
    return set(keys), rows, events


def test_a_back_up_made_while_officers_write_is_whole_and_opens_with_keys_that_come_by_another_way(
    transactional_db: None, tmp_path: Path
) -> None:
    make_world()
    key = base64.b64encode(os.urandom(32)).decode()
    with source(tmp_path / "at_work", key) as environment:
        writers = Writers(environment, tmp_path / "stop")
        try:
            before = writers.wait_for(WRITERS * EACH)
            head = torogoz(environment, "audit", "head").stdout.strip()
            with restored(environment, tmp_path / "elsewhere", writers) as elsewhere:
                everybody = writers.end()
                keys, rows, events = counted(elsewhere)
                assert set(before) <= keys < set(everybody)
                assert rows == [len(keys)] * 3  # each registration is whole
                assert events == 3 * len(keys)  # and each of its steps is in the record, once
                verified = torogoz(elsewhere, "audit", "verify", "--head", head)
                assert verified.returncode == 0, verified.stderr
                opened = torogoz(elsewhere, "keys", "verify")
                assert (opened.returncode, opened.stdout.split()[0]) == (0, str(2 * len(keys))), opened.stderr
                stranger = {**elsewhere, "TOROGOZ_MASTER_KEY": base64.b64encode(os.urandom(32)).decode()}
                refused = torogoz(stranger, "keys", "verify")
                assert refused.returncode != 0
                assert f"{2 * len(keys)} do not open" in refused.stderr
                assert torogoz(stranger, "audit", "verify", "--head", head).returncode == 0
                assert counted(environment)[1] == [len(everybody)] * 3
        finally:
            (tmp_path / "stop").touch()
