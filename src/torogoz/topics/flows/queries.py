"""What the public reads: releases for what is made from persons, the vintages in use for everything else."""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import polars as pl
from django.core.cache import cache
from django.utils import timezone

from torogoz.exchange.readers.boundaries import Ring, outlines
from torogoz.exchange.readers.crime import MADE_UP
from torogoz.exchange.writers import dictionary
from torogoz.exchange.writers.publication import NOTE_MADE_UP, Column, Publication, Source, Words
from torogoz.shared.codelists.queries import names
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.indicators import queries as indicators
from torogoz.shared.places import queries as places
from torogoz.shared.places.queries import departments
from torogoz.shared.releases import queries as releases
from torogoz.shared.sources import queries as sources
from torogoz.shared.sources.files import VintageDamaged
from torogoz.shared.sources.models import UNDATED, Vintage
from torogoz.shared.ui.public import Edition
from torogoz.statistics.dataflows import DATAFLOWS, TIME, WHOLE, Dataflow, Dimension
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.private_releases import RELEASED
from torogoz.topics.flows.answers import answer, with_comparable_ages, without_protected
from torogoz.topics.flows.incidents import in_spanish
from torogoz.topics.flows.questions import Question
from torogoz.topics.flows.ranges import ESTIMATES, EVERY_SOURCE, five_years, with_range
from torogoz.topics.flows.words import ALL_SOURCES, CODES, EVERY_DEPARTMENT, TOTAL, column_title

NATIONAL = "RETURNS"
MIGRATION = "MIGRATION"
HEADLINES = "HEADLINES"
WITH_MAP = (NATIONAL,)
OWN_LICENCE = "CC BY 4.0"
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


@dataclass(frozen=True)
class Provenance:
    """Where the figures of a dataflow come from.

    published  the day of our release, or the day on which we stored what others published
    released   what a reader is told: the day of our release, or the publishers' own labels of their editions
    made_up    whether any of the figures is made up; `in_part` when others, from other vintages, are real
    """

    edition: str
    published: date
    released: str
    made_up: bool
    sources: tuple[Source, ...]
    in_part: bool = False


def provenance(flow: Dataflow) -> Provenance | None:
    """The release or the vintages in use behind a dataflow; None when nothing has been released or imported.

    Behind an indicator stands all that is behind the dataflows that it reads, each of which must have something.
    """
    if indicators.is_indicator(flow):
        return _joined([provenance(base) for base in bases(flow)])
    if flow.id in RELEASED:
        latest = releases.latest(flow.id)
        if latest is None or releases.published(flow.id, latest).is_empty():
            return None
        edition, day = f"{latest.code} r{latest.revision}", timezone.localdate(latest.public_from)
        own = Source("Torogoz", flow.id, edition, OWN_LICENCE, latest.manifest_sha256, day)
        behind = tuple(map(_source, sources.vintages_of(flow.id)))  # whose counts the release was made from, if others'
        return Provenance(edition, day, day.isoformat(), latest.made_up, (own, *behind))
    used = sources.vintages_of(flow.id)
    if not used:
        return None
    listed = tuple(map(_source, used))
    edition = " + ".join(dict.fromkeys(f"{each.dataset} {each.vintage}" for each in used))
    labels = ", ".join(dict.fromkeys(each.vintage for each in used))
    invented = [each.dataset.startswith(MADE_UP) for each in used]
    stored = timezone.localdate(max(each.imported_at for each in used))
    return Provenance(edition, stored, labels, any(invented), listed, in_part=any(invented) and not all(invented))


def _source(vintage: Vintage) -> Source:
    day = timezone.localdate(vintage.imported_at)
    return Source(
        vintage.publisher,
        vintage.dataset,
        vintage.vintage,
        vintage.licence,
        sources.public_checksum(vintage),
        day,
        invented=vintage.dataset.startswith(MADE_UP),
    )


def _joined(parts: Sequence[Provenance | None]) -> Provenance | None:
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    return Provenance(
        edition=" + ".join(part.edition for part in found),
        published=max(part.published for part in found),
        released=", ".join(part.released for part in found),
        made_up=any(part.made_up for part in found),
        sources=tuple(source for part in found for source in part.sources),
        in_part=any(part.in_part for part in found) and all(part.in_part for part in found if part.made_up),
    )


def derivation(flow: Dataflow) -> tuple[str, ...]:
    """From which outside figures our own estimates were computed: data set, edition and SHA-256; none elsewhere."""
    return tuple(sources.labels(flow.id).get("DERIVED_FROM", {}).values()) if flow.id == ESTIMATES else ()


def publication(question: Question, address: str, columns: Iterable[str]) -> Publication | None:
    """What a file of this answer says of itself; None when there is nothing to publish yet."""
    flow, behind = question.flow, provenance(question.flow)
    if behind is None:
        return None
    return Publication(
        dataflow=flow.id,
        title=Words(flow.name_es, flow.name_en),
        unit=Words(flow.unit_es, flow.unit_en),
        institution="Torogoz",
        edition=behind.edition,
        published=behind.published,
        address=address,
        query=question.query(),
        checksum=editions(flow).checksum if flow.id not in RELEASED else behind.sources[0].sha256,
        made_up=behind.made_up,
        columns=tuple(_columns(flow, columns)),
        sources=behind.sources,
        in_part=behind.in_part,
    )


def flow_of_returns() -> Dataflow:
    """The dataflow whose releases have a base cube for cross tables."""
    return DATAFLOWS[NATIONAL]


def unit_of_returns(language: str) -> str:
    """What cross tables count."""
    flow = flow_of_returns()
    return flow.unit_en if language == "en" else flow.unit_es


def publication_of_cross(behind: Provenance, address: str, query: str, columns: Iterable[str]) -> Publication:
    """What a file of a cross table says of itself."""
    flow = flow_of_returns()
    return Publication(
        dataflow="RETURNS_CROSS",
        title=Words(f"{flow.name_es}: tabla cruzada", f"{flow.name_en}: cross table"),
        unit=Words(flow.unit_es, flow.unit_en),
        institution="Torogoz",
        edition=behind.edition,
        published=behind.published,
        address=address,
        query=query,
        checksum=behind.sources[0].sha256,
        made_up=behind.made_up,
        columns=tuple(_columns(flow, columns)),
        sources=behind.sources,
    )


def published_table(question: Question) -> pl.DataFrame:
    """The answer as it leaves the house: SDMX columns, the same for every dataflow, with a note on what is made up."""
    found = _with_note(question, figures(question))
    unit = question.flow.unit_en
    dimensions = [name for name in question.flow.names if name in found.columns]
    tail = [name for name in found.columns if name not in dimensions and name not in FIXED and name not in LEFT_OUT]
    return found.select(
        pl.lit(question.flow.id).alias("DATAFLOW"),
        *dimensions,
        "OBS_VALUE",
        "OBS_STATUS" if "OBS_STATUS" in found.columns else pl.lit("A").alias("OBS_STATUS"),
        "CONF_STATUS" if "CONF_STATUS" in found.columns else pl.lit("F").alias("CONF_STATUS"),
        pl.lit(unit).alias("UNIT_MEASURE"),
        *tail,
        "NOTE",
    )


def _with_note(question: Question, found: pl.DataFrame) -> pl.DataFrame:
    """The answer with a NOTE on each line that holds anything made up, beside what its publisher notes."""
    behind = provenance(question.flow)
    own = pl.col("NOTE") if "NOTE" in found.columns else pl.lit(None, dtype=pl.String)
    if behind is None or not behind.made_up:
        return found.with_columns(own.alias("NOTE"))
    marked, frame = pl.lit(NOTE_MADE_UP), frame_of(question.flow)
    if behind.in_part and "DATASET" in frame.collect_schema():
        is_invented = pl.col("DATASET").str.starts_with(MADE_UP)
        if "DATASET" not in found.columns:
            invented = answer(question, frame.filter(is_invented))
            keys = [name for name in (*question.flow.names, "SOURCE") if name in found.columns]
            each = invented.select(keys).unique().with_columns(pl.lit(value=True).alias("INVENTED"))
            found = found.join(each, on=keys, how="left", nulls_equal=True, maintain_order="left")
            is_invented = pl.col("INVENTED").fill_null(value=False)
        marked = pl.when(is_invented).then(marked)
    return found.with_columns(
        pl.concat_str(marked, own, separator="; ", ignore_nulls=True).replace("", None).alias("NOTE")
    )


FIXED = ("OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "NOTE")
LEFT_OUT = ("SOURCE_ROW", "DATASET", "VINTAGE")


def _columns(flow: Dataflow, names_wanted: Iterable[str]) -> Iterable[Column]:
    """The dictionary's entry for each column that the table has."""
    standard = dictionary.standard_columns(Words(flow.unit_es, flow.unit_en))
    spanish, english = names_of(flow, "es"), names_of(flow, "en")
    dimensions = {dimension.id: dimension for dimension in flow.dimensions}
    for name in names_wanted:
        title = column_title(name)
        if name in standard:
            yield standard[name]
        elif name in dimensions:
            means = Words(dimensions[name].means_es, dimensions[name].means_en)
            codes = {code: Words(said, english[name].get(code, said)) for code, said in spanish.get(name, {}).items()}
            yield Column(name, title, means if means.es else title, codes)
        else:
            yield Column(name, title, title, {})


def method(flow: Dataflow) -> Mapping[str, Any]:
    """How the newest release says that the figures of a dataflow were made; empty where it says nothing."""
    return releases.method(flow.id) if flow.id in RELEASED else {}


def vintages_of_release(flow: Dataflow, most: int) -> list[tuple[str, pl.DataFrame]]:
    """What each of the last releases published of a dataflow, as it stands in their files, the oldest first."""
    last = releases.releases_of(flow.id)[:most]
    return [(str(each), releases.published(flow.id, each)) for each in reversed(last)]


@dataclass(frozen=True)
class Summary:
    """One line of the list of dataflows."""

    flow: Dataflow
    name: str
    description: str
    publishers: str
    edition: str
    first: str
    last: str
    made_up: bool
    in_part: bool
    available: bool
    released: bool


def summaries(language: str) -> list[Summary]:
    """Every dataflow: what it says, from whom, over which periods; those without data say so."""
    found = []
    for flow in sorted(DATAFLOWS.values(), key=lambda each: each.id not in RELEASED):
        behind = provenance(flow)
        present = codes_present(flow)[TIME] if behind is not None else []
        found.append(
            Summary(
                flow=flow,
                name=flow.name_en if language == "en" else flow.name_es,
                description=flow.description_en if language == "en" else flow.description_es,
                publishers=", ".join(dict.fromkeys(each.publisher for each in behind.sources)) if behind else "",
                edition=behind.released if behind else "",
                first=present[0] if present else "",
                last=present[-1] if present else "",
                made_up=behind.made_up if behind else False,
                in_part=behind.in_part if behind else False,
                available=bool(behind and present),
                released=flow.id in RELEASED,
            )
        )
    return found
