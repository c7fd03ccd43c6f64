"""National reviews that were made: content and files as they were that day, kept for ever."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Instrument


class ReportRun(models.Model):
    """A national review of some years in one language, made from content that was frozen. Nothing of it is changed.

    It waits until somebody of the secretariat publishes it. Its files are given again as they were made, since another
    version of a library may write other bytes from the same content.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.ForeignKey(Instrument, models.PROTECT, related_name="+", help_text="the position under review")
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2, choices=[("es", "es"), ("en", "en")])
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="who publishes it")
    content = models.TextField(help_text="canonical JSON: what it was made from, in both languages")
    content_sha256 = models.CharField(max_length=64)
    docx = models.BinaryField()
    docx_sha256 = models.CharField(max_length=64)
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    made_up = models.BooleanField(default=False, help_text="holds something of the demonstration country")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="a_review_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(published_by__isnull=False),
                name="who_publishes_a_review_is_named",
            ),
        ]

    @property
    def file_name(self) -> str:
        """What its files are called, without their ending."""
        return f"review-{self.position.code}-{self.first_year}-{self.last_year}-{self.language}"

    @property
    def years(self) -> str:
        """Its period as it is written: one year once."""
        return f"{self.first_year}" if self.first_year == self.last_year else f"{self.first_year}–{self.last_year}"

    def __str__(self) -> str:
        return f"{self.position} {self.first_year}-{self.last_year} {self.language} {self.content_sha256[:12]}"
