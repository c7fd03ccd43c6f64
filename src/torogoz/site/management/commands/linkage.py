"""`torogoz linkage`: a linkage that is kept in a file, into which records are taken one by one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.exchange.writers.whole_files import whole_files
from torogoz.statistics.linkage.configuration import (
    SHIPPED,
    ConfigurationUnclear,
    FileUnlike,
    read_configuration,
    read_file,
)
from torogoz.statistics.linkage.linking import FieldsDiffer
from torogoz.statistics.linkage.model import MADE_UP, ModelUnclear, read_model
from torogoz.statistics.linkage.new_store import StoreRefused, create
from torogoz.statistics.linkage.store import Change, Store


class Command(BaseCommand):
    help = "Keep a linkage in a file: make it, take records in or out, correct them, write its clusters."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word says what to do."""
        what = parser.add_subparsers(dest="what", required=True, metavar="create | add | correct | remove | clusters")
        made = what.add_parser("create", help="link the records of a CSV file, and keep what was found")
        added = what.add_parser("add", help="take in the records of a CSV file, one by one")
        corrected = what.add_parser("correct", help="put the records of a CSV file in the place of those of their ids")
        removed = what.add_parser("remove", help="take out the records of these ids")
        clusters = what.add_parser("clusters", help="write the cluster of each record")
        for each in (made, added, corrected, removed, clusters):
            each.add_argument("store", type=Path, help="the file in which the linkage is kept")
        for each in (made, added, corrected):
            each.add_argument("records", type=Path, help="a CSV file in UTF-8")
            each.add_argument("--config", type=Path, required=True, help=f"YAML file, or one of {', '.join(SHIPPED)}")
        for each in (added, corrected, clusters):
            each.add_argument("-o", "--output", type=Path, required=True, help="where what was found goes (CSV)")
        made.add_argument("--weights", type=Path, default=Path(MADE_UP), help=f"weights to judge by ({MADE_UP})")
        made.add_argument("--threshold", type=float, default=0.5, help="least probability, over 0 and under 1 (0.5)")
        removed.add_argument("ids", nargs="+", help="the ids of the records")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Do it, and say what was done."""
        try:
            self.stdout.write(getattr(self, f"_{what}")(**options))
        except OSError as why:
            raise CommandError(f"{why.filename or why}: {why.strerror}; nothing was written") from why
        except (ConfigurationUnclear, FileUnlike, ModelUnclear, FieldsDiffer, StoreRefused) as why:
            raise CommandError(str(why)) from why

    def _create(
        self, *, store: Path, records: Path, config: Path, weights: Path, threshold: float, **options: Any
    ) -> str:
        if not 0 < threshold < 1:
            raise CommandError(f"{threshold} is no probability between 0 and 1; nothing was written")
        model, configuration = read_model(weights), read_configuration(config)
        frame = read_file(records, configuration, self.stderr.write)
        create(store, frame, model, threshold=threshold, blocks=configuration.blocks, swapped=configuration.swapped)
        return f"{frame.height} records linked, by weights learnt from {model.learnt_from}; kept in {store}"

    def _add(self, *, store: Path, records: Path, config: Path, output: Path, **options: Any) -> str:
        done = _each(store, records, config, output, Store.add, self.stderr.write)
        return f"{done} records taken in; their links are in {output}"

    def _correct(self, *, store: Path, records: Path, config: Path, output: Path, **options: Any) -> str:
        done = _each(store, records, config, output, Store.correct, self.stderr.write)
        return f"{done} records corrected; their links are in {output}"

    def _remove(self, *, store: Path, ids: list[str], **options: Any) -> str:
        with Store(store) as kept:
            kept.check(there=ids)
            for called in ids:
                kept.remove(called)
        return f"{len(ids)} records taken out"

    def _clusters(self, *, store: Path, output: Path, **options: Any) -> str:
        with Store(store) as kept:
            named = kept.clusters()
        _write({"id": list(named), "cluster": list(named.values())}, output)
        return f"{len(named)} records in {len(set(named.values()))} clusters, in {output}"


def _each(
    store: Path,
    records: Path,
    config: Path,
    output: Path,
    change: Callable[[Store, str, dict[str, str]], Change],
    told: Callable[[str], object],
) -> int:
    """Make the change with each record of a file, and write the links of each. Nothing is changed if any cannot be."""
    rows = read_file(records, read_configuration(config), told).to_dicts()
    found: dict[str, list[Any]] = {"id": [], "other": [], "weight": [], "probability": []}
    with Store(store) as kept:
        ids = [row.pop("id") for row in rows]
        kept.check(**{"absent" if change is Store.add else "there": ids}, fields=rows[0])
        for called, row in zip(ids, rows, strict=True):
            for link in change(kept, called, row).links:
                for name, value in zip(found, (called, link.id, link.weight, link.probability), strict=True):
                    found[name].append(value)
    _write(found, output)
    return len(rows)


def _write(columns: dict[str, list[Any]], path: Path) -> None:
    with whole_files() as files:
        pl.DataFrame(columns).write_csv(files.aside(path))
