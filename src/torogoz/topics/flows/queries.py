"""What the public reads: releases for what is made from persons, the vintages in use for everything else."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import polars as pl
from django.core.cache import cache
from django.utils import timezone

from torogoz.exchange.readers.boundaries import Ring, outlines
from torogoz.exchange.writers.publication import Source
from torogoz.shared.codelists.queries import names
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.indicators import queries as indicators
from torogoz.shared.places import queries as places
from torogoz.shared.places.queries import departments
from torogoz.shared.releases import queries as releases
from torogoz.shared.sources import queries as sources
from torogoz.shared.sources.files import VintageDamaged
from torogoz.shared.sources.models import UNDATED
from torogoz.shared.ui.public import Edition
from torogoz.statistics.dataflows import DATAFLOWS, TIME, WHOLE, Dataflow, Dimension
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.private_releases import RELEASED
from torogoz.topics.flows.answers import answer, with_comparable_ages, without_protected
from torogoz.topics.flows.incidents import in_spanish
from torogoz.topics.flows.questions import Question
from torogoz.topics.flows.ranges import ESTIMATES, EVERY_SOURCE, five_years, with_range
from torogoz.topics.flows.words import ALL_SOURCES, CODES, EVERY_DEPARTMENT, TOTAL

NATIONAL = "RETURNS"
MIGRATION = "MIGRATION"
HEADLINES = "HEADLINES"
WITH_MAP = (NATIONAL,)
CODES_KEPT_SECONDS = 24 * 3600
Names = Mapping[str, Mapping[str, str]]
logger = logging.getLogger(__name__)


def frame_of(flow: Dataflow) -> pl.LazyFrame:
    """The observations of a dataflow: what the newest release that has it publishes, or the vintages in use."""
    if flow.id in RELEASED:
        return releases.published(flow.id).lazy()
    if indicators.is_indicator(flow):
        return _with_open_years(flow, indicators.answer(shipped()[flow.id]).frame.lazy())
    return sources.observations(flow.id)


def _with_open_years(flow: Dataflow, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The figures of an indicator, those of a year that was not over when it was released marked as provisional."""
    years = [year for base in indicators.reads(flow) if base in RELEASED for year in releases.open_years(base)]
    is_open = pl.col(TIME).is_in(years) & pl.col("OBS_VALUE").is_not_null() & (pl.col("OBS_STATUS") == "A")
    return frame.with_columns(pl.when(is_open).then(pl.lit("P")).otherwise(pl.col("OBS_STATUS")).alias("OBS_STATUS"))


def bases(*flows: Dataflow) -> tuple[Dataflow, ...]:
    """The dataflows that these are computed from: an indicator from those that it reads, others from themselves."""
    return tuple(dict.fromkeys(DATAFLOWS[name] for flow in flows for name in indicators.reads(flow)))


def figures(question: Question) -> pl.DataFrame:
    """The answer to a question: the one place where page, chart, CSV and JSON take their numbers."""
    if not question.query():
        return without_protected(frame_of(question.flow).collect())
    return with_comparable_ages(question, with_range(question.flow, answer(question, frame_of(question.flow))))


def editions(*flows: Dataflow) -> Edition:
    """A checksum of all that the given dataflows (none: all) are computed from, and when the last of it came in."""
    wanted = {flow.id for flow in bases(*flows) or DATAFLOWS.values()}
    parts: list[str] = []
    moments: list[datetime] = []
    for name in wanted & set(RELEASED):
        latest = releases.latest(name)
        if latest is not None:
            parts.append(f"{name} {latest.manifest_sha256}")
            moments.append(latest.public_from)
    if wanted - set(RELEASED):
        used = sources.vintages().filter(held_back=False, dataflow__in=wanted - set(RELEASED))
        for dataflow, key, sha256, imported_at in used.values_list("dataflow", "key", "sha256", "imported_at"):
            parts.append(f"{dataflow} {key} {sha256}")
            moments.append(imported_at)
    checksum = hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()
    return Edition(checksum, max(moments, default=None))


def edition_of_page(flow: Dataflow) -> Edition:
    """What a page of a dataflow is made from: its figures, and the outlines of its map if it has one."""
    figures_of = editions(flow)
    drawn = sources.vintage_of_outlines() if flow.id in WITH_MAP else None
    if drawn is None:
        return figures_of
    checksum = hashlib.sha256(f"{figures_of.checksum} {drawn.key} {drawn.sha256}".encode()).hexdigest()
    return Edition(checksum, max(filter(None, (figures_of.changed_at, drawn.accepted_at, drawn.imported_at))))


@dataclass(frozen=True)
class MapOutlines:
    """The outlines that the map of departments draws: rings of (longitude, latitude) by code, and whose they are."""

    rings: Mapping[str, Sequence[Ring]]
    source: Source

    @property
    def drawn_by(self) -> str:
        """What stands below the map."""
        return ", ".join(filter(None, (self.source.publisher, self.source.edition, self.source.licence)))


def map_outlines(flow: Dataflow) -> MapOutlines | None:
    """The outlines for the map of a dataflow; None if it has no map, or none were imported, or they were damaged.

    Without them the map is drawn from squares and its figures are the same: no reason to refuse the page.
    """
    if flow.id not in WITH_MAP:
        return None
    try:
        drawn = sources.outlines()
    except VintageDamaged as damage:
        logger.warning("the map of departments is drawn from squares: %s", damage)
        return None
    if drawn is None:
        return None
    each = drawn.vintage
    edition = "" if each.vintage == UNDATED else each.vintage
    source = Source(
        each.publisher, each.dataset, edition, each.licence, each.sha256, timezone.localdate(each.imported_at)
    )
    return MapOutlines(outlines(drawn.areas), source)


def codes_present(flow: Dataflow) -> dict[str, list[str]]:
    """The codes that the observations of a dataflow have, by dimension; read once per edition."""
    key = f"codes:{flow.id}:{editions(flow).checksum}"
    kept: dict[str, list[str]] | None = cache.get(key)
    if kept is None:
        frame = frame_of(flow)
        lists = frame.select(pl.col(name).drop_nulls().unique().sort().implode() for name in flow.names).collect()
        kept = {name: lists[name].to_list()[0] if lists.height else [] for name in flow.names}
        cache.set(key, kept, CODES_KEPT_SECONDS)
    return kept


def height(flow: Dataflow) -> int:
    """How many observations a dataflow has; counted once per edition."""
    key = f"height:{flow.id}:{editions(flow).checksum}"
    kept: int | None = cache.get(key)
    if kept is None:
        kept = int(frame_of(flow).select(pl.len()).collect().item())
        cache.set(key, kept, CODES_KEPT_SECONDS)
    return kept


def names_of(flow: Dataflow, language: str) -> dict[str, dict[str, str]]:
    """The name of every code that a code list or a publisher names, by dimension, in the order of the list."""
    if flow.id == HEADLINES:
        return _headline_names(language)
    labels: dict[str, dict[str, str]] = {}
    for base in bases(flow):
        labels |= sources.labels(base.id) if base.id not in RELEASED else {}
    found = {
        dimension.id: {
            **_said(dimension, labels.get(dimension.id, {}), language),
            **_listed(flow, dimension, language),
        }
        for dimension in flow.dimensions
        if dimension.id != TIME
    }
    if ESTIMATES not in (flow.id, *indicators.reads(flow)):
        return found
    periods = {period: five_years(period) for period in codes_present(flow)[TIME]}
    return {**found, TIME: periods, "SOURCE": {EVERY_SOURCE: ALL_SOURCES.said_in(language)}}


def _said(dimension: Dimension, labels: Mapping[str, str], language: str) -> dict[str, str]:
    """What a publisher calls its codes, in Spanish where that is known."""
    if language == "en":
        return dict(labels)
    return {code: in_spanish(dimension.id, code) or label for code, label in labels.items()}


def names_of_attributes(language: str) -> dict[str, dict[str, str]]:
    """The words for the codes of HEADLINES that are no dimension: UNIT and RELIABILITY."""
    return {name: _headline_names(language).get(name, {}) for name in ("UNIT", "RELIABILITY")}


@lru_cache(maxsize=2)
def _headline_names(language: str) -> dict[str, dict[str, str]]:
    """The names of the codes of the published figures that we ship, by column."""
    found: dict[str, dict[str, str]] = {}
    for row in rows("torogoz.shared.sources", "headline_codes"):
        found.setdefault(row["column"], {})[row["code"]] = row["name_en" if language == "en" else "name_es"]
    return found


def _listed(flow: Dataflow, dimension: Dimension, language: str) -> dict[str, str]:
    """The names of a dimension's code list; departments stand in the register of places."""
    if dimension.codelist == "DEPARTMENT":
        every = EVERY_DEPARTMENT.said_in(language)
        whole = every if dimension.total == WHOLE else names("AREA", language).get(dimension.total, dimension.total)
        unknown = names("SEX", language).get("_U", "_U")
        return {**dict(departments()), "_U": unknown, dimension.total: whole}
    if dimension.codelist == "PLACE":
        return _of_places(language)
    listed = names(dimension.codelist or dimension.id, language)
    own = {code: words.said_in(language) for code, words in CODES.get(dimension.id, {}).items()}
    not_known = {"_U": listed.get("_U") or names("SEX", language).get("_U", "_U")}
    return {**listed, **not_known, **own, WHOLE: listed.get(WHOLE, TOTAL.said_in(language))}


def _of_places(language: str) -> dict[str, str]:
    """The names of the country, its departments and municipalities, and of what is not known within a department."""
    unknown = names("SEX", language).get("_U", "_U")
    every = {"SLV": names("AREA", language).get("SLV", "SLV"), **dict(departments()), "_U": unknown}
    for code, name in departments():
        every |= dict(places.municipalities(code))
        every[f"{code}_U"] = f"{name}: {unknown}"
    return every


def flow_of_returns() -> Dataflow:
    """The dataflow whose releases have a base cube for cross tables."""
    return DATAFLOWS[NATIONAL]


def unit_of_returns(language: str) -> str:
    """What cross tables count."""
    flow = flow_of_returns()
    return flow.unit_en if language == "en" else flow.unit_es


def method(flow: Dataflow) -> Mapping[str, Any]:
    """How the newest release says that the figures of a dataflow were made; empty where it says nothing."""
    return releases.method(flow.id) if flow.id in RELEASED else {}


def vintages_of_release(flow: Dataflow, most: int) -> list[tuple[str, pl.DataFrame]]:
    """What each of the last releases published of a dataflow, as it stands in their files, the oldest first."""
    last = releases.releases_of(flow.id)[:most]
    return [(str(each), releases.published(flow.id, each)) for each in reversed(last)]
