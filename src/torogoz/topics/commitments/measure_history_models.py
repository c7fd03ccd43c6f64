"""What was public of a measure, version by version: rows are added, none is changed."""

from typing import ClassVar

from django.db import models

from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.topics.commitments.follow_up_models import Measure


class Versions(AppendOnly):
    """What measures said once they were public."""

    record = "what was public of a measure"
    instead = "correct the measure, which adds a version"


class MeasureVersion(models.Model):
    """A measure with its milestones and its money as the public read it from a moment on, by whom, and why."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="what it said: words, days, milestones, money")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="for which they wrote")
    at = models.DateTimeField()
    why = models.CharField(max_length=600, blank=True, help_text="why it was corrected; empty when it was published")
    as_found = models.BooleanField(
        default=False, help_text="how it stood when versions began to be kept: what was there before is not known"
    )

    objects = Versions.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "number"], name="one_version_of_a_measure_by_number")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.number}"


class Returns(AppendOnly):
    """Why measures went back to their institution."""

    record = "why measures went back"
    instead = "offer the measure again, and send it back again"


class MeasureReturn(models.Model):
    """That the secretariat sent an offered measure back to the institution that leads it, and why."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="returns")
    reason = models.CharField(max_length=600, help_text="what the institution is to correct")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="for which they wrote")
    at = models.DateTimeField()

    objects = Returns.as_manager()

    def __str__(self) -> str:
        return f"{self.measure} {self.at:%Y-%m-%d}"
