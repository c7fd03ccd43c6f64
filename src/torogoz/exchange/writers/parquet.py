"""Parquet of one published table, for programs: the columns of the CSV with their types, and its papers inside."""

import json
from typing import IO

import polars as pl

from torogoz.exchange.writers import papers
from torogoz.exchange.writers.json_text import description
from torogoz.exchange.writers.publication import Publication

KEY = "torogoz"


def write(about: Publication, frame: pl.DataFrame, into: IO[bytes]) -> None:
    """Write the table into an open binary file; what it is, whose, under which terms stands in its metadata."""
    said = {
        KEY: json.dumps(description(about), ensure_ascii=False),
        "citation_es": papers.citation(about, "es"),
        "citation_en": papers.citation(about, "en"),
        "licence": papers.licence_text(about),
    }
    frame.write_parquet(into, metadata=said)
