"""Consents and broken glass. What they open is a grant of the policy, written with them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.consents import Given, GivenBy, Purpose, Verdict
from torogoz.shared.institutions.models import Institution, Officer, PersonGrant
from torogoz.shared.people.models import Person


class Consent(models.Model):
    """That a person agreed to share these sections with this institution, for this purpose, until this moment.

    It is not changed: it is withdrawn, with effect at once, and another one is given.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    recipient = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Purpose])
    sections = models.JSONField(help_text="codes of the sections that are shared")
    given = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Given])
    given_by = models.CharField(max_length=10, choices=[(one.value, one.value) for one in GivenBy])
    assent = models.BooleanField(default=False, help_text="of a child whose guardian consents")
    language = models.CharField(max_length=40, help_text="in which it was explained")
    witness = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    grant = models.OneToOneField(PersonGrant, models.PROTECT, related_name="consent")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("recorded_at")), name="consent_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="consent_is_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class GlassBreak(models.Model):
    """That an officer opened a person without anybody's leave, for three hours, and said why."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField(db_index=True)
    verdict = models.CharField(max_length=12, blank=True, choices=[(one.value, one.value) for one in Verdict])
    verdict_note = models.CharField(max_length=500, blank=True)
    reviewed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    grant = models.OneToOneField(PersonGrant, models.PROTECT, related_name="glass")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (~Q(verdict="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
                name="glass_is_judged_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
