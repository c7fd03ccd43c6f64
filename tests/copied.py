"""A test database begins as a copy of one that script/test migrated, so that each worker need not migrate its own."""

import os
import sqlite3
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
        into = sqlite3.connect(made, uri=True)
        with sqlite3.connect(f"file:{name}?mode=ro", uri=True) as whole:
            whole.backup(into)
        HELD.append(into)
        return made

    connection.creation._create_test_db = make_and_fill  # type: ignore[attr-defined]


HELD: list[sqlite3.Connection] = []
"""A database in memory is gone when its last connection closes."""
