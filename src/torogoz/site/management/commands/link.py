"""`torogoz link`: which records of one or two files are of one person."""

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
from torogoz.statistics.linkage.encoded import EncodedUnlike, encode, pairs_frame, read, write
from torogoz.statistics.linkage.linking import FieldsDiffer, Linked, link
from torogoz.statistics.linkage.model import MADE_UP, Model, ModelUnclear, as_yaml, read_model
from torogoz.statistics.linkage.weights import NothingToLearn


class Command(BaseCommand):
    help = "Link the records of one CSV file with themselves, or of two files with each other."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("left", type=Path, help="a CSV file in UTF-8")
        parser.add_argument("right", type=Path, nargs="?", help="another one; without it LEFT is linked with itself")
        parser.add_argument("--config", type=Path, help=f"YAML file, or one of {', '.join(SHIPPED)}")
        parser.add_argument("-o", "--output", type=Path, required=True, help="where the pairs go (CSV)")
        parser.add_argument("--clusters", type=Path, help="where the cluster of each record goes (CSV); one file only")
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
            left = read_file(options["left"], configuration)
            right = read_file(options["right"], configuration) if options["right"] else None
            linked = link(left, right, blocks=configuration.blocks, swapped=configuration.swapped, model=model)
        except OSError as why:
            raise CommandError(f"{why.filename} cannot be read: {why.strerror}; nothing was linked") from why
        except (ConfigurationUnclear, FileUnlike, NothingToLearn, ModelUnclear, FieldsDiffer) as why:
            raise CommandError(f"{why}; nothing was linked") from why
        pairs = linked.frame(threshold)
        _write(pairs, options["output"])
        if clusters:
            _write(_clustered(linked, threshold), clusters)
        if options["save_weights"]:
            about = options["learnt_from"] or f"{options['left'].name}, {len(linked.left)} records"
            _write_text(as_yaml(linked.model(about)), options["save_weights"])
        self.stdout.write(f"{len(linked.pairs[0])} pairs looked at; weights {_how(linked, model)}")
        self.stdout.write(f"{pairs.height} pairs of one person at {threshold} or more, in {options['output']}")

    def _encode(self, left: Path, config: Path, key: Path, output: Path) -> None:
        """Write the records of a file as filters."""
        try:
            frame = read_file(left, read_configuration(config))
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


def _clustered(linked: Linked, threshold: float) -> pl.DataFrame:
    """The id and the cluster of each record; a cluster is named by the id of its first record."""
    ids = linked.left.ids
    named = linked.clusters(threshold)
    return pl.DataFrame({"id": ids, "cluster": [ids[place] for place in named]})


def _how(linked: Linked, model: Model | None) -> str:
    """Where the weights come from."""
    if model:
        return f"given, learnt from {model.learnt_from}"
    ones, twos = linked.weights.taught
    if ones:
        return f"taught by {ones + twos} pairs whose documents decide"
    return "learnt without documents: look at some pairs before relying on them"


def _write(frame: pl.DataFrame, path: Path) -> None:
    _write_text(frame.write_csv(), path)


def _write_text(text: str, path: Path) -> None:
    """Write the whole file or none of it."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as why:
        unfinished.unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {why.strerror}; nothing was left half-written") from why
