"""SDMX-CSV 2.0.0 data messages: RFC 4180, UTF-8, one line per observation.

An empty OBS_VALUE is never a zero; OBS_STATUS and CONF_STATUS say whether it is unknown or protected. Codes and texts
are written as they are: this file is for programs, and a spreadsheet is better served by the CSV of the pages.
"""

import io
from collections.abc import Iterator
from enum import StrEnum

import polars as pl

from torogoz.exchange.writers.sdmx_model import AGENCY, MEASURE, TIME, VERSION, Content, Part, numbers
from torogoz.statistics import periods

ROWS_AT_ONCE = 50_000


class Labels(StrEnum):
    """Whether codes stand alone, with their names in the same cell, or with their names in a column beside them."""

    ID = "id"
    BOTH = "both"
    NAME = "name"


class Keys(StrEnum):
    """Which keys are written in columns of their own."""

    NONE = "none"
    OBS = "obs"
    SERIES = "series"
    BOTH = "both"


class TimeFormat(StrEnum):
    """Periods as they are published, or as their first day."""

    ORIGINAL = "original"
    NORMALIZED = "normalized"


def pieces(
    content: Content,
    language: str,
    *,
    labels: Labels = Labels.ID,
    keys: Keys = Keys.NONE,
    time: TimeFormat = TimeFormat.ORIGINAL,
    rows_at_once: int = ROWS_AT_ONCE,
) -> Iterator[bytes]:
    """The file in pieces; joined they are the whole file. An answer without observations gives the header alone."""
    first = True
    for part in content.parts:
        ready = _table(content, part, language, labels, keys, time)
        for start in range(0, max(ready.height, 1), rows_at_once):
            piece = io.BytesIO()  # bytes at once: a text would have to be encoded again
            ready.slice(start, rows_at_once).write_csv(piece, line_terminator="\r\n", include_header=first)
            yield piece.getvalue()
            first = False


def _table(content: Content, part: Part, language: str, labels: Labels, keys: Keys, time: TimeFormat) -> pl.DataFrame:
    """The rows of one data set, ready to be written."""
    flow, frame = content.structure, part.frame
    named = f": {flow.name.said_in(language)}" if labels is Labels.BOTH else ""
    columns = [
        pl.lit("dataflow").alias("STRUCTURE"),
        pl.lit(f"{AGENCY}:{flow.id}({VERSION}){named}").alias("STRUCTURE_ID"),
        *([pl.lit(flow.name.said_in(language)).alias("STRUCTURE_NAME")] if labels is Labels.NAME else []),
        pl.lit(part.action.letter).alias("ACTION"),
    ]
    dimensions = [name for name in flow.dimensions if name in frame.columns]
    if keys in (Keys.SERIES, Keys.BOTH):
        series = [pl.col(name) for name in dimensions if name != content.at_observation]
        columns.append(pl.concat_str(series, separator=".").alias("SERIES_KEY"))
    if keys in (Keys.OBS, Keys.BOTH):
        columns.append(pl.concat_str([pl.col(name) for name in dimensions], separator=".").alias("OBS_KEY"))
    for name in (*dimensions, *([MEASURE] if MEASURE in frame.columns else []), *content.attributes):
        columns += _column(content, frame, name, language, labels, time)
    return frame.select(columns)


def _column(
    content: Content, frame: pl.DataFrame, name: str, language: str, labels: Labels, time: TimeFormat
) -> list[pl.Expr]:
    """One component as a column, or as two with its name beside it."""
    if name == MEASURE:
        value = numbers(name, frame)
    elif name == TIME and time is TimeFormat.NORMALIZED:
        starts = {period: periods.bounds(period)[0].isoformat() for period in frame[name].unique().drop_nulls()}
        value = pl.col(name).replace(starts)
    else:
        value = pl.col(name)
    title = content.structure.component(name).name.said_in(language)
    if labels is Labels.ID:
        return [value.alias(name)]
    coded = bool(content.structure.component(name).codelist)
    called = {code: content.called(name, code).said_in(language) for code in frame[name].unique() if coded and code}
    if labels is Labels.BOTH:
        both = {code: f"{code}: {said}" for code, said in called.items()}
        return [(value.replace(both) if coded else value).alias(f"{name}: {title}")]
    return [value.alias(name), *([pl.col(name).replace(called).alias(title)] if coded else [])]
