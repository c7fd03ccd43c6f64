"""`torogoz cube`: the cells of an indicator, from Parquet files of rows, on the engine that one has."""

import os
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.shared.sources.commandline import said_plainly, setting
from torogoz.shared.sources.queries import observations
from torogoz.statistics.engine import ENGINES, EngineMissing, NoParquet, opened
from torogoz.statistics.indicators.compiler import Cube, compute
from torogoz.statistics.indicators.definition import Indicator, dataflows_of, tables_of
from torogoz.statistics.indicators.loading import indicator, load
from torogoz.statistics.indicators.quality import findings
from torogoz.statistics.indicators.references import Unclear
from torogoz.statistics.indicators.tables import UnfitTable
from torogoz.statistics.strict_yaml import UnclearDefinition

FORMATS = (".parquet", ".csv")
LISTED = 20
"""How many cells that lack something, or break a rule, are printed one by one."""
MISTAKES = (UnclearDefinition, UnfitTable, Unclear, EngineMissing, NoParquet, pl.exceptions.PolarsError)


class Command(BaseCommand):
    help = "Compute the cells of an indicator from Parquet files, before disclosure control: not for publication."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("definition", help="a file of definitions, or the id of an indicator of Torogoz")
        parser.add_argument(
            "inputs",
            nargs="*",
            metavar="INPUT",
            help="Parquet files of rows; TABLE=FILE where the indicator reads several tables",
        )
        parser.add_argument("--id", default="", help="which indicator of a file that has several")
        parser.add_argument("-o", "--output", type=Path, required=True, help="OUT.parquet or OUT.csv")
        parser.add_argument("--engine", choices=ENGINES, default="polars", help="what runs the queries")
        parser.add_argument(
            "--master", default="", help="of Spark: spark://HOST:7077; threads of this machine if left out"
        )
        parser.add_argument(
            "--set", type=setting, action="append", default=[], metavar="NAME=VALUE", help="a setting of Spark"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path = options["output"]
        if output.suffix not in FORMATS:
            raise CommandError(f"{output.name}: the name should end in {' or '.join(FORMATS)}")
        with said_plainly():
            try:
                chosen = _chosen(options["definition"], options["id"])
                files = _files(chosen, options["inputs"])
                flows = {name: observations(name) for name in dataflows_of(chosen.measure)}
                with opened(options["engine"], master=options["master"], settings=dict(options["set"])) as engine:
                    sources = {table: engine.scan(paths) for table, paths in files.items()}
                    cube = compute(chosen, sources, engine, flows)
            except MISTAKES as mistake:
                raise CommandError(str(mistake)) from mistake
            _write(cube.cells, output)
        self._say(chosen, cube, output)

    def _say(self, chosen: Indicator, cube: Cube, output: Path) -> None:
        self.stdout.write(f"{chosen.id} {chosen.name_en}: {cube.cells.height} cells in {output}")
        for note in cube.notes:
            self.stdout.write(f"  note: {note}")
        for cell in cube.lacking.head(LISTED).iter_rows():
            self.stdout.write(f"  lacking: {' '.join(cell)}")
        if cube.lacking.height > LISTED:
            self.stdout.write(f"  lacking: and {cube.lacking.height - LISTED} more")
        found = findings(chosen, cube.cells)
        for finding in found[:LISTED]:
            where = " ".join(code for _, code in finding.cell)
            self.stdout.write(f"  {finding.rule}: {where}: {finding.value:.6g}, where {finding.limit:g} is set")
        if len(found) > LISTED:
            self.stdout.write(f"  and {len(found) - LISTED} more figures that break a rule of the definition")
        self.stdout.write("these are true figures, small ones among them: not for publication")


def _chosen(words: str, name: str) -> Indicator:
    """The indicator of a file, or of Torogoz. Raises UnclearDefinition."""
    if not words.endswith((".yaml", ".yml")):
        return indicator(words)
    found = {each.id: each for each in load(Path(words))}
    if name and name not in found:
        raise UnclearDefinition(f"{words} has no indicator {name}; it has {', '.join(found)}")
    if len(found) > 1 and not name:
        raise UnclearDefinition(f"{words} has {len(found)} indicators; say which with --id: {', '.join(found)}")
    return found[name] if name else next(iter(found.values()))


def _files(chosen: Indicator, inputs: list[str]) -> dict[str, list[str]]:
    """The files of each table that the indicator reads. Raises CommandError."""
    tables = tables_of(chosen.measure)
    files: dict[str, list[str]] = {table: [] for table in tables}
    for words in inputs:
        table, sign, name = words.partition("=") if "=" in words else (tables[0] if tables else "", "", words)
        if table not in files or (not sign and len(tables) > 1):
            raise CommandError(f"{words}: {chosen.id} reads {' and '.join(tables) or 'no table'}; write TABLE=FILE")
        files[table].append(name)
    for table, paths in files.items():
        if not paths:
            raise CommandError(f"{chosen.id} reads {table}: name a Parquet file of it")
    return files


def _write(cells: pl.DataFrame, output: Path) -> None:
    """The cells as Parquet or CSV, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=".cube-", suffix=output.suffix)
    os.close(handle)
    try:
        if output.suffix == ".parquet":
            cells.write_parquet(name)
        else:
            cells.write_csv(name)
        Path(name).replace(output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
