"""Whether two records are of one person: what may be decided, how far a fact agrees, and what stands against it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused

SHORTEST_REASON = 10


class Verdict(StrEnum):
    """What an officer decides of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class Agreeing(StrEnum):
    """How far one fact agrees in two records. A fact that one of them lacks is neither for nor against."""

    SAME = "same"
    SOUNDS = "sounds"
    CROSSED = "crossed"
    SIMILAR = "similar"
    PARTLY = "partly"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


class DecisionRefused(Refused):
    """A decision that cannot be kept as it was typed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "too_short": (
            "Escriba por qué, con {least} letras o más: otra persona lo leerá.",
            "Write why, in {least} letters or more: somebody else will read it.",
        ),
        "apart": (
            "Ya se decidió que son dos personas. Si fue un error, decida primero de nuevo.",
            "It was decided that they are two people. If that was a mistake, decide anew first.",
        ),
        "merged": (
            "Uno de los dos registros ya está unido a otro. Abra la lista de nuevo.",
            "One of the two records is merged into another already. Open the list again.",
        ),
        "undecided": (
            "Primero decida que son la misma persona.",
            "Decide first that they are the same person.",
        ),
    }


def check_reason(reason: str) -> str:
    """The reason of a decision, without space around it. Raises DecisionRefused when it says nothing."""
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        raise DecisionRefused("reason", "too_short", least=SHORTEST_REASON)
    return said


def representative(person: int, joined: Mapping[int, int]) -> int:
    """The record that stands for `person` now: `joined` says, of each merged record, into which one."""
    while person in joined:
        person = joined[person]
    return person


def apart(pairs: Iterable[tuple[int, int]], joined: Mapping[int, int]) -> frozenset[tuple[int, int]]:
    """The pairs that were decided to be two people, of the records that stand for them now, the smaller first.

    A decision about a record that was merged since is one about the record into which it was merged.
    """
    standing = (sorted((representative(one, joined), representative(other, joined))) for one, other in pairs)
    return frozenset((low, high) for low, high in standing if low != high)
