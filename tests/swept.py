"""What tests wrote and took back is swept out of a PostgreSQL, else each test walks over the rows of those before it.

A test's rows are rolled back at its end and stay where they are until they are swept. After two thousand tests a list
that takes a tenth of a second took thirty. The server would do it by itself, but only now and then, and would learn at
those moments that tables are empty; so script/test turns that off.
"""

from itertools import count

import pytest
from django.db import connection
from pytest_django.plugin import blocking_manager_key

EVERY = 40
"""Tests that meet the database between two sweeps, which take a third of a second."""
_met = count(1)


def after(item: pytest.Item) -> None:
    """Sweep, if it is time. For when a test and all that it asked for has ended."""
    if connection.vendor == "postgresql" and item.get_closest_marker("database") and next(_met) % EVERY == 0:
        with item.config.stash[blocking_manager_key].unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM")
