"""For what an officer works now: declared, kept with every access, and asked by what stands on a consent."""

from collections.abc import Iterable, Mapping
from typing import Final

from torogoz.domain.access import PERSON_ROLES, Basis, Posting, Role
from torogoz.domain.consents import Purpose

EMERGENCY: Final = "emergency"
"""What glass is broken for. Nobody declares it: the reason is asked when the glass is broken."""

RECORDED: Final = (*(purpose.value for purpose in Purpose), EMERGENCY)
"""What the record of accesses may say of the purpose; empty when nobody declared one: a command, a device, a duty."""

BY_ROLE: Final[Mapping[Role, Purpose]] = {
    Role.LOGISTICS: Purpose.ATTENTION,
    Role.REGISTRAR: Purpose.ATTENTION,
    Role.SPECIALIST: Purpose.ATTENTION,
    Role.SUPERVISOR: Purpose.ATTENTION,
}
"""In force until the officer declares another: who stands before a returned person attends. A statistician and who
protects the data work with no person, and have none."""


def in_force(declared: str, postings: Iterable[Posting]) -> Purpose | None:
    """The purpose for which an officer with these postings works, who `declared` this; None for no work with people.

    What is no purpose, as nothing at all, leaves the purpose of the role: that of the oldest posting with people.
    """
    roles = [posting.role for posting in postings if posting.role in PERSON_ROLES]
    if not roles:
        return None
    return next((purpose for purpose in Purpose if purpose.value == declared), BY_ROLE[roles[0]])


def recorded(declared: str, basis: Basis | None) -> str:
    """What the record keeps of the purpose of an access on this ground."""
    return EMERGENCY if basis is Basis.GLASS else declared
