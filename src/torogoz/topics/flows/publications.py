"""What the tables of the dataflows say of themselves: whose figures they are, of which edition, under which licence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.utils import timezone

from torogoz.exchange.readers.crime import MADE_UP
from torogoz.exchange.writers import dictionary
from torogoz.exchange.writers.publication import NOTE_MADE_UP, Column, Publication, Source, Words
from torogoz.shared.indicators import queries as indicators
from torogoz.shared.releases import queries as releases
from torogoz.shared.sources import queries as sources
from torogoz.shared.sources.models import Vintage
from torogoz.statistics.dataflows import DATAFLOWS, TIME, Dataflow
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.private_releases import RELEASED
from torogoz.topics.flows.answers import answer
from torogoz.topics.flows.queries import bases, codes_present, editions, figures, flow_of_returns, frame_of, names_of
from torogoz.topics.flows.questions import Question
from torogoz.topics.flows.ranges import ESTIMATES
from torogoz.topics.flows.words import column_title

OWN_LICENCE = "CC BY 4.0"
FIXED = ("OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "NOTE")
LEFT_OUT = ("SOURCE_ROW", "DATASET", "VINTAGE")


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
    dimensions = [name for name in question.flow.names if name in found.columns]
    tail = [name for name in found.columns if name not in dimensions and name not in FIXED and name not in LEFT_OUT]
    return found.select(
        pl.lit(question.flow.id).alias("DATAFLOW"),
        *dimensions,
        "OBS_VALUE",
        "OBS_STATUS" if "OBS_STATUS" in found.columns else pl.lit("A").alias("OBS_STATUS"),
        "CONF_STATUS" if "CONF_STATUS" in found.columns else pl.lit("F").alias("CONF_STATUS"),
        _unit(question, found).alias("UNIT_MEASURE"),
        *tail,
        "NOTE",
    )


def _unit(question: Question, found: pl.DataFrame) -> pl.Expr:
    """The unit of each line: its indicator's own where the table has indicators of this system, else the table's."""
    whole = pl.lit(question.flow.unit_en)
    if "INDICATOR" not in found.columns:
        return whole
    units = {code: indicator.unit.name_en for code, indicator in shipped().items()}
    return pl.col("INDICATOR").cast(pl.String).replace_strict(units, default=whole, return_dtype=pl.String)


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
