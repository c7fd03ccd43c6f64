"""SDMX-JSON 2.0.0 data messages, made of whole columns: codes become numbers, and observations text, all at once."""

import json
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from torogoz.exchange.writers.sdmx_model import (
    EVERY_DIMENSION,
    MEASURE,
    TIME,
    Component,
    Content,
    Head,
    Part,
    figures,
)
from torogoz.exchange.writers.sdmx_structures_json import meta, names
from torogoz.statistics import periods

SCHEMA: Final = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/2.0.0/"
    "sdmx-json-data-schema.json"
)
ROWS_AT_ONCE: Final = 50_000


def pieces(content: Content, head: Head, language: str, rows_at_once: int = ROWS_AT_ONCE) -> Iterator[bytes]:
    """The message in pieces; joined they are the whole message.

    An observation is its value (null where it is unknown or protected), then the number of each attribute's value in
    the list of the structure, null where it has none.
    """
    lists = _lists(content)
    yield (
        f'{{"meta":{json.dumps(meta(head, SCHEMA, language), ensure_ascii=False)},"data":{{"structures":'
        f'[{json.dumps(_structure(content, lists, language), ensure_ascii=False)}],"dataSets":['
    ).encode()
    for number, part in enumerate(content.parts):
        yield _opened(content, part, number).encode()
        yield from _observations(content, part, lists, rows_at_once)
        yield b"}}"
    yield b"]}}\n"


def error(code: int, text: str, title: str) -> bytes:
    """An error message: SDMX's number, what kind of mistake it is, and the reason in words."""
    return json.dumps({"errors": [{"code": code, "title": title, "detail": text}]}, ensure_ascii=False).encode()


def _lists(content: Content) -> dict[str, list[str]]:
    """The values of every dimension and attribute that occur, periods in order of time, others by code."""
    found = {}
    for name in (*content.series, *content.observed, *content.attributes):
        present = pl.concat([part.frame[name].cast(pl.String) for part in content.parts]).unique().drop_nulls()
        values = present.sort().to_list()
        found[name] = sorted(values, key=lambda period: (periods.bounds(period), period)) if name == TIME else values
    return found


def _structure(content: Content, lists: dict[str, list[str]], language: str) -> dict[str, Any]:
    """What the numbers of the observations stand for."""
    flow = content.structure
    places = {name: at for at, name in enumerate(flow.dimensions)}

    def dimension(name: str) -> dict[str, Any]:
        component = flow.component(name)
        return {
            "id": name,
            **names(component.name, language),
            "keyPosition": places[name],
            "roles": [name],
            "values": [_value(content, component, each, language) for each in lists[name]],
        }

    def attribute(component: Component, values: list[str], level: dict[str, Any]) -> dict[str, Any]:
        said = [_value(content, component, each, language) for each in values]
        return {"id": component.id, **names(component.name, language), "relationship": level, "values": said}

    measure = flow.component(MEASURE)
    shown = [{"id": MEASURE, **names(measure.name, language), "roles": [MEASURE]}] if MEASURE in content.columns else []
    return {
        **names(flow.name, language),
        "dataSets": list(range(len(content.parts))),
        "links": [{"urn": flow.flow_urn, "rel": "dataflow"}, {"urn": flow.urn, "rel": "datastructure"}],
        "dimensions": {
            "dataSet": [],
            "series": [dimension(name) for name in content.series],
            "observation": [dimension(name) for name in content.observed],
        },
        "measures": {"observation": shown},
        "attributes": {
            "dataSet": [],
            "dimensionGroup": [],
            "series": [],
            "observation": [
                attribute(flow.component(name), lists[name], {"observation": {}}) for name in content.attributes
            ],
        },
    }


def _value(content: Content, component: Component, value: str, language: str) -> dict[str, Any]:
    """One value of a list: a period with its days, a code with its names, or free text."""
    if component.id == TIME:
        first, last = periods.bounds(value)
        return {"id": value, "name": value, "start": f"{first}T00:00:00", "end": f"{last}T23:59:59"}
    if component.codelist:
        return {"id": value, **names(content.called(component.id, value), language)}
    return {"value": value}


def _opened(content: Content, part: Part, number: int) -> str:
    """The beginning of a data set, up to its observations."""
    said: dict[str, Any] = {"structure": 0, "action": part.action.value}
    if part.valid_from is not None:
        said["validFrom"] = part.valid_from.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    held = "observations" if content.at_observation == EVERY_DIMENSION else "series"
    return f'{"," if number else ""}{json.dumps(said)[:-1]},"{held}":{{'


def _observations(content: Content, part: Part, lists: dict[str, list[str]], rows_at_once: int) -> Iterator[bytes]:
    """Every observation of a data set as text, those of one series together."""
    frame = part.frame
    if frame.is_empty():
        return
    numbered = frame.select(
        _key(content.observed, lists).alias("OBSERVED"),
        _key(content.series, lists).alias("SERIES"),
        _said(content, frame, lists).alias("SAID"),
    )
    line = pl.concat_str([pl.lit('"'), "OBSERVED", pl.lit('":['), "SAID", pl.lit("]")])
    if not content.series:
        ready = numbered.select(line.alias("LINE"))
        for start in range(0, ready.height, rows_at_once):
            text = ",".join(ready["LINE"].slice(start, rows_at_once).to_list())
            yield f"{',' if start else ''}{text}".encode()
        return
    opens = pl.col("SERIES") != pl.col("SERIES").shift(1)
    head = pl.concat_str([pl.lit('"'), "SERIES", pl.lit('":{"observations":{')])
    before = pl.when(opens.is_null()).then(head).when(opens).then(pl.concat_str([pl.lit("}},"), head]))
    ready = numbered.select(pl.concat_str([before.otherwise(pl.lit(",")), line]).alias("LINE"))
    for start in range(0, ready.height, rows_at_once):
        yield "".join(ready["LINE"].slice(start, rows_at_once).to_list()).encode()
    yield b"}}"


def _key(dimensions: list[str], lists: dict[str, list[str]]) -> pl.Expr:
    """The place of each value in the list of its dimension, joined by colons."""
    return pl.concat_str([_place(name, lists) for name in dimensions], separator=":") if dimensions else pl.lit("0")


def _place(name: str, lists: dict[str, list[str]]) -> pl.Expr:
    return pl.col(name).cast(pl.String).cast(pl.Enum(lists[name])).to_physical().cast(pl.String)


def _said(content: Content, frame: pl.DataFrame, lists: dict[str, list[str]]) -> pl.Expr:
    """The value and the place of each attribute's value, joined by commas."""
    said = [figures(MEASURE, frame)] if MEASURE in frame.columns else []
    said += [_place(name, lists) for name in content.attributes]
    return pl.concat_str([each.fill_null("null") for each in said], separator=",") if said else pl.lit("")
