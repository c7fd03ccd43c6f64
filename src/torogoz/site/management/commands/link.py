"""`torogoz link`: which records of one or two files are of one person."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.exchange.writers.whole_files import whole_files
from torogoz.shared.sources.commandline import setting
from torogoz.statistics.engine import ENGINES, EngineMissing, NoParquet, NotWritten, Place, opened
from torogoz.statistics.linkage.configuration import (
    PARQUET,
    SHIPPED,
    Configuration,
    ConfigurationUnclear,
    FileUnlike,
    read_configuration,
    read_file,
)
from torogoz.statistics.linkage.encoded import EncodedUnlike, encode, pairs_frame, read, write
from torogoz.statistics.linkage.linking import FieldsDiffer, Linked, link
from torogoz.statistics.linkage.model import MADE_UP, Model, ModelUnclear, as_yaml, read_model
from torogoz.statistics.linkage.spread import Spread, link_spread, read_spread
from torogoz.statistics.linkage.weights import NothingToLearn

MISTAKES = (ConfigurationUnclear, FileUnlike, NothingToLearn, ModelUnclear, FieldsDiffer, EngineMissing, NoParquet)


def place(words: str) -> Place:
    """A file of this machine, or an address, which a path would spell otherwise."""
    return words if "://" in words else Path(words)


class Command(BaseCommand):
    help = "Link the records of one file with themselves, or of two files with each other."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "left", type=place, help="a CSV file in UTF-8, or Parquet: a file, with Spark also a folder or an address"
        )
        parser.add_argument("right", type=place, nargs="?", help="another one; without it LEFT is linked with itself")
        parser.add_argument("--config", type=Path, help=f"YAML file, or one of {', '.join(SHIPPED)}")
        parser.add_argument(
            "-o", "--output", type=place, required=True, help="where the pairs go: CSV, or Parquet if it ends so"
        )
        parser.add_argument("--clusters", type=place, help="where the cluster of each record goes; one file only")
        parser.add_argument(
            "--weights", type=Path, help=f"judge by weights that were learnt before: a file, or {MADE_UP}"
        )
        parser.add_argument("--save-weights", type=Path, help="where the weights that were learnt go (YAML)")
        parser.add_argument("--learnt-from", default="", help="what the saved weights say they were learnt from")
        parser.add_argument(
            "--encode",
            type=Path,
            metavar="KEYFILE",
            help="link nothing: write LEFT as filters under the key of this file",
        )
        parser.add_argument(
            "--encoded", action="store_true", help="LEFT and RIGHT are filters that --encode wrote, not records"
        )
        parser.add_argument("--threshold", type=float, default=0.5, help="least probability, over 0 and under 1 (0.5)")
        parser.add_argument(
            "--engine", choices=ENGINES, default="polars", help="what links: this machine in memory, or another engine"
        )
        parser.add_argument(
            "--master", default="", help="of Spark: spark://HOST:7077; threads of this machine if left out"
        )
        parser.add_argument(
            "--set", type=setting, action="append", default=[], metavar="NAME=VALUE", help="a setting of Spark"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        threshold, clusters = options["threshold"], options["clusters"]
        if not 0 < threshold < 1:
            raise CommandError(f"{threshold} is no probability between 0 and 1; nothing was linked")
        if options["encoded"]:
            self._link_encoded(options["left"], options["right"], options["output"], threshold)
            return
        if not options["config"]:
            raise CommandError("--config says which column is which, and is needed; nothing was linked")
        if options["encode"]:
            self._encode(options["left"], options["config"], options["encode"], options["output"])
            return
        if clusters and options["right"]:
            raise CommandError("--clusters is for one file linked with itself; nothing was linked")
        if options["weights"] and options["save_weights"]:
            raise CommandError("--save-weights is for weights that are learnt, not for given ones; nothing was linked")
        try:
            model = read_model(options["weights"]) if options["weights"] else None
            configuration = read_configuration(options["config"])
            with _linked(options | {"told": self.stderr.write}, configuration, model) as linked:
                self._answer(linked, model, options)
        except OSError as why:
            raise CommandError(f"{why.filename} cannot be read: {why.strerror}; nothing was linked") from why
        except MISTAKES as why:
            raise CommandError(f"{why}; nothing was linked") from why
        except NotWritten as why:
            raise CommandError(
                f"{why}; choose a place that is not there yet and that every worker may write to"
            ) from why

    def _answer(self, linked: Linked | Spread, model: Model | None, options: dict[str, Any]) -> None:
        """Write what was found, and say how."""
        threshold, output = options["threshold"], options["output"]
        pairs = _write_pairs(linked, threshold, output)
        if options["clusters"]:
            _write_clusters(linked, threshold, options["clusters"])
        if options["save_weights"]:
            about = options["learnt_from"] or f"{Path(options['left']).name}, {linked.size} records"
            _write_text(as_yaml(linked.model(about)), options["save_weights"])
        self.stdout.write(f"{linked.looked_at} pairs looked at; weights {_how(linked, model)}")
        self.stdout.write(f"{pairs} pairs of one person at {threshold} or more, in {output}")

    def _encode(self, left: Path, config: Path, key: Path, output: Path) -> None:
        """Write the records of a file as filters."""
        try:
            frame = read_file(left, read_configuration(config), self.stderr.write)
            encoded = encode(frame, bytes.fromhex(key.read_text(encoding="ascii").strip()))
            with whole_files() as files:
                write(encoded, files.aside(output))
        except OSError as why:
            raise CommandError(f"{why.filename or why}: {why.strerror}; nothing was encoded") from why
        except (ConfigurationUnclear, FileUnlike, EncodedUnlike) as why:
            raise CommandError(f"{why}; nothing was encoded") from why
        except ValueError as why:
            raise CommandError(f"{key} is no key: 64 hexadecimal figures are needed; nothing was encoded") from why
        self.stdout.write(f"{len(encoded)} records as filters in {output}; they are personal data all the same")

    def _link_encoded(self, left: Path, right: Path | None, output: Path, threshold: float) -> None:
        """Link two files of filters."""
        if right is None:
            raise CommandError("--encoded needs two files; nothing was linked")
        try:
            pairs, weights = pairs_frame(read(left), read(right), threshold)
        except OSError as why:
            raise CommandError(f"{why.filename} cannot be read: {why.strerror}; nothing was linked") from why
        except (EncodedUnlike, NothingToLearn) as why:
            raise CommandError(f"{why}; nothing was linked") from why
        _write(pairs, output)
        ones, twos = weights.taught
        self.stdout.write(f"{pairs.height} pairs of one person at {threshold} or more, in {output}; "
                          f"weights taught by {ones + twos} pairs whose documents decide")  # fmt: skip


@contextmanager
def _linked(options: dict[str, Any], configuration: Configuration, model: Model | None) -> Iterator[Linked | Spread]:
    """What linkage finds, on the engine that was chosen. Raises MISTAKES, OSError."""
    places = [options[side] for side in ("left", "right") if options[side]]
    how: dict[str, Any] = {"blocks": configuration.blocks, "swapped": configuration.swapped, "model": model}
    if options["engine"] == "polars":
        for each in places:
            if isinstance(each, str) or each.is_dir():
                raise FileUnlike(f"{each} is no file of this machine; --engine spark reads folders and addresses")
        yield link(*(read_file(each, configuration, options["told"]) for each in places), **how)
        return
    with opened(options["engine"], master=options["master"], settings=dict(options["set"])) as engine:
        yield link_spread(
            engine, *(read_spread(engine, each, configuration, options["told"]) for each in places), **how
        )


def _write_pairs(linked: Linked | Spread, threshold: float, output: Place) -> int:
    """Write the pairs; how many there are."""
    if isinstance(linked, Spread) and _is_parquet(output):
        return linked.write(linked.likely(threshold), output)
    pairs = linked.frame(threshold)
    _write(pairs, output)
    return pairs.height


def _write_clusters(linked: Linked | Spread, threshold: float, output: Place) -> None:
    if isinstance(linked, Spread) and _is_parquet(output):
        linked.write(linked.clusters(threshold), output)
    else:
        _write(linked.clustered(threshold), output)


def _is_parquet(output: Place) -> bool:
    return isinstance(output, str) or output.suffix == PARQUET


def _how(linked: Linked | Spread, model: Model | None) -> str:
    """Where the weights come from."""
    if model:
        return f"given, learnt from {model.learnt_from}"
    ones, twos = linked.weights.taught
    if ones:
        return f"taught by {ones + twos} pairs whose documents decide"
    return "learnt without documents: look at some pairs before relying on them"


def _write(frame: pl.DataFrame, path: Place) -> None:
    if _is_parquet(path):
        content = BytesIO()
        frame.write_parquet(content)
        _write_bytes(content.getvalue(), path)
    else:
        _write_text(frame.write_csv(), path)


def _write_text(text: str, path: Place) -> None:
    _write_bytes(text.encode(), path)


def _write_bytes(content: bytes, path: Place) -> None:
    """Write the whole file or none of it."""
    if isinstance(path, str):
        raise CommandError(f"{path} is an address, which --engine spark writes to; nothing was written")
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as why:
        unfinished.unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {why.strerror}; nothing was left half-written") from why
