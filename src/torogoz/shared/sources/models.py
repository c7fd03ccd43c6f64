"""Outside data: who published what, when, under which licence, and what we stored of it."""

import uuid
from typing import ClassVar, Final

from django.db import models

# The label of an edition whose file states no date and to which nobody gave one.
UNDATED: Final = "undated"


class Vintage(models.Model):
    """One file of a publisher, as imported once. A later vintage stands beside it, never over it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    publisher = models.CharField(max_length=120)
    dataset = models.CharField(max_length=64, help_text="stable key of the publisher's data set")
    layout = models.CharField(max_length=64, help_text="the layout that was recognised by its header")
    dataflow = models.CharField(max_length=40)
    vintage = models.CharField(max_length=32, help_text="the publisher's own date or label of this edition")
    licence = models.CharField(max_length=120)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    rows_read = models.IntegerField()
    rows_stored = models.IntegerField()
    rows_set_aside = models.IntegerField()
    observations = models.CharField(max_length=255, help_text="Parquet file below VINTAGES")
    observations_sha256 = models.CharField(
        max_length=64, default="", help_text="of the Parquet file, checked when read"
    )
    coverage = models.JSONField(default=dict, help_text="the periods that it has, for each INDICATOR (or for '')")
    labels = models.JSONField(default=dict, help_text="the publisher's words for the codes made from them, by column")
    period_first = models.CharField(max_length=10, blank=True)
    period_last = models.CharField(max_length=10, blank=True)
    imported_at = models.DateTimeField()
    held_back = models.BooleanField(default=False, help_text="stored, but not used: the row-count guard objects")
    accepted_at = models.DateTimeField(null=True, blank=True, help_text="when it was accepted after being held back")
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sha256", "dataset", "dataflow"], name="a_file_is_imported_once_per_dataset_and_dataflow"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.vintage}"


class RowSetAside(models.Model):
    """A row that could not be stored, or not wholly, and why."""

    vintage = models.ForeignKey(Vintage, models.CASCADE, related_name="set_aside")
    row = models.IntegerField(help_text="line of the file, the header being line 1 (or the sheet's own row number)")
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"row {self.row}"
