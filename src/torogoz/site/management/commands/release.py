"""`torogoz release`: freeze what may be published, and say what was looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from torogoz.domain.residence import DEFAULT_RULE, RULES, Policy, rule_called
from torogoz.exchange.readers.crossings import CrossingsUnreadable
from torogoz.shared.releases import queries, report
from torogoz.shared.releases.actions import Made, lift_embargo, make_release
from torogoz.shared.releases.border import border_of
from torogoz.shared.releases.files import ReleaseDamaged
from torogoz.shared.releases.making import EndsBeforeTheNewest, Supply, UnderEmbargo
from torogoz.shared.releases.models import Release
from torogoz.shared.releases.notices import SevereNoticesOpen, look_again
from torogoz.shared.sources.queries import vintages_of
from torogoz.statistics.anomalies import CALENDAR, Notice, late
from torogoz.statistics.coverage import UnclearCode, coverage
from torogoz.statistics.crosstables import NoStandIns
from torogoz.statistics.dataflows import DATAFLOWS
from torogoz.statistics.disclosure.keys import SecretTooShort
from torogoz.statistics.disclosure.private.ledger import BudgetSpent, LedgerBroken
from torogoz.statistics.measured_releases import RETURN_MEASURES
from torogoz.statistics.releases import NotSafe
from torogoz.statistics.residence.classify import NothingToClassify
from torogoz.topics.commitments.tasks import plan_readings
from torogoz.topics.returns.queries import arrival_cells, children_cells, person_rows
from torogoz.topics.violence.queries import crime_cells

MISTAKES = (
    UnclearCode,
    NotSafe,
    NoStandIns,
    BudgetSpent,
    LedgerBroken,
    SecretTooShort,
    EndsBeforeTheNewest,
    UnderEmbargo,
    ReleaseDamaged,
    SevereNoticesOpen,
    queries.NoSuchRelease,
    CrossingsUnreadable,
    NothingToClassify,
)


class Command(BaseCommand):
    help = "Make a release (2026-Q3, 2026-08 or 2026), or list, verify or compare those that there are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", help="the period that the release covers the end of")
        parser.add_argument("--note", default="", help="why this release is made, for its record")
        parser.add_argument("--approved-by", default="", help="who approved it, as its page will say")
        parser.add_argument(
            "--embargo",
            metavar="MOMENT",
            help="nobody outside reads it before this moment: 2026-12-01T09:00 (of El Salvador, unless it says)",
        )
        parser.add_argument("--lift", metavar="RELEASE", help="end the embargo of a release now")
        parser.add_argument("--provisional", action="store_true", help="release a period that is not over")
        parser.add_argument("--crossings", type=Path, metavar="FILE", help="border crossings, by keys of persons")
        parser.add_argument("--rule", default=DEFAULT_RULE.code, choices=list(RULES), help="the residence rule")
        parser.add_argument(
            "--policy",
            default=Policy.DROP_IMPUTE.value,
            choices=[each.value for each in Policy],
            help="what is done where a person crosses twice in the same direction",
        )
        parser.add_argument(
            "--revise",
            metavar="YEAR",
            action="append",
            default=[],
            help="compute a year anew that the release before held as final; may be given several times",
        )
        parser.add_argument("--list", action="store_true", help="list the releases")
        parser.add_argument("--verify", action="store_true", help="compute every checksum of every release anew")
        parser.add_argument("--notices", metavar="A", help="look at a release again under the rules of today")
        parser.add_argument(
            "--require-explained", action="store_true", help="refuse while a severe notice waits for an answer"
        )
        parser.add_argument("--diff", nargs=2, metavar=("A", "B"), help="what differs between two releases")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["diff"]:
                self._diff(*options["diff"])
            elif options["notices"]:
                self._look_again(options["notices"])
            elif options["verify"]:
                self._verify()
            elif options["lift"]:
                self._lift(options["lift"])
            elif options["list"] or not options["code"]:
                self._list()
            else:
                self._make(options)
        except MISTAKES as mistake:
            raise CommandError(str(mistake)) from mistake

    def _make(self, options: dict[str, Any]) -> None:
        code, now = options["code"], timezone.now()
        cut_off = coverage(code).cut_off(timezone.get_default_timezone())
        embargo = None if options["embargo"] is None else _moment(options["embargo"])
        if cut_off > now and not options["provisional"]:
            raise CommandError(
                f"{code} is not over until {cut_off:%Y-%m-%d}. To release what there is so far, marked as provisional, "
                "add --provisional"
            )
        before = queries.newest()
        with tqdm(desc="protecting tables", unit="block", disable=None, leave=False) as bar:
            made = make_release(
                code=code,
                cut_off=cut_off,
                frames=self._frames(options, min(cut_off, now)),
                persons={RETURN_MEASURES: person_rows(min(cut_off, now))},
                secret=settings.CELL_KEY_SECRET,
                by="",
                now=now,
                note=options["note"],
                approved_by=options["approved_by"],
                embargo_until=embargo,
                made_up=settings.DEMONSTRATION,
                vintages=_vintages_in_use(),
                also_odd=_late_files(now),
                require_explained=options["require_explained"],
                revise=_years(options["revise"]),
                progress=lambda done, of: _advance(bar, done, of),
            )
        self._say(made)
        if made.is_new:
            plan_readings(release=made.release.name, public_from=made.release.public_from, now=now)
        if made.is_new and before is not None:
            self.stdout.write(f"changes since {before}")
            for dataflow in (each.plan.dataflow for each in made.parts):
                self._say_changes(dataflow, made.release)

    def _say_changes(self, dataflow: str, release: Release) -> None:
        before = queries.release_before(release, dataflow)
        if before is None:
            self.stdout.write(f"  {dataflow}: released for the first time")
            return
        self.stdout.write(f"  {dataflow}, since {before}")
        for line in report.change_lines(queries.changes(before, release, dataflow)):
            self.stdout.write(f"  {line}")

    def _frames(self, options: dict[str, Any], until: datetime) -> dict[str, pl.DataFrame | Supply]:
        """What is released: what institutions recorded, and the border if a file of crossings was given."""
        frames: dict[str, pl.DataFrame | Supply] = {**_recorded(until)}
        if options["crossings"] is None:
            return frames
        zone = timezone.get_default_timezone()
        local = until.astimezone(zone)
        border = border_of(
            options["crossings"],
            rule_called(options["rule"]),
            Policy(options["policy"]),
            known_until=(local - timedelta(microseconds=1)).date(),
            today=timezone.localdate(),
            zone=zone,
        )
        self.stdout.write(f"crossings, rule {border.found.rule.code}, known until {border.found.cut_off}")
        for line in border.found.quality.lines():
            self.stdout.write(f"  {line}")
        if border.no_nowcast:
            self.stderr.write(f"MIGRATION has no estimates: {border.no_nowcast}")
        return frames | border.supplies

    def _say(self, made: Made) -> None:
        if not made.is_new:
            self.stdout.write(f"nothing has changed since release {made.release}; it stays as it is")
            for line in report.carried_lines(made.parts):
                self.stdout.write(line)
            return
        for line in report.manifest_lines(queries.manifest(made.release)):
            self.stdout.write(line)
        self._say_notices(made.release)
        self.stdout.write(f"released: {report.release_line(made.release)}")
        self.stdout.write(f"files in {queries.folder_of(made.release)}")

    def _look_again(self, name: str) -> None:
        release = queries.any_release_called(name)
        look_again(release=release, now=timezone.now())
        self._say_notices(release)

    def _say_notices(self, release: Release) -> None:
        found = queries.notices_in(release)
        self.stdout.write(f"notices: {len(found)}")
        for line in report.notice_lines(found):
            self.stdout.write(f"  {line}")

    def _lift(self, words: str) -> None:
        release = lift_embargo(release=queries.any_release_called(words), by="", now=timezone.now())
        plan_readings(release=release.name, public_from=release.public_from, now=timezone.now())
        self.stdout.write(f"public since {release.public_from:%Y-%m-%d %H:%M %Z}: {report.release_line(release)}")

    def _list(self) -> None:
        releases = list(queries.every_release())
        for release in releases:
            self.stdout.write(report.release_line(release))
        if not releases:
            self.stdout.write("no release yet; make one with `torogoz release 2026-Q3`")

    def _verify(self) -> None:
        releases = list(queries.every_release())
        said = [damage for release in releases for damage in queries.damages(release)]
        for damage in said:
            self.stderr.write(damage)
        if said:
            raise CommandError(f"{len(said)} things are wrong; restore the folders named above from a copy")
        self.stdout.write(f"{len(releases)} releases, every file as it was released")

    def _diff(self, one: str, other: str) -> None:
        before, after = queries.any_release_called(one), queries.any_release_called(other)
        self.stdout.write(f"from {before} to {after}")
        for line in report.change_lines(queries.changes(before, after)):
            self.stdout.write(line)


def _recorded(until: datetime) -> dict[str, pl.DataFrame]:
    """What a release is made from: the returns, and the victims of crime if institutions reported any."""
    crimes = crime_cells(made_up=settings.DEMONSTRATION)
    frames = {
        "RETURNS": arrival_cells(until, settings.CELL_KEY_SECRET),
        "RETURNED_CHILDREN": children_cells(until),
    }
    return frames if crimes is None else {**frames, "CRIME": crimes}


def _years(words: Sequence[str]) -> list[str]:
    """The years to revise. Raises CommandError."""
    for word in words:
        if not (len(word) == 4 and word.isdecimal()):
            raise CommandError(f"{word} is not a year; write --revise 2025. Nothing was made.")
    return list(words)


def _moment(words: str) -> datetime:
    """A moment as an operator writes it; without an offset, of El Salvador. Raises CommandError."""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as reason:
        raise CommandError(
            f"{words} is not a moment; write 2026-12-01T09:00 or 2026-12-01T15:00+00:00. Nothing was made."
        ) from reason
    return moment if moment.tzinfo else timezone.make_aware(moment)


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


def _late_files(now: datetime) -> list[Notice]:
    """The outside data sets in use whose next period should have come."""
    received: dict[str, str] = {}
    for dataflow in DATAFLOWS:
        for each in vintages_of(dataflow):
            received[each.dataset] = max(received.get(each.dataset, ""), each.period_last)
    return late(CALENDAR, received, timezone.localdate(now))


def _advance(bar: Any, done: int, of: int) -> None:
    bar.total = of
    bar.update(done - bar.n)
