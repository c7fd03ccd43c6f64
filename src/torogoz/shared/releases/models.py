"""Releases: dated, immutable, de-identified sets of files from which everything public is computed."""

import uuid
from typing import ClassVar

from django.db import models


class Release(models.Model):
    """One release. Its files lie in a folder of their own, each listed with its SHA-256 in the manifest."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, help_text="2026-Q3")
    revision = models.PositiveIntegerField(default=0)
    cut_off = models.DateTimeField(help_text="only what was recorded and happened before this moment is in it")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    folder = models.CharField(max_length=64, help_text="below RELEASES")
    manifest_sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(
        max_length=64, default="", help_text="of rows and tables, whatever their order and keys"
    )
    rows = models.IntegerField()
    provisional = models.BooleanField(default=False, help_text="made before its period was over")
    made_up = models.BooleanField(default=False, help_text="computed from the demonstration country")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "revision"], name="one_release_per_code_and_revision")
        ]

    def __str__(self) -> str:
        return f"{self.code} r{self.revision}"

    @property
    def name(self) -> str:
        """How the release is called in an address and in the name of its folder."""
        return f"{self.code}-r{self.revision}"


class PrivacySpending(models.Model):
    """A line of the ledger of privacy: what one table of one drawing cost. Lines are added, never changed: each
    carries the hash of the one before, and the manifest of its release says the same."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT)
    dataset = models.CharField(max_length=64)
    period = models.CharField(max_length=16, help_text="the year that was drawn; each has a budget of its own")
    code = models.CharField(max_length=16, help_text="the code of the release that drew it")
    table = models.CharField(max_length=200, help_text="the columns that it crosses")
    cells = models.PositiveIntegerField()
    sensitivity = models.PositiveIntegerField(help_text="the most rows of one person")
    noise = models.CharField(max_length=16, help_text="laplace or gaussian")
    epsilon = models.CharField(max_length=64, help_text="its share of the cost, as a fraction")
    delta = models.CharField(max_length=64, help_text="its share of the chance of failure, as a fraction")
    made_at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.dataset} {self.period} {self.table}"
