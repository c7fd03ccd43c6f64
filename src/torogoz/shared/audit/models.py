"""The record of accesses: rows are added, never changed; each carries the hash of the one before it."""

from typing import ClassVar

from django.db import models


class AccessEvent(models.Model):
    """One thing that somebody saw, did or tried, and the ground it stood on.

    Codes and keys are stored as text, not as foreign keys: the record outlives what it speaks of.
    """

    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    officer = models.CharField(max_length=64, db_index=True, help_text="username, or empty for a command")
    institution = models.CharField(max_length=16, db_index=True)
    verb = models.CharField(max_length=16)
    what = models.CharField(max_length=32, help_text="kind of thing: person, arrival, section, release …")
    subjects = models.JSONField(help_text="keys of what was shown, changed or tried")
    sections = models.JSONField(help_text="codes of the sections disclosed")
    allowed = models.BooleanField()
    basis = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=16, help_text="page, list, search, export, command")
    path = models.CharField(max_length=300, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["officer", "at"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.what}"


class AccessSubject(models.Model):
    """One subject of one event, so that the record can be searched by person."""

    event = models.ForeignKey(AccessEvent, models.PROTECT, related_name="index")
    subject = models.CharField(max_length=36, db_index=True)

    def __str__(self) -> str:
        return self.subject
