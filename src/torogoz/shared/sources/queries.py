"""What outside sources say: the vintages that we hold, and the observations and outlines of those in use."""

import contextlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final

import polars as pl
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from torogoz.exchange.readers.boundaries import Boundary
from torogoz.exchange.readers.outlines import BOUNDARIES, ORIGINS, from_frame
from torogoz.shared.releases import queries as releases
from torogoz.shared.releases.models import Release
from torogoz.shared.sources import files
from torogoz.shared.sources.models import RowSetAside, Vintage
from torogoz.statistics.dataflows import DATAFLOWS, Dataflow
from torogoz.statistics.dataflows import dataflow as dataflow_called
from torogoz.statistics.private_releases import RELEASED
from torogoz.statistics.vintages import Edition, age, answering

REASONS_SHOWN = 8


@dataclass(frozen=True)
class Entry:
    """A vintage, and why how many of its rows were set aside.

    counted  whether its counts and its checksum may be shown: not those of files that a release protects
    """

    vintage: Vintage
    reasons: tuple[tuple[str, int], ...]
    counted: bool = True


@dataclass(frozen=True)
class NotFigures:
    """What the register holds besides dataflows: it is shown there, and cannot be asked for figures."""

    id: str
    name_es: str
    name_en: str
    description_es: str
    description_en: str


@dataclass(frozen=True)
class Part:
    """A dataflow, or what is none, and the vintages that feed it, the newest of each data set first."""

    flow: Dataflow | NotFigures
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Drawn:
    """The outlines of one level, and the vintage that gave them."""

    vintage: Vintage
    areas: tuple[Boundary, ...]


OUTLINES: Final = NotFigures(
    BOUNDARIES,
    "Contornos de los mapas",
    "Outlines of the maps",
    "Por dónde pasan los límites de los departamentos y municipios en los mapas. No son cifras.",
    "Where the boundaries of departments and municipalities run on the maps. They are no figures.",
)


class NoSuchVintage(LookupError):
    """No vintage, or more than one, has this key or label."""


def vintages() -> QuerySet[Vintage]:
    """Every vintage that we hold, by publisher, data set and age."""
    return Vintage.objects.order_by("publisher", "dataset", "dataflow", "vintage", "imported_at")


def vintages_of(dataflow: str, as_of: datetime | None = None) -> list[Vintage]:
    """The vintages in use of a dataflow, newest first; with `as_of`, those in use at that moment."""
    found = Vintage.objects.filter(dataflow=dataflow, held_back=False)
    if as_of is not None:
        found = found.annotate(used_from=Coalesce("accepted_at", "imported_at")).filter(used_from__lte=as_of)
    return sorted(found, key=_newness, reverse=True)


def observations(dataflow: str, as_of: datetime | None = None, vintage: str = "") -> pl.LazyFrame:
    """The observations of a dataflow from the vintages in use, each period from the newest that covers it.

    What the country itself publishes (RETURNS, CRIME) comes from its newest release, protected as it was published.

    as_of    as the vintages in use at that moment gave them
    vintage  only the vintages with this label or key, in use or held back, whole; or the release with this code
    returns  the dimensions, OBS_VALUE, OBS_STATUS, SOURCE_ROW, attributes, DATASET and VINTAGE; no row (but every
             column) if nothing is imported
    raises   UnknownDataflow, NoSuchVintage, NoSuchRelease; VintageDamaged, ReleaseDamaged if a stored file is missing
             or was altered
    """
    flow = dataflow_called(dataflow)
    if dataflow in RELEASED:
        return _released(flow, as_of, vintage)
    if vintage:
        whole = _labelled(dataflow, vintage)
        return _together(flow, (_scan(each) for each in whole))
    return _imported(flow, vintages_of(dataflow, as_of))


def ever(dataflow: str) -> pl.LazyFrame:
    """What every vintage in use, or every public release, says of a dataflow, one below the other: for its codes.

    returns  as `observations`, of releases the dimensions and DATASET only; raises as it
    """
    flow = dataflow_called(dataflow)
    if dataflow not in RELEASED:
        return _together(flow, map(_scan, vintages_of(dataflow)))
    cells = [releases.published(dataflow, each).lazy() for each in releases.releases_of(dataflow)]
    name = pl.lit(f"torogoz_{dataflow.lower()}").alias("DATASET")
    return _together(flow, (each.select(*flow.names, name) for each in cells))


def reported(dataflow: str) -> pl.LazyFrame:
    """What institutions reported of a dataflow that releases publish, unprotected: for making a release, never a page.

    returns  as `observations` does for a dataflow that no release publishes
    """
    return _imported(dataflow_called(dataflow), vintages_of(dataflow))


def _imported(flow: Dataflow, used: Sequence[Vintage]) -> pl.LazyFrame:
    """The observations of vintages, each period from the newest that covers it."""
    answers = answering(
        Edition(str(each.key), each.dataset, each.vintage, each.imported_at, each.coverage) for each in used
    )
    return _together(
        flow,
        (
            _only(_scan(each), each.coverage, answers[str(each.key)], flow)
            for each in reversed(used)
            if str(each.key) in answers
        ),
    )


def labels(dataflow: str) -> dict[str, dict[str, str]]:
    """The publishers' own words for codes that were made from them: by column, by code; the newest vintage wins."""
    words: dict[str, dict[str, str]] = {}
    for each in reversed(vintages_of(dataflow)):
        for column, named in each.labels.items():
            words.setdefault(column, {}).update(named)
    return words


def vintage_of_outlines(level: str = "department") -> Vintage | None:
    """The newest vintage in use with outlines of this level (`department`, `municipality`); None if there is none."""
    layouts = [layout for layout, (*_, of_level) in ORIGINS.items() if of_level == level]
    return next((each for each in vintages_of(BOUNDARIES) if each.layout in layouts), None)


def outlines(level: str = "department") -> Drawn | None:
    """The outlines of a level from the newest vintage in use; None if none was imported. Raises VintageDamaged."""
    vintage = vintage_of_outlines(level)
    if vintage is None:
        return None
    path = files.stored(vintage.observations, vintage.observations_sha256)
    return Drawn(vintage, from_frame(pl.read_parquet(path)))


def register() -> list[Part]:
    """The whole register, by dataflow and then the outlines; each vintage with the most frequent reasons set aside.

    Of files that are published through releases only (CRIME) it says whose they are, and counts nothing: how many
    rows they have is a figure before it is protected, and a checksum tells a right guess of the file from a wrong one.
    """
    open_to_all = RowSetAside.objects.exclude(vintage__dataflow__in=RELEASED)
    counted = open_to_all.values_list("vintage_id", "reason").annotate(rows=Count("id")).order_by("-rows")
    reasons: dict[int, list[tuple[str, int]]] = {}
    for vintage, reason, rows in counted:
        reasons.setdefault(vintage, []).append((reason, rows))
    entries: dict[str, list[Entry]] = {}
    for each in sorted(sorted(vintages(), key=_newness, reverse=True), key=lambda each: each.dataset):
        why = tuple(reasons.get(each.pk, ())[:REASONS_SHOWN])
        entries.setdefault(each.dataflow, []).append(Entry(each, why, counted=each.dataflow not in RELEASED))
    shown: tuple[Dataflow | NotFigures, ...] = (*DATAFLOWS.values(), OUTLINES)
    return [Part(flow, tuple(entries[flow.id])) for flow in shown if flow.id in entries]


def public_checksum(vintage: Vintage) -> str:
    """The SHA-256 of the file of a vintage, "" where a release protects it: it tells right guesses from wrong."""
    return "" if vintage.dataflow in RELEASED else vintage.sha256


def vintage_called(key: str) -> Vintage:
    """The vintage with this key, or whose key alone begins so (four letters at least). Raises NoSuchVintage."""
    wanted = key.replace("-", "").lower()
    found = [each for each in vintages() if each.key.hex.startswith(wanted)] if len(wanted) >= 4 else []
    if len(found) != 1:
        problem = "more than one vintage has a key that begins with" if found else "no vintage has the key"
        raise NoSuchVintage(f"{problem} {key}; torogoz sources lists them")
    return found[0]


def imported_from(sha256: str) -> list[Vintage]:
    """The vintages that were made from the file with this checksum."""
    return list(Vintage.objects.filter(sha256=sha256).order_by("dataflow"))


def editions_before(dataset: str, dataflow: str) -> list[Vintage]:
    """The vintages in use of one data set, the one imported last first."""
    return list(Vintage.objects.filter(dataset=dataset, dataflow=dataflow, held_back=False).order_by("-imported_at"))


def rows_set_aside(vintage: Vintage) -> QuerySet[RowSetAside]:
    """The rows of one vintage that could not be stored as they stood, in the order of the file."""
    return RowSetAside.objects.filter(vintage=vintage).order_by("row", "id")


def names_of_files() -> set[str]:
    """The files of observations that some vintage names."""
    return set(Vintage.objects.values_list("observations", flat=True))


def _released(flow: Dataflow, as_of: datetime | None, code: str) -> pl.LazyFrame:
    """The published cells of a release, the newest unless `code` names another; made-up people are called made up."""
    if code:
        release: Release | None = releases.release_called(code)
    elif as_of:
        release = next(iter(releases.releases_of(flow.id, as_of)), None)
    else:
        release = releases.latest(flow.id)
    label = f"{release}{' (made up)' if release.made_up else ''}" if release else ""
    source = [pl.lit(f"torogoz_{flow.id.lower()}").alias("DATASET"), pl.lit(label).alias("VINTAGE")]
    cells = releases.published(flow.id, release) if release else RELEASED[flow.id].nothing_published()
    return cells.lazy().with_columns(source)


def _newness(vintage: Vintage) -> tuple[tuple[int, ...], datetime]:
    return age(vintage.vintage), vintage.imported_at


def _labelled(dataflow: str, label: str) -> list[Vintage]:
    """The vintages of a dataflow with this label or key."""
    wanted = Q(vintage=label)
    with contextlib.suppress(ValueError):
        wanted |= Q(key=uuid.UUID(label))
    found = list(Vintage.objects.filter(wanted, dataflow=dataflow).order_by("imported_at"))
    if not found:
        have = ", ".join(dict.fromkeys(each.vintage for each in vintages().filter(dataflow=dataflow))) or "none"
        raise NoSuchVintage(f"{dataflow} has no vintage {label}; it has {have}")
    return found


def _scan(vintage: Vintage) -> pl.LazyFrame:
    """The stored observations of one vintage, with its data set and label. Raises VintageDamaged."""
    path = files.stored(vintage.observations, vintage.observations_sha256)
    named = [pl.lit(vintage.dataset).alias("DATASET"), pl.lit(vintage.vintage).alias("VINTAGE")]
    return pl.scan_parquet(path).with_columns(named)


def _only(
    frame: pl.LazyFrame, covered: dict[str, list[str]], answers: dict[str, list[str]], flow: Dataflow
) -> pl.LazyFrame:
    """The rows of `frame` in the periods that it answers for; `frame` itself if these are all."""
    if answers == covered:
        return frame
    time = pl.col("TIME_PERIOD")
    if "INDICATOR" not in flow.names:
        return frame.filter(time.is_in(answers[""]))
    parts = [(pl.col("INDICATOR") == indicator) & time.is_in(left) for indicator, left in answers.items()]
    return frame.filter(reduce(or_, parts))


def _together(flow: Dataflow, frames: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """One frame of all, with every column of the dataflow even if there is no row."""
    text = (*flow.names, "OBS_STATUS", *flow.attributes, "DATASET", "VINTAGE")
    empty = pl.LazyFrame(schema={**dict.fromkeys(text, pl.String), "OBS_VALUE": pl.Float64, "SOURCE_ROW": pl.Int64})
    return pl.concat([empty, *frames], how="diagonal")
