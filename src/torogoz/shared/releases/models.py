"""Releases: dated, immutable, de-identified sets of files from which everything public is computed."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Officer
from torogoz.statistics.anomalies import Severity


class Release(models.Model):
    """One release. Its files lie in a folder of their own, each listed with its SHA-256 in the manifest."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, help_text="2026-Q3")
    revision = models.PositiveIntegerField(default=0)
    cut_off = models.DateTimeField(help_text="only what was recorded and happened before this moment is in it")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    approved_by = models.CharField(max_length=120, blank=True, help_text="who approved it, as its page says")
    note = models.TextField(blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True, help_text="nobody outside reads it before this moment")
    folder = models.CharField(max_length=64, help_text="below RELEASES")
    manifest_sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(
        max_length=64, default="", help_text="of rows and tables, whatever their order and keys"
    )
    rows = models.IntegerField()
    provisional = models.BooleanField(default=False, help_text="made before its period was over")
    made_up = models.BooleanField(default=False, help_text="computed from the demonstration country")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "revision"], name="one_release_per_code_and_revision")
        ]

    def __str__(self) -> str:
        return f"{self.code} r{self.revision}"

    @property
    def public_from(self) -> datetime:
        """When the public could first read it: when it was made, or at the end of its embargo."""
        return self.embargo_until or self.made_at

    @property
    def name(self) -> str:
        """How the release is called in an address and in the name of its folder."""
        return f"{self.code}-r{self.revision}"


class AnomalyNotice(models.Model):
    """Something odd in the figures of a release, found by one version of one rule. It names no person.

    It is found before the release is recorded, and belongs to every release in which the same figure stands.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, help_text="of the release in whose making it was first found")
    releases = models.ManyToManyField(Release, related_name="notices")
    rule = models.CharField(max_length=24)
    rule_version = models.CharField(max_length=8)
    dataflow = models.CharField(max_length=64, help_text="the data set that it is about")
    series = models.CharField(max_length=200, blank=True, help_text="dimensions not at their total, as SEX=F")
    period = models.CharField(max_length=10)
    value = models.FloatField(null=True, help_text="what was found: a published figure, a share, or days")
    expected = models.FloatField(null=True)
    score = models.FloatField(null=True)
    severity = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Severity])
    raised_at = models.DateTimeField()
    identity = models.CharField(max_length=64, unique=True, help_text="hash of what makes it the same notice")

    def __str__(self) -> str:
        return f"{self.rule} {self.dataflow} {self.series} {self.period}"


class Decisions(AppendOnly):
    """Decisions are added and read, never changed or taken away."""

    record = "the record of decisions on notices"
    instead = "add a decision; the last one holds"


class Ledger(AppendOnly):
    """Lines of the ledger of privacy are added and read, never changed or taken away."""

    record = "the ledger of privacy"
    instead = "what was drawn is spent"


class NoticeDecision(models.Model):
    """What a named officer said of a notice, and when. Decisions are added, never changed: the last one holds."""

    class Kind(models.TextChoices):
        """EXPLAINED: the figure is right, and this is why. ACCEPTED: the figure is doubtful, and is read with care."""

        EXPLAINED = "explained"
        ACCEPTED = "accepted"

    notice = models.ForeignKey(AnomalyNotice, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text_es = models.CharField(max_length=600)
    text_en = models.CharField(max_length=600, blank=True)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="notice_decisions")
    institution = models.CharField(max_length=16, help_text="for which the officer decided")
    decided_at = models.DateTimeField()

    objects = Decisions.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.notice_id}"


class PrivacySpending(models.Model):
    """A line of the ledger of privacy: what one table of one drawing cost. Lines are added, never changed: each
    carries the hash of the one before, and the manifest of its release says the same."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT)
    dataset = models.CharField(max_length=64)
    period = models.CharField(max_length=16, help_text="the year that was drawn; each has a budget of its own")
    code = models.CharField(max_length=16, help_text="the code of the release that drew it")
    table = models.CharField(max_length=200, help_text="the columns that it crosses")
    cells = models.PositiveIntegerField()
    sensitivity = models.PositiveIntegerField(help_text="the most rows of one person")
    noise = models.CharField(max_length=16, help_text="laplace or gaussian")
    epsilon = models.CharField(max_length=64, help_text="its share of the cost, as a fraction")
    delta = models.CharField(max_length=64, help_text="its share of the chance of failure, as a fraction")
    made_at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    objects = Ledger.as_manager()

    def __str__(self) -> str:
        return f"{self.dataset} {self.period} {self.table}"
