"""One person once: names, documents, encounters with institutions, and each institution's own section."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from torogoz.shared.institutions.models import Institution, Office, Officer


class Person(models.Model):
    """A human being, as first recorded. Names, documents and encounters hang on it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sex = models.CharField(max_length=2, help_text="code of the list SEX: F, M, _O, _U")
    birth = models.CharField(max_length=10, blank=True, help_text="2001, 2001-05 or 2001-05-17; empty when unknown")
    birth_min = models.DateField(null=True, blank=True)
    birth_max = models.DateField(null=True, blank=True)
    nationality = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3, or _U when unknown")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    made_up = models.BooleanField(default=False, help_text="belongs to the demonstration country")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_min__isnull=True, birth_max__isnull=True) | Q(birth_max__gte=F("birth_min")),
                name="birth_bounds_in_order",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


class Name(models.Model):
    """A name that a person bears: the name on the papers, or one by which the person is known."""

    class Kind(models.TextChoices):
        MAIN = "main"
        ALIAS = "alias"

    person = models.ForeignKey(Person, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MAIN)
    given1 = models.CharField(max_length=60, blank=True)
    given2 = models.CharField(max_length=60, blank=True)
    surname1 = models.CharField(max_length=60, blank=True)
    surname2 = models.CharField(max_length=60, blank=True)
    married = models.CharField(max_length=60, blank=True)
    alias = models.CharField(max_length=120, blank=True, help_text="conocido por")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(kind="main"), name="one_main_name")
        ]

    def __str__(self) -> str:
        return f"name {self.pk}"


class Identifier(models.Model):
    """A document of a person: what kind, who issued it, its number as read and as compared."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=20, help_text="code of the list DOCUMENT")
    issuer = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3")
    number = models.CharField(max_length=40)
    folded = models.CharField(max_length=40, db_index=True, help_text="letters and digits only, in capitals")

    def __str__(self) -> str:
        return f"identifier {self.pk}"


class Encounter(models.Model):
    """A person meets an institution at an office: the header of the single form."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="encounters")
    office = models.ForeignKey(Office, models.PROTECT, related_name="encounters")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, help_text="return, or another kind of encounter")
    occurred_at = models.DateTimeField(db_index=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["office", "occurred_at"])]

    def __str__(self) -> str:
        return str(self.key)


class Section(models.Model):
    """What one institution wrote of one encounter, under one version of its form."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="sections")
    code = models.CharField(max_length=20, help_text="code of a section in domain/sections.py")
    form_version = models.PositiveIntegerField()
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    answers = models.JSONField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["encounter", "code"], name="one_section_of_a_kind_per_encounter")
        ]

    def __str__(self) -> str:
        return str(self.key)
