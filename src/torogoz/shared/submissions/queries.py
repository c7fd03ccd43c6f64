"""What was handed in, as the officers of the same institution may read it; nobody else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import polars as pl
from django.db.models import Count, QuerySet

from torogoz.domain.access import Verb
from torogoz.shared.institutions.access import seats
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.submissions.models import Finding, RowState, Submission, SubmittedRow
from torogoz.shared.submissions.schemas import assigned_to
from torogoz.statistics.rules.checking import FINDINGS
from torogoz.statistics.rules.schema import TableSchema

OPEN = (RowState.SET_ASIDE, RowState.CONFLICT)
AT_ONCE = 5000


class NoSuchSubmission(LookupError):
    """No file has this key."""


@dataclass(frozen=True)
class Assignment:
    """A schema under which the officer may hand in a file, for one institution."""

    institution: str
    schema: TableSchema

    @property
    def key(self) -> str:
        """How a form writes it."""
        return f"{self.institution} {self.schema.name}"


def assignments(officer: Officer, now: datetime) -> list[Assignment]:
    """Every schema of every institution for which the officer hands in files."""
    return [Assignment(code, schema) for code in seats(officer, Verb.SUBMIT, now) for schema in assigned_to(code)]


def submissions_seen_by(officer: Officer, now: datetime) -> QuerySet[Submission]:
    """The files of the officer's own institutions, the newest first."""
    return (
        Submission.objects.filter(institution__code__in=seats(officer, Verb.SUBMIT, now))
        .select_related("institution", "submitted_by", "corrects")
        .order_by("-submitted_at", "-pk")
    )


def submission_seen_by(officer: Officer, key: UUID, now: datetime) -> Submission | None:
    """One file of the officer's own institutions; None for any other, as if it did not exist."""
    return submissions_seen_by(officer, now).filter(key=key).first()


def submission_called(key: str) -> Submission:
    """The file with this key, or its beginning; for commands. Raises NoSuchSubmission."""
    digits = key.replace("-", "").lower()
    found = [each for each in Submission.objects.order_by("pk") if each.key.hex.startswith(digits)] if digits else []
    if len(found) != 1:
        raise NoSuchSubmission(f"{'more than one file has' if found else 'no file has'} the key {key!r}")
    return found[0]


def every_submission() -> QuerySet[Submission]:
    """Every file of every institution, the newest first; for commands."""
    return Submission.objects.select_related("institution").order_by("-submitted_at", "-pk")


def institution_called(code: str) -> Institution | None:
    """The institution with this code."""
    return Institution.objects.filter(code=code).first()


def same_file(institution: Institution, schema: TableSchema, sha256: str) -> Submission | None:
    """The same file, handed in before under the same version of the schema."""
    return Submission.objects.filter(
        institution=institution, schema=schema.name, schema_version=schema.version, sha256=sha256
    ).first()


def accepted_rows(institution: Institution, schema: str, keys: Iterable[str]) -> dict[str, SubmittedRow]:
    """The accepted rows with these keys."""
    wanted = list(keys)
    found: dict[str, SubmittedRow] = {}
    for start in range(0, len(wanted), AT_ONCE):
        part = SubmittedRow.objects.filter(
            institution=institution, schema=schema, state=RowState.ACCEPTED, row_key__in=wanted[start : start + AT_ONCE]
        )
        found.update({each.row_key: each for each in part})
    return found


def open_rows(institution: Institution, schema: str) -> QuerySet[SubmittedRow]:
    """Rows set aside or in conflict that no later file has replaced."""
    return SubmittedRow.objects.filter(institution=institution, schema=schema, state__in=OPEN)


def open_in(submission: Submission) -> dict[str, int]:
    """How many rows of a file are still set aside, or in conflict."""
    counted = submission.rows.filter(state__in=OPEN).values_list("state").annotate(rows=Count("pk"))
    return dict(counted)


def still_open(submissions: Iterable[Submission]) -> Mapping[int, int]:
    """How many rows of each of these files are still open, by the file's primary key."""
    counted = (
        SubmittedRow.objects.filter(submission__in=list(submissions), state__in=OPEN)
        .values_list("submission_id")
        .annotate(rows=Count("pk"))
    )
    return dict(counted)


def broken_rules(submission: Submission) -> list[dict[str, object]]:
    """How many lines of the report each rule has, errors first, the most frequent first."""
    return list(
        submission.findings.values("rule", "column", "severity", "message_es", "message_en")
        .annotate(lines=Count("pk"))
        .order_by("severity", "-lines", "column", "rule")
    )


def findings(submission: Submission) -> QuerySet[Finding]:
    """The lines of the report, by row."""
    return submission.findings.order_by("row", "pk")


def report(submission: Submission) -> pl.DataFrame:
    """The whole report as a frame, columns of FINDINGS."""
    rows = list(findings(submission).values_list(*FINDINGS.names()))
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")


def accepted_values(institution: str, schema: str) -> pl.DataFrame:
    """Every accepted row of an institution under a schema, a text column per field; for figures, never for a page."""
    rows = SubmittedRow.objects.filter(institution__code=institution, schema=schema, state=RowState.ACCEPTED)
    return pl.DataFrame(list(rows.order_by("pk").values_list("values", flat=True)), infer_schema_length=None)
