"""Estimates of violence and of what it makes people do: dated, with method and source, and free to contradict.

An estimate is what somebody published: what was measured, where, over which period, the figure with its low and high,
how, and who says so. Estimates are never merged, averaged or overwritten; a mistake is mended by a new version beside
the old one. Which estimate is recommended is the choice of a named person who says why.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import ClassVar, Final

from torogoz.domain.refusals import Refused

LARGEST: Final = 1e10
LONGEST_REASON: Final = 600
SHORTEST_REASON: Final = 20
FIRST_DAY: Final = date(1900, 1, 1)


class EstimateRefused(Refused):
    """An estimate that cannot be kept as it was written."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "no_method": ("Escriba cómo se obtuvo la cifra.", "Write how the figure was obtained."),
        "no_source": (
            "Escriba quién publicó la cifra y en qué documento.",
            "Write who published the figure, and in which document.",
        ),
        "not_a_number": (
            "«{text}» no es un número. Escriba, por ejemplo, 3962 o 51.4.",
            "“{text}” is not a number. Write, for instance, 3962 or 51.4.",
        ),
        "below_zero": ("Esta cifra no puede ser menor que cero.", "This figure cannot be below zero."),
        "too_large": ("La cifra es demasiado grande; revise los ceros.", "The figure is too large; check the zeros."),
        "not_in_order": (
            "El mínimo, la mejor cifra y el máximo deben ir de menor a mayor: {low}, {best}, {high}.",
            "Low, best and high must rise: {low}, {best}, {high}.",
        ),
        "nothing_measured": (
            "Escriba la mejor cifra, o el mínimo y el máximo. Lo que no se sabe se deja en blanco.",
            "Write the best figure, or low and high. Leave blank what is not known.",
        ),
        "not_a_period": (
            "«{text}» no es un período. Escriba 2015, 2015-03 o 2006/2016.",
            "“{text}” is not a period. Write 2015, 2015-03 or 2006/2016.",
        ),
        "period_ends_first": ("El período termina antes de comenzar.", "The period ends before it begins."),
        "published_in_the_future": (
            "La publicación dice {day}, que todavía no ha llegado.",
            "The publication says {day}, which has not come yet.",
        ),
        "published_before": (
            "Se publicó el {day}, antes de que comenzara el período {period}. Revise las dos fechas.",
            "It was published on {day}, before the period {period} began. Check both dates.",
        ),
        "verified_by_nobody": (
            "Para marcarla verificada, escriba dónde se puede leer: documento y página, o dirección.",
            "To mark it verified, write where it can be read: document and page, or address.",
        ),
        "about_another": (
            "Una corrección no cambia qué se midió, dónde ni en qué período. Si la fuente habla de otra cosa, "
            "regístrela como una estimación nueva.",
            "A correction does not change what was measured, where, or over which period. If the source speaks of "
            "something else, record it as a new estimate.",
        ),
        "sent_before": (
            "Esta página ya guardó una estimación, y ahora dice otra cosa. Para corregir la guardada, ábrala; para "
            "registrar otra, comience de nuevo.",
            "This page has already stored an estimate, and now says something else. To correct the stored one, open "
            "it; to record another, start anew.",
        ),
        "unknown_code": ("«{text}» no está en la lista.", "“{text}” is not on the list."),
    }


class NotTheNewestVersion(EstimateRefused):
    """Somebody corrected the estimate in the meantime."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "corrected": (
            "Otra persona corrigió esta estimación mientras usted escribía. Lo suyo no se ha guardado: ábrala otra "
            "vez, compare y corrija sobre la versión nueva.",
            "Somebody else corrected this estimate while you were writing. Yours was not stored: open it again, "
            "compare, and correct the new version.",
        )
    }


class RecommendationRefused(Refused):
    """A choice that cannot be kept as it was written."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "short": (
            "Explique por qué se recomienda esta y no otra, en una frase de al menos {least} letras.",
            "Say why this one and not another is recommended, in a sentence of at least {least} letters.",
        ),
        "long": ("El motivo no puede pasar de {most} letras.", "The reason cannot be longer than {most} letters."),
    }


class Mark(StrEnum):
    """Whether somebody has read the figure in its source."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Estimate:
    """What somebody published.

    concept       code of the list VIOLENCE_CONCEPT; with it comes the unit
    area          code of a place, SLV for the whole country
    period        2015, 2015-03, or a span 2006/2016
    best          the figure; None when only an interval was published
    low, high     its interval; None when none was published, which does not make it certain
    """

    concept: str
    area: str
    period: str
    low: float | None
    best: float | None
    high: float | None
    method: str
    source: str
    published_on: date
    mark: Mark = Mark.UNVERIFIED
    where: str = ""

    @property
    def about(self) -> tuple[str, str, str]:
        """What it is about: estimates about the same may contradict each other."""
        return self.concept, self.area, self.period

    @property
    def interval(self) -> tuple[float, float]:
        """Between what it lies, as published; a figure without an interval is a point."""
        known = [value for value in (self.low, self.best, self.high) if value is not None]
        return min(known), max(known)


def number(field: str, text: str) -> float | None:
    """A figure as it was typed, None for a blank. Raises EstimateRefused."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not plain:
        return None
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        raise EstimateRefused(field, "not_a_number", text=text.strip()[:40]) from None
    if value != value or value in (float("inf"), float("-inf")):
        raise EstimateRefused(field, "not_a_number", text=text.strip()[:40])
    if value < 0:
        raise EstimateRefused(field, "below_zero")
    if value > LARGEST:
        raise EstimateRefused(field, "too_large")
    return value


def period_bounds(period: str) -> tuple[date, date]:
    """First and last day of 2015, 2015-03 or 2006/2016. Raises EstimateRefused."""
    begins, slash, ends = period.partition("/")
    first, last = _day(begins, period, last=False), _day(ends if slash else begins, period, last=True)
    if last < first:
        raise EstimateRefused("period", "period_ends_first")
    return first, last


def check(estimate: Estimate, *, today: date) -> None:
    """Refuse an estimate that cannot be what it says. Raises EstimateRefused."""
    if not estimate.method.strip():
        raise EstimateRefused("method", "no_method")
    if not estimate.source.strip():
        raise EstimateRefused("source", "no_source")
    if estimate.best is None and (estimate.low is None or estimate.high is None):
        raise EstimateRefused("best", "nothing_measured")
    known = [value for value in (estimate.low, estimate.best, estimate.high) if value is not None]
    if known != sorted(known):
        low, best, high = (
            "–" if value is None else f"{value:g}" for value in (estimate.low, estimate.best, estimate.high)
        )
        raise EstimateRefused("best", "not_in_order", low=low, best=best, high=high)
    first, _ = period_bounds(estimate.period)
    if estimate.published_on > today:
        raise EstimateRefused("published_on", "published_in_the_future", day=estimate.published_on.isoformat())
    if estimate.published_on < first:
        day = estimate.published_on.isoformat()
        raise EstimateRefused("published_on", "published_before", day=day, period=estimate.period)
    if estimate.mark is Mark.VERIFIED and not estimate.where.strip():
        raise EstimateRefused("where", "verified_by_nobody")


def check_correction(before: Estimate, after: Estimate) -> None:
    """Refuse a correction that would make an estimate speak of something else. Raises EstimateRefused."""
    for field, was, is_now in zip(("concept", "area", "period"), before.about, after.about, strict=True):
        if was != is_now:
            raise EstimateRefused(field, "about_another")


def check_reason(reason: str) -> str:
    """The reason of a recommendation, trimmed. Raises RecommendationRefused."""
    said = " ".join(reason.split())
    if len(said) < SHORTEST_REASON:
        raise RecommendationRefused("reason", "short", least=SHORTEST_REASON)
    if len(said) > LONGEST_REASON:
        raise RecommendationRefused("reason", "long", most=LONGEST_REASON)
    return said


def contradict(one: Estimate, other: Estimate) -> bool:
    """Whether two estimates about the same cannot both be right: their intervals have no figure in common."""
    if one.about != other.about:
        return False
    (low, high), (other_low, other_high) = one.interval, other.interval
    return high < other_low or other_high < low


def contradictions(estimates: Sequence[Estimate]) -> list[tuple[int, int]]:
    """The pairs of positions in `estimates` that contradict each other."""
    return [(at, to) for (at, one), (to, other) in combinations(enumerate(estimates), 2) if contradict(one, other)]


def spread(estimates: Iterable[Estimate]) -> float | None:
    """How many times the largest figure is the smallest; None for fewer than two figures, or when one is zero."""
    figures = [each.best if each.best is not None else sum(each.interval) / 2 for each in estimates]
    return max(figures) / min(figures) if len(figures) > 1 and min(figures) > 0 else None


def _day(text: str, period: str, *, last: bool) -> date:
    """The first or the last day of a year or month."""
    found = re.fullmatch(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?", text.strip())
    if found is None:
        raise EstimateRefused("period", "not_a_period", text=period[:20])
    year, month = int(found[1]), int(found[2] or (12 if last else 1))
    if not last:
        return date(year, month, 1)
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
