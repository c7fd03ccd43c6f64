"""The words of a consultation, and the ways its parts may go: process, replies, tables, contributions, drafts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused


class ProcessState(StrEnum):
    """Prepared by its secretariat; convened; at work; closed to new contributions; its position adopted."""

    PREPARED = "prepared"
    CONVENED = "convened"
    AT_WORK = "at_work"
    CLOSED = "closed"
    ADOPTED = "adopted"


class PhaseKind(StrEnum):
    TRAINING = "training"
    TABLES = "tables"
    ONLINE = "online"
    DRAFTING = "drafting"
    VALIDATION = "validation"
    ADOPTION = "adoption"


class Part(StrEnum):
    """What a convened body does: it decides, it is heard, it looks after the method, or it convened the others."""

    DECIDES = "decides"
    HEARD = "heard"
    METHOD = "method"
    CONVENES = "convenes"


class Reply(StrEnum):
    """What a body answered. No answer yet is no refusal."""

    NONE = "none"
    YES = "yes"
    NO = "no"
    NOT_RECORDED = "not_recorded"


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    NOT_RECORDED = "not_recorded"


class Duty(StrEnum):
    """What an officer is named for at a table."""

    FACILITATOR = "facilitator"
    RAPPORTEUR = "rapporteur"


class TableState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


class Channel(StrEnum):
    """How a contribution came: said at a table, typed in from paper, or sent on line."""

    TABLE = "table"
    PAPER = "paper"
    ONLINE = "online"


class ContributionState(StrEnum):
    """What became of it. What is set aside is not deleted: its text stays with its reason."""

    RECEIVED = "received"
    KEPT = "kept"
    MERGED = "merged"
    SPLIT = "split"
    REWORDED = "reworded"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    SET_ASIDE = "set_aside"


class Operation(StrEnum):
    """How one contribution became another, or went into a text."""

    MERGE = "merge"
    SPLIT = "split"
    REWORD = "reword"
    ADOPTED_IN = "adopted_in"


class DraftState(StrEnum):
    """A text is written, then decided upon, then its outcome stands."""

    WRITING = "writing"
    DECIDING = "deciding"
    DECIDED = "decided"


class AmendmentState(StrEnum):
    PROPOSED = "proposed"
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    WITHDRAWN = "withdrawn"


class MinutesState(StrEnum):
    DRAFT = "draft"
    AMENDMENTS = "amendments"
    FINAL = "final"


class PositionState(StrEnum):
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    ADOPTED = "adopted"


class ConsultationRefused(Refused):
    """Something that the consultation does not allow, or not now. Nothing was changed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "state": (
            "Ya no se puede: esto cambió mientras usted lo tenía abierto. No se cambió nada; vea cómo está ahora.",
            "This is no longer possible: it changed while you had it open. Nothing was changed; see how it stands now.",
        ),
    }
