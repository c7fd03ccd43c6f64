"""The sheets that were issued. What stands on them is not kept here: only what tells a sheet from a forged one."""

import uuid

from django.db import models

from torogoz.domain.printed import Sheet
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.people.models import Person


class Paper(models.Model):
    """A sheet that was printed: of whom, by whom, when and where."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sheet = models.CharField(max_length=8, choices=[(sheet.value, sheet.value) for sheet in Sheet])
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="papers", help_text="null for a sheet that is of nobody"
    )
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    code = models.CharField(max_length=16, unique=True, help_text="as printed, in groups of four")
    digest = models.CharField(max_length=20, help_text="of what was to be printed")
    of = models.UUIDField(null=True, help_text="key of the consent or hand-over that it tells, so that its end is told")

    def __str__(self) -> str:
        return f"{self.sheet} {self.code}"
