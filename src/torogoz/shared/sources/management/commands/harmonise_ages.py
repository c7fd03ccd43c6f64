"""`torogoz harmonise-ages`: bring a table to other bands of ages, without a database."""

from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.domain.ages import OLDEST, SETS, NoBand
from torogoz.exchange.writers import csv_text
from torogoz.statistics.ages import BandTwice, OverlappingTarget, harmonise

OWN = {"AGE", "OBS_VALUE", "OBS_STATUS", "OBS_UNKNOWN", "AGE_SPLIT"}


class Command(BaseCommand):
    help = (
        "Bring the ages of a CSV (AGE, OBS_VALUE and what tells its groups apart, as `torogoz data` writes it) to "
        "other bands. What is split has OBS_STATUS E; pieces add up to what was published; _U is kept apart."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="IN.csv")
        parser.add_argument(
            "--bands", required=True, help=f"a set ({', '.join(SETS)}) or codes with commas: Y_LT18,Y18T64,Y_GE65"
        )
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.csv")
        parser.add_argument(
            "--reference",
            type=Path,
            metavar="REF.csv",
            help="split by this schedule (AGE, OBS_VALUE), not by the curve",
        )
        parser.add_argument(
            "--oldest", type=int, default=OLDEST, help=f"where an open band ends when it is split (default {OLDEST})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        frame = _table(options["file"])
        reference = _table(options["reference"]) if options["reference"] else None
        target = SETS.get(options["bands"]) or tuple(options["bands"].split(","))
        by = [name for name in frame.columns if name not in OWN]
        try:
            made = harmonise(frame, target, by, reference, options["oldest"])
            options["output"].write_bytes(b"".join(csv_text.pieces(made)))
        except (NoBand, OverlappingTarget, BandTwice) as reason:
            raise CommandError(f"{reason}; nothing was written") from reason
        except OSError as reason:
            raise CommandError(f"{reason.filename}: {reason.strerror}") from reason
        bands = made.filter(pl.col("AGE").is_in(target))
        self.stdout.write(
            f"{bands.height:,} figures in {len(target)} bands: {bands['AGE_SPLIT'].sum():,} split (E), "
            f"{bands['OBS_VALUE'].null_count():,} not known, the others as published; "
            f"{made.height - bands.height:,} of unknown or all ages kept apart"
        )


def _table(path: Path) -> pl.DataFrame:
    """A CSV with AGE and OBS_VALUE, every other column as text. Raises CommandError."""
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except OSError as reason:
        raise CommandError(f"{path}: {reason.strerror or reason}") from reason
    except pl.exceptions.PolarsError as reason:
        raise CommandError(f"{path} cannot be read as a CSV; nothing was written") from reason
    lacking = [name for name in ("AGE", "OBS_VALUE") if name not in frame.columns]
    if lacking:
        raise CommandError(f"{path} has no column {', '.join(lacking)}; nothing was written")
    values = frame["OBS_VALUE"].cast(pl.Float64, strict=False)
    if values.null_count() > frame["OBS_VALUE"].null_count() or frame["AGE"].null_count():
        raise CommandError(f"{path}: an AGE is missing or an OBS_VALUE is no number; nothing was written")
    return frame.with_columns(values)
