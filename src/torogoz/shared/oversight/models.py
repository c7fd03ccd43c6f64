"""What was found when the record of accesses was looked at."""

from typing import ClassVar

from django.db import models

from torogoz.shared.audit.models import AppendOnly


class ChainCheck(models.Model):
    """One check of the whole chain: how far it reached, and what was wrong."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(db_index=True)
    events = models.BigIntegerField(help_text="how many were checked; the last has this number if the chain is whole")
    head = models.CharField(max_length=64, help_text="hash of the last event that was checked")
    anchors = models.PositiveIntegerField(help_text="signed heads that were compared with the chain")
    faults = models.JSONField(help_text="what is wrong, in words; empty if the chain is whole")

    objects = AppendOnly.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(finished_at__gte=models.F("started_at")), name="check_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.events} events, {len(self.faults)} faults"

    @property
    def whole(self) -> bool:
        """Whether nothing was altered, removed or put in."""
        return not self.faults
