"""The lists that come with the topic: the guiding principles of the Compact, and the criteria in their versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from torogoz.shared.codelists.shipped import rows

HERE = "torogoz.topics.practices"


@dataclass(frozen=True)
class Principle:
    """One of the ten guiding principles. `english_read` says where its English name was read: in a `copy` of the
    resolution, or `quoted` by the Network as of paragraph 15. The Spanish names are ours."""

    code: str
    name_es: str
    name_en: str
    source: str
    english_read: str
    english_read_at: str


@dataclass(frozen=True)
class Criterion:
    """What reviewers ask of a practice, in one version of the criteria."""

    version: int
    code: str
    required: bool
    name_es: str
    name_en: str
    asks_es: str
    asks_en: str
    source: str


@cache
def principles() -> tuple[Principle, ...]:
    """The guiding principles, in the order of the Compact."""
    return tuple(Principle(**row) for row in rows(HERE, "principles"))


def principles_named(codes: Iterable[str]) -> list[Principle]:
    """Those with these codes, in the order of the Compact."""
    held = set(codes)
    return [one for one in principles() if one.code in held]


@cache
def all_criteria() -> tuple[Criterion, ...]:
    """The criteria of every version. A version that was used is never altered: the next one stands beside it."""
    return tuple(
        Criterion(
            version=int(row["version"]),
            required=row["required"] == "yes",
            **{name: row[name] for name in ("code", "name_es", "name_en", "asks_es", "asks_en", "source")},
        )
        for row in rows(HERE, "criteria")
    )


def newest_criteria() -> int:
    """The number of the newest version."""
    return max(one.version for one in all_criteria())


def criteria(version: int) -> tuple[Criterion, ...]:
    """The criteria of one version, in their order."""
    return tuple(one for one in all_criteria() if one.version == version)
