"""What the data-protection officer is told about the record as a whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from torogoz.shared.oversight import anchors
from torogoz.shared.oversight.models import ChainCheck

STALE: Final = timedelta(hours=36)
"""The chain is checked every night; a check that is older than this was missed."""


@dataclass(frozen=True)
class ChainState:
    """Whether the record is known to be whole.

    check       the newest check; None if there was none
    stale       whether it is too old to say anything about today
    broken      the newest check that found the record not whole, if any: it is told until it is explained in writing
                outside the system, since nothing here can make a broken chain whole again
    """

    check: ChainCheck | None
    stale: bool
    broken: ChainCheck | None

    @property
    def good(self) -> bool:
        """Whether the newest check is recent and found the chain whole."""
        return self.check is not None and self.check.whole and not self.stale


def chain_state(now: datetime) -> ChainState:
    """What is known of the chain at `now`."""
    newest = ChainCheck.objects.order_by("-pk").first()
    broken = ChainCheck.objects.exclude(faults=[]).order_by("-pk").first()
    return ChainState(newest, newest is None or newest.finished_at < now - STALE, broken)


def recent_checks(number: int = 10) -> list[ChainCheck]:
    """The newest checks, the newest first."""
    return list(ChainCheck.objects.order_by("-pk")[:number])


def restored() -> list[anchors.Anchor]:
    """The times when a back-up was restored and the record went on from an earlier event."""
    return anchors.kept().restored


def warns(now: datetime) -> bool:
    """Whether the menu must say that something is wrong with the record."""
    return not chain_state(now).good
