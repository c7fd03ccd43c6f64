"""What institutions handed in: each file once, its rows as accepted, set aside, in conflict or replaced, its report."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from torogoz.shared.institutions.models import Institution, Officer


class RowState(models.TextChoices):
    """What became of a row. Nothing is deleted: what a later file replaced stays, with the file that replaced it."""

    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"
    CONFLICT = "conflict"
    REPLACED = "replaced"


class Submission(models.Model):
    """One file of one institution, under one version of one schema."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="submissions")
    schema = models.CharField(max_length=64)
    schema_version = models.CharField(max_length=16)
    submitted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="submissions")
    submitted_at = models.DateTimeField()
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    usable = models.BooleanField(help_text="whether its rows could be read at all")
    rows_read = models.IntegerField()
    rows_new = models.IntegerField(help_text="accepted, and not known before")
    rows_already = models.IntegerField(help_text="accepted before, and the same")
    rows_conflicting = models.IntegerField(help_text="accepted before, and now written otherwise: not overwritten")
    rows_set_aside = models.IntegerField()
    rows_closed = models.IntegerField(help_text="rows of earlier files, set aside or in conflict, that it replaced")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution", "schema", "schema_version", "sha256"], name="a_file_is_submitted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.schema} {self.sha256[:12]}"


class SubmittedRow(models.Model):
    """One row of a file. An accepted row is the only accepted one of its key, institution and schema."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="rows")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="submitted_rows")
    schema = models.CharField(max_length=64)
    row = models.IntegerField(help_text="line of the file, the header being line 1 (or the sheet's own row number)")
    row_key = models.CharField(
        max_length=64, blank=True, help_text="hash of the primary key; empty if it is unreadable"
    )
    state = models.CharField(max_length=10, choices=RowState.choices)
    values = models.JSONField(help_text="the cells that are not missing, by field; accepted ones as values")
    replaced_by = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="replaced_rows")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution", "schema", "row_key"],
                condition=Q(state=RowState.ACCEPTED),
                name="one_accepted_row_per_key",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["institution", "schema", "state"])]

    def __str__(self) -> str:
        return f"row {self.row} {self.state}"


class Finding(models.Model):
    """One line of the report of a file: a broken rule. Values of identifying columns are not in it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="findings")
    row = models.IntegerField(help_text="0 is the file itself")
    column = models.CharField(max_length=200, blank=True)
    rule = models.CharField(max_length=64)
    value = models.CharField(max_length=400, blank=True)
    severity = models.CharField(max_length=8)
    message_es = models.CharField(max_length=600)
    message_en = models.CharField(max_length=600)

    def __str__(self) -> str:
        return f"row {self.row} {self.rule}"
