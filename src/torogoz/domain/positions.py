"""A national position as a plain structure: what was asked, of whom, by which rules, and what came of every text.

Writers of documents take it as it is. Its canonical form is what the hash is taken over, so that anybody can check that
the text which is shown is the one which was adopted.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Both:
    """The same words in Spanish and in English; either may be empty."""

    es: str = ""
    en: str = ""


@dataclass(frozen=True)
class BodyEntry:
    """A convened body: its group and part as codes; seats None when the source does not record them."""

    name: Both
    group: str
    part: str
    did: Both
    seats: int | None
    reply: str


@dataclass(frozen=True)
class PhaseEntry:
    """A phase and its days; None where they are not recorded or not fixed."""

    kind: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class ThemeEntry:
    """A theme, or a part of the theme `parent`."""

    code: str
    parent: str
    name: Both


@dataclass(frozen=True)
class PointEntry:
    """A point under a text, and whether it was agreed; None when nobody said."""

    code: str
    kind: str
    text: Both
    agreed: bool | None


@dataclass(frozen=True)
class DissentEntry:
    """Who did not simply agree, how, and why, in the words of that body."""

    body: Both
    stance: str
    reason: str


@dataclass(frozen=True)
class OutcomeEntry:
    """What came of one text. `text` is empty where there was no agreement.

    tally   seats by stance; None when the source does not record it
    silent  seats that had not spoken; None likewise
    """

    code: str
    theme: str
    kind: str
    title: Both
    result: str
    text: Both
    points: tuple[PointEntry, ...]
    tally: Mapping[str, int] | None
    silent: int | None
    dissent: tuple[DissentEntry, ...] | None
    note: Both


@dataclass(frozen=True)
class RulesEntry:
    """The rules of decision: rule and base as codes, the share of a majority as two whole numbers, the quorum."""

    rule: str
    share: tuple[int, int]
    more_than: bool
    base: str
    quorum_seats: int
    quorum_groups: Mapping[str, int]


@dataclass(frozen=True)
class PositionDocument:
    """Everything that a position says. `rules` is None when the source does not record them."""

    code: str
    title: Both
    question: Both
    mandate: Both
    convener: Both
    rules: RulesEntry | None
    source: str
    bodies: tuple[BodyEntry, ...]
    phases: tuple[PhaseEntry, ...]
    themes: tuple[ThemeEntry, ...]
    outcomes: tuple[OutcomeEntry, ...]


@dataclass(frozen=True)
class AdoptedPosition:
    """A position with the act of adopting it; hash and names are empty where the source does not record the act."""

    document: PositionDocument
    sha256: str = ""
    proposed_by: str = ""
    confirmed_by: str = ""
    adopted_at: datetime | None = None
    instrument: str = ""


@dataclass(frozen=True)
class AttendanceEntry:
    """Whether a body was at a meeting, and how many people it sent; None when they were not counted. No names."""

    body: Both
    group: str
    presence: str
    people: int | None


@dataclass(frozen=True)
class MinutesDocument:
    """Minutes of a meeting, as they stand; `sha256` and `final_at` when they are final."""

    consultation: Both
    event: Both
    starts_on: date
    ends_on: date
    place: str
    state: str
    text: Both
    attendance: tuple[AttendanceEntry, ...]
    final_at: datetime | None
    sha256: str


def canonical(document: PositionDocument) -> str:
    """The one text of a position: JSON, keys in order, no blanks between them, UTF-8, ended by a line break."""
    said = json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return said + "\n"


def hash_of(canonical_text: str) -> str:
    """SHA-256 of a canonical text, as `sha256sum` prints it for the file."""
    return hashlib.sha256(canonical_text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a position")
