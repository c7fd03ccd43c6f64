"""What was found when the record of accesses was looked at."""

import uuid
from typing import ClassVar

from django.db import models

from torogoz.domain.oversight import AlertState, Kind
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Officer


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


class OfficerDay(models.Model):
    """What one officer did on one day (of El Salvador) for one institution, counted from the record.

    It is derived, can be made again from the record, and says of people only how many.
    """

    officer = models.CharField(max_length=64)
    institution = models.CharField(max_length=16)
    role = models.CharField(max_length=20, blank=True, help_text="of the posting that day; empty if there was none")
    day = models.DateField()
    opened = models.PositiveIntegerField(help_text="people seen or printed one by one, each once")
    own = models.PositiveIntegerField(help_text="of those, met before at an office of the officer")
    elsewhere = models.PositiveIntegerField(help_text="of those, met before, and only at other offices")
    night = models.PositiveIntegerField(help_text="people opened between 22:00 and 5:00")
    listed = models.PositiveIntegerField(help_text="people shown in lists and searches, each once")
    exported = models.PositiveIntegerField(help_text="people taken out in exports, each once")
    refused = models.PositiveIntegerField(help_text="attempts that the policy denied")
    glass = models.PositiveIntegerField(help_text="times that glass was broken")
    bases = models.JSONField(help_text="events that opened people one by one, by ground")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "institution", "officer"], name="one_row_for_an_officers_day")
        ]
        indexes: ClassVar = [models.Index(fields=["officer", "day"])]

    def __str__(self) -> str:
        return f"{self.officer} {self.day}"


class Alert(models.Model):
    """Something unusual that data protection is asked to look into. Its state is that of its last step."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind])
    day = models.DateField()
    officer = models.CharField(max_length=64, blank=True, help_text="username; empty if it is about one person's file")
    institution = models.CharField(max_length=16, blank=True)
    person = models.CharField(max_length=36, blank=True, help_text="key of the person whose file many opened")
    measured = models.PositiveIntegerField()
    limit = models.FloatField(help_text="above how many it is unusual")
    own = models.FloatField(null=True, help_text="what is usual for this officer; empty if not known")
    peers = models.FloatField(null=True, help_text="what is usual for peers; empty if not known")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in AlertState])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "day", "officer", "institution", "person"], name="one_alert_of_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class AlertOfficer(models.Model):
    """An officer whom an alert is about: who never sees it."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="officers")
    officer = models.CharField(max_length=64, db_index=True)

    def __str__(self) -> str:
        return self.officer


class AlertStep(models.Model):
    """What data protection found about an alert, and why."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in AlertState])
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AppendOnly.as_manager()

    def __str__(self) -> str:
        return self.state
