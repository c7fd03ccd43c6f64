"""What is known of violence: estimates as published, the protected figures of releases, and who lives where."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import polars as pl
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery

from torogoz.domain import violence
from torogoz.domain.access import Verb
from torogoz.domain.violence import Mark
from torogoz.exchange.readers.crime import MADE_UP
from torogoz.shared.institutions.access import may, may_for
from torogoz.shared.institutions.models import Officer
from torogoz.shared.releases import queries as releases
from torogoz.shared.releases.models import Release
from torogoz.shared.sources import queries as sources
from torogoz.shared.ui.public import Edition
from torogoz.statistics.crime import DATAFLOW, SERIES
from torogoz.topics.violence.models import Estimate, Recommendation

POPULATION: Final = "POPULATION"
RETURNS: Final = "RETURNS"
_CELL: Final = ("REF_AREA", "CRIME", "REPORTED_BY", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE")


@dataclass(frozen=True)
class About:
    """The estimates about the same: their newest versions, which contradict each other, and which is recommended.

    contradictions  pairs of positions in `estimates`
    spread          how many times the largest figure is the smallest; None if that cannot be said
    """

    concept: str
    area: str
    period: str
    estimates: tuple[Estimate, ...]
    contradictions: tuple[tuple[int, int], ...]
    spread: float | None
    recommendation: Recommendation | None

    @property
    def recommended(self) -> Estimate | None:
        """The newest version of the estimate that was chosen; a correction leaves it chosen."""
        chosen = self.recommendation.estimate.series if self.recommendation else None
        return next((each for each in self.estimates if each.series == chosen), None)


def estimate_called(key: UUID) -> Estimate | None:
    """The version of an estimate with this key."""
    return Estimate.objects.filter(key=key).select_related("recorded_by", "institution").first()


def newest_version(estimate: Estimate) -> Estimate:
    """The newest version of the series that a version belongs to."""
    return Estimate.objects.filter(series=estimate.series).order_by("-version")[0]


def versions(estimate: Estimate) -> QuerySet[Estimate]:
    """All versions of the same estimate, the newest first."""
    found = Estimate.objects.filter(series=estimate.series).select_related("recorded_by", "institution")
    return found.order_by("-version")


def recommendations(estimate: Estimate) -> QuerySet[Recommendation]:
    """Every choice made among the estimates about the same, the newest first: found by their series, which stay."""
    about = Estimate.objects.filter(concept=estimate.concept, area=estimate.area, period=estimate.period)
    found = Recommendation.objects.filter(estimate__series__in=about.values("series"))
    return found.select_related("estimate", "chosen_by", "institution").order_by("-chosen_at", "-pk")


def estimates() -> QuerySet[Estimate]:
    """The newest version of every estimate, by what it is about and when it was published."""
    newest = Estimate.objects.filter(series=OuterRef("series")).order_by("-version").values("pk")[:1]
    found = Estimate.objects.annotate(newest=Subquery(newest)).filter(pk=F("newest"))
    return found.select_related("recorded_by", "institution").order_by(
        "concept", "area", "period", "published_on", "pk"
    )


def side_by_side() -> list[About]:
    """The estimates, those about the same together; none is left out, merged or averaged."""
    groups: dict[tuple[str, str, str], list[Estimate]] = {}
    for each in estimates():
        groups.setdefault((each.concept, each.area, each.period), []).append(each)
    chosen = _newest_recommendations()
    return [
        About(
            *about,
            tuple(found),
            tuple(violence.contradictions([as_domain(each) for each in found])),
            violence.spread(as_domain(each) for each in found),
            chosen.get(about),
        )
        for about, found in groups.items()
    ]


def is_recorded(estimate: violence.Estimate) -> bool:
    """Whether some version of an estimate says exactly this figure from this source."""
    return Estimate.objects.filter(
        concept=estimate.concept,
        area=estimate.area,
        period=estimate.period,
        low=estimate.low,
        best=estimate.best,
        high=estimate.high,
        source=estimate.source,
        published_on=estimate.published_on,
    ).exists()


def as_domain(estimate: Estimate) -> violence.Estimate:
    """A stored estimate as the rules know it."""
    return violence.Estimate(
        concept=estimate.concept,
        area=estimate.area,
        period=estimate.period,
        low=estimate.low,
        best=estimate.best,
        high=estimate.high,
        method=estimate.method,
        source=estimate.source,
        published_on=estimate.published_on,
        mark=Mark(estimate.mark),
        where=estimate.where,
    )


def edition() -> Edition:
    """What the public pages are made from: the newest release, who lives where, every estimate, every choice."""
    release = latest()
    parts = [f"release {release.manifest_sha256}"] if release else []
    moments = [release.public_from] if release else []
    for dataflow in (DATAFLOW, POPULATION):
        for vintage in sources.vintages_of(dataflow):
            parts.append(f"{dataflow} {vintage.key}")
            moments.append(vintage.accepted_at or vintage.imported_at)
    for model, when in ((Estimate, "recorded_at"), (Recommendation, "chosen_at")):
        counted = model.objects.aggregate(rows=Count("pk"), last=Max("pk"), newest=Max(when))
        parts.append(f"{model.__name__} {counted['rows']} {counted['last']}")
        moments += filter(None, [counted["newest"]])
    return Edition(hashlib.sha256("\n".join(parts).encode()).hexdigest(), max(moments, default=None))


def may_record(officer: object, now: datetime) -> bool:
    """Whether who asks records estimates and chooses among them; strangers do not."""
    return isinstance(officer, Officer) and bool(may(officer, Verb.PUBLISH, None, None, now))


def may_correct(officer: object, estimate: Estimate, now: datetime) -> bool:
    """Whether who asks corrects this estimate: officers of the institution that recorded it, and nobody else."""
    return isinstance(officer, Officer) and bool(may_for(officer, Verb.PUBLISH, estimate.institution.code, now))


def crime_cells(*, made_up: bool) -> pl.DataFrame | None:
    """What institutions reported of crimes, counted by month, municipality, sex and age; None if nothing was imported.

    Unprotected: for a release, never for a page. Made-up files count only where `made_up` says that the whole country
    is made up, and never beside a real file of the same institution and crime.
    """
    cells = sources.reported(DATAFLOW).collect()
    invented = pl.col("DATASET").str.starts_with(MADE_UP)
    real = cells.filter(~invented)
    if made_up:
        real = pl.concat([real, cells.filter(invented).join(real.select(SERIES).unique(), on=SERIES, how="anti")])
    return None if real.is_empty() else real.select(_CELL)


def latest() -> Release | None:
    """The release that the public reads."""
    return releases.latest()


def crimes(release: Release | None) -> pl.DataFrame:
    """The published cells of crime of a release. Raises ReleaseDamaged."""
    return releases.published(DATAFLOW, release)


def returns(release: Release | None) -> pl.DataFrame:
    """The published cells of returns of the same release: forced mobility comes from nowhere else."""
    return releases.published(RETURNS, release)


@dataclass(frozen=True)
class People:
    """How many people live in an area: of which year, and from whom."""

    persons: float
    year: int
    publisher: str
    made_up: bool


def population() -> Mapping[tuple[str, int], People]:
    """Persons by area and year, both sexes, from what was imported; a real figure goes before a made-up one.

    A department of which only the municipalities are known has their sum, where all of them are known for the year.
    """
    names = {each.dataset: each.publisher for each in sources.vintages_of(POPULATION)}
    cells = sources.observations(POPULATION).filter(pl.col("SEX") == "_T", pl.col("OBS_VALUE").is_not_null()).collect()
    found: dict[tuple[str, int], People] = {}
    for area, period, persons, dataset in cells.select("REF_AREA", "TIME_PERIOD", "OBS_VALUE", "DATASET").iter_rows():
        made_up = dataset.startswith(MADE_UP)
        known = found.get((area, int(period)))
        if known is None or (known.made_up and not made_up):
            found[area, int(period)] = People(persons, int(period), names.get(dataset, dataset), made_up)
    return found


def _newest_recommendations() -> dict[tuple[str, str, str], Recommendation]:
    """The choice that holds, by what it is about."""
    chosen: dict[tuple[str, str, str], Recommendation] = {}
    found = Recommendation.objects.select_related("estimate", "chosen_by", "institution")
    for each in found.order_by("chosen_at", "pk"):
        chosen[each.estimate.concept, each.estimate.area, each.estimate.period] = each
    return chosen
