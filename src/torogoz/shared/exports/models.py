"""An export that was made: by whom, for what, of how many people. The password of its archive is nowhere."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

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
