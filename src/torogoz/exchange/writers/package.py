"""A zip of one published table with all that a reader needs: data, dictionary, licence, citation, read-me."""

import hashlib
import zipfile
from typing import IO

import polars as pl

from torogoz.exchange.writers import csv_text, dictionary, papers
from torogoz.exchange.writers.publication import Publication


def write(about: Publication, frame: pl.DataFrame, into: IO[bytes]) -> None:
    """Write the package into an open binary file. The same table and edition give the same bytes."""
    sha256 = hashlib.sha256()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        with package.open(_entry(about, "data.csv"), "w", force_zip64=True) as data:
            for piece in csv_text.pieces(frame):
                sha256.update(piece)
                data.write(piece)
        used = {column.name: _codes(frame, column.name) for column in about.columns if column.name in frame.columns}
        texts = {
            "dictionary.csv": dictionary.text(about, used),
            "LICENCE.txt": papers.licence_text(about).encode(),
            "CITATION.txt": papers.citation_text(about, sha256.hexdigest()).encode(),
            "README.txt": papers.readme_text(about, frame.height).encode(),
        }
        for name, text in texts.items():
            package.writestr(_entry(about, name), text)


def _entry(about: Publication, name: str) -> zipfile.ZipInfo:
    """A member dated by the edition, not by the clock."""
    published = about.published
    entry = zipfile.ZipInfo(f"{about.file_stem()}/{name}", (published.year, published.month, published.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _codes(frame: pl.DataFrame, name: str) -> set[str]:
    """The distinct texts of a column."""
    return set(frame[name].drop_nulls().cast(pl.String).unique().to_list())
