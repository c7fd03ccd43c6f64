"""What is done about commitments, and what figures say: measures, milestones, money by year, series and readings."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain.commitments import Direction, MeasureState, MilestoneState
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Provision
from torogoz.shared.releases.models import Release
from torogoz.statistics.deliberation.progress import Measured, Method, Status

STATUSES = [(each.value, each.value) for each in Status]


class Measure(models.Model):
    """Something that institutions do to keep commitments: one leads, others support, for a time, in places.

    It is a draft of the institution that leads it until that offers it; then the secretariat may publish it or send
    it back, and once it is published each change is public at once.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_es = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    summary_es = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    lead = models.ForeignKey(Institution, models.PROTECT, related_name="measures_led")
    supporting = models.ManyToManyField(Institution, blank=True, related_name="measures_supported")
    commitments = models.ManyToManyField(Provision, related_name="measures")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    places = models.JSONField(default=list, help_text="codes of departments; empty for the whole country")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, help_text="when the institution offered it for publication")
    published_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_measure_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(published_by__isnull=False),
                name="who_publishes_a_measure_is_named",
            ),
        ]

    @property
    def state(self) -> MeasureState:
        """Where it stands between its institution and the public."""
        if self.published_at is not None:
            return MeasureState.PUBLISHED
        return MeasureState.DRAFT if self.offered_at is None else MeasureState.OFFERED

    def __str__(self) -> str:
        return self.name_es


class Milestone(models.Model):
    """A step of a measure: how much it weighs among the others, when it is due, whether it is reached, and the proof.

    Proof is an address or a text. No file is kept: files of this system belong to persons, and are sealed.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="milestones")
    name_es = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    weight = models.DecimalField(max_digits=6, decimal_places=2)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in MilestoneState])
    done_on = models.DateField(null=True, blank=True)
    evidence_text = models.CharField(max_length=600, blank=True)
    evidence_address = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_milestone_weighs_something"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False), name="a_milestone_is_reached_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name_es


class BudgetLine(models.Model):
    """Money of a measure for one year from one source. What is empty is not known; it is not zero."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="budget")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=160, help_text="whose money: the general budget, a donor")
    currency = models.CharField(max_length=3, default="USD", help_text="ISO 4217")
    planned = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    committed = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    executed = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "year", "source", "currency"], name="one_budget_line_of_a_year"),
            models.CheckConstraint(
                condition=(Q(planned__isnull=True) | Q(planned__gte=0))
                & (Q(committed__isnull=True) | Q(committed__gte=0))
                & (Q(executed__isnull=True) | Q(executed__gte=0)),
                name="money_is_not_less_than_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year} {self.source}"


class IndicatorBinding(models.Model):
    """That a commitment is measured by one series of the statistics engine, from a base, towards a target or none.

    It is not changed: it is ended, and another begins. So each reading keeps what it was compared with.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="bindings")
    dataflow = models.CharField(max_length=64, help_text="of the statistics engine: SV_11_RETURNS, RETURNS")
    series = models.JSONField(default=dict, help_text="code by dimension; a dimension left out stands at its total")
    measured = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Measured])
    direction = models.CharField(max_length=4, choices=[(one.value, one.value) for one in Direction])
    base = models.FloatField()
    base_year = models.PositiveSmallIntegerField()
    target = models.FloatField(null=True, blank=True, help_text="empty: no target set")
    target_year = models.PositiveSmallIntegerField(null=True, blank=True)
    ground = models.CharField(max_length=600, help_text="where base and target were set")
    bound_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    bound_at = models.DateTimeField()
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(target__isnull=True, target_year__isnull=True)
                | Q(target__isnull=False, target_year__gt=F("base_year")),
                name="a_target_is_after_its_base",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False), name="who_ends_a_binding_is_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.dataflow}"


class Readings(AppendOnly):
    """Readings are added and read: what was read of an edition stays."""

    record = "the readings of commitments"
    instead = "a later edition gives another reading"


class Reading(models.Model):
    """What a series said in one edition, and what that meant against its target: frozen."""

    binding = models.ForeignKey(IndicatorBinding, models.PROTECT, related_name="readings")
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, related_name="+", help_text="null: of data that a publisher gave"
    )
    edition = models.CharField(max_length=64, help_text="checksum of the editions that it was read from")
    vintage = models.CharField(max_length=300, help_text="the release, or the vintages, by name")
    public_since = models.DateTimeField(help_text="when the newest of them became public")
    period = models.CharField(max_length=10, blank=True, help_text="empty: the series has no figure")
    value = models.FloatField(null=True)
    provisional = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False, help_text="a figure of the newest period is protected")
    method = models.CharField(max_length=8, blank=True, choices=[(one.value, one.value) for one in Method])
    pace = models.FloatField(null=True)
    compound = models.FloatField(null=True)
    status = models.CharField(max_length=16, choices=STATUSES)
    read_at = models.DateTimeField()

    objects = Readings.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["binding", "edition"], name="one_reading_of_an_edition"),
            models.CheckConstraint(
                condition=Q(hidden=False) | Q(value__isnull=True), name="what_is_hidden_has_no_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.binding} {self.vintage} {self.status}"
