"""From the imported migrant stock to estimated flows: what is read, what is stored as a vintage of our own."""

import csv
import gzip
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import polars as pl
from django.conf import settings
from django.utils import timezone

from torogoz.exchange.readers.abel_cohen import OWN_COLUMNS
from torogoz.shared.sources import queries as sources
from torogoz.shared.sources.actions import Imported, import_file
from torogoz.statistics.estimation.methods import Choices, Method
from torogoz.statistics.estimation.tables import STOCK, TOTAL, UnclearStocks, estimate, prepare

SOURCE: Final = "MIGRANT_STOCK"
# What can be estimated from foreign-born people alone, without population, births and deaths.
FROM_STOCKS_ALONE: Final = (Method.SD_DROP_NEG, Method.SD_REV_NEG, Method.MIG_RATE)
SEXES: Final = ("F", "M", TOTAL)


@dataclass(frozen=True, slots=True)
class BilateralStock:
    """The imported stock by birthplace and residence.

    frame    year, birth, dest, sex, value (persons); a pair without a row has nobody, as the publisher writes it
    years    the years that it has
    derived  data set, edition and SHA-256 of each vintage that gave it
    unknown  pairs of a year and sex whose number the publisher does not give: they are left out
    """

    frame: pl.DataFrame
    years: tuple[int, ...]
    derived: tuple[tuple[str, str, str], ...]
    unknown: int

    def of_year(self, year: int, sexes: Sequence[str]) -> pl.DataFrame:
        """The stock of one year. Raises UnclearStocks."""
        found = self.frame.filter(pl.col("year") == year, pl.col("sex").is_in(list(sexes)))
        if found.is_empty():
            raise UnclearStocks(f"{SOURCE} has no bilateral stock of {year}; it has {_years(self.years)}")
        return found.select(list(STOCK))

    def after(self, year: int) -> int:
        """The next year with a stock. Raises UnclearStocks."""
        later = [each for each in self.years if each > year]
        if not later:
            raise UnclearStocks(
                f"{SOURCE} has no stock after {year}, so no flow since then; it has {_years(self.years)}"
            )
        return later[0]


def bilateral_stock(vintage: str = "") -> BilateralStock:
    """The bilateral stock of the vintages in use (or of one, by label or key).

    raises  UnclearStocks if there is none, or more than one data set of them; NoSuchVintage, VintageDamaged
    """
    places = pl.col("REF_AREA", "COUNTERPART_AREA").str.contains("^[A-Z]{3}$")
    frame = sources.observations(SOURCE, vintage=vintage).filter(pl.all_horizontal(places)).collect()
    datasets = sorted(frame["DATASET"].unique())
    if not datasets:
        raise UnclearStocks(
            "no stock by country of birth and of residence is in use: import a file that has both, with "
            f"`torogoz import FILE` (`torogoz data {SOURCE}` shows what there is)"
        )
    if len(datasets) > 1:
        raise UnclearStocks(f"{', '.join(datasets)} both have such stocks; choose one of their vintages with --vintage")
    used = frame.select("DATASET", "VINTAGE").unique().rows()
    # Two vintages may bear one label: the one in use, of these the newest, is the one that was read.
    held_first = [*sources.vintages().filter(dataflow=SOURCE), *reversed(sources.vintages_of(SOURCE))]
    held = {(each.dataset, each.vintage): each.sha256 for each in held_first}
    known = frame.filter(pl.col("OBS_VALUE").is_not_null(), pl.col("TIME_PERIOD").str.contains(r"^\d{4}$"))
    stock = known.select(
        pl.col("TIME_PERIOD").cast(pl.Int64).alias("year"),
        pl.col("COUNTERPART_AREA").alias("birth"),
        pl.col("REF_AREA").alias("dest"),
        pl.col("SEX").alias("sex"),
        pl.col("OBS_VALUE").alias("value"),
    )
    return BilateralStock(
        frame=stock,
        years=tuple(sorted(stock["year"].unique())),
        derived=tuple(sorted((dataset, label, held[dataset, label]) for dataset, label in used)),
        unknown=frame.height - known.height,
    )


def store(*, vintage: str, now: datetime) -> tuple[Path, list[Imported]]:
    """Estimate every period of the imported stock and store the result as a vintage of our own.

    By women, men and total, by each method of `FROM_STOCKS_ALONE`; a pair between which nobody moves by any of them
    has no row, as in the stock. The file is kept below VAR/estimates, so that it can be imported again. The same stock
    and the same code give the same file, which is then imported already.

    vintage  the label or key of the stock to estimate from; "" for the one in use
    raises   UnclearStocks, NoSuchVintage, VintageDamaged
    """
    stock = bilateral_stock(vintage)
    if len(stock.years) < 2:
        raise UnclearStocks(f"{SOURCE} has the stock of {_years(stock.years)} only; a flow needs two years")
    parts = []
    for year in stock.years[:-1]:
        start, end = (stock.of_year(each, SEXES) for each in (year, stock.after(year)))
        found = estimate(
            prepare(start, end, absent_is_zero=True, only_common=True, choices=Choices()), FROM_STOCKS_ALONE
        )
        parts.append(found.with_columns(pl.lit(f"{year}").alias("TIME_PERIOD")))
    whole = pl.concat(parts).filter(pl.any_horizontal(pl.col(list(FROM_STOCKS_ALONE)) >= 0.5))
    path = _written(whole, stock, now)
    return path, import_file(path=path, now=now, vintage=timezone.localdate(now).isoformat())


def _written(whole: pl.DataFrame, stock: BilateralStock, now: datetime) -> Path:
    """The estimates as a compressed csv below VAR/estimates, under its name only when it is whole."""
    derived = "; ".join(" ".join(each) for each in stock.derived)
    rows = whole.select(
        pl.col("TIME_PERIOD").alias("year0"),
        "sex",
        "orig",
        "dest",
        *(pl.col(method).round(1).name.keep() for method in FROM_STOCKS_ALONE),
    ).sort("year0", "sex", "orig", "dest")
    folder = Path(settings.VAR) / "estimates"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"torogoz_flow_estimates_{timezone.localdate(now).isoformat()}.csv.gz"
    # Columns that say the same in every row: the file explains itself wherever it is carried, and compresses well.
    said = rows.with_columns(pl.lit(derived).alias("derived_from"), pl.lit(_code_version()).alias("code_version"))
    write_aside(path, gzip.compress(_as_csv(said.select(OWN_COLUMNS), OWN_COLUMNS), compresslevel=6, mtime=0))
    return path


def _as_csv(frame: pl.DataFrame, columns: Iterable[str]) -> bytes:
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(columns)
    return header.getvalue().encode() + frame.write_csv(include_header=False).encode()


def write_aside(path: Path, content: bytes) -> None:
    """Write a file under another name and move it into place: it is there whole, or not at all. Raises OSError."""
    aside = path.with_name(f"{path.name}.part")
    try:
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _code_version() -> str:
    """The version of the code that estimates."""
    try:
        return f"torogoz {version('torogoz')}"
    except PackageNotFoundError:  # run from its folder, without being installed
        return "torogoz, not installed"


def _years(years: Sequence[int]) -> str:
    return ", ".join(map(str, years)) or "no year"
