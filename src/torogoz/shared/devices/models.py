"""A device that fills in forms without a connection."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.shared.institutions.models import Institution, Officer


class Device(models.Model):
    """A telephone or tablet that acts as one officer, for one institution, until a day. Of its token a hash is kept."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="devices")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, unique=True, help_text="what it is called when it signs in")
    hashed = models.CharField(max_length=64, help_text="keyed hash of the token")
    name = models.CharField(max_length=60, help_text="what its officer calls it")
    registered_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("registered_at")), name="device_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="device_is_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.code
