"""`torogoz attack`: run the attacks on a release, and print how much each told."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torogoz.shared.releases import queries
from torogoz.shared.releases.files import ReleaseDamaged
from torogoz.shared.releases.models import Release
from torogoz.statistics.attacks.release import COALITIONS, Tried, on_cube, on_fixed_tables, on_private_tables
from torogoz.statistics.private_releases import PRIVATE_PLANS
from torogoz.statistics.releases import PLANS


class Command(BaseCommand):
    help = "Attack a release as an outsider would, and say what was told exactly. Exit code 1 if an attack succeeds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("release", nargs="?", default="", help='"2026-Q3" or "2026-Q3 r1"; the newest if not given')
        parser.add_argument(
            "--coalitions",
            type=int,
            default=COALITIONS,
            help=f"how many cells of one person, and of two, are tried as coalitions ({COALITIONS})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            name = options["release"]
            release = queries.any_release_called(name) if name else queries.newest()
            if release is None:
                raise CommandError("there is no release yet; make one with `torogoz release`")
            broken = sum(self._say(each) for each in _tried(release, options["coalitions"]))
        except (ReleaseDamaged, queries.NoSuchRelease) as mistake:
            raise CommandError(str(mistake)) from mistake
        if broken:
            raise CommandError(
                f"{broken} attacks succeeded on {release}. It is public already: tell who answers for the release; "
                "the next one must not be made before the cause is known"
            )
        self.stdout.write(f"no attack succeeded on {release}")

    def _say(self, tried: Tried) -> bool:
        """Print one attack; whether it succeeded."""
        mark = {True: "ok  ", False: "LOOK", None: "    "}[tried.passes]
        share = f"{tried.told:,} of {tried.aimed:,} {tried.verb}" if tried.aimed else ""
        if tried.aimed and tried.alone is not None:
            share += f" ({tried.told / tried.aimed:.1%}; the question itself tells {tried.alone:.1%})"
        self.stdout.write("  ".join(filter(None, (mark, tried.attack, share, tried.words))))
        return tried.passes is False


def _tried(release: Release, coalitions: int) -> Iterator[Tried]:
    """Every attack that the release gives something to try."""
    parts = queries.manifest(release)["parts"]
    for dataflow, part in parts.items():
        if dataflow in PRIVATE_PLANS:
            yield on_private_tables(PRIVATE_PLANS[dataflow])
            continue
        if dataflow not in PLANS:  # measures of persons: a release keeps no rows to tell a right guess by
            continue
        public, rows = queries.published(dataflow, release), queries.rows_of(dataflow, release)
        before = [queries.published(dataflow, each) for each in queries.made_before(release, dataflow)]
        yield from on_fixed_tables(public, rows, PLANS[dataflow], part["months"], coalitions, before)
        cube = queries.base_cube(dataflow, release)
        if cube is not None:
            yield from on_cube(cube, public, rows, PLANS[dataflow])
