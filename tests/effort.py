"""How much a lane tries: everything on SQLite; on PostgreSQL a share of it, for of what ran on SQLite the lane asks
only whether the other database answers alike. What PostgreSQL alone can show is marked `postgres`, and has no share."""

import pytest
from django.conf import settings

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")

once = pytest.mark.once
"""For a long walk whose steps other tests take on PostgreSQL too."""


def tries(whole: int) -> int:
    """So many examples on SQLite, a quarter of them on PostgreSQL."""
    return max(1, whole // 4) if ON_POSTGRESQL else whole
