"""SDMX-ML 3.0 structure messages."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

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
from torogoz.exchange.writers.sdmx_structures_json import CONCEPTS_NAME

SPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
NAMESPACES = (
    f'xmlns:mes="{SPACE}/message" xmlns:str="{SPACE}/structure" xmlns:com="{SPACE}/common" '
    'xmlns:xml="http://www.w3.org/XML/1998/namespace"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def message(head: Head, held: Artefacts) -> bytes:
    """The message, with every name in both languages. `held.stubs` as in the JSON message."""
    return "".join(
        [
            f"{DECLARATION}<mes:Structure {NAMESPACES}>\n",
            header(head),
            "<mes:Structures>\n",
            *_structures(held),
            "</mes:Structures>\n</mes:Structure>\n",
        ]
    ).encode()


def header(head: Head, structure: str = "") -> str:
    """The header of any SDMX-ML message; `structure` is what a data message adds."""
    return (
        f"<mes:Header><mes:ID>{escape(head.id)}</mes:ID><mes:Test>{str(head.test).lower()}</mes:Test>"
        f"<mes:Prepared>{head.prepared:%Y-%m-%dT%H:%M:%SZ}</mes:Prepared>"
        f'<mes:Sender id="{AGENCY}">{_words("com:Name", head.sender)}</mes:Sender>{structure}</mes:Header>\n'
    )


def error(code: int, text: str) -> bytes:
    """An error message: the number that SDMX gives to its kind, and the reason in words."""
    return (
        f"{DECLARATION}<mes:Error {NAMESPACES}><mes:ErrorMessage code={quoteattr(str(code))}>"
        f'<com:Text xml:lang="en">{escape(text)}</com:Text></mes:ErrorMessage></mes:Error>\n'
    ).encode()


def _structures(held: Artefacts) -> Iterator[str]:
    if held.agency:
        yield (
            '<str:AgencySchemes><str:AgencyScheme id="AGENCIES" agencyID="SDMX" version="1.0" isPartial="true">'
            f"{_words('com:Name', Words('Organismos', 'Agencies'))}"
            f'<str:Agency id="{AGENCY}">{_words("com:Name", Words("Torogoz", "Torogoz"))}</str:Agency>'
            "</str:AgencyScheme></str:AgencySchemes>\n"
        )
    if held.codelists:
        yield "<str:Codelists>\n"
        yield from (_codelist(each, stub="codelist" in held.stubs) for each in held.codelists)
        yield "</str:Codelists>\n"
    if held.concepts:
        yield _concepts(held)
    if held.regions:
        yield f"<str:DataConstraints>\n{''.join(map(_constraint, held.regions))}</str:DataConstraints>\n"
    if held.flows:
        yield "<str:Dataflows>\n"
        yield from (_flow(each, stub="dataflow" in held.stubs) for each in held.flows)
        yield "</str:Dataflows>\n"
    if held.structures:
        yield "<str:DataStructures>\n"
        yield from (_structure(each, stub="datastructure" in held.stubs) for each in held.structures)
        yield "</str:DataStructures>\n"


def _words(element: str, words: Words) -> str:
    return "".join(
        f'<{element} xml:lang="{language}">{escape(text)}</{element}>'
        for language, text in (("es", words.es), ("en", words.en))
        if text
    )


def _maintained(kind: str, name: str, urn: str, words: Words) -> str:
    return (
        f'<str:{kind} id="{name}" agencyID="{AGENCY}" version="{VERSION}" isExternalReference="false" '
        f"urn={quoteattr(urn)}>{_words('com:Name', words)}"
    )


def _codelist(each: Codelist, *, stub: bool) -> str:
    opened = _maintained("Codelist", each.id, each.urn, each.name)
    if each.partial:
        opened = opened.replace(" urn=", ' isPartial="true" urn=', 1)
    codes = (
        ""
        if stub
        else "".join(
            f"<str:Code id={quoteattr(code.id)} urn={quoteattr(_item(each.urn, 'Code', code.id))}>"
            f"{_words('com:Name', code.name)}</str:Code>\n"
            for code in each.codes
        )
    )
    return f"{opened}\n{codes}</str:Codelist>\n"


def _item(urn: str, kind: str, name: str) -> str:
    """The URN of an item of a scheme."""
    package, _, rest = urn.partition("=")
    return f"{package.rpartition('.')[0]}.{kind}={rest}.{name}"


def _concepts(held: Artefacts) -> str:
    urn = f"urn:sdmx:org.sdmx.infomodel.conceptscheme.ConceptScheme={AGENCY}:{CONCEPTS}({VERSION})"
    listed = (
        ""
        if "conceptscheme" in held.stubs
        else "".join(
            f"<str:Concept id={quoteattr(each.id)} urn={quoteattr(each.concept_urn)}>"
            f"{_words('com:Name', each.name)}</str:Concept>\n"
            for each in held.concepts
        )
    )
    opened = _maintained("ConceptScheme", CONCEPTS, urn, CONCEPTS_NAME)
    return f"<str:ConceptSchemes>{opened}\n{listed}</str:ConceptScheme></str:ConceptSchemes>\n"


def _flow(each: Structure, *, stub: bool) -> str:
    opened = _maintained("Dataflow", each.id, each.flow_urn, each.name)
    structure = "" if stub else f"<str:Structure>{escape(each.urn)}</str:Structure>"
    return f"{opened}{_words('com:Description', each.description)}{structure}</str:Dataflow>\n"


def _structure(each: Structure, *, stub: bool) -> str:
    opened = _maintained("DataStructure", each.id, each.urn, each.name)
    if stub:
        return f"{opened}</str:DataStructure>\n"
    dimensions = [c for c in each.components if c.role is Role.DIMENSION]
    listed = "".join(_component("Dimension", c, each, f' position="{at}"') for at, c in enumerate(dimensions, 1))
    time = _component("TimeDimension", each.component("TIME_PERIOD"), each)
    measures = "".join(
        _component("Measure", c, each, ' usage="optional"') for c in each.components if c.role is Role.MEASURE
    )
    attributes = "".join(_attribute(c, each) for c in each.components if c.role is Role.ATTRIBUTE)
    return (
        f"{opened}<str:DataStructureComponents>\n"
        f'<str:DimensionList id="DimensionDescriptor">\n{listed}{time}</str:DimensionList>\n'
        f'<str:AttributeList id="AttributeDescriptor">\n{attributes}</str:AttributeList>\n'
        f'<str:MeasureList id="MeasureDescriptor">\n{measures}</str:MeasureList>\n'
        "</str:DataStructureComponents></str:DataStructure>\n"
    )


def _component(kind: str, each: Component, of: Structure, more: str = "", inside: str = "") -> str:
    if each.codelist:
        urn = f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={AGENCY}:{each.codelist}({VERSION})"
        values = f"<str:Enumeration>{escape(urn)}</str:Enumeration>"
    else:
        values = f'<str:TextFormat textType="{each.kind}"/>'
    urn = _item(of.urn, "DataAttribute" if kind == "Attribute" else kind, each.id)
    return (
        f"<str:{kind} id={quoteattr(each.id)} urn={quoteattr(urn)}{more}>"
        f"<str:ConceptIdentity>{escape(each.concept_urn)}</str:ConceptIdentity>"
        f"<str:LocalRepresentation>{values}</str:LocalRepresentation>{inside}</str:{kind}>\n"
    )


def _attribute(each: Component, of: Structure) -> str:
    related = "<str:AttributeRelationship><str:Observation/></str:AttributeRelationship>"
    return _component("Attribute", each, of, ' usage="optional"', related)


def _constraint(region: Region) -> str:
    urn = f"urn:sdmx:org.sdmx.infomodel.registry.DataConstraint={AGENCY}:CC_{region.structure.id}({VERSION})"
    annotations = "".join(
        f'<com:Annotation id="{name}"><com:AnnotationTitle>{count}</com:AnnotationTitle>'
        "<com:AnnotationType>sdmx_metrics</com:AnnotationType></com:Annotation>"
        for name, count in (("obs_count", region.observations), ("series_count", region.series))
    )
    values = "".join(
        f"<str:KeyValue id={quoteattr(name)}>"
        + "".join(f"<str:Value>{escape(code)}</str:Value>" for code in codes)
        + "</str:KeyValue>"
        for name, codes in region.values.items()
    )
    if region.first:
        values += (
            '<str:KeyValue id="TIME_PERIOD"><str:TimeRange>'
            f'<str:StartPeriod isInclusive="true">{region.first}</str:StartPeriod>'
            f'<str:EndPeriod isInclusive="true">{region.last}</str:EndPeriod></str:TimeRange></str:KeyValue>'
        )
    return (
        f'<str:DataConstraint id="CC_{region.structure.id}" agencyID="{AGENCY}" version="{VERSION}" '
        f'isExternalReference="false" urn={quoteattr(urn)} role="Actual">'
        f"<com:Annotations>{annotations}</com:Annotations>{_words('com:Name', region.structure.name)}"
        f"<str:ConstraintAttachment><str:Dataflow>{escape(region.structure.flow_urn)}</str:Dataflow>"
        f'</str:ConstraintAttachment><str:CubeRegion include="true">{values}</str:CubeRegion>'
        "</str:DataConstraint>\n"
    )
