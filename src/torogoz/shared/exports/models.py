"""An export that was made, or asked for: by whom, for what, of how many people. No password of an archive is stored."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from torogoz.domain.exports import State
from torogoz.shared.institutions.models import Institution, Officer


class Export(models.Model):
    """An archive that one officer may fetch for an hour. Which people are in it stands in the record of accesses."""

    class Purpose(models.TextChoices):
        CASE = "case"
        AUTHORITY = "authority"
        CONTROL = "control"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    reason = models.CharField(max_length=300)
    people = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    until = models.DateTimeField(help_text="the archive is fetched before, and removed after")

    def __str__(self) -> str:
        return str(self.key)

    @property
    def path(self) -> Path:
        """The archive, itself encrypted."""
        return Path(settings.EXPORTS) / f"{self.key.hex}.zip"


class ExportRequest(models.Model):
    """An archive of many people, which a second officer of the same institution approves before it is made."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", help_text="who asks, and alone makes it")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    since = models.DateField(help_text="first day of the encounters")
    until = models.DateField(help_text="last day of the encounters")
    purpose = models.CharField(max_length=12, choices=Export.Purpose.choices)
    reason = models.CharField(max_length=300)
    htcds = models.BooleanField(help_text="whether the same people are asked for in the fields of HTCDS too")
    people = models.PositiveIntegerField(help_text="how many it is of; one of more is not approved by it")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State])
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    made = models.OneToOneField(Export, models.PROTECT, null=True, related_name="request")

    def __str__(self) -> str:
        return str(self.key)
