"""The record of accesses: rows are added, never changed; each carries the hash of the one before it."""

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.db import models


class RecordIsAppendOnly(Exception):
    """Something tried to change or take away a row of a record that is only added to. Nothing was changed."""


class AppendOnly(models.QuerySet[Any, Any]):
    """Rows that are added and read. Of the record of accesses the database refuses the rest too (append_only.py); this
    says it sooner. Other records say in `record` what they are, and in `instead` how a mistake is put right."""

    record = "the record of accesses"
    instead = "add an event that says what changed"

    def update(self, **kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly(f"{self.record} is never updated; {self.instead}")

    def delete(self) -> NoReturn:
        raise RecordIsAppendOnly(f"nothing is taken away from {self.record}")

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        raise RecordIsAppendOnly(f"{self.record} is never updated; {self.instead}")


class AccessEvent(models.Model):
    """One thing that somebody saw, did or tried, and the ground it stood on.

    Codes and keys are stored as text, not as foreign keys: the record outlives what it speaks of.
    """

    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    officer = models.CharField(max_length=64, help_text="username, or empty for a command")
    institution = models.CharField(max_length=16)
    verb = models.CharField(max_length=16)
    what = models.CharField(max_length=32, help_text="kind of thing: person, arrival, section, release …")
    subjects = models.JSONField(help_text="keys of what was shown, changed or tried")
    sections = models.JSONField(help_text="codes of the sections disclosed")
    allowed = models.BooleanField()
    basis = models.CharField(max_length=16, blank=True)
    purpose = models.CharField(
        max_length=16, blank=True, help_text="for which the officer worked; empty when undeclared"
    )
    channel = models.CharField(max_length=16, help_text="page, list, search, export, command")
    path = models.CharField(max_length=300, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    seal = models.PositiveSmallIntegerField(
        help_text="what the hash seals: 1 without the purpose, which was not asked; 2"
    )
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        # Each way to ask for the newest events reads them off one of these from its end, and none of them is sorted.
        indexes: ClassVar = [
            models.Index(fields=["officer", "at"]),
            models.Index(fields=["institution", "at"]),
            models.Index(fields=["verb", "at"]),
            models.Index(fields=["basis", "at"]),
            models.Index(fields=["purpose", "at"]),
            models.Index(fields=["at"], name="audit_refused", condition=models.Q(allowed=False)),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.what}"


class AccessSubject(models.Model):
    """One subject of one event, so that the record can be searched by person."""

    event = models.ForeignKey(AccessEvent, models.PROTECT, related_name="index")
    subject = models.CharField(max_length=36, db_index=True)

    objects = AppendOnly.as_manager()

    def __str__(self) -> str:
        return self.subject
