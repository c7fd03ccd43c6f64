"""`torogoz provisions`: load the instruments that are shipped, read a printed wording, import what others publish."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.exchange.readers.recommendations import read_recommendations
from torogoz.exchange.readers.rows import RowRefused
from torogoz.exchange.readers.treaty_bodies import read_observations
from torogoz.exchange.readers.treaty_status import read_statuses
from torogoz.shared.institutions.queries import officer_named
from torogoz.shared.provisions import shipped
from torogoz.shared.provisions.actions import NotAllowed, SourceRefused, read_source
from torogoz.shared.provisions.body_imports import import_observations
from torogoz.shared.provisions.imports import import_recommendations, import_statuses
from torogoz.shared.provisions.queries import instrument_called

COUNTRY: Final = "SLV"
COUNTRY_NAME: Final = "El Salvador"


class Command(BaseCommand):
    help = (
        "Load or update the instruments that are shipped (the national position of 2017, the adopted Compact, targets "
        "and treaty articles, with flags and links), read the printed wording of the position from a copy of it, or "
        "import recommendations and the status of a treaty."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`load`, `source`, `recommendations`, `bodies`, `treaty`."""
        named = "load | source | recommendations | bodies | treaty"
        what = parser.add_subparsers(dest="what", required=True, metavar=named)
        what.add_parser("load", help="the instruments that are shipped; loading again changes nothing")
        source = what.add_parser(
            "source", help="the printed wording of each provision of 2017, by its lines in a plain-text copy"
        )
        source.add_argument("file", type=Path, help="the copy: UTF-8 text with the line numbers of the catalogue")
        for name, about in (
            ("recommendations", "recommendations of the Universal Periodic Review to El Salvador (layout of UPR Info)"),
            (
                "bodies",
                "recommendations of treaty bodies (workbook of the Universal Human Rights Index, or own table)",
            ),
            ("treaty", "who is party to a treaty: columns iso3, status, year"),
        ):
            table = what.add_parser(name, help=f"{about}; all of the file or nothing")
            table.add_argument("file", type=Path, help="the table, plain or gz")
            table.add_argument("--by", required=True, help="username of the officer of the secretariat")
            table.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
            if name == "treaty":
                table.add_argument("--instrument", default="icrmw", help="code of the treaty (default: icrmw)")
        source.add_argument("--language", choices=["es", "en"], default="en", help="of the copy (default: en)")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Do one of them, or say why not; nothing is half done."""
        now = timezone.now()
        if what == "load":
            loaded = shipped.load(now=now)
            self.stdout.write(
                f"{loaded.instruments} instruments, {loaded.provisions} provisions; "
                f"{loaded.texts} wordings and {loaded.links} links were added"
            )
            return
        if what in ("recommendations", "bodies", "treaty"):
            self.stdout.write(_imported(what, options, now))
            return
        try:
            lines = options["file"].read_text(encoding="utf-8").splitlines()
            read = read_source(lines=lines, name=options["file"].name, language=options["language"], now=now)
        except (OSError, UnicodeDecodeError) as why:
            raise CommandError(
                f"{options['file']} cannot be read: {getattr(why, 'strerror', why)}; nothing was changed"
            ) from why
        except SourceRefused as why:
            raise CommandError(f"{options['file'].name}: {why}; nothing was changed") from why
        self.stdout.write(f"{read} wordings were read from {options['file'].name}")


def _imported(what: str, options: dict[str, Any], now: datetime) -> str:
    """Import one table in an officer's name, or only look at it; what came of it. Raises CommandError."""
    path: Path = options["file"]
    officer = officer_named(options["by"])
    if officer is None:
        raise CommandError(f"there is no officer {options['by']}; nothing was changed")
    said: dict[str, Any] = {"by": officer, "name": path.name, "store": not options["dry_run"], "now": now}
    try:
        content = path.read_bytes()
        if what == "recommendations":
            rows = read_recommendations(content, COUNTRY_NAME)
            outcome = import_recommendations(rows=rows, country=COUNTRY, **said)
        elif what == "bodies":
            outcome = import_observations(read=read_observations(content, COUNTRY_NAME), country=COUNTRY, **said)
        else:
            instrument = instrument_called(options["instrument"])
            if instrument is None:
                raise CommandError(f"there is no instrument {options['instrument']}; nothing was changed")
            statuses = read_statuses(content, last_year=now.year)
            outcome = import_statuses(instrument=instrument, rows=statuses, **said)
    except (RowRefused, NotAllowed) as why:  # a refusal of the policy is an error of the system's kind too
        raise CommandError(f"{path.name}: {why}; nothing was changed") from why
    except OSError as why:
        raise CommandError(f"{path} cannot be read: {why.strerror}; nothing was changed") from why
    done = "stored" if outcome.stored else "would be stored (dry run)"
    left_out = sum(many for _, _, many in outcome.left_out)
    others = f"; {left_out} rows of others, or that recommend nothing, were left out" if left_out else ""
    return (
        f"{len(outcome.new)} new and {len(outcome.changed)} changed {done}; {outcome.same} were there already{others}"
    )
