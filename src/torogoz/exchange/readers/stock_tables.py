"""The tables from which flows are estimated, as statisticians keep them: long, in csv, with a header.

They are not publications: they are read, used and not stored. A table with a wrong cell is refused whole, since an
estimate from half a matrix is no estimate.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.tables import ROW, Sheet, open_file

_SHOWN: Final = 5
_SEX: Final = {
    "f": "F",
    "female": "F",
    "females": "F",
    "m": "M",
    "male": "M",
    "males": "M",
    "_t": "_T",
    "t": "_T",
    "b": "_T",
    "both": "_T",
    "total": "_T",
}


def stock(path: Path) -> pl.DataFrame:
    """A stock: birth, dest, sex (`_T` if the file has no such column), value. Raises Unreadable; OSError."""
    return _read(path, ("birth", "dest"), ("value",), by_sex=True)


def vital(path: Path) -> pl.DataFrame:
    """Vital events of a period: region, sex, births, deaths. Raises Unreadable; OSError."""
    return _read(path, ("region",), ("births", "deaths"), by_sex=True)


def population(path: Path) -> pl.DataFrame:
    """Everybody at both ends of a period: region, sex, start, end. Raises Unreadable; OSError."""
    return _read(path, ("region",), ("start", "end"), by_sex=True)


def seed(path: Path) -> pl.DataFrame:
    """How much likelier each move is beforehand: orig, dest, value. Raises Unreadable; OSError."""
    return _read(path, ("orig", "dest"), ("value",), by_sex=False)


def _read(path: Path, texts: Sequence[str], numbers: Sequence[str], *, by_sex: bool) -> pl.DataFrame:
    """The named columns of a csv: texts, sex, numbers. Raises Unreadable naming row, column and value."""
    if not path.is_file():
        raise Unreadable(f"{path} is not a file; nothing was estimated")
    table = open_file(path)[0]
    if isinstance(table, Sheet):
        raise Unreadable(f"{path.name} is a workbook; save the sheet as csv with the columns {_named(texts, numbers)}")
    missing = [name for name in (*texts, *numbers) if name not in table.names]
    if missing:
        raise Unreadable(
            f"{path.name} lacks the column {', '.join(missing)}; it has {', '.join(table.header)}, and "
            f"{_named(texts, numbers)} are needed; nothing was estimated"
        )
    problems = [f"row {row}: it does not have the {len(table.header)} fields of the header" for row, _ in table.ragged]
    frame = table.frame
    for name in texts:
        blank = frame.filter(pl.col(name).is_null() | (pl.col(name).str.strip_chars() == ""))
        problems += [f"row {row}, column {name}: it is blank" for row in blank[ROW]]
    columns = [pl.col(name).str.strip_chars() for name in texts]
    if by_sex:
        columns.append(_sex(frame, problems) if "sex" in table.names else pl.lit("_T").alias("sex"))
    for name in numbers:
        value = frame[name].str.strip_chars().cast(pl.Float64(), strict=False)
        wrong = frame.filter((value.is_null() | ~value.is_finite()).fill_null(value=True))
        problems += [
            f"row {row}, column {name}: {text!r} is not a number" if text else f"row {row}, column {name}: it is blank"
            for row, text in wrong.select(ROW, name).iter_rows()
        ]
        columns.append(pl.lit(value).alias(name))
    if problems:
        more = f" and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise Unreadable(f"{path.name}: {'; '.join(problems[:_SHOWN])}{more}; nothing was estimated")
    if frame.is_empty():
        raise Unreadable(f"{path.name} has a header and no rows; nothing was estimated")
    return frame.select(columns)


def _sex(frame: pl.DataFrame, problems: list[str]) -> pl.Expr:
    """The code of SDMX for each word in the column sex; what is no such word goes to `problems`."""
    word = pl.col("sex").str.strip_chars().str.to_lowercase().fill_null("")
    wrong = frame.filter(~word.is_in(list(_SEX)))
    problems += [
        f"row {row}, column sex: {text!r} is none of F, M, _T" for row, text in wrong.select(ROW, "sex").iter_rows()
    ]
    return word.replace(_SEX).alias("sex")


def _named(texts: Sequence[str], numbers: Sequence[str]) -> str:
    return ", ".join((*texts, *numbers))
