"""What the public reads of commitments, and who may keep the register."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, QuerySet

from torogoz.domain.access import Verb
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Provision
from torogoz.shared.ui.public import Edition
from torogoz.topics.commitments.models import Responsibility


@dataclass(frozen=True)
class Theme:
    """One section of the position: its name and how many of its commitments are of each kind and of each role."""

    section: Provision
    name: str
    kinds: tuple[int, ...]
    roles: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(self.kinds)


@dataclass(frozen=True)
class Objective:
    """One objective of the adopted Compact, and how many commitments of 2017 correspond to it."""

    provision: Provision
    title: str
    count: int


@dataclass(frozen=True)
class Overview:
    """The whole position by theme, and the objectives of the Compact beside it."""

    kinds: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    themes: tuple[Theme, ...]
    objectives: tuple[Objective, ...]

    @property
    def count(self) -> int:
        return sum(theme.count for theme in self.themes)

    @property
    def of_each_kind(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*(theme.kinds for theme in self.themes), strict=True)))

    @property
    def of_each_role(self) -> tuple[tuple[str, str, int], ...]:
        totals = tuple(map(sum, zip(*(theme.roles for theme in self.themes), strict=True)))
        return tuple((*role, total) for role, total in zip(self.roles, totals, strict=False))

    @property
    def without_position(self) -> tuple[Objective, ...]:
        """The objectives that the position of 2017 says nothing about: shown, and never filled in."""
        return tuple(each for each in self.objectives if not each.count)


def overview(language: str) -> Overview:
    """The position of 2017 by theme, kind and role; the objectives of the Compact with how many correspond."""
    by_kind, by_role = provisions.counts_by("kind"), provisions.counts_by("software_role")
    kinds = [pair for pair in names("PROVISION_KIND", language).items() if any(k == pair[0] for _, k in by_kind)]
    roles = list(names("PROVISION_ROLE", language).items())
    sections, objectives = list(provisions.sections()), list(provisions.objectives())
    words = provisions.words_of([*sections, *objectives])
    mapped = provisions.commitments_by_objective()
    return Overview(
        tuple(kinds),
        tuple(roles),
        tuple(
            Theme(
                section,
                title(words[section.pk], language),
                tuple(by_kind[section.pk, code] for code, _ in kinds),
                tuple(by_role[section.pk, code] for code, _ in roles),
            )
            for section in sections
        ),
        tuple(Objective(each, title(words[each.pk], language), mapped[each.code]) for each in objectives),
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
