"""Runs: each wrote what changed in one dataflow when an edition or a release came in."""

from typing import ClassVar

from django.db import models


class Run(models.Model):
    """One run: from what it was computed, by which program, and the file of the lines that it added to the log."""

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of dataflow, moment, inputs and run before")
    dataflow = models.CharField(max_length=40)
    valid_from = models.DateTimeField(help_text="when the public could first read what it says")
    inputs = models.JSONField(default=list, help_text="the editions or the release in use: name and SHA-256")
    software = models.CharField(max_length=64)
    code_sha256 = models.CharField(max_length=64, help_text="of the modules that made the lines")
    opened = models.IntegerField(help_text="lines that say something new")
    closed = models.IntegerField(help_text="lines that end what is no longer said")
    file = models.CharField(max_length=255, help_text="Parquet file below VAR/observations")
    file_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataflow", "valid_from"], name="one_run_per_dataflow_and_moment")
        ]

    def __str__(self) -> str:
        return f"{self.dataflow} {self.valid_from:%Y-%m-%d %H:%M}"
