"""Whether what a sheet tells still holds: those who keep it say so, by the kind of sheet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from torogoz.domain.printed import Sheet


class Standing(StrEnum):
    """What became of it."""

    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True)
class Stands:
    """What became of what a sheet tells, and since when; of what is in force, until when."""

    standing: Standing
    at: datetime


Ask = Callable[[UUID, datetime], Stands | None]
"""From the key of what a sheet tells, and a moment, to how it stands then; None where nothing is known of it."""

_KEEPERS: dict[Sheet, Ask] = {}


def tell(sheet: Sheet, how: Ask) -> None:
    """Say how what this kind of sheet tells stands: by the app that keeps it, when it starts."""
    _KEEPERS[sheet] = how


def stands(sheet: Sheet, of: UUID | None, now: datetime) -> Stands | None:
    """How what the sheet tells stands at `now`; None for a sheet of what does not end, and where it is not known."""
    keeper = _KEEPERS.get(sheet)
    return keeper(of, now) if keeper and of else None
