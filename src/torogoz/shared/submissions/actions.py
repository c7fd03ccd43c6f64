"""Handing in a file, handing in its correction, and deciding on rows that were accepted before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from django.db import IntegrityError, transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.exchange.readers.unpacking import UPLOAD, Limits
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.submissions import queries
from torogoz.shared.submissions.models import Finding, RowState, Submission, SubmittedRow
from torogoz.shared.submissions.preparing import KeyedRow, Prepared, conflict, prepare
from torogoz.statistics.rules.checking import FINDINGS
from torogoz.statistics.rules.schema import TableSchema

BATCH = 1000


@dataclass(frozen=True)
class By:
    """Who acts, on what ground, by which way; `officer` None is a command."""

    officer: Officer | None
    decision: Decision
    request_id: str = ""
    path: str = ""

    @property
    def channel(self) -> str:
        """The way, as the record of accesses names it."""
        return "command" if self.officer is None else "page"


@dataclass(frozen=True)
class Handed:
    """A file handed in, and whether it is new: the same file again changes nothing."""

    submission: Submission
    is_new: bool


class CorrectsAnother(Exception):
    """A correction of a file of another institution or schema. Nothing was stored."""


def submit(
    *,
    path: Path,
    file_name: str,
    schema: TableSchema,
    institution: Institution,
    by: By,
    today: date,
    now: datetime,
    corrects: Submission | None = None,
    limits: Limits = UPLOAD,
) -> Handed:
    """Take in a file: its good rows, its rows set aside, its report. All of it, or nothing.

    A row whose key was accepted before is left as it was: the same again is only counted, another is a conflict and
    waits for a decision. Rows set aside by earlier files are replaced by the rows with their keys, and with `corrects`
    those of that file whose key could not be read; everything else stays open.

    raises   SchemaUnclear; OSError if the file cannot be opened; CorrectsAnother
    """
    if corrects is not None and (corrects.institution_id, corrects.schema) != (institution.pk, schema.name):
        raise CorrectsAnother(f"{corrects} is of another institution or schema; nothing was stored")
    prepared = prepare(path, schema, today, institution.code, limits)
    before = queries.same_file(institution, schema, prepared.sha256)
    if before is not None:
        return Handed(before, False)
    try:
        return Handed(_store(prepared, file_name, schema, institution, by, now, corrects), True)
    except IntegrityError:  # the same file, or a row of the same key, came in while this one was read
        before = queries.same_file(institution, schema, prepared.sha256)
        if before is not None:
            return Handed(before, False)
        return Handed(_store(prepared, file_name, schema, institution, by, now, corrects), True)


@transaction.atomic
def adopt_conflicts(*, submission: Submission, by: By, now: datetime) -> int:
    """Let the new version of every row in conflict of a file take the place of the accepted one; how many."""
    waiting = list(submission.rows.select_for_update().filter(state=RowState.CONFLICT))
    accepted = queries.accepted_rows(submission.institution, submission.schema, [each.row_key for each in waiting])
    SubmittedRow.objects.filter(pk__in=[each.pk for each in accepted.values()]).update(
        state=RowState.REPLACED, replaced_by=submission
    )
    changed = SubmittedRow.objects.filter(pk__in=[each.pk for each in waiting]).update(state=RowState.ACCEPTED)
    _audit(submission, Verb.EDIT, by, now)
    return changed


def record_export(*, submission: Submission, now: datetime) -> None:
    """Put on the record that a command wrote the accepted rows of the institution and schema of a file."""
    _audit(submission, Verb.EXPORT, By(None, Decision(True, Basis.DUTY, submission.institution.code)), now)


@transaction.atomic
def _store(
    prepared: Prepared,
    file_name: str,
    schema: TableSchema,
    institution: Institution,
    by: By,
    now: datetime,
    corrects: Submission | None,
) -> Submission:
    accepted = queries.accepted_rows(institution, schema.name, [row.key for row in prepared.good])
    new = [row for row in prepared.good if row.key not in accepted]
    other = [row for row in prepared.good if row.key in accepted and accepted[row.key].values != row.cells]
    lines = [conflict(row, accepted[row.key].values, schema) for row in other]
    submission = Submission.objects.create(
        institution=institution,
        schema=schema.name,
        schema_version=schema.version,
        submitted_by=by.officer,
        submitted_at=now,
        file_name=file_name[-255:],
        sha256=prepared.sha256,
        bytes=prepared.bytes,
        usable=prepared.usable,
        rows_read=prepared.rows,
        rows_new=len(new),
        rows_already=len(prepared.good) - len(new) - len(other),
        rows_conflicting=len(other),
        rows_set_aside=len(prepared.set_aside),
        rows_closed=0,
        corrects=corrects,
    )
    submission.rows_closed = _close(submission, prepared, corrects)
    submission.save(update_fields=["rows_closed"])
    for state, rows in (
        (RowState.ACCEPTED, new),
        (RowState.CONFLICT, other),
        (RowState.SET_ASIDE, prepared.set_aside),
    ):
        _keep(submission, state, rows)
    _keep_report(submission, pl.concat([prepared.findings, *lines]).sort("row", maintain_order=True))
    _audit(submission, Verb.CREATE, by, now)
    return submission


def _close(submission: Submission, prepared: Prepared, corrects: Submission | None) -> int:
    """Replace the open rows of earlier files that this one has again; how many. A refused file replaces none."""
    if not prepared.usable:
        return 0
    keys = {row.key for row in (*prepared.good, *prepared.set_aside) if row.key}
    closing = [
        pk
        for pk, key, of in queries.open_rows(submission.institution, submission.schema).values_list(
            "pk", "row_key", "submission_id"
        )
        if key in keys or (not key and corrects is not None and of == corrects.pk)
    ]
    for start in range(0, len(closing), BATCH):
        SubmittedRow.objects.filter(pk__in=closing[start : start + BATCH]).update(
            state=RowState.REPLACED, replaced_by=submission
        )
    return len(closing)


def _keep(submission: Submission, state: RowState, rows: Sequence[KeyedRow]) -> None:
    SubmittedRow.objects.bulk_create(
        (
            SubmittedRow(
                submission=submission,
                institution=submission.institution,
                schema=submission.schema,
                row=row.row,
                row_key=row.key,
                state=state,
                values=row.cells,
            )
            for row in rows
        ),
        batch_size=BATCH,
    )


def _keep_report(submission: Submission, findings: pl.DataFrame) -> None:
    Finding.objects.bulk_create(
        (
            Finding(
                submission=submission,
                row=row,
                column=column[:200],
                rule=rule[:64],
                value=value[:400],
                severity=severity,
                message_es=es[:600],
                message_en=en[:600],
            )
            for row, column, rule, value, severity, es, en in findings.select(FINDINGS.names()).iter_rows()
        ),
        batch_size=BATCH,
    )


def _audit(submission: Submission, verb: Verb, by: By, now: datetime) -> None:
    record(
        officer=by.officer.username if by.officer else "",
        institution=submission.institution.code,
        verb=verb,
        what="submission",
        subjects=[str(submission.key)],
        decision=by.decision,
        channel=by.channel,
        now=now,
        path=by.path,
        request_id=by.request_id,
    )
