"""A test database begins as a copy of one that script/test migrated, so that each worker need not migrate its own."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

MIGRATED = "TOROGOZ_MIGRATED"
"""The variable that names it: a file of SQLite, or a database of the server that DATABASE_URL names."""


def begin_with_a_copy() -> None:
    """Let the database of this process's tests begin as a copy, if the variable names one.

    What the copy lacks is migrated afterwards, as always. Raises FileNotFoundError if the file is not there.
    """
    name = os.environ.get(MIGRATED)
    if not name:
        return
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = name
        return
    if not Path(name).is_file():
        raise FileNotFoundError(f"{MIGRATED} names {name}, which is no file")
    make: Any = connection.creation._create_test_db  # type: ignore[attr-defined]

    def make_and_fill(*asked: Any, **named: Any) -> str:
        made: str = make(*asked, **named)
        HELD.append(sqlite3.connect(made, uri=True))
        _copy(name, HELD[-1])
        return made

    connection.creation._create_test_db = make_and_fill  # type: ignore[attr-defined]


def fill(database: Path) -> None:
    """Let a file of SQLite be as the one that the variable names, if it names one. Who may read the file stays."""
    name = os.environ.get(MIGRATED, "")
    if Path(name).is_file():
        with closing(sqlite3.connect(database)) as into:
            _copy(name, into)


def _copy(name: str, into: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True)) as whole:
        whole.backup(into)


HELD: list[sqlite3.Connection] = []
"""A database in memory is gone when its last connection closes."""
