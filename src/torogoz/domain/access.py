"""Who may see and do what: tiers, roles, postings, the sharing protocol, and the one decision over them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Tier(IntEnum):
    """How sensitive a section is; a higher tier is seen by fewer."""

    PUBLIC = 0
    LOGISTICS = 1
    ORDINARY = 2
    SENSITIVE = 3
    PROTECTED = 4


class Verb(StrEnum):
    """What an officer asks to do."""

    VIEW = "view"
    LIST = "list"
    SEARCH = "search"
    CREATE = "create"
    EDIT = "edit"
    PRINT = "print"
    EXPORT = "export"
    AUDIT = "audit"


class Role(StrEnum):
    """What an officer is in an institution. A role is held through a posting, for a time."""

    LOGISTICS = "logistics"
    REGISTRAR = "registrar"
    SPECIALIST = "specialist"
    SUPERVISOR = "supervisor"
    STATISTICIAN = "statistician"
    DATA_PROTECTION = "data_protection"


class Basis(StrEnum):
    """On what ground a decision allows."""

    OWN = "own"
    PROTOCOL = "protocol"
    OFFICE = "office"
    DUTY = "duty"


@dataclass(frozen=True)
class Posting:
    """An officer's place: in an institution, at an office, in a role, from one moment until another."""

    institution: str
    office: int
    role: Role
    valid_from: datetime
    valid_until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the posting is in force at `now`."""
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True)
class Decision:
    """The answer of the policy, and the ground it stands on; a refusal has no ground."""

    allowed: bool
    basis: Basis | None = None

    def __bool__(self) -> bool:
        return self.allowed


REFUSED = Decision(allowed=False)


def in_force(postings: Iterable[Posting], now: datetime) -> tuple[Posting, ...]:
    """The postings that hold at `now`."""
    return tuple(posting for posting in postings if posting.holds(now))
