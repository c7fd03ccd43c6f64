"""`torogoz review`: make the national review of some years, and publish it if asked so."""

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from torogoz.domain.refusals import Refused
from torogoz.shared.institutions.queries import officer_named
from torogoz.shared.provisions.actions import NotAllowed
from torogoz.topics.commitments.review_actions import LANGUAGES, make_review, publish_review
from torogoz.topics.commitments.review_models import ReportRun


class Command(BaseCommand):
    help = (
        "Freeze what is public about the commitments and make the national review from it (DOCX, PDF and its content), "
        "in the name of an officer of the secretariat. It waits to be published, unless --publish is given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", required=True, help="first and last year: 2022-2026")
        parser.add_argument("--position", default="", help="code of the adopted position; the newest, if not given")
        parser.add_argument("--language", choices=LANGUAGES, action="append", help="both, if not given")
        parser.add_argument("--by", required=True, help="username of the officer of the secretariat")
        parser.add_argument(
            "--site", default="", help="the address of this site, for the foot: https://torogoz.example"
        )
        parser.add_argument("--publish", action="store_true", help="publish it at once, without looking at it")
        parser.add_argument("--into", type=Path, help="a directory into which the files are copied")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say why not; nothing is half done."""
        officer, years = officer_named(options["by"]), re.fullmatch(r"(\d{4})-(\d{4})", options["period"])
        if officer is None:
            raise CommandError(f"there is no officer {options['by']}; nothing was made")
        if years is None:
            raise CommandError("write the period as two years: --period 2022-2026; nothing was made")
        site, now = options["site"].rstrip("/"), timezone.now()
        try:
            with transaction.atomic():
                runs = make_review(
                    by=officer,
                    first=int(years[1]),
                    last=int(years[2]),
                    position=options["position"],
                    languages=options["language"] or LANGUAGES,
                    address=lambda key: site + reverse("commitments:review", args=[key]),
                    now=now,
                    channel="command",
                )
                if options["publish"]:
                    runs = [publish_review(by=officer, run=run, expected=run.version, now=now) for run in runs]
        except Refused as why:
            raise CommandError(f"{why}; nothing was made") from why
        except NotAllowed as why:
            raise CommandError(f"{officer.username} may not make reviews: {why}; nothing was made") from why
        for run in runs:
            self._say(run, options["into"])

    def _say(self, run: ReportRun, into: Path | None) -> None:
        """Print where a review is and what its hashes are; copy its files, if asked so."""
        state = "published" if run.published_at else "waits to be published"
        self.stdout.write(f"{run.language}: {reverse('commitments:review', args=[run.key])}, {state}")
        name = run.file_name
        files = {"json": run.content.encode(), "docx": bytes(run.docx), "pdf": bytes(run.pdf)}
        hashes = {"json": run.content_sha256, "docx": run.docx_sha256, "pdf": run.pdf_sha256}
        for ending, content in files.items():
            self.stdout.write(f"{hashes[ending]}  {name}.{ending}")
            if into is not None:
                try:
                    into.mkdir(parents=True, exist_ok=True)
                    (into / f"{name}.{ending}").write_bytes(content)
                except OSError as why:
                    raise CommandError(
                        f"{into} cannot be written: {why.strerror}; the review itself was stored"
                    ) from why
