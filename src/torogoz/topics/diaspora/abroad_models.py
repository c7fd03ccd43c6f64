"""Associations abroad with their sealed contact persons, mobile consulates, and how often a form was sent."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.domain import associations, mobile_consulates
from torogoz.shared.audit.models import AppendOnly
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.vault.words import SealedWords


class Steps(AppendOnly):
    """Rows that say what was done, by whom and when."""

    record = "what was done with a declaration"
    instead = "add the next step"


class Association(models.Model):
    """What an association declares of itself. It holds no person: those whom it names are sealed beside it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.UUIDField(null=True, unique=True, help_text="of the form it was sent in: one form, one declaration")
    code_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the code of the receipt")
    name = models.CharField(max_length=160)
    country = models.CharField(max_length=3, help_text="code of the list AREA")
    city = models.CharField(max_length=120)
    languages = models.JSONField(help_text="ISO 639-1 codes of those it works in")
    aims = models.TextField(help_text="in its own words")
    language = models.CharField(max_length=2, choices=[("es", "es"), ("en", "en")], help_text="of its own words")
    founded = models.PositiveSmallIntegerField(null=True, help_text="year; null: not said")
    channel = models.CharField(
        max_length=10, blank=True, choices=[(one.value, one.value) for one in associations.Channel]
    )
    contact = models.CharField(max_length=200, blank=True, help_text="published; what is private is sealed")
    state = models.CharField(
        max_length=10,
        default=associations.State.DECLARED.value,
        choices=[(one.value, one.value) for one in associations.State],
    )
    verified_until = models.DateField(null=True, help_text="the last day on which the verification counts")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="that received it")
    declared_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "country"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_until__isnull=False), name="a_verification_has_a_last_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(contact=""), name="what_is_withdrawn_has_no_contact"
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class AssociationStep(models.Model):
    """What was done with a declaration: by an officer, or with the code of the receipt."""

    association = models.ForeignKey(Association, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=[(one.value, one.value) for one in associations.Step])
    state = models.CharField(max_length=10, help_text="that it led to")
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", help_text="null: with the code")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = Steps.as_manager()

    def __str__(self) -> str:
        return f"{self.association} {self.step}"


class ContactPersons(SealedWords):
    """Whom to ask for in an association, and a contact that is not public: sealed under the key of who received it.

    There is no row when nobody was named, and none any more when the association had it deleted.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    association = models.OneToOneField(Association, models.PROTECT, related_name="persons")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", help_text="whose key seals it")
    sealed = models.BinaryField(help_text="names, private contact")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class MobileConsulate(models.Model):
    """A day on which a consulate works away from its seat. One that was called off or moved stays, and says why."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consulate = models.CharField(max_length=120)
    country = models.CharField(max_length=3, help_text="code of the list AREA")
    city = models.CharField(max_length=120)
    address = models.CharField(max_length=300)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=40, help_text="of the IANA database: by its clock the times are read")
    services = models.JSONField(help_text="codes of domain/mobile_consulates.py")
    bring_es = models.TextField()
    bring_en = models.TextField()
    state = models.CharField(
        max_length=10,
        default=mobile_consulates.State.PLANNED.value,
        choices=[(one.value, one.value) for one in mobile_consulates.State],
    )
    reason_es = models.CharField(max_length=400, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    moved_to = models.OneToOneField("self", models.PROTECT, null=True, related_name="moved_from")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["country", "begins_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="a_day_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state="planned") | (~Q(reason_es="") & ~Q(reason_en="")),
                name="a_day_that_is_off_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="moved", moved_to__isnull=False) | (~Q(state="moved") & Q(moved_to__isnull=True)),
                name="a_day_that_moved_says_where",
            ),
            # Two officers who read in the same file announce each day once.
            models.UniqueConstraint(
                fields=["consulate", "city", "begins_at"],
                condition=Q(state="planned"),
                name="a_day_is_announced_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consulate} {self.city}"


class Sent(models.Model):
    """How often a public form was sent from one connection within an hour, to slow down who floods. Old rows go.

    The address is kept as a keyed hash that changes each day, so that two days cannot be set side by side.
    """

    what = models.CharField(max_length=16)
    hour = models.CharField(max_length=13, help_text="2026-11-26T18")
    address = models.CharField(max_length=64)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["what", "hour", "address"], name="sent_is_counted")]

    def __str__(self) -> str:
        return f"{self.what} {self.hour}"
