"""`torogoz submit`: take in a file of an institution, as its page does."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.domain.access import Basis, Decision
from torogoz.exchange.readers.unpacking import COMMAND
from torogoz.shared.submissions import queries
from torogoz.shared.submissions.actions import By, CorrectsAnother, submit
from torogoz.shared.submissions.schemas import NoSuchSchema, schema_of
from torogoz.statistics.rules.schema import SchemaUnclear


class Command(BaseCommand):
    help = "Take in a file of an institution under a schema assigned to it: good rows are kept, others set aside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--schema", required=True, help="the name of a shipped schema")
        parser.add_argument("--institution", required=True, metavar="CODE")
        parser.add_argument(
            "--corrects", metavar="KEY", default="", help="key of the earlier file that this one corrects"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        institution = queries.institution_called(options["institution"])
        if institution is None:
            raise CommandError(f"there is no institution {options['institution']!r}; `torogoz codelists` loads them")
        now = timezone.now()
        try:
            schema = schema_of(options["schema"], institution.code)
            corrects = queries.submission_called(options["corrects"]) if options["corrects"] else None
            handed = submit(
                path=options["file"],
                file_name=options["file"].name,
                schema=schema,
                institution=institution,
                by=By(None, Decision(True, Basis.DUTY, institution.code)),
                today=timezone.localdate(),
                now=now,
                corrects=corrects,
                limits=COMMAND,
            )
        except (NoSuchSchema, queries.NoSuchSubmission, CorrectsAnother, SchemaUnclear) as reason:
            raise CommandError(str(reason)) from reason
        except OSError as reason:
            raise CommandError(f"{reason.filename}: {reason.strerror}") from reason
        of = handed.submission
        if not handed.is_new:
            self.stdout.write(f"already handed in on {of.submitted_at:%Y-%m-%d}: nothing changed (key {of.key})")
            return
        self.stdout.write(
            f"{of.rows_read:,} rows read: {of.rows_new:,} accepted, {of.rows_already:,} accepted before, "
            f"{of.rows_conflicting:,} in conflict, {of.rows_set_aside:,} set aside; "
            f"{of.rows_closed:,} rows of earlier files replaced"
        )
        for each in queries.broken_rules(of):
            self.stdout.write(f"{each['severity']:<7} {each['lines']:>9,} × {each['rule']}: {each['message_en']}")
        self.stdout.write(f"key {of.key}")
        if not of.usable:
            raise CommandError("the file cannot be used as it is; no row was stored, and the reasons are given above")
