"""SDMX-JSON 2.0.0 structure messages."""

import json
from typing import Any

from torogoz.exchange.writers.publication import Words
from torogoz.exchange.writers.sdmx_model import (
    AGENCY,
    CONCEPTS,
    VERSION,
    Artefacts,
    Codelist,
    Component,
    Head,
    Region,
    Role,
    Structure,
)

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json"
)
CONCEPTS_NAME = Words("Conceptos de Torogoz", "Concepts of Torogoz")


def message(head: Head, held: Artefacts, language: str) -> bytes:
    """The message. Names are given in every language, and once in the best one for `language`.

    `held.stubs` names the kinds (dataflow, datastructure, codelist, conceptscheme) given without what they hold.
    """
    data: dict[str, Any] = {}
    if held.agency:
        data["agencySchemes"] = [_agencies(language)]
    if held.codelists:
        data["codelists"] = [_codelist(each, language, stub="codelist" in held.stubs) for each in held.codelists]
    if held.concepts:
        data["conceptSchemes"] = [_concepts(held, language)]
    if held.structures:
        data["dataStructures"] = [
            _structure(each, language, stub="datastructure" in held.stubs) for each in held.structures
        ]
    if held.flows:
        data["dataflows"] = [_flow(each, language, stub="dataflow" in held.stubs) for each in held.flows]
    if held.regions:
        data["dataConstraints"] = [constraint(each, language) for each in held.regions]
    return json.dumps({"meta": meta(head, SCHEMA, language), "data": data}, ensure_ascii=False).encode()


def meta(head: Head, schema: str, language: str) -> dict[str, Any]:
    """The head of any SDMX-JSON message."""
    return {
        "schema": schema,
        "id": head.id,
        "test": head.test,
        "prepared": head.prepared.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "contentLanguages": ["en", "es"] if language == "en" else ["es", "en"],
        "sender": {"id": AGENCY, **names(head.sender, language)},
    }


def names(words: Words, language: str, key: str = "name") -> dict[str, Any]:
    """`name` in the best language and `names` in all; `key` may be `description`."""
    return {key: words.said_in(language), f"{key}s": {"es": words.es, "en": words.en}}


def constraint(region: Region, language: str) -> dict[str, Any]:
    """The region of a dataflow that has data, with its counts as annotations."""
    values: list[dict[str, Any]] = [
        {"id": name, "values": [{"value": code} for code in codes]} for name, codes in region.values.items()
    ]
    if region.first:
        period = {"startPeriod": _period(region.first), "endPeriod": _period(region.last)}
        values.append({"id": "TIME_PERIOD", "timeRange": period})
    counts = (("obs_count", region.observations), ("series_count", region.series))
    return {
        **_maintained(f"CC_{region.structure.id}", region.structure.name, language),
        "annotations": [{"id": name, "title": str(count), "type": "sdmx_metrics"} for name, count in counts],
        "role": "Actual",
        "constraintAttachment": {"dataflows": [region.structure.flow_urn]},
        "cubeRegions": [{"include": True, "keyValues": values}],
    }


def _period(period: str) -> dict[str, Any]:
    return {"period": period, "isInclusive": True}


def _maintained(name: str, words: Words, language: str) -> dict[str, Any]:
    return {"id": name, "agencyID": AGENCY, "version": VERSION, "isExternalReference": False, **names(words, language)}


def _agencies(language: str) -> dict[str, Any]:
    return {
        "id": "AGENCIES",
        "agencyID": "SDMX",
        "version": "1.0",
        "isExternalReference": False,
        **names(Words("Organismos", "Agencies"), language),
        "isPartial": True,
        "agencies": [{"id": AGENCY, **names(Words("Torogoz", "Torogoz"), language)}],
    }


def _codelist(each: Codelist, language: str, *, stub: bool) -> dict[str, Any]:
    said = _maintained(each.id, each.name, language)
    if stub:
        return said
    return {
        **said,
        "isPartial": each.partial,
        "codes": [{"id": code.id, **names(code.name, language)} for code in each.codes],
    }


def _concepts(held: Artefacts, language: str) -> dict[str, Any]:
    said = _maintained(CONCEPTS, CONCEPTS_NAME, language)
    if "conceptscheme" in held.stubs:
        return said
    listed = [{"id": each.id, **names(each.name, language)} for each in held.concepts]
    return {**said, "isPartial": held.concepts_partial, "concepts": listed}


def _flow(each: Structure, language: str, *, stub: bool) -> dict[str, Any]:
    said = _maintained(each.id, each.name, language)
    said |= names(each.description, language, "description")
    return said if stub else {**said, "structure": each.urn}


def _structure(each: Structure, language: str, *, stub: bool) -> dict[str, Any]:
    said = _maintained(each.id, each.name, language)
    if stub:
        return said
    dimensions = [c for c in each.components if c.role is Role.DIMENSION]
    return {
        **said,
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": [{**_component(c), "position": at} for at, c in enumerate(dimensions)],
                "timeDimension": _component(each.component("TIME_PERIOD")),
            },
            "measureList": {
                "id": "MeasureDescriptor",
                "measures": [{**_component(c), "usage": "optional"} for c in each.components if c.role is Role.MEASURE],
            },
            "attributeList": {
                "id": "AttributeDescriptor",
                "attributes": [_attribute(c) for c in each.components if c.role is Role.ATTRIBUTE],
            },
        },
    }


def _component(each: Component) -> dict[str, Any]:
    if each.codelist:
        urn = f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={AGENCY}:{each.codelist}({VERSION})"
        values: dict[str, Any] = {"enumeration": urn, "enumerationFormat": {"dataType": "String"}}
    else:
        values = {"format": {"dataType": each.kind}}
    return {"id": each.id, "conceptIdentity": each.concept_urn, "localRepresentation": values}


def _attribute(each: Component) -> dict[str, Any]:
    said = _component(each) | {"usage": "optional"}
    return said | {"attributeRelationship": {"observation": {}}, "measureRelationship": ["OBS_VALUE"]}
