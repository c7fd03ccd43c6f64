"""One writer at a time, of what a row cannot guard because it is not there yet."""

from django.db import connection


def take_turns(lock: int) -> None:
    """Wait for whoever has this lock, and have it until the end of the transaction.

    SQLite's IMMEDIATE transactions see to it; PostgreSQL needs a lock of its own.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
