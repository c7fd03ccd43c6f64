"""Two who do something at the same time on PostgreSQL: the second begins while the first holds what both need."""

import threading
from collections.abc import Callable
from time import monotonic

from django.db import connection, transaction

LONGEST = 20.0
"""Seconds until a test gives up waiting for somebody to wait; the server sees a deadlock after one."""
Deed = Callable[[], object]


def at_once(holds: Deed, then: Deed, other: Deed) -> list[Exception]:
    """Do what `holds`; once the other one waits for somebody, do what comes `then`. What either was told."""
    started, told = threading.Event(), list[Exception]()

    def run(do: Deed) -> None:
        try:
            do()
        except Exception as why:  # whatever it was, the test names it
            told.append(why)
        finally:
            connection.close()

    def first() -> None:
        with transaction.atomic():
            holds()
            started.set()
            _until_somebody_waits()
            then()

    def second() -> None:
        started.wait(LONGEST)
        other()

    threads = [threading.Thread(target=run, args=(do,)) for do in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _until_somebody_waits() -> None:
    end = monotonic() + LONGEST
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        while monotonic() < end:
            # What the server tells of others is kept for the length of a transaction, unless it is asked anew.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits for what is held")
