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
