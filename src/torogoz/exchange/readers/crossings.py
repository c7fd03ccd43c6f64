"""A file of border crossings as rows of text: CSV (plain or gz) or Parquet, whatever its other columns."""

from pathlib import Path
from typing import Final

import polars as pl

from torogoz.statistics.residence.cleaning import ROW

NAMES: Final = {
    "personid": "personId",
    "person_id": "personId",
    "person": "personId",
    "is_arrival": "is_arrival",
    "direction": "direction",
    "date_crossing": "date_crossing",
    "crossing_date": "date_crossing",
}
NEEDED: Final = ("personId", "date_crossing")


class CrossingsUnreadable(Exception):
    """The file is not one of crossings. The message says what it lacks, and nothing of what is in it."""


def read_crossings(path: Path) -> pl.DataFrame:
    """The rows of the file, every column of a CSV as text, with `row`: the line of the file, the header being line 1.

    raises  CrossingsUnreadable if there is no such file, it is neither CSV nor Parquet, a row has more fields than
            the header, or a column that is needed is missing
    """
    if not path.is_file():
        raise CrossingsUnreadable(f"there is no file {path}")
    with path.open("rb") as file:
        begins = file.read(4)
    try:
        frame = pl.read_parquet(path) if begins == b"PAR1" else pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as reason:
        kind = type(reason).__name__
        raise CrossingsUnreadable(
            f"{path.name} cannot be read as CSV in UTF-8 or as Parquet ({kind}). A row with more fields than the "
            "header, or another character set, are the usual reasons. Nothing was written"
        ) from None
    frame = frame.rename({name: NAMES[name.lower()] for name in frame.columns if name.lower() in NAMES})
    missing = [name for name in NEEDED if name not in frame.columns]
    if not {"is_arrival", "direction"} & set(frame.columns):
        missing.append("is_arrival (1 or 0) or direction")
    if missing:
        raise CrossingsUnreadable(
            f"{path.name} lacks {' and '.join(missing)}; it has {', '.join(frame.columns)}. Nothing was written"
        )
    return frame.drop(ROW, strict=False).with_row_index(ROW, offset=2)
