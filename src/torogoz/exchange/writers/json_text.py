"""JSON for programs: what the table is, then its observations, one object each, in the columns of the CSV."""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from torogoz.exchange.writers.publication import Publication, Words

ROWS_AT_ONCE = 20_000


def pieces(about: Publication, frame: pl.DataFrame, rows_at_once: int = ROWS_AT_ONCE) -> Iterator[bytes]:
    """The JSON document of `frame`, in pieces; joined they are the whole document.

    An observation without a figure has `null`; OBS_STATUS and CONF_STATUS say why.
    """
    head = json.dumps(description(about), ensure_ascii=False, indent=1)
    yield f'{head[: head.rindex("}")].rstrip()},\n "observations": ['.encode()
    ready = frame.with_columns(_whole(frame, name) for name, kind in frame.schema.items() if kind.is_float())
    for start in range(0, ready.height, rows_at_once):
        part = ready.slice(start, rows_at_once)
        yield ((",\n" if start else "\n") + part.write_json()[1:-1].replace("},{", "},\n{")).encode()
    yield b"\n]}\n"


def description(about: Publication) -> dict[str, Any]:
    """What a publication says of itself, ready for JSON."""
    return {
        "dataflow": about.dataflow,
        "title": _words(about.title),
        "unit": _words(about.unit),
        "institution": about.institution,
        "edition": about.edition,
        "published": about.published.isoformat(),
        "address": about.address,
        "query": about.query,
        "checksum_sha256": about.checksum,
        "made_up": about.made_up,
        "note": about.warning or None,
        "columns": [
            {"name": column.name, "title": _words(column.title), "description": _words(column.description)}
            for column in about.columns
        ],
        "sources": [
            {
                "publisher": source.publisher,
                "title": source.title,
                "edition": source.edition,
                "licence": source.licence,
                "sha256": source.sha256 or None,
                "obtained": source.obtained.isoformat(),
            }
            for source in about.sources
        ],
    }


def _words(words: Words) -> dict[str, str]:
    return {"es": words.es, "en": words.en}


def _whole(frame: pl.DataFrame, name: str) -> pl.Expr:
    """The column as whole numbers where every figure in it is one; infinite and not-a-number become null."""
    column = frame[name]
    finite = column.filter(column.is_finite())
    value = pl.when(pl.col(name).is_finite()).then(pl.col(name)).otherwise(None)
    return (value.cast(pl.Int64) if (finite == finite.floor()).all() else value).alias(name)
