"""Estimates of violence as published, in versions that are never changed, and which of them is recommended by whom."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.shared.institutions.models import Institution, Officer


class Estimate(models.Model):
    """One version of one estimate. A correction is the next version of the same `series`; none is ever changed."""

    class Mark(models.TextChoices):
        VERIFIED = "verified"
        UNVERIFIED = "unverified"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.UUIDField(default=uuid.uuid4, help_text="the same for all versions of an estimate")
    version = models.PositiveIntegerField(default=1)
    token = models.UUIDField(null=True, unique=True, help_text="of the form it was typed in: one form, one estimate")
    concept = models.CharField(max_length=40, help_text="code of the list VIOLENCE_CONCEPT")
    area = models.CharField(max_length=16, help_text="code of a place, or SLV")
    period = models.CharField(max_length=15, help_text="2015, 2015-03 or 2006/2016")
    low = models.FloatField(null=True, blank=True)
    best = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    method = models.TextField()
    source = models.CharField(max_length=400)
    published_on = models.DateField()
    mark = models.CharField(max_length=12, choices=Mark.choices, default=Mark.UNVERIFIED)
    where = models.CharField(max_length=400, blank=True, help_text="where it can be read: page, address")
    change = models.CharField(max_length=600, blank=True, help_text="why this version replaces the one before")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "version"], name="one_version_of_an_estimate_once"),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="an_estimate_is_low_before_high",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["concept", "area", "period"])]

    def __str__(self) -> str:
        return f"{self.concept} {self.area} {self.period}"


class Recommendation(models.Model):
    """That somebody chose one estimate among those about the same, and why. The newest holds; all are kept."""

    estimate = models.ForeignKey(Estimate, models.PROTECT, related_name="recommendations")
    reason = models.TextField()
    chosen_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"recommended: {self.estimate}"
