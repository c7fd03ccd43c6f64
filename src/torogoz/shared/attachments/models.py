"""A file attached to a section of an encounter: where it belongs, what it is, and its key, sealed."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models

from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.models import Encounter
from torogoz.shared.vault.columns import SealedColumn


class Attachment(models.Model):
    """A file. Its bytes lie sealed in the folder `attachments`; whoever has the folder alone has nothing.

    The name is sealed as well: what people call a file says what it shows.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="attachments")
    code = models.CharField(max_length=20, help_text="code of the section")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    secret = models.BinaryField(help_text="the key of the file")
    name = models.BinaryField(help_text="as the officer's device called it")
    media = models.CharField(max_length=20, help_text="media type, by what is in the file")
    size = models.PositiveIntegerField(help_text="bytes, before sealing")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    SEALED: ClassVar = (SealedColumn("secret"), SealedColumn("name"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["encounter", "code"])]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def path(self) -> Path:
        """The sealed file."""
        return Path(settings.ATTACHMENTS) / self.key.hex[:2] / self.key.hex

    def about(self, field: str) -> str:
        """What a sealed column of this row is bound to; `path` stands for the file."""
        return SealedColumn(field).about(Attachment, self.key)
