"""The structures that the service publishes: made of the registry of dataflows and the code lists, nothing else."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl
from django.core.cache import cache

from torogoz.exchange.writers.publication import Words
from torogoz.exchange.writers.sdmx_model import MEASURE, TIME, Code, Codelist, Component, Role, Structure
from torogoz.shared.codelists.queries import names
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.observations import queries as observations
from torogoz.shared.places.queries import departments, municipalities
from torogoz.shared.sdmx.words import CODES, EVERY_DEPARTMENT, FREQUENCIES, LISTS, TOTAL, UNKNOWN, concept
from torogoz.shared.sources import queries as sources
from torogoz.statistics.dataflows import DATAFLOWS, WHOLE, Dataflow, Dimension
from torogoz.statistics.observations import DATASET
from torogoz.statistics.private_releases import RELEASED

KEPT_SECONDS: Final = 24 * 3600
# Words of publishers that are no codes: SDMX allows letters, digits, _, @, $ and - in a code.
IN_WORDS: Final = ("LOCATION",)
CODE: Final = re.compile(r"[A-Za-z0-9_@$-]+")
# What is said of when and by what a figure was recorded: given when an answer is about time, or when asked for by name.
OF_TIME: Final = ("VALID_FROM", "VALID_TO", "RUN_ID")
HEADLINES: Final = "HEADLINES"


def structure(flow: Dataflow) -> Structure:
    """The data structure of a dataflow. It depends on the registry alone, never on the data at hand."""
    dimensions = [
        Component("FREQ", concept("FREQ"), Role.DIMENSION, "CL_FREQ"),
        *(_dimension(flow, each) for each in flow.dimensions if each.id != TIME),
        Component(DATASET, concept(DATASET), Role.DIMENSION, f"CL_{flow.id}_{DATASET}"),
        Component(TIME, concept(TIME), Role.TIME, kind="ObservationalTimePeriod"),
    ]
    attributes = [
        Component("OBS_STATUS", concept("OBS_STATUS"), Role.ATTRIBUTE, "CL_OBS_STATUS"),
        Component("CONF_STATUS", concept("CONF_STATUS"), Role.ATTRIBUTE, "CL_CONF_STATUS"),
        Component("OBS_UNKNOWN", concept("OBS_UNKNOWN"), Role.ATTRIBUTE, kind="Integer"),
        *(Component(name, concept(name), Role.ATTRIBUTE) for name in flow.attributes),
        Component("EDITION", concept("EDITION"), Role.ATTRIBUTE),
        Component("VALID_FROM", concept("VALID_FROM"), Role.ATTRIBUTE, kind="DateTime"),
        Component("VALID_TO", concept("VALID_TO"), Role.ATTRIBUTE, kind="DateTime"),
        Component("RUN_ID", concept("RUN_ID"), Role.ATTRIBUTE),
        Component("UNIT_MEASURE", concept("UNIT_MEASURE"), Role.ATTRIBUTE),
    ]
    measure = Component(MEASURE, concept(MEASURE), Role.MEASURE, kind="Double")
    return Structure(
        flow.id,
        Words(flow.name_es, flow.name_en),
        Words(flow.description_es, flow.description_en),
        (*dimensions, measure, *attributes),
    )


def structures() -> tuple[Structure, ...]:
    """The structure of every dataflow."""
    return tuple(structure(flow) for flow in DATAFLOWS.values())


def concepts() -> tuple[Component, ...]:
    """Every concept that some structure uses, once, by name."""
    used = {component.id: component for each in structures() for component in each.components}
    return tuple(used[name] for name in sorted(used))


def codes_ever(flow: Dataflow) -> dict[str, list[str]]:
    """The codes that any edition or release of a dataflow has, by key column: a code that was published once stays.

    They are read from the stored files, so that a question about structures never waits for a log to be made.
    """
    key = f"sdmx:codes:{flow.id}:{observations.inputs(flow)[0]}"
    kept: dict[str, list[str]] | None = cache.get(key)
    if kept is None:
        columns = [*flow.names, DATASET]
        lines = sources.ever(flow.id)
        kept = {
            name: lines.select(pl.col(name).drop_nulls().unique().sort()).collect().to_series().to_list()
            for name in columns
        }
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def codelists(wanted: Iterable[str] | None = None) -> tuple[Codelist, ...]:
    """Every code list that some structure uses, or those called `wanted`, by name."""
    used: dict[str, list[tuple[Dataflow, str]]] = {}
    for flow in DATAFLOWS.values():
        for component in structure(flow).components:
            if component.codelist and (wanted is None or component.codelist in wanted):
                used.setdefault(component.codelist, []).append((flow, component.id))
    return tuple(_codelist(name, used[name]) for name in sorted(used))


def names_of(flow: Dataflow, present: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Words]]:
    """What the present codes of the components of a dataflow are called."""
    found: dict[str, dict[str, Words]] = {}
    for component in structure(flow).components:
        if component.codelist and component.id in present:
            listed = _names(component.codelist, [(flow, component.id)])
            found[component.id] = {code: listed[code] for code in present[component.id] if code in listed}
    return found


def _dimension(flow: Dataflow, each: Dimension) -> Component:
    means = Words(each.means_es, each.means_en) if each.means_es else concept(each.id)
    said = Words(means.es[:1].upper() + means.es[1:], means.en[:1].upper() + means.en[1:])
    if each.id in IN_WORDS:
        return Component(each.id, said, Role.DIMENSION)
    shared = f"CL_{each.codelist}" if each.codelist else f"CL_{flow.id}_{each.id}"
    return Component(each.id, said, Role.DIMENSION, shared)


def _codelist(name: str, used: Sequence[tuple[Dataflow, str]]) -> Codelist:
    """A list with the names it is given, and after them every further code that the data have."""
    listed = dict(_names(name, used))
    for flow, component in used:
        if component in (*flow.names, DATASET):
            for code in codes_ever(flow)[component]:
                listed.setdefault(code, Words(code, code))
    codes = tuple(Code(code, words) for code, words in listed.items() if CODE.fullmatch(code))
    return Codelist(name, LISTS.get(name) or concept(used[0][1]), codes)


def _names(name: str, used: Sequence[tuple[Dataflow, str]]) -> dict[str, Words]:
    """The names of the codes of a list, in its order."""
    flow, component = used[0]
    if name == "CL_FREQ":
        return FREQUENCIES
    if name == "CL_DEPARTMENT":
        own = {code: Words(said, said) for code, said in dict(departments()).items()}
        return {**own, "_U": UNKNOWN, "SLV": Words("El Salvador", "El Salvador"), WHOLE: EVERY_DEPARTMENT}
    if name == "CL_PLACE":
        return _places()
    if component == DATASET:
        return {code: Words(code, code) for each, _ in used for code in codes_ever(each)[DATASET]}
    if flow.id == HEADLINES:
        shipped = rows("torogoz.shared.sources", "headline_codes")
        return {row["code"]: Words(row["name_es"], row["name_en"]) for row in shipped if row["column"] == component}
    shared = name == f"CL_{flow.dimension(component).codelist}" if component in flow.names else True
    listed = _both(name.removeprefix("CL_") if shared else component)
    # The words of a file that is protected are not public.
    words = {} if shared or flow.id in RELEASED else sources.labels(flow.id).get(component, {})
    said = {code: Words(text, text) for code, text in words.items()}
    found = {**said, **CODES.get(component, {}), **listed}
    if component not in ("OBS_STATUS", "CONF_STATUS"):
        found.setdefault("_U", UNKNOWN)
        found.setdefault(WHOLE, TOTAL)
    return found


def _places() -> dict[str, Words]:
    """The country, its departments and municipalities, and what is not known within a department."""
    found = {"SLV": Words("El Salvador", "El Salvador")}
    for code, said in departments():
        found[code] = Words(said, said)
        found |= {inner: Words(each, each) for inner, each in municipalities(code)}
        found[f"{code}_U"] = Words(f"{said}: {UNKNOWN.es.lower()}", f"{said}: {UNKNOWN.en.lower()}")
    return {**found, "_U": UNKNOWN}


def _both(codelist: str) -> dict[str, Words]:
    """The names of a shipped code list in both languages, in its order."""
    spanish, english = names(codelist, "es"), names(codelist, "en")
    return {code: Words(said, english.get(code, said)) for code, said in spanish.items()}
