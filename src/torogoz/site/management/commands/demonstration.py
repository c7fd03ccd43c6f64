"""`torogoz demonstration`: make the demonstration country where it is not made yet, then serve it."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.exchange.writers.whole_files import whole_files
from torogoz.shared.releases import queries as releases
from torogoz.site.demonstration.abroad import load_abroad
from torogoz.site.demonstration.commitments import load_commitments
from torogoz.site.demonstration.consulting import load_consultation
from torogoz.site.demonstration.crossings import made_up_crossings
from torogoz.site.demonstration.families import load_families
from torogoz.site.demonstration.following import load_following
from torogoz.site.demonstration.loading import load_country, write_crimes
from torogoz.site.demonstration.offices import OFFICERS, PASSWORD, STATISTICIAN
from torogoz.site.demonstration.practices import load_practices
from torogoz.site.demonstration.register import SECRETARIAT, load_register, tables_in
from torogoz.site.demonstration.rights import load_rights
from torogoz.site.demonstration.seat_votes import load_seat_votes
from torogoz.site.demonstration.starting import CannotStart, data_folder, one_at_a_time, refuse_taken_port
from torogoz.site.demonstration.voting import load_open_votes, load_votes

FIRST_RELEASES = 3  # so that the revision triangle has something to compare
HOW_TO_GET_DATA = """\
No folder of real data was found, so only the figures that come with Torogoz stand beside the made-up ones.
To add real data: download files of the publishers listed in docs/how-to/import-real-data.md into a folder and run
  script/demo --data FOLDER"""


class Command(BaseCommand):
    help = "Make the demonstration country (made-up people) where it is missing, and serve it on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default 8000)")
        parser.add_argument("--data", type=Path, help="folder with files of real publishers")
        parser.add_argument("--only-make", action="store_true", help="make everything, serve nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "This is not a demonstration: nothing was made. Use script/demo, or set TOROGOZ_DEMONSTRATION=1."
            )
        try:
            folder = data_folder(options["data"], settings.DATA, Path.cwd().parent / "shared" / "data")
            if not options["only_make"]:
                refuse_taken_port(options["port"])
            with one_at_a_time(settings.VAR):
                self.make(folder)
        except CannotStart as reason:
            raise CommandError(str(reason)) from reason
        if options["only_make"]:
            return
        self.introduce(options["port"])
        serve(options["port"])

    def make(self, folder: Path | None) -> None:
        """Every step finds what an earlier run made and leaves it as it is."""
        self.say("Database and code lists")
        call_command("messages", verbosity=0, stdout=self.stderr)
        call_command("migrate", verbosity=0)
        call_command("codelists", stdout=self.stderr)
        self.say("What was agreed: the national position of 2017, the adopted Compact, targets and treaty articles")
        call_command("provisions", "load", stdout=self.stderr)
        self.say("The demonstration country: made-up people")
        arrived = load_country(now=timezone.now())
        self.say(f"  {arrived} arrivals were added" if arrived else "  nothing to add")
        plans = load_following(now=timezone.now())
        self.say(f"  {plans} made-up reintegration plans were added" if plans else "  no plan to add")
        families = load_families(now=timezone.now())
        self.say(f"  {families} made-up families of children were added" if families else "  no family to add")
        asked = load_rights(now=timezone.now())
        self.say(f"  {asked} made-up requests about own data were added" if asked else "  no request to add")
        self.say("The consultation of 2017, and a made-up one in the middle of its work")
        call_command("first_consultation", stdout=self.stderr)
        self.say("  made" if load_consultation(now=timezone.now()) else "  nothing to add")
        self.say("  votes of made-up people abroad" if load_votes(now=timezone.now()) else "  no votes to add")
        made = load_open_votes(now=timezone.now())
        self.say("  an open vote to try, with made-up statements" if made else "  no open vote to add")
        self.say("  votes of made-up seats" if load_seat_votes(now=timezone.now()) else "  no votes of seats to add")
        answering = load_register(now=timezone.now())
        self.say(
            f"  {answering} made-up responsibilities for commitments" if answering else "  no responsibility to add"
        )
        self.say("Made-up associations abroad, mobile consulates, projects, a round of funds")
        self.say("  made" if load_abroad(now=timezone.now()) else "  nothing to add")
        self.say("Made-up practices with their reviews, calls and pledges, and positions of made-up countries")
        self.say("  made" if load_practices(now=timezone.now()) else "  nothing to add")
        self.say("Published figures that come with Torogoz")
        call_command("headlines", stdout=self.stderr)
        self.say("Made-up files of crimes, and estimates of violence as they were published")
        call_command("import", str(write_crimes(settings.VAR / "made-up")), stdout=self.stderr)
        call_command("estimates", by=STATISTICIAN, stdout=self.stderr)
        if folder is None:
            self.say(HOW_TO_GET_DATA)
        else:
            self.bring_in(folder)
        if releases.newest() is None:
            self.say("A made-up border: crossings of made-up people")
            crossings = settings.VAR / "made_up_crossings.csv"
            write_border(crossings, until=timezone.localtime())
            for code in last_quarters(timezone.localtime(), FIRST_RELEASES):
                self.say(f"Release: {code}")
                call_command("release", code, crossings=crossings, stdout=self.stderr)
        self.say("The follow-up of commitments: made-up measures, reports and assessments")
        reports = load_commitments(now=timezone.now())
        self.say(f"  {reports} made-up reports were added" if reports else "  nothing to add")
        self.say("The record of accesses: signed and checked, as the worker does every night")
        call_command("audit", "anchor", stdout=self.stderr, stderr=self.stderr)
        call_command("audit", "verify", stdout=self.stderr)
        call_command("collectstatic", interactive=False, verbosity=0)

    def bring_in(self, folder: Path) -> None:
        """Import the files of `folder`, unless it is as it was when they were last imported."""
        seen = settings.VAR / "data.seen"
        now = state_of(folder)
        if seen.exists() and seen.read_text(encoding="utf-8") == now:
            self.say(f"Real data in {folder}: imported before, unchanged")
            return
        self.say(f"Real data in {folder}")
        call_command("import", str(folder), stdout=self.stderr)
        for what, path in tables_in(folder):
            try:
                call_command("provisions", what, str(path), "--by", SECRETARIAT, stdout=self.stderr)
            except CommandError as reason:  # one table that cannot be kept does not stop the country
                self.say(f"  {reason}")
        self.say("Flows estimated from the imported migrant stock")
        try:
            call_command("estimate_flows", "--from-source", "MIGRANT_STOCK", "--store", stdout=self.stderr)
        except CommandError as reason:  # the folder may hold no stock by country of birth
            self.say(f"  {reason}")
        seen.write_text(now, encoding="utf-8")

    def introduce(self, port: int) -> None:
        """Where it is, and who may sign in."""
        self.stdout.write(f"\nTorogoz, demonstration country (made-up people): http://127.0.0.1:{port}/\n")
        self.stdout.write(f"Officers, each with the password {PASSWORD}\n")
        for officer in OFFICERS:
            self.stdout.write(
                f"  {officer.username:<18} {officer.institution:<9} {officer.role:<16} {officer.full_name}"
            )
        self.stdout.write("\nCtrl-C stops it.")
        self.stdout.flush()

    def say(self, text: str) -> None:
        self.stderr.write(text)
        self.stderr.flush()


def last_quarters(now: datetime, count: int) -> list[str]:
    """The codes of the last quarters that are over, the oldest first."""
    over = now.year * 4 + (now.month - 1) // 3
    return [f"{quarter // 4}-Q{quarter % 4 + 1}" for quarter in range(over - count, over)]


def write_border(path: Path, *, until: datetime) -> None:
    """Write the made-up crossings until a moment, whole or not at all."""
    with whole_files() as files:
        made_up_crossings(until=until).write_csv(files.aside(path))


def state_of(folder: Path) -> str:
    """The names, sizes and times of the files of a folder, one per line."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)


def serve(port: int) -> None:
    """Become the web server, so that Ctrl-C reaches it and nothing is left behind."""
    server = [sys.executable, "-m", "gunicorn", "-c", "python:torogoz.site.serving"]
    server += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "warning"]
    os.execv(sys.executable, server)
