"""The record of accesses as a table to take away."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from torogoz.shared.audit.models import AccessEvent

MOST_ROWS: Final = 100_000
"""What a spreadsheet still opens."""

COLUMNS: Final = {
    "number": pl.Int64,
    "at": pl.String,
    "officer": pl.String,
    "institution": pl.String,
    "verb": pl.String,
    "what": pl.String,
    "subjects": pl.String,
    "sections": pl.String,
    "allowed": pl.String,
    "basis": pl.String,
    "purpose": pl.String,
    "channel": pl.String,
    "path": pl.String,
    "request": pl.String,
    "hash": pl.String,
}


def as_frame(events: Sequence[AccessEvent]) -> pl.DataFrame:
    """One row per event, in the given order: codes as they are stored, keys and sections parted by a space, the time
    in UTC."""
    rows = [
        (
            event.sequence,
            f"{event.at:%Y-%m-%dT%H:%M:%SZ}",
            event.officer,
            event.institution,
            event.verb,
            event.what,
            " ".join(event.subjects),
            " ".join(event.sections),
            "yes" if event.allowed else "no",
            event.basis,
            event.purpose,
            event.channel,
            event.path,
            event.request_id,
            event.hash,
        )
        for event in events
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")
