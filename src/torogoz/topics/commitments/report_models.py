"""Who owes a report until when, what was reported and by whom, and what somebody independent says of it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.commitments import Reminder, ReportState
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments.follow_up_models import STATUSES


class Cycle(models.Model):
    """A time of reporting: which period it is about."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=24, unique=True, help_text="2026, 2026-1")
    name_es = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    covers_from = models.DateField()
    covers_until = models.DateField(help_text="its last day")
    opened_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(covers_until__gte=F("covers_from")), name="a_cycle_covers_a_time")
        ]

    def __str__(self) -> str:
        return self.code


class Duty(models.Model):
    """That an institution reports on a commitment in a cycle, by a day. Once it was told of the day, the day stays."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="duties")
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="duties")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="duties")
    due_on = models.DateField()
    notified_at = models.DateTimeField(null=True, help_text="when the institution was told of the day")
    ended_at = models.DateTimeField(null=True, help_text="when it passed to a successor")
    passed_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="passed_from", help_text="the duty in which it lives on"
    )
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "provision", "institution"], name="one_duty_in_a_cycle"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(passed_to__isnull=False), name="a_duty_ends_in_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.provision} {self.institution}"


class Notices(AppendOnly):
    """What an institution was told stays told."""

    record = "the notices of duties"
    instead = "the next step gives the next notice"


class Notice(models.Model):
    """That an institution was told of a duty at a step. Each step once: the database refuses a second."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="notices")
    step = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Reminder])
    due_on = models.DateField(help_text="the day that it was told")
    given_at = models.DateTimeField()

    objects = Notices.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["duty", "step"], name="one_notice_of_a_step")]

    def __str__(self) -> str:
        return f"{self.duty} {self.step}"


class ProgressReport(models.Model):
    """What an institution says of a commitment: how it stands, with proof, in both languages. Its versions are events.

    One report of a duty is open at a time; a published one is corrected by the next.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in ReportState])
    status = models.CharField(max_length=16, blank=True, choices=STATUSES, help_text="the official one")
    narrative_es = models.TextField(blank=True)
    narrative_en = models.TextField(blank=True)
    evidence_text = models.CharField(max_length=1000, blank=True)
    evidence_address = models.CharField(max_length=300, blank=True)
    written_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", help_text="who wrote it last")
    written_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "number"], name="one_report_of_a_number"),
            models.UniqueConstraint(fields=["duty"], condition=~Q(state="published"), name="one_open_report_of_a_duty"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("submitted_by")) & ~Q(approved_by=F("written_by"))),
                name="who_approves_a_report_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_by__isnull=False, published_at__isnull=False, approved_by__isnull=False),
                name="a_published_report_was_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.number} {self.state}"


class Events(AppendOnly):
    """What happened to a report stays in its history."""

    record = "the history of reports"
    instead = "add the next event"


class ReportEvent(models.Model):
    """One step of a report: who, when, why, and what it said at that moment."""

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="events")
    step = models.CharField(max_length=12, help_text="write, submit, approve, take_back, publish, send_back")
    reason = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    said = models.JSONField(help_text="status, narrative_es, narrative_en, evidence_text, evidence_address")

    objects = Events.as_manager()

    def __str__(self) -> str:
        return f"{self.report} {self.step}"


class Assessment(models.Model):
    """What an independent body finds of a commitment, and why. Published, it is not changed: the next one follows."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="assessments")
    body = models.ForeignKey(Institution, models.PROTECT, related_name="assessments")
    status = models.CharField(max_length=16, choices=STATUSES)
    reasons_es = models.TextField(blank=True)
    reasons_en = models.TextField(blank=True)
    evidence_text = models.CharField(max_length=1000, blank=True)
    evidence_address = models.CharField(max_length=300, blank=True)
    written_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provision", "body"],
                condition=Q(published_at__isnull=True),
                name="one_draft_assessment_of_a_body",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(published_by__isnull=False),
                name="who_publishes_an_assessment_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.body} {self.status}"


class Replies(AppendOnly):
    """What an institution answered stays."""

    record = "the replies to assessments"
    instead = "add another reply"


class Reply(models.Model):
    """What an institution answers to an assessment. It stands beside it and changes nothing of it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="replies")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    text_es = models.TextField()
    text_en = models.TextField(blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Replies.as_manager()

    def __str__(self) -> str:
        return f"{self.assessment} {self.institution}"
