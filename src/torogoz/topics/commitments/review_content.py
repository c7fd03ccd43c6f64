"""What a national review and a dossier are made from: plain values, frozen at a moment, with one canonical text.

The hash that is printed in a document is taken over that text, so that anybody can check what it was made from.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from torogoz.shared.provisions.serving import PledgeLine, PracticeLine
from torogoz.topics.commitments.published import Body, DutyLine, FollowUp

REVIEW_FORMAT = "torogoz review 2"
DOSSIER_FORMAT = "torogoz dossier 3"


class Missing(StrEnum):
    """What there is not, of a commitment."""

    RESPONSIBLE = "responsible"
    MEASURE = "measure"
    TARGET = "target"
    READING = "reading"
    REPORT = "report"
    ASSESSMENT = "assessment"


@dataclass(frozen=True)
class Named:
    """A code with its names: an instrument, an objective, a theme."""

    code: str
    name_es: str
    name_en: str


@dataclass(frozen=True)
class InstrumentEntry(Named):
    """An instrument with who adopted it, when (None: its source does not say), and where it was read."""

    body_es: str
    body_en: str
    adopted_on: date | None
    source_es: str
    source_en: str


@dataclass(frozen=True)
class FlagEntry:
    """Something odd in the printed text, with the words as printed."""

    code: str
    name_es: str
    name_en: str
    printed: str
    note_es: str
    note_en: str
    source: str


@dataclass(frozen=True)
class ResponsibleEntry:
    """An institution that answers or answered for a provision, on what ground."""

    body: Body
    leads: bool
    valid_from: date
    valid_until: date | None
    ground: str


@dataclass(frozen=True, kw_only=True)
class Followed:
    """One provision of a national position by its code and theme, with who answers for it and all that came of it."""

    key: UUID
    code: str
    theme: str
    responsible: tuple[ResponsibleEntry, ...]
    follow_up: FollowUp

    @property
    def is_followed(self) -> bool:
        """Whether anything was published about it."""
        held = self.follow_up
        return bool(held.measures or held.series or held.reports or held.assessments)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What there is not."""
        held = self.follow_up
        gaps = {
            Missing.RESPONSIBLE: all(each.valid_until is not None for each in self.responsible),
            Missing.MEASURE: not held.measures,
            Missing.TARGET: held.without_target,
            Missing.READING: not any(each.readings for each in held.series),
            Missing.REPORT: not held.reports,
            Missing.ASSESSMENT: not held.assessments,
        }
        return tuple(what for what, is_missing in gaps.items() if is_missing)

    @property
    def made_up(self) -> bool:
        """Whether anything that follows it belongs to the demonstration country."""
        held = self.follow_up
        return any(
            each.made_up for rows in (held.measures, held.series, held.reports, held.assessments) for each in rows
        )


@dataclass(frozen=True, kw_only=True)
class ProvisionEntry(Followed):
    """One provision of a national position with all that is public about it: its words, flags and links too."""

    kind_es: str
    kind_en: str
    name_es: str
    name_en: str
    printed_es: str
    printed_en: str
    lines: str
    flags: tuple[FlagEntry, ...]
    objectives: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True)
class TreatyEntry:
    """What El Salvador is to a treaty, as a named source says; empty where none says."""

    name_es: str
    name_en: str
    status: str
    year: int | None
    source: str


@dataclass(frozen=True)
class ReviewContent:
    """All that a review says, in both languages, as it was public at `frozen_at`.

    period     its first and its last year; reports of times that do not touch it are left out
    practices  those published that serve an objective, and touch the period; pledges likewise
    duties     reports that are owed: those that nobody has approved yet
    """

    period: tuple[int, int]
    frozen_at: datetime
    position: InstrumentEntry
    compact: InstrumentEntry
    objectives: tuple[Named, ...]
    themes: tuple[Named, ...]
    provisions: tuple[ProvisionEntry, ...]
    treaties: tuple[TreatyEntry, ...] = ()
    practices: tuple[PracticeLine, ...] = ()
    pledges: tuple[PledgeLine, ...] = ()
    duties: tuple[DutyLine, ...] = ()
    made_up: bool = False
    format: str = REVIEW_FORMAT

    def of_objective(self, code: str) -> tuple[ProvisionEntry, ...]:
        """The provisions that correspond to an objective; there may be none."""
        return tuple(each for each in self.provisions if code in each.objectives)

    @property
    def without_objective(self) -> tuple[ProvisionEntry, ...]:
        """The provisions that correspond to no objective: they are no less in the review."""
        return tuple(each for each in self.provisions if not each.objectives)


@dataclass(frozen=True)
class WordingEntry:
    """One version of the words of a provision, who stands for it, and why it replaced the one before."""

    language: str
    role: str
    version: int
    text: str
    machine: bool
    origin: str
    why: str
    written_on: date
    validated_by: tuple[Body, ...]


@dataclass(frozen=True)
class LinkEntry:
    """How the provision relates to another: the kind of link, seen from here or from there, and where it comes from."""

    kind: str
    here: bool
    instrument: Named
    code: str
    name_es: str
    name_en: str
    origin: str
    why: str
    ended_on: date | None


@dataclass(frozen=True)
class DossierContent:
    """All that is public about one commitment on a day. It changes with what is published, and with the day.

    duties  reports that are owed on it or were, those of which the institution was told
    """

    as_of: date
    instrument: InstrumentEntry
    provision: ProvisionEntry
    wordings: tuple[WordingEntry, ...]
    links: tuple[LinkEntry, ...]
    themes: tuple[Named, ...] = field(default=())
    practices: tuple[PracticeLine, ...] = ()
    pledges: tuple[PledgeLine, ...] = ()
    duties: tuple[DutyLine, ...] = ()
    made_up: bool = False
    format: str = DOSSIER_FORMAT


def canonical(content: ReviewContent | DossierContent) -> str:
    """The one text of a content: JSON, keys in order, no blanks between them, ended by a line break."""
    said: Mapping[str, Any] = asdict(content)
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain) + "\n"


def hash_of(canonical_text: str) -> str:
    """SHA-256 of a canonical text as UTF-8, as `sha256sum` prints it for the file."""
    return hashlib.sha256(canonical_text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a review")
