"""Who answers for a commitment: institutions, for a time, each on a ground; who took over from whom stays visible."""

import uuid
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments import follow_up_models, measure_history_models, report_models, review_models

FOLLOWED: Final = (
    follow_up_models.Measure,
    follow_up_models.Milestone,
    follow_up_models.BudgetLine,
    follow_up_models.IndicatorBinding,
    follow_up_models.Reading,
    report_models.Cycle,
    report_models.Duty,
    report_models.ProgressReport,
    report_models.Assessment,
    report_models.Reply,
)
"""The tables of the follow-up that public pages are made from."""
MeasureVersion: Final = measure_history_models.MeasureVersion
MeasureReturn: Final = measure_history_models.MeasureReturn
ReportRun: Final = review_models.ReportRun


class Responsibility(models.Model):
    """That an institution leads or supports a commitment, from one day until another.

    Who took over has a row of its own: the old one ends, keeps the old name, and says in which row it lives on.
    """

    class Role(models.TextChoices):
        LEAD = "lead"
        SUPPORT = "support"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="responsibilities")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="responsibilities")
    role = models.CharField(max_length=8, choices=Role.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="the first day on which it no longer holds")
    ground = models.CharField(max_length=600, help_text="the law, decree or agreement that says so")
    passed_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="passed_from", help_text="the row in which it lives on"
    )
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="a_responsibility_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["provision", "institution"],
                condition=Q(valid_until__isnull=True),
                name="an_institution_answers_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.institution} {self.role}"
