"""Calls for practices, and pledges: who promises what, by when, with whom, and how far it is."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain import pledges as words
from torogoz.domain.matching import Ratio, ratio
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Provision


class Kept(AppendOnly):
    """What was said of a pledge, a practice or its repetition."""

    record = "what was said of practices and pledges"
    instead = "add what is true now, with its day"


class Call(models.Model):
    """That the secretariat asks for practices about some objectives, from one moment until another."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title_es = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text_es = models.TextField()
    text_en = models.TextField()
    objectives = models.ManyToManyField(Provision, related_name="+", help_text="objectives of the Compact")
    criteria_version = models.PositiveSmallIntegerField(help_text="by which what comes in is reviewed")
    opens_on = models.DateField()
    open_until = models.DateField(help_text="the last day on which practices are received")
    convener = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    created_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(open_until__gte=F("opens_on")), name="a_call_closes_after_it_opens")
        ]

    def __str__(self) -> str:
        return self.title_es


class Pledge(models.Model):
    """What an institution promises: measured, with a day. How far it is stands in its updates, the newest holds."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="pledges")
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in words.Kind])
    type = models.CharField(max_length=10, choices=[(one.value, one.value) for one in words.Type])
    title_es = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    text_es = models.TextField()
    text_en = models.TextField(blank=True)
    measure_es = models.CharField(max_length=300, help_text="what is measured")
    measure_en = models.CharField(max_length=300, blank=True)
    target = models.DecimalField(max_digits=18, decimal_places=2, help_text="how much of it, in `unit`")
    unit = models.CharField(max_length=60, help_text="persons, USD, offices")
    due_on = models.DateField()
    matches = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="matched_by", help_text="of a matching pledge"
    )
    call = models.ForeignKey(
        Call, models.PROTECT, null=True, blank=True, related_name="pledges", help_text="that it answers"
    )
    gives = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, help_text="of the ratio of a matching pledge; null: not said"
    )
    for_each = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, help_text="for each so much of the other, in the unit of the other"
    )
    cap = models.DecimalField(max_digits=18, decimal_places=2, null=True, help_text="in `unit`; null: no cap")
    organisations = models.JSONField(default=list, help_text="names of partners that are not institutions")
    objectives = models.ManyToManyField(Provision, related_name="+", help_text="objectives of the Compact")
    withdrawn_at = models.DateTimeField(null=True)
    why_withdrawn = models.CharField(max_length=600, blank=True)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    token = models.UUIDField(null=True, unique=True, help_text="of the form: one form, one pledge")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="matching", matches__isnull=False) | (~Q(kind="matching") & Q(matches__isnull=True)),
                name="a_matching_pledge_points_to_another",
            ),
            models.CheckConstraint(condition=~Q(matches=F("pk")), name="no_pledge_matches_itself"),
            models.CheckConstraint(
                condition=Q(kind="matching", gives__gt=0, for_each__gt=0)
                | Q(gives__isnull=True, for_each__isnull=True, cap__isnull=True),
                name="a_matching_pledge_has_a_whole_ratio",
            ),
        ]

    def __str__(self) -> str:
        return self.title_es

    @property
    def ratio(self) -> Ratio | None:
        """Of a matching pledge to the one that it matches; None where none was said."""
        return ratio(self.gives, self.for_each, self.cap)


class PledgePartner(models.Model):
    """An institution named in a joint pledge. Until one of its own officers confirms, the page says that it has not."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="partners")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pledge", "institution"], name="a_partner_is_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.pledge} {self.institution}"


class PledgeUpdate(models.Model):
    """How far a pledge was on a day, as its institution says."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="updates")
    stage = models.CharField(max_length=12, choices=[(one.value, one.value) for one in words.Stage])
    on = models.DateField(help_text="the day of which it speaks")
    reached = models.DecimalField(max_digits=18, decimal_places=2, null=True, help_text="empty: not said")
    text_es = models.TextField()
    text_en = models.TextField(blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Kept.as_manager()

    def __str__(self) -> str:
        return f"{self.pledge} {self.stage}"
