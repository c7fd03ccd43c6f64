"""Postings that one account cannot hold at the same time: what one opens, the other must be kept from."""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from torogoz.domain.access import NEVER, PERSON_ROLES, Posting, Role
from torogoz.domain.refusals import Refused

Reads = Callable[[Posting], frozenset[str]]
"""The sections that the protocol opens to a posting."""


class KeptApart(Refused):
    """Two postings that one account cannot hold at the same time."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "reviews": (
            "Quien protege los datos revisa quién leyó: no lee personas con la misma cuenta ({first}; {second}). "
            "No se guardó nada. Termine el otro puesto, o use otra cuenta de otra persona.",
            "Data protection reviews who read: the same account cannot read people ({first}; {second}). "
            "Nothing was changed. End the other posting, or give this one to somebody else.",
        ),
        "judges": (
            "Quien evalúa con independencia no informa ni convoca con la misma cuenta ({first}; {second}). "
            "No se guardó nada. Termine el otro puesto, o use otra cuenta de otra persona.",
            "Who assesses independently neither reports nor convenes with the same account ({first}; {second}). "
            "Nothing was changed. End the other posting, or give this one to somebody else.",
        ),
        "never": (
            "{institution} no puede leer nunca «{section}», y el otro puesto lo abre ({first}; {second}). "
            "No se guardó nada. Termine el otro puesto, o use otra cuenta de otra persona.",
            "{institution} must never read “{section}”, which the other posting opens ({first}; {second}). "
            "Nothing was changed. End the other posting, or give this one to somebody else.",
        ),
    }


def check_apart(held: Iterable[Posting], wanted: Posting, reads: Reads) -> None:
    """Refuse `wanted` beside what the account holds at the same time. Raises KeptApart.

    held    postings of the account, past ones too; those that have ended when `wanted` begins do not count
    reads   what the protocol opens to a posting of people
    """
    for other in held:
        if overlap(other, wanted):
            _check_pair(other, wanted, reads)


def conflicts(held: Iterable[Posting], reads: Reads) -> list[KeptApart]:
    """Every pair of these postings that should not be held at the same time: stored before the rule was, say."""
    found, before = [], list[Posting]()
    for wanted in held:
        for other in before:
            try:
                check_apart([other], wanted, reads)
            except KeptApart as why:
                found.append(why)
        before.append(wanted)
    return found


def overlap(one: Posting, other: Posting) -> bool:
    """Whether there is a moment at which both hold."""
    begins_before_end = one.valid_until is None or other.valid_from < one.valid_until
    ends_after_begin = other.valid_until is None or one.valid_from < other.valid_until
    return begins_before_end and ends_after_begin


def _check_pair(one: Posting, other: Posting, reads: Reads) -> None:
    named = {"first": _called(one), "second": _called(other)}
    roles = {one.role, other.role}
    if Role.DATA_PROTECTION in roles and roles & PERSON_ROLES:
        raise KeptApart("role", "reviews", **named)
    if Role.OBSERVER in roles and roles & {Role.SECRETARIAT, Role.FOCAL_POINT}:
        raise KeptApart("role", "judges", **named)
    for kept, opening in ((one, other), (other, one)):
        never = NEVER.get(kept.institution, frozenset())
        if kept.role in PERSON_ROLES and kept.institution != opening.institution:
            for section in sorted(never & reads(opening)):
                raise KeptApart("role", "never", institution=kept.institution, section=section, **named)


def _called(posting: Posting) -> str:
    return f"{posting.institution} {posting.role.value}"
