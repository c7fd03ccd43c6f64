"""`torogoz release`: freeze what may be published, and say what was looked at."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from torogoz.shared.releases import queries, report
from torogoz.shared.releases.actions import Made, make_release
from torogoz.shared.releases.files import ReleaseDamaged
from torogoz.shared.releases.making import EndsBeforeTheNewest
from torogoz.shared.sources.queries import vintages_of
from torogoz.statistics.coverage import UnclearCode, coverage
from torogoz.statistics.crosstables import NoStandIns
from torogoz.statistics.dataflows import DATAFLOWS
from torogoz.statistics.disclosure.keys import SecretTooShort
from torogoz.statistics.releases import NotSafe
from torogoz.topics.returns.queries import arrival_cells

MISTAKES = (
    UnclearCode,
    NotSafe,
    NoStandIns,
    SecretTooShort,
    EndsBeforeTheNewest,
    ReleaseDamaged,
    queries.NoSuchRelease,
)


class Command(BaseCommand):
    help = "Make a release (2026-Q3, 2026-08 or 2026), or list, verify or compare those that there are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", help="the period that the release covers the end of")
        parser.add_argument("--note", default="", help="why this release is made, for its record")
        parser.add_argument("--provisional", action="store_true", help="release a period that is not over")
        parser.add_argument("--list", action="store_true", help="list the releases")
        parser.add_argument("--verify", action="store_true", help="compute every checksum of every release anew")
        parser.add_argument("--diff", nargs=2, metavar=("A", "B"), help="what differs between two releases")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["diff"]:
                self._diff(*options["diff"])
            elif options["verify"]:
                self._verify()
            elif options["list"] or not options["code"]:
                self._list()
            else:
                self._make(options["code"], options["note"], provisional=options["provisional"])
        except MISTAKES as mistake:
            raise CommandError(str(mistake)) from mistake

    def _make(self, code: str, note: str, *, provisional: bool) -> None:
        now = timezone.now()
        cut_off = coverage(code).cut_off(timezone.get_default_timezone())
        if cut_off > now and not provisional:
            raise CommandError(
                f"{code} is not over until {cut_off:%Y-%m-%d}. To release what there is so far, marked as provisional, "
                "add --provisional"
            )
        before = queries.latest()
        with tqdm(desc="protecting tables", unit="block", disable=None, leave=False) as bar:
            made = make_release(
                code=code,
                cut_off=cut_off,
                frames={"RETURNS": arrival_cells(min(cut_off, now), settings.CELL_KEY_SECRET)},
                secret=settings.CELL_KEY_SECRET,
                by="",
                now=now,
                note=note,
                made_up=settings.DEMONSTRATION,
                vintages=_vintages_in_use(),
                progress=lambda done, of: _advance(bar, done, of),
            )
        self._say(made)
        if made.is_new and before is not None:
            self.stdout.write(f"changes since {before}")
            for line in report.change_lines(queries.changes(before, made.release)):
                self.stdout.write(f"  {line}")

    def _say(self, made: Made) -> None:
        if not made.is_new:
            self.stdout.write(f"nothing has changed since release {made.release}; it stays as it is")
            return
        for line in report.manifest_lines(queries.manifest(made.release)):
            self.stdout.write(line)
        self.stdout.write(f"released: {report.release_line(made.release)}")
        self.stdout.write(f"files in {queries.folder_of(made.release)}")

    def _list(self) -> None:
        releases = list(queries.releases())
        for release in releases:
            self.stdout.write(report.release_line(release))
        if not releases:
            self.stdout.write("no release yet; make one with `torogoz release 2026-Q3`")

    def _verify(self) -> None:
        releases = list(queries.releases())
        said = [damage for release in releases for damage in queries.damages(release)]
        for damage in said:
            self.stderr.write(damage)
        if said:
            raise CommandError(f"{len(said)} things are wrong; restore the folders named above from a copy")
        self.stdout.write(f"{len(releases)} releases, every file as it was released")

    def _diff(self, one: str, other: str) -> None:
        before, after = queries.release_called(one), queries.release_called(other)
        self.stdout.write(f"from {before} to {after}")
        for line in report.change_lines(queries.changes(before, after)):
            self.stdout.write(line)


def _vintages_in_use() -> list[dict[str, str]]:
    """The outside data that public pages show beside this release."""
    used = {vintage.pk: vintage for dataflow in DATAFLOWS for vintage in vintages_of(dataflow)}
    return [
        {
            "publisher": each.publisher,
            "dataset": each.dataset,
            "dataflow": each.dataflow,
            "vintage": each.vintage,
            "sha256": each.sha256,
        }
        for each in sorted(used.values(), key=lambda vintage: (vintage.dataset, vintage.vintage, vintage.pk))
    ]


def _advance(bar: Any, done: int, of: int) -> None:
    bar.total = of
    bar.update(done - bar.n)
