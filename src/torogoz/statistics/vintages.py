"""Which edition of a data set answers for which periods: the newest for those it covers, earlier ones for the rest."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from torogoz.statistics import periods

# For each INDICATOR (or for "" where a dataflow has none), periods in their one spelling.
Coverage = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Edition:
    """One edition of a data set, as far as choosing needs: what names it, how new it is, what it covers."""

    key: str
    dataset: str
    vintage: str
    imported_at: datetime
    coverage: Coverage


def age(label: str) -> tuple[int, ...]:
    """How new an edition is by the numbers of its label: Rev.2020 is before 2024, and 2024 before 2024-06."""
    return tuple(int(number) for number in re.findall(r"[0-9]+", label))


def span_of(coverage: Coverage, indicator: str) -> tuple[date, date] | None:
    """The first and last day that an edition covers for `indicator`; None if it has nothing of it."""
    ends = [periods.bounds(period) for period in coverage.get(indicator, ())]
    return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else None


def overlap(one: Coverage, other: Coverage) -> bool:
    """Whether two editions cover some day of the same indicator both."""
    for indicator in set(one) & set(other):
        mine, theirs = span_of(one, indicator), span_of(other, indicator)
        if mine and theirs and mine[0] <= theirs[1] and theirs[0] <= mine[1]:
            return True
    return False


def answering(editions: Iterable[Edition]) -> dict[str, dict[str, list[str]]]:
    """For each edition that still answers, by its key: the periods that it answers for, by indicator.

    Within a data set the edition with the newest vintage (of two with the same label, the one imported last) answers
    for the whole span of time that it covers, gaps included: what it left out there, it withdrew. An earlier one
    answers for its other periods. Data sets never replace each other.
    """
    answers: dict[str, dict[str, list[str]]] = {}
    taken: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for edition in sorted(editions, key=lambda each: (age(each.vintage), each.imported_at), reverse=True):
        for indicator, covered in edition.coverage.items():
            newer = taken.setdefault((edition.dataset, indicator), [])
            left = [period for period in covered if not any(_touches(period, span) for span in newer)]
            if left:
                answers.setdefault(edition.key, {})[indicator] = left
        for indicator in edition.coverage:
            span = span_of(edition.coverage, indicator)
            if span:
                taken[(edition.dataset, indicator)].append(span)
    return answers


def _touches(period: str, span: tuple[date, date]) -> bool:
    first, last = periods.bounds(period)
    return first <= span[1] and span[0] <= last
