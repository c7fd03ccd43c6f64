"""What the public reads of commitments, and who may keep the register."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Max, QuerySet
from django.utils.translation import gettext

from torogoz.domain.access import Verb
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Instrument, Provision
from torogoz.shared.ui.public import Edition
from torogoz.topics.commitments.models import Responsibility

NO_THEME: Final = "none"
"""What stands in no section of its instrument, as the address of the list says it."""


@dataclass(frozen=True)
class Theme:
    """One section of a position, or what stands in none: its name and how many of its commitments are of each kind."""

    code: str
    name: str
    kinds: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(self.kinds)


@dataclass(frozen=True)
class Position:
    """One adopted position by theme and kind; `roles` are those that anything of it has, with how many."""

    instrument: Instrument
    kinds: tuple[str, ...]
    roles: tuple[tuple[str, int], ...]
    themes: tuple[Theme, ...]
    count: int

    @property
    def of_each_kind(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*(theme.kinds for theme in self.themes), strict=True)))


@dataclass(frozen=True)
class Objective:
    """One objective of the adopted Compact, and how many commitments of each position correspond to it."""

    provision: Provision
    title: str
    counts: tuple[int, ...]

    @property
    def without_position(self) -> bool:
        """Whether no position says anything about it: that is shown, and never filled in."""
        return not any(self.counts)


@dataclass(frozen=True)
class Overview:
    """Every adopted position, the newest first, and the objectives of the Compact beside them."""

    positions: tuple[Position, ...]
    objectives: tuple[Objective, ...]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.positions)


def overview(language: str) -> Overview:
    """The positions by theme and kind; the objectives of the Compact with how many commitments correspond."""
    positions, objectives = provisions.adopted_positions(), list(provisions.objectives())
    words = provisions.words_of(objectives)
    mapped = [provisions.commitments_by_objective(each.code) for each in positions]
    return Overview(
        tuple(_position(each, language) for each in positions),
        tuple(
            Objective(each, title(words[each.pk], language), tuple(counts[each.code] for counts in mapped))
            for each in objectives
        ),
    )


def _position(instrument: Instrument, language: str) -> Position:
    found, sections = list(provisions.commitments(instrument.code)), list(provisions.sections(instrument.code))
    words = provisions.words_of(sections)
    above = {each.pk: over.pk for each in found if (over := provisions.section_over(each))}
    counted = Counter((above.get(each.pk), each.kind) for each in found)
    roles = Counter(each.software_role for each in found)
    called = names("PROVISION_KIND", language)
    present = {each.kind for each in found}
    kinds = [
        *(pair for pair in called.items() if pair[0] in present),
        *((kind, kind) for kind in sorted(present - {*called})),
    ]
    themes = [
        Theme(code, name, tuple(counted[key, kind] for kind, _ in kinds))
        for key, code, name in (
            *((each.pk, each.code, title(words[each.pk], language)) for each in sections),
            *([(None, NO_THEME, gettext("Sin tema"))] if sections else []),
        )
    ]
    return Position(
        instrument,
        tuple(name for _, name in kinds),
        tuple((name, roles[code]) for code, name in names("PROVISION_ROLE", language).items() if roles[code]),
        tuple(theme for theme in themes if theme.count),
        len(found),
    )


def title(words: provisions.Words, language: str) -> str:
    """What a provision is called in a list; empty when no wording is stored."""
    best = words.best(language)
    return best.text if best else ""


def responsibilities_of(provision: Provision) -> QuerySet[Responsibility]:
    """Who answers for a provision and who did, those in force first; old ones keep the old name."""
    found = Responsibility.objects.filter(provision=provision).select_related(
        "institution__successor", "passed_to__institution", "recorded_by"
    )
    return found.order_by(F("valid_until").desc(nulls_first=True), "role", "institution__code", "pk")


def responsibility_called(key: UUID) -> Responsibility | None:
    """The responsibility with this key."""
    return Responsibility.objects.filter(key=key).select_related("provision", "institution").first()


def edition() -> Edition:
    """What the public pages are made from: provisions with their words and links, and who answers for them."""
    counted = Responsibility.objects.aggregate(rows=Count("pk"), last=Max("pk"), ended=Max("valid_until"))
    parts = [provisions.state(), f"responsibilities {counted}"]
    return Edition(hashlib.sha256("\n".join(parts).encode()).hexdigest(), None)


def may_convene(officer: object, now: datetime) -> bool:
    """Whether who asks keeps the register: the secretariat, and nobody else."""
    return isinstance(officer, Officer) and bool(may(officer, Verb.CONVENE, None, None, now))
