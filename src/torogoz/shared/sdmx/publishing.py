"""Which artefacts a structure query gives: those named, and those that they refer to or are referred to by."""

from collections.abc import Collection, Sequence
from typing import Final

from torogoz.exchange.readers.sdmx_rest import NothingFound, NotOffered, Reference, Refused
from torogoz.exchange.writers.sdmx_model import AGENCY, CONCEPTS, VERSION, Artefacts, Codelist, Region, Structure
from torogoz.shared.sdmx import structures

KINDS: Final = ("dataflow", "datastructure", "codelist", "conceptscheme", "agencyscheme")
# Kinds that the standard knows and of which nothing is published here.
OTHERS: Final = (
    "metadatastructure", "categoryscheme", "hierarchy", "hierarchyassociation", "valuelist", "dataproviderscheme",
    "dataconsumerscheme", "organisationunitscheme", "metadataflow", "reportingtaxonomy", "provisionagreement",
    "structuremap", "representationmap", "conceptschememap", "categoryschememap", "organisationschememap",
    "reportingtaxonomymap", "process", "categorisation", "metadataconstraint", "transformationscheme", "rulesetscheme",
    "userdefinedoperatorscheme", "customtypescheme", "namepersonalisationscheme", "vtlmappingscheme",
    "metadataproviderscheme", "metadataprovisionagreement", "geographiccodelist", "geogridcodelist",
    "availabilityconstraint", "dataconstraint", "contentconstraint", "allowedconstraint", "actualconstraint",
)  # fmt: skip
DETAILS: Final = (
    "full", "allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs", "referencepartial", "raw",
    "partialraw",
)  # fmt: skip
WHICH: Final = ("none", "children", "descendants", "parents", "parentsandsiblings", "ancestors", "all")


def published(kind: str, named: Reference, items: Collection[str], references: Sequence[str], detail: str) -> Artefacts:
    """What a structure query asks for. Raises Refused, NothingFound, NotOffered."""
    kinds = _kinds(kind)
    for word in references:
        if word not in (*WHICH, *KINDS, *OTHERS):
            raise Refused(f"references is {', '.join(WHICH)} or a kind of structure, not {word[:60]}")
    every = structures.structures()
    flows = [each for each in every if "dataflow" in kinds and named.names(AGENCY, each.id, VERSION)]
    designs = [each for each in every if "datastructure" in kinds and named.names(AGENCY, each.id, VERSION)]
    lists = [
        each.codelist
        for structure in every
        for each in structure.components
        if each.codelist and "codelist" in kinds and named.names(AGENCY, each.codelist, VERSION)
    ]
    concepts = "conceptscheme" in kinds and named.names(AGENCY, CONCEPTS, VERSION)
    agency = "agencyscheme" in kinds and named.names("SDMX", "AGENCIES", "1.0.0")
    if not (flows or designs or lists or concepts or agency):
        raise NothingFound(f"nothing of this name is published; {AGENCY} publishes {', '.join(KINDS)}s in {VERSION}")
    found = _with_references(every, flows, designs, lists, concepts=concepts, references=references)
    wanted = _wanted(kinds, references)
    stubs = _stubs(kinds, detail)
    codes = structures.codelists(set(found[2])) if "codelist" in wanted and found[2] else ()
    return Artefacts(
        structures=tuple(found[1]) if "datastructure" in wanted else (),
        flows=tuple(found[0]) if "dataflow" in wanted else (),
        codelists=tuple(_items(each, items) for each in codes) if kinds == ("codelist",) else codes,
        concepts=tuple(
            each
            for each in (structures.concepts() if found[3] and "conceptscheme" in wanted else ())
            if kinds != ("conceptscheme",) or not items or each.id in items
        ),
        concepts_partial=kinds == ("conceptscheme",) and bool(items),
        agency=agency,
        stubs=stubs,
    )


def around(region: Region, references: Sequence[str]) -> Artefacts:
    """A region that has data with what it refers to; its code lists hold only the codes that have data."""
    known = {"none", "all", "codelist", "datastructure", "conceptscheme", "dataflow", "valuelist", "dataproviderscheme"}
    for word in references:
        if word not in known:
            raise Refused(f"references is {', '.join(sorted(known))}, not {word[:60]}")
    every = "all" in references
    structure = region.structure
    lists: list[Codelist] = []
    if every or "codelist" in references:
        used = {each.codelist: each.id for each in structure.components if each.codelist}
        shown = {
            name: {
                code
                for each in structure.components
                if each.codelist == name
                for code in region.values.get(each.id, ())
            }
            for name in used
        }
        for each in structures.codelists(set(used)):
            partial = any(c.codelist == each.id and c.id in region.values for c in structure.components)
            lists.append(_items(each, shown[each.id]) if partial else each)
    return Artefacts(
        structures=(structure,) if every or "datastructure" in references else (),
        flows=(structure,) if every or "dataflow" in references else (),
        codelists=tuple(lists),
        concepts=structure.components if every or "conceptscheme" in references else (),
        concepts_partial=True,
        regions=(region,),
    )


def _kinds(kind: str) -> tuple[str, ...]:
    if kind in ("*", "", "structure"):
        return KINDS
    if kind in KINDS:
        return (kind,)
    if kind in OTHERS:
        raise NothingFound(f"no {kind} is published; there are {', '.join(KINDS)}")
    raise Refused(f"there is no kind of structure {kind[:60]}; there are {', '.join(KINDS)}")


def _wanted(kinds: Sequence[str], references: Sequence[str]) -> set[str]:
    """The kinds that the answer may hold."""
    if any(word in WHICH and word != "none" for word in references):
        return {*KINDS}
    return {*kinds, *references}


def _with_references(
    every: Sequence[Structure],
    flows: list[Structure],
    designs: list[Structure],
    lists: list[str],
    *,
    concepts: bool,
    references: Sequence[str],
) -> tuple[list[Structure], list[Structure], list[str], bool]:
    """The named artefacts and, as far as `references` asks, those below and above them."""
    if set(references) == {"none"}:
        return flows, designs, lists, concepts
    down = any(word not in ("none", "parents") for word in references)
    up = any(word not in ("none", "children", "descendants") for word in references)
    deep = any(word not in ("none", "parents", "children") for word in references)
    if up:
        if lists or concepts:
            used = [s for s in every if concepts or any(c.codelist in lists for c in s.components if c.codelist)]
            designs = _merged(designs, used)
        flows = _merged(flows, [s for s in every if s in designs])
    if down:
        below = [] if not flows else [s for s in every if s in flows]
        if designs or deep:
            reach = _merged(designs, below if deep else [])
            lists = [*lists, *(c.codelist for s in reach for c in s.components if c.codelist)]
            concepts = concepts or bool(reach)
        designs = _merged(designs, below)
    return flows, designs, lists, concepts


def _merged(one: list[Structure], other: list[Structure]) -> list[Structure]:
    return [*one, *(each for each in other if each not in one)]


def _items(each: Codelist, items: Collection[str]) -> Codelist:
    """A code list with the asked codes only; whole when none is asked for by name."""
    if not items:
        return each
    return Codelist(each.id, each.name, tuple(code for code in each.codes if code.id in items), partial=True)


def _stubs(kinds: Sequence[str], detail: str) -> frozenset[str]:
    """The kinds that are given without what they hold."""
    if detail in ("raw", "partialraw"):
        raise NotOffered(f"detail={detail} is not offered; full is the same here, since no list extends another")
    if detail in ("allstubs", "allcompletestubs"):
        return frozenset(KINDS)
    if detail in ("referencestubs", "referencecompletestubs"):
        return frozenset(kind for kind in KINDS if kind not in kinds)
    return frozenset()
