"""Which column of a file is which field, as data: so that any two files can be linked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import yaml

from torogoz.statistics.linkage.records import NAME_PARTS

SHIPPED = ("salvadoran", "febrl")
PARQUET = ".parquet"
SHOWN = 5
"""How many rows or names a message shows."""

FIRST_ROW = 2
"""The row of the first record, as a spreadsheet counts: the header is row 1."""

MOST_UNREAD = 0.1
"""The share of births that may be written otherwise than the configuration says, before the file is refused."""

EDTF = re.compile(r"\d{4}(-\d{1,2}(-\d{1,2})?)?[~?]*")


class ConfigurationUnclear(ValueError):
    """A configuration that cannot be followed: what is wrong with it, and what it may say."""


class FileUnlike(ValueError):
    """A file that is not as its configuration says. Nothing was linked and nothing was written."""


@dataclass(frozen=True)
class Configuration:
    """How to read a file.

    id          the column that names a record
    columns     by our field, the column of the file: given1, given2, surname1, surname2, married, birth, document,
                document_kind, phone, mother, municipality, sex, or any name for a text that is compared as it is
    birth       how a date of birth is written (`strptime`); empty for EDTF (2001, 2001-05, 2001-05-17)
    swapped     pairs of our fields that are written one in the place of the other
    blocks      further reasons to look at a pair: fields that are the same in both
    """

    id: str
    columns: Mapping[str, str]
    birth: str = ""
    blocks: tuple[tuple[str, ...], ...] = ()
    swapped: tuple[tuple[str, str], ...] = ()

    def needed(self) -> list[str]:
        """The columns of the file that are read, each once."""
        return list(dict.fromkeys((self.id, *self.columns.values())))


def read_configuration(path: Path) -> Configuration:
    """A configuration from a YAML file, or one that is shipped by its name. Raises ConfigurationUnclear, OSError."""
    if str(path) in SHIPPED:
        text = (files("torogoz.statistics.linkage") / f"{path}.yaml").read_text(encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as why:
        raise ConfigurationUnclear(f"{path} is not YAML: {why}") from why
    return _checked(said, str(path))


def _checked(said: Any, path: str) -> Configuration:
    if not isinstance(said, dict) or not isinstance(said.get("columns"), dict) or not said["columns"]:
        raise ConfigurationUnclear(f"{path} needs `columns`: each of our fields with a column of the file")
    unknown = set(said) - {"id", "columns", "birth", "blocks", "swapped"}
    if unknown:
        raise ConfigurationUnclear(f"{path} says {sorted(unknown)}, which means nothing here; it may say id, columns, "
                                   "birth, blocks and swapped")  # fmt: skip
    columns = {str(ours): str(theirs) for ours, theirs in said["columns"].items()}
    if not (set(columns) & set(NAME_PARTS)):
        raise ConfigurationUnclear(f"{path} names no part of a name; at least one of {', '.join(NAME_PARTS)} is needed")
    blocks = tuple(tuple(str(name) for name in block) for block in said.get("blocks") or ())
    for name in (name for block in blocks for name in block):
        if name not in columns and name not in ("year", "years", "days"):
            raise ConfigurationUnclear(f"{path}: a block names {name!r}, which is not in columns")
    swapped = tuple(tuple(str(name) for name in pair) for pair in said.get("swapped") or ())
    if any(len(pair) != 2 or not set(pair) <= set(columns) - {*NAME_PARTS, "birth"} for pair in swapped):
        raise ConfigurationUnclear(f"{path}: `swapped` needs pairs of texts that are in columns")
    return Configuration(str(said.get("id", "id")), columns, str(said.get("birth", "")), blocks, swapped)  # type: ignore[arg-type]


def read_file(
    path: Path, configuration: Configuration, told: Callable[[str], object] = lambda words: None
) -> pl.DataFrame:
    """The records of a CSV file, or of a Parquet one (`.parquet`), under our names, every value as text.

    told    is told of births that are not written as the configuration says, and count as not known
    raises  FileUnlike when it cannot be read, has no row, lacks a column, names two records alike, or when more than
            MOST_UNREAD of its births are not written so; OSError
    """
    raw = _parquet(path) if path.suffix == PARQUET else _csv(path)
    check_columns(path, configuration, nw.from_native(raw.lazy()).collect_schema())
    frame = named(raw, configuration)
    ids = frame["id"]
    alike = ids.filter(ids.is_duplicated() & ids.is_not_null()).unique().sort().head(SHOWN).to_list()
    check_rows(path, configuration, rows=frame.height, nameless=ids.null_count(), different=ids.n_unique(), alike=alike)
    _check_births(path, configuration, raw, frame, told)
    return frame


def _check_births(
    path: Path,
    configuration: Configuration,
    raw: pl.DataFrame,
    frame: pl.DataFrame,
    told: Callable[[str], object],
) -> None:
    """Say how many births are not written as they should be, and in which rows. Raises FileUnlike above MOST_UNREAD."""
    column = configuration.columns.get("birth")
    if column is None:
        return
    said = raw[column].cast(pl.String).fill_null("").str.strip_chars() != ""
    unread = (said & (frame["birth"] == "")).arg_true()
    if not unread.len():
        return
    rows = ", ".join(str(place + FIRST_ROW) for place in unread.head(SHOWN)) + (" …" if unread.len() > SHOWN else "")
    how = f"`birth: {configuration.birth}`" if configuration.birth else "EDTF (2001, 2001-05, 2001-05-17)"
    words = f"{path}: {unread.len()} of {said.sum()} values of {column} are not written as {how}: rows {rows}"
    if unread.len() > MOST_UNREAD * int(said.sum()):
        raise FileUnlike(f"{words}; say in the configuration, under `birth`, how they are written")
    told(f"{words}; these births count as not known")


def _csv(path: Path) -> pl.DataFrame:
    try:
        _check_quotes(path)
        raw = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.NoDataError as why:
        raise FileUnlike(f"{path} is empty") from why
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as why:
        raise FileUnlike(f"{path} is not a CSV file in UTF-8: {why}") from why
    return raw.rename({column: column.strip().lstrip("\ufeff") for column in raw.columns})


def _check_quotes(path: Path) -> None:
    """Refuse a quote that is not closed: what follows would be one value. Raises FileUnlike, UnicodeDecodeError."""
    opened = 0
    with path.open(encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            if line.count('"') % 2:
                opened = 0 if opened else number
    if opened:
        raise FileUnlike(
            f'{path}: a quote (") of line {opened} is not closed; close it, take it away, or write it twice where it'
            " belongs to the text"
        )


def _parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except pl.exceptions.PolarsError as why:
        raise FileUnlike(f"{path} is not a Parquet file, or is not whole") from why


def check_columns(place: Path | str, configuration: Configuration, kinds: Mapping[str, nw.dtypes.DType]) -> None:
    """Refuse columns that are not there, or that hold what is no text, day or whole number. Raises FileUnlike."""
    needed = configuration.needed()
    missing = [name for name in needed if name not in kinds]
    if missing:
        raise FileUnlike(f"{place} has no column {', '.join(missing)}; it has {', '.join(kinds)}")
    for name in needed:
        if kinds[name] not in (nw.String, nw.Date) and not kinds[name].is_integer():
            raise FileUnlike(f"{place}: {name} holds {kinds[name]}; text, days and whole numbers are compared")


def named(raw: pl.DataFrame, configuration: Configuration) -> pl.DataFrame:
    """Rows under our names, every value as text; what a record lacks is empty."""
    frame = raw.select(
        pl.col(configuration.id).cast(pl.String).str.strip_chars().alias("id"),
        *(
            pl.col(theirs).cast(pl.String).fill_null("").str.strip_chars().alias(ours)
            for ours, theirs in configuration.columns.items()
        ),
    )
    if "birth" in frame.columns:
        frame = frame.with_columns(pl.Series("birth", _dates(frame["birth"].to_list(), configuration.birth)))
    return frame


def check_rows(
    place: Path | str,
    configuration: Configuration,
    *,
    rows: int,
    nameless: int,
    different: int,
    alike: Sequence[str] = (),
) -> None:
    """Refuse a file without rows, or whose rows are not each called by a name of their own. Raises FileUnlike.

    alike   some names that are borne by more than one record, as far as they are known
    """
    if not rows:
        raise FileUnlike(f"{place} has columns and no row")
    if nameless or different < rows:
        which = f": {', '.join(alike)}" if alike else ""
        raise FileUnlike(f"{place}: {configuration.id} is empty in some row, or names two records alike{which}")


def _dates(texts: list[str], written: str) -> list[str]:
    """Dates as EDTF, in which they are written when `written` is empty; what is no date so written is not known."""
    read: dict[str, str] = {}
    for text in set(texts):
        if not written:
            read[text] = text if EDTF.fullmatch(text) else ""
            continue
        try:
            read[text] = f"{datetime.strptime(text, written):%Y-%m-%d}"  # noqa: DTZ007  # a day has no time zone
        except ValueError:
            read[text] = ""
    return [read[text] for text in texts]
