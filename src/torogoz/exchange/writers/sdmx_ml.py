"""SDMX-ML 3.0 data messages (and 2.1, structure-specific), made of whole columns of text."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final
from xml.sax.saxutils import escape

import polars as pl

from torogoz.exchange.writers.sdmx_model import AGENCY, VERSION, Content, Head, Part, figures
from torogoz.exchange.writers.sdmx_structures_ml import DECLARATION, header

ROWS_AT_ONCE: Final = 50_000
BASE: Final = "http://www.sdmx.org/resources/sdmxml/schemas"
SPECIAL: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


class Edition(StrEnum):
    """The edition of the standard: SDMX 3.0, or 2.1 for programs that do not know the newer one."""

    V3_0 = "v3_0"
    V2_1 = "v2_1"


def pieces(
    content: Content, head: Head, edition: Edition = Edition.V3_0, rows_at_once: int = ROWS_AT_ONCE
) -> Iterator[bytes]:
    """The message in pieces; joined they are the whole message. An attribute without a value is left out."""
    space = f"{BASE}/{edition}"
    flow = content.structure
    yield (
        f'{DECLARATION}<mes:StructureSpecificData xmlns:mes="{space}/message" xmlns:com="{space}/common" '
        f'xmlns:ss="{space}/data/structurespecific" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:ns1="{flow.flow_urn}:ObsLevelDim:{content.at_observation}">\n'
        f"{header(head, _structure(content, edition))}"
    ).encode()
    for part in content.parts:
        yield _opened(content, part).encode()
        yield from _observations(content, part, rows_at_once)
        yield b"</mes:DataSet>\n"
    yield b"</mes:StructureSpecificData>\n"


def _structure(content: Content, edition: Edition) -> str:
    """The reference to the dataflow in the header."""
    flow = content.structure
    if edition is Edition.V3_0:
        used = f"<com:StructureUsage>{escape(flow.flow_urn)}</com:StructureUsage>"
    else:
        used = (
            f'<com:StructureUsage><Ref agencyID="{AGENCY}" id="{flow.id}" version="{VERSION}" '
            'package="datastructure" class="Dataflow"/></com:StructureUsage>'
        )
    return (
        f'<mes:Structure structureID="{flow.id}" '
        f'namespace="{flow.flow_urn}:ObsLevelDim:{content.at_observation}" '
        f'dimensionAtObservation="{content.at_observation}">{used}</mes:Structure>'
    )


def _opened(content: Content, part: Part) -> str:
    valid = f' ss:validFromDate="{part.valid_from:%Y-%m-%dT%H:%M:%S.%f}Z"' if part.valid_from else ""
    return (
        f'<mes:DataSet ss:structureRef="{content.structure.id}" xsi:type="ns1:DataSetType" '
        f'ss:dataScope="DataStructure" action="{part.action.value}"{valid}>\n'
    )


def _observations(content: Content, part: Part, rows_at_once: int) -> Iterator[bytes]:
    """Every observation of a data set as an element, those of one series inside it."""
    frame = part.frame
    if frame.is_empty():
        return
    shown = [*content.observed, *(name for name in frame.columns if name not in content.structure.dimensions)]
    line = pl.concat_str([pl.lit("<Obs"), *(_attribute(name, frame) for name in shown), pl.lit("/>\n")])
    if not content.series:
        ready = frame.select(line.alias("LINE"))["LINE"]
    else:
        head = pl.concat_str([pl.lit("<Series"), *(_attribute(name, frame) for name in content.series), pl.lit(">\n")])
        opens = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in content.series)
        first = pl.int_range(pl.len()) == 0
        before = pl.when(first).then(head).when(opens).then(pl.concat_str([pl.lit("</Series>\n"), head]))
        ready = frame.select(pl.concat_str([before.otherwise(pl.lit("")), line]).alias("LINE"))["LINE"]
    for start in range(0, ready.len(), rows_at_once):
        yield "".join(ready.slice(start, rows_at_once).to_list()).encode()
    if content.series:
        yield b"</Series>\n"


def _attribute(name: str, frame: pl.DataFrame) -> pl.Expr:
    """A column as an XML attribute; nothing where there is no value."""
    value = figures(name, frame) if frame[name].dtype.is_numeric() else pl.col(name).cast(pl.String)
    if not frame[name].dtype.is_numeric() and frame[name].cast(pl.String).str.contains_any(list(SPECIAL)).any():
        value = value.str.replace_many(list(SPECIAL), list(SPECIAL.values()))
    said = pl.concat_str([pl.lit(f' {name}="'), value, pl.lit('"')])
    return pl.when(pl.col(name).is_not_null()).then(said).otherwise(pl.lit(""))
