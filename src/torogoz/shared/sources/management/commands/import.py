"""`torogoz import`: take in publishers' files."""
# ruff: noqa: N999 (the command is called `import`, and Django names a command after its module)

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from torogoz.exchange.readers.contract import UnknownLayout, Unreadable
from torogoz.shared.sources.actions import import_file
from torogoz.shared.sources.commandline import line_of, said_plainly

SHORT = 150


class Command(BaseCommand):
    help = "Import publishers' files, or every file in a folder that a reader recognises by its header."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, or a folder of files")
        parser.add_argument(
            "--vintage", default="", help="label of this edition, if the publisher's is absent or wrong"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and judge, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        left: list[str] = []
        with said_plainly():
            wanted = list(_wanted(options["files"]))
            with tqdm(wanted, unit="file", disable=None, leave=False) as bar:
                for path, named in bar:
                    bar.set_description(f"importing {path.name}")
                    try:
                        done = import_file(
                            path=path,
                            now=timezone.now(),
                            vintage=options["vintage"],
                            dry_run=options["dry_run"],
                        )
                    except (UnknownLayout, Unreadable, OSError) as reason:
                        refused += named
                        if not named and options["verbosity"] < 2:
                            left.append(path.name)
                            continue
                        words = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
                        with bar.external_write_mode():
                            self.stderr.write(f"not imported: {path}: {_shortened(words, named)}")
                    else:
                        with bar.external_write_mode():
                            for each in done:
                                self.stdout.write(line_of(each))
        if not wanted:
            folders = ", ".join(str(path) for path in options["files"])
            self.stderr.write(f"no file was found in {folders}: nothing was imported")
        if left:
            self.stderr.write(_left_alone(left))
        if refused:
            raise CommandError(f"{refused} of {len(wanted)} files could not be imported; each reason is given above")


def _wanted(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """The files to try, and whether each was named itself (and is a mistake if it cannot be read)."""
    for path in paths:
        if path.is_dir():
            files = (each for each in sorted(path.rglob("*")) if each.is_file())
            hidden = (each for each in files if not any(part.startswith(".") for part in each.relative_to(path).parts))
            yield from ((each, False) for each in hidden)
        else:
            yield path, True


def _left_alone(names: Sequence[str]) -> str:
    """One sentence about the files of a folder that no reader knows."""
    some = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    files = "1 other file" if len(names) == 1 else f"{len(names)} other files"
    return f"not imported: {files}, of no layout that a reader knows ({some}); --verbosity 2 says why"


def _shortened(reason: str, whole: bool) -> str:
    """The reason in one line; for a file that was only found in a folder, the beginning of it."""
    line = " ".join(reason.split())
    return line if whole or len(line) <= SHORT else f"{line[:SHORT]}…"
